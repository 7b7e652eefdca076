#include "commands/plan_view.h"

#include "application/hook_view.h"
#include "application/targets.h"

namespace wavetank::commands {

report::PlanView make_plan_view(const model::Bundle& bundle, model::ArgocdVersion version) {
  report::PlanView view{.bundle = &bundle, .interner = std::make_unique<base::Interner>()};
  for (const std::size_t index : bundle.targets()) {
    const model::Resource& resource = bundle.resources[index];
    if (!application::takes_part_in_sync(resource.hook)) {
      view.delete_hooks.push_back(index);
      continue;
    }
    view.resources.push_back(index);
    view.facts.push_back(model::facts_of(resource, *view.interner));
  }
  const sync::Operation operation{
      .version = version,
      .revision = "0000000",
      .name_space = view.interner->intern(bundle.settings.destination_namespace),
      .settings = application::settings_of(bundle.settings)};
  view.plan = sync::make_plan(view.facts, operation, *view.interner);
  return view;
}

}  // namespace wavetank::commands
