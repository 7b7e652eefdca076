// What a scenario expects.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/distribution.h"
#include "base/text_distance.h"
#include "sim/scenario/reader.h"

namespace wavetank::sim {

namespace {

struct KindName {
  std::string_view key;
  Expectation::Kind kind = Expectation::Kind::Always;
};
constexpr std::array kKinds{
    KindName{"outcome", Expectation::Kind::Outcome},
    KindName{"always", Expectation::Kind::Always},
    KindName{"never", Expectation::Kind::Never},
    KindName{"eventually", Expectation::Kind::Eventually},
    KindName{"before", Expectation::Kind::Before},
    KindName{"leadsTo", Expectation::Kind::LeadsTo},
    KindName{"sometimes", Expectation::Kind::Sometimes},
    KindName{"probability", Expectation::Kind::Probability},
    KindName{"quantile", Expectation::Kind::Quantile},
};

}  // namespace

// A list; or, in short, `{outcome: Failed}`.
void ScenarioReader::read_expectations(const Value& expect) {
  if (expect.kind == Value::Kind::Mapping) return read_expectation(expect);
  if (expect.kind != Value::Kind::Sequence || expect.items.empty()) {
    problem(expect, "a list of expectations is expected here");
  }
  for (const Value& item : expect.items) read_expectation(item);
  check_goals(expect);
}

void ScenarioReader::read_outcome_word(const Value& value, Expectation& expectation) {
  if (const auto outcome = outcome_named(value.text)) {
    expectation.outcome = *outcome;
    return;
  }
  std::vector<std::string_view> names;
  for (const Outcome outcome : kOutcomes) names.push_back(sim::name(outcome));
  const std::string_view near = base::nearest(value.text, names);
  problem(value, fmt::format("`{}` is no outcome{}", value.text,
                             near.empty() ? "" : fmt::format("; did you mean `{}`?", near)));
}

void ScenarioReader::read_before(const Value& value, Expectation& expectation) {
  if (!keys(value, {"first", "then", "strict"})) return;
  const Value* first = value.find("first");
  const Value* then = value.find("then");
  if (first == nullptr || then == nullptr) {
    problem(value, "`before` has a `first` and a `then`");
    return;
  }
  expectation.first = read_event(*first);
  expectation.then = read_event(*then);
  if (const Value* strict = value.find("strict")) {
    expectation.is_strict = read_flag(*strict).value_or(false);
  }
}

void ScenarioReader::read_leads_to(const Value& value, Expectation& expectation) {
  if (!keys(value, {"from", "to", "within"})) return;
  const Value* from = value.find("from");
  const Value* to = value.find("to");
  if (from == nullptr || to == nullptr) {
    problem(value, "`leadsTo` has a `from` and a `to`");
    return;
  }
  expectation.predicate = read_predicate(*from);
  expectation.target = read_predicate(*to);
  if (const Value* within = value.find("within")) expectation.within = read_duration(*within);
}

// "95%"; nothing, and a problem, for what is none.
std::optional<std::uint32_t> ScenarioReader::read_share(const Value& value) {
  const auto share = base::parse_percentage(value.text);
  if (!share) problem(value, fmt::format("`{}` is no percentage such as 97%", value.text));
  return share;
}

// `atLeast` or `atMost`, one of them; null when it is not so.
const yaml::Value* ScenarioReader::read_side(const Value& value, Goal& goal) {
  const Value* least = value.find("atLeast");
  const Value* most = value.find("atMost");
  if ((least == nullptr) == (most == nullptr)) {
    problem(value, "the goal is `atLeast` or `atMost`");
    return nullptr;
  }
  goal.is_at_least = least != nullptr;
  return least != nullptr ? least : most;
}

void ScenarioReader::read_confidence(const Value& value, Goal& goal) {
  const Value* given = value.find("confidence");
  if (given == nullptr) return;
  const auto share = read_share(*given);
  if (!share) return;
  if (*share < base::kWhole / 2 || *share >= base::kWhole) {
    problem(*given, "a confidence is between 50% and 100%, such as 95%");
    return;
  }
  goal.confidence = *share;
}

// `{of: converges, atLeast: 98.5%, confidence: 95%}`
void ScenarioReader::read_probability(const Value& value, Goal& goal) {
  if (!keys(value, {"of", "atLeast", "atMost", "confidence"})) return;
  goal.of = value.string("of");
  if (goal.of.empty()) problem(value, "the probability of which expectation? (`of`)");
  if (const Value* side = read_side(value, goal)) goal.share = read_share(*side).value_or(0);
  read_confidence(value, goal);
}

// `{of: duration(sync shop), p: 95, atMost: 9m, confidence: 95%}`
void ScenarioReader::read_quantile(const Value& value, Goal& goal) {
  if (!keys(value, {"of", "p", "atLeast", "atMost", "confidence"})) return;
  constexpr std::string_view kBegin = "duration(sync ";
  const Value* of = value.find("of");
  if (of == nullptr || !of->text.starts_with(kBegin) || !of->text.ends_with(')')) {
    problem(of == nullptr ? value : *of, "`of` is duration(sync APPLICATION)");
    return;
  }
  Value application = *of;
  application.text = of->text.substr(kBegin.size(), of->text.size() - kBegin.size() - 1);
  read_application_name(application, goal.application);
  const Value* rank = value.find("p");
  std::string percentage(rank == nullptr ? "" : rank->text);
  if (!percentage.ends_with('%')) percentage += '%';
  const auto quantile = base::parse_percentage(percentage);
  if (!quantile || *quantile == 0 || *quantile == base::kWhole) {
    problem(rank == nullptr ? value : *rank, "`p` is a quantile between 0 and 100, such as 95");
    return;
  }
  goal.quantile = *quantile;
  if (const Value* side = read_side(value, goal)) {
    goal.time = read_duration(*side).value_or(base::Duration::zero());
  }
  read_confidence(value, goal);
}

// Names of other expectations that nobody bears.
void ScenarioReader::check_goals(const Value& expect) {
  std::vector<std::string_view> names;
  for (const Expectation& each : scenario_.expectations) {
    if (!each.is_statistical()) names.push_back(each.name);
  }
  for (const Value& item : expect.items) {
    const Value* probability = item.find("probability");
    const Value* of = probability == nullptr ? nullptr : probability->find("of");
    if (of == nullptr || std::find(names.begin(), names.end(), of->text) != names.end()) continue;
    const std::string_view near = base::nearest(of->text, names);
    problem(*of, fmt::format("no expectation is called `{}`{}", of->text,
                             near.empty() ? "" : fmt::format("; did you mean `{}`?", near)));
  }
}

void ScenarioReader::read_sample(const Value& sample) {
  constexpr std::uint64_t kMost = 1'000'000;
  if (!keys(sample, {"runs"})) return;
  const Value* runs = sample.find("runs");
  if (runs == nullptr) return;
  scenario_.runs = static_cast<std::uint32_t>(read_number(*runs, kMost).value_or(1));
  if (scenario_.runs == 0) problem(*runs, "no run shows nothing");
}

void ScenarioReader::read_expectation(const Value& item) {
  const bool is_mapping = keys(
      item, {"name", "severity", "outcome", "always", "never", "eventually", "before", "leadsTo",
             "sometimes", "probability", "quantile", "while", "within", "thenStays"});
  if (!is_mapping) return;
  Expectation expectation{.line = item.line, .column = item.column};
  expectation.name = item.string("name");
  const std::size_t before = problems_.size();
  std::size_t kinds = 0;
  for (const KindName& name : kKinds) {
    const Value* value = item.find(name.key);
    if (value == nullptr) continue;
    ++kinds;
    expectation.kind = name.kind;
    switch (name.kind) {
      case Expectation::Kind::Outcome: read_outcome_word(*value, expectation); break;
      case Expectation::Kind::Before: read_before(*value, expectation); break;
      case Expectation::Kind::LeadsTo: read_leads_to(*value, expectation); break;
      case Expectation::Kind::Probability: read_probability(*value, expectation.goal); break;
      case Expectation::Kind::Quantile: read_quantile(*value, expectation.goal); break;
      case Expectation::Kind::Always:
      case Expectation::Kind::Never:
      case Expectation::Kind::Eventually:
      case Expectation::Kind::Sometimes: expectation.predicate = read_predicate(*value); break;
    }
    if (expectation.name.empty()) expectation.name = name.key;
  }
  if (kinds != 1)
    problem(item,
            "an expectation says one thing: outcome, always, never, eventually, before, leadsTo, "
            "sometimes, probability or quantile");
  const auto only_with = [&](const char* key, std::initializer_list<Expectation::Kind> allowed) {
    const Value* value = item.find(key);
    if (value == nullptr) return static_cast<const Value*>(nullptr);
    for (const Expectation::Kind kind : allowed) {
      if (kind == expectation.kind) return value;
    }
    problem(*value, fmt::format("`{}` does not go with this expectation", key));
    return static_cast<const Value*>(nullptr);
  };
  using Kind = Expectation::Kind;
  if (const Value* scope = only_with("while", {Kind::Always, Kind::Never})) {
    expectation.scope = read_predicate(*scope);
  }
  if (const Value* within = only_with("within", {Kind::Eventually})) {
    expectation.within = read_duration(*within);
  }
  if (const Value* stays = only_with("thenStays", {Kind::Eventually})) {
    expectation.stays = read_flag(*stays).value_or(false);
  }
  if (const Value* severity = item.find("severity")) {
    expectation.is_warning = severity->text == "warning";
    if (severity->text != "warning" && severity->text != "error") {
      problem(*severity, "a severity is error or warning");
    }
  }
  if (problems_.size() == before) scenario_.expectations.push_back(std::move(expectation));
}

}  // namespace wavetank::sim
