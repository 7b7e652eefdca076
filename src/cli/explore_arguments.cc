#include "cli/explore_arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

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
}

std::string read_explore_flags(const ExploreFlags& flags, commands::ExploreRequest& request) {
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
  return "";
}

}  // namespace wavetank::cli
