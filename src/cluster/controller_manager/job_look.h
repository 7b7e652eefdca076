// One look of the Job controller at one Job, as a value that lives as long as the look.
//
// It reads the Job and its pods once, decides whether the Job has come to an end, makes or deletes
// pods, and writes down what has become of them. Pods that ended are counted in three steps, so
// that none is lost or counted twice: their uids go into the status, the finalizer goes off the
// pods, then the uids turn into counters. An end is told in two steps, too: SuccessCriteriaMet or
// FailureTarget when it is decided, Complete or Failed when no pod is left that runs.
//
// Source: syncJob and what it calls in pkg/controller/job/job_controller.go of Kubernetes 1.36,
// with the feature gates that are on by default.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cluster/controller_manager/controller.h"
#include "cluster/controller_manager/job_backoff.h"
#include "cluster/controller_manager/job_indexes.h"
#include "cluster/controller_manager/job_pods.h"

namespace wavetank::cluster {

// What happens to pods, and to the status, is gathered for so long before a look is taken.
inline constexpr base::Duration kJobBatchPeriod = std::chrono::seconds(1);

class JobLook {
 public:
  // REQUIRES: `job` is not finished.
  JobLook(Context& context, model::ObjectKey key, nlohmann::json job);
  SyncResult take();

 private:
  // How the Job ends: a condition that becomes true.
  struct End {
    std::string type;
    std::string reason;
    std::string message;
  };

  // job_look.cc: what has happened, and whether it is the end.
  void count();
  [[nodiscard]] JobPods new_pods(const std::set<std::string>& uncounted,
                                 bool (*is_wanted)(const JobPod& pod,
                                                   const nlohmann::json& job)) const;
  void judge_ends_before();
  void judge_limits();
  void judge_indexes();
  [[nodiscard]] IndexSet indexes_succeeded() const;
  [[nodiscard]] IndexSet indexes_failed() const;
  [[nodiscard]] bool has_index_failed(const JobPod& pod) const;
  void find_delayed_pods();
  void give_up_active_pods();
  void judge_success();
  void note_suspension();

  // job_manage.cc: more pods, or fewer.
  void manage();
  [[nodiscard]] std::int64_t wanted_active() const;
  [[nodiscard]] JobPods surplus_pods(std::int64_t at_least) const;
  void remove(const JobPods& pods);
  void add(std::int64_t missing);
  [[nodiscard]] std::vector<std::int64_t> pending_indexes(std::int64_t count) const;
  [[nodiscard]] base::Duration keep_ready_indexes(std::vector<std::int64_t>& indexes) const;
  void create(std::int64_t missing, const std::vector<std::int64_t>& indexes);
  [[nodiscard]] nlohmann::json new_pod(std::optional<std::int64_t> index) const;

  // job_track.cc: the status. False: a write was refused.
  [[nodiscard]] bool track(bool is_new);
  [[nodiscard]] bool may_release(const JobPod& pod) const;
  void note_uncounted(const JobPod& pod);
  void note_indexes();
  void announce_end();
  [[nodiscard]] bool release(std::set<std::string>& tracked);
  [[nodiscard]] bool count_released(const std::set<std::string>& tracked);
  [[nodiscard]] bool enact_end();
  [[nodiscard]] bool write_status();

  [[nodiscard]] bool is_valid_index(const JobPod& pod) const;
  [[nodiscard]] bool is_being_deleted() const;
  // True when the condition is new or has changed.
  bool ensure_condition(const End& condition, const char* status = "True");
  void add_condition(const End& condition);

  Context& context_;
  const model::ObjectKey key_;
  const nlohmann::json job_;
  nlohmann::json status_;  // as it will be written
  std::vector<JobPod> pods_;

  JobPods active_pods_;
  std::int64_t active_ = 0;
  std::int64_t ready_ = 0;
  std::int64_t terminating_ = 0;
  std::int64_t succeeded_ = 0;
  std::int64_t failed_ = 0;
  base::Instant start_;
  std::set<std::string> uncounted_succeeded_;  // uids, when the look began
  std::set<std::string> uncounted_failed_;
  BackoffRecord backoff_;

  IndexSet old_succeeded_indexes_;
  IndexSet succeeded_indexes_;
  std::optional<IndexSet> failed_indexes_;
  std::map<std::int64_t, const JobPod*> delayed_;  // failed, kept until their index is tried again

  std::optional<End> end_;
  bool status_changed_ = false;  // beyond the counters of pods
  bool was_refused_ = false;

  JobPods to_release_;
  std::vector<std::int64_t> new_indexes_;
};

}  // namespace wavetank::cluster
