// Cuts a text into documents before any parsing, where Argo CD cuts it.
//
// A line that begins with `---` ends a document whatever YAML would make of it there, be it inside
// a quoted scalar. A text that begins with `{` is read as a stream of JSON values for as long as
// that works. Source: k8s.io/apimachinery/pkg/util/yaml (YAMLOrJSONDecoder, YAMLReader).
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace wavetank::yaml {

enum class Syntax : std::uint8_t {
  Yaml,
  Json,          // a complete, valid JSON value
  BadSeparator,  // a separator line with more than a comment behind it; Argo CD stops here
};

struct Chunk {
  Syntax syntax = Syntax::Yaml;
  std::size_t begin = 0;  // bytes of the text
  std::size_t end = 0;
};

[[nodiscard]] std::vector<Chunk> split_documents(std::string_view text);

}  // namespace wavetank::yaml
