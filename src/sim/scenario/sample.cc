#include "sim/scenario/sample.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "base/distribution.h"
#include "base/stable_hash.h"
#include "base/statistics.h"

namespace wavetank::sim {

namespace {

// What is kept of one run.
struct Run {
  std::uint64_t seed = 0;
  std::vector<Verdict> verdicts;  // by expectation
  std::map<std::string, std::optional<base::Duration>>
      times;  // by application; nothing: no success
};

Run play_run(const Scenario& scenario, const ScenarioInput& input, std::uint32_t number) {
  Scenario one = scenario;
  Run run{.seed = seed_of_run(scenario.options.seed.value_or(0), number)};
  one.options.seed = run.seed;
  const ScenarioResult result = play_once(one, input);
  for (const ExpectationReport& report : result.expectations) {
    run.verdicts.push_back(report.verdict);
  }
  for (const SyncReport& sync : result.simulation.syncs) {
    auto& time = run.times[sync.application];
    time.reset();
    if (sync.outcome == Outcome::Succeeded) time = sync.ended - sync.started;
  }
  return run;
}

std::string percent(double share) { return fmt::format("{:.2f}%", 100 * share); }

std::string replay(const Run& run) { return fmt::format("play it with --seed {}", run.seed); }

// How often an interval may miss.
double error_of(const Goal& goal) {
  return static_cast<double>(base::kWhole - goal.confidence) / base::kWhole;
}

Verdict verdict_of(bool is_reached, bool is_missed) {
  if (is_reached) return Verdict::Pass;
  return is_missed ? Verdict::Fail : Verdict::Inconclusive;
}

void judge_probability(const Scenario& scenario, const std::vector<Run>& runs, const Goal& goal,
                       ExpectationReport& report) {
  const auto& all = scenario.expectations;
  const auto of = std::find_if(all.begin(), all.end(), [&](const Expectation& each) {
    return each.name == goal.of && !each.is_statistical();
  });
  if (of == all.end()) return;  // another one took its place
  const auto index = static_cast<std::size_t>(of - all.begin());
  std::uint64_t good = 0;
  std::uint64_t open = 0;  // neither held nor broke: they count for either side
  const Run* first_bad = nullptr;
  for (const Run& run : runs) {
    switch (run.verdicts[index]) {
      case Verdict::Pass: ++good; break;
      case Verdict::Inconclusive: ++open; break;
      case Verdict::Fail:
      case Verdict::Vacuous:
        if (first_bad == nullptr) first_bad = &run;
        break;
    }
  }
  const double low = base::clopper_pearson(good, runs.size(), error_of(goal)).low;
  const double high = base::clopper_pearson(good + open, runs.size(), error_of(goal)).high;
  const double wanted = static_cast<double>(goal.share) / base::kWhole;
  // No number of runs proves 100 %.
  report.verdict = goal.is_at_least ? verdict_of(low >= wanted, high < wanted)
                                    : verdict_of(high <= wanted, low > wanted);
  report.found = fmt::format("it held in {} of {} runs: between {} and {}", good, runs.size(),
                             percent(low), percent(high));
  if (open > 0) report.found += fmt::format(", {} undecided", open);
  if (first_bad != nullptr)
    report.reasons.push_back("a run in which it broke: " + replay(*first_bad));
}

void judge_quantile(const std::vector<Run>& runs, const Goal& goal, ExpectationReport& report) {
  // The shortest first; runs that did not succeed take for ever.
  std::vector<const Run*> order;
  for (const Run& run : runs) order.push_back(&run);
  const auto time_of = [&](const Run& run) {
    const auto found = run.times.find(goal.application);
    const bool has_ended = found != run.times.end() && found->second;
    return has_ended ? *found->second : base::Duration::max();
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](const Run* a, const Run* b) { return time_of(*a) < time_of(*b); });
  const auto ranks = base::quantile_ranks(runs.size(), goal.quantile, error_of(goal));
  const base::Duration low = ranks.low ? time_of(*order[*ranks.low - 1]) : base::Duration::zero();
  const base::Duration high = ranks.high ? time_of(*order[*ranks.high - 1]) : base::Duration::max();
  report.verdict = goal.is_at_least ? verdict_of(low >= goal.time, high < goal.time)
                                    : verdict_of(high <= goal.time, low > goal.time);
  // To the second, outwards.
  const auto shown = [](base::Duration time) {
    if (time == base::Duration::max()) return std::string("never");
    return base::format_duration(std::chrono::floor<std::chrono::seconds>(time));
  };
  const bool is_bounded = high != base::Duration::max();
  report.found = fmt::format("the {} quantile of {} syncs lies between {} and {}",
                             base::percentage_text(goal.quantile), runs.size(), shown(low),
                             shown(is_bounded ? high + std::chrono::milliseconds(999) : high));
  report.reasons.push_back(
      fmt::format("the longest took {}: {}", shown(time_of(*order.back())), replay(*order.back())));
}

}  // namespace

std::uint64_t seed_of_run(std::uint64_t seed, std::uint32_t number) {
  // Small enough for a seed on the command line.
  constexpr std::uint64_t kMost = 1'000'000'000'000;
  return base::stable_hash(fmt::format("{} {}", seed, number)) % kMost;
}

void judge_by_sampling(const Scenario& scenario, const ScenarioInput& input,
                       std::vector<ExpectationReport>& reports) {
  std::vector<Run> runs;
  for (std::uint32_t i = 0; i < scenario.runs; ++i) runs.push_back(play_run(scenario, input, i));
  for (std::size_t i = 0; i < reports.size(); ++i) {
    const Expectation& expectation = scenario.expectations[i];
    if (!expectation.is_statistical()) continue;
    reports[i].reasons.clear();
    reports[i].broke_at.reset();
    if (expectation.kind == Expectation::Kind::Probability) {
      judge_probability(scenario, runs, expectation.goal, reports[i]);
    } else {
      judge_quantile(runs, expectation.goal, reports[i]);
    }
  }
}

ScenarioResult play(const Scenario& scenario, const ScenarioInput& input) {
  ScenarioResult result = play_once(scenario, input);
  const auto& all = scenario.expectations;
  const bool has_statistics = std::any_of(
      all.begin(), all.end(), [](const Expectation& each) { return each.is_statistical(); });
  if (has_statistics) judge_by_sampling(scenario, input, result.expectations);
  return result;
}

}  // namespace wavetank::sim
