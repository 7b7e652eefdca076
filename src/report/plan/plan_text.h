// A plan as a list of steps for people.
#pragma once

#include <cstdint>
#include <string>

#include "report/paint.h"
#include "report/plan/plan_view.h"

namespace wavetank::report {

enum class Detail : std::uint8_t { Steps, Order };  // Order: with the reason for each position

[[nodiscard]] std::string plan_text(const PlanView& view, Detail detail, Colour colour);

}  // namespace wavetank::report
