#include "commands/rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text_distance.h"
#include "lint/catalogue.h"
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

Result explain_rule(std::string_view code_or_slug) {
  std::vector<std::string_view> names;
  for (const lint::Rule& rule : lint::catalogue()) {
    if (rule.code == code_or_slug || rule.slug == code_or_slug)
      return {.output = report::rule_page(rule)};
    names.insert(names.end(), {rule.code, rule.slug});
  }
  const std::string_view near = base::nearest(code_or_slug, names);
  return {.errors = fmt::format("wavetank: no rule is called `{}`{}\n", code_or_slug,
                                near.empty() ? "" : fmt::format("; did you mean `{}`?", near)),
          .exit = ExitCode::Usage};
}

}  // namespace wavetank::commands
