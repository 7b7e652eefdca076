#include "commands/plan.h"

#include <fmt/format.h>

#include "commands/applications.h"
#include "commands/plan_view.h"
#include "report/diagnostic_json.h"
#include "report/input_summary.h"
#include "report/plan/plan_json.h"

namespace wavetank::commands {

Result run_plan(const base::FileSystem& files, const PlanRequest& request) {
  const load::Project project = load::load_project(files, request.load);
  Result result;
  result.errors = input_problems(project);
  result.exit = has_input_error(project) ? ExitCode::Input : ExitCode::Ok;
  const Chosen chosen = choose_applications(project, request.application);
  if (!chosen.error.empty()) {
    result.errors += fmt::format("wavetank: {}\n", chosen.error);
    result.exit = ExitCode::Usage;
    return result;
  }
  nlohmann::ordered_json plans = nlohmann::ordered_json::array();
  for (const model::Bundle* bundle : chosen.bundles) {
    const report::PlanView view = make_plan_view(*bundle, request.version);
    switch (request.format) {
      case Format::Text:
        result.output += report::plan_text(view, request.detail, request.colour) + "\n";
        break;
      case Format::Json: plans.push_back(report::plan_json(view, project.sources)); break;
    }
  }
  switch (request.format) {
    case Format::Text: result.output += report::input_summary(project) + "\n"; break;
    case Format::Json:
      result.output = report::json_text({{"schemaVersion", 1},
                                         {"argocdVersion", model::to_string(request.version)},
                                         {"plans", std::move(plans)},
                                         {"input", report::input_json(project)}});
      break;
  }
  return result;
}

}  // namespace wavetank::commands
