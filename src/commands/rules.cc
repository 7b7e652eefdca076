#include "commands/rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text_distance.h"
#include "lint/catalogue.h"
#include "lint/example.h"
#include "report/lint/rule_page.h"

namespace wavetank::commands {

Result list_rules() {
  Result result;
  for (const lint::Rule& rule : lint::catalogue()) {
    result.output += fmt::format("{}  {:<7}  {:<32}  {}\n", rule.code,
                                 report::severity_word(rule.severity), rule.slug, rule.summary);
  }
  return result;
}

std::vector<std::string> rule_codes() {
  std::vector<std::string> codes;
  for (const lint::Rule& rule : lint::catalogue()) codes.emplace_back(rule.code);
  return codes;
}

Result explain_rule(std::string_view code_or_slug) {
  std::vector<std::string_view> names;
  for (const lint::Rule& rule : lint::catalogue()) {
    if (rule.code == code_or_slug || rule.slug == code_or_slug)
      return {.output = report::rule_page(rule)};
    names.insert(names.end(), {rule.code, rule.slug});
  }
  for (const lint::DataRow& term : lint::data_table("glossary")) {
    if (base::same_letters(term.key, code_or_slug)) {
      return {.output = fmt::format("# {}\n\n{}\n\nSee also: {}\n", term.key, term.values[0],
                                    term.values[1])};
    }
    names.push_back(term.key);
  }
  const std::string_view near = base::nearest(code_or_slug, names);
  return {.errors = fmt::format("wavetank: no rule and no term is called `{}`{}\n", code_or_slug,
                                near.empty() ? "" : fmt::format("; did you mean `{}`?", near)),
          .exit = ExitCode::Usage};
}

Result rule_schema() { return {.output = std::string(lint::rule_schema())}; }

Result new_rule(std::string_view name) {
  const auto dash = std::min(name.find('-'), name.size());
  const std::string text =
      lint::new_rule_text(name.substr(0, dash), name.substr(std::min(dash + 1, name.size())));
  lint::OwnRules rules;
  std::vector<lint::OwnRuleError> errors;
  rules.add(name, text, errors);
  if (errors.empty()) return {.output = text};
  return {.errors = fmt::format("wavetank: {}; try `wavetank rules new X001-my-rule`\n",
                                errors.front().message),
          .exit = ExitCode::Usage};
}

ReadRules read_own_rules(const base::FileSystem& files, const std::vector<std::string>& paths) {
  ReadRules result;
  std::vector<lint::OwnRuleError> errors;
  const auto read = [&](const std::string& path) {
    const auto text = files.read(path);
    if (text) {
      result.rules.add(path, *text, errors);
    } else {
      errors.push_back({.path = path, .message = text.error().reason});
    }
  };
  for (const std::string& path : paths) {
    if (files.kind(path) != base::FileKind::Directory) {
      read(path);
      continue;
    }
    const auto entries = files.list(path);
    if (!entries) {
      errors.push_back({.path = path, .message = entries.error().reason});
      continue;
    }
    for (const base::DirectoryEntry& entry : *entries) {
      const bool is_rule = entry.name.ends_with(".yaml") || entry.name.ends_with(".yml");
      if (entry.kind == base::FileKind::File && is_rule) read(path + "/" + entry.name);
    }
  }
  for (const lint::OwnRuleError& error : errors) {
    result.errors += fmt::format("{}:{}: error: {}\n", error.path, error.line, error.message);
  }
  return result;
}

Result test_rules(const base::FileSystem& files, const std::vector<std::string>& paths) {
  const ReadRules own = read_own_rules(files, paths);
  if (!own.errors.empty()) return {.errors = own.errors, .exit = ExitCode::Usage};
  Result result;
  const auto rules = paths.empty() ? lint::catalogue() : own.rules.rules();
  std::size_t wrong = 0;
  std::size_t played = 0;
  for (const lint::Rule& rule : rules) {
    for (const lint::Example& example : rule.examples) {
      const std::string complaint =
          lint::complaint(example, lint::play_example(rule, example, own.rules.rules()));
      ++played;
      if (complaint.empty()) continue;
      ++wrong;
      result.output += fmt::format("{} {}: {}: {}\n", rule.code, example.is_bad ? "bad" : "good",
                                   example.title, complaint);
    }
  }
  result.output +=
      fmt::format("{} {}, {} {}: {} wrong\n", rules.size(), rules.size() == 1 ? "rule" : "rules",
                  played, played == 1 ? "example" : "examples", wrong);
  if (rules.empty()) result.errors = "wavetank: no rule was found\n";
  result.exit = rules.empty() ? ExitCode::Input : wrong > 0 ? ExitCode::Findings : ExitCode::Ok;
  return result;
}

}  // namespace wavetank::commands
