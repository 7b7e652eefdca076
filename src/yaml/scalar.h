// What a scalar means to Argo CD's reader: YAML 1.1 words, numbers in four bases, tags.
//
// Source: go.yaml.in/yaml/v2 resolve.go; recorded in conformance/yaml.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "yaml/tree.h"

namespace wavetank::yaml {

// An integer that fits in 64 bits, signed or (only above the signed range) unsigned.
using Number = std::variant<std::int64_t, std::uint64_t, double>;

// The type of a scalar as written: `tag` is the resolved tag, empty when there is none.
// Nothing when the tag and the text contradict each other (`!!int x`).
[[nodiscard]] std::optional<ScalarType> scalar_type(std::string_view text, std::string_view tag,
                                                    ScalarStyle style);

// REQUIRES: the scalar's type is Bool.
[[nodiscard]] bool bool_value(std::string_view text);
// The value of an Int or Float scalar; infinities and NaN included.
[[nodiscard]] std::optional<Number> number_value(std::string_view text);

// The text under which a scalar key ends up in JSON: `y` is "true", 0x10 is "16".
// Nothing for keys that JSON cannot have (null).
[[nodiscard]] std::optional<std::string> key_text(const Node& key);

// Go's JSON form of a number: 1.5, 1e+21, 100000000000000000000.
[[nodiscard]] std::string format_number(double value);

}  // namespace wavetank::yaml
