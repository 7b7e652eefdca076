// What the Job controller makes of a Job and of what its pods do.
//
// How a whole Job goes is compared with recorded truth (`wavetank_conformance`, cases `job/*`);
// here each behaviour stands alone.
#include <catch2/catch.hpp>

#include "job_bench.h"

namespace wavetank::cluster {
namespace {

using api::at;
using api::has;
using api::text;
using nlohmann::json;

TEST_CASE("a new Job gets its pods at once") {
  JobBench bench;
  bench.make_job("parallelism: 2, completions: 3");
  CHECK(bench.running().size() == 2);
  CHECK(bench.count("active") == 2);
  CHECK(text(bench.status(), "/startTime") == "2024-01-01T00:00:00Z");
}

TEST_CASE("the end of a pod is noticed a second later") {
  JobBench bench;
  bench.make_job("completions: 2");
  bench.pass(5);
  bench.succeed(bench.running().at(0));
  bench.pass(0.9);
  CHECK(bench.count("succeeded") == 0);
  bench.pass(0.1);
  CHECK(bench.count("succeeded") == 1);
}

TEST_CASE("a pod keeps its finalizer until it is counted") {
  JobBench bench;
  bench.make_job("completions: 2");
  bench.pass(5);
  const auto pod = bench.running().at(0);
  CHECK(JobBench::is_tracked(bench.find(pod)));
  bench.succeed(pod);
  bench.remove(pod);
  bench.pass(0.5);
  CHECK_FALSE(bench.find(pod).is_null());
  bench.pass(0.5);
  CHECK(bench.find(pod).is_null());
  CHECK(bench.count("succeeded") == 1);
}

TEST_CASE("a Job is complete when enough pods have succeeded") {
  JobBench bench;
  bench.make_job();
  bench.pass(5);
  bench.succeed(bench.running().at(0));
  bench.pass(1);
  CHECK(bench.conditions() == "SuccessCriteriaMet Complete: CompletionsReached");
  CHECK(text(bench.status(), "/completionTime") == "2024-01-01T00:00:06Z");
  CHECK(bench.running().empty());
}

TEST_CASE("without a number of completions a Job is complete when the last pod ends") {
  JobBench bench;
  bench.make_job("parallelism: 2");
  bench.pass(5);
  const auto pods = bench.running();
  bench.succeed(pods.at(0));
  bench.pass(2);
  CHECK(bench.conditions().empty());
  bench.fail(pods.at(1));
  bench.pass(2);
  CHECK(bench.conditions() == "SuccessCriteriaMet Complete: CompletionsReached");
}

TEST_CASE("a failed pod is replaced ten seconds after its end, then twenty") {
  JobBench bench;
  bench.make_job();
  bench.pass(5);
  bench.fail(bench.running().at(0));
  bench.pass(9.9);
  CHECK(bench.running().empty());
  bench.pass(0.1);
  REQUIRE(bench.running().size() == 1);
  bench.fail(bench.running().at(0));
  bench.pass(19.9);
  CHECK(bench.running().empty());
  bench.pass(0.1);
  CHECK(bench.running().size() == 1);
}

TEST_CASE("a success makes the waits short again") {
  JobBench bench;
  bench.make_job("completions: 2");
  bench.pass(5);
  bench.fail(bench.running().at(0));
  bench.pass(10);
  bench.fail(bench.running().at(0));
  bench.pass(20);
  bench.succeed(bench.running().at(0));
  bench.pass(2);
  bench.fail(bench.running().at(0));
  bench.pass(10);
  CHECK(bench.running().size() == 1);
}

TEST_CASE("the waits count failed pods that are gone") {
  JobBench bench;
  bench.make_job();
  bench.pass(5);
  const auto first = bench.running().at(0);
  bench.fail(first);
  bench.pass(10);
  bench.remove(first);
  bench.fail(bench.running().at(0));
  bench.pass(19.9);
  CHECK(bench.running().empty());
  bench.pass(0.1);
  CHECK(bench.running().size() == 1);
}

TEST_CASE("no wait is longer than ten minutes") {
  JobBench bench;
  bench.make_job("backoffLimit: 20");
  for (int failures = 1; failures <= 8; ++failures) {
    bench.fail(bench.running().at(0));
    bench.pass(600);
    REQUIRE(bench.running().size() == 1);
  }
}

TEST_CASE("a Job fails beyond its limit, and what still runs counts as failed") {
  JobBench bench;
  bench.make_job("backoffLimit: 0, parallelism: 3, completions: 3");
  bench.pass(5);
  bench.fail(bench.running().at(0));
  bench.pass(2);
  CHECK(bench.conditions() == "FailureTarget Failed: BackoffLimitExceeded");
  CHECK(bench.count("failed") == 3);
  CHECK(bench.running().empty());
}

TEST_CASE("a Job has not failed as long as a pod of it terminates") {
  JobBench bench;
  bench.make_job("backoffLimit: 0, parallelism: 2, completions: 2", "nodeName: node");
  bench.pass(5);
  const auto pods = bench.running();
  bench.start(pods.at(1));
  bench.fail(pods.at(0));
  bench.pass(60);
  CHECK(bench.conditions() == "FailureTarget: BackoffLimitExceeded");
  CHECK(bench.count("terminating") == 1);
  bench.remove(pods.at(1), api::DeletePolicy::Background, 0);
  bench.pass(1);
  CHECK(bench.conditions() == "FailureTarget Failed: BackoffLimitExceeded");
}

TEST_CASE("restarts within a pod count against the limit when pods restart on failure") {
  JobBench bench;
  bench.make_job("backoffLimit: 2", "restartPolicy: OnFailure");
  bench.pass(5);
  const auto restarted = [&](int times) {
    const json container = {{"name", "main"},
                            {"image", "x"},
                            {"imageID", "x"},
                            {"ready", false},
                            {"restartCount", times}};
    bench.edit(bench.running().at(0),
               {{"phase", "Running"}, {"containerStatuses", json::array({container})}}, "status");
    bench.pass(2);
  };
  restarted(1);
  CHECK(bench.conditions().empty());
  restarted(2);
  CHECK(bench.conditions() == "FailureTarget Failed: BackoffLimitExceeded");
}

TEST_CASE("a Job fails at its deadline, without anything else happening") {
  JobBench bench;
  bench.make_job("activeDeadlineSeconds: 30");
  bench.pass(29.9);
  CHECK(bench.conditions().empty());
  bench.pass(2);
  CHECK(bench.conditions() == "FailureTarget Failed: DeadlineExceeded");
}

TEST_CASE("time in suspension does not count towards the deadline") {
  JobBench bench;
  bench.make_job("activeDeadlineSeconds: 30");
  bench.pass(20);
  bench.change_job("{suspend: true}");
  bench.pass(100);
  bench.change_job("{suspend: false}");
  bench.pass(29.9);
  CHECK(bench.conditions().empty());
  bench.pass(2);
  CHECK(bench.conditions() == "FailureTarget Failed: DeadlineExceeded");
}

TEST_CASE("a suspended Job has no pods, and none of them counts as failed") {
  JobBench bench;
  bench.make_job("parallelism: 2, completions: 2");
  bench.pass(5);
  bench.change_job("{suspend: true}");
  bench.pass(2);
  CHECK(bench.all_pods().empty());
  CHECK(bench.count("failed") == 0);
  CHECK(bench.conditions() == "Suspended: JobSuspended");
  CHECK_FALSE(has(bench.status(), "/startTime"));
  bench.change_job("{suspend: false}");
  CHECK(bench.running().size() == 2);
  CHECK(bench.conditions().empty());
}

TEST_CASE("with less parallelism the pods go that are least along") {
  JobBench bench;
  bench.make_job("parallelism: 3, completions: 5");
  bench.pass(5);
  const auto ready = bench.running().at(1);
  bench.start(ready);
  bench.pass(2);
  bench.change_job("{parallelism: 1}");
  CHECK(bench.running() == std::vector{ready});
}

TEST_CASE("pods of an Indexed Job know their index") {
  JobBench bench;
  bench.make_job("completionMode: Indexed, parallelism: 2, completions: 2");
  const json pod = bench.find(bench.running().at(1));
  CHECK(text(pod, "/metadata/generateName") == "task-1-");
  CHECK(at(pod, "/metadata/labels").at("batch.kubernetes.io/job-completion-index") == "1");
  CHECK(at(pod, "/metadata/annotations").at("batch.kubernetes.io/job-completion-index") == "1");
  CHECK(text(pod, "/spec/hostname") == "task-1");
  CHECK(at(pod, "/spec/containers").at(0).at("env").at(0).at("name") == "JOB_COMPLETION_INDEX");
}

TEST_CASE("an index succeeds once, whatever becomes of its pod") {
  JobBench bench;
  bench.make_job("completionMode: Indexed, parallelism: 4, completions: 5");
  bench.pass(5);
  const auto pods = bench.running();
  for (const std::size_t index : {0U, 2U, 3U}) bench.succeed(pods.at(index));
  bench.pass(2);
  CHECK(text(bench.status(), "/completedIndexes") == "0,2,3");
  bench.succeed(pods.at(1));
  bench.remove(pods.at(0));
  bench.pass(2);
  CHECK(text(bench.status(), "/completedIndexes") == "0-3");
  CHECK(bench.count("succeeded") == 4);
}

TEST_CASE("a failed index is tried again while the others go on") {
  JobBench bench;
  bench.make_job(
      "completionMode: Indexed, parallelism: 2, completions: 2, backoffLimitPerIndex: 1");
  bench.pass(5);
  bench.fail(bench.running().at(0));
  bench.pass(9);
  REQUIRE(bench.running().size() == 1);
  bench.pass(1);
  REQUIRE(bench.running().size() == 2);
  const json again = bench.find(bench.running().at(0));
  CHECK(at(again, "/metadata/annotations").at("batch.kubernetes.io/job-index-failure-count") ==
        "1");
  bench.fail(bench.running().at(0));
  bench.pass(2);
  CHECK(text(bench.status(), "/failedIndexes") == "0");
  CHECK(bench.conditions().empty());
  bench.succeed(bench.running().at(0));
  bench.pass(2);
  CHECK(bench.conditions() == "FailureTarget Failed: FailedIndexes");
}

TEST_CASE("more failed indexes than allowed end an Indexed Job") {
  JobBench bench;
  bench.make_job(
      "completionMode: Indexed, parallelism: 4, completions: 4, backoffLimitPerIndex: 0, "
      "maxFailedIndexes: 1");
  bench.pass(5);
  const auto pods = bench.running();
  bench.fail(pods.at(1));
  bench.fail(pods.at(3));
  bench.pass(2);
  CHECK(bench.conditions() == "FailureTarget Failed: MaxFailedIndexesExceeded");
  CHECK(text(bench.status(), "/failedIndexes") == "1,3");
}

TEST_CASE("a failure that a rule ignores does not count") {
  JobBench bench;
  bench.make_job(
      "backoffLimit: 0, podFailurePolicy: {rules: [{action: Ignore, onExitCodes: {operator: In, "
      "values: [7]}}]}");
  bench.pass(5);
  bench.end(bench.running().at(0), 7);
  bench.pass(12);
  CHECK(bench.count("failed") == 0);
  CHECK(bench.running().size() == 1);
}

TEST_CASE("a failure that a rule calls fatal ends the Job") {
  JobBench bench;
  bench.make_job(
      "podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {operator: NotIn, values: "
      "[1]}}]}");
  bench.pass(5);
  const auto pod = bench.running().at(0);
  bench.end(pod, 3);
  bench.pass(2);
  CHECK(bench.conditions() == "FailureTarget Failed: PodFailurePolicy");
  CHECK(text(bench.status().at("conditions").at(1), "/message") ==
        "Container main for pod demo/" + pod.name +
            " failed with exit code 3 matching FailJob rule at index 0");
}

TEST_CASE("a failure that a rule calls fatal to its index ends the index") {
  JobBench bench;
  bench.make_job(
      "completionMode: Indexed, completions: 2, parallelism: 2, backoffLimitPerIndex: 5, "
      "podFailurePolicy: {rules: [{action: FailIndex, onExitCodes: {operator: In, values: [9]}}]}");
  bench.pass(5);
  bench.end(bench.running().at(1), 9);
  bench.pass(2);
  CHECK(text(bench.status(), "/failedIndexes") == "1");
}

TEST_CASE("a condition of a pod may decide about the Job") {
  JobBench bench;
  bench.make_job(
      "podFailurePolicy: {rules: [{action: FailJob, onPodConditions: [{type: ConfigIssue}]}]}");
  bench.pass(5);
  const auto pod = bench.running().at(0);
  const json issue = {{"type", "ConfigIssue"}, {"status", "True"}};
  bench.edit(pod, {{"phase", "Failed"}, {"conditions", json::array({issue})}}, "status");
  bench.pass(2);
  CHECK(text(bench.status().at("conditions").at(0), "/message") ==
        "Pod demo/" + pod.name + " has condition ConfigIssue matching FailJob rule at index 0");
}

TEST_CASE("a pod that terminates counts as failed") {
  JobBench bench;
  bench.make_job("", "nodeName: node");
  bench.pass(5);
  bench.start(bench.running().at(0));
  bench.remove(bench.running().at(0));
  bench.pass(2);
  CHECK(bench.count("failed") == 1);
}

TEST_CASE("a Job that replaces only failed pods waits for the end of a terminating one") {
  JobBench bench;
  bench.make_job("podReplacementPolicy: Failed", "nodeName: node");
  bench.pass(5);
  const auto pod = bench.running().at(0);
  bench.start(pod);
  bench.remove(pod);
  bench.pass(60);
  CHECK(bench.count("failed") == 0);
  CHECK(bench.running().empty());
  bench.fail(pod);
  bench.remove(pod, api::DeletePolicy::Background, 0);
  bench.pass(12);
  CHECK(bench.count("failed") == 1);
  CHECK(bench.running().size() == 1);
}

TEST_CASE("a rule of success ends the Job and the pods that are still running") {
  JobBench bench;
  bench.make_job(
      "completionMode: Indexed, completions: 3, parallelism: 3, successPolicy: {rules: "
      "[{succeededIndexes: '2'}, {succeededIndexes: '0-1', succeededCount: 1}]}");
  bench.pass(5);
  bench.succeed(bench.running().at(1));
  bench.pass(2);
  CHECK(bench.conditions() == "SuccessCriteriaMet Complete: SuccessPolicy");
  CHECK(text(bench.status().at("conditions").at(0), "/message") == "Matched rules at index 1");
  CHECK(bench.running().empty());
  CHECK(bench.count("failed") == 0);
}

TEST_CASE("a Job of another controller is left alone") {
  JobBench bench;
  bench.make_job("managedBy: example.com/queue");
  bench.pass(60);
  CHECK(bench.all_pods().empty());
  CHECK(bench.status() == json::object());
}

TEST_CASE("pods lose their finalizer when their Job goes") {
  JobBench bench;
  bench.make_job("", "nodeName: node");
  bench.pass(5);
  const auto pod = bench.running().at(0);
  bench.start(pod);
  bench.remove(JobBench::task());
  bench.pass(0);
  CHECK(bench.find(JobBench::task()).is_null());
  CHECK_FALSE(JobBench::is_tracked(bench.find(pod)));
}

TEST_CASE("a Job takes over a pod that matches its own selector, and tracks it") {
  JobBench bench;
  bench.make(
      "{apiVersion: v1, kind: Pod, metadata: {name: stray, namespace: demo, labels: {app: "
      "x}}, spec: {restartPolicy: Never, containers: [{name: main, image: busybox}]}}");
  bench.make(
      "{apiVersion: batch/v1, kind: Job, metadata: {name: task, namespace: demo}, spec: "
      "{manualSelector: true, selector: {matchLabels: {app: x}}, template: {metadata: "
      "{labels: {app: x}}, spec: {restartPolicy: Never, containers: [{name: main, image: "
      "busybox}]}}}}");
  CHECK(bench.all_pods().size() == 1);
  CHECK(JobBench::is_tracked(bench.find(JobBench::pod("stray"))));
  CHECK(bench.count("active") == 1);
}

TEST_CASE("a Job lets go a pod that no longer matches, finalizer and all") {
  JobBench bench;
  bench.make_job();
  bench.pass(5);
  const auto pod = bench.running().at(0);
  bench.edit(pod, {{"metadata", {{"labels", {{"batch.kubernetes.io/controller-uid", "other"}}}}}});
  bench.pass(2);
  CHECK_FALSE(JobBench::is_tracked(bench.find(pod)));
  CHECK_FALSE(has(bench.find(pod), "/metadata/ownerReferences"));
  CHECK(bench.running().size() == 2);
}

TEST_CASE("refused pods are tried again after a second, then two, then four") {
  JobBench bench;
  bench.make(
      "{apiVersion: v1, kind: ResourceQuota, metadata: {name: none, namespace: demo}, spec: "
      "{hard: {pods: 0}}}");
  bench.make_job();
  bench.pass(5);
  CHECK(bench.all_pods().empty());
  CHECK(bench.conditions().empty());
  bench.remove(JobBench::key("", "ResourceQuota", "none"));
  bench.pass(1.9);
  CHECK(bench.all_pods().empty());
  bench.pass(0.1);
  CHECK(bench.all_pods().size() == 1);
}

TEST_CASE("a finished Job goes when its time has passed") {
  JobBench bench;
  bench.make_job("ttlSecondsAfterFinished: 20");
  bench.pass(5);
  bench.succeed(bench.running().at(0));
  bench.pass(20.9);
  CHECK_FALSE(bench.find(JobBench::task()).is_null());
  bench.pass(0.1);
  CHECK(bench.find(JobBench::task()).is_null());
  CHECK(bench.all_pods().empty());
}

TEST_CASE("a finished Job without time to stay goes at once") {
  JobBench bench;
  bench.make_job("ttlSecondsAfterFinished: 0");
  bench.pass(5);
  bench.succeed(bench.running().at(0));
  bench.pass(1);
  CHECK(bench.find(JobBench::task()).is_null());
}

TEST_CASE("the time to stay may be given to a Job that has long finished") {
  JobBench bench;
  bench.make_job();
  bench.pass(5);
  bench.succeed(bench.running().at(0));
  bench.pass(60);
  bench.change_job("{ttlSecondsAfterFinished: 30}");
  CHECK(bench.find(JobBench::task()).is_null());
}

}  // namespace
}  // namespace wavetank::cluster
