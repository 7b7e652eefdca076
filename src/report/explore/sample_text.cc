#include "report/explore/sample_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/explore/sample_json.h"
#include "report/explore/words.h"
#include "report/sim/simulation_text.h"

namespace wavetank::report {

using explore::Sample;

namespace {

constexpr std::size_t kShown = 12;

std::string rates_text(const explore::FaultRates& rates) {
  std::string text;
  for (const explore::FaultKind kind : explore::kFaultKinds) {
    if (rates.rate(kind) == 0) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", explore::name(kind),
                        base::percentage_text(rates.rate(kind)));
  }
  return text.empty() ? "no faults" : "faults: " + text;
}

std::string share_of(const Sample& sample, std::uint64_t count) {
  const double share =
      sample.runs == 0 ? 0 : static_cast<double>(count) / static_cast<double>(sample.runs);
  const base::Interval interval = sample.interval(count);
  return fmt::format("{} [{}, {}]", share_text(share), share_text(interval.low, Rounding::Down),
                     share_text(interval.high, Rounding::Up));
}

std::string time_text(const Sample& sample) {
  if (sample.durations.empty()) return "no sync succeeded, so nothing is known of its time\n";
  std::string text = fmt::format("time to sync, of {} that succeeded\n",
                                 counted(sample.durations.size(), "run", "runs"));
  const auto at = [&](std::uint64_t rank) {
    return moment(base::Instant{} + sample.durations[rank - 1]);
  };
  for (const unsigned percent : kShownQuantiles) {
    const auto ranks = base::quantile_ranks(sample.durations.size(), percent * (base::kWhole / 100),
                                            sample.error());
    text += fmt::format("    p{}  {:>8} [{}, {}]\n", percent, at(ranks.estimate),
                        ranks.low ? at(*ranks.low) : "?", ranks.high ? at(*ranks.high) : "?");
  }
  return text;
}

std::string faults_words(const std::vector<std::string>& faults) {
  if (faults.empty()) return "no fault drawn";
  return escaped(fmt::format("{}", fmt::join(faults, " + ")));
}

std::string endings_text(const Sample& sample, Colour colour) {
  std::string text =
      fmt::format("{}\n", counted(sample.endings.size(), "distinct ending", "distinct endings"));
  for (std::size_t i = 0; i < std::min(kShown, sample.endings.size()); ++i) {
    const explore::SampledEnding& ending = sample.endings[i];
    const Ink ink = ending.outcome == sim::Outcome::Succeeded ? Ink::Green : Ink::Red;
    text += fmt::format("    {}  {}, run {} ({}): {}\n",
                        paint(fmt::format("{:<12}", sim::name(ending.outcome)), ink, colour),
                        share_of(sample, ending.runs), ending.first_run,
                        faults_words(ending.faults), left_words(ending.left));
  }
  if (sample.endings.size() > kShown) {
    text +=
        fmt::format("    and {} more (--format json has all)\n", sample.endings.size() - kShown);
  }
  return text;
}

std::string end_text(const Sample& sample, Colour colour) {
  switch (sample.interruption) {
    case explore::Interruption::TimeLimit:
      return paint(fmt::format("stopped by --time-limit after {} of {}; this is what is known so "
                               "far\n",
                               sample.runs, counted(sample.wanted, "run", "runs")),
                   Ink::Yellow, colour);
    case explore::Interruption::Signal:
      return paint(fmt::format("interrupted after {} of {}; this is what is known so far\n",
                               sample.runs, counted(sample.wanted, "run", "runs")),
                   Ink::Yellow, colour);
    case explore::Interruption::None: break;
  }
  if (sample.is_narrow) {
    return fmt::format("narrow enough after {} of at most {}\n", sample.runs,
                       counted(sample.wanted, "run", "runs"));
  }
  if (sample.width > 0) {
    return paint(fmt::format("not as narrow as {} after {}\n", base::percentage_text(sample.width),
                             counted(sample.runs, "run", "runs")),
                 Ink::Yellow, colour);
  }
  return fmt::format("{}, replay one with --seed {} --run N\n", counted(sample.runs, "run", "runs"),
                     sample.seed);
}

}  // namespace

std::string sample_text(const Sample& sample, std::span<const explore::Property> properties,
                        Colour colour) {
  std::string text = fmt::format(
      "{}: {} from seed {}; {}; in brackets {} intervals\n\n",
      paint(escaped(sample.application), Ink::Bold, colour), counted(sample.runs, "run", "runs"),
      sample.seed, rates_text(sample.rates), base::percentage_text(sample.confidence));
  for (const explore::Property property : properties) {
    const std::uint64_t count = sample.count(property);
    text += fmt::format("{} ({}): {}\n", paint(words(property), Ink::Bold, colour),
                        explore::name(property),
                        paint(share_of(sample, count), count == 0 ? Ink::Green : Ink::Red, colour));
  }
  text += "\n" + time_text(sample);
  text += "\n" + endings_text(sample, colour);
  return text + "\n" + end_text(sample, colour);
}

std::string sampled_run_text(const explore::SampledRun& run, std::uint64_t seed) {
  return fmt::format("run {} of seed {}: {}\n", run.number, seed, faults_words(run.faults));
}

}  // namespace wavetank::report
