#include "cluster/controller_manager/job_policy.h"

#include <fmt/format.h>

#include <algorithm>

#include "cluster/api/object/json_access.h"

namespace wavetank::cluster {

using api::at;
using api::has;
using api::list;
using api::number;
using api::text;
using nlohmann::json;

namespace {

// The first container whose exit code the rule names. Success never matches.
const json* matching_container(const json& pod, const json& rule) {
  const bool wants_in = text(rule, "/operator") == "In";
  const json& values = list(rule, "/values");
  for (const char* statuses : {"/status/containerStatuses", "/status/initContainerStatuses"}) {
    for (const json& status : list(pod, statuses)) {
      if (!has(status, "/state/terminated")) continue;
      if (has(rule, "/containerName") && text(rule, "/containerName") != text(status, "/name")) {
        continue;
      }
      const std::int64_t code = number(status, "/state/terminated/exitCode");
      const bool is_in = std::find(values.begin(), values.end(), code) != values.end();
      if (code != 0 && is_in == wants_in) return &status;
    }
  }
  return nullptr;
}

const json* matching_condition(const json& pod, const json& patterns) {
  for (const json& condition : list(pod, "/status/conditions")) {
    for (const json& pattern : patterns) {
      if (text(condition, "/type") == text(pattern, "/type") &&
          text(condition, "/status") == text(pattern, "/status")) {
        return &condition;
      }
    }
  }
  return nullptr;
}

FailureAction action_of(const json& rule) {
  const std::string action = text(rule, "/action");
  if (action == "Ignore") return FailureAction::Ignore;
  if (action == "FailIndex") return FailureAction::FailIndex;
  if (action == "FailJob") return FailureAction::FailJob;
  return FailureAction::Count;
}

}  // namespace

FailureMatch match_failure_policy(const json& job, const JobPod& pod) {
  const json& rules = list(job, "/spec/podFailurePolicy/rules");
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const json& rule = rules[i];
    const FailureAction action = action_of(rule);
    const std::string name = pod.key.name_space + "/" + pod.key.name;
    if (has(rule, "/onExitCodes")) {
      const json* status = matching_container(pod.content, at(rule, "/onExitCodes"));
      if (status == nullptr) continue;
      return {.action = action,
              .message = fmt::format(
                  "Container {} for pod {} failed with exit code {} matching FailJob rule at "
                  "index {}",
                  text(*status, "/name"), name, number(*status, "/state/terminated/exitCode"), i)};
    }
    const json* condition = matching_condition(pod.content, list(rule, "/onPodConditions"));
    if (condition == nullptr) continue;
    return {.action = action,
            .message = fmt::format("Pod {} has condition {} matching FailJob rule at index {}",
                                   name, text(*condition, "/type"), i)};
  }
  return {};
}

bool is_past_restart_limit(const json& job, const std::vector<JobPod>& pods) {
  if (text(job, "/spec/template/spec/restartPolicy") != "OnFailure") return false;
  std::int64_t restarts = 0;
  for (const JobPod& pod : pods) {
    if (pod.phase != "Running" && pod.phase != "Pending") continue;
    for (const char* statuses : {"/status/initContainerStatuses", "/status/containerStatuses"}) {
      for (const json& status : list(pod.content, statuses)) {
        restarts += number(status, "/restartCount");
      }
    }
  }
  const std::int64_t limit = number(job, "/spec/backoffLimit");
  return limit == 0 ? restarts > 0 : restarts >= limit;
}

std::optional<std::string> match_success_policy(const json& job, const IndexSet& succeeded) {
  const json& rules = list(job, "/spec/successPolicy/rules");
  if (succeeded.empty()) return std::nullopt;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const json& rule = rules[i];
    const bool has_count = has(rule, "/succeededCount");
    const std::int64_t count = number(rule, "/succeededCount");
    bool is_met = false;
    if (has(rule, "/succeededIndexes")) {
      const auto wanted =
          IndexSet::parse(text(rule, "/succeededIndexes"), number(job, "/spec/completions"));
      if (wanted.empty()) continue;
      const std::int64_t common = wanted.common(succeeded);
      is_met = common == wanted.size() || (has_count && common >= count);
    } else {
      is_met = has_count && succeeded.size() >= count;
    }
    if (is_met) return fmt::format("Matched rules at index {}", i);
  }
  return std::nullopt;
}

}  // namespace wavetank::cluster
