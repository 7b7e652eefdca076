// JSON values with positions. Argo CD reads a stream of JSON by Go's encoding/json, which accepts
// less than YAML (no comments, no trailing commas) and more (surrogate pairs in escapes).
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "yaml/builder.h"

namespace wavetank::yaml {

// Where the JSON value that begins at `begin` ends; nothing when there is no valid value.
[[nodiscard]] std::optional<std::size_t> json_value_end(std::string_view text, std::size_t begin);

// Builds the tree of a value that json_value_end accepts. Offsets are those of `text`.
void read_json(std::string_view text, std::size_t begin, TreeBuilder& builder);

}  // namespace wavetank::yaml
