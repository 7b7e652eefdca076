// What holds of Jobs whatever their pods do: they are driven by chance, and left to the controller
// in between.
#include <fmt/format.h>
#include <rapidcheck.h>
#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>

#include "job_bench.h"

namespace wavetank::cluster {
namespace {

using api::text;
using model::ObjectKey;
using nlohmann::json;

std::string drawn_spec() {
  const bool is_indexed = *rc::gen::arbitrary<bool>();
  const int completions = *rc::gen::inRange(1, 6);
  std::string spec = fmt::format("completions: {}, parallelism: {}, backoffLimit: {}", completions,
                                 *rc::gen::inRange(0, 5), *rc::gen::inRange(0, 5));
  if (is_indexed) spec += ", completionMode: Indexed";
  if (is_indexed && *rc::gen::arbitrary<bool>()) {
    spec += fmt::format(", backoffLimitPerIndex: {}", *rc::gen::inRange(0, 3));
  }
  if (is_indexed && *rc::gen::inRange(0, 4) == 0) {
    spec += ", successPolicy: {rules: [{succeededCount: 1}]}";
  }
  if (*rc::gen::inRange(0, 3) == 0) {
    spec += fmt::format(", activeDeadlineSeconds: {}", *rc::gen::inRange(1, 200));
  }
  if (*rc::gen::inRange(0, 3) == 0) {
    spec +=
        ", podFailurePolicy: {rules: [{action: Ignore, onExitCodes: {operator: In, values: [2]}}, "
        "{action: FailJob, onExitCodes: {operator: In, values: [3]}}]}";
  } else if (*rc::gen::arbitrary<bool>()) {
    spec += ", podReplacementPolicy: Failed";
  }
  return spec;
}

std::vector<ObjectKey> pods_of_job(const JobBench& bench) {
  std::vector<ObjectKey> pods = bench.all_pods();
  std::erase_if(pods, [](const ObjectKey& pod) { return pod.name == "bystander"; });
  return pods;
}

// One pod does something, or the user does.
void stir(JobBench& bench) {
  const auto pods = pods_of_job(bench);
  const int what = *rc::gen::inRange(0, 12);
  if (what == 0) {
    (void)bench.edit(JobBench::task(), {{"spec", {{"suspend", *rc::gen::arbitrary<bool>()}}}});
    return;
  }
  if (what == 1) {
    (void)bench.edit(JobBench::task(), {{"spec", {{"parallelism", *rc::gen::inRange(0, 5)}}}});
    return;
  }
  if (pods.empty()) return;
  const ObjectKey& pod = pods.at(*rc::gen::inRange<std::size_t>(0, pods.size()));
  const std::string phase = text(bench.find(pod), "/status/phase");
  if (what < 4) {
    bench.remove(pod, api::DeletePolicy::Background, *rc::gen::element(0, 30));
  } else if (phase == "Pending" || phase == "Running") {
    if (what < 7) {
      bench.start(pod);
    } else {
      bench.end(pod, what < 9 ? 0 : what - 8);
    }
  }
}

// Ends what is left, so that nothing outside keeps the controller waiting.
void wind_up(JobBench& bench) {
  (void)bench.edit(JobBench::task(), {{"spec", {{"suspend", false}, {"parallelism", 3}}}});
  for (int round = 0; round < 60; ++round) {
    for (const ObjectKey& pod : pods_of_job(bench)) {
      const json now = bench.find(pod);
      if (now.is_null()) continue;
      const std::string phase = text(now, "/status/phase");
      if (phase == "Pending" || phase == "Running") bench.succeed(pod);
      if (api::has(now, "/metadata/deletionTimestamp")) {
        bench.remove(pod, api::DeletePolicy::Background, 0);
      }
    }
    bench.pass(700);
  }
}

void make_bystander(JobBench& bench) {
  bench.make(
      "{apiVersion: v1, kind: Pod, metadata: {name: bystander, namespace: demo, labels: "
      "{job-name: task}}, spec: {containers: [{name: main, image: busybox}]}}");
}

TEST_CASE("whatever pods do, a Job is consistent and comes to its end") {
  rc::prop("driven by chance", [] {
    JobBench bench;
    make_bystander(bench);
    const json bystander = bench.find(JobBench::pod("bystander"));
    bench.make_job(drawn_spec(), *rc::gen::arbitrary<bool>() ? "nodeName: node" : "");
    std::int64_t ended = 0;
    json finished;
    const int steps = *rc::gen::inRange(0, 40);
    const auto look = [&] {
      RC_ASSERT((bench.find(JobBench::pod("bystander")) == bystander));
      RC_ASSERT(bench.count("succeeded") + bench.count("failed") >= ended);
      ended = bench.count("succeeded") + bench.count("failed");
      RC_ASSERT((finished.is_null() || bench.status() == finished));
      const std::string conditions = bench.conditions();
      const bool is_finished = conditions.find("Complete") != std::string::npos ||
                               conditions.find("Failed:") != std::string::npos;
      if (is_finished && finished.is_null()) finished = bench.status();
      if (!is_finished) return;
      RC_ASSERT(bench.count("active") == 0);
      RC_ASSERT(bench.count("terminating") == 0);
      RC_ASSERT(bench.status().at("uncountedTerminatedPods").empty());
    };
    for (int step = 0; step < steps; ++step) {
      stir(bench);
      bench.pass(*rc::gen::element(0, 1, 2, 15, 100));
      look();
    }
    wind_up(bench);
    look();
    RC_ASSERT_FALSE(finished.is_null());
    for (const ObjectKey& pod : bench.all_pods()) {
      RC_ASSERT_FALSE(JobBench::is_tracked(bench.find(pod)));
    }
    RC_ASSERT_FALSE(bench.manager.next().has_value());
  });
}

TEST_CASE("a Job never has more pods than it may") {
  rc::prop("neither running nor in all", [] {
    JobBench bench;
    const int parallelism = *rc::gen::inRange(1, 5);
    const int completions = *rc::gen::inRange(1, 6);
    bench.make_job(fmt::format("completions: {}, parallelism: {}, backoffLimit: 100", completions,
                               parallelism));
    for (int step = 0; step < 20; ++step) {
      const auto pods = bench.running();
      RC_ASSERT(static_cast<int>(pods.size()) <= parallelism);
      RC_ASSERT(static_cast<std::int64_t>(pods.size()) + bench.count("succeeded") <=
                std::max<std::int64_t>(completions, bench.count("succeeded")));
      if (!pods.empty()) {
        bench.end(pods.at(*rc::gen::inRange<std::size_t>(0, pods.size())), *rc::gen::inRange(0, 2));
      }
      bench.pass(*rc::gen::element(2, 15, 100, 700));
    }
  });
}

}  // namespace
}  // namespace wavetank::cluster
