// From text to Trees: splits into documents, parses each, and says what Argo CD would refuse.
//
// libyaml does the parsing; Argo CD uses a port of it, so both accept the same texts. A broken
// document does not hide the others, although Argo CD would read nothing behind it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "source/span.h"
#include "yaml/tree.h"

namespace wavetank::yaml {

enum class ErrorKind : std::uint8_t { Syntax, OverLimit };

struct ParseError {
  ErrorKind kind = ErrorKind::Syntax;
  std::string message;               // one clause, in the words of libyaml or of Argo CD's reader
  source::Span span;                 // where it was noticed; may be empty
  std::uint32_t line_in_argocd = 0;  // as Argo CD would print it, within the document; 0: none
};

struct Document {
  Tree tree;  // what was read before an error, if there is one
  std::optional<ParseError> error;
  source::Span span;

  // Comments and blanks only, or a lone null: Argo CD drops such a document without a word.
  [[nodiscard]] bool is_empty() const;
};

// Deeper nesting than this is an error, as in Argo CD.
inline constexpr std::size_t kDepthMax = 10'000;

// REQUIRES: `text` is what the SourceMap holds for `file` and outlives the documents.
[[nodiscard]] std::vector<Document> parse_documents(source::FileId file, std::string_view text);

}  // namespace wavetank::yaml
