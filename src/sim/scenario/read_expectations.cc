// What a scenario expects.
#include <fmt/format.h>

#include <array>

#include "base/text_distance.h"
#include "sim/scenario/reader.h"

namespace wavetank::sim {

namespace {

constexpr std::array kOutcomes{Outcome::Succeeded, Outcome::Failed, Outcome::Error, Outcome::Stuck,
                               Outcome::Inconclusive};

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
};

}  // namespace

// A list; or, in short, `{outcome: Failed}`.
void ScenarioReader::read_expectations(const Value& expect) {
  if (expect.kind == Value::Kind::Mapping) return read_expectation(expect);
  if (expect.kind != Value::Kind::Sequence || expect.items.empty()) {
    problem(expect, "a list of expectations is expected here");
  }
  for (const Value& item : expect.items) read_expectation(item);
}

void ScenarioReader::read_outcome_word(const Value& value, Expectation& expectation) {
  std::vector<std::string_view> names;
  for (const Outcome outcome : kOutcomes) {
    names.push_back(sim::name(outcome));
    if (names.back() != value.text) continue;
    expectation.outcome = outcome;
    return;
  }
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

void ScenarioReader::read_expectation(const Value& item) {
  const bool is_mapping =
      keys(item, {"name", "severity", "outcome", "always", "never", "eventually", "before",
                  "leadsTo", "sometimes", "while", "within", "thenStays"});
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
      case Expectation::Kind::Always:
      case Expectation::Kind::Never:
      case Expectation::Kind::Eventually:
      case Expectation::Kind::Sometimes: expectation.predicate = read_predicate(*value); break;
    }
    if (expectation.name.empty()) expectation.name = name.key;
  }
  if (kinds != 1)
    problem(item,
            "an expectation says one thing: outcome, always, never, eventually, before, leadsTo or "
            "sometimes");
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
