// What the runner says of one recorded vector.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace wavetank::conformance {

// The first place where ours is not as recorded, both sides as readable lines.
struct Difference {
  std::string where;  // "operation 0 pass 3"; empty: the whole
  std::vector<std::string> expected;
  std::vector<std::string> actual;
  std::vector<std::string> reasons;  // what our engine says about its pass
};

// Something else that is counted beside agreement.
struct Measure {
  std::string name;
  bool holds = false;
};

struct Verdict {
  std::string id;
  std::vector<std::string> tags;
  std::vector<Measure> measures;
  std::optional<Difference> difference;

  [[nodiscard]] bool agrees() const { return !difference.has_value(); }
};

}  // namespace wavetank::conformance
