// An exploration as text for people: what can go wrong, how little it takes, what was covered.
#pragma once

#include <string>

#include "explore/study.h"
#include "report/paint.h"

namespace wavetank::report {

[[nodiscard]] std::string study_text(const explore::Study& study, Colour colour);

}  // namespace wavetank::report
