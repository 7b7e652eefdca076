// XR: several objects together.

#include <fmt/format.h>

#include <map>

#include "lint/checks.h"

namespace wavetank::lint::checks {

namespace {

bool same_text(const Context& context, const model::Resource& a, const model::Resource& b) {
  return context.project.sources.text(a.span) == context.project.sources.text(b.span);
}

}  // namespace

void duplicate_key(const Context& context, Reporter& reporter) {
  std::map<model::ObjectKey, const model::Resource*> last;
  for (const model::Resource& resource : context.bundle.resources) {
    if (!resource.key.name.empty()) last[resource.key] = &resource;
  }
  for (const model::Resource& resource : context.bundle.resources) {
    if (resource.key.name.empty()) continue;
    const model::Resource& kept = *last.at(resource.key);
    if (&kept == &resource || kept.span == resource.span) continue;
    Report report{.resource = &resource,
                  .span = resource.name_span,
                  .variant = resource.hook.is_hook || kept.hook.is_hook ? "hook" : "",
                  .related = {{.span = kept.name_span, .text = "this one is kept, it comes last"}}};
    if (resource.key.kind == "CustomResourceDefinition" && same_text(context, resource, kept)) {
      report.severity = source::Severity::Info;
    }
    // Variants of one object often lie side by side in a directory that nobody syncs as it is.
    const bool is_same_file = resource.span.file == kept.span.file;
    if (!context.bundle.is_declared && !is_same_file) report.severity = source::Severity::Info;
    reporter.add(std::move(report));
  }
}

}  // namespace wavetank::lint::checks
