#include "lint/survey.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/annotation.h"

namespace wavetank::lint {

namespace {

bool is_argo(const model::Resource& resource, std::string_view kind) {
  return resource.key.group == "argoproj.io" && resource.key.kind == kind;
}

bool creates_namespace(const model::Resource& application) {
  const yaml::Tree& tree = *application.tree;
  const auto options = tree.items(application.find({"spec", "syncPolicy", "syncOptions"}));
  return std::any_of(options.begin(), options.end(), [&](yaml::NodeId option) {
    return tree.is_scalar(option) && tree.node(option).text == "CreateNamespace=true";
  });
}

}  // namespace

Survey::Survey(const load::Project& project) {
  std::set<source::Span> seen;
  for (const model::Bundle& bundle : project.bundles) {
    std::set<std::int64_t> waves;
    for (const model::Resource& resource : bundle.resources) {
      if (seen.insert(resource.span).second) add(resource);
      if (!is_argo(resource, "Application")) continue;
      parents_[resource.name_span].insert(&bundle);
      waves.insert(resource.wave);
    }
    if (waves.size() > 1) ordered_applications_.push_back(&bundle);
  }
  add_deployments(project);
  add_kustomizations(project);
  for (const load::FileReport& file : project.files) {
    if (application_health_ || applications_.size() < 2) break;
    if (!file.file.valid()) continue;
    const std::string_view text = project.sources.text(file.file);
    application_health_ = text.find("health.argoproj.io_Application") != std::string_view::npos ||
                          (text.find("argoproj.io/Application:") != std::string_view::npos &&
                           text.find("health.lua") != std::string_view::npos);
  }
}

// Source of the keys: docs/operator-manual/health.md.
void Survey::add(const model::Resource& resource) {
  if (is_argo(resource, "Application")) {
    applications_.emplace(resource.name_span, &resource);
    if (creates_namespace(resource)) {
      namespaces_.emplace(resource.string({"spec", "destination", "namespace"}));
    }
  }
  if (is_argo(resource, "AppProject")) app_projects_.emplace(resource.key.name, &resource);
  if (is_argo(resource, "ApplicationSet")) application_sets_.push_back(&resource);
  if (resource.key.kind == "Namespace" && resource.key.group.empty()) {
    namespaces_.insert(resource.key.name);
  }
  if (resource.key.kind == "CustomResourceDefinition") {
    groups_.emplace(resource.string({"spec", "group"}));
  }
  const yaml::Tree& tree = *resource.tree;
  if (resource.key.kind == "ConfigMap" && resource.key.name == "argocd-cm") {
    constexpr std::string_view kPrefix = "resource.customizations.health.";
    for (const yaml::Entry& entry : tree.entries(resource.find({"data"}))) {
      const std::string_view key = tree.node(tree.resolve(entry.key)).text;
      if (key.starts_with(kPrefix)) health_.emplace(key.substr(kPrefix.size()));
      // The older form: one text with a mapping of kinds.
      if (key == "resource.customizations") {
        health_.emplace(tree.node(tree.resolve(entry.value)).text);
      }
    }
  }
  if (is_argo(resource, "ArgoCD")) {
    for (const yaml::NodeId item : tree.items(resource.find({"spec", "resourceHealthChecks"}))) {
      health_.insert(
          fmt::format("{}_{}", tree.string(item, {"group"}), tree.string(item, {"kind"})));
    }
  }
}

void Survey::add_deployments(const load::Project& project) {
  for (const model::Bundle& bundle : project.bundles) {
    if (application_of(bundle) == nullptr) continue;
    bundles_.emplace(bundle.settings.span, &bundle);
    const std::string destination = destination_of(bundle);
    for (const model::Resource& resource : bundle.resources) {
      if (resource.key.name.empty() || resource.hook.is_skip || resource.hook.is_ignored) continue;
      auto& list = deployments_[{destination, resource.key}];
      // Of several objects with one key the last one counts.
      if (!list.empty() && list.back().bundle == &bundle) list.pop_back();
      list.push_back({.bundle = &bundle, .resource = &resource});
    }
  }
}

void Survey::add_kustomizations(const load::Project& project) {
  for (const yaml::Tree& tree : project.trees) {
    const yaml::NodeId annotations = tree.find(tree.root(), "commonAnnotations");
    if (!tree.find(annotations, model::kHook).valid()) continue;
    if (!tree.string(tree.root(), {"apiVersion"}).starts_with("kustomize.config.k8s.io/")) continue;
    if (tree.string(tree.root(), {"kind"}).empty()) continue;
    hooking_kustomizations_.push_back(model::read_resource(tree, tree.root()));
  }
}

bool Survey::live_together(const model::Bundle& a, const model::Bundle& b) const {
  const auto of_a = parents_.find(a.settings.span);
  const auto of_b = parents_.find(b.settings.span);
  if (of_a == parents_.end() || of_b == parents_.end()) return false;
  return std::any_of(of_a->second.begin(), of_a->second.end(),
                     [&](const model::Bundle* parent) { return of_b->second.contains(parent); });
}

bool Survey::deploys_namespace(std::string_view name) const { return namespaces_.contains(name); }

const model::Resource* Survey::application_of(const model::Bundle& bundle) const {
  const auto found = applications_.find(bundle.settings.span);
  return found == applications_.end() ? nullptr : found->second;
}

const model::Bundle* Survey::bundle_of(const model::Resource& application) const {
  const auto found = bundles_.find(application.name_span);
  return found == bundles_.end() ? nullptr : found->second;
}

const model::Resource* Survey::app_project(std::string_view name) const {
  const auto found = app_projects_.find(name);
  return found == app_projects_.end() ? nullptr : found->second;
}

bool Survey::has_custom_health(std::string_view group, std::string_view kind) const {
  const std::string key = fmt::format("{}_{}", group, kind);
  if (health_.contains(key)) return true;
  // The older form names them as "group/Kind:".
  const std::string old_key = fmt::format("{}/{}:", group, kind);
  return std::any_of(health_.begin(), health_.end(), [&](const std::string& text) {
    return text.find(old_key) != std::string::npos;
  });
}

bool Survey::defines_group(std::string_view group) const { return groups_.contains(group); }

std::string Survey::destination_of(const model::Bundle& bundle) const {
  const model::Resource* application = application_of(bundle);
  if (application == nullptr) return "";
  return fmt::format("{}|{}", application->string({"spec", "destination", "server"}),
                     application->string({"spec", "destination", "name"}));
}

std::span<const Deployment> Survey::deployments(const model::Bundle& bundle,
                                                const model::ObjectKey& key) const {
  const auto found = deployments_.find({destination_of(bundle), key});
  if (found == deployments_.end()) return {};
  return found->second;
}

}  // namespace wavetank::lint
