#include "cluster/api/garbage.h"

#include <algorithm>

#include "cluster/api/object/json_access.h"
#include "model/key.h"

namespace wavetank::cluster::api {

using nlohmann::json;

namespace {

constexpr const char* kForeground = "foregroundDeletion";
constexpr const char* kOrphan = "orphan";
constexpr const char* kDefinitionCleanup = "customresourcecleanup.apiextensions.k8s.io";
constexpr const char* kManager = "kube-controller-manager";

const WriteRequest kWrite{.caller = {.user = "", .manager = kManager}};

bool has_finalizer(const json& object, const char* name) {
  const json& finalizers = list(object, "/metadata/finalizers");
  return std::find(finalizers.begin(), finalizers.end(), name) != finalizers.end();
}

class Collector {
 public:
  explicit Collector(Server& server) : server_(server) {}

  // One look at every object; whether anything was done.
  bool sweep() {
    std::vector<model::ObjectKey> keys;
    for (const auto& [key, entry] : server_.store().entries()) keys.push_back(key);
    bool acted = false;
    for (const model::ObjectKey& key : keys) {
      const Entry* entry = server_.store().find(key);
      if (entry != nullptr) acted = visit(key, *entry) || acted;
    }
    return acted;
  }

 private:
  Target target_of(const model::ObjectKey& key) {
    return {.kind = server_.find_kind(key.group, key.kind),
            .name_space = key.name_space,
            .name = key.name};
  }

  bool visit(const model::ObjectKey& key, const Entry& entry) {
    const json object = entry.object.content;
    if (entry.object.deleting) {
      const bool is_known = !is_unnoticed(key);
      if (is_known && has_finalizer(object, kForeground)) {
        return foreground(key, entry.object.uid);
      }
      if (is_known && has_finalizer(object, kOrphan)) return orphan(key, entry.object.uid);
      if (has_finalizer(object, kDefinitionCleanup)) return cleanup_definition(key, object);
      return false;
    }
    if (is_unnoticed(key)) return false;
    return is_orphaned(key, object) ? remove(key) : drop_dangling(key, object);
  }

  // The collector learns of a new kind only at its next look, every 30 seconds.
  bool is_unnoticed(const model::ObjectKey& key) {
    if (built_in_kind(key.group, key.kind) != nullptr) return false;
    const KindInfo* kind = server_.find_kind(key.group, key.kind);
    if (kind == nullptr) return true;
    const Entry* definition = server_.store().find({.group = "apiextensions.k8s.io",
                                                    .kind = "CustomResourceDefinition",
                                                    .name_space = "",
                                                    .name = kind->resource + "." + kind->group});
    return definition == nullptr ||
           server_.now < definition->object.created + std::chrono::seconds(30);
  }

  // References to owners that are gone are taken away while another owner is left.
  bool drop_dangling(const model::ObjectKey& key, const json& object) {
    json kept = json::array();
    const json& owners = list(object, "/metadata/ownerReferences");
    for (const json& each : owners) {
      const Owner owner = look_up(key, each);
      if (owner != Owner::Absent && owner != Owner::Going) kept.push_back(each);
    }
    if (kept.empty() || kept.size() == owners.size()) return false;
    const Target target = target_of(key);
    const Patch patch = [&](const json& live) {
      Patched patched{.object = live};
      patched.object["metadata"]["ownerReferences"] = kept;
      return patched;
    };
    return target.kind != nullptr && server_.patch(target, patch, kWrite).ok();
  }

  bool remove(const model::ObjectKey& key) {
    const Target target = target_of(key);
    if (target.kind == nullptr) return false;
    const std::uint64_t before = server_.store().version();
    return server_.remove(target, {.caller = kWrite.caller, .policy = DeletePolicy::Background})
               .ok() &&
           server_.store().version() != before;
  }

  bool drop_finalizer(const model::ObjectKey& key, const char* name) {
    const Target target = target_of(key);
    if (target.kind == nullptr) return false;
    const Patch patch = [&](const json& live) {
      Patched patched{.object = live};
      json kept = json::array();
      for (const json& each : list(live, "/metadata/finalizers")) {
        if (each != name) kept.push_back(each);
      }
      patched.object["metadata"]["finalizers"] = std::move(kept);
      return patched;
    };
    return server_.patch(target, patch, kWrite).ok();
  }

  bool foreground(const model::ObjectKey& key, const std::string& uid) {
    bool acted = false;
    bool blocked = false;
    for (const model::ObjectKey& dependent : server_.store().dependents(uid)) {
      const Entry* entry = server_.store().find(dependent);
      if (entry == nullptr) continue;
      for (const json& owner : list(entry->object.content, "/metadata/ownerReferences")) {
        if (text(owner, "/uid") == uid && flag(owner, "/blockOwnerDeletion")) blocked = true;
      }
      const json object = entry->object.content;
      if (!entry->object.deleting && owners_all_going(dependent, object)) {
        const Target target = target_of(dependent);
        acted =
            (target.kind != nullptr &&
             server_.remove(target, {.caller = kWrite.caller, .policy = DeletePolicy::Foreground})
                 .ok()) ||
            acted;
      }
    }
    if (acted) return true;
    if (blocked && !server_.store().dependents(uid).empty()) return false;
    return drop_finalizer(key, kForeground);
  }

  bool orphan(const model::ObjectKey& key, const std::string& uid) {
    for (const model::ObjectKey& dependent : server_.store().dependents(uid)) {
      const Target target = target_of(dependent);
      if (target.kind == nullptr) continue;
      const Patch patch = [&](const json& live) {
        Patched patched{.object = live};
        json kept = json::array();
        for (const json& owner : list(live, "/metadata/ownerReferences")) {
          if (text(owner, "/uid") != uid) kept.push_back(owner);
        }
        patched.object["metadata"]["ownerReferences"] = std::move(kept);
        return patched;
      };
      if (!server_.patch(target, patch, kWrite).ok()) return false;
    }
    return drop_finalizer(key, kOrphan);
  }

  bool cleanup_definition(const model::ObjectKey& key, const json& definition) {
    const std::string group = text(definition, "/spec/group");
    const std::string kind = text(definition, "/spec/names/kind");
    bool acted = false;
    bool any = false;
    std::vector<model::ObjectKey> keys;
    for (const auto& [each, entry] : server_.store().entries()) {
      if (each.group == group && each.kind == kind) keys.push_back(each);
    }
    for (const model::ObjectKey& each : keys) {
      acted = remove(each) || acted;
      any = any || server_.store().find(each) != nullptr;
    }
    if (any || acted) return acted;
    return drop_finalizer(key, kDefinitionCleanup);
  }

  // The object behind an owner reference, if it is still the same one.
  enum class Owner : std::uint8_t { Present, Going, Absent, Unknown };
  Owner look_up(const model::ObjectKey& dependent, const json& reference) {
    const std::string api_version = text(reference, "/apiVersion");
    const KindInfo* kind = server_.find_kind(
        model::group_of(api_version), model::version_of(api_version), text(reference, "/kind"));
    // An owner of an unknown kind is never taken for absent.
    if (kind == nullptr) return Owner::Unknown;
    const Entry* owner =
        server_.store().find({.group = kind->group,
                              .kind = kind->kind,
                              .name_space = kind->is_namespaced ? dependent.name_space : "",
                              .name = text(reference, "/name")});
    if (owner == nullptr || owner->object.uid != text(reference, "/uid")) return Owner::Absent;
    const bool is_going =
        owner->object.deleting && has_finalizer(owner->object.content, kForeground);
    return is_going ? Owner::Going : Owner::Present;
  }

  bool is_orphaned(const model::ObjectKey& key, const json& object) {
    const json& owners = list(object, "/metadata/ownerReferences");
    return !owners.empty() && std::all_of(owners.begin(), owners.end(), [&](const json& each) {
      return look_up(key, each) == Owner::Absent;
    });
  }

  bool owners_all_going(const model::ObjectKey& key, const json& object) {
    const json& owners = list(object, "/metadata/ownerReferences");
    return std::all_of(owners.begin(), owners.end(), [&](const json& each) {
      const Owner owner = look_up(key, each);
      return owner == Owner::Going || owner == Owner::Absent;
    });
  }

  Server& server_;
};

}  // namespace

void collect_garbage(Server& server) {
  Collector collector(server);
  // Every sweep that acts brings an end nearer; the bound guards against a mistake of ours.
  for (int sweeps = 0; sweeps < 1000 && collector.sweep(); ++sweeps) {
  }
}

}  // namespace wavetank::cluster::api
