// The rules as the generator compiled them in: words, severity, the check, and their own examples.
//
// rulegen/main.cc writes catalogue_data.cc from rules/; the fields are those of the rule files, see
// rules/README.md.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "lint/matcher.h"
#include "source/diagnostic.h"

namespace wavetank::lint {

// The texts of a finding, with {holes} that the check fills. Empty ones say nothing.
struct Words {
  std::string_view variant;  // empty: the default
  std::string_view message;
  std::string_view label;
  std::string_view consequence;
  std::string_view help;
};

struct ExampleFile {
  std::string_view path;
  std::string_view text;
};

struct Example {
  std::string_view title;
  bool is_bad = false;
  std::span<const ExampleFile> files;
  std::span<const ExampleFile> before;  // the revision before; empty: none is known
  std::span<const ExampleFile> fixed;   // what the fixes make of files; empty: they change nothing
  std::string_view argocd;              // the version; empty: the newest
  std::string_view assume;              // what is known of the cluster; see assumptions.h
  std::string_view simulate;            // arguments of `wavetank simulate` that show it
};

using Check = void (*)(const Context& context, Reporter& reporter);

struct Rule {
  std::string_view code;
  std::string_view slug;
  std::string_view family;
  std::string_view summary;
  source::Severity severity = source::Severity::Error;
  std::string_view confidence;
  std::string_view scope;   // document, application or plan
  std::string_view since;   // the first version with it
  std::string_view status;  // preview, stable or deprecated
  Check check = nullptr;    // null: the matcher decides
  Matcher matcher;
  std::string_view what;
  std::string_view why;
  std::string_view when_to_ignore;
  std::string_view scenario;  // under scenarios/, shows it; its twin with -fixed shows the cure
  std::span<const std::string_view> references;
  std::span<const Words> words;  // the default first
  std::span<const Example> examples;
};

// All rules by code.
[[nodiscard]] std::span<const Rule> catalogue();

// rules/rule.schema.json.
[[nodiscard]] std::string_view rule_schema();

// A row of a table under rules/data/: the key and its fields in the order of the file.
struct DataRow {
  std::string_view key;
  std::span<const std::string_view> values;
};
// The rows of rules/data/<table>.yaml; empty for an unknown table.
[[nodiscard]] std::span<const DataRow> data_table(std::string_view table);

}  // namespace wavetank::lint
