// What the objects of a namespace use of its quotas.
//
// Source: pkg/controller/resourcequota. Admission counts what a creation adds by itself.

#include "cluster/api/admission/admission.h"
#include "cluster/api/object/json_access.h"
#include "cluster/controller_manager/controllers.h"

namespace wavetank::cluster {

using api::at;
using model::ObjectKey;
using nlohmann::json;

namespace {

constexpr std::string_view kKind = "ResourceQuota";

SyncResult sync(Context& context, const ObjectKey& key) {
  const json* found = context.find(key);
  if (found == nullptr) return SyncResult::Done;
  const json hard = at(*found, "/spec/hard");
  const json used = api::quota_usage(context.store(), key.name_space, hard);
  context.edit_status(key, [&](json& quota) {
    quota["status"] = {{"hard", hard}, {"used", used}};
  });
  return SyncResult::Done;
}

void notice(Context& context, const Notice& notice) {
  if (notice.key.name_space.empty()) return;
  for (const ObjectKey& each : context.all_of("", kKind, notice.key.name_space)) {
    context.wake(each);
  }
}

}  // namespace

const Controller kQuotaCounter{"resourcequota-controller", notice, sync};

}  // namespace wavetank::cluster
