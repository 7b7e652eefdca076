#include "commands/inspection.h"

#include <fmt/format.h>

#include "commands/config.h"
#include "commands/layered_files.h"

namespace wavetank::commands {

Setup set_up(const base::FileSystem& files, const LintRequest& request) {
  Setup setup{.load = request.load, .options = request.lint};
  const ReadConfig read = read_config(files);
  setup.errors = read.errors;
  std::vector<std::string> paths = read.config.rules;
  paths.insert(paths.end(), request.rule_paths.begin(), request.rule_paths.end());
  setup.own = read_own_rules(files, paths);
  setup.errors += setup.own.errors;
  const std::string assume = request.assume.value_or(read.config.assume);
  if (const auto assumptions = lint::parse_assumptions(assume)) {
    setup.options.assumptions = *assumptions;
  } else {
    setup.errors += fmt::format(
        "wavetank: `{}` is no list of assumptions such as load-balancers=no,crds=none\n", assume);
  }
  lint::LintOptions known = setup.options;
  known.own_rules = setup.own.rules.rules();
  for (const lint::UnknownRule& unknown : lint::unknown_rules(known)) {
    setup.errors += fmt::format(
        "wavetank: no rule, prefix or family is called `{}`{}\n", unknown.text,
        unknown.suggestion.empty() ? "" : fmt::format("; did you mean `{}`?", unknown.suggestion));
  }
  if (setup.errors.empty() && !request.before.empty()) {
    setup.before = load::load_project(FilesBelow(files, request.before), request.load);
  }
  return setup;
}

Inspection inspect(const base::FileSystem& files, const Setup& setup) {
  Inspection inspection;
  inspection.project = load::load_project(files, setup.load);
  lint::LintOptions options = setup.options;
  options.own_rules = setup.own.rules.rules();
  if (setup.before) options.before = &*setup.before;
  inspection.findings = lint::lint(inspection.project, options);
  return inspection;
}

}  // namespace wavetank::commands
