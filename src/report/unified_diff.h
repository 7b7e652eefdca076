// The difference of two texts as a unified diff, such as `git apply` and `patch` take.
//
// Byte for byte: line breaks and a missing one at the end are kept. A longest common subsequence
// (Myers 1986, "An O(ND) difference algorithm") decides what counts as unchanged.
#pragma once

#include <string>
#include <string_view>

#include "report/paint.h"

namespace wavetank::report {

struct TextChange {
  std::string_view name;  // the path of the file
  std::string_view before;
  std::string_view after;
};

// Empty when nothing changed. With colours it is for eyes only: control characters are escaped.
[[nodiscard]] std::string unified_diff(const TextChange& change, Colour colour);

}  // namespace wavetank::report
