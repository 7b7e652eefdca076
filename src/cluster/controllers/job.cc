// Jobs: pods one after another until enough have succeeded or too many have failed.
//
// Indexed completion, success and pod failure policies are not modelled. Source:
// pkg/controller/job/job_controller.go of Kubernetes 1.36.

#include <fmt/format.h>

#include <algorithm>

#include "cluster/controllers/dispatch.h"
#include "health/object_view.h"

namespace wavetank::cluster {

using nlohmann::json;

namespace {

struct Counts {
  std::int64_t active = 0;
  std::int64_t succeeded = 0;
  std::int64_t failed = 0;
};

Counts count_pods(const Context& context, const std::string& uid) {
  Counts counts;
  for (const auto& key : context.store.dependents(uid)) {
    const Entry* pod = context.store.find(key);
    const std::string phase = health::text(pod->object.content, "/status/phase");
    if (phase == "Succeeded") {
      ++counts.succeeded;
    } else if (phase == "Failed") {
      ++counts.failed;
    } else {
      ++counts.active;
    }
  }
  return counts;
}

bool is_finished(const json& job) {
  for (const json& condition : health::list(job, "/status/conditions")) {
    const std::string type = health::text(condition, "/type");
    if (type == "Complete" || type == "Failed") return true;
  }
  return false;
}

json status_of(const json& job, const Counts& counts) {
  json status = {{"active", counts.active},
                 {"ready", counts.active},
                 {"terminating", 0},
                 {"uncountedTerminatedPods", json::object()}};
  if (counts.succeeded > 0) status["succeeded"] = counts.succeeded;
  if (counts.failed > 0) status["failed"] = counts.failed;
  if (health::has(job, "/status/startTime")) status["startTime"] = job["status"]["startTime"];
  return status;
}

void finish(Context& context, const model::ObjectKey& key, const json& job, const Counts& counts,
            json conditions, std::string note) {
  json status = status_of(job, counts);
  status["conditions"] = std::move(conditions);
  status["active"] = 0;
  status["ready"] = 0;
  context.set_status(key, std::move(status), std::move(note));
  if (health::has(job, "/spec/ttlSecondsAfterFinished")) {
    context.plan(key, std::chrono::seconds(health::number(job, "/spec/ttlSecondsAfterFinished")),
                 Step::Expire);
  }
}

json condition(const char* type, const char* reason, std::string_view message) {
  return {{"type", type}, {"status", "True"}, {"reason", reason}, {"message", message}};
}

void fail(Context& context, const model::ObjectKey& key, const json& job, const char* reason,
          std::string_view message) {
  const Entry* entry = context.store.find(key);
  Counts counts = count_pods(context, entry->object.uid);
  counts.failed += counts.active;
  counts.active = 0;
  const auto pods = context.store.dependents(entry->object.uid);
  finish(context, key, job, counts,
         json::array(
             {condition("FailureTarget", reason, message), condition("Failed", reason, message)}),
         std::string(message));
  for (const auto& pod : pods) {
    const std::string phase =
        health::text(context.store.find(pod)->object.content, "/status/phase");
    if (phase != "Succeeded" && phase != "Failed") {
      context.remove(pod, model::Propagation::Background);
    }
  }
}

void create_pods(Context& context, const model::ObjectKey& key, const json& job) {
  const Entry* entry = context.store.find(key);
  const Counts counts = count_pods(context, entry->object.uid);
  const auto wanted = health::number(job, "/spec/completions", 1) - counts.succeeded;
  const auto parallel = health::number(job, "/spec/parallelism", 1);
  std::int64_t number = counts.active + counts.succeeded + counts.failed;
  for (auto active = counts.active; active < std::min(wanted, parallel); ++active) {
    json pod = health::at(job, "/spec/template");
    if (!pod.is_object()) pod = json::object();
    pod["apiVersion"] = "v1";
    pod["kind"] = "Pod";
    pod["metadata"]["name"] = fmt::format("{}-{}", key.name, ++number);
    // A Job's pods never restart by themselves as those of a Deployment do.
    if (!health::has(pod, "/spec/restartPolicy")) pod["spec"]["restartPolicy"] = "Never";
    context.create_dependent(key, std::move(pod));
  }
  context.set_status(key, status_of(job, count_pods(context, entry->object.uid)), "active");
}

void observe(Context& context, const model::ObjectKey& key, json job) {
  if (is_finished(job)) return;
  if (health::flag(job, "/spec/suspend")) {
    context.set_status(key,
                       {{"conditions", {condition("Suspended", "JobSuspended", "Job suspended")}}},
                       "suspended");
    return;
  }
  if (!health::has(job, "/status/startTime")) {
    job["status"]["startTime"] = timestamp(context.now);
    if (const auto deadline = health::number(job, "/spec/activeDeadlineSeconds"); deadline > 0) {
      context.plan(key, std::chrono::seconds(deadline), Step::Deadline);
    }
  }
  create_pods(context, key, job);
}

void pods_changed(Context& context, const model::ObjectKey& key, const json& job) {
  if (is_finished(job)) return;
  const Entry* entry = context.store.find(key);
  const Counts counts = count_pods(context, entry->object.uid);
  if (counts.succeeded >= health::number(job, "/spec/completions", 1)) {
    constexpr std::string_view kMessage = "Reached expected number of succeeded pods";
    finish(context, key, job, counts,
           json::array({condition("SuccessCriteriaMet", "CompletionsReached", kMessage),
                        condition("Complete", "CompletionsReached", kMessage)}),
           "completed");
    return;
  }
  constexpr std::int64_t kDefaultBackoffLimit = 6;
  if (counts.failed > health::number(job, "/spec/backoffLimit", kDefaultBackoffLimit)) {
    fail(context, key, job, "BackoffLimitExceeded", "Job has reached the specified backoff limit");
    return;
  }
  context.set_status(key, status_of(job, counts),
                     fmt::format("{} failed, tries again", counts.failed));
  if (counts.failed == 0) {
    create_pods(context, key, job);
    return;
  }
  // 10 s, doubled for every failure, at most 10 minutes.
  constexpr std::int64_t kLongest = 600;
  const auto exponent = static_cast<unsigned>(std::min<std::int64_t>(counts.failed - 1, 10));
  const std::int64_t delay = std::min<std::int64_t>(kLongest, std::int64_t{10} << exponent);
  context.plan(key, std::chrono::seconds(delay), Step::Retry);
}

}  // namespace

void control_job(Context& context, const model::ObjectKey& key, Step step) {
  const Entry* entry = context.store.find(key);
  if (entry->object.deleting) return;
  const json job = entry->object.content;
  switch (step) {
    case Step::Observe: observe(context, key, job); break;
    case Step::Finish: pods_changed(context, key, job); break;
    case Step::Retry:
      if (!is_finished(job)) create_pods(context, key, job);
      break;
    case Step::Deadline:
      if (!is_finished(job)) {
        fail(context, key, job, "DeadlineExceeded",
             "Job was active longer than specified deadline");
      }
      break;
    case Step::Expire: context.remove(key, model::Propagation::Foreground); break;
    case Step::Start:
    case Step::Terminate: break;
  }
}

}  // namespace wavetank::cluster
