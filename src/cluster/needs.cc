#include "cluster/needs.h"

#include "health/object_view.h"

namespace wavetank::cluster {

using health::list;
using health::text;
using nlohmann::json;

namespace {

class Search {
 public:
  Search(const Store& store, const std::string& name_space)
      : store_(store), name_space_(name_space) {}

  void need(const char* kind, const json& holder, const char* path) {
    const std::string name = text(holder, path);
    if (name.empty() || health::flag(holder, "/optional") || !missing_.empty()) return;
    if (store_.find({.group = "", .kind = kind, .name_space = name_space_, .name = name}) ==
        nullptr) {
      missing_ = std::string(kind) + "/" + name;
    }
  }

  void volume(const json& volume) {
    need("ConfigMap", health::at(volume, "/configMap"), "/name");
    need("Secret", health::at(volume, "/secret"), "/secretName");
    need("PersistentVolumeClaim", health::at(volume, "/persistentVolumeClaim"), "/claimName");
    for (const json& source : list(volume, "/projected/sources")) {
      need("ConfigMap", health::at(source, "/configMap"), "/name");
      need("Secret", health::at(source, "/secret"), "/name");
    }
  }

  void container(const json& container) {
    for (const json& source : list(container, "/envFrom")) {
      need("ConfigMap", health::at(source, "/configMapRef"), "/name");
      need("Secret", health::at(source, "/secretRef"), "/name");
    }
    for (const json& variable : list(container, "/env")) {
      need("ConfigMap", health::at(variable, "/valueFrom/configMapKeyRef"), "/name");
      need("Secret", health::at(variable, "/valueFrom/secretKeyRef"), "/name");
    }
  }

  [[nodiscard]] std::string take() { return std::move(missing_); }

 private:
  const Store& store_;
  const std::string& name_space_;
  std::string missing_;
};

}  // namespace

std::string missing_need(const Store& store, const json& pod_spec, const std::string& name_space) {
  Search search(store, name_space);
  // Every namespace has a ServiceAccount `default`.
  if (text(pod_spec, "/serviceAccountName") != "default") {
    search.need("ServiceAccount", pod_spec, "/serviceAccountName");
  }
  for (const json& volume : list(pod_spec, "/volumes")) search.volume(volume);
  for (const char* path : {"/initContainers", "/containers"}) {
    for (const json& container : list(pod_spec, path)) search.container(container);
  }
  return search.take();
}

std::vector<std::string> mounted_claims(const json& pod_spec) {
  std::vector<std::string> claims;
  for (const json& volume : list(pod_spec, "/volumes")) {
    std::string name = text(volume, "/persistentVolumeClaim/claimName");
    if (!name.empty()) claims.push_back(std::move(name));
  }
  return claims;
}

}  // namespace wavetank::cluster
