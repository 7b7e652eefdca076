#include "commands/merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/distribution.h"
#include "report/diagnostic_json.h"
#include "report/explore/sample_json.h"
#include "report/explore/sample_text.h"
#include "report/explore/study_text.h"

namespace wavetank::commands {

using json = nlohmann::ordered_json;

namespace {

struct Part {
  std::string file;
  json content;
  std::uint64_t shard = 0;
};

// Thrown while parts are read and joined; caught in run_merge only.
struct Refusal {
  std::string message;
};

[[noreturn]] void refuse(std::string message) { throw Refusal{std::move(message)}; }

std::uint64_t number_of(const json& object, const char* key) {
  const json& value = object.at(key);
  if (!value.is_number_unsigned()) refuse(fmt::format("`{}` is no number", key));
  return value.get<std::uint64_t>();
}

std::uint32_t percentage_of(const json& value) {
  const auto parsed = base::parse_percentage(value.get<std::string>());
  if (!parsed) refuse("a percentage is none");
  return *parsed;
}

template <class Values>
typename Values::value_type named(const Values& values, const std::string& word) {
  for (const auto value : values) {
    if (explore::name(value) == word) return value;
  }
  refuse(fmt::format("`{}` is not known", report::escaped(word)));
}

sim::Outcome outcome_of(const std::string& word) {
  const auto outcome = sim::outcome_named(word);
  if (!outcome) refuse(fmt::format("`{}` is no outcome", report::escaped(word)));
  return *outcome;
}

explore::SampledEnding read_ending(const json& from) {
  explore::SampledEnding ending{.outcome = outcome_of(from.at("outcome").get<std::string>()),
                                .runs = number_of(from, "runs"),
                                .first_run = number_of(from, "firstRun"),
                                .faults = from.at("faults").get<std::vector<std::string>>()};
  for (const json& each : from.at("left")) {
    ending.left.push_back({.object = each.at("object").get<std::string>(),
                           .is_hook = each.at("hook").get<bool>(),
                           .deleting = each.at("deleting").get<bool>(),
                           .health = each.value("health", "")});
  }
  return ending;
}

explore::Sample read_sample(const json& from, std::vector<explore::Property>& properties) {
  explore::Sample sample{.application = from.at("application").get<std::string>(),
                         .seed = number_of(from, "seed"),
                         .wanted = number_of(from, "runsWanted"),
                         .runs = number_of(from, "runs"),
                         .failed_alone = number_of(from, "failedWithoutFaults"),
                         .confidence = percentage_of(from.at("confidence"))};
  if (sample.confidence == 0 || sample.confidence >= base::kWhole) refuse("a confidence is none");
  for (const explore::FaultKind kind : explore::kFaultKinds) sample.rates.set(kind, 0);
  for (const auto& [kind, rate] : from.at("faultRates").items()) {
    sample.rates.set(named(explore::kFaultKinds, kind), percentage_of(rate));
  }
  properties.clear();
  for (const json& each : from.at("properties")) {
    const auto property = named(explore::kProperties, each.at("property").get<std::string>());
    properties.push_back(property);
    const std::uint64_t runs = number_of(each, "runs");
    if (runs > sample.runs) refuse("a property has more runs than there are");
    sample.counts[static_cast<std::size_t>(property)] = runs;
  }
  std::uint64_t sum = 0;
  for (const json& each : from.at("endings")) {
    sample.endings.push_back(read_ending(each));
    const std::uint64_t runs = sample.endings.back().runs;
    if (runs > sample.runs) refuse("an ending has more runs than there are");
    sum += runs;
  }
  if (sum != sample.runs) refuse("the endings do not add up to the runs");
  for (const json& each : from.at("durationsNs")) {
    if (!each.is_number_unsigned()) refuse("a duration is no number");
    sample.durations.emplace_back(each.get<std::int64_t>());
  }
  if (sample.durations.size() > sample.runs) refuse("there are more durations than runs");
  return sample;
}

Part read_part(const base::FileSystem& files, const std::string& path, ExitCode& exit) {
  const auto text = files.read(path);
  exit = ExitCode::Input;
  if (!text) refuse(fmt::format("it cannot be read: {}", text.error().reason));
  Part part{.file = path, .content = json::parse(*text, nullptr, false)};
  if (part.content.is_discarded()) refuse("it is no JSON");
  exit = ExitCode::Usage;
  if (!part.content.is_object() || !part.content.contains("part")) {
    refuse("it is no part: `wavetank explore --shard I/N --format json` prints some");
  }
  const json& head = part.content.at("part");
  part.shard = number_of(head, "shard");
  const std::uint64_t count = number_of(head, "of");
  if (part.shard == 0 || part.shard > count) refuse("it has no number between 1 and N");
  for (const json& sample : part.content.value("samples", json::array())) {
    if (sample.at("interruption").get<std::string>() == "none") continue;
    refuse("its runs were interrupted: play this shard again");
  }
  return part;
}

// What has to be the same in all parts, and how to call it.
void compare(const Part& first, const Part& other) {
  const json& one = first.content.at("part");
  const json& two = other.content.at("part");
  const auto differ = [&](const json& a, const json& b, std::string_view what) {
    if (a != b) {
      refuse(fmt::format("it has another {} than {}", what, report::escaped(first.file)));
    }
  };
  differ(one.at("wavetank"), two.at("wavetank"), "version of wavetank");
  differ(first.content.at("argocdVersion"), other.content.at("argocdVersion"),
         "version of Argo CD");
  differ(one.at("of"), two.at("of"), "number of shards");
  differ(one.at("input"), two.at("input"), "input");
  const json& settings = one.at("settings");
  for (const auto& [key, value] : settings.items()) {
    differ(value, two.at("settings").value(key, json()), key);
  }
  differ(settings, two.at("settings"), "setting");
  differ(one.at("inputSummary"), two.at("inputSummary"), "account of its files");
  differ(one.at("inputExit"), two.at("inputExit"), "account of its files");
  differ(first.content.at("input"), other.content.at("input"), "account of its files");
  for (const char* kind : {"samples", "explorations"}) {
    const json none;
    const json& mine = first.content.contains(kind) ? first.content.at(kind) : none;
    const json& its = other.content.contains(kind) ? other.content.at(kind) : none;
    differ(mine.size(), its.size(), "number of applications");
  }
}

// Calls `visit` for each account of a play, in the order of playing.
template <class Visit>
void for_each_play(json& study, Visit visit) {
  for (json& property : study.at("properties")) {
    for (json& set : property.at("minimalFaultSets")) visit(set.at("simulator"));
  }
  for (json& ending : study.at("endings")) visit(ending.at("simulator"));
}

// Every shard has found the same and played some of it.
json join_studies(std::vector<Part>& parts, std::size_t index) {
  json whole = parts.front().content.at("explorations").at(index);
  std::vector<std::vector<json>> plays(parts.size());
  json first;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    json& study = parts[i].content.at("explorations").at(index);
    for_each_play(study, [&](json& play) {
      plays[i].push_back(std::move(play));
      play = nullptr;
    });
    if (i == 0) first = study;
    if (study != first)
      refuse(fmt::format("{} found something else", report::escaped(parts[i].file)));
  }
  std::size_t number = 0;
  for_each_play(whole, [&](json& play) {
    play = plays[number % parts.size()][number];
    ++number;
  });
  return whole;
}

explore::Sample join_samples(const std::vector<Part>& parts, std::size_t index,
                             std::vector<explore::Property>& properties) {
  std::vector<explore::Sample> samples;
  for (const Part& part : parts) {
    samples.push_back(read_sample(part.content.at("samples").at(index), properties));
    const explore::Sample& first = samples.front();
    const explore::Sample& last = samples.back();
    const bool fits = first.application == last.application && first.seed == last.seed &&
                      first.wanted == last.wanted && first.rates == last.rates &&
                      first.confidence == last.confidence;
    if (!fits) refuse(fmt::format("{} was drawn otherwise", report::escaped(part.file)));
  }
  const explore::Sample whole = explore::join(std::move(samples));
  if (whole.runs != whole.wanted) refuse("the runs of the parts do not add up");
  return whole;
}

std::vector<Part> read_parts(const base::FileSystem& files, const MergeRequest& request,
                             ExitCode& exit) {
  std::vector<Part> parts;
  for (const std::string& path : request.paths) {
    try {
      parts.push_back(read_part(files, path, exit));
      compare(parts.front(), parts.back());
    } catch (const Refusal& refusal) {
      refuse(fmt::format("{}: {}", report::escaped(path), refusal.message));
    } catch (const json::exception&) {
      refuse(fmt::format("{}: it is no part that this program prints", report::escaped(path)));
    }
  }
  std::stable_sort(parts.begin(), parts.end(),
                   [](const Part& a, const Part& b) { return a.shard < b.shard; });
  const std::uint64_t count = number_of(parts.front().content.at("part"), "of");
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0 && parts[i].shard == parts[i - 1].shard) {
      refuse(fmt::format("{} and {} are both shard {}", report::escaped(parts[i - 1].file),
                         report::escaped(parts[i].file), parts[i].shard));
    }
    if (parts[i].shard != i + 1) refuse(fmt::format("shard {} of {} is missing", i + 1, count));
  }
  if (parts.size() != count)
    refuse(fmt::format("shard {} of {} is missing", parts.size() + 1, count));
  return parts;
}

void join(std::vector<Part>& parts, const MergeRequest& request, Result& result) {
  const json head = parts.front().content.at("part");
  const bool is_claim = head.at("isClaim").get<bool>();
  const bool has_bad_input = head.at("inputExit").get<bool>();
  result.exit = has_bad_input ? ExitCode::Input : ExitCode::Ok;
  const bool are_samples = parts.front().content.contains("samples");
  const char* kind = are_samples ? "samples" : "explorations";
  json found = json::array();
  for (std::size_t i = 0; i < parts.front().content.at(kind).size(); ++i) {
    if (are_samples) {
      std::vector<explore::Property> properties;
      const explore::Sample sample = join_samples(parts, i, properties);
      found.push_back(report::sample_json(sample, properties));
      result.exit = gravest({result.exit, exit_of_sample(found.back(), is_claim)});
      result.output += report::sample_text(sample, properties, request.colour) + "\n";
    } else {
      found.push_back(join_studies(parts, i));
      result.exit = gravest({result.exit, exit_of_study(found.back(), is_claim)});
      result.output += report::study_text(found.back(), request.colour) + "\n";
    }
  }
  switch (request.format) {
    case Format::Text:
      result.output += report::escaped(head.at("inputSummary").get<std::string>()) + "\n";
      break;
    case Format::Json:
      result.output =
          report::json_text({{"schemaVersion", 1},
                             {"argocdVersion", parts.front().content.at("argocdVersion")},
                             {kind, std::move(found)},
                             {"input", parts.front().content.at("input")}});
      break;
  }
}

}  // namespace

ExitCode exit_of_study(const json& study, bool is_claim) {
  const json& properties = study.at("properties");
  const bool is_broken = std::any_of(properties.begin(), properties.end(), [&](const json& each) {
    const json& sets = each.at("minimalFaultSets");
    if (sets.empty()) return false;
    const auto property = each.at("property").get<std::string>();
    const bool is_bad_alone = property == explore::name(explore::Property::SyncFails) ||
                              property == explore::name(explore::Property::SyncHangs);
    return is_claim || (is_bad_alone && sets.at(0).at("faults").empty());
  });
  if (is_broken) return ExitCode::Findings;
  for (const char* key : {"coverage", "faultSetCoverage"}) {
    if (study.at(key).get<std::string>().starts_with("stopped")) return ExitCode::Inconclusive;
  }
  return ExitCode::Ok;
}

ExitCode exit_of_sample(const json& sample, bool is_claim) {
  const json& properties = sample.at("properties");
  const auto has_runs = [](const json& each) { return each.at("runs").get<std::uint64_t>() > 0; };
  const bool is_broken = is_claim ? std::any_of(properties.begin(), properties.end(), has_runs)
                                  : sample.at("failedWithoutFaults").get<std::uint64_t>() > 0;
  if (is_broken) return ExitCode::Findings;
  const bool is_short = sample.at("interruption").get<std::string>() != "none";
  const bool is_wide = sample.contains("width") && !sample.at("isNarrow").get<bool>();
  return is_short || is_wide ? ExitCode::Inconclusive : ExitCode::Ok;
}

Result run_merge(const base::FileSystem& files, const MergeRequest& request) {
  Result result;
  ExitCode exit = ExitCode::Usage;
  try {
    std::vector<Part> parts = read_parts(files, request, exit);
    exit = ExitCode::Usage;
    join(parts, request, result);
  } catch (const Refusal& refusal) {
    return {.errors = fmt::format("wavetank: {}\n", refusal.message), .exit = exit};
  } catch (const json::exception&) {
    return {.errors = "wavetank: the parts are none that this program prints\n", .exit = exit};
  }
  return result;
}

}  // namespace wavetank::commands
