// The inside of reading a scenario: one file per part of it, over a common way to complain.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/expand.h"
#include "sim/scenario/scenario.h"
#include "yaml/typed.h"

namespace wavetank::sim {

class ScenarioReader {
 public:
  // The first source is the scenario itself, the others are its parents.
  ScenarioReader(std::vector<Extended::Source> sources, std::string directory)
      : sources_(std::move(sources)), directory_(std::move(directory)) {}

  // Everything that is wrong is in `problems` afterwards.
  Scenario read(const yaml::Value& root);
  [[nodiscard]] ScenarioProblems& problems() { return problems_; }

 private:
  using Value = yaml::Value;

  // Complaints.
  void problem(const Value& where, std::string message);
  void problem_in(const Value& scalar, std::size_t offset, std::string message);
  // Refuses keys that are none of these, and what is no mapping. False: it is no mapping.
  bool keys(const Value& map, std::initializer_list<std::string_view> known);

  // Small values.
  std::optional<base::Duration> read_duration(const Value& value);
  std::optional<base::Distribution> read_distribution(const Value& value);
  std::optional<std::uint64_t> read_number(const Value& value, std::uint64_t most);
  std::optional<bool> read_flag(const Value& value);
  std::optional<ObjectRef> read_ref(const Value& value);
  std::optional<Predicate> read_predicate(const Value& value);
  std::optional<EventPattern> read_event(const Value& value);
  std::vector<std::string> read_texts(const Value& value);
  std::string in_directory(std::string_view path) const;
  void read_application_name(const Value& value, std::string& name);

  // The parts (read_scenario.cc, read_world.cc, read_timeline.cc, read_expectations.cc).
  void read_metadata(const Value& metadata);
  void read_engine(const Value& engine);
  void read_applications(const Value& root);
  void read_application(const Value& name, const Value& value);
  void read_absent(const Value& absent);
  void read_cluster(const Value& cluster);
  std::vector<cluster::BehaviorRule> read_behaviours(const Value& list);
  cluster::BehaviorRule read_behaviour(const Value& item);
  void read_outcome(const Value& outcome, cluster::Behavior& behavior);
  std::vector<cluster::Chance> read_chances(const Value& outcome);
  std::optional<cluster::Chance> read_fate(const Value& word);
  void read_faults(const Value& faults);
  std::optional<cluster::CallFault> read_fault(const Value& item);
  void read_timeline(const Value& timeline);
  void read_repetition(const Value& item, TimelineItem& result);
  void read_item(const Value& item);
  std::optional<Action> read_action(const Value& key, const Value& value);
  std::optional<Action> read_sync(const Value& value);
  std::optional<Action> read_push(const Value& value);
  std::optional<Action> read_edit(const Value& value);
  std::optional<Action> read_about_application(Action::Kind kind, const Value& value);
  std::optional<Action> read_about_object(Action::Kind kind, const Value& value);
  std::optional<Action> read_node(Action::Kind kind, const Value& value);
  void read_expectations(const Value& expect);
  void read_expectation(const Value& item);
  void read_before(const Value& value, Expectation& expectation);
  void read_leads_to(const Value& value, Expectation& expectation);
  std::optional<std::uint32_t> read_share(const Value& value);
  const Value* read_side(const Value& value, Goal& goal);
  void read_confidence(const Value& value, Goal& goal);
  void read_probability(const Value& value, Goal& goal);
  void read_quantile(const Value& value, Goal& goal);
  void read_sample(const Value& sample);
  void check_goals(const Value& expect);
  void read_outcome_word(const Value& value, Expectation& expectation);

  std::vector<Extended::Source> sources_;
  std::string directory_;
  Scenario scenario_;
  ScenarioProblems problems_;
};

}  // namespace wavetank::sim
