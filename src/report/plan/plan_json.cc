#include "report/plan/plan_json.h"

#include "report/diagnostic_json.h"
#include "report/plan/plan_words.h"

namespace wavetank::report {

using nlohmann::ordered_json;

ordered_json plan_json(const PlanView& view, const source::SourceMap& sources) {
  const auto key_json = [&](const model::ObjectKey& key) -> ordered_json {
    return {{"group", key.group},
            {"kind", key.kind},
            {"namespace", key.name_space},
            {"name", key.name}};
  };
  ordered_json steps = ordered_json::array();
  for (const sync::PlanStep& step : view.plan.steps) {
    ordered_json tasks = ordered_json::array();
    for (std::uint32_t i = step.first; i < step.last; ++i) {
      const sync::PlanTask& task = view.plan.tasks[i];
      ordered_json json = {{"object", key_json(model::resolve(task.key, *view.interner))},
                           {"phase", model::name(task.phase)},
                           {"wave", task.wave},
                           {"kindRank", task.kind_rank},
                           {"isHook", task.is_hook},
                           {"reason", place_words(view, task)},
                           {"location", nullptr}};
      if (task.target != UINT32_MAX) {
        const auto& resource = view.bundle->resources[view.resources[task.target]];
        json["location"] = span_json(resource.name_span, sources);
        if (task.is_hook) json["deletion"] = deletion_words(view.facts[task.target].policies);
      }
      tasks.push_back(std::move(json));
    }
    steps.push_back({{"phase", model::name(step.phase)},
                     {"wave", step.wave},
                     {"waitsForHooks", step.gates_hooks},
                     {"waitsForHealth", step.gates_resources},
                     {"tasks", std::move(tasks)}});
  }
  ordered_json left_out = ordered_json::array();
  const auto leave_out = [&](const model::Resource& resource) {
    left_out.push_back(
        {{"object", key_json(resource.key)}, {"reason", left_out_words(resource.hook)}});
  };
  for (const std::uint32_t target : view.plan.left_out) {
    leave_out(view.bundle->resources[view.resources[target]]);
  }
  for (const std::size_t index : view.delete_hooks) leave_out(view.bundle->resources[index]);
  return {{"application", view.bundle->name},
          {"directory", view.bundle->directory},
          {"namespace", view.bundle->settings.destination_namespace},
          {"steps", std::move(steps)},
          {"leftOut", std::move(left_out)}};
}

}  // namespace wavetank::report
