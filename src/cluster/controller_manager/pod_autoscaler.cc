// HorizontalPodAutoscalers: they keep their target within its limits. Without metrics they say that
// they cannot know more; where there are some, they find the target as it should be.
//
// Source: pkg/controller/podautoscaler/{horizontal,replica_calculator}.go of Kubernetes 1.36. An
// autoscaler is evaluated every 15 seconds from its creation on; evaluations before which nothing
// has changed are skipped, as they would find the same.

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "cluster/api/object/json_access.h"
#include "cluster/api/rules/selector.h"
#include "cluster/controller_manager/conditions.h"
#include "cluster/controller_manager/controllers.h"
#include "cluster/controller_manager/scale.h"
#include "cluster/surroundings/surroundings.h"

namespace wavetank::cluster {

using api::at;
using api::has;
using api::list;
using api::number;
using api::text;
using model::ObjectKey;
using nlohmann::json;

namespace {

constexpr std::string_view kGroup = "autoscaling";
constexpr std::string_view kKind = "HorizontalPodAutoscaler";
constexpr base::Duration kPeriod = std::chrono::seconds(15);
// Where version 1 has the conditions.
constexpr const char* kConditionsV1 = "autoscaling.alpha.kubernetes.io/conditions";
constexpr const char* kAbleToScale = "AbleToScale";
constexpr const char* kScalingActive = "ScalingActive";

ObjectKey target_of(const ObjectKey& key, const json& autoscaler) {
  const json& reference = at(autoscaler, "/spec/scaleTargetRef");
  return {.group = std::string(model::group_of(text(reference, "/apiVersion"))),
          .kind = text(reference, "/kind"),
          .name_space = key.name_space,
          .name = text(reference, "/name")};
}

// "app=web,tier in (a,b)", as Kubernetes prints selectors.
std::string printed_selector(const json& selector) {
  if (selector.is_string()) return selector.get<std::string>();
  std::vector<std::string> parts;
  const json& labels = at(selector, "/matchLabels");
  if (labels.is_object()) {
    for (const auto& [name, value] : labels.items()) {
      parts.push_back(
          fmt::format("{}={}", name, value.is_string() ? value.get<std::string>() : ""));
    }
  }
  for (const json& each : list(selector, "/matchExpressions")) {
    const std::string key = text(each, "/key");
    const std::string operation = text(each, "/operator");
    std::vector<std::string> values;
    for (const json& value : list(each, "/values")) values.push_back(value.get<std::string>());
    std::sort(values.begin(), values.end());
    if (operation == "Exists") {
      parts.push_back(key);
    } else if (operation == "DoesNotExist") {
      parts.push_back("!" + key);
    } else {
      parts.push_back(fmt::format("{} {} ({})", key, operation == "In" ? "in" : "notin",
                                  fmt::join(values, ",")));
    }
  }
  std::sort(parts.begin(), parts.end());
  return fmt::format("{}", fmt::join(parts, ","));
}

// A selector of metrics as Go prints the struct.
std::string printed_struct(const json& selector) {
  if (!selector.is_object()) return "nil";
  std::string result = "&LabelSelector{MatchLabels:map[string]string{";
  const json& labels = at(selector, "/matchLabels");
  if (labels.is_object()) {
    for (const auto& [name, value] : labels.items()) {
      result += fmt::format("{}: {},", name, value.is_string() ? value.get<std::string>() : "");
    }
  }
  result += "},MatchExpressions:[]LabelSelectorRequirement{";
  for (const json& each : list(selector, "/matchExpressions")) {
    std::vector<std::string> values;
    for (const json& value : list(each, "/values")) values.push_back(value.get<std::string>());
    result += fmt::format("LabelSelectorRequirement{{Key:{},Operator:{},Values:[{}],}},",
                          text(each, "/key"), text(each, "/operator"), fmt::join(values, " "));
  }
  return result + "},}";
}

struct Failure {
  std::string reason;
  std::string message;
};

// Why a metric cannot be had where none of the three metrics APIs is registered.
Failure failure_of(const json& metric, const std::string& name_space) {
  constexpr const char* kNoCustom =
      "unable to fetch metrics from custom metrics API: no custom metrics API "
      "(custom.metrics.k8s.io) registered";
  const std::string type = text(metric, "/type");
  if (type == "Resource" || type == "ContainerResource") {
    const json& source = at(metric, type == "Resource" ? "/resource" : "/containerResource");
    const std::string resource = text(source, "/name");
    const char* what = has(source, "/target/averageValue") ? "usage" : "utilization";
    return {fmt::format("FailedGet{}Metric", type),
            fmt::format("failed to get {} {}: unable to get metrics for resource {}: unable to "
                        "fetch metrics from resource metrics API: the server could not find the "
                        "requested resource (get pods.metrics.k8s.io)",
                        resource, what, resource)};
  }
  if (type == "Pods") {
    return {"FailedGetPodsMetric", fmt::format("unable to get metric {}: {}",
                                               text(metric, "/pods/metric/name"), kNoCustom)};
  }
  if (type == "Object") {
    const json& object = at(metric, "/object/describedObject");
    // The text has its parts in the wrong order in Kubernetes, too.
    return {
        "FailedGetObjectMetric",
        fmt::format("unable to get metric {}: {} on {} {}/{}", text(metric, "/object/metric/name"),
                    text(object, "/kind"), name_space, text(object, "/name"), kNoCustom)};
  }
  if (type == "External") {
    const std::string name = text(metric, "/external/metric/name");
    return {"FailedGetExternalMetric",
            fmt::format("unable to get external metric {}/{}/{}: unable to fetch metrics from "
                        "external metrics API: the server could not find the requested resource "
                        "(get {}.external.metrics.k8s.io)",
                        name_space, name, printed_struct(at(metric, "/external/metric/selector")),
                        name)};
  }
  return {"InvalidMetricSourceType", fmt::format("unknown metric source type \"{}\"", type)};
}

// One evaluation of an autoscaler.
class Evaluation {
 public:
  Evaluation(Context& context, const ObjectKey& key)
      : context_(context),
        key_(key),
        autoscaler_(*context.find(key)),
        target_(target_of(key, autoscaler_)),
        is_v1_(text(autoscaler_, "/apiVersion") == "autoscaling/v1") {
    conditions_ = at(autoscaler_, "/status/conditions");
    if (is_v1_) {
      conditions_ = json::parse(api::annotation(autoscaler_, kConditionsV1), nullptr, false);
    }
    if (!conditions_.is_array()) conditions_ = json::array();
  }

  void run();

 private:
  void set(const char* type, bool holds, std::string reason, std::string message) {
    replace_condition(conditions_,
                      {.type = type,
                       .status = holds ? "True" : "False",
                       .reason = std::move(reason),
                       .message = std::move(message)},
                      context_.time());
  }
  void rescale(const Scale& scale, std::int64_t wanted);
  void read_metrics(const Scale& scale);
  [[nodiscard]] std::vector<std::string> rivals(const Scale& scale) const;
  [[nodiscard]] json metrics() const;
  // A bare control plane has none; a whole cluster has them, unless the scenario takes them away,
  // and they are always on target.
  [[nodiscard]] bool has_metrics() const {
    const Surroundings* world = context_.surroundings();
    return world != nullptr && world->behavior_of(key_).outcome != Outcome::Fail;
  }
  void write(const std::function<void(json& status)>& change);

  Context& context_;
  const ObjectKey& key_;
  const json autoscaler_;
  const ObjectKey target_;
  const bool is_v1_;
  json conditions_;
};

void Evaluation::run() {
  const Surroundings* world = context_.surroundings();
  if (world != nullptr && world->behavior_of(key_).outcome == Outcome::Hang) return;
  const Scale scale = scale_of(context_, target_);
  if (!scale.error.empty()) {
    set(kAbleToScale, false, "FailedGetScale",
        "the HPA controller was unable to get the target's current scale: " + scale.error);
    write(nullptr);
    return;
  }
  set(kAbleToScale, true, "SucceededGetScale",
      "the HPA controller was able to get the target's current scale");
  const std::int64_t least = number(autoscaler_, "/spec/minReplicas", 1);
  const std::int64_t most = number(autoscaler_, "/spec/maxReplicas");
  if (scale.replicas == 0 && least != 0) {
    set(kScalingActive, false, "ScalingDisabled",
        "scaling is disabled since the replica count of the target is zero");
    write([](json& status) {
      status["currentReplicas"] = 0;
      status["desiredReplicas"] = 0;
    });
  } else if (scale.replicas > most) {
    rescale(scale, most);
  } else if (scale.replicas < least) {
    rescale(scale, least);
  } else {
    read_metrics(scale);
  }
}

void Evaluation::rescale(const Scale& scale, std::int64_t wanted) {
  const api::Reply reply = set_scale(context_, target_, wanted);
  if (!reply.ok()) {
    set(kAbleToScale, false, "FailedUpdateScale",
        "the HPA controller was unable to update the target scale: " + reply.error->message);
    write([&](json& status) { status["currentReplicas"] = scale.replicas; });
    return;
  }
  set(kAbleToScale, true, "SucceededRescale",
      fmt::format("the HPA controller was able to update the target scale to {}", wanted));
  write([&](json& status) {
    status["currentReplicas"] = scale.replicas;
    status["desiredReplicas"] = wanted;
    status["lastScaleTime"] = context_.time();
  });
}

// Version 1 knows the share of the CPU only; without any metric that is 80 %.
json Evaluation::metrics() const {
  const json& metrics = list(autoscaler_, "/spec/metrics");
  if (!metrics.empty()) return metrics;
  const std::int64_t share = number(autoscaler_, "/spec/targetCPUUtilizationPercentage", 80);
  return json::array({{{"type", "Resource"},
                       {"resource",
                        {{"name", "cpu"},
                         {"target", {{"type", "Utilization"}, {"averageUtilization", share}}}}}}});
}

// The autoscalers, this one among them, that have scaled pods of this target before.
std::vector<std::string> Evaluation::rivals(const Scale& scale) const {
  std::vector<std::string> found;
  if (scale.selector.is_string()) return found;
  for (const ObjectKey& other : context_.all_of(kGroup, kKind, key_.name_space)) {
    const Entry* entry = context_.store().find(other);
    if (other != key_ && context_.now() < entry->object.created + kPeriod) continue;
    const Scale theirs = scale_of(context_, target_of(other, entry->object.content));
    if (!theirs.selector.is_object()) continue;
    const auto pods = context_.all_of("", "Pod", key_.name_space);
    const bool share_pods = std::any_of(pods.begin(), pods.end(), [&](const ObjectKey& pod) {
      const json& labels = at(*context_.find(pod), "/metadata/labels");
      return api::selector_matches(scale.selector, labels) &&
             api::selector_matches(theirs.selector, labels);
    });
    if (share_pods) found.push_back(other.name_space + "/" + other.name);
  }
  return found;
}

void Evaluation::read_metrics(const Scale& scale) {
  const auto note_replicas = [&](json& status) {
    status["currentReplicas"] = scale.replicas;
    if (!is_v1_) status["currentMetrics"] = json();
  };
  if (scale.selector.is_null()) {
    set(kScalingActive, false, "InvalidSelector", "the HPA target's scale is missing a selector");
    write(note_replicas);
    return;
  }
  const std::vector<std::string> others = rivals(scale);
  if (others.size() > 1) {
    set(kScalingActive, false, "AmbiguousSelector",
        fmt::format("pods by selector {} are controlled by multiple HPAs: [{}]",
                    printed_selector(scale.selector), fmt::join(others, " ")));
    write(note_replicas);
    return;
  }
  if (has_metrics()) {
    set(kAbleToScale, true, "ReadyForNewScale", "recommended size matches current size");
    set(kScalingActive, true, "ValidMetricFound",
        "the HPA was able to successfully calculate a replica count from its metrics");
    set("ScalingLimited", false, "DesiredWithinRange",
        "the desired count is within the acceptable range");
    write([&](json& status) {
      note_replicas(status);
      status["desiredReplicas"] = scale.replicas;
    });
    return;
  }
  // None can be read; the first one gives the reason.
  const json wanted = metrics();
  const Failure failure = failure_of(wanted[0], key_.name_space);
  set(kScalingActive, false, failure.reason,
      "the HPA was unable to compute the replica count: " + failure.message);
  write([&](json& status) {
    note_replicas(status);
    if (is_v1_) return;
    status["currentMetrics"] = json::array();
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      status["currentMetrics"].push_back({{"type", ""}});
    }
  });
}

void Evaluation::write(const std::function<void(json& status)>& change) {
  if (is_v1_) {
    context_.edit(key_, [&](json& object) {
      object["metadata"]["annotations"][kConditionsV1] = conditions_.dump();
    });
  }
  context_.edit_status(key_, [&](json& object) {
    json& status = object["status"];
    if (!is_v1_) status["conditions"] = conditions_;
    if (change) change(status);
  });
}

SyncResult sync(Context& context, const ObjectKey& key) {
  const json* found = context.find(key);
  if (found == nullptr) return SyncResult::Done;
  Evaluation(context, key).run();
  return SyncResult::Done;
}

void wake_at_next_period(Context& context, const ObjectKey& key) {
  const Entry* entry = context.store().find(key);
  if (entry == nullptr) return;
  const base::Duration age = context.now() - entry->object.created;
  context.wake(key, kPeriod - age % kPeriod);
}

void notice(Context& context, const Notice& notice) {
  const ObjectKey& key = notice.key;
  if (key.group == kGroup && key.kind == kKind) {
    if (!notice.is_removed) wake_at_next_period(context, key);
    return;
  }
  if (key.name_space.empty()) return;
  const bool is_pod = key.group.empty() && key.kind == "Pod";
  for (const ObjectKey& each : context.all_of(kGroup, kKind, key.name_space)) {
    const ObjectKey target = target_of(each, *context.find(each));
    if (target == key || (is_pod && (notice.is_new || notice.is_removed))) {
      wake_at_next_period(context, each);
    }
  }
}

}  // namespace

const Controller kPodAutoscaler{"horizontal-pod-autoscaler-controller", notice, sync};

}  // namespace wavetank::cluster
