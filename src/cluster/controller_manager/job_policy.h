// What a Job's own rules say about its pods: which failures count, and which successes are enough.
//
// Source: pkg/controller/job/{pod_failure_policy,success_policy}.go of Kubernetes 1.36.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cluster/controller_manager/job_indexes.h"
#include "cluster/controller_manager/job_pods.h"

namespace wavetank::cluster {

enum class FailureAction : std::uint8_t { Count, Ignore, FailIndex, FailJob };

struct FailureMatch {
  FailureAction action = FailureAction::Count;  // also when no rule matches
  std::string message;                          // why the Job fails
};

// What the Job's podFailurePolicy says about a failed pod.
[[nodiscard]] FailureMatch match_failure_policy(const nlohmann::json& job, const JobPod& pod);

// The containers of running pods were restarted more often than the Job allows.
[[nodiscard]] bool is_past_restart_limit(const nlohmann::json& job,
                                         const std::vector<JobPod>& pods);

// The message of the rule of successPolicy that is met; nothing when none is.
[[nodiscard]] std::optional<std::string> match_success_policy(const nlohmann::json& job,
                                                              const IndexSet& succeeded);

}  // namespace wavetank::cluster
