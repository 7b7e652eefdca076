#include "cluster/controller_manager/job_backoff.h"

#include <algorithm>

#include "cluster/api/object/json_access.h"

namespace wavetank::cluster {

using nlohmann::json;

BackoffRecord BackoffRecord::from_json(const json& memory) {
  return {.failures = api::number(memory, "/failures"),
          .last_failure = base::Instant{base::Duration{api::number(memory, "/lastFailure")}}};
}

json BackoffRecord::to_json() const {
  return {{"failures", failures}, {"lastFailure", last_failure.time_since_epoch().count()}};
}

void BackoffRecord::add(const JobPods& succeeded, const JobPods& failed) {
  std::optional<base::Instant> last_success;
  for (const JobPod* pod : succeeded) {
    last_success = std::max(last_success.value_or(finished_at(*pod)), finished_at(*pod));
  }
  if (last_success) *this = {};
  bool is_first = true;
  for (const JobPod* pod : failed) {
    const base::Instant end = finished_at(*pod);
    if (last_success && end <= *last_success) continue;
    ++failures;
    last_failure = is_first ? end : std::max(last_failure, end);
    is_first = false;
  }
}

base::Duration backoff_left(std::int64_t failures, base::Instant last_failure, base::Instant now) {
  constexpr base::Duration kFirst = std::chrono::seconds(10);
  constexpr base::Duration kLongest = std::chrono::minutes(10);
  if (failures == 0) return base::Duration::zero();
  const auto doublings = std::min<std::int64_t>(failures - 1, 10);
  const base::Duration wait = std::min<base::Duration>(kFirst * (1LL << doublings), kLongest);
  return std::max(wait - (now - last_failure), base::Duration::zero());
}

}  // namespace wavetank::cluster
