// Sampling: the same runs whatever the threads, the number of runs and the machines.

#include "explore/sample.h"

#include <fmt/format.h>
#include <rapidcheck.h>

#include <rapidcheck/catch.h>
#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>

#include "explore/drawn.h"
#include "support/memory_files.h"

namespace wavetank::explore {
namespace {

// Everything that is counted, in words.
std::string text(const Sample& sample) {
  std::string result = fmt::format("{} runs, {} failed alone, counts {}\n", sample.runs,
                                   sample.failed_alone, fmt::join(sample.counts, " "));
  for (const SampledEnding& ending : sample.endings) {
    result += fmt::format("{} {} first {} ({}):", sim::name(ending.outcome), ending.runs,
                          ending.first_run, fmt::join(ending.faults, " + "));
    for (const NamedLeft& left : ending.left) {
      result += fmt::format(" {}{}{}={}", left.object, left.is_hook ? "(hook)" : "",
                            left.deleting ? "(deleting)" : "", left.health);
    }
    result += "\n";
  }
  for (const base::Duration each : sample.durations) result += fmt::format("{} ", each.count());
  return result;
}

FaultRates frequent() {
  FaultRates rates;
  rates.set(FaultKind::Fail, base::kWhole / 10);
  rates.set(FaultKind::Hang, base::kWhole / 20);
  rates.set(FaultKind::WriteError, base::kWhole / 10);
  rates.set(FaultKind::RemoveError, base::kWhole / 10);
  return rates;
}

Sample take(const model::Bundle& bundle, const SampleOptions& options) {
  Watch watch;
  return sample(bundle, options, watch);
}

load::Project one_job() {
  support::MemoryFiles files;
  files.add("app/job.yaml",
            "apiVersion: batch/v1\nkind: Job\nmetadata: {name: migrate, annotations: "
            "{argocd.argoproj.io/hook: PreSync}}\nspec: {backoffLimit: 0, template: {spec: "
            "{restartPolicy: Never, containers: [{name: a, image: b}]}}}\n");
  return load::load_project(files, {.paths = {"app"}});
}

TEST_CASE("threads and the number of runs change no run") {
  rc::prop("same runs", [] {
    const DrawnApplication drawn = draw_application(3);
    const load::Project project = drawn.load();
    const auto runs = static_cast<std::uint64_t>(*rc::gen::inRange(1, 8));
    SampleOptions options{.runs = runs, .seed = *rc::gen::arbitrary<std::uint64_t>()};
    options.rates = frequent();
    const Sample alone = take(project.bundles.front(), options);
    options.threads = 3;
    RC_ASSERT(text(take(project.bundles.front(), options)) == text(alone));
    options.runs = runs + 2;
    const Sample longer = take(project.bundles.front(), options);
    for (const SampledEnding& ending : alone.endings) {
      const bool is_known =
          std::any_of(longer.endings.begin(), longer.endings.end(), [&](const auto& other) {
            return other.outcome == ending.outcome && other.left == ending.left &&
                   other.first_run == ending.first_run && other.runs >= ending.runs;
          });
      RC_ASSERT(is_known);
    }
  });
}

TEST_CASE("all shards joined are the undivided sampling") {
  rc::prop("same sample", [] {
    const DrawnApplication drawn = draw_application(3);
    const load::Project project = drawn.load();
    SampleOptions options{.runs = static_cast<std::uint64_t>(*rc::gen::inRange(1, 10)),
                          .seed = *rc::gen::arbitrary<std::uint64_t>()};
    options.rates = frequent();
    const Sample whole = take(project.bundles.front(), options);
    const auto count = static_cast<std::uint32_t>(*rc::gen::inRange(1, 5));
    std::vector<Sample> parts;
    for (std::uint32_t i = 0; i < count; ++i) {
      options.shard = {.index = i, .count = count};
      parts.push_back(take(project.bundles.front(), options));
    }
    RC_ASSERT(text(join(std::move(parts))) == text(whole));
  });
}

TEST_CASE("a run played alone ends as its witness says") {
  const load::Project project = one_job();
  SampleOptions options{.runs = 60};
  options.rates = frequent();
  const Sample found = take(project.bundles.front(), options);
  REQUIRE(found.endings.size() >= 3);
  for (const SampledEnding& ending : found.endings) {
    const SampledRun run = play_run(project.bundles.front(), options, ending.first_run);
    CHECK(run.simulation.last().outcome == ending.outcome);
    CHECK(run.faults == ending.faults);
  }
}

TEST_CASE("faults come as often as they are said to") {
  const load::Project project = one_job();
  SampleOptions options{.runs = 400};
  options.rates = {};
  for (const FaultKind kind : kFaultKinds) options.rates.set(kind, 0);
  CHECK(take(project.bundles.front(), options).count(Property::SyncFails) == 0);
  options.rates.set(FaultKind::Fail, base::kWhole / 4);
  const Sample found = take(project.bundles.front(), options);
  const base::Interval interval = found.interval(found.count(Property::SyncFails));
  CHECK(interval.low < 0.25);
  CHECK(interval.high > 0.25);
  options.rates.set(FaultKind::Fail, base::kWhole);
  CHECK(take(project.bundles.front(), options).count(Property::SyncFails) == 400);
}

TEST_CASE("a sampling stops at a fixed number of runs once it is narrow enough") {
  const load::Project project = one_job();
  SampleOptions options{.runs = 1000, .width = base::kWhole / 10};
  for (const FaultKind kind : kFaultKinds) options.rates.set(kind, 0);
  const Sample found = take(project.bundles.front(), options);
  CHECK(found.is_narrow);
  CHECK(found.runs == 64);
  CHECK(found.looks == 1);
  options.threads = 3;
  CHECK(text(take(project.bundles.front(), options)) == text(found));
  options.runs = 10;
  const Sample wide = take(project.bundles.front(), options);
  CHECK_FALSE(wide.is_narrow);
  CHECK(wide.runs == 10);
}

// Stops after so many questions.
class Impatient final : public Watch {
 public:
  explicit Impatient(int questions) : left_(questions) {}
  Interruption interruption() override {
    return left_-- > 0 ? Interruption::None : Interruption::Signal;
  }

 private:
  std::atomic<int> left_;
};

TEST_CASE("an interruption leaves the first runs, and says so") {
  const load::Project project = one_job();
  Impatient watch(20);
  SampleOptions options{.runs = 1000};
  options.rates = frequent();
  const Sample found = sample(project.bundles.front(), options, watch);
  CHECK(found.interruption == Interruption::Signal);
  CHECK(found.runs == 20);
  CHECK(found.wanted == 1000);
  options.runs = 20;
  CHECK(text(take(project.bundles.front(), options)) == text(found));
  Impatient at_once(0);
  CHECK(sample(project.bundles.front(), options, at_once).runs == 0);
}

}  // namespace
}  // namespace wavetank::explore
