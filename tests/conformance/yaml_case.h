// Recorded readings of YAML: a text, or a file of the corpus, and the documents that come out of
// it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "conformance/verdict.h"

namespace wavetank::conformance {

[[nodiscard]] bool is_yaml_text_case(const nlohmann::json& vector);
[[nodiscard]] bool is_yaml_file_case(const nlohmann::json& vector);

// REQUIRES: is_yaml_text_case(vector).
[[nodiscard]] Verdict check_yaml_text(const nlohmann::json& vector);
// REQUIRES: is_yaml_file_case(vector). `text` is the content of the file it names.
[[nodiscard]] Verdict check_yaml_file(const nlohmann::json& vector, const std::string& text);

}  // namespace wavetank::conformance
