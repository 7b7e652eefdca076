// What every namespace has: the ServiceAccount `default` and the root certificate.
//
// Source: pkg/controller/serviceaccount, pkg/controller/certificates/rootcacertpublisher.

#include "cluster/api/object/json_access.h"
#include "cluster/controller_manager/controllers.h"

namespace wavetank::cluster {

using model::ObjectKey;
using nlohmann::json;

namespace {

constexpr std::pair<const char*, const char*> kFurniture[] = {{"ServiceAccount", "default"},
                                                              {"ConfigMap", "kube-root-ca.crt"}};

SyncResult sync(Context& context, const ObjectKey& key) {
  const json* object = context.find(key);
  if (object == nullptr || api::has(*object, "/metadata/deletionTimestamp"))
    return SyncResult::Done;
  for (const auto& [kind, name] : kFurniture) {
    const ObjectKey piece{.group = "", .kind = kind, .name_space = key.name, .name = name};
    if (context.find(piece) != nullptr) continue;
    context.create({{"apiVersion", "v1"},
                    {"kind", kind},
                    {"metadata", {{"name", name}, {"namespace", key.name}}}});
  }
  return SyncResult::Done;
}

void notice(Context& context, const Notice& notice) {
  if (!notice.key.group.empty()) return;
  if (notice.key.kind == "Namespace") context.wake(notice.key);
  for (const auto& [kind, name] : kFurniture) {
    if (notice.is_removed && notice.key.kind == kind && notice.key.name == name) {
      context.wake(
          {.group = "", .kind = "Namespace", .name_space = "", .name = notice.key.name_space});
    }
  }
}

}  // namespace

const Controller kNamespaceFurnisher{"serviceaccount-controller", notice, sync};

}  // namespace wavetank::cluster
