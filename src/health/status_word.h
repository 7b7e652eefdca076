// The words of statuses, read back.
#pragma once

#include <optional>
#include <string_view>

#include "health/health.h"

namespace wavetank::health {

// The status of this name; nothing for any other word, the empty one among them.
[[nodiscard]] std::optional<Status> status_of(std::string_view word);

}  // namespace wavetank::health
