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

bool is_declared(const Context& context) {
  return context.survey.application_of(context.bundle) != nullptr;
}

}  // namespace

void hook_shared_across_applications(const Context& context, Reporter& reporter) {
  if (!is_declared(context)) return;
  for (const model::Resource& resource : context.bundle.resources) {
    if (!runs_in_sync(resource) || resource.key.name.empty()) continue;
    const Deployment* other = other_owner(context, resource);
    if (other == nullptr) continue;
    reporter.add(
        {.resource = &resource,
         .span = resource.name_span,
         .values = {{"application", context.bundle.name}, {"other", other->bundle->name}},
         .related = {{.span = other->resource->span == resource.span ? other->bundle->settings.span
                                                                     : other->resource->name_span,
                      .text = fmt::format("of Application {}", other->bundle->name)}}});
  }
}

void owned_by_two_applications(const Context& context, Reporter& reporter) {
  if (!is_declared(context)) return;
  for (const model::Resource& resource : context.bundle.resources) {
    if (!is_plain(resource)) continue;
    const Deployment* other = other_owner(context, resource);
    if (other == nullptr || !is_plain(*other->resource)) continue;
    reporter.add(
        {.resource = &resource,
         .span = resource.name_span,
         .values = {{"application", context.bundle.name}, {"other", other->bundle->name}},
         .related = {{.span = other->resource->span == resource.span ? other->bundle->settings.span
                                                                     : other->resource->name_span,
                      .text = fmt::format("also in Application {}", other->bundle->name)}}});
  }
}

}  // namespace wavetank::lint::checks
