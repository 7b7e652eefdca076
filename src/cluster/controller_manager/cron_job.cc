// CronJobs: a Job at each moment of a schedule.
//
// Source: pkg/controller/cronjob/cronjob_controllerv2.go of Kubernetes 1.36.

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "cluster/api/object/json_access.h"
#include "cluster/controller_manager/controllers.h"
#include "cluster/controller_manager/cron_times.h"
#include "cluster/controller_manager/job_pods.h"
#include "cluster/controller_manager/owned_pods.h"

namespace wavetank::cluster {

using api::at;
using api::flag;
using api::has;
using api::list;
using api::number;
using api::text;
using model::ObjectKey;
using model::WallTime;
using nlohmann::json;

namespace {

bool is_cron_job(const ObjectKey& key) { return key.group == "batch" && key.kind == "CronJob"; }

// Which moments it names. When they change, the controller does not look before the next of them.
json timing_of(const json& cron_job) {
  return {{"schedule", at(cron_job, "/spec/schedule")},
          {"timeZone", at(cron_job, "/spec/timeZone")}};
}

void notice(Context& context, const Notice& notice) {
  if (notice.key.group == "batch" && notice.key.kind == "Job") {
    for (const ObjectKey* owner : {&notice.controller, &notice.old_controller}) {
      if (is_cron_job(*owner) && context.find(*owner) != nullptr) context.wake(*owner);
    }
    return;
  }
  if (!is_cron_job(notice.key) || notice.is_removed) return;
  const json& cron_job = *context.find(notice.key);
  const json known = context.recall(notice.key);
  if (known.is_null() || known == timing_of(cron_job)) {
    context.wake(notice.key);
  } else if (const auto times = CronTimes::of(cron_job)) {
    context.wake(notice.key, times->until_next(wall_time(context.now())));
  }
}

class CronLook {
 public:
  CronLook(Context& context, ObjectKey key, json cron_job)
      : context_(context),
        key_(std::move(key)),
        cron_job_(std::move(cron_job)),
        active_(list(cron_job_, "/status/active")) {}

  SyncResult take() {
    find_jobs();
    clean_up("Complete", "/spec/successfulJobsHistoryLimit");
    clean_up("Failed", "/spec/failedJobsHistoryLimit");
    note_ends();
    drop_missing();
    if (!has(cron_job_, "/metadata/deletionTimestamp") && !flag(cron_job_, "/spec/suspend"))
      start();
    const api::Reply reply = context_.edit_status(key_, [&](json& changed) {
      json& status = changed["status"];
      if (!status.is_object()) status = json::object();
      status["active"] = active_;
      api::erase_empty(status, "active");
      if (last_start_) status["lastScheduleTime"] = timestamp(instant_at(*last_start_));
      if (!last_success_.empty()) status["lastSuccessfulTime"] = last_success_;
    });
    return reply.ok() && !was_refused_ ? SyncResult::Done : SyncResult::Again;
  }

 private:
  struct Child {
    ObjectKey key;
    json content;
    std::string uid;
    std::string end;  // "Complete", "Failed", or empty
  };

  void find_jobs() {
    for (const ObjectKey& each : context_.all_of("batch", "Job", key_.name_space)) {
      // The name of the controller is all that is asked for.
      if (context_.store().find(each)->controller.name != key_.name) continue;
      const json& job = *context_.find(each);
      const json* condition = finished_condition(job);
      children_.push_back({.key = each,
                           .content = job,
                           .uid = text(job, "/metadata/uid"),
                           .end = condition == nullptr ? "" : text(*condition, "/type")});
    }
  }

  [[nodiscard]] bool is_listed(const std::string& uid) const {
    return std::any_of(active_.begin(), active_.end(),
                       [&](const json& each) { return text(each, "/uid") == uid; });
  }

  void unlist(const std::string& uid) {
    json kept = json::array();
    for (const json& each : active_) {
      if (text(each, "/uid") != uid) kept.push_back(each);
    }
    active_ = std::move(kept);
  }

  // Of the Jobs that ended in this way, the oldest beyond the limit go.
  void clean_up(const std::string& end, const char* limit) {
    if (!has(cron_job_, limit)) return;
    std::vector<const Child*> ended;
    for (const Child& each : children_) {
      if (each.end == end) ended.push_back(&each);
    }
    const auto age = [](const Child* child) {
      const std::string start = text(child->content, "/status/startTime");
      return std::tuple(start.empty(), start, child->key.name);
    };
    std::sort(ended.begin(), ended.end(),
              [&](const Child* a, const Child* b) { return age(a) < age(b); });
    const auto surplus = static_cast<std::int64_t>(ended.size()) - number(cron_job_, limit);
    for (std::int64_t i = 0; i < surplus; ++i) {
      const Child& oldest = *ended[static_cast<std::size_t>(i)];
      if (context_.remove(oldest.key).ok()) unlist(oldest.uid);
    }
  }

  void note_ends() {
    last_success_ = text(cron_job_, "/status/lastSuccessfulTime");
    for (const Child& each : children_) {
      if (each.end.empty()) continue;
      unlist(each.uid);
      // Texts of times sort as the times do.
      if (each.end == "Complete") {
        last_success_ = std::max(last_success_, text(each.content, "/status/completionTime"));
      }
    }
  }

  void drop_missing() {
    const json listed = active_;
    for (const json& each : listed) {
      const ObjectKey job{.group = "batch",
                          .kind = "Job",
                          .name_space = key_.name_space,
                          .name = text(each, "/name")};
      if (context_.find(job) == nullptr) unlist(text(each, "/uid"));
    }
  }

  // Starts the Job that is due, and comes back for the next one.
  void start() {
    const auto times = CronTimes::of(cron_job_);
    const WallTime now = wall_time(context_.now());
    if (!times || !times->ever_comes(now)) return;
    if (const auto due = times->unmet(now); due && may_start(*due, now) && !make(*times, *due)) {
      return;
    }
    if (!was_refused_) context_.wake(key_, times->until_next(now));
  }

  [[nodiscard]] std::string job_name(WallTime due) const {
    return fmt::format("{}-{}", key_.name, due.seconds / 60);
  }

  [[nodiscard]] bool may_start(WallTime due, WallTime now) const {
    if (has(cron_job_, "/spec/startingDeadlineSeconds")) {
      const auto deadline =
          std::chrono::seconds(number(cron_job_, "/spec/startingDeadlineSeconds"));
      if (instant_at(due) + deadline < instant_at(now)) return false;
    }
    const std::string name = job_name(due);
    const bool is_running = std::any_of(active_.begin(), active_.end(), [&](const json& each) {
      return text(each, "/name") == name;
    });
    if (is_running || text(cron_job_, "/status/lastScheduleTime") == timestamp(instant_at(due))) {
      return false;
    }
    return text(cron_job_, "/spec/concurrencyPolicy") != "Forbid" || active_.empty();
  }

  // False: the Job is there, but not ours to look after.
  bool make(const CronTimes& times, WallTime due) {
    if (text(cron_job_, "/spec/concurrencyPolicy") == "Replace" && !replace_active()) {
      was_refused_ = true;
      return false;
    }
    const api::Reply reply = context_.create(new_job(times, due));
    ObjectKey key{
        .group = "batch", .kind = "Job", .name_space = key_.name_space, .name = job_name(due)};
    if (!reply.ok() && reply.error->reason != "AlreadyExists") {
      was_refused_ = true;
      return false;
    }
    const Entry* job = context_.store().find(key);
    const std::string uid = text(cron_job_, "/metadata/uid");
    if (job == nullptr ||
        std::find(job->owner_uids.begin(), job->owner_uids.end(), uid) == job->owner_uids.end() ||
        is_listed(job->object.uid)) {
      return false;
    }
    active_.push_back({{"apiVersion", "batch/v1"},
                       {"kind", "Job"},
                       {"name", key.name},
                       {"namespace", key.name_space},
                       {"resourceVersion", std::to_string(job->object.resource_version)},
                       {"uid", job->object.uid}});
    last_start_ = due;
    return true;
  }

  bool replace_active() {
    const json listed = active_;
    for (const json& each : listed) {
      const api::Reply reply = context_.remove({.group = "batch",
                                                .kind = "Job",
                                                .name_space = key_.name_space,
                                                .name = text(each, "/name")});
      if (!reply.ok()) return false;
      unlist(text(each, "/uid"));
    }
    return true;
  }

  [[nodiscard]] json new_job(const CronTimes& times, WallTime due) const {
    json job = {{"apiVersion", "batch/v1"}, {"kind", "Job"}};
    json& meta = job["metadata"];
    const json& of_template = at(cron_job_, "/spec/jobTemplate/metadata");
    for (const char* each : {"labels", "annotations"}) {
      if (has(of_template, std::string("/") + each)) meta[each] = of_template[each];
    }
    meta["name"] = job_name(due);
    meta["namespace"] = key_.name_space;
    meta["annotations"]["batch.kubernetes.io/cronjob-scheduled-timestamp"] = times.local_text(due);
    meta["ownerReferences"] = json::array({controller_reference(key_, cron_job_)});
    job["spec"] = at(cron_job_, "/spec/jobTemplate/spec");
    return job;
  }

  Context& context_;
  const ObjectKey key_;
  const json cron_job_;
  json active_;
  std::string last_success_;
  std::optional<WallTime> last_start_;
  std::vector<Child> children_;
  bool was_refused_ = false;
};

SyncResult sync(Context& context, const ObjectKey& key) {
  const json* cron_job = context.find(key);
  if (cron_job == nullptr) return SyncResult::Done;
  context.remember(key, timing_of(*cron_job));
  return CronLook(context, key, *cron_job).take();
}

}  // namespace

const Controller kCronJobController{"cronjob-controller", notice, sync};

}  // namespace wavetank::cluster
