// An exploration as text for people: what can go wrong, how little it takes, what was covered.
//
// It is made of the JSON, which holds all that is told, so that parts from several machines can be
// joined and told in the same words.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "explore/study.h"
#include "report/paint.h"

namespace wavetank::report {

// REQUIRES: `study` has the shape of `study_json`; otherwise nlohmann::json::exception is thrown.
[[nodiscard]] std::string study_text(const nlohmann::ordered_json& study, Colour colour);
[[nodiscard]] std::string study_text(const explore::Study& study, Colour colour);

}  // namespace wavetank::report
