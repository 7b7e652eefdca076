#include "commands/rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text_distance.h"
#include "lint/catalogue.h"

namespace wavetank::commands {

namespace {

std::string_view word(source::Severity severity) {
  switch (severity) {
    case source::Severity::Error: return "error";
    case source::Severity::Warning: return "warning";
    case source::Severity::Info: return "info";
  }
  return "";
}

std::string page(const lint::Rule& rule) {
  std::string out = fmt::format(
      "{} {} ({})\n\n{}.\n\nWhat it finds\n  {}\n\nWhy it matters\n  {}\n"
      "\nWhen to ignore it\n  {}\n",
      rule.code, rule.slug, word(rule.severity), rule.summary, rule.what, rule.why,
      rule.when_to_ignore);
  for (const lint::Example& example : rule.examples) {
    out += fmt::format("\n{}: {}\n", example.is_bad ? "Bad" : "Good", example.title);
    for (const lint::ExampleFile& file : example.files) {
      out += fmt::format("\n  {}\n", file.path);
      for (std::string_view text = file.text; !text.empty();) {
        const auto end = std::min(text.find('\n'), text.size());
        out += fmt::format("    {}\n", text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
      }
    }
  }
  if (!rule.references.empty()) out += "\nReferences\n";
  for (const std::string_view reference : rule.references) out += fmt::format("  {}\n", reference);
  return out;
}

}  // namespace

Result list_rules() {
  Result result;
  for (const lint::Rule& rule : lint::catalogue()) {
    result.output += fmt::format("{}  {:<7}  {:<32}  {}\n", rule.code, word(rule.severity),
                                 rule.slug, rule.summary);
  }
  return result;
}

Result explain_rule(std::string_view code_or_slug) {
  std::vector<std::string_view> names;
  for (const lint::Rule& rule : lint::catalogue()) {
    if (rule.code == code_or_slug || rule.slug == code_or_slug) return {.output = page(rule)};
    names.insert(names.end(), {rule.code, rule.slug});
  }
  const std::string_view near = base::nearest(code_or_slug, names);
  return {.errors = fmt::format("wavetank: no rule is called `{}`{}\n", code_or_slug,
                                near.empty() ? "" : fmt::format("; did you mean `{}`?", near)),
          .exit = ExitCode::Usage};
}

}  // namespace wavetank::commands
