// Plays a story from Argo CD's end-to-end tests (../shared/conformance/e2e, README there) in the
// simulated world, and checks what must hold.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace wavetank::conformance {

[[nodiscard]] bool is_e2e_case(const nlohmann::json& recorded);

// What does not hold, one line each, with what there is instead; or a field of the case that is
// not known here.
[[nodiscard]] std::vector<std::string> check_e2e_case(const nlohmann::json& recorded);

}  // namespace wavetank::conformance
