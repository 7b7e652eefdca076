// A played scenario as text that is kept beside it and reviewed like code.
#pragma once

#include <cstdint>
#include <string>

#include "sim/scenario/play.h"

namespace wavetank::sim {

[[nodiscard]] std::string golden_text(const ScenarioResult& result);

// The fingerprint of a run: equal on every machine, compiler and thread count.
[[nodiscard]] std::uint64_t trace_hash(const ScenarioResult& result);

}  // namespace wavetank::sim
