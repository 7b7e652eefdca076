// Asks our model of the application controller what a recorded vector asked the real one, and puts
// both answers into lines.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace wavetank::conformance {

// The family a vector belongs to, by its shape alone: "windows", "cron", "retry", "options",
// "health", "settings", "compare", "autosync", "refresh", "operation" or "deletion"; nothing for
// what is no vector of the controller.
[[nodiscard]] std::optional<std::string> controller_family(const nlohmann::json& recorded);

// Lines `field: value`; equal lines mean agreement.
struct ControllerVerdict {
  std::vector<std::string> expected;
  std::vector<std::string> actual;
};

// REQUIRES: controller_family(recorded) knows it.
[[nodiscard]] ControllerVerdict check_controller_case(const nlohmann::json& recorded);

}  // namespace wavetank::conformance
