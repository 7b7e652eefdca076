#include "report/explore/sample_json.h"

#include "report/explore/words.h"

namespace wavetank::report {

using explore::Sample;
using json = nlohmann::ordered_json;

namespace {

void add_share(json& object, const Sample& sample, std::uint64_t count) {
  const base::Interval interval = sample.interval(count);
  const double share =
      sample.runs == 0 ? 0 : static_cast<double>(count) / static_cast<double>(sample.runs);
  object["runs"] = count;
  object["share"] = share_number(share);
  object["low"] = share_number(interval.low, Rounding::Down);
  object["high"] = share_number(interval.high, Rounding::Up);
}

json ending_json(const Sample& sample, const explore::SampledEnding& ending) {
  json left = json::array();
  for (const explore::NamedLeft& each : ending.left) {
    json object = {{"object", each.object}, {"hook", each.is_hook}, {"deleting", each.deleting}};
    if (!each.health.empty()) object["health"] = each.health;
    left.push_back(std::move(object));
  }
  json result = {{"outcome", sim::name(ending.outcome)}};
  add_share(result, sample, ending.runs);
  result["firstRun"] = ending.first_run;
  result["faults"] = ending.faults;
  result["left"] = std::move(left);
  return result;
}

json quantiles_json(const Sample& sample) {
  json quantiles = json::array();
  if (sample.durations.empty()) return quantiles;
  const auto at = [&](std::uint64_t rank) { return sample.durations[rank - 1].count(); };
  for (const unsigned percent : kShownQuantiles) {
    const auto ranks = base::quantile_ranks(sample.durations.size(), percent * (base::kWhole / 100),
                                            sample.error());
    json quantile = {{"percent", percent}, {"ns", at(ranks.estimate)}};
    if (ranks.low) quantile["lowNs"] = at(*ranks.low);
    if (ranks.high) quantile["highNs"] = at(*ranks.high);
    quantiles.push_back(std::move(quantile));
  }
  return quantiles;
}

}  // namespace

json sample_json(const Sample& sample, std::span<const explore::Property> properties,
                 Durations durations) {
  json rates = json::object();
  for (const explore::FaultKind kind : explore::kFaultKinds) {
    if (sample.rates.rate(kind) == 0) continue;
    rates[std::string(explore::name(kind))] = base::percentage_text(sample.rates.rate(kind));
  }
  json shares = json::array();
  for (const explore::Property property : properties) {
    json object = {{"property", explore::name(property)}};
    add_share(object, sample, sample.count(property));
    shares.push_back(std::move(object));
  }
  json endings = json::array();
  for (const auto& ending : sample.endings) endings.push_back(ending_json(sample, ending));
  json result = {{"application", sample.application},
                 {"seed", sample.seed},
                 {"runsWanted", sample.wanted},
                 {"runs", sample.runs},
                 {"failedWithoutFaults", sample.failed_alone},
                 {"interruption", explore::name(sample.interruption)},
                 {"faultRates", std::move(rates)},
                 {"confidence", base::percentage_text(sample.confidence)},
                 {"properties", std::move(shares)},
                 {"succeeded", sample.durations.size()},
                 {"timeToSync", quantiles_json(sample)},
                 {"endings", std::move(endings)}};
  if (sample.width > 0) {
    result["width"] = base::percentage_text(sample.width);
    result["looks"] = sample.looks;
    result["isNarrow"] = sample.is_narrow;
  }
  if (durations == Durations::All) {
    json all = json::array();
    for (const base::Duration each : sample.durations) all.push_back(each.count());
    result["durationsNs"] = std::move(all);
  }
  return result;
}

}  // namespace wavetank::report
