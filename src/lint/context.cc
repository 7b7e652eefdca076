#include "lint/context.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "health/health.h"

namespace wavetank::lint {

Context::Context(const Surroundings& surroundings, const model::Bundle& application,
                 const Context* earlier)
    : project(surroundings.project),
      survey(surroundings.survey),
      bundle(application),
      version(surroundings.version),
      assumptions(surroundings.assumptions),
      before(earlier),
      tasks_(application.resources.size()) {
  for (std::uint32_t i = 0; i < bundle.resources.size(); ++i) {
    references_.push_back(model::references_of(bundle.resources[i]));
    by_key_.push_back(i);
  }
  std::stable_sort(by_key_.begin(), by_key_.end(), [&](std::uint32_t a, std::uint32_t b) {
    return bundle.resources[a].key < bundle.resources[b].key;
  });
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

std::size_t Context::index_of(const model::Resource& resource) const {
  return static_cast<std::size_t>(&resource - bundle.resources.data());
}

const std::vector<std::uint32_t>& Context::tasks_of(const model::Resource& resource) const {
  return tasks_[index_of(resource)];
}

const std::vector<model::Reference>& Context::references_of(const model::Resource& resource) const {
  return references_[index_of(resource)];
}

bool Context::is_gate(const model::Resource& resource) const {
  const auto& tasks = tasks_of(resource);
  return std::any_of(tasks.begin(), tasks.end(),
                     [&](std::uint32_t task) { return is_awaited(task); });
}

bool Context::has_health(const model::Resource& resource) const {
  if (survey.has_custom_health(resource.key.group, resource.key.kind)) return true;
  const nlohmann::json object{{"apiVersion", resource.api_version},
                              {"kind", resource.key.kind},
                              {"metadata", {{"name", "any"}}}};
  return health::assess(object, version).has_value();
}

bool Context::is_awaited(std::uint32_t task) const {
  const sync::PlanStep& step = plan_.steps[plan_.step_of(task)];
  return plan_.tasks[task].is_hook ? step.gates_hooks : step.gates_resources;
}

source::Label Context::plan_line(std::uint32_t task) const {
  const sync::PlanTask& entry = plan_.tasks[task];
  source::Label line{.text = fmt::format("step {}  {}/{}  {}", plan_.step_of(task) + 1,
                                         model::name(entry.phase), entry.wave, name_of(task))};
  for (const model::Resource& resource : bundle.resources) {
    const auto& own = tasks_of(resource);
    if (std::find(own.begin(), own.end(), task) != own.end()) line.span = resource.name_span;
  }
  return line;
}

std::string Context::name_of(std::uint32_t task) const {
  return model::short_name(model::resolve(plan_.tasks[task].key, interner_));
}

const model::Resource* Context::find(const model::ObjectKey& key) const {
  const auto found = std::lower_bound(by_key_.begin(), by_key_.end(), key,
                                      [&](std::uint32_t index, const model::ObjectKey& wanted) {
                                        return bundle.resources[index].key < wanted;
                                      });
  if (found == by_key_.end() || bundle.resources[*found].key != key) return nullptr;
  return &bundle.resources[*found];
}

const model::Resource* Context::find(std::string_view kind, std::string_view name,
                                     std::string_view name_space) const {
  return find(model::ObjectKey{.group = "",
                               .kind = std::string(kind),
                               .name_space = std::string(name_space),
                               .name = std::string(name)});
}

}  // namespace wavetank::lint
