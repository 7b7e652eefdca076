// Sampling: many whole simulations, each with its own luck, and what share of them ends how.
//
// Run number i draws its durations, its behaviours and its faults from the seed and i alone: it is
// the same run whatever the number of runs, threads or machines. What is counted over runs is told
// by name, without a Model, so that parts from several machines can be joined.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "base/distribution.h"
#include "base/statistics.h"
#include "base/time.h"
#include "explore/cut_sets.h"
#include "explore/fault.h"
#include "explore/shard.h"
#include "model/bundle.h"
#include "sim/simulate.h"

namespace wavetank::explore {

// How likely each kind of fault is, in parts of base::kWhole: `fail` and `hang` of each object,
// `api-error` of its first write and `delete-error` of its first deletion. A call that failed fails
// again when it is repeated with the same probability. `finalizer` is not drawn.
struct FaultRates {
  std::array<std::uint32_t, kFaultKinds.size()> of{base::kWhole / 100, base::kWhole / 1000,
                                                   base::kWhole / 1000, base::kWhole / 1000, 0};

  [[nodiscard]] std::uint32_t rate(FaultKind kind) const {
    return of[static_cast<std::size_t>(kind)];
  }
  void set(FaultKind kind, std::uint32_t rate) { of[static_cast<std::size_t>(kind)] = rate; }
  friend bool operator==(const FaultRates&, const FaultRates&) = default;
};

// Why a sampling ended before its last run.
enum class Interruption : std::uint8_t { None, TimeLimit, Signal };
[[nodiscard]] std::string_view name(Interruption interruption);

// Who watches over a sampling; everything about real time is behind this port.
class Watch {
 public:
  virtual ~Watch() = default;
  // Asked between runs, by any thread.
  [[nodiscard]] virtual Interruption interruption() { return Interruption::None; }
  // Told from time to time, by one thread at a time.
  virtual void progress(std::uint64_t /*played*/, std::uint64_t /*wanted*/) {}
};

struct SampleOptions {
  std::uint64_t runs = 1000;
  std::uint64_t seed = 1;
  FaultRates rates;
  std::uint32_t confidence = base::kWhole / 100 * 95;  // of every interval, in parts of kWhole
  // Stop as soon as the interval of `property` is narrower, in parts of kWhole; zero: never.
  std::uint32_t width = 0;
  Property property = Property::SyncFails;
  Shard shard;  // of the numbers of runs
  std::uint32_t threads = 1;
  sim::SimulationOptions usual;  // behaviours, horizon, version; its seed is not used
};

// An object that is there in the end.
struct NamedLeft {
  std::string object;  // "Job/db-migration"
  bool is_hook = false;
  bool deleting = false;
  std::string health;  // empty: its kind has none

  // NOLINTNEXTLINE(modernize-use-nullptr): a false alarm of clang-tidy 14 where `<` is used
  friend auto operator<=>(const NamedLeft&, const NamedLeft&) = default;
};

struct SampledEnding {
  sim::Outcome outcome = sim::Outcome::Succeeded;
  std::vector<NamedLeft> left;
  std::uint64_t runs = 0;
  std::uint64_t first_run = 0;      // its witness
  std::vector<std::string> faults;  // that were drawn there, in words
};

struct Sample {
  std::string application;
  std::uint64_t seed = 1;
  std::uint64_t wanted = 0;        // runs of all shards together
  std::uint64_t runs = 0;          // that were played and are counted
  std::uint64_t failed_alone = 0;  // … and did not succeed though no fault was drawn
  FaultRates rates;
  std::uint32_t confidence = 0;
  std::uint32_t width = 0;
  std::uint64_t looks = 0;  // how often it was asked whether the interval is narrow enough
  bool is_narrow = false;   // it is
  Interruption interruption = Interruption::None;
  std::array<std::uint64_t, kProperties.size()> counts{};  // runs that have the property
  std::vector<SampledEnding> endings;                      // the most frequent first
  std::vector<base::Duration> durations;                   // of syncs that succeeded, ascending

  // What an interval may be wrong.
  [[nodiscard]] double error() const;
  [[nodiscard]] base::Interval interval(std::uint64_t count) const;
  [[nodiscard]] std::uint64_t count(Property property) const {
    return counts[static_cast<std::size_t>(property)];
  }
};

// With `width`, it is decided at fixed numbers of runs whether to stop: 64, 128, 192, 256, 384,
// 512, 768 and so on, and at the last. When something interrupts, the runs before the first one
// that was not played are counted.
[[nodiscard]] Sample sample(const model::Bundle& bundle, const SampleOptions& options,
                            Watch& watch);

// One run of a sampling, in full.
struct SampledRun {
  std::uint64_t number = 0;
  std::uint64_t seed = 0;           // of the simulation
  std::vector<std::string> faults;  // that were drawn, in words
  sim::Simulation simulation;
};
[[nodiscard]] SampledRun play_run(const model::Bundle& bundle, const SampleOptions& options,
                                  std::uint64_t number);

// All parts of one sampling as if it had not been divided. REQUIRES: at least one part, all of one
// application and with the same options but for the shard.
[[nodiscard]] Sample join(std::vector<Sample> parts);

}  // namespace wavetank::explore
