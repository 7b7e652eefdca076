// Comments that suppress what is found, for adopting the linter in an old repository.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "lint/finding.h"
#include "load/project.h"

namespace wavetank::lint {

// Where a comment stands: behind the line of the finding, above it, or above its object. The first
// that does not change what the file means is the right one.
enum class CommentPlace : std::uint8_t { Behind, Above, Object };

// Findings of the same places, each with the comment as its only fix; one for all that is found in
// a line. What no comment at this place can suppress is left out: JSON, texts over several lines,
// and what is said of suppressions themselves.
[[nodiscard]] std::vector<Finding> ignore_comments(const load::Project& project,
                                                   const std::vector<Finding>& findings,
                                                   CommentPlace place, std::string_view reason);

}  // namespace wavetank::lint
