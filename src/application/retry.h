// How long an operation waits before its next attempt.
//
// Source: pkg/apis/application/v1alpha1/types.go (RetryStrategy.NextRetryAt).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tl/expected.hpp>

namespace wavetank::application {

// As in `spec.syncPolicy.retry.backoff`; an empty text stands for the default.
struct Backoff {
  std::string duration;                     // 5s
  std::string max_duration;                 // 3m; zero or less: no limit
  std::optional<std::int64_t> factor = {};  // 2
};

// As in `spec.syncPolicy.retry` and `operation.retry`.
struct RetryStrategy {
  std::int64_t limit = 0;  // attempts after the first; negative: no end
  std::optional<Backoff> backoff = {};
  bool refresh = false;  // a retry takes the latest revision
};

// Nanoseconds from the end of an attempt to the next, after `retries` retries, or the error text.
// Nothing: the number leaves 63 bits. Argo CD then arrives at a time centuries ago, so that the
// next attempt is due at once.
[[nodiscard]] tl::expected<std::optional<std::int64_t>, std::string> retry_wait(
    const RetryStrategy& strategy, std::int64_t retries);

}  // namespace wavetank::application
