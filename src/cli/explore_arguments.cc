#include "cli/explore_arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "base/distribution.h"
#include "base/text_distance.h"
#include "base/time.h"

namespace wavetank::cli {

namespace {

// The value of this name, or what to say about a word that is none.
template <class Values>
std::string find_named(const Values& values, const std::string& flag, const std::string& word,
                       typename Values::value_type& found) {
  std::vector<std::string_view> names;
  for (const auto value : values) {
    if (explore::name(value) == word) {
      found = value;
      return "";
    }
    names.push_back(explore::name(value));
  }
  const std::string_view near = base::nearest(word, names);
  return fmt::format("{} takes {}, not `{}`{}", flag, fmt::join(names, ", "), word,
                     near.empty() ? "" : fmt::format("; did you mean `{}`?", near));
}

// "512M", "2G", or bytes.
std::optional<std::uint64_t> parse_memory(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number == 0) return std::nullopt;
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  unsigned shift = 64;
  if (unit.empty()) shift = 0;
  if (unit == "K") shift = 10;
  if (unit == "M") shift = 20;
  if (unit == "G") shift = 30;
  if (shift == 64 || number > UINT64_MAX >> shift) return std::nullopt;
  return number << shift;
}

std::string read_kinds(const ExploreFlags& flags, explore::FaultKinds& kinds) {
  auto kind = explore::FaultKind::Fail;
  if (!flags.only.empty()) kinds = {};
  for (const std::string& word : flags.only) {
    std::string error = find_named(explore::kFaultKinds, "--only", word, kind);
    if (!error.empty()) return error;
    kinds.add(kind);
  }
  for (const std::string& word : flags.without) {
    std::string error = find_named(explore::kFaultKinds, "--without", word, kind);
    if (!error.empty()) return error;
    kinds.remove(kind);
  }
  if (kinds.empty() && flags.faults > 0) return "--only and --without leave no kind of fault";
  return "";
}

// "fail=2%", or "2%" for every kind that can be simulated.
std::string read_rate(const std::string& word, explore::FaultRates& rates) {
  const auto equals = word.find('=');
  const auto rate =
      base::parse_percentage(word.substr(equals == std::string::npos ? 0 : equals + 1));
  if (!rate) return fmt::format("--fault-rate takes KIND=2% or 2%, not `{}`", word);
  if (equals == std::string::npos) {
    for (const explore::FaultKind kind : explore::kFaultKinds) {
      if (kind != explore::FaultKind::Stuck) rates.set(kind, *rate);
    }
    return "";
  }
  auto kind = explore::FaultKind::Fail;
  std::string error =
      find_named(explore::kFaultKinds, "--fault-rate", word.substr(0, equals), kind);
  if (!error.empty()) return error;
  if (kind == explore::FaultKind::Stuck) {
    return "--fault-rate: a finalizer is not drawn; search for it without --sample";
  }
  rates.set(kind, *rate);
  return "";
}

// Rates of the kinds that --only and --without leave.
std::string read_rates(const ExploreFlags& flags, const explore::FaultKinds& kinds,
                       explore::FaultRates& rates) {
  for (const std::string& word : flags.fault_rates) {
    if (std::string error = read_rate(word, rates); !error.empty()) return error;
  }
  for (const explore::FaultKind kind : explore::kFaultKinds) {
    if (!kinds.has(kind)) rates.set(kind, 0);
  }
  const std::uint64_t fates =
      std::uint64_t{rates.rate(explore::FaultKind::Fail)} + rates.rate(explore::FaultKind::Hang);
  if (fates > base::kWhole) return "--fault-rate: fail and hang add up to more than 100%";
  return "";
}

// "3/8".
std::optional<explore::Shard> parse_shard(std::string_view text) {
  constexpr std::uint32_t kShardsMax = 1'000'000;
  std::uint32_t index = 0;
  explore::Shard shard;
  const char* end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, index);
  if (first.ec != std::errc{} || first.ptr == end || *first.ptr != '/') return std::nullopt;
  const auto second = std::from_chars(first.ptr + 1, end, shard.count);
  if (second.ec != std::errc{} || second.ptr != end) return std::nullopt;
  if (index == 0 || index > shard.count || shard.count > kShardsMax) return std::nullopt;
  shard.index = index - 1;
  return shard;
}

std::string read_sampling(const ExploreFlags& flags, commands::ExploreRequest& request,
                          std::optional<base::Duration>& time_limit) {
  const bool samples = flags.sample || flags.run;
  if (!flags.shard.empty()) {
    request.shard = parse_shard(flags.shard);
    if (!request.shard) {
      return fmt::format("--shard takes I/N such as 1/8, I from 1 to N, not `{}`", flags.shard);
    }
    if (request.format != commands::Format::Json) {
      return "--shard prints a part for `wavetank merge`: add --format json";
    }
    if (flags.run || !flags.width.empty()) {
      return fmt::format("--shard and {} do not go together", flags.run ? "--run" : "--width");
    }
  }
  if (!samples) {
    if (!flags.fault_rates.empty()) return "--fault-rate needs --sample";
    if (!flags.width.empty()) return "--width needs --sample";
    if (!flags.time_limit.empty()) return "--time-limit needs --sample";
    return "";
  }
  if (flags.run && flags.sample) return "--sample plays many runs and --run one: choose one";
  explore::SampleOptions& sample = request.sample.emplace();
  sample.runs = flags.sample.value_or(sample.runs);
  sample.seed = flags.seed;
  sample.threads = flags.jobs;
  request.run = flags.run;
  std::string error = read_rates(flags, request.study.search.kinds, sample.rates);
  if (!error.empty()) return error;
  const auto confidence = base::parse_percentage(flags.confidence);
  if (!confidence || *confidence == 0 || *confidence >= base::kWhole) {
    return fmt::format("--confidence takes a percentage between 0% and 100%, not `{}`",
                       flags.confidence);
  }
  sample.confidence = *confidence;
  if (!flags.width.empty()) {
    const auto width = base::parse_percentage(flags.width);
    if (!width || *width == 0) {
      return fmt::format("--width takes a percentage above 0%, not `{}`", flags.width);
    }
    sample.width = *width;
  }
  if (!flags.time_limit.empty()) {
    time_limit = base::parse_duration(flags.time_limit);
    if (!time_limit || *time_limit <= base::Duration::zero()) {
      return fmt::format("--time-limit takes a duration, not `{}`", flags.time_limit);
    }
  }
  return "";
}

void add_sampling_flags(CLI::App& command, ExploreFlags& flags) {
  constexpr std::uint64_t kRunsMax = 1'000'000'000;
  constexpr unsigned kJobsMax = 1024;
  command
      .add_option("--sample", flags.sample,
                  "play so many runs with faults and durations drawn by chance, instead of "
                  "searching, and tell how likely each ending is")
      ->check(CLI::Range(std::uint64_t{1}, kRunsMax));
  command.add_option("--run", flags.run,
                     "play one run of --sample and print its trace; runs count from 0");
  command.add_option("--seed", flags.seed, "with --sample or --run: draw from this (default 1)");
  command.add_option("-j,--jobs", flags.jobs, "with --sample: threads (default: all cores)")
      ->check(CLI::Range(1U, kJobsMax));
  command
      .add_option("--fault-rate", flags.fault_rates,
                  "with --sample: how likely faults are, KIND=2% or 2% for all (default fail=1%, "
                  "hang=0.1%, api-error=0.1%, delete-error=0.1%); repeatable")
      ->allow_extra_args(false);
  command.add_option("--confidence", flags.confidence,
                     "with --sample: of the intervals (default 95%)");
  command.add_option("--width", flags.width,
                     "with --sample: stop when the interval of the first --property (default "
                     "sync-fails) is no wider, such as 1%");
  command.add_option("--time-limit", flags.time_limit,
                     "with --sample: stop after so much real time, with what is known so far");
  command.add_option("--shard", flags.shard,
                     "do part I of N, such as 1/8, and print it for `wavetank merge`");
}

}  // namespace

void add_explore_flags(CLI::App& command, ExploreFlags& flags) {
  constexpr unsigned kFaultsMax = 8;
  constexpr unsigned kPlaysMax = 1'000'000;
  command.add_option("--faults", flags.faults, "at most so many faults on one way (default 1)")
      ->check(CLI::Range(0U, kFaultsMax));
  command
      .add_option("--only", flags.only,
                  "only these kinds of faults: fail, hang, api-error, delete-error, finalizer")
      ->allow_extra_args(false);
  command.add_option("--without", flags.without, "all kinds of faults but these")
      ->allow_extra_args(false);
  command
      .add_option("--property", flags.properties,
                  "no ending may have this: sync-fails, sync-hangs, hook-left, degraded, "
                  "data-deleted (default: all are told of, none makes the command fail unless it "
                  "happens without any fault)")
      ->allow_extra_args(false);
  command.add_option("--max-states", flags.states_max, "give up after so many states")
      ->check(CLI::PositiveNumber);
  command.add_option("--max-depth", flags.depth_max, "give up after so many moves in a row")
      ->check(CLI::PositiveNumber);
  command.add_option("--max-memory", flags.memory_max,
                     "give up when the table of states takes so much, such as 512M (default 2G)");
  command
      .add_option("--plays", flags.plays_max,
                  "play so many of the ways that were found in the full simulator (default 100)")
      ->check(CLI::Range(0U, kPlaysMax));
  command.add_option("--sync-timeout", flags.sync_timeout,
                     "Argo CD's limit for a sync (controller.sync.timeout.seconds), such as 10m");
  command.add_option("--write", flags.write_to,
                     "write each minimal set of faults to this directory as a scenario, on which "
                     "`wavetank test` fails until the manifests are better");
  command.add_flag("--all-orders", flags.all_orders,
                   "leave out no order of events, not even those that nobody could tell apart");
  add_sampling_flags(command, flags);
}

namespace {

// A flag of the search among those of a sampling, or the other way round, would be without effect.
std::string stray_flag(const ExploreFlags& flags) {
  const ExploreFlags usual;
  const bool is_sampling = flags.sample.has_value() || flags.run.has_value();
  struct Stray {
    bool is_given;
    bool is_of_sampling;
    std::string_view name;
  };
  const std::array strays{
      Stray{flags.faults != usual.faults, false, "--faults"},
      Stray{flags.plays_max != usual.plays_max, false, "--plays"},
      Stray{flags.states_max != usual.states_max, false, "--max-states"},
      Stray{flags.depth_max != usual.depth_max, false, "--max-depth"},
      Stray{flags.memory_max != usual.memory_max, false, "--max-memory"},
      Stray{flags.all_orders, false, "--all-orders"},
      Stray{!flags.write_to.empty(), false, "--write"},
      Stray{flags.seed != usual.seed, true, "--seed"},
      Stray{flags.jobs != usual.jobs, true, "-j"},
      Stray{flags.confidence != usual.confidence, true, "--confidence"},
      Stray{!flags.fault_rates.empty(), true, "--fault-rate"},
      Stray{!flags.time_limit.empty(), true, "--time-limit"},
  };
  for (const Stray& each : strays) {
    if (!each.is_given || each.is_of_sampling == is_sampling) continue;
    return is_sampling ? fmt::format("{} is of the search, not of --sample", each.name)
                       : fmt::format("{} needs --sample", each.name);
  }
  return "";
}

}  // namespace

std::string read_explore_flags(const ExploreFlags& flags, commands::ExploreRequest& request,
                               std::optional<base::Duration>& time_limit) {
  if (std::string error = stray_flag(flags); !error.empty()) return error;
  explore::StudyOptions& study = request.study;
  study.search.faults_max = static_cast<std::uint8_t>(flags.faults);
  if (std::string error = read_kinds(flags, study.search.kinds); !error.empty()) return error;
  if (!flags.properties.empty()) study.properties.clear();
  for (const std::string& word : flags.properties) {
    auto property = explore::Property::SyncFails;
    std::string error = find_named(explore::kProperties, "--property", word, property);
    if (!error.empty()) return error;
    study.properties.push_back(property);
    request.is_claim = true;
  }
  const auto memory = parse_memory(flags.memory_max);
  if (!memory)
    return fmt::format("--max-memory takes 512M, 2G or bytes, not `{}`", flags.memory_max);
  study.search.limits = {
      .states_max = flags.states_max, .depth_max = flags.depth_max, .memory_max = *memory};
  study.plays_max = flags.plays_max;
  request.write_to = flags.write_to;
  if (flags.all_orders) study.search.orders = explore::Orders::All;
  if (!flags.sync_timeout.empty()) {
    const auto timeout = base::parse_duration(flags.sync_timeout);
    if (!timeout || *timeout <= base::Duration::zero()) {
      return fmt::format("--sync-timeout takes a duration, not `{}`", flags.sync_timeout);
    }
    study.usual.argocd.steps.sync_timeout = *timeout;
  }
  return read_sampling(flags, request, time_limit);
}

}  // namespace wavetank::cli
