// The findings that a repository had when it adopted wavetank: they are not reported again.
//
// An entry is known by rule, object and the text it is about, never by its line, so that it holds
// when other lines move or the file does, and ends when what it is about changes. The file is a
// YAML list with one line for each entry, in a fixed order, so that branches merge.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "lint/finding.h"
#include "source/source_map.h"

namespace wavetank::lint {

struct BaselineEntry {
  std::string rule;
  std::string object;       // as model::full_name
  std::string fingerprint;  // of the text that the finding points at
  std::string file;         // where it was found, relative to the baseline's directory
  source::Span span;        // in the baseline itself

  // The same finding, in whichever file.
  [[nodiscard]] bool is_same(const BaselineEntry& other) const {
    return rule == other.rule && object == other.object && fingerprint == other.fingerprint;
  }
};

[[nodiscard]] BaselineEntry baseline_entry(const Finding& finding, const source::SourceMap& sources,
                                           std::string file);

struct BaselineError {
  std::uint32_t line = 1;
  std::string message;
};
// `file` is what the spans of the entries name.
[[nodiscard]] tl::expected<std::vector<BaselineEntry>, BaselineError> read_baseline(
    source::FileId file, std::string_view text);

[[nodiscard]] std::string baseline_text(std::vector<BaselineEntry> entries);

}  // namespace wavetank::lint
