// What Argo CD's reader refuses although it is well-formed YAML: keys that JSON cannot have, merges
// of what is no mapping, numbers that JSON cannot write, alias bombs.
//
// Source: go.yaml.in/yaml/v2 decode.go and sigs.k8s.io/yaml.
#pragma once

#include <optional>

#include "yaml/parser.h"

namespace wavetank::yaml {

[[nodiscard]] std::optional<ParseError> check_acceptance(const Tree& tree);

}  // namespace wavetank::yaml
