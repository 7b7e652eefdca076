// Writes a JSON value as YAML that kubectl reads back as the same value.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace wavetank::yaml {

// One document, ended by a line break, without `---`.
[[nodiscard]] std::string to_yaml(const nlohmann::json& value);

}  // namespace wavetank::yaml
