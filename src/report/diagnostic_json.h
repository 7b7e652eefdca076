// Diagnostics and findings as JSON; docs/schemas describes the fields.
#pragma once

#include <nlohmann/json.hpp>

#include "source/diagnostic.h"
#include "source/source_map.h"

namespace wavetank::report {

// Null for an invalid span.
[[nodiscard]] nlohmann::ordered_json span_json(source::Span span, const source::SourceMap& sources);
[[nodiscard]] nlohmann::ordered_json diagnostic_json(const source::Diagnostic& diagnostic,
                                                     const source::SourceMap& sources);
// Text of a JSON value for output: two blanks of indentation, invalid UTF-8 replaced.
[[nodiscard]] std::string json_text(const nlohmann::ordered_json& value);

}  // namespace wavetank::report
