#include "model/references.h"

#include <algorithm>
#include <array>

namespace wavetank::model {

namespace {

constexpr std::array<std::string_view, 7> kTemplated{
    "Deployment", "StatefulSet",           "DaemonSet", "ReplicaSet",
    "Job",        "ReplicationController", "Rollout"};

class Collector {
 public:
  explicit Collector(const yaml::Tree& tree) : tree_(tree) {}

  void pod(yaml::NodeId spec) {
    add("ServiceAccount", tree_.find(spec, "serviceAccountName"), {});
    for (const auto item : tree_.items(tree_.find(spec, "imagePullSecrets"))) named("Secret", item);
    for (const auto item : tree_.items(tree_.find(spec, "volumes"))) volume(item);
    for (const std::string_view list : {"initContainers", "containers"}) {
      for (const auto item : tree_.items(tree_.find(spec, list))) container(item);
    }
  }

  std::vector<Reference> take() { return std::move(found_); }

 private:
  // `holder` is the mapping that may say `optional: true`.
  void add(std::string_view kind, yaml::NodeId name, yaml::NodeId holder) {
    if (!tree_.has_type(name, yaml::ScalarType::String) || tree_.node(name).text.empty()) return;
    found_.push_back({.kind = kind,
                      .name = tree_.node(name).text,
                      .span = tree_.node(name).span,
                      .optional = tree_.boolean(tree_.find(holder, "optional")).value_or(false)});
  }

  void named(std::string_view kind, yaml::NodeId holder) {
    add(kind, tree_.find(holder, "name"), holder);
  }

  void volume(yaml::NodeId volume) {
    named("ConfigMap", tree_.find(volume, "configMap"));
    const auto secret = tree_.find(volume, "secret");
    add("Secret", tree_.find(secret, "secretName"), secret);
    add("PersistentVolumeClaim", tree_.find(volume, {"persistentVolumeClaim", "claimName"}), {});
    for (const auto source : tree_.items(tree_.find(volume, {"projected", "sources"}))) {
      named("ConfigMap", tree_.find(source, "configMap"));
      named("Secret", tree_.find(source, "secret"));
    }
  }

  void container(yaml::NodeId container) {
    for (const auto source : tree_.items(tree_.find(container, "envFrom"))) {
      named("ConfigMap", tree_.find(source, "configMapRef"));
      named("Secret", tree_.find(source, "secretRef"));
    }
    for (const auto variable : tree_.items(tree_.find(container, "env"))) {
      named("ConfigMap", tree_.find(variable, {"valueFrom", "configMapKeyRef"}));
      named("Secret", tree_.find(variable, {"valueFrom", "secretKeyRef"}));
    }
  }

  const yaml::Tree& tree_;
  std::vector<Reference> found_;
};

}  // namespace

yaml::NodeId pod_template_of(const Resource& resource) {
  const std::string& kind = resource.key.kind;
  if (kind == "Pod" && resource.key.group.empty()) return resource.root;
  if (kind == "CronJob") return resource.find({"spec", "jobTemplate", "spec", "template"});
  if (std::find(kTemplated.begin(), kTemplated.end(), kind) == kTemplated.end()) return {};
  return resource.find({"spec", "template"});
}

yaml::NodeId pod_spec_of(const Resource& resource) {
  return resource.tree->find(pod_template_of(resource), "spec");
}

std::vector<Reference> references_of(const Resource& resource) {
  Collector collector(*resource.tree);
  if (const yaml::NodeId spec = pod_spec_of(resource); spec.valid()) collector.pod(spec);
  return collector.take();
}

}  // namespace wavetank::model
