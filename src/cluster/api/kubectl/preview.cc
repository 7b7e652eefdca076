#include "cluster/api/kubectl/preview.h"

#include "cluster/api/kubectl/kubectl.h"
#include "cluster/api/object/merge.h"

namespace wavetank::cluster::api {

using nlohmann::json;

Preview preview(Server& server, const Target& target, const json& manifest, bool server_side) {
  const WriteRequest request{.caller = {.user = "", .manager = "argocd-controller"},
                             .dry_run = DryRun::Yes};
  const json& live = server.store().find(target.key())->object.content;
  if (server_side) {
    const Reply reply = server.apply(target, manifest, {.write = request, .force = true});
    if (reply.ok()) return {.object = reply.object, .is_changed = reply.changed};
    return {.object = live, .is_changed = true};
  }
  const Type* type = target.kind->is_custom ? nullptr : target.kind->type;
  // kubectl remembers an empty map of annotations where there was none; that is not to be deleted.
  json wanted = manifest;
  json& annotations = wanted["metadata"]["annotations"];
  if (!annotations.is_object()) annotations = json::object();
  const ThreeWay merged = three_way_merge(type, last_applied_of(live), wanted, live);
  if (!merged.is_changed) return {.object = live};
  const Patch patch = [&](const json&) { return Patched{.object = merged.object}; };
  const Reply reply = server.patch(target, patch, request);
  if (reply.ok()) return {.object = reply.object, .is_changed = reply.changed};
  return {.object = merged.object, .is_changed = true};
}

}  // namespace wavetank::cluster::api
