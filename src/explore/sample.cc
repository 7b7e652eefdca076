#include "explore/sample.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <thread>

#include "base/check.h"
#include "explore/truth.h"

namespace wavetank::explore {

namespace {

constexpr std::uint64_t kBlock = 64;
constexpr std::uint64_t kChunk = 4 * kBlock;  // runs between two moments when all threads meet
constexpr std::uint32_t kRepeatsMax = 16;

// "fail" and the like of one object: how often, where it is about calls.
struct DrawnFault {
  FaultKind kind = FaultKind::Fail;
  SlotId slot;
  std::uint32_t times = 1;
};

struct RunResult {
  Ending ending;
  base::Duration duration{};
  bool has_faults = false;
  bool is_played = false;
};

std::uint64_t seed_of_run(std::uint64_t seed, std::uint64_t number) {
  constexpr std::uint32_t kPurpose = 0x72756e73;  // "runs"
  const auto draw = base::philox4x32(
      {static_cast<std::uint32_t>(number), static_cast<std::uint32_t>(number >> 32U), kPurpose, 0},
      {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32U)});
  return (std::uint64_t{draw[0]} << 32U) | draw[1];
}

// The luck of one run.
class Draw {
 public:
  Draw(const Model& model, const FaultRates& rates, std::uint64_t seed)
      : model_(model), rates_(rates), chooser_(seed) {}

  std::vector<DrawnFault> faults() {
    std::vector<DrawnFault> drawn;
    for (std::size_t i = 0; i < model_.slots.size(); ++i) {
      const auto id = SlotId::from(i);
      const Slot& slot = model_.slots[i];
      const model::ObjectKey key = model::resolve(slot.key, model_.interner);
      const std::string entity =
          fmt::format("{}/{}/{}/{}", key.group, key.kind, key.name_space, key.name);
      if (const auto kind = fate(slot, entity)) drawn.push_back({.kind = *kind, .slot = id});
      for (const FaultKind kind : {FaultKind::WriteError, FaultKind::RemoveError}) {
        const std::uint32_t times = repeats(kind, entity);
        if (times > 0) drawn.push_back({.kind = kind, .slot = id, .times = times});
      }
    }
    return drawn;
  }

 private:
  // The highest choices are the bad ones: choice 0 is nothing bad.
  std::uint32_t luck(std::string_view entity, std::string_view purpose, std::uint32_t occurrence) {
    return base::kWhole - 1 -
           chooser_.pick({.entity = entity, .purpose = purpose, .occurrence = occurrence},
                         base::kWhole);
  }

  std::optional<FaultKind> fate(const Slot& slot, std::string_view entity) {
    const Course& course = slot.upgrade ? *slot.upgrade : slot.fresh;
    const auto differs = [&](Fate fate) {
      return course.lives[static_cast<std::size_t>(fate)] != course.lives.front();
    };
    const std::uint32_t drawn = luck(entity, "explore fate", 1);
    const std::uint32_t fail = rates_.rate(FaultKind::Fail);
    if (drawn < fail) return differs(Fate::Fail) ? std::optional(FaultKind::Fail) : std::nullopt;
    if (drawn - fail >= rates_.rate(FaultKind::Hang) || !differs(Fate::Hang)) return std::nullopt;
    return FaultKind::Hang;
  }

  std::uint32_t repeats(FaultKind kind, std::string_view entity) {
    std::uint32_t times = 0;
    while (times < kRepeatsMax && luck(entity, name(kind), times + 1) < rates_.rate(kind)) ++times;
    return times;
  }

  const Model& model_;
  const FaultRates& rates_;
  base::SeededChooser chooser_;
};

std::string words(const Model& model, const DrawnFault& fault) {
  std::string text = describe(model, {.slot = fault.slot, .kind = fault.kind});
  if (fault.times > 1) text += fmt::format(" ({} times)", fault.times);
  return text;
}

SampledRun play(const model::Bundle& bundle, const Model& model, const SampleOptions& options,
                std::uint64_t number) {
  SampledRun run{.number = number, .seed = seed_of_run(options.seed, number)};
  sim::SimulationOptions how = options.usual;
  how.seed = run.seed;
  for (const DrawnFault& fault : Draw(model, options.rates, run.seed).faults()) {
    disturb(model, {.slot = fault.slot, .kind = fault.kind}, 0, fault.times, how);
    run.faults.push_back(words(model, fault));
  }
  run.simulation = sim::simulate(bundle, how);
  return run;
}

bool comes_before(const SampledEnding& a, const SampledEnding& b) {
  return a.runs != b.runs ? a.runs > b.runs : a.first_run < b.first_run;
}

// Whether it is asked after so many runs if they suffice: 1, 2, 3, 4, 6, 8, 12, 16 … blocks.
bool is_look(std::uint64_t runs) {
  if (runs == 0 || runs % kBlock != 0) return false;
  std::uint64_t blocks = runs / kBlock;
  while (blocks % 2 == 0) blocks /= 2;
  return blocks == 1 || blocks == 3;
}

class Sampler {
 public:
  Sampler(const model::Bundle& bundle, const SampleOptions& options, Watch& watch)
      : bundle_(bundle),
        options_(options),
        watch_(watch),
        model_(compile_for(bundle, options.usual)) {
    result_ = {.application = bundle.name,
               .seed = options.seed,
               .wanted = options.runs,
               .rates = options.rates,
               .confidence = options.confidence,
               .width = options.width};
    const Shard& shard = options.shard;
    mine_ = options.runs / shard.count + (shard.index < options.runs % shard.count ? 1 : 0);
  }

  Sample run() {
    while (result_.runs < mine_ && !is_over()) {
      std::uint64_t end = std::min(mine_, result_.runs + kChunk - result_.runs % kChunk);
      // A look comes at the end of a chunk only.
      for (std::uint64_t at = result_.runs + 1; options_.width > 0 && at < end; ++at) {
        if (is_look(at)) end = at;
      }
      play_until(end);
    }
    return finish();
  }

 private:
  [[nodiscard]] std::uint64_t number(std::uint64_t mine) const {
    return mine * options_.shard.count + options_.shard.index;
  }
  [[nodiscard]] bool is_over() const {
    return result_.is_narrow || result_.interruption != Interruption::None;
  }

  void play_until(std::uint64_t end) {
    const std::uint64_t begin = result_.runs;
    results_.assign(end - begin, {});
    std::atomic<std::uint64_t> next = begin;
    std::atomic<Interruption> interruption = Interruption::None;
    const auto work = [&](bool is_first) {
      while (true) {
        if (const auto why = watch_.interruption(); why != Interruption::None) interruption = why;
        if (interruption != Interruption::None) return;
        const std::uint64_t mine = next++;
        if (mine >= end) return;
        if (is_first) watch_.progress(mine, mine_);
        const SampledRun run = play(bundle_, *model_, options_, number(mine));
        const sim::SyncReport& last = run.simulation.last();
        results_[mine - begin] = {.ending = ending_of(*model_, run.simulation),
                                  .duration = last.ended - last.started,
                                  .has_faults = !run.faults.empty(),
                                  .is_played = true};
      }
    };
    {
      std::vector<std::jthread> threads;
      const std::uint64_t count = std::min<std::uint64_t>(options_.threads, end - begin);
      for (std::uint64_t i = 1; i < count; ++i) threads.emplace_back(work, false);
      work(true);
    }
    for (const RunResult& result : results_) {
      if (!result.is_played) break;
      count(result);
    }
    if (result_.runs < end) result_.interruption = interruption;
    look();
  }

  void count(const RunResult& result) {
    for (const Property property : kProperties) {
      if (holds(property, *model_, result.ending)) {
        ++result_.counts[static_cast<std::size_t>(property)];
      }
    }
    if (result.ending.outcome == sim::Outcome::Succeeded) {
      result_.durations.push_back(result.duration);
    } else if (!result.has_faults) {
      ++result_.failed_alone;
    }
    const auto place = endings_.try_emplace(result.ending, Found{.first = result_.runs}).first;
    ++place->second.runs;
    ++result_.runs;
  }

  void look() {
    const bool is_last = result_.runs == mine_;
    if (options_.width == 0 || !(is_last || is_look(result_.runs))) return;
    ++result_.looks;
    const double wanted = static_cast<double>(options_.width) / base::kWhole;
    result_.is_narrow = result_.interval(result_.count(options_.property)).width() <= wanted;
  }

  Sample finish() {
    for (const auto& [ending, found] : endings_) {
      SampledEnding named{
          .outcome = ending.outcome, .runs = found.runs, .first_run = number(found.first)};
      for (const Left& left : ending.left) {
        named.left.push_back(
            {.object = model_->name(left.slot),
             .is_hook = model_->slot(left.slot).is_hook,
             .deleting = left.deleting,
             .health = left.health ? std::string(health::name(*left.health)) : ""});
      }
      const std::uint64_t seed = seed_of_run(options_.seed, named.first_run);
      for (const DrawnFault& fault : Draw(*model_, options_.rates, seed).faults()) {
        named.faults.push_back(words(*model_, fault));
      }
      result_.endings.push_back(std::move(named));
    }
    // Endings that differ by nothing that has a name are one, here as between shards.
    std::vector<Sample> one;
    one.push_back(std::move(result_));
    return join(std::move(one));
  }

  struct Found {
    std::uint64_t runs = 0;
    std::uint64_t first = 0;
  };

  const model::Bundle& bundle_;
  const SampleOptions& options_;
  Watch& watch_;
  std::unique_ptr<Model> model_;
  std::uint64_t mine_ = 0;  // runs of this shard
  Sample result_;
  std::vector<RunResult> results_;
  std::map<Ending, Found> endings_;
};

}  // namespace

std::string_view name(Interruption interruption) {
  switch (interruption) {
    case Interruption::None: return "none";
    case Interruption::TimeLimit: return "time-limit";
    case Interruption::Signal: return "signal";
  }
  WAVETANK_CHECK(false);
}

double Sample::error() const {
  const double whole = static_cast<double>(base::kWhole - confidence) / base::kWhole;
  return looks == 0 ? whole : base::error_of_look(whole, looks);
}

base::Interval Sample::interval(std::uint64_t count) const {
  return runs == 0 ? base::Interval{} : base::clopper_pearson(count, runs, error());
}

Sample sample(const model::Bundle& bundle, const SampleOptions& options, Watch& watch) {
  return Sampler(bundle, options, watch).run();
}

SampledRun play_run(const model::Bundle& bundle, const SampleOptions& options,
                    std::uint64_t number) {
  return play(bundle, *compile_for(bundle, options.usual), options, number);
}

Sample join(std::vector<Sample> parts) {
  WAVETANK_CHECK(!parts.empty());
  Sample whole = std::move(parts.front());
  using What = std::pair<sim::Outcome, std::vector<NamedLeft>>;
  std::map<What, SampledEnding> endings;
  const auto take = [&](std::vector<SampledEnding>& from) {
    for (SampledEnding& ending : from) {
      const auto [place, is_new] = endings.try_emplace({ending.outcome, ending.left}, ending);
      if (is_new) continue;
      SampledEnding& known = place->second;
      const std::uint64_t runs = known.runs + ending.runs;
      if (ending.first_run < known.first_run) known = std::move(ending);
      known.runs = runs;
    }
  };
  take(whole.endings);
  for (std::size_t i = 1; i < parts.size(); ++i) {
    Sample& part = parts[i];
    whole.runs += part.runs;
    whole.failed_alone += part.failed_alone;
    for (std::size_t k = 0; k < kProperties.size(); ++k) whole.counts[k] += part.counts[k];
    whole.durations.insert(whole.durations.end(), part.durations.begin(), part.durations.end());
    take(part.endings);
  }
  whole.endings.clear();
  for (auto& [what, ending] : endings) whole.endings.push_back(std::move(ending));
  std::sort(whole.endings.begin(), whole.endings.end(), comes_before);
  std::sort(whole.durations.begin(), whole.durations.end());
  return whole;
}

}  // namespace wavetank::explore
