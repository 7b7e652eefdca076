// AP: Applications, their projects, and what the settings of an Application make of its objects.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/glob.h"
#include "lint/checks.h"
#include "lint/checks/facts.h"
#include "lint/checks/words.h"
#include "load/project.h"
#include "model/annotation.h"

namespace wavetank::lint::checks {

namespace {

using source::Severity;

bool is_application(const model::Resource& resource) {
  return is_kind(resource, "argoproj.io", "Application");
}

std::string_view text_of(const yaml::Tree& tree, yaml::NodeId node) {
  return tree.is_scalar(node) ? tree.node(node).text : std::string_view{};
}

// Globs of projects know no path parts: `*` matches anything. Source: util/glob/glob.go.
bool matches(std::string_view pattern, std::string_view text) {
  const auto without_parts = [](std::string_view path) {
    std::string result(path);
    std::replace(result.begin(), result.end(), '/', '|');
    return result;
  };
  return base::glob_matches(without_parts(pattern), without_parts(text));
}

// Whether a list of a project names the kind. Source: isResourceInList of
// pkg/apis/application/v1alpha1/app_project_types.go.
bool lists_kind(const model::Resource& project, yaml::NodeId list, const model::ObjectKey& key) {
  const yaml::Tree& tree = *project.tree;
  const auto items = tree.items(list);
  return std::any_of(items.begin(), items.end(), [&](yaml::NodeId item) {
    const std::string_view name = text_of(tree, tree.find(item, "name"));
    return matches(text_of(tree, tree.find(item, "group")), key.group) &&
           matches(text_of(tree, tree.find(item, "kind")), key.kind) &&
           (name.empty() || matches(name, key.name));
  });
}

bool permits_kind(const model::Resource& project, const model::ObjectKey& key) {
  const bool is_namespaced = !key.name_space.empty();
  const yaml::NodeId white = project.find(
      {"spec", is_namespaced ? "namespaceResourceWhitelist" : "clusterResourceWhitelist"});
  const yaml::NodeId black = project.find(
      {"spec", is_namespaced ? "namespaceResourceBlacklist" : "clusterResourceBlacklist"});
  // Without a list every namespaced kind is permitted, and no cluster-scoped one.
  const bool is_listed =
      project.tree->is_sequence(white) ? lists_kind(project, white, key) : is_namespaced;
  return is_listed && !lists_kind(project, black, key);
}

// Whether a project permits objects in a namespace; a server or cluster name that cannot be
// compared counts as permitted.
bool permits_namespace(const model::Resource& project, const model::Resource& application,
                       std::string_view name_space) {
  const yaml::Tree& tree = *project.tree;
  const std::string_view server = application.string({"spec", "destination", "server"});
  const std::string_view name = application.string({"spec", "destination", "name"});
  bool permitted = false;
  for (const yaml::NodeId item : tree.items(project.find({"spec", "destinations"}))) {
    const std::string_view item_server = text_of(tree, tree.find(item, "server"));
    const std::string_view item_name = text_of(tree, tree.find(item, "name"));
    const bool can_compare =
        (!server.empty() && !item_server.empty()) || (!name.empty() && !item_name.empty());
    const bool is_same = (!server.empty() && matches(item_server, server)) ||
                         (!name.empty() && matches(item_name, name));
    if (can_compare && !is_same) continue;
    std::string_view pattern = text_of(tree, tree.find(item, "namespace"));
    const bool denies = pattern.starts_with('!');
    if (denies) pattern.remove_prefix(1);
    if (!matches(pattern, name_space)) continue;
    if (denies) return false;
    permitted = true;
  }
  return permitted;
}

// A name in a text such as a schedule, cut at blanks.
std::vector<std::string_view> fields_of(std::string_view text) {
  std::vector<std::string_view> fields;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(" \t"), text.size());
    if (end > 0) fields.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return fields;
}

// Whether a day of the month never comes in the months of a schedule: the 30th of February, the
// 31st of a short month. Only plain numbers and lists of them are understood.
bool never_fires(std::string_view day, std::string_view months) {
  constexpr std::array<int, 12> kDays{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const auto number = [](std::string_view text) {
    int value = 0;
    for (const char c : text) {
      if (c < '0' || c > '9' || value > 99) return 0;
      value = value * 10 + (c - '0');
    }
    return value;
  };
  const int wanted = number(day);
  if (wanted == 0 || months == "*" || months == "?") return false;
  for (std::string_view rest = months; !rest.empty();) {
    const auto end = std::min(rest.find(','), rest.size());
    const int month = number(rest.substr(0, end));
    if (month < 1 || month > 12 || wanted <= kDays.at(static_cast<std::size_t>(month - 1))) {
      return false;
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return true;
}

bool is_well_known_namespace(std::string_view name) {
  constexpr std::array<std::string_view, 5> kNames{"default", "kube-system", "kube-public",
                                                   "kube-node-lease", "argocd"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end() ||
         name.starts_with("openshift");
}

}  // namespace

void application_waves_without_health(const Context& context, Reporter& reporter) {
  if (context.assumptions.application_health == Answer::Yes ||
      context.survey.has_custom_health("argoproj.io", "Application") ||
      context.survey.mentions_application_health()) {
    return;
  }
  // The check belongs to Argo CD, so one place speaks for all.
  const auto all = context.survey.ordered_applications();
  if (all.empty() || all.front() != &context.bundle) return;
  const model::Resource* first = nullptr;
  const model::Resource* later = nullptr;
  for (const model::Resource& resource : context.bundle.resources) {
    const auto step = is_application(resource) ? step_of(context, resource) : std::nullopt;
    if (!step) continue;
    if (first == nullptr || *step < *step_of(context, *first)) first = &resource;
    if (later == nullptr || *step > *step_of(context, *later)) later = &resource;
  }
  if (first == nullptr || *step_of(context, *first) == *step_of(context, *later)) return;
  reporter.add({.resource = later,
                .span = span_or_name(*later, wave_entry(*later)),
                .values = {{"earlier", model::short_name(first->key)},
                           {"others", all.size() == 1 ? ""
                                                      : fmt::format(" (nor do those of {} more "
                                                                    "applications of applications)",
                                                                    all.size() - 1)}},
                .related = {{.span = span_or_name(*first, wave_entry(*first)),
                             .text = "created before, but not waited for"}},
                .plan = {context.plan_line(*task_of(context, *first)),
                         context.plan_line(*task_of(context, *later))}});
}

void self_heal_skips_hooks(const Context& context, Reporter& reporter) {
  const model::ApplicationSettings& application = context.bundle.settings;
  if (!application.automated || !application.self_heal) return;
  for (const model::Resource& user : context.bundle.resources) {
    if (!is_plain(user)) continue;
    for (const model::Reference& reference : context.references_of(user)) {
      const model::Resource* used =
          context.find(reference.kind, reference.name, user.key.name_space);
      if (used == nullptr || !runs_in_sync(*used)) continue;
      reporter.add({.resource = used,
                    .span = span_or_name(*used, hook_entry(*used)),
                    .values = {{"user", model::short_name(user.key)}},
                    .related = {{.span = reference.span,
                                 .text = fmt::format("{} needs it", model::short_name(user.key))},
                                {.span = application.span, .text = "heals by itself"}}});
      return;  // once per application
    }
  }
}

// Source: GetRepoObjs and the permission check of controller/sync.go.
void project_forbids_object(const Context& context, Reporter& reporter) {
  const model::Resource* project = context.survey.app_project(context.bundle.settings.project);
  const model::Resource* application = context.survey.application_of(context.bundle);
  if (project == nullptr || application == nullptr) return;
  std::set<std::string> said;
  for (const model::Resource& resource : context.bundle.resources) {
    if (context.tasks_of(resource).empty()) continue;
    // Whether a custom resource has a namespace is only known where its definition is.
    if (is_custom(resource)) continue;
    const bool permits = permits_kind(*project, resource.key);
    const bool is_home = resource.key.name_space.empty() ||
                         permits_namespace(*project, *application, resource.key.name_space);
    if (permits && is_home) continue;
    const std::string what = permits
                                 ? fmt::format("namespace {}", resource.key.name_space)
                                 : fmt::format("kind {}/{}", resource.key.group, resource.key.kind);
    if (!said.insert(what).second) continue;
    reporter.add({.resource = &resource,
                  .span = permits ? resource.name_span : resource.kind_span,
                  .variant = permits ? "namespace" : "",
                  .values = {{"project", project->key.name},
                             {"namespace", resource.key.name_space},
                             {"application", context.bundle.name}},
                  .related = {{.span = project->name_span, .text = "does not permit it"}}});
  }
}

void namespace_not_created(const Context& context, Reporter& reporter) {
  const model::ApplicationSettings& application = context.bundle.settings;
  if (!application.span.valid() || !application.has_option("CreateNamespace=true")) return;
  std::set<std::string> said;
  for (const model::Resource& resource : context.bundle.resources) {
    const std::string& home = resource.key.name_space;
    if (home.empty() || home == application.destination_namespace) continue;
    if (context.tasks_of(resource).empty() || is_custom(resource)) continue;
    if (is_well_known_namespace(home) || context.survey.deploys_namespace(home)) continue;
    if (is_placeholder(home) || !said.insert(home).second) continue;
    const yaml::NodeId written = resource.find({"metadata", "namespace"});
    reporter.add({.resource = &resource,
                  .span = written.valid() ? resource.tree->node(written).span : resource.name_span,
                  .values = {{"namespace", home},
                             {"destination", application.destination_namespace},
                             {"application", context.bundle.name}},
                  .related = {{.span = application.span,
                               .text = "creates the namespace of its destination only"}}});
  }
}

void hook_on_most_objects(const Context& context, Reporter& reporter) {
  for (const model::Resource& kustomization : context.survey.hooking_kustomizations()) {
    const std::string_view file = context.project.sources.name(kustomization.span.file);
    const std::string_view directory = file.substr(0, std::min(file.rfind('/'), file.size()));
    if (directory != context.bundle.directory && file != directory) continue;
    const yaml::NodeId hook =
        kustomization.tree->find(kustomization.find({"commonAnnotations"}), model::kHook);
    reporter.add({.resource = &kustomization,
                  .span = kustomization.tree->node(hook).span,
                  .variant = "kustomization"});
  }
  constexpr std::size_t kFewest = 5;
  if (!context.bundle.is_application || context.bundle.resources.size() < kFewest) return;
  std::map<std::string_view, std::vector<const model::Resource*>> by_value;
  for (const model::Resource& resource : context.bundle.resources) {
    const model::MetadataEntry* hook = resource.annotation(model::kHook);
    if (hook != nullptr && runs_in_sync(resource)) by_value[hook->value].push_back(&resource);
  }
  for (const auto& [value, resources] : by_value) {
    if (resources.size() * 10 < context.bundle.resources.size() * 9) continue;
    std::set<std::string_view> kinds;
    for (const model::Resource* resource : resources) kinds.insert(resource->key.kind);
    // Jobs with what they need are a small application of hooks; this is for everything else.
    const auto stays = std::find_if(resources.begin(), resources.end(), [](const auto* resource) {
      return is_kind(*resource, "apps", "Deployment") ||
             is_kind(*resource, "apps", "StatefulSet") || is_kind(*resource, "", "Service");
    });
    if (kinds.size() < 3 || stays == resources.end()) continue;
    reporter.add({.resource = *stays,
                  .span = span_or_name(**stays, hook_entry(**stays)),
                  .values = {{"count", std::to_string(resources.size())},
                             {"total", std::to_string(context.bundle.resources.size())}}});
  }
}

// Source: argo-cd#13320, #21858.
void server_side_apply_breaks_waves(const Context& context, Reporter& reporter) {
  constexpr model::ArgocdVersion kLast{2, 14};
  if (context.version > kLast) return;
  const model::ApplicationSettings& application = context.bundle.settings;
  if (!application.has_option("ServerSideApply=true")) return;
  const auto child = std::find_if(
      context.bundle.resources.begin(), context.bundle.resources.end(), [](const auto& resource) {
        return is_application(resource) && wave_entry(resource) != nullptr;
      });
  if (child == context.bundle.resources.end()) return;
  reporter.add({.resource = &*child,
                .span = span_or_name(*child, wave_entry(*child)),
                .related = {{.span = application.span, .text = "applies on the server's side"}}});
}

// Source: measured in conformance/ (windows, cron).
void sync_window_schedule(const Context& context, Reporter& reporter) {
  for (const model::Resource& project : context.bundle.resources) {
    if (!is_kind(project, "argoproj.io", "AppProject")) continue;
    const yaml::Tree& tree = *project.tree;
    for (const yaml::NodeId window : tree.items(project.find({"spec", "syncWindows"}))) {
      const yaml::NodeId schedule = tree.find(window, "schedule");
      const std::string_view text = text_of(tree, schedule);
      if (text.empty() || is_placeholder(text)) continue;
      auto fields = fields_of(text);
      const bool has_zone =
          fields.front().starts_with("TZ=") || fields.front().starts_with("CRON_TZ=");
      if (has_zone) fields.erase(fields.begin());
      Report report{.resource = &project,
                    .span = tree.node(schedule).span,
                    .values = {{"schedule", std::string(text)},
                               {"kind", std::string(text_of(tree, tree.find(window, "kind")))}}};
      if (fields.size() != 5) {
        reporter.add(std::move(report));
      } else if (never_fires(fields[2], fields[3]) && (fields[4] == "*" || fields[4] == "?")) {
        report.variant = "never";
        report.severity = Severity::Warning;
        reporter.add(std::move(report));
      }
    }
  }
}

}  // namespace wavetank::lint::checks
