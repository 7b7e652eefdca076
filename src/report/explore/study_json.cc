#include "report/explore/study_json.h"

#include "base/check.h"
#include "explore/visited.h"

namespace wavetank::report {

using explore::Study;
using json = nlohmann::ordered_json;

namespace {

std::string_view name(explore::Coverage coverage) {
  switch (coverage) {
    case explore::Coverage::Complete: return "complete";
    case explore::Coverage::CompleteUpToBudget: return "completeUpToBudget";
    case explore::Coverage::States: return "stoppedAtStates";
    case explore::Coverage::Depth: return "stoppedAtDepth";
    case explore::Coverage::Memory: return "stoppedAtMemory";
  }
  WAVETANK_CHECK(false);
}

json faults_json(const Study& study, std::span<const explore::Strike> strikes) {
  json faults = json::array();
  for (const explore::Strike& strike : strikes) {
    faults.push_back(
        {{"fault", explore::name(strike.kind)}, {"object", study.model->name(strike.slot)}});
  }
  return faults;
}

json truth_json(const explore::Truth& truth) {
  json result = {{"verdict", explore::name(truth.verdict)}};
  const bool was_played =
      truth.verdict == explore::Verdict::Confirmed || truth.verdict == explore::Verdict::Different;
  if (was_played) {
    result["outcome"] = sim::name(truth.outcome);
    result["reason"] = truth.reason;
  }
  return result;
}

json ending_json(const Study& study, const explore::EndingReport& report) {
  json left = json::array();
  for (const explore::Left& each : report.found.ending.left) {
    json object = {{"object", study.model->name(each.slot)},
                   {"hook", study.model->slot(each.slot).is_hook},
                   {"deleting", each.deleting}};
    if (each.health) object["health"] = health::name(*each.health);
    left.push_back(std::move(object));
  }
  return {{"outcome", sim::name(report.found.ending.outcome)},
          {"faults", faults_json(study, report.found.strikes)},
          {"moves", report.found.depth},
          {"left", std::move(left)},
          {"simulator", truth_json(report.truth)}};
}

}  // namespace

json study_json(const Study& study) {
  json properties = json::array();
  for (const explore::PropertyReport& report : study.properties) {
    json sets = json::array();
    for (const explore::Cause& cause : report.causes) {
      sets.push_back(
          {{"faults", faults_json(study, cause.strikes)}, {"simulator", truth_json(cause.truth)}});
    }
    properties.push_back(
        {{"property", explore::name(report.property)}, {"minimalFaultSets", std::move(sets)}});
  }
  json endings = json::array();
  for (const auto& ending : study.endings) endings.push_back(ending_json(study, ending));
  json kinds = json::array();
  for (const explore::FaultKind kind : explore::kFaultKinds) {
    if (study.kinds.has(kind)) kinds.push_back(explore::name(kind));
  }
  const std::uint64_t states = study.exploration.states + study.cut_sets.states;
  return {{"application", study.application},
          {"faultsMax", study.faults_max},
          {"faultKinds", std::move(kinds)},
          {"coverage", name(study.exploration.coverage)},
          {"faultSetCoverage", name(study.cut_sets.coverage)},
          {"states", states},
          {"omissionExponent", explore::omission_exponent(states)},
          {"objects", study.model->slots.size()},
          {"passes", study.exploration.passes},
          {"hasLoop", study.exploration.has_loop},
          {"loopFaults", faults_json(study, study.exploration.loop_strikes)},
          {"hasSyncTimeout", study.model->has_timeout},
          {"hasRetries", study.model->retry.limit != 0},
          {"properties", std::move(properties)},
          {"endings", std::move(endings)}};
}

}  // namespace wavetank::report
