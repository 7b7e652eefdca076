// The findings of a lint run, prepared once for every format: which are shown, how many there are,
// what identifies each, and what the files are called from the root of the repository.
//
// formats/ has a renderer for each format; lint_output chooses among them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lint/catalogue.h"
#include "lint/finding.h"
#include "lint/lint.h"
#include "load/project.h"
#include "report/paint.h"

namespace wavetank::report {

enum class LintFormat : std::uint8_t {
  Full,
  Compact,
  Grouped,
  Json,
  JsonLines,
  Sarif,
  Github,
  Gitlab,
  Junit,
  Checkstyle,
  Rdjson,
  Markdown,
};

struct FormatName {
  std::string_view name;
  LintFormat format;
};
// Every name that --format takes, but `auto`.
inline constexpr std::array kLintFormats{
    FormatName{"full", LintFormat::Full}, FormatName{"compact", LintFormat::Compact},
    FormatName{"grouped", LintFormat::Grouped}, FormatName{"json", LintFormat::Json},
    FormatName{"jsonl", LintFormat::JsonLines}, FormatName{"sarif", LintFormat::Sarif},
    FormatName{"github", LintFormat::Github}, FormatName{"gitlab", LintFormat::Gitlab},
    FormatName{"junit", LintFormat::Junit}, FormatName{"checkstyle", LintFormat::Checkstyle},
    FormatName{"rdjson", LintFormat::Rdjson}, FormatName{"markdown", LintFormat::Markdown},
    // Names for what others are today.
    FormatName{"text", LintFormat::Full}, FormatName{"json-v1", LintFormat::Json}};

// A finding of a rule, or what is wrong with the input itself.
struct LintEntry {
  const source::Diagnostic* diagnostic = nullptr;
  const lint::Finding* finding = nullptr;  // null: about the input
  std::string fingerprint;                 // of what it is about, not of where it stands
};

struct LintCounts {
  std::array<std::size_t, 3> by_severity{};  // by source::Severity
  std::size_t fixable = 0;

  [[nodiscard]] std::size_t of(source::Severity severity) const {
    return by_severity.at(static_cast<std::size_t>(severity));
  }
};

// Where the run took place, both absolute; empty when not known.
struct LintPlace {
  std::string directory;
  std::string repository;  // the root of the git repository
};

enum class LintDetail : std::uint8_t { Findings, Statistics };

struct LintReportOptions {
  std::optional<std::size_t> max_findings;  // show no more than the gravest so many
  std::optional<source::Severity> fail_on;  // see commands/lint.h
  std::span<const lint::Rule> own_rules;
  std::span<const lint::Suppressed> suppressed;  // for the formats that tell of them
  LintPlace place;
  LintDetail detail = LintDetail::Findings;  // of the formats for people
};

// A finding that is not reported, with the words of who suppressed it.
struct LintSuppressed {
  LintEntry entry;
  const lint::Suppressed* suppressed = nullptr;
};

struct LintReport {
  const load::Project* project = nullptr;
  LintReportOptions options;
  std::vector<LintEntry> entries;  // what is shown: the input first, then by file and position
  std::vector<LintSuppressed> suppressed;
  LintCounts counts;                                            // of all but the suppressed
  std::size_t left_out = 0;                                     // by max_findings
  std::vector<std::pair<std::string, std::size_t>> statistics;  // of all, by code; most first
};

[[nodiscard]] LintReport make_lint_report(const load::Project& project,
                                          const std::vector<lint::Finding>& findings,
                                          const LintReportOptions& options);

// A text in a format, and what had to be left out of it because its readers take no more.
struct LintOutput {
  std::string text;
  std::string note;  // one sentence; empty when it is all there
};
[[nodiscard]] LintOutput lint_output(const LintReport& report, LintFormat format, Colour colour);

// "2 errors, 0 warnings, 0 infos (2 with a fix); 7 files checked (11 objects)".
[[nodiscard]] std::string lint_summary(const LintReport& report);

// What a file is called in the repository: the way services name it. As the user wrote it when it
// is outside of one.
[[nodiscard]] std::string repository_path(const LintReport& report, std::string_view path);

// The rule that found something; null for the input itself.
[[nodiscard]] const lint::Rule* rule_of(const LintReport& report, const LintEntry& entry);

// What is wrong, what Argo CD will do and what to do: one line each, and no other line breaks or
// control characters.
[[nodiscard]] std::string whole_message(const source::Diagnostic& diagnostic);

// For readers with a limit: the gravest so many, in their order.
[[nodiscard]] std::vector<const LintEntry*> gravest_entries(const std::vector<LintEntry>& entries,
                                                            std::size_t limit);

}  // namespace wavetank::report
