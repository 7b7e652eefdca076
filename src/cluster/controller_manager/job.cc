// Jobs: when the Job controller looks at one, and pods that no Job will release.
//
// What happens to a Job's pods or its status is looked at one second later, a new Job or a new
// desired state at once. Pods keep a finalizer until their Job has counted them; of pods whose Job
// is gone or finished it goes at once. Source: pkg/controller/job/job_controller.go of Kubernetes
// 1.36.

#include <algorithm>

#include "cluster/api/object/json_access.h"
#include "cluster/api/rules/selector.h"
#include "cluster/controller_manager/controllers.h"
#include "cluster/controller_manager/finalizers.h"
#include "cluster/controller_manager/job_look.h"
#include "cluster/controller_manager/owned_pods.h"

namespace wavetank::cluster {

using api::at;
using api::text;
using model::ObjectKey;
using nlohmann::json;

namespace {

bool is_job(const ObjectKey& key) { return key.group == "batch" && key.kind == "Job"; }
bool is_pod(const ObjectKey& key) { return key.group.empty() && key.kind == "Pod"; }

// The Job behind a reference; null when there is none, or another one of that name.
const json* referred(const Context& context, const ObjectKey& controller,
                     const std::vector<std::string>& owner_uids) {
  if (!is_job(controller)) return nullptr;
  const json* job = context.find(controller);
  if (job == nullptr) return nullptr;
  const auto found = std::find(owner_uids.begin(), owner_uids.end(), text(*job, "/metadata/uid"));
  return found == owner_uids.end() ? nullptr : job;
}

void wake_if_tracked(Context& context, const ObjectKey& pod) {
  const json* content = context.find(pod);
  if (content != nullptr && has_finalizer(*content, kTrackingFinalizer)) context.wake(pod);
}

void notice_job(Context& context, const Notice& notice) {
  const json* job = context.find(notice.key);
  if (job == nullptr || finished_condition(*job) != nullptr) {
    for (const ObjectKey& each : context.store().dependents(notice.uid)) {
      if (is_pod(each)) wake_if_tracked(context, each);
    }
    return;
  }
  const bool is_wish = notice.is_new || notice.has_new_generation;
  context.wake(notice.key, is_wish ? base::Duration::zero() : kJobBatchPeriod);
}

void notice_pod(Context& context, const Notice& notice) {
  const ObjectKey& key = notice.key;
  if (!(notice.controller == notice.old_controller) &&
      referred(context, notice.old_controller, notice.owner_uids) != nullptr) {
    context.wake(notice.old_controller, kJobBatchPeriod);
  }
  if (!notice.controller.kind.empty()) {
    const json* job = referred(context, notice.controller, notice.owner_uids);
    if (job != nullptr && finished_condition(*job) == nullptr) {
      context.wake(notice.controller, kJobBatchPeriod);
    } else if (notice.is_deleting) {
      wake_if_tracked(context, key);
    }
    return;
  }
  wake_if_tracked(context, key);
  if (notice.is_removed || notice.is_deleting) return;
  const json& labels = at(*context.find(key), "/metadata/labels");
  for (const ObjectKey& each : context.all_of("batch", "Job", key.name_space)) {
    if (api::selector_matches(at(*context.find(each), "/spec/selector"), labels)) {
      context.wake(each, kJobBatchPeriod);
    }
  }
}

void notice(Context& context, const Notice& notice) {
  if (is_job(notice.key)) notice_job(context, notice);
  if (is_pod(notice.key)) notice_pod(context, notice);
}

// Lets go a pod that no Job will count.
SyncResult sync_orphan(Context& context, const ObjectKey& key) {
  const Entry* pod = context.store().find(key);
  if (pod == nullptr) return SyncResult::Done;
  if (!pod->controller.kind.empty()) {
    if (!is_job(pod->controller)) return SyncResult::Done;
    const json* job = referred(context, pod->controller, pod->owner_uids);
    if (job != nullptr && (is_managed_elsewhere(*job) || finished_condition(*job) == nullptr)) {
      return SyncResult::Done;
    }
  }
  const api::Reply reply =
      context.edit(key, [](json& changed) { drop_finalizer(changed, kTrackingFinalizer); });
  return reply.ok() ? SyncResult::Done : SyncResult::Again;
}

SyncResult sync(Context& context, const ObjectKey& key) {
  if (is_pod(key)) return sync_orphan(context, key);
  const json* job = context.find(key);
  if (job == nullptr || is_managed_elsewhere(*job) || finished_condition(*job) != nullptr) {
    return SyncResult::Done;
  }
  return JobLook(context, key, *job).take();
}

}  // namespace

const Controller kJobController{.name = "job-controller",
                                .notice = notice,
                                .sync = sync,
                                .first_retry = std::chrono::seconds(1),
                                .longest_retry = std::chrono::minutes(1)};

}  // namespace wavetank::cluster
