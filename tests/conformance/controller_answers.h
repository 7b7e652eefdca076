// What our model of the application controller says to the inputs of the recorded families that
// take more than a few lines to ask. Inputs and answers:
// ../shared/conformance/controller/README.md.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace wavetank::conformance {

[[nodiscard]] nlohmann::json answer_operation(const nlohmann::json& in);
[[nodiscard]] nlohmann::json answer_autosync(const nlohmann::json& in);
[[nodiscard]] nlohmann::json answer_refresh(const nlohmann::json& in);
[[nodiscard]] nlohmann::json answer_deletion(const nlohmann::json& in);
[[nodiscard]] nlohmann::json answer_compare(const nlohmann::json& in);
[[nodiscard]] nlohmann::json answer_settings(const nlohmann::json& in);

}  // namespace wavetank::conformance
