#include "application/controller/cluster_deletion.h"

#include "cluster/api/wording.h"

namespace wavetank::application {

using nlohmann::json;

void ClusterDeletion::record(sync::RequestKind kind, const model::ObjectKey& key, bool is_ok,
                             std::string message) {
  is_quiet_ = false;
  sync::Request request{.kind = kind, .key = model::intern(key, *place_.interner)};
  request.is_hook = kind == sync::RequestKind::Create;
  calls_.push_back({.at = place_.cluster->now(),
                    .request = request,
                    .status = is_ok ? sync::AnswerStatus::Ok : sync::AnswerStatus::Error,
                    .message = std::move(message)});
}

std::vector<OwnedObject> ClusterDeletion::objects() {
  std::vector<OwnedObject> owned;
  const ApplicationSpec& spec = *place_.spec;
  for (const cluster::StoredObject* object : place_.cluster->objects()) {
    if (!place_.comparer->is_marked(*object, spec.name)) continue;
    const model::ObjectKey key = model::resolve(object->key, *place_.interner);
    const model::Scope scope = place_.cluster->scope(key.group, key.kind);
    if (!permission_error(*place_.project, key, scope).empty()) continue;
    owned.push_back(owned_object(
        object->content, {.name = spec.name, .name_space = spec.name_space, .uid = spec.uid}));
    owned.back().requires_confirmation = place_.awaits_confirmation->contains(key);
  }
  return owned;
}

tl::expected<std::vector<DeleteHookManifest>, std::string> ClusterDeletion::manifests() {
  const auto targets = source_();
  if (!targets) return tl::unexpected(targets.error());
  manifests_.clear();
  std::vector<DeleteHookManifest> hooks;
  for (const auto* list : {&(*targets)->objects, &(*targets)->delete_hooks}) {
    for (const TargetObject& target : *list) {
      manifests_.push_back(&target);
      hooks.push_back(
          {.key = model::resolve(target.facts.key, *place_.interner), .hook = target.facts.hook});
    }
  }
  return hooks;
}

CreateAnswer ClusterDeletion::create(std::size_t manifest, const model::ObjectKey& key) {
  json object = manifests_[manifest]->manifest;
  object["metadata"]["namespace"] = key.name_space;
  const bool is_namespaced = place_.cluster->scope(key.group, key.kind) != model::Scope::Cluster;
  if (!is_namespaced) object["metadata"].erase("namespace");
  model::ObjectKey stored = key;
  if (!is_namespaced) stored.name_space.clear();
  if (place_.cluster->get(model::intern(stored, *place_.interner)) != nullptr) {
    return CreateStatus::Exists;
  }
  mark(object, place_.spec->name, key, *place_.tracking);
  const cluster::CallResult result = place_.cluster->create(object, {});
  const bool is_ok = result.status == cluster::CallStatus::Ok;
  record(sync::RequestKind::Create, stored, is_ok, result.message);
  if (!is_ok) return tl::unexpected(result.message);
  return CreateStatus::Created;
}

DeleteAnswer ClusterDeletion::remove(const model::ObjectKey& key,
                                     std::optional<model::Propagation> policy) {
  const cluster::CallResult result = place_.cluster->remove(
      model::intern(key, *place_.interner), policy.value_or(model::Propagation::Background));
  const bool is_ok = result.status == cluster::CallStatus::Ok;
  record(sync::RequestKind::Prune, key, is_ok, is_ok ? "deleted" : result.message);
  if (is_ok) return {};
  return tl::unexpected(DeleteError{
      .message = result.message, .is_not_found = result.status == cluster::CallStatus::NotFound});
}

}  // namespace wavetank::application
