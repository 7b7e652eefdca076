// XR: one object in several applications of one cluster.

#include <fmt/format.h>

#include <algorithm>

#include "lint/checks.h"
#include "lint/checks/facts.h"

namespace wavetank::lint::checks {

namespace {

// Another application of the same Argo CD and destination that deploys an object; null when there
// is none. Applications that no common parent deploys may live in different Argo CDs.
const Deployment* other_owner(const Context& context, const model::Resource& resource) {
  for (const Deployment& other : context.survey.deployments(context.bundle, resource.key)) {
    if (other.bundle == &context.bundle || other.bundle->name == context.bundle.name) continue;
    if (context.survey.live_together(context.bundle, *other.bundle)) return &other;
  }
  return nullptr;
}

bool has_object(const model::Bundle& bundle, const model::ObjectKey& key) {
  return std::any_of(bundle.resources.begin(), bundle.resources.end(),
                     [&](const model::Resource& resource) { return resource.key == key; });
}

// What the pods of one application need and only another one deploys.
struct ForeignNeed {
  const model::Resource* user = nullptr;
  model::Reference reference;
  const model::Resource* provider = nullptr;
};
std::optional<ForeignNeed> foreign_need(const Survey& survey, const model::Bundle& bundle,
                                        const model::Bundle& other) {
  if (survey.destination_of(bundle) != survey.destination_of(other)) return std::nullopt;
  for (const model::Resource& user : bundle.resources) {
    if (user.key.kind == "CronJob" || user.hook.is_skip) continue;
    for (const model::Reference& reference : model::references_of(user)) {
      if (reference.optional) continue;
      const model::ObjectKey key{.group = "",
                                 .kind = std::string(reference.kind),
                                 .name_space = user.key.name_space,
                                 .name = std::string(reference.name)};
      if (has_object(bundle, key)) continue;
      const auto provider = std::find_if(
          other.resources.begin(), other.resources.end(), [&](const model::Resource& resource) {
            return resource.key == key && !resource.hook.is_ignored && !resource.hook.is_skip;
          });
      if (provider == other.resources.end()) continue;
      return ForeignNeed{.user = &user, .reference = reference, .provider = &*provider};
    }
  }
  return std::nullopt;
}

bool is_declared(const Context& context) {
  return context.survey.application_of(context.bundle) != nullptr;
}

// `relation`: how the other Application has the resource as well.
void report_shared(const Context& context, Reporter& reporter, const model::Resource& resource,
                   const Deployment& other, std::string_view relation) {
  const std::string& name = other.bundle->name;
  reporter.add(
      {.resource = &resource,
       .span = resource.name_span,
       .values = {{"application", context.bundle.name}, {"other", name}},
       .related = {{.span = other.resource->span == resource.span ? other.bundle->settings.span
                                                                  : other.resource->name_span,
                    .text = fmt::format("{} Application {}", relation, name)}}});
}

}  // namespace

void hook_shared_across_applications(const Context& context, Reporter& reporter) {
  if (!is_declared(context)) return;
  for (const model::Resource& resource : context.bundle.resources) {
    if (!runs_in_sync(resource) || resource.key.name.empty()) continue;
    const Deployment* other = other_owner(context, resource);
    if (other == nullptr) continue;
    report_shared(context, reporter, resource, *other, "of");
  }
}

void owned_by_two_applications(const Context& context, Reporter& reporter) {
  if (!is_declared(context)) return;
  for (const model::Resource& resource : context.bundle.resources) {
    if (!is_plain(resource)) continue;
    const Deployment* other = other_owner(context, resource);
    if (other == nullptr || !is_plain(*other->resource)) continue;
    report_shared(context, reporter, resource, *other, "also in");
  }
}

// Looks from the application that deploys both Applications, whose plan orders them.
void needs_later_application(const Context& context, Reporter& reporter) {
  std::vector<const model::Resource*> children;
  for (const model::Resource& child : context.bundle.resources) {
    const bool is_application = is_kind(child, "argoproj.io", "Application");
    if (is_application && step_of(context, child) && context.survey.bundle_of(child) != nullptr) {
      children.push_back(&child);
    }
  }
  for (const model::Resource* child : children) {
    for (const model::Resource* later : children) {
      if (*step_of(context, *later) <= *step_of(context, *child)) continue;
      const auto need = foreign_need(context.survey, *context.survey.bundle_of(*child),
                                     *context.survey.bundle_of(*later));
      if (!need) continue;
      reporter.add(
          {.resource = child,
           .span = span_or_name(*child, wave_entry(*child)),
           .values = {{"later", model::short_name(later->key)},
                      {"user", model::short_name(need->user->key)},
                      {"needed", model::short_name(need->provider->key)}},
           .related = {{.span = need->reference.span, .text = "needed here"},
                       {.span = need->provider->name_span,
                        .text = fmt::format("deployed by {}", model::short_name(later->key))}},
           .plan = {context.plan_line(*task_of(context, *child)),
                    context.plan_line(*task_of(context, *later))}});
      break;
    }
  }
}

}  // namespace wavetank::lint::checks
