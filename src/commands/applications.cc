#include "commands/applications.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text_distance.h"
#include "load/path.h"
#include "report/diagnostic_text.h"

namespace wavetank::commands {

Chosen choose_applications(const load::Project& project, const std::string& name) {
  Chosen chosen;
  std::vector<std::string_view> names;
  for (const model::Bundle& bundle : project.bundles) {
    if (!bundle.is_application) continue;
    names.push_back(bundle.name);
    if (name.empty() || bundle.name == name) chosen.bundles.push_back(&bundle);
  }
  if (!name.empty() && chosen.bundles.empty()) {
    const std::string_view near = base::nearest(name, names);
    chosen.error = fmt::format("no application is called `{}`{}", name,
                               near.empty() ? "" : fmt::format("; did you mean `{}`?", near));
  }
  return chosen;
}

std::string short_name(const model::Bundle& bundle) {
  return std::string(load::file_name(load::normal(bundle.settings.name)));
}

bool has_input_error(const load::Project& project) {
  return std::any_of(
      project.diagnostics.begin(), project.diagnostics.end(),
      [](const auto& diagnostic) { return diagnostic.severity == source::Severity::Error; });
}

std::string input_problems(const load::Project& project) {
  std::string text;
  for (const auto& diagnostic : project.diagnostics) {
    text += report::diagnostic_text(diagnostic, project.sources, report::Colour::Off) + "\n";
  }
  return text;
}

std::optional<model::Bundle> old_bundle(const load::Project& old, const load::Project& project,
                                        const model::Bundle& bundle) {
  const model::Bundle* found = nullptr;
  for (const model::Bundle& each : old.bundles) {
    const bool is_only = old.bundles.size() == 1 && project.bundles.size() == 1;
    if (is_only || each.name == bundle.name) found = &each;
  }
  if (found == nullptr) return std::nullopt;
  model::Bundle renamed = *found;
  renamed.name = bundle.name;
  renamed.settings.name = bundle.settings.name;
  return renamed;
}

}  // namespace wavetank::commands
