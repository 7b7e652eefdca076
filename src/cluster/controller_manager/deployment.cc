// Deployments: a ReplicaSet per template, scaled against each other.
//
// Source: pkg/controller/deployment/{deployment_controller,sync,rolling,recreate,progress}.go and
// util/deployment_util.go of Kubernetes 1.36.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "cluster/api/object/json_access.h"
#include "cluster/controller_manager/conditions.h"
#include "cluster/controller_manager/controllers.h"
#include "cluster/controller_manager/owned_pods.h"
#include "cluster/controller_manager/shares.h"

namespace wavetank::cluster {

using api::at;
using api::flag;
using api::has;
using api::list;
using api::number;
using api::text;
using model::ObjectKey;
using nlohmann::json;

namespace {

constexpr OwnerKind kDeployment{"apps", "Deployment"};
constexpr OwnerKind kReplicaSet{"apps", "ReplicaSet"};
constexpr std::string_view kPrefix = "deployment.kubernetes.io/";
constexpr const char* kRevision = "deployment.kubernetes.io/revision";
constexpr const char* kHistory = "deployment.kubernetes.io/revision-history";
constexpr const char* kDesired = "deployment.kubernetes.io/desired-replicas";
constexpr const char* kMaximum = "deployment.kubernetes.io/max-replicas";
constexpr const char* kLastApplied = "kubectl.kubernetes.io/last-applied-configuration";
constexpr const char* kHashLabel = "pod-template-hash";
constexpr const char* kTimedOut = "ProgressDeadlineExceeded";
constexpr const char* kComplete = "NewReplicaSetAvailable";

std::int64_t counted(const json& object, const char* name) {
  return std::strtoll(api::annotation(object, name).c_str(), nullptr, 10);
}

json without_hash(json pod_template) {
  if (json* labels = api::find_object(pod_template, "/metadata/labels")) labels->erase(kHashLabel);
  return pod_template;
}

// What is being rolled out: one Deployment and its ReplicaSets, the old ones by age.
class Rollout {
 public:
  Rollout(Context& context, const ObjectKey& key, json deployment)
      : context_(context), key_(key), deployment_(std::move(deployment)) {
    const json& strategy = at(deployment_, "/spec/strategy");
    is_rolling_ = text(strategy, "/type") != "Recreate";
    replicas_ = number(deployment_, "/spec/replicas", 1);
    if (is_rolling_) {
      max_surge_ = share(at(strategy, "/rollingUpdate/maxSurge"), replicas_, Rounding::Up);
      max_unavailable_ =
          share(at(strategy, "/rollingUpdate/maxUnavailable"), replicas_, Rounding::Down);
      if (max_surge_ == 0 && max_unavailable_ == 0) max_unavailable_ = 1;
      max_unavailable_ = std::min(max_unavailable_, replicas_);
    }
    deadline_ = number(deployment_, "/spec/progressDeadlineSeconds");
    has_deadline_ = has(deployment_, "/spec/progressDeadlineSeconds") && deadline_ != INT32_MAX;
    sets_ = claim(context_, key_, at(deployment_, "/spec/selector"), kReplicaSet);
    // By age; sets of one second in the order in which they were made.
    std::stable_sort(sets_.begin(), sets_.end(), [&](const ObjectKey& a, const ObjectKey& b) {
      const Entry* left = context_.store().find(a);
      const Entry* right = context_.store().find(b);
      return left->object.created < right->object.created;
    });
  }

  SyncResult run();

 private:
  [[nodiscard]] const json& set(const ObjectKey& key) const { return *context_.find(key); }
  [[nodiscard]] std::int64_t size(const ObjectKey& key) const {
    return number(set(key), "/spec/replicas");
  }
  [[nodiscard]] std::int64_t total(const char* path) const {
    std::int64_t sum = 0;
    for (const ObjectKey& each : sets_) sum += number(set(each), path);
    return sum;
  }
  [[nodiscard]] std::vector<ObjectKey> old_sets() const {
    std::vector<ObjectKey> old;
    for (const ObjectKey& each : sets_) {
      if (each != new_) old.push_back(each);
    }
    return old;
  }
  [[nodiscard]] std::vector<ObjectKey> active(std::vector<ObjectKey> sets) const {
    std::erase_if(sets, [&](const ObjectKey& each) { return size(each) == 0; });
    return sets;
  }
  [[nodiscard]] bool has_new() const { return !new_.name.empty(); }

  void find_new();
  SyncResult adopt_new(bool creates);
  SyncResult update_new();
  SyncResult create_new();
  [[nodiscard]] std::int64_t new_size() const;
  bool annotate(json& set, const std::string& revision, bool exists) const;
  void set_sizes(json& set) const;

  void note_pause();
  [[nodiscard]] bool is_scaling_event() const;
  void scale_to(const ObjectKey& key, std::int64_t size);
  SyncResult only_scale();
  void scale_proportionally();
  SyncResult roll();
  bool shrink_old();
  SyncResult recreate();
  [[nodiscard]] bool old_pods_run() const;
  void clean_up();

  [[nodiscard]] json counted_status() const;
  [[nodiscard]] bool is_complete(const json& status) const;
  void write_rollout_status();
  void write_status(const json& status);
  void report_progress(json& status) const;
  [[nodiscard]] bool is_timed_out(const json& status) const;
  void look_again_at_deadline(const json& status);

  Context& context_;
  const ObjectKey& key_;
  json deployment_;
  bool is_rolling_ = true;
  bool has_deadline_ = false;
  std::int64_t replicas_ = 1;
  std::int64_t max_surge_ = 0;
  std::int64_t max_unavailable_ = 0;
  std::int64_t deadline_ = 0;  // seconds
  std::vector<ObjectKey> sets_;
  ObjectKey new_;  // no name: there is none
};

// The oldest set whose template is the Deployment's.
void Rollout::find_new() {
  new_ = {};
  const json wanted = without_hash(at(deployment_, "/spec/template"));
  for (const ObjectKey& each : sets_) {
    if (without_hash(at(set(each), "/spec/template")) != wanted) continue;
    new_ = each;
    return;
  }
}

void Rollout::set_sizes(json& set) const {
  json& annotations = set["metadata"]["annotations"];
  annotations[kDesired] = std::to_string(replicas_);
  annotations[kMaximum] = std::to_string(replicas_ + max_surge_);
}

// Copies the Deployment's annotations and numbers the set; whether anything changed.
bool Rollout::annotate(json& set, const std::string& revision, bool exists) const {
  const json before = at(set, "/metadata/annotations");
  const std::int64_t old = counted(set, kRevision);
  const json& own = at(deployment_, "/metadata/annotations");
  json& annotations = set["metadata"]["annotations"];
  if (annotations.is_null()) annotations = json::object();
  if (own.is_object()) {
    for (const auto& [name, value] : own.items()) {
      if (name == kLastApplied || name.starts_with(kPrefix)) continue;
      annotations[name] = value;
    }
  }
  if (old < std::strtoll(revision.c_str(), nullptr, 10)) {
    if (exists && old != 0) {
      std::string history = annotations.value(kHistory, "");
      if (!history.empty()) history += ",";
      annotations[kHistory] = history + std::to_string(old);
    }
    annotations[kRevision] = revision;
  }
  if (!exists) set_sizes(set);
  return annotations != before;
}

std::int64_t Rollout::new_size() const {
  if (!is_rolling_) return replicas_;
  const std::int64_t current = total("/spec/replicas");
  const std::int64_t own = has_new() ? size(new_) : 0;
  const std::int64_t room = replicas_ + max_surge_ - current;
  return room <= 0 ? own : own + std::min(room, replicas_ - own);
}

SyncResult Rollout::update_new() {
  std::int64_t newest = 0;
  for (const ObjectKey& each : old_sets()) newest = std::max(newest, counted(set(each), kRevision));
  const std::string revision = std::to_string(newest + 1);
  json changed = set(new_);
  const std::int64_t min_ready = number(deployment_, "/spec/minReadySeconds");
  const bool is_annotated = annotate(changed, revision, true);
  if (is_annotated || number(changed, "/spec/minReadySeconds") != min_ready) {
    if (min_ready != 0 || has(changed, "/spec/minReadySeconds")) {
      changed["spec"]["minReadySeconds"] = min_ready;
    }
    const api::Reply reply = context_.edit(new_, [&](json& each) { each = changed; });
    return reply.ok() ? SyncResult::Done : SyncResult::Again;
  }
  const api::Reply reply = context_.edit_status(key_, [&](json& each) {
    each["metadata"]["annotations"][kRevision] = at(changed, "/metadata/annotations").at(kRevision);
    if (has_deadline_ && find_condition(each["status"], "Progressing") == nullptr) {
      set_condition(each["status"],
                    {.type = "Progressing",
                     .status = "True",
                     .reason = "FoundNewReplicaSet",
                     .message = fmt::format("Found new replica set \"{}\"", new_.name)},
                    context_.time());
    }
  });
  if (!reply.ok()) return SyncResult::Again;
  deployment_ = *context_.find(key_);
  return SyncResult::Done;
}

SyncResult Rollout::create_new() {
  std::int64_t newest = 0;
  for (const ObjectKey& each : sets_) newest = std::max(newest, counted(set(each), kRevision));
  const std::string revision = std::to_string(newest + 1);
  json pod_template = at(deployment_, "/spec/template");
  const std::int64_t collisions = number(deployment_, "/status/collisionCount");
  const std::string hash = template_hash(pod_template, collisions);
  pod_template["metadata"]["labels"][kHashLabel] = hash;
  json selector = at(deployment_, "/spec/selector");
  selector["matchLabels"][kHashLabel] = hash;
  json created = {
      {"apiVersion", "apps/v1"},
      {"kind", "ReplicaSet"},
      {"metadata",
       {{"name", key_.name + "-" + hash},
        {"namespace", key_.name_space},
        {"labels", at(pod_template, "/metadata/labels")},
        {"ownerReferences", json::array({controller_reference(key_, deployment_)})}}},
      {"spec",
       {{"replicas", new_size()}, {"selector", std::move(selector)}, {"template", pod_template}}}};
  if (const std::int64_t min_ready = number(deployment_, "/spec/minReadySeconds"); min_ready != 0) {
    created["spec"]["minReadySeconds"] = min_ready;
  }
  annotate(created, revision, false);
  const api::Reply reply = context_.create(created);
  const ObjectKey made{.group = "apps",
                       .kind = "ReplicaSet",
                       .name_space = key_.name_space,
                       .name = text(created, "/metadata/name")};
  bool is_ours = reply.ok();
  if (!reply.ok()) {
    if (reply.error->reason == "AlreadyExists") {
      // Our own set that we did not see, or a foreign one with the name: the next hash then.
      const Entry* existing = context_.store().find(made);
      is_ours = existing != nullptr && existing->controller == key_ &&
                without_hash(at(existing->object.content, "/spec/template")) ==
                    without_hash(at(deployment_, "/spec/template"));
      if (!is_ours) {
        context_.edit_status(
            key_, [&](json& each) { each["status"]["collisionCount"] = collisions + 1; });
        return SyncResult::Again;
      }
    } else {
      const bool is_namespace_going =
          std::any_of(reply.error->causes.begin(), reply.error->causes.end(),
                      [](const api::Cause& cause) { return cause.type == "NamespaceTerminating"; });
      if (!is_namespace_going && has_deadline_) {
        context_.edit_status(key_, [&](json& each) {
          set_condition(each["status"],
                        {.type = "Progressing",
                         .status = "False",
                         .reason = "ReplicaSetCreateError",
                         .message = fmt::format("Failed to create new replica set \"{}\": {}",
                                                made.name, reply.error->message)},
                        context_.time());
        });
      }
      return is_namespace_going ? SyncResult::Done : SyncResult::Again;
    }
  }
  new_ = made;
  sets_.push_back(made);
  const api::Reply written = context_.edit_status(key_, [&](json& each) {
    each["metadata"]["annotations"][kRevision] = revision;
    if (reply.ok() && has_deadline_) {
      set_condition(each["status"],
                    {.type = "Progressing",
                     .status = "True",
                     .reason = "NewReplicaSetCreated",
                     .message = fmt::format("Created new replica set \"{}\"", made.name)},
                    context_.time());
    }
  });
  if (!written.ok()) return SyncResult::Again;
  deployment_ = *context_.find(key_);
  return SyncResult::Done;
}

SyncResult Rollout::adopt_new(bool creates) {
  find_new();
  if (has_new()) return update_new();
  return creates ? create_new() : SyncResult::Done;
}

void Rollout::note_pause() {
  if (!has_deadline_) return;
  const json* progress = find_condition(at(deployment_, "/status"), "Progressing");
  const std::string reason = progress == nullptr ? "" : text(*progress, "/reason");
  const bool is_paused = flag(deployment_, "/spec/paused");
  const bool is_noted = reason == "DeploymentPaused";
  if (reason == kTimedOut || is_paused == is_noted) return;
  context_.edit_status(key_, [&](json& each) {
    set_condition(each["status"],
                  {.type = "Progressing",
                   .status = "Unknown",
                   .reason = is_paused ? "DeploymentPaused" : "DeploymentResumed",
                   .message = is_paused ? "Deployment is paused" : "Deployment is resumed"},
                  context_.time());
  });
  deployment_ = *context_.find(key_);
}

bool Rollout::is_scaling_event() const {
  return std::any_of(sets_.begin(), sets_.end(), [&](const ObjectKey& each) {
    return size(each) != 0 && api::has_annotation(set(each), kDesired) &&
           counted(set(each), kDesired) != replicas_;
  });
}

void Rollout::scale_to(const ObjectKey& key, std::int64_t size) {
  context_.edit(key, [&](json& each) {
    each["spec"]["replicas"] = size;
    set_sizes(each);
  });
}

// A set's part of what a Deployment grows or shrinks by. Source: getReplicaSetFraction.
std::int64_t fraction(const json& set, std::int64_t replicas, std::int64_t maximum,
                      std::int64_t status_replicas) {
  const std::int64_t size = number(set, "/spec/replicas");
  if (replicas == 0) return -size;
  std::int64_t before = counted(set, kMaximum);
  if (before == 0) before = status_replicas;
  if (before == 0) return 0;
  const double scaled = static_cast<double>(size * maximum) / static_cast<double>(before);
  return std::llround(scaled) - size;
}

void Rollout::scale_proportionally() {
  std::vector<ObjectKey> sets = active(sets_);
  std::int64_t sum = 0;
  for (const ObjectKey& each : sets) sum += size(each);
  const std::int64_t maximum = replicas_ > 0 ? replicas_ + max_surge_ : 0;
  const std::int64_t to_add = maximum - sum;
  // The largest first; among equals the newer when growing, the older when shrinking.
  std::stable_sort(sets.begin(), sets.end(), [&](const ObjectKey& a, const ObjectKey& b) {
    if (size(a) != size(b)) return size(a) > size(b);
    const auto age = [&](const ObjectKey& each) {
      return std::find(sets_.begin(), sets_.end(), each) - sets_.begin();
    };
    return to_add > 0 ? age(a) > age(b) : age(a) < age(b);
  });
  std::map<ObjectKey, std::int64_t> wanted;
  std::int64_t added = 0;
  for (const ObjectKey& each : sets) {
    wanted[each] = size(each);
    if (to_add == 0 || size(each) == 0 || to_add == added) continue;
    const std::int64_t part = fraction(set(each), replicas_, replicas_ + max_surge_,
                                       number(deployment_, "/status/replicas"));
    const std::int64_t allowed = to_add - added;
    const std::int64_t proportion = to_add > 0 ? std::min(part, allowed) : std::max(part, allowed);
    wanted[each] += proportion;
    added += proportion;
  }
  for (std::size_t i = 0; i < sets.size(); ++i) {
    std::int64_t& size_now = wanted[sets[i]];
    if (i == 0 && to_add != 0) size_now = std::max<std::int64_t>(size_now + to_add - added, 0);
    scale_to(sets[i], size_now);
  }
}

SyncResult Rollout::only_scale() {
  if (adopt_new(false) == SyncResult::Again) return SyncResult::Again;
  const std::vector<ObjectKey> live = active(sets_);
  ObjectKey only;
  if (live.empty()) {
    const std::vector<ObjectKey> old = old_sets();
    only = has_new() ? new_ : old.empty() ? ObjectKey{} : old.back();
  } else if (live.size() == 1) {
    only = live.front();
  }
  const bool is_saturated = has_new() && size(new_) == replicas_ &&
                            counted(set(new_), kDesired) == replicas_ &&
                            number(set(new_), "/status/availableReplicas") == replicas_;
  if (!only.name.empty()) {
    if (size(only) != replicas_) scale_to(only, replicas_);
  } else if (is_saturated) {
    for (const ObjectKey& each : active(old_sets())) scale_to(each, 0);
  } else if (is_rolling_) {
    scale_proportionally();
  }
  if (flag(deployment_, "/spec/paused")) clean_up();
  write_status(counted_status());
  return SyncResult::Done;
}

bool Rollout::shrink_old() {
  std::vector<ObjectKey> old = active(old_sets());
  if (old.empty()) return false;
  const std::int64_t least = replicas_ - max_unavailable_;
  const std::int64_t new_unavailable = size(new_) - number(set(new_), "/status/availableReplicas");
  const std::int64_t allowed = total("/spec/replicas") - least - new_unavailable;
  if (allowed <= 0) return false;
  // Pods that are not available go first, whatever their set.
  std::int64_t cleaned = 0;
  for (const ObjectKey& each : old) {
    if (cleaned >= allowed) break;
    const std::int64_t unavailable = size(each) - number(set(each), "/status/availableReplicas");
    if (unavailable <= 0) continue;
    const std::int64_t count = std::min(allowed - cleaned, unavailable);
    scale_to(each, size(each) - count);
    cleaned += count;
  }
  std::int64_t surplus = total("/status/availableReplicas") - least;
  std::int64_t scaled = 0;
  for (const ObjectKey& each : old) {
    if (surplus <= 0) break;
    if (size(each) == 0) continue;
    const std::int64_t count = std::min(size(each), surplus);
    scale_to(each, size(each) - count);
    surplus -= count;
    scaled += count;
  }
  return cleaned + scaled > 0;
}

SyncResult Rollout::roll() {
  if (adopt_new(true) == SyncResult::Again) return SyncResult::Again;
  const std::int64_t wanted = size(new_) > replicas_ ? replicas_ : new_size();
  if (size(new_) != replicas_ && wanted != size(new_)) {
    scale_to(new_, wanted);
  } else if (!shrink_old() && is_complete(at(deployment_, "/status"))) {
    clean_up();
  }
  write_rollout_status();
  return SyncResult::Done;
}

bool Rollout::old_pods_run() const {
  for (const ObjectKey& each : old_sets()) {
    if (number(set(each), "/status/replicas") > 0) return true;
  }
  for (const ObjectKey& each : old_sets()) {
    for (const ObjectKey& pod : context_.store().dependents(text(set(each), "/metadata/uid"))) {
      if (!has_ended(*context_.find(pod))) return true;
    }
  }
  return false;
}

SyncResult Rollout::recreate() {
  if (adopt_new(false) == SyncResult::Again) return SyncResult::Again;
  const std::vector<ObjectKey> running = active(old_sets());
  for (const ObjectKey& each : running) scale_to(each, 0);
  if (running.empty() && !old_pods_run()) {
    if (!has_new() && create_new() == SyncResult::Again) return SyncResult::Again;
    if (size(new_) != replicas_) scale_to(new_, replicas_);
    if (is_complete(at(deployment_, "/status"))) clean_up();
  }
  write_rollout_status();
  return SyncResult::Done;
}

// Old sets beyond the limit go, the oldest revisions first.
void Rollout::clean_up() {
  if (!has(deployment_, "/spec/revisionHistoryLimit")) return;
  std::vector<ObjectKey> old = old_sets();
  std::erase_if(
      old, [&](const ObjectKey& each) { return has(set(each), "/metadata/deletionTimestamp"); });
  const auto surplus =
      static_cast<std::int64_t>(old.size()) - number(deployment_, "/spec/revisionHistoryLimit");
  std::stable_sort(old.begin(), old.end(), [&](const ObjectKey& a, const ObjectKey& b) {
    return counted(set(a), kRevision) < counted(set(b), kRevision);
  });
  for (std::int64_t i = 0; i < surplus; ++i) {
    const ObjectKey& each = old[static_cast<std::size_t>(i)];
    const json& content = set(each);
    const bool is_settled =
        number(content, "/status/replicas") == 0 && size(each) == 0 &&
        number(content, "/metadata/generation") <= number(content, "/status/observedGeneration");
    if (!is_settled) continue;
    context_.remove(each);
    std::erase_if(
        sets_, [&](const ObjectKey& set) { return set == each && context_.find(each) == nullptr; });
  }
}

json Rollout::counted_status() const {
  json status = at(deployment_, "/status");
  if (!status.is_object()) status = json::object();
  const std::int64_t available = total("/status/availableReplicas");
  status["observedGeneration"] = number(deployment_, "/metadata/generation");
  set_count(status, "replicas", total("/status/replicas"));
  set_count(status, "updatedReplicas", has_new() ? number(set(new_), "/status/replicas") : 0);
  set_count(status, "readyReplicas", total("/status/readyReplicas"));
  set_count(status, "availableReplicas", available);
  set_count(status, "unavailableReplicas",
            std::max<std::int64_t>(total("/spec/replicas") - available, 0));
  status.erase("terminatingReplicas");
  if (std::all_of(sets_.begin(), sets_.end(), [&](const ObjectKey& each) {
        return has(set(each), "/status/terminatingReplicas");
      })) {
    status["terminatingReplicas"] = total("/status/terminatingReplicas");
  }
  const bool is_available = available >= replicas_ - max_unavailable_;
  set_condition(status,
                {.type = "Available",
                 .status = is_available ? "True" : "False",
                 .reason = is_available ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
                 .message = is_available ? "Deployment has minimum availability."
                                         : "Deployment does not have minimum availability."},
                context_.time());
  return status;
}

bool Rollout::is_complete(const json& status) const {
  return number(status, "/updatedReplicas") == replicas_ &&
         number(status, "/replicas") == replicas_ &&
         number(status, "/availableReplicas") == replicas_ &&
         number(status, "/observedGeneration") >= number(deployment_, "/metadata/generation");
}

bool Rollout::is_timed_out(const json& status) const {
  const json* progress = find_condition(status, "Progressing");
  if (progress == nullptr) return false;
  const std::string reason = text(*progress, "/reason");
  if (reason == kComplete) return false;
  if (reason == kTimedOut) return true;
  const auto since = instant_of(text(*progress, "/lastUpdateTime"));
  return since && *since + std::chrono::seconds(deadline_) < context_.now();
}

void Rollout::report_progress(json& status) const {
  const json& before = at(deployment_, "/status");
  const json* current = find_condition(before, "Progressing");
  const bool was_complete = number(status, "/replicas") == number(status, "/updatedReplicas") &&
                            current != nullptr && text(*current, "/reason") == kComplete;
  if (was_complete) return;
  const auto grew = [&](const char* path) { return number(status, path) > number(before, path); };
  const auto old_pods = [](const json& each) {
    return number(each, "/replicas") - number(each, "/updatedReplicas");
  };
  const std::string subject = has_new() ? fmt::format("ReplicaSet \"{}\"", new_.name)
                                        : fmt::format("Deployment \"{}\"", key_.name);
  if (is_complete(status)) {
    set_condition(status,
                  {.type = "Progressing",
                   .status = "True",
                   .reason = kComplete,
                   .message = subject + " has successfully progressed."},
                  context_.time());
  } else if (grew("/updatedReplicas") || old_pods(status) < old_pods(before) ||
             grew("/readyReplicas") || grew("/availableReplicas")) {
    // Written anew even if nothing but the time changes: the deadline runs from here.
    const std::string transition = current != nullptr && text(*current, "/status") == "True"
                                       ? text(*current, "/lastTransitionTime")
                                       : context_.time();
    remove_condition(status, "Progressing");
    set_condition(status,
                  {.type = "Progressing",
                   .status = "True",
                   .reason = "ReplicaSetUpdated",
                   .message = subject + " is progressing."},
                  context_.time());
    status["conditions"].back()["lastTransitionTime"] = transition;
  } else if (is_timed_out(status)) {
    set_condition(status,
                  {.type = "Progressing",
                   .status = "False",
                   .reason = kTimedOut,
                   .message = subject + " has timed out progressing."},
                  context_.time());
  }
}

void Rollout::write_rollout_status() {
  json status = counted_status();
  if (has_deadline_) {
    report_progress(status);
  } else {
    remove_condition(status, "Progressing");
  }
  // A failure of the new set is told first, then any.
  const json* failure =
      has_new() ? find_condition(at(set(new_), "/status"), "ReplicaFailure") : nullptr;
  for (const ObjectKey& each : sets_) {
    if (failure == nullptr) failure = find_condition(at(set(each), "/status"), "ReplicaFailure");
  }
  if (failure != nullptr) {
    set_condition(status,
                  {.type = "ReplicaFailure",
                   .status = text(*failure, "/status"),
                   .reason = text(*failure, "/reason"),
                   .message = text(*failure, "/message")},
                  context_.time());
  } else {
    remove_condition(status, "ReplicaFailure");
  }
  write_status(status);
  look_again_at_deadline(status);
}

void Rollout::write_status(const json& status) {
  context_.edit_status(key_, [&](json& each) { each["status"] = status; });
}

// Source: requeueStuckDeployment.
void Rollout::look_again_at_deadline(const json& status) {
  context_.sleep(key_);
  if (!has_deadline_ || is_complete(status)) return;
  const json* progress = find_condition(status, "Progressing");
  if (progress == nullptr) return;
  // Once complete, the deadline is not judged again; a real controller looks all the same.
  const std::string reason = text(*progress, "/reason");
  if (reason == kTimedOut || reason == kComplete) return;
  const auto since = instant_of(text(*progress, "/lastUpdateTime"));
  if (!since) return;
  const base::Duration left = *since + std::chrono::seconds(deadline_) - context_.now();
  context_.wake(key_,
                std::max<base::Duration>(left, base::Duration::zero()) + std::chrono::seconds(1));
}

SyncResult Rollout::run() {
  if (has(deployment_, "/metadata/deletionTimestamp")) {
    find_new();
    write_status(counted_status());
    return SyncResult::Done;
  }
  note_pause();
  if (flag(deployment_, "/spec/paused") || is_scaling_event()) return only_scale();
  return is_rolling_ ? roll() : recreate();
}

SyncResult sync(Context& context, const ObjectKey& key) {
  const json* found = context.find(key);
  if (found == nullptr) return SyncResult::Done;
  return Rollout(context, key, *found).run();
}

void notice(Context& context, const Notice& notice) {
  wake_owners(context, notice, kDeployment, kReplicaSet);
  // Recreate waits for pods, which are two steps away.
  if (!notice.key.group.empty() || notice.key.kind != "Pod") return;
  if (notice.controller.kind != kReplicaSet.kind) return;
  const Entry* set = context.store().find(notice.controller);
  if (set != nullptr && set->controller.kind == kDeployment.kind) context.wake(set->controller);
}

}  // namespace

const Controller kDeploymentController{"deployment-controller", notice, sync};

}  // namespace wavetank::cluster
