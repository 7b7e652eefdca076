#include "report/lint/rule_page.h"

#include <fmt/format.h>

namespace wavetank::report {

namespace {

std::string files_of(std::span<const lint::ExampleFile> files) {
  std::string out;
  for (const lint::ExampleFile& file : files) {
    out += fmt::format("`{}`\n\n```yaml\n{}```\n\n", file.path, file.text);
  }
  return out;
}

std::string example_of(const lint::Example& example) {
  std::string out = fmt::format("### {}: {}\n\n", example.is_bad ? "Bad" : "Good", example.title);
  if (!example.argocd.empty()) out += fmt::format("With Argo CD {}.\n\n", example.argocd);
  if (!example.assume.empty()) out += fmt::format("With `--assume {}`.\n\n", example.assume);
  if (!example.before.empty()) {
    out += fmt::format("The revision before:\n\n{}And now:\n\n", files_of(example.before));
  }
  out += files_of(example.files);
  if (!example.simulate.empty()) {
    out += fmt::format("`wavetank simulate {}` shows it.\n\n", example.simulate);
  }
  if (!example.fixed.empty()) out += fmt::format("Fixed:\n\n{}", files_of(example.fixed));
  return out;
}

// A text with what a finding fills in as capitals: "{object} is deleted" -> "OBJECT is deleted".
std::string with_capitals(std::string_view text) {
  std::string out;
  bool is_hole = false;
  for (const char c : text) {
    if (c == '{' || c == '}') {
      is_hole = c == '{';
    } else {
      out += is_hole && c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    }
  }
  return out;
}

std::string words_of(const lint::Rule& rule) {
  const lint::Words& words = rule.words.front();
  std::string out = fmt::format("## What it says\n\n{}\n", with_capitals(words.message));
  if (!words.consequence.empty()) {
    out += fmt::format("\nArgo CD: {}\n", with_capitals(words.consequence));
  }
  if (!words.help.empty()) out += fmt::format("\nHelp: {}\n", with_capitals(words.help));
  return out;
}

std::string scenario_of(const lint::Rule& rule) {
  if (rule.scenario.empty()) return "";
  return fmt::format(
      "Played: `wavetank simulate scenarios/{0}/scenario.yaml` shows what happens, `{0}-fixed` the "
      "cure.\n\n",
      rule.scenario);
}

}  // namespace

std::string_view severity_word(source::Severity severity) {
  switch (severity) {
    case source::Severity::Error: return "error";
    case source::Severity::Warning: return "warning";
    case source::Severity::Info: return "info";
  }
  return "";
}

std::string rule_page_name(const lint::Rule& rule) {
  return fmt::format("{}-{}.md", rule.code, rule.slug);
}

std::string rule_page(const lint::Rule& rule) {
  std::string out = fmt::format(
      "# {} {}\n\n{}\n\n{}, {} confidence, {} since {}\n\n## What it finds\n\n{}\n\n"
      "## Why it matters\n\n{}\n\n{}{}\n## When to ignore it\n\n{}\n\n## Examples\n\n",
      rule.code, rule.slug, rule.summary, severity_word(rule.severity), rule.confidence,
      rule.status, rule.since, rule.what, rule.why, scenario_of(rule), words_of(rule),
      rule.when_to_ignore);
  for (const lint::Example& example : rule.examples) out += example_of(example);
  if (!rule.references.empty()) out += "## References\n\n";
  for (const std::string_view reference : rule.references) {
    out += fmt::format("- {}\n", reference);
  }
  while (out.ends_with("\n\n")) out.pop_back();
  return out;
}

std::string rule_index() {
  std::string out = fmt::format(
      "# Rules\n\nAll {} of them. `wavetank explain CODE` prints the same pages. How to write one: "
      "[rules/README.md](../../rules/README.md).\n",
      lint::catalogue().size());
  for (const lint::DataRow& family : lint::data_table("families")) {
    out += fmt::format("\n## {} {}\n\n{}\n\n| code | severity | finds |\n|---|---|---|\n",
                       family.values[0], family.key, family.values[1]);
    for (const lint::Rule& rule : lint::catalogue()) {
      if (rule.family != family.key) continue;
      out += fmt::format("| [{}]({}) | {} | {} |\n", rule.code, rule_page_name(rule),
                         severity_word(rule.severity), rule.summary);
    }
  }
  return out;
}

}  // namespace wavetank::report
