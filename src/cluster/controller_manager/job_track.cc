// The status of a Job: counters that tell of each pod once, and the conditions of its end.

#include <algorithm>

#include "cluster/api/object/json_access.h"
#include "cluster/controller_manager/conditions.h"
#include "cluster/controller_manager/finalizers.h"
#include "cluster/controller_manager/job_look.h"
#include "cluster/controller_manager/job_policy.h"
#include "cluster/controller_manager/owned_pods.h"

namespace wavetank::cluster {

using api::has;
using api::list;
using api::number;
using api::text;
using nlohmann::json;

namespace {

// More uids than this make the status too large. Source: MaxUncountedPods.
constexpr std::size_t kMostUncounted = 500;

std::size_t uncounted(const json& status) {
  return list(status, "/uncountedTerminatedPods/succeeded").size() +
         list(status, "/uncountedTerminatedPods/failed").size();
}

}  // namespace

bool JobLook::track(bool is_new) {
  JobPods order;
  std::set<std::string> tracked;
  for (const JobPod& pod : pods_) {
    order.push_back(&pod);
    if (pod.is_tracked) tracked.insert(pod.uid);
  }
  if (is_indexed(job_)) {
    std::stable_sort(order.begin(), order.end(),
                     [](const JobPod* a, const JobPod* b) { return a->index < b->index; });
  }
  status_changed_ = count_released(tracked) || is_new;
  bool has_too_many = false;
  for (const JobPod* pod : order) {
    if (!pod->is_tracked || !may_release(*pod)) continue;
    to_release_.push_back(pod);
    note_uncounted(*pod);
    has_too_many = new_indexes_.size() + uncounted(status_) >= kMostUncounted;
    if (has_too_many) break;  // the rest at the next look
  }
  if (is_indexed(job_)) note_indexes();
  announce_end();
  if (status_changed_) {
    if (!write_status()) return false;
    context_.remember(key_, backoff_.to_json());
  }

  const bool all_released = release(tracked);
  bool must_write = count_released(tracked);
  if (!all_released) {
    if (must_write) (void)write_status();
    return false;
  }
  if (!has_too_many && enact_end()) must_write = true;
  return !must_write || write_status();
}

bool JobLook::may_release(const JobPod& pod) const {
  if (is_being_deleted() || end_ || pod.phase == "Succeeded") return true;
  if (!has_failed(pod, job_)) return false;
  if (!pod.index) return true;
  const auto delayed = delayed_.find(*pod.index);
  return delayed == delayed_.end() || delayed->second != &pod;
}

// Puts a pod that ended where it will be counted. When the Job fails, every pod that had not ended
// counts as failed.
void JobLook::note_uncounted(const JobPod& pod) {
  json& uncounted = status_["uncountedTerminatedPods"];
  if (pod.phase == "Succeeded" && !uncounted_failed_.contains(pod.uid)) {
    if (is_indexed(job_)) {
      // The set of indexes keeps a success from being counted twice.
      if (!is_valid_index(pod) || old_succeeded_indexes_.contains(*pod.index)) return;
      new_indexes_.push_back(*pod.index);
      status_changed_ = true;
    } else if (!uncounted_succeeded_.contains(pod.uid)) {
      uncounted["succeeded"].push_back(pod.uid);
      status_changed_ = true;
    }
    return;
  }
  const bool job_fails = end_ && end_->type != "SuccessCriteriaMet";
  if (!has_failed(pod, job_) && !job_fails) return;
  if (uncounted_failed_.contains(pod.uid)) return;
  if (is_indexed(job_) && !is_valid_index(pod)) return;
  if (match_failure_policy(job_, pod).action == FailureAction::Ignore) return;
  uncounted["failed"].push_back(pod.uid);
  status_changed_ = true;
}

void JobLook::note_indexes() {
  for (const std::int64_t index : new_indexes_) succeeded_indexes_.insert(index);
  const std::string succeeded = succeeded_indexes_.to_text();
  if (succeeded != text(status_, "/completedIndexes")) status_changed_ = true;
  set_count(status_, "succeeded", succeeded_indexes_.size());
  status_["completedIndexes"] = succeeded;
  api::erase_empty(status_, "completedIndexes");
  if (!failed_indexes_) {
    if (status_.erase("failedIndexes") > 0) status_changed_ = true;
    return;
  }
  const json failed = failed_indexes_->to_text();
  if (status_.value("failedIndexes", json()) != failed) status_changed_ = true;
  status_["failedIndexes"] = failed;
}

// The first of the two steps of an end.
void JobLook::announce_end() {
  if (!end_) return;
  if (end_->type == "FailureTarget") {
    add_condition(*end_);
    status_changed_ = true;
    end_->type = "Failed";
  } else if (end_->type == "SuccessCriteriaMet") {
    if (find_condition(status_, "SuccessCriteriaMet") == nullptr) {
      add_condition(*end_);
      status_changed_ = true;
    }
    end_->type = "Complete";
  }
}

bool JobLook::release(std::set<std::string>& tracked) {
  bool all_released = true;
  for (const JobPod* pod : to_release_) {
    const api::Reply reply =
        context_.edit(pod->key, [](json& changed) { drop_finalizer(changed, kTrackingFinalizer); });
    if (reply.ok() || reply.code == 404) {
      tracked.erase(pod->uid);
    } else {
      all_released = false;
    }
  }
  return all_released;
}

// Turns the uids of pods without the finalizer into counters. True when there were any.
bool JobLook::count_released(const std::set<std::string>& tracked) {
  bool any = false;
  for (const char* outcome : {"succeeded", "failed"}) {
    json& uncounted = status_["uncountedTerminatedPods"];
    if (!uncounted.contains(outcome)) continue;
    json kept = json::array();
    std::int64_t counted = 0;
    for (const json& uid : uncounted[outcome]) {
      if (tracked.contains(uid.get<std::string>())) {
        kept.push_back(uid);
      } else {
        ++counted;
      }
    }
    if (counted == 0) continue;
    any = true;
    set_count(status_, outcome, number(status_, std::string("/") + outcome) + counted);
    uncounted[outcome] = std::move(kept);
    api::erase_empty(uncounted, outcome);
  }
  return any;
}

// The second step of an end, when every pod is counted and none is left that runs.
bool JobLook::enact_end() {
  if (!end_ || uncounted(status_) > 0 || terminating_ > 0) return false;
  ensure_condition(*end_);
  if (end_->type == "Complete") status_["completionTime"] = context_.time();
  context_.remember(key_, nullptr);
  return true;
}

bool JobLook::write_status() {
  return context_.edit_status(key_, [&](json& changed) { changed["status"] = status_; }).ok();
}

}  // namespace wavetank::cluster
