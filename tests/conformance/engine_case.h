// Replays one recorded engine case on the scripted server with our engine and compares every pass.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace wavetank::conformance {

// The first pass that differs, both sides as readable lines.
struct Difference {
  std::size_t operation = 0;
  std::size_t pass = 0;
  std::vector<std::string> expected;
  std::vector<std::string> actual;
  std::vector<std::string> reasons;  // what our engine says about its pass
};

struct CaseVerdict {
  std::string id;
  std::vector<std::string> tags;
  std::size_t operations = 0;
  std::size_t passes = 0;
  std::optional<Difference> difference;
};

// Which of our two engines plays: src/sync, or the dull twin of tests/reference.
enum class PlayedBy : std::uint8_t { Engine, Twin };

[[nodiscard]] CaseVerdict check_engine_case(const nlohmann::json& recorded,
                                            PlayedBy played_by = PlayedBy::Engine);

}  // namespace wavetank::conformance
