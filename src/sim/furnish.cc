#include "sim/furnish.h"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "health/health.h"
#include "health/object_view.h"
#include "model/kinds.h"

namespace wavetank::sim {

using model::ObjectKey;
using nlohmann::json;

namespace {

// The classes of storage that claims name: `storageClassName` of claims and of claim templates.
void collect_classes(const nlohmann::json& value, std::set<std::string>& classes) {
  if (value.is_object()) {
    const auto found = value.find("storageClassName");
    if (found != value.end() && found->is_string() && !found->get<std::string>().empty()) {
      classes.insert(found->get<std::string>());
    }
  }
  if (!value.is_object() && !value.is_array()) return;
  for (const nlohmann::json& each : value) collect_classes(each, classes);
}

class Furnishing {
 public:
  Furnishing(const Furnished& application, cluster::Cluster& cluster,
             const base::Interner& interner)
      : application_(application), cluster_(cluster), interner_(interner) {}

  std::vector<std::string> run() {
    add_namespaces_and_kinds();
    add_storage();
    add_backends();
    return std::move(said_);
  }

 private:
  void add_namespaces_and_kinds();
  void add_storage();
  void add_backends();
  void add_backend(const nlohmann::json& service);

  const Furnished& application_;
  cluster::Cluster& cluster_;
  const base::Interner& interner_;
  std::set<std::string> provided_;  // namespaces that the application brings
  std::set<std::string> services_;  // those that it brings, and those that were added
  std::vector<std::string> said_;
};

json cluster_namespace(const std::string& name) {
  return {{"apiVersion", "v1"}, {"kind", "Namespace"}, {"metadata", {{"name", name}}}};
}

// Namespaces and custom kinds that the manifests use but do not bring must have been there.
void Furnishing::add_namespaces_and_kinds() {
  std::set<std::pair<std::string, std::string>> defined;
  for (const auto& target : application_.targets->objects) {
    const auto& facts = target.facts;
    if (facts.is_namespace) provided_.emplace(interner_.text(facts.key.name));
    if (facts.is_crd) {
      defined.emplace(interner_.text(facts.crd_group), interner_.text(facts.crd_kind));
    }
  }
  const std::string& destination = application_.settings->destination_namespace;
  if (application_.settings->has_option("CreateNamespace=true")) provided_.insert(destination);
  std::set<std::string> namespaces;
  std::set<std::pair<std::string, std::string>> kinds;
  for (const auto& target : application_.targets->objects) {
    const ObjectKey object = model::resolve(target.facts.key, interner_);
    if (!object.name_space.empty()) namespaces.insert(object.name_space);
    if (model::scope_of(object.group, object.kind) == model::Scope::Unknown) {
      kinds.emplace(object.group, object.kind);
    }
  }
  for (const std::string& name : namespaces) {
    if (provided_.contains(name) || name == "default" || name == "kube-system") continue;
    if (application_.absent.contains("Namespace/" + name)) continue;
    cluster_.seed(cluster_namespace(name));
    said_.push_back(fmt::format("the namespace `{}` exists", name));
  }
  for (const auto& [group, kind] : kinds) {
    if (defined.contains({group, kind})) continue;
    if (application_.absent.contains(fmt::format("{}.{}", kind, group))) continue;
    cluster_.assume_kind(group, kind);
    const bool has_health =
        health::assess({{"apiVersion", group + "/v1"}, {"kind", kind}}, application_.version)
            .has_value();
    said_.push_back(fmt::format("the cluster knows the kind `{}` of `{}`, which has {}", kind,
                                group, has_health ? "a controller there" : "no health here"));
  }
}

// Classes of storage that claims name but nobody brings must have been there.
void Furnishing::add_storage() {
  std::set<std::string> named;
  std::set<std::string> brought;
  for (const auto& target : application_.targets->objects) {
    const std::string_view kind = interner_.text(target.facts.key.kind);
    if (kind == "StorageClass") brought.emplace(interner_.text(target.facts.key.name));
    if (kind == "PersistentVolume") {
      // Volumes that come with a class of their own need no provisioner for it.
      std::set<std::string> own;
      collect_classes(target.manifest, own);
      brought.insert(own.begin(), own.end());
    }
  }
  for (const auto& target : application_.targets->objects) {
    const std::string_view kind = interner_.text(target.facts.key.kind);
    if (kind == "PersistentVolumeClaim" || kind == "StatefulSet") {
      collect_classes(target.manifest, named);
    }
  }
  for (const std::string& name : named) {
    if (brought.contains(name) || !cluster_.assume_storage_class(name)) continue;
    said_.push_back(fmt::format("the storage class `{}` exists and binds at once", name));
  }
}

// What answers behind webhooks and aggregated APIs: a Service that nobody brings must have been
// there, and ready.
void Furnishing::add_backends() {
  for (const auto& target : application_.targets->objects) {
    const ObjectKey key = model::resolve(target.facts.key, interner_);
    if (key.group.empty() && key.kind == "Service") {
      services_.insert(key.name_space + "/" + key.name);
    }
  }
  for (const auto& target : application_.targets->objects) {
    const std::string_view group = interner_.text(target.facts.key.group);
    if (group == "apiregistration.k8s.io") {
      add_backend(health::at(target.manifest, "/spec/service"));
    } else if (group == "admissionregistration.k8s.io") {
      const json& webhooks = health::at(target.manifest, "/webhooks");
      if (!webhooks.is_array()) continue;
      for (const json& webhook : webhooks) {
        add_backend(health::at(webhook, "/clientConfig/service"));
      }
    }
  }
}

void Furnishing::add_backend(const json& service) {
  const std::string name = health::text(service, "/name");
  const std::string home = health::text(service, "/namespace");
  if (name.empty() || home.empty() || provided_.contains(home)) return;
  if (application_.absent.contains(fmt::format("Service/{}/{}", home, name)) ||
      application_.absent.contains("Namespace/" + home)) {
    return;
  }
  if (!services_.insert(home + "/" + name).second) return;
  const json& given = health::at(service, "/port");
  const json port{{"name", "https"}, {"port", given.is_number_integer() ? given : json(443)}};
  const json meta{{"name", name}, {"namespace", home}};
  cluster_.seed(cluster_namespace(home));
  cluster_.seed({{"apiVersion", "v1"},
                 {"kind", "Service"},
                 {"metadata", meta},
                 {"spec", {{"ports", json::array({port})}}}});
  json slice_meta = meta;
  slice_meta["labels"] = {{"kubernetes.io/service-name", name}};
  cluster_.seed({{"apiVersion", "discovery.k8s.io/v1"},
                 {"kind", "EndpointSlice"},
                 {"metadata", slice_meta},
                 {"addressType", "IPv4"},
                 {"ports", json::array({port})},
                 {"endpoints", json::array({{{"addresses", json::array({"10.0.0.10"})}}})}});
  said_.push_back(fmt::format("the Service `{}` of `{}` exists and answers", name, home));
}

}  // namespace

std::vector<std::string> furnish(const Furnished& application, cluster::Cluster& cluster,
                                 const base::Interner& interner) {
  return Furnishing(application, cluster, interner).run();
}

}  // namespace wavetank::sim
