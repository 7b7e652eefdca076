// The pods of a Job, and what the Job controller reads from them.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/key.h"

namespace wavetank::cluster {

// On a pod until its end stands in the counters of its Job.
inline constexpr std::string_view kTrackingFinalizer = "batch.kubernetes.io/job-tracking";
inline constexpr const char* kCompletionIndex = "batch.kubernetes.io/job-completion-index";
inline constexpr const char* kIndexFailures = "batch.kubernetes.io/job-index-failure-count";
inline constexpr const char* kIgnoredIndexFailures =
    "batch.kubernetes.io/job-index-ignored-failure-count";

// A pod as it was when the controller began to look at its Job: what happens to it meanwhile is
// noticed at the next look.
struct JobPod {
  model::ObjectKey key;
  nlohmann::json content;
  std::string uid;
  std::string phase;
  bool is_tracked = false;            // has the finalizer
  std::optional<std::int64_t> index;  // of Indexed Jobs
};
[[nodiscard]] JobPod job_pod(const model::ObjectKey& key, const nlohmann::json& content);
using JobPods = std::vector<const JobPod*>;

[[nodiscard]] bool is_indexed(const nlohmann::json& job);
[[nodiscard]] bool has_limit_per_index(const nlohmann::json& job);
[[nodiscard]] bool is_suspended(const nlohmann::json& job);
// A pod that is being deleted is replaced only when it has ended.
[[nodiscard]] bool replaces_only_failed(const nlohmann::json& job);
// Complete or Failed: the controller is done with it. The condition, or null.
[[nodiscard]] const nlohmann::json* finished_condition(const nlohmann::json& job);
// Somebody else looks after the Job.
[[nodiscard]] bool is_managed_elsewhere(const nlohmann::json& job);

// Ended in failure; for most Jobs, being deleted is as much.
[[nodiscard]] bool has_failed(const JobPod& pod, const nlohmann::json& job);
// When the last container ended, or the nearest to it that can be told.
// Source: getFinishedTime of pkg/controller/job/backoff_utils.go.
[[nodiscard]] base::Instant finished_at(const JobPod& pod);
// Of the pods of its index before it: those that failed, and those whose failure was ignored.
[[nodiscard]] std::int64_t index_failures(const JobPod& pod);
[[nodiscard]] std::int64_t ignored_index_failures(const JobPod& pod);

}  // namespace wavetank::cluster
