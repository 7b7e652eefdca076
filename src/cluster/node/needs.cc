#include "cluster/node/needs.h"

#include <fmt/format.h>

#include "health/object_view.h"

namespace wavetank::cluster {

using health::at;
using health::flag;
using health::list;
using health::text;
using nlohmann::json;

namespace {

class Search {
 public:
  Search(const Store& store, const std::string& name_space)
      : store_(store), name_space_(name_space) {}

  void volume(const json& volume) {
    is_volume_ = true;
    object("ConfigMap", at(volume, "/configMap"), "/name");
    object("Secret", at(volume, "/secret"), "/secretName");
    for (const json& source : list(volume, "/projected/sources")) {
      object("ConfigMap", at(source, "/configMap"), "/name");
      object("Secret", at(source, "/secret"), "/name");
    }
  }

  void container(const json& container) {
    is_volume_ = false;
    for (const json& source : list(container, "/envFrom")) {
      object("ConfigMap", at(source, "/configMapRef"), "/name");
      object("Secret", at(source, "/secretRef"), "/name");
    }
    for (const json& variable : list(container, "/env")) {
      key("ConfigMap", at(variable, "/valueFrom/configMapKeyRef"));
      key("Secret", at(variable, "/valueFrom/secretKeyRef"));
    }
  }

  [[nodiscard]] std::optional<Need> take() { return std::move(missing_); }

 private:
  const Entry* find(const char* kind, const std::string& name) const {
    return store_.find({.group = "", .kind = kind, .name_space = name_space_, .name = name});
  }

  void miss(std::string message) {
    if (!missing_) missing_ = Need{.message = std::move(message), .is_volume = is_volume_};
  }

  const Entry* object(const char* kind, const json& reference, const char* path) {
    const std::string name = text(reference, path);
    if (name.empty()) return nullptr;
    const Entry* found = find(kind, name);
    if (found == nullptr && !flag(reference, "/optional")) {
      miss(fmt::format("{} \"{}\" not found",
                       std::string_view(kind) == "Secret" ? "secret" : "configmap", name));
    }
    return found;
  }

  void key(const char* kind, const json& reference) {
    const Entry* found = object(kind, reference, "/name");
    const std::string key = text(reference, "/key");
    if (found == nullptr || key.empty() || flag(reference, "/optional")) return;
    for (const char* field : {"/data", "/binaryData", "/stringData"}) {
      const json& data = at(found->object.content, field);
      if (data.is_object() && data.contains(key)) return;
    }
    miss(fmt::format("couldn't find key {} in {} {}/{}", key, kind, name_space_,
                     text(reference, "/name")));
  }

  const Store& store_;
  const std::string& name_space_;
  bool is_volume_ = false;
  std::optional<Need> missing_;
};

}  // namespace

std::optional<Need> missing_need(const Store& store, const json& pod_spec,
                                 const std::string& name_space) {
  Search search(store, name_space);
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
