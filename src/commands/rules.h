// `wavetank rules list` and `wavetank explain CODE`: what the linter knows.
#pragma once

#include <string_view>

#include "commands/lint.h"

namespace wavetank::commands {

[[nodiscard]] Result list_rules();
[[nodiscard]] Result explain_rule(std::string_view code_or_slug);

}  // namespace wavetank::commands
