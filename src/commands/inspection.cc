#include "commands/inspection.h"

#include <fmt/format.h>

#include "commands/baseline.h"
#include "commands/configure.h"
#include "commands/layered_files.h"
#include "commands/touching.h"

namespace wavetank::commands {

Setup set_up(const base::FileSystem& files, const LintRequest& asked) {
  const Configured configured = configure(files, asked);
  if (!configured.errors.empty()) return {.errors = configured.errors};
  Setup setup{.request = configured.request};
  const LintRequest& request = setup.request;
  setup.load = request.load;
  setup.options = request.lint;
  setup.own = read_own_rules(files, request.rule_paths);
  setup.errors += setup.own.errors;
  const std::string assume = request.assume.value_or("");
  if (const auto assumptions = lint::parse_assumptions(assume)) {
    setup.options.assumptions = *assumptions;
  } else {
    setup.errors += fmt::format(
        "wavetank: `{}` is no list of assumptions such as load-balancers=no,crds=none\n", assume);
  }
  setup.baseline = request.baseline;
  setup.errors += unknown_rules_of(configured.config, setup.all_options());
  if (!setup.errors.empty()) return setup;
  for (const lint::UnknownRule& unknown : lint::unknown_rules(setup.all_options())) {
    setup.errors += fmt::format(
        "wavetank: no rule, prefix or family is called `{}`{}\n", unknown.text,
        unknown.suggestion.empty() ? "" : fmt::format("; did you mean `{}`?", unknown.suggestion));
  }
  if (setup.errors.empty() && !request.before.empty()) {
    load::LoadOptions before = request.load;
    if (before.renderer) {
      before.renderer = std::make_shared<RendererBelow>(before.renderer, request.before);
    }
    setup.before = load::load_project(FilesBelow(files, request.before), before);
  }
  return setup;
}

lint::LintOptions Setup::all_options() const {
  lint::LintOptions all = options;
  all.own_rules = own.rules.rules();
  if (before) all.before = &*before;
  return all;
}

namespace {

std::string_view words_of(lint::SuppressedBy by) {
  switch (by) {
    case lint::SuppressedBy::Comment: return "by a comment";
    case lint::SuppressedBy::FileComment: return "by a comment for the whole file";
    case lint::SuppressedBy::Annotation: return "by an annotation";
    case lint::SuppressedBy::Config: return "by the configuration of its path";
  }
  return "";
}

// The account of what is not reported.
void note_suppressed(const std::vector<lint::Suppressed>& suppressed, load::Project& project) {
  for (const lint::Suppressed& each : suppressed) {
    source::Diagnostic note = each.finding.diagnostic;
    note.message = fmt::format("{} {}: suppressed {}{}{}", note.code, note.slug, words_of(each.by),
                               each.reason.empty() ? "" : ": ", each.reason);
    note.code = "IN012";
    note.slug = "suppressed";
    project.notes.push_back(std::move(note));
  }
}

}  // namespace

Inspection inspect(const base::FileSystem& files, const Setup& setup) {
  Inspection inspection;
  inspection.project = load::load_project(files, setup.load);
  lint::Outcome outcome = lint::lint_all(inspection.project, setup.all_options());
  inspection.findings = std::move(outcome.findings);
  inspection.suppressed = std::move(outcome.suppressed);
  note_suppressed(inspection.suppressed, inspection.project);
  if (!setup.baseline.empty()) inspection.errors = apply_baseline(files, setup, inspection);
  if (setup.request.touching) keep_touching(files, *setup.request.touching, inspection);
  return inspection;
}

}  // namespace wavetank::commands
