// Where one object of a plan stands in a dump of the cluster: what the sync under way still waits
// for. Of the objects of the dump only names, times, finalizers and healths are told.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "model/version.h"
#include "report/plan/plan_view.h"

namespace wavetank::report {

struct LiveQuestion {
  const PlanView* view = nullptr;
  std::size_t resource = 0;  // index into the Bundle
  const std::vector<nlohmann::json>* objects = nullptr;
  model::ArgocdVersion version = model::kNewestVersion;
};

struct LiveAnswer {
  std::string state;      // "Progressing: …"; "not there"
  std::string deletion;   // since when, and what holds it; empty: it is not being deleted
  std::string operation;  // of the Application: phase and message; empty: the dump has none
  std::vector<std::string> parts;      // what the operation did with it
  std::vector<std::string> waits_for;  // now, each with its state
  std::vector<std::string> waited_by;
};

[[nodiscard]] LiveAnswer live_answer(const LiveQuestion& question);
[[nodiscard]] std::string live_text(const LiveAnswer& answer);
[[nodiscard]] nlohmann::ordered_json live_json(const LiveAnswer& answer);

}  // namespace wavetank::report
