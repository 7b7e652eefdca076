// The pages about rules: what `wavetank explain` prints and docs/rules/ holds, as Markdown.
#pragma once

#include <string>

#include "lint/catalogue.h"

namespace wavetank::report {

[[nodiscard]] std::string rule_page(const lint::Rule& rule);
// The name of its file under docs/rules/.
[[nodiscard]] std::string rule_page_name(const lint::Rule& rule);
// All rules by family, with links to their pages.
[[nodiscard]] std::string rule_index();
[[nodiscard]] std::string_view severity_word(source::Severity severity);

}  // namespace wavetank::report
