// What users wrote to keep rules silent, and what it did.
//
//   # wavetank: ignore[HK001] reason        behind a line, or above it: this line; above the first
//                                           line of an object: the whole object
//   # wavetank: ignore-file[HK, AN004] …    the whole file
//   wavetank.dev/ignore: "HK001: reason"    an annotation: its object; several are parted by ;
//
// A word is a code, a prefix, a family or a name. What suppresses nothing, names no rule or gives
// no reason is a finding itself (SU001 to SU003), which cannot be suppressed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lint/finding.h"
#include "lint/lint.h"
#include "load/project.h"

namespace wavetank::lint {

inline constexpr std::string_view kIgnoreAnnotation = "wavetank.dev/ignore";

struct SuppressionWord {
  std::string text;
  source::Span span;
};

// One comment, or one entry of an annotation, as it is written.
struct Suppression {
  SuppressedBy by = SuppressedBy::Comment;
  source::Span span;    // of the comment from its `#`, or of the annotation's value
  source::Span covers;  // findings that begin here are suppressed
  std::vector<SuppressionWord> words;
  std::string reason;
  std::string unknown;  // not empty: `# wavetank: unknown`, which means nothing
};

// In order of file and place.
[[nodiscard]] std::vector<Suppression> suppressions_of(const load::Project& project);

// Takes out of `findings` (of the rules that `options` selects) what is suppressed, and adds what
// is to be said of the suppressions.
[[nodiscard]] Outcome apply_suppressions(const load::Project& project,
                                         std::vector<Finding> findings, const LintOptions& options);

}  // namespace wavetank::lint
