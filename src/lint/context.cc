#include "lint/context.h"

#include <fmt/format.h>

#include <algorithm>

namespace wavetank::lint {

Context::Context(const load::Project& whole, const model::Bundle& application,
                 model::ArgocdVersion argocd)
    : project(whole), bundle(application), version(argocd), tasks_(application.resources.size()) {
  const std::vector<std::size_t> targets = bundle.targets();
  for (const std::size_t index : targets) {
    facts_.push_back(model::facts_of(bundle.resources[index], interner_));
  }
  const sync::Operation operation{
      .version = version,
      .name_space = interner_.intern(bundle.settings.destination_namespace),
      .settings = {.create_namespace = bundle.settings.has_option("CreateNamespace=true")}};
  plan_ = sync::make_plan(facts_, operation, interner_);
  for (std::uint32_t i = 0; i < plan_.tasks.size(); ++i) {
    const std::uint32_t target = plan_.tasks[i].target;
    if (target != UINT32_MAX) tasks_[targets[target]].push_back(i);
  }
}

const std::vector<std::uint32_t>& Context::tasks_of(const model::Resource& resource) const {
  return tasks_[static_cast<std::size_t>(&resource - bundle.resources.data())];
}

bool Context::is_awaited(std::uint32_t task) const {
  const sync::PlanStep& step = plan_.steps[plan_.step_of(task)];
  return plan_.tasks[task].is_hook ? step.gates_hooks : step.gates_resources;
}

std::string Context::plan_line(std::uint32_t task) const {
  const sync::PlanTask& entry = plan_.tasks[task];
  return fmt::format("step {}  {}/{}  {}", plan_.step_of(task) + 1, model::name(entry.phase),
                     entry.wave, model::short_name(model::resolve(entry.key, interner_)));
}

const model::Resource* Context::find(std::string_view kind, std::string_view name,
                                     std::string_view name_space) const {
  const auto found = std::find_if(
      bundle.resources.begin(), bundle.resources.end(), [&](const model::Resource& resource) {
        return resource.key.group.empty() && resource.key.kind == kind &&
               resource.key.name == name && resource.key.name_space == name_space;
      });
  return found == bundle.resources.end() ? nullptr : &*found;
}

}  // namespace wavetank::lint
