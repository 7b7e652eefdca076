// What one look over the whole project tells: the Argo CD objects in it, the custom resources it
// defines, and which applications deploy an object.
//
// Made once for all applications; every pointer is into the project.
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "load/project.h"

namespace wavetank::lint {

// An object as one application deploys it.
struct Deployment {
  const model::Bundle* bundle = nullptr;
  const model::Resource* resource = nullptr;
};

class Survey {
 public:
  explicit Survey(const load::Project& project);

  // The Application object of a bundle; null for one that none declares.
  [[nodiscard]] const model::Resource* application_of(const model::Bundle& bundle) const;
  // The application that an Application object declares; null when nothing of it is here.
  [[nodiscard]] const model::Bundle* bundle_of(const model::Resource& application) const;
  // Null when the project has no such AppProject.
  [[nodiscard]] const model::Resource* app_project(std::string_view name) const;
  [[nodiscard]] const std::vector<const model::Resource*>& application_sets() const {
    return application_sets_;
  }
  // Whether an argocd-cm or argocd Helm values here hold a health check for the kind.
  [[nodiscard]] bool has_custom_health(std::string_view group, std::string_view kind) const;
  // Whether some text here, such as the values of Argo CD's chart, speaks of a health check for
  // Applications.
  [[nodiscard]] bool mentions_application_health() const { return application_health_; }
  // Applications of applications whose waves differ, in order; what is wrong with them is one
  // thing.
  [[nodiscard]] std::span<const model::Bundle* const> ordered_applications() const {
    return ordered_applications_;
  }
  // Kustomizations that give all their objects an annotation which makes them hooks.
  [[nodiscard]] const std::vector<model::Resource>& hooking_kustomizations() const {
    return hooking_kustomizations_;
  }
  // Whether one application deploys both Application objects: they live in one Argo CD then.
  [[nodiscard]] bool live_together(const model::Bundle& a, const model::Bundle& b) const;
  // Whether some application here deploys the Namespace, or creates it for its destination.
  [[nodiscard]] bool deploys_namespace(std::string_view name) const;
  // Whether some CustomResourceDefinition here has the group.
  [[nodiscard]] bool defines_group(std::string_view group) const;
  // Where the applications of one destination deploy objects with this key, one per application.
  [[nodiscard]] std::span<const Deployment> deployments(const model::Bundle& bundle,
                                                        const model::ObjectKey& key) const;
  // "server|name" of the destination; nothing can be said of two applications where it is a
  // template.
  [[nodiscard]] std::string destination_of(const model::Bundle& bundle) const;

 private:
  void add(const model::Resource& resource);
  void add_deployments(const load::Project& project);
  void add_kustomizations(const load::Project& project);

  std::map<source::Span, const model::Resource*> applications_;  // by the span of the name
  std::map<source::Span, const model::Bundle*> bundles_;         // by the same
  std::map<std::string, const model::Resource*, std::less<>> app_projects_;
  std::vector<const model::Resource*> application_sets_;
  std::set<std::string, std::less<>> health_;  // "group_Kind"
  std::set<std::string, std::less<>> groups_;
  std::set<std::string, std::less<>> namespaces_;
  bool application_health_ = false;
  std::vector<const model::Bundle*> ordered_applications_;
  std::vector<model::Resource> hooking_kustomizations_;
  std::map<source::Span, std::set<const model::Bundle*>> parents_;  // of Applications, by name span
  std::map<std::pair<std::string, model::ObjectKey>, std::vector<Deployment>> deployments_;
};

}  // namespace wavetank::lint
