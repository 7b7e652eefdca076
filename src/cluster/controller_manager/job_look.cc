#include "cluster/controller_manager/job_look.h"

#include <algorithm>

#include "cluster/api/object/json_access.h"
#include "cluster/controller_manager/conditions.h"
#include "cluster/controller_manager/job_policy.h"
#include "cluster/controller_manager/owned_pods.h"

namespace wavetank::cluster {

using api::at;
using api::has;
using api::list;
using api::number;
using api::text;
using model::ObjectKey;
using nlohmann::json;

namespace {

bool has_succeeded(const JobPod& pod, const json&) { return pod.phase == "Succeeded"; }

const json* true_condition(const json& status, const char* type) {
  const json* condition = find_condition(status, type);
  return condition != nullptr && text(*condition, "/status") == "True" ? condition : nullptr;
}

}  // namespace

JobLook::JobLook(Context& context, ObjectKey key, json job)
    : context_(context), key_(std::move(key)), job_(std::move(job)), status_(at(job_, "/status")) {
  if (!status_.is_object()) status_ = json::object();
  json& uncounted = status_["uncountedTerminatedPods"];
  if (!uncounted.is_object()) uncounted = json::object();
}

SyncResult JobLook::take() {
  count();
  judge_ends_before();
  if (!end_) judge_limits();
  if (is_indexed(job_)) judge_indexes();
  if (end_) {
    give_up_active_pods();
  } else {
    if (!is_being_deleted()) manage();
    judge_success();
    if (!end_ && !is_being_deleted()) note_suspension();
  }
  const bool is_new = status_changed_ || active_ != number(status_, "/active") ||
                      at(status_, "/ready") != ready_ ||
                      at(status_, "/terminating") != terminating_;
  set_count(status_, "active", active_);
  status_["ready"] = ready_;
  status_["terminating"] = terminating_;
  if (!track(is_new)) return SyncResult::Again;
  return was_refused_ ? SyncResult::Again : SyncResult::Done;
}

void JobLook::count() {
  for (const ObjectKey& each : claim(context_, key_, at(job_, "/spec/selector"), {"", "Pod"},
                                     nullptr, kTrackingFinalizer)) {
    pods_.push_back(job_pod(each, *context_.find(each)));
  }
  for (const JobPod& pod : pods_) {
    if (is_terminating(pod.content)) ++terminating_;
    if (!is_active(pod.content)) continue;
    active_pods_.push_back(&pod);
    if (is_ready(pod.content)) ++ready_;
  }
  active_ = static_cast<std::int64_t>(active_pods_.size());

  for (const json& uid : list(status_, "/uncountedTerminatedPods/succeeded")) {
    uncounted_succeeded_.insert(uid.get<std::string>());
  }
  for (const json& uid : list(status_, "/uncountedTerminatedPods/failed")) {
    uncounted_failed_.insert(uid.get<std::string>());
  }
  const JobPods succeeded = new_pods(uncounted_succeeded_, has_succeeded);
  const JobPods failed = new_pods(uncounted_failed_, has_failed);
  succeeded_ = number(status_, "/succeeded") +
               static_cast<std::int64_t>(succeeded.size() + uncounted_succeeded_.size());
  failed_ = number(status_, "/failed") + static_cast<std::int64_t>(uncounted_failed_.size()) +
            std::count_if(failed.begin(), failed.end(), [&](const JobPod* pod) {
              return match_failure_policy(job_, *pod).action != FailureAction::Ignore;
            });
  backoff_ = BackoffRecord::from_json(context_.recall(key_));
  backoff_.add(succeeded, failed);

  start_ = instant_of(text(status_, "/startTime")).value_or(context_.now());
  if (!has(status_, "/startTime") && !is_suspended(job_)) status_["startTime"] = context_.time();
}

// Pods that ended and stand neither in the counters nor in the list of those to be counted.
JobPods JobLook::new_pods(const std::set<std::string>& uncounted,
                          bool (*is_wanted)(const JobPod& pod, const json& job)) const {
  JobPods found;
  for (const JobPod& pod : pods_) {
    if (!pod.is_tracked || uncounted.contains(pod.uid)) continue;
    if (is_indexed(job_) && !is_valid_index(pod)) continue;
    if (is_wanted(pod, job_)) found.push_back(&pod);
  }
  return found;
}

bool JobLook::is_valid_index(const JobPod& pod) const {
  return pod.index && *pod.index < number(job_, "/spec/completions");
}

bool JobLook::is_being_deleted() const { return has(job_, "/metadata/deletionTimestamp"); }

// Ends that were decided in an earlier look, and those that a rule for pods decides.
void JobLook::judge_ends_before() {
  const auto as_end = [](const json& condition, const char* type) {
    return End{type, text(condition, "/reason"), text(condition, "/message")};
  };
  if (const json* met = true_condition(status_, "SuccessCriteriaMet")) {
    end_ = as_end(*met, "SuccessCriteriaMet");
    return;
  }
  if (const json* target = true_condition(status_, "FailureTarget")) {
    end_ = as_end(*target, "Failed");
    return;
  }
  for (const JobPod& pod : pods_) {
    if (!has_failed(pod, job_)) continue;
    FailureMatch match = match_failure_policy(job_, pod);
    if (match.action != FailureAction::FailJob) continue;
    end_ = End{"FailureTarget", "PodFailurePolicy", std::move(match.message)};
    return;
  }
}

void JobLook::judge_limits() {
  if (failed_ > number(job_, "/spec/backoffLimit") || is_past_restart_limit(job_, pods_)) {
    end_ =
        End{"FailureTarget", "BackoffLimitExceeded", "Job has reached the specified backoff limit"};
    return;
  }
  if (!has(job_, "/spec/activeDeadlineSeconds") || is_suspended(job_)) return;
  const auto deadline = std::chrono::seconds(number(job_, "/spec/activeDeadlineSeconds"));
  const base::Duration passed = context_.now() - start_;
  if (passed >= deadline) {
    end_ =
        End{"FailureTarget", "DeadlineExceeded", "Job was active longer than specified deadline"};
  } else {
    context_.wake(key_, deadline - passed);
  }
}

void JobLook::judge_indexes() {
  const std::int64_t completions = number(job_, "/spec/completions");
  old_succeeded_indexes_ = IndexSet::parse(text(status_, "/completedIndexes"), completions);
  succeeded_indexes_ = indexes_succeeded();
  succeeded_ = succeeded_indexes_.size();
  if (has_limit_per_index(job_)) {
    failed_indexes_ = indexes_failed();
    const std::int64_t failed = failed_indexes_->size();
    if (!end_ && has(job_, "/spec/maxFailedIndexes") &&
        failed > number(job_, "/spec/maxFailedIndexes")) {
      end_ = End{"FailureTarget", "MaxFailedIndexesExceeded",
                 "Job has exceeded the specified maximal number of failed indexes"};
    }
    if (!end_ && failed > 0 && failed + succeeded_ >= completions) {
      end_ = End{"FailureTarget", "FailedIndexes", "Job has failed indexes"};
    }
    find_delayed_pods();
  }
  if (end_) return;
  if (auto message = match_success_policy(job_, succeeded_indexes_)) {
    end_ = End{"SuccessCriteriaMet", "SuccessPolicy", std::move(*message)};
  }
}

IndexSet JobLook::indexes_succeeded() const {
  IndexSet indexes = old_succeeded_indexes_;
  for (const JobPod& pod : pods_) {
    if (pod.is_tracked && is_valid_index(pod) && pod.phase == "Succeeded") {
      indexes.insert(*pod.index);
    }
  }
  return indexes;
}

IndexSet JobLook::indexes_failed() const {
  IndexSet indexes =
      IndexSet::parse(text(status_, "/failedIndexes"), number(job_, "/spec/completions"));
  for (const JobPod& pod : pods_) {
    if (pod.is_tracked && is_valid_index(pod) && has_index_failed(pod)) indexes.insert(*pod.index);
  }
  return indexes;
}

bool JobLook::has_index_failed(const JobPod& pod) const {
  if (!has_failed(pod, job_)) return false;
  const FailureAction action = match_failure_policy(job_, pod).action;
  if (action == FailureAction::FailIndex) return true;
  return action != FailureAction::Ignore &&
         index_failures(pod) >= number(job_, "/spec/backoffLimitPerIndex");
}

// The pod of an index that failed last stays until its successor has taken over its count.
void JobLook::find_delayed_pods() {
  std::set<std::int64_t> active;
  for (const JobPod* pod : active_pods_) {
    if (pod->index) active.insert(*pod->index);
  }
  for (const JobPod& pod : pods_) {
    if (!pod.is_tracked || !is_valid_index(pod) || !has_failed(pod, job_)) continue;
    const std::int64_t index = *pod.index;
    if (succeeded_indexes_.contains(index) || failed_indexes_->contains(index) ||
        active.contains(index)) {
      continue;
    }
    const JobPod*& last = delayed_[index];
    const auto failures = [](const JobPod& each) {
      return index_failures(each) + ignored_index_failures(each);
    };
    if (last == nullptr ||
        (failures(*last) <= failures(pod) && finished_at(pod) >= finished_at(*last))) {
      last = &pod;
    }
  }
}

// A Job that has come to its end needs no pods any more. They keep their finalizers here.
void JobLook::give_up_active_pods() {
  std::int64_t deleted = 0;
  for (const JobPod* pod : active_pods_) {
    if (is_ready(pod->content)) --ready_;
    const api::Reply reply = context_.remove(pod->key);
    if (reply.ok() || reply.code == 404) {
      ++deleted;
    } else {
      was_refused_ = true;
    }
  }
  // With a pod that still runs it is not the end yet.
  if (deleted != active_) end_.reset();
  active_ -= deleted;
  terminating_ += deleted;
}

void JobLook::judge_success() {
  const bool is_enough = has(job_, "/spec/completions")
                             ? succeeded_ >= number(job_, "/spec/completions")
                             : succeeded_ > 0;
  if (!is_enough || active_ != 0) return;
  end_ =
      End{"SuccessCriteriaMet", "CompletionsReached", "Reached expected number of succeeded pods"};
}

void JobLook::note_suspension() {
  if (is_suspended(job_)) {
    if (!ensure_condition({"Suspended", "JobSuspended", "Job suspended"})) return;
    status_.erase("startTime");
  } else {
    if (!ensure_condition({"Suspended", "JobResumed", "Job resumed"}, "False")) return;
    // The time of the suspension does not count towards activeDeadlineSeconds.
    status_["startTime"] = context_.time();
  }
  status_changed_ = true;
}

bool JobLook::ensure_condition(const End& condition, const char* status) {
  for (json& each : status_["conditions"]) {
    if (text(each, "/type") != condition.type) continue;
    if (text(each, "/status") == status && text(each, "/reason") == condition.reason &&
        text(each, "/message") == condition.message) {
      return false;
    }
    each = {{"type", condition.type},           {"status", status},
            {"lastProbeTime", context_.time()}, {"lastTransitionTime", context_.time()},
            {"reason", condition.reason},       {"message", condition.message}};
    return true;
  }
  // From nothing to false is no change.
  if (std::string_view(status) == "False") {
    api::erase_empty(status_, "conditions");
    return false;
  }
  add_condition(condition);
  return true;
}

void JobLook::add_condition(const End& condition) {
  status_["conditions"].push_back({{"type", condition.type},
                                   {"status", "True"},
                                   {"lastProbeTime", context_.time()},
                                   {"lastTransitionTime", context_.time()},
                                   {"reason", condition.reason},
                                   {"message", condition.message}});
}

}  // namespace wavetank::cluster
