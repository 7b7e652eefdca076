// Deletes finished Jobs when their ttlSecondsAfterFinished has passed.
//
// Source: pkg/controller/ttlafterfinished/ttlafterfinished_controller.go of Kubernetes 1.36.

#include "cluster/api/object/json_access.h"
#include "cluster/controller_manager/controllers.h"
#include "cluster/controller_manager/job_pods.h"
#include "cluster/controller_manager/owned_pods.h"

namespace wavetank::cluster {

using api::has;
using api::number;
using api::text;
using model::ObjectKey;
using nlohmann::json;

namespace {

bool needs_cleanup(const json& job) {
  return has(job, "/spec/ttlSecondsAfterFinished") && finished_condition(job) != nullptr &&
         !has(job, "/metadata/deletionTimestamp");
}

void notice(Context& context, const Notice& notice) {
  if (notice.key.group != "batch" || notice.key.kind != "Job" || notice.is_removed) return;
  if (needs_cleanup(*context.find(notice.key))) context.wake(notice.key);
}

SyncResult sync(Context& context, const ObjectKey& key) {
  const json* job = context.find(key);
  if (job == nullptr || !needs_cleanup(*job)) return SyncResult::Done;
  const auto finished = instant_of(text(*finished_condition(*job), "/lastTransitionTime"));
  if (!finished) return SyncResult::Again;
  const base::Instant end =
      *finished + std::chrono::seconds(number(*job, "/spec/ttlSecondsAfterFinished"));
  if (end > context.now()) {
    context.wake(key, end - context.now());
    return SyncResult::Done;
  }
  const api::Reply reply = context.remove(key, api::DeletePolicy::Foreground);
  return reply.ok() || reply.code == 404 ? SyncResult::Done : SyncResult::Again;
}

}  // namespace

const Controller kTtlAfterFinished{"ttl-after-finished-controller", notice, sync};

}  // namespace wavetank::cluster
