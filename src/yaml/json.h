// From a Tree to JSON, as Argo CD's reader gives it: aliases expanded, merges done, keys as text.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "yaml/tree.h"

namespace wavetank::yaml {

// The JSON of a node. REQUIRES: the document was accepted (no ParseError).
[[nodiscard]] nlohmann::json to_json(const Tree& tree, NodeId node);

// The JSON text of a node: sorted keys, no blanks, only `"`, `\` and control characters escaped,
// numbers as Argo CD writes them (in JSON documents: as they stand there).
[[nodiscard]] std::string canonical_json(const Tree& tree, NodeId node);

}  // namespace wavetank::yaml
