#include "cluster/controller_manager/job_pods.h"
#include "cluster/controller_manager/finalizers.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "cluster/api/object/json_access.h"
#include "cluster/controller_manager/conditions.h"
#include "cluster/controller_manager/owned_pods.h"

namespace wavetank::cluster {

using api::at;
using api::flag;
using api::has;
using api::list;
using api::number;
using api::text;
using nlohmann::json;

namespace {

// A number that is not negative, as an annotation of the pod has it.
std::optional<std::int64_t> annotated(const json& pod, const char* name) {
  const std::string digits = api::annotation(pod, name);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size() || value < 0) {
    return std::nullopt;
  }
  return value;
}

// The last end among these containers after `latest`; nothing when one of them has not ended.
std::optional<base::Instant> last_end(const json& statuses, std::optional<base::Instant> latest,
                                      const std::set<std::string>* only = nullptr) {
  for (const json& status : statuses) {
    if (only != nullptr && !only->contains(text(status, "/name"))) continue;
    const auto end = instant_of(text(status, "/state/terminated/finishedAt"));
    if (!end) return std::nullopt;
    latest = latest ? std::max(*latest, *end) : *end;
  }
  return latest;
}

std::set<std::string> sidecars(const json& pod) {
  std::set<std::string> names;
  for (const json& container : list(pod, "/spec/initContainers")) {
    if (text(container, "/restartPolicy") == "Always") names.insert(text(container, "/name"));
  }
  return names;
}

}  // namespace

JobPod job_pod(const model::ObjectKey& key, const json& content) {
  return {.key = key,
          .content = content,
          .uid = text(content, "/metadata/uid"),
          .phase = text(content, "/status/phase"),
          .is_tracked = has_finalizer(content, kTrackingFinalizer),
          .index = annotated(content, kCompletionIndex)};
}

bool is_indexed(const json& job) { return text(job, "/spec/completionMode") == "Indexed"; }

bool has_limit_per_index(const json& job) { return has(job, "/spec/backoffLimitPerIndex"); }

bool is_suspended(const json& job) { return flag(job, "/spec/suspend"); }

bool replaces_only_failed(const json& job) {
  return text(job, "/spec/podReplacementPolicy") == "Failed" || has(job, "/spec/podFailurePolicy");
}

const json* finished_condition(const json& job) {
  for (const json& condition : list(job, "/status/conditions")) {
    const std::string type = text(condition, "/type");
    if ((type == "Complete" || type == "Failed") && text(condition, "/status") == "True") {
      return &condition;
    }
  }
  return nullptr;
}

bool is_managed_elsewhere(const json& job) {
  return has(job, "/spec/managedBy") &&
         text(job, "/spec/managedBy") != "kubernetes.io/job-controller";
}

bool has_failed(const JobPod& pod, const json& job) {
  if (pod.phase == "Failed") return true;
  if (replaces_only_failed(job)) return false;
  return has(pod.content, "/metadata/deletionTimestamp") && pod.phase != "Succeeded";
}

base::Instant finished_at(const JobPod& pod) {
  const json& content = pod.content;
  const auto of_containers = last_end(list(content, "/status/containerStatuses"), std::nullopt);
  const std::set<std::string> names = sidecars(content);
  const auto of_all =
      last_end(list(content, "/status/initContainerStatuses"), of_containers, &names);
  if (of_all) return *of_all;
  const json* ready = find_condition(at(content, "/status"), "Ready");
  if (ready != nullptr && text(*ready, "/status") == "False") {
    if (const auto since = instant_of(text(*ready, "/lastTransitionTime"))) return *since;
  }
  if (const auto deletion = instant_of(text(content, "/metadata/deletionTimestamp"))) {
    return *deletion -
           std::chrono::seconds(number(content, "/metadata/deletionGracePeriodSeconds"));
  }
  return instant_of(text(content, "/metadata/creationTimestamp")).value_or(base::Instant{});
}

std::int64_t index_failures(const JobPod& pod) {
  return annotated(pod.content, kIndexFailures).value_or(0);
}

std::int64_t ignored_index_failures(const JobPod& pod) {
  return annotated(pod.content, kIgnoredIndexFailures).value_or(0);
}

}  // namespace wavetank::cluster
