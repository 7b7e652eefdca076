// Pods of a Job: which ones are missing, which ones are too many.

#include <fmt/format.h>

#include <algorithm>

#include "cluster/api/object/json_access.h"
#include "cluster/controller_manager/finalizers.h"
#include "cluster/controller_manager/job_look.h"
#include "cluster/controller_manager/job_policy.h"
#include "cluster/controller_manager/owned_pods.h"

namespace wavetank::cluster {

using api::at;
using api::has;
using api::list;
using api::number;
using api::text;
using nlohmann::json;

namespace {

// Source: MaxPodCreateDeletePerSync.
constexpr std::int64_t kMostPodsAtOnce = 500;
// Source: MaxGeneratedNameLength of k8s.io/apiserver/pkg/storage/names.
constexpr std::size_t kLongestPrefix = 58;

std::string prefix_with_index(const std::string& job, std::int64_t index) {
  const std::string end = fmt::format("-{}-", index);
  return job.substr(0, kLongestPrefix - std::min(end.size(), kLongestPrefix)) + end;
}

void name_index_in_environment(json& spec) {
  constexpr const char* kVariable = "JOB_COMPLETION_INDEX";
  for (const char* group : {"initContainers", "containers"}) {
    if (!spec.contains(group) || !spec[group].is_array()) continue;
    for (json& container : spec[group]) {
      const json& variables = list(container, "/env");
      const bool is_there = std::any_of(variables.begin(), variables.end(), [&](const json& each) {
        return text(each, "/name") == kVariable;
      });
      if (is_there) continue;
      const std::string field = fmt::format("metadata.labels['{}']", kCompletionIndex);
      container["env"].push_back(
          {{"name", kVariable}, {"valueFrom", {{"fieldRef", {{"fieldPath", field}}}}}});
    }
  }
}

// A namespace that goes away takes no pods; nothing comes of trying again.
bool is_going_away(const api::ApiError& error) {
  return std::any_of(error.causes.begin(), error.causes.end(),
                     [](const api::Cause& cause) { return cause.type == "NamespaceTerminating"; });
}

}  // namespace

void JobLook::manage() {
  if (is_suspended(job_)) {
    remove(surplus_pods(active_));
    return;
  }
  const std::int64_t wanted = wanted_active();
  JobPods surplus = surplus_pods(std::max<std::int64_t>(active_ - wanted, 0));
  if (!surplus.empty()) {
    if (surplus.size() > kMostPodsAtOnce) surplus.resize(kMostPodsAtOnce);
    // Pods are deleted or made, never both in one look.
    remove(surplus);
    return;
  }
  const std::int64_t still_there = replaces_only_failed(job_) ? terminating_ : 0;
  const std::int64_t missing = wanted - still_there - active_;
  if (missing > 0) add(missing);
}

std::int64_t JobLook::wanted_active() const {
  const std::int64_t parallelism = number(job_, "/spec/parallelism", 1);
  // Without a number of completions the first success is enough; what runs may go on.
  if (!has(job_, "/spec/completions")) return succeeded_ > 0 ? active_ : parallelism;
  return std::clamp<std::int64_t>(number(job_, "/spec/completions") - succeeded_, 0, parallelism);
}

// Of Indexed Jobs first those without a valid index, or with one that another pod has as well.
JobPods JobLook::surplus_pods(std::int64_t at_least) const {
  const auto by_worth = [](const JobPod* a, const JobPod* b) {
    return goes_before(a->content, b->content);
  };
  JobPods left = active_pods_;
  JobPods surplus;
  if (is_indexed(job_)) {
    std::map<std::int64_t, JobPods> by_index;
    for (const JobPod* pod : active_pods_) {
      if (is_valid_index(*pod)) {
        by_index[*pod->index].push_back(pod);
      } else {
        surplus.push_back(pod);
      }
    }
    left.clear();
    for (auto& [index, pods] : by_index) {
      std::stable_sort(pods.begin(), pods.end(), by_worth);
      surplus.insert(surplus.end(), pods.begin(), pods.end() - 1);
      left.push_back(pods.back());
    }
  }
  std::stable_sort(left.begin(), left.end(), by_worth);
  for (const JobPod* pod : left) {
    if (static_cast<std::int64_t>(surplus.size()) >= at_least) break;
    surplus.push_back(pod);
  }
  return surplus;
}

// These pods do not count: their finalizers go first.
void JobLook::remove(const JobPods& pods) {
  for (const JobPod* pod : pods) {
    const api::Reply released =
        context_.edit(pod->key, [](json& changed) { drop_finalizer(changed, kTrackingFinalizer); });
    const api::Reply removed = released.ok() ? context_.remove(pod->key) : released;
    if (!removed.ok() && removed.code != 404) {
      was_refused_ = true;
      continue;
    }
    --active_;
    ++terminating_;
    if (is_ready(pod->content)) --ready_;
  }
}

void JobLook::add(std::int64_t missing) {
  base::Duration wait{};
  if (!has_limit_per_index(job_)) {
    wait = backoff_left(backoff_.failures, backoff_.last_failure, context_.now());
  }
  std::vector<std::int64_t> indexes;
  if (wait == base::Duration::zero()) {
    missing = std::min(missing, kMostPodsAtOnce);
    if (is_indexed(job_)) {
      indexes = pending_indexes(missing);
      if (has_limit_per_index(job_)) wait = keep_ready_indexes(indexes);
      missing = static_cast<std::int64_t>(indexes.size());
    }
  }
  if (wait > base::Duration::zero()) {
    context_.wake(key_, std::max(wait, kJobBatchPeriod));
    // Pods that run beside the one that is waited for are not reported, either.
    active_ = 0;
    return;
  }
  create(missing, indexes);
}

std::vector<std::int64_t> JobLook::pending_indexes(std::int64_t count) const {
  IndexSet taken = succeeded_indexes_;
  for (const JobPod& pod : pods_) {
    const bool counts =
        is_active(pod.content) || (replaces_only_failed(job_) && is_terminating(pod.content));
    if (counts && pod.index) taken.insert(*pod.index);
  }
  if (failed_indexes_) taken.insert(*failed_indexes_);
  return taken.first_missing(count, number(job_, "/spec/completions"));
}

// Leaves the indexes whose wait after their last failure is over; if none is left, how long until
// the first one is.
base::Duration JobLook::keep_ready_indexes(std::vector<std::int64_t>& indexes) const {
  std::vector<std::int64_t> ready;
  std::optional<base::Duration> shortest;
  for (const std::int64_t index : indexes) {
    base::Duration wait{};
    if (const auto last = delayed_.find(index); last != delayed_.end()) {
      const JobPod& pod = *last->second;
      const std::int64_t failures = index_failures(pod) + ignored_index_failures(pod) + 1;
      wait = backoff_left(failures, finished_at(pod), context_.now());
    }
    if (wait == base::Duration::zero()) {
      ready.push_back(index);
    } else {
      shortest = std::min(shortest.value_or(wait), wait);
    }
  }
  indexes = std::move(ready);
  return indexes.empty() ? shortest.value_or(base::Duration::zero()) : base::Duration::zero();
}

// In batches of 1, 2, 4 ... up to the first batch in which one fails.
void JobLook::create(std::int64_t missing, const std::vector<std::int64_t>& indexes) {
  std::size_t next = 0;
  for (std::int64_t batch = 1; missing > 0 && !was_refused_; batch *= 2) {
    const std::int64_t size = std::min(batch, missing);
    for (std::int64_t i = 0; i < size; ++i) {
      const auto index = next < indexes.size() ? std::optional(indexes[next++]) : std::nullopt;
      const api::Reply reply = context_.create(new_pod(index));
      if (reply.ok() || is_going_away(*reply.error)) {
        ++active_;
      } else {
        was_refused_ = true;
      }
    }
    missing -= size;
  }
}

json JobLook::new_pod(std::optional<std::int64_t> index) const {
  json pod = pod_from_template(key_, job_, at(job_, "/spec/template"));
  json& meta = pod["metadata"];
  add_finalizer(pod, kTrackingFinalizer);
  meta["generateName"] = key_.name + "-";
  if (!index) return pod;
  name_index_in_environment(pod["spec"]);
  meta["generateName"] = prefix_with_index(key_.name, *index);
  meta["annotations"][kCompletionIndex] = std::to_string(*index);
  meta["labels"][kCompletionIndex] = std::to_string(*index);
  pod["spec"]["hostname"] = fmt::format("{}-{}", key_.name, *index);
  if (!has_limit_per_index(job_)) return pod;

  std::int64_t failures = 0;
  std::int64_t ignored = 0;
  if (const auto last = delayed_.find(*index); last != delayed_.end()) {
    failures = index_failures(*last->second);
    ignored = ignored_index_failures(*last->second);
    const bool counts = match_failure_policy(job_, *last->second).action != FailureAction::Ignore;
    ++(counts ? failures : ignored);
  }
  meta["annotations"][kIndexFailures] = std::to_string(failures);
  if (ignored > 0) meta["annotations"][kIgnoredIndexFailures] = std::to_string(ignored);
  return pod;
}

}  // namespace wavetank::cluster
