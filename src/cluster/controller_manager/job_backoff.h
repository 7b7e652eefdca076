// How long a Job waits before it replaces a failed pod.
//
// Source: pkg/controller/job/backoff_utils.go of Kubernetes 1.36.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/time.h"
#include "cluster/controller_manager/job_pods.h"

namespace wavetank::cluster {

// The failures since the last success. Pods may be gone that it still knows of, so the controller
// remembers it.
struct BackoffRecord {
  std::int64_t failures = 0;
  base::Instant last_failure;

  [[nodiscard]] static BackoffRecord from_json(const nlohmann::json& memory);
  [[nodiscard]] nlohmann::json to_json() const;
  // Takes in pods that have ended since.
  void add(const JobPods& succeeded, const JobPods& failed);
};

// What is left of the wait after so many failures: 10 s, doubled with each, at most 10 minutes.
[[nodiscard]] base::Duration backoff_left(std::int64_t failures, base::Instant last_failure,
                                          base::Instant now);

}  // namespace wavetank::cluster
