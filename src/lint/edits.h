// Changes of annotations as edits of the source: everything outside the edit stays byte for byte.
//
// Where a text cannot be changed with certainty (aliases, block scalars, JSON) there is no edit,
// and the finding goes without a fix.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lint/finding.h"
#include "model/resource.h"
#include "source/source_map.h"

namespace wavetank::lint {

using Edits = std::optional<std::vector<Edit>>;

struct Annotated {
  const model::Resource& resource;
  const source::SourceMap& sources;
};

// Adds the words that are missing to a comma-separated annotation; makes it if it is not there.
[[nodiscard]] Edits add_words(const Annotated& object, std::string_view key,
                              std::string_view words);
// Takes words out of a comma-separated annotation; the annotation goes with its last word.
[[nodiscard]] Edits remove_words(const Annotated& object, std::string_view key,
                                 std::string_view words);
[[nodiscard]] Edits remove_annotation(const Annotated& object, std::string_view key);
// Adds an annotation; `value` is written as it is, so it must be quoted if it needs to be.
[[nodiscard]] Edits set_annotation(const Annotated& object, std::string_view key,
                                   std::string_view value);

enum class FixLevel : std::uint8_t { Safe, Unsafe };

// One round of fixes. Of fixes that touch each other the first one counts; what is left of the
// others shows in the next round. A fix after which the text would not be read as before (an error
// more, another number of documents) is refused.
struct FixRound {
  std::map<source::FileId, std::string> texts;  // of the files that change
  std::vector<std::size_t> applied;             // indices of findings
  std::vector<std::size_t> refused;
};
// `unsafe` fixes are left out unless asked for.
[[nodiscard]] FixRound fix_round(const std::vector<Finding>& findings,
                                 const source::SourceMap& sources, FixLevel level);

// The texts of files after one round of fixes, by name.
[[nodiscard]] std::map<std::string, std::string> fixed_texts(const std::vector<Finding>& findings,
                                                             const source::SourceMap& sources,
                                                             FixLevel level);

}  // namespace wavetank::lint
