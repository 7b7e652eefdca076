// Replays one recorded engine case on the scripted server with our engine and compares every pass.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/interner.h"
#include "conformance/engine_case.h"
#include "conformance/verdict.h"

namespace wavetank::conformance {

struct Replayed {
  std::size_t operations = 0;
  std::size_t passes = 0;
};

// Which of our two engines plays: src/sync, or the dull twin of tests/reference.
enum class PlayedBy : std::uint8_t { Engine, Twin };

// REQUIRES: `recorded` was read with this interner. `replayed` counts what was played.
[[nodiscard]] Verdict replay(EngineCase& recorded, base::Interner& interner, PlayedBy played_by,
                             Replayed& replayed);

}  // namespace wavetank::conformance
