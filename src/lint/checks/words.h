// Single words inside list annotations: where they stand, and what else they could mean.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/resource.h"
#include "source/source_map.h"

namespace wavetank::lint::checks {

struct WordAt {
  std::string_view text;
  source::Span span;  // of the word in the source, or of the whole value where it cannot be found
};

// The items of a comma-separated annotation value with their places.
[[nodiscard]] std::vector<WordAt> words_of(const model::MetadataEntry& entry,
                                           const source::SourceMap& sources);

// Whether two words are one but for case, hyphens, underscores and blanks.
[[nodiscard]] bool same_but_for_spelling(std::string_view a, std::string_view b);

// The valid word that was meant: one that differs in spelling only, else a near one; empty when
// nothing is near.
[[nodiscard]] std::string_view meant_word(std::string_view word,
                                          std::span<const std::string_view> valid);

// Whether something else fills the value in before Argo CD sees it: `${WAVE}`, `{{ .wave }}`.
[[nodiscard]] bool is_placeholder(std::string_view value);

// "did you mean `x`?" behind a help text; empty when `meant` is.
[[nodiscard]] std::string suggestion(std::string_view meant);

// The entry's value to point at; its key when the value is empty.
[[nodiscard]] source::Span value_span(const model::MetadataEntry& entry);

}  // namespace wavetank::lint::checks
