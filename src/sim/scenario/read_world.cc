// The world of a scenario: Argo CD, its applications, the cluster, behaviours and faults.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/distribution.h"
#include "base/text_distance.h"
#include "sim/scenario/reader.h"

namespace wavetank::sim {

namespace {

// How an object may end, as scenarios spell it. The causes are those of pods; other kinds fail.
struct Fate {
  std::string_view name;
  cluster::Chance chance;
};
constexpr std::array kFates{
    Fate{"Succeed", {.outcome = cluster::Outcome::Succeed}},
    Fate{"Fail", {.outcome = cluster::Outcome::Fail}},
    Fate{"Hang", {.outcome = cluster::Outcome::Hang}},
    Fate{"CrashLoop", {.outcome = cluster::Outcome::Fail, .cause = cluster::Cause::Crash}},
    Fate{"OutOfMemory", {.outcome = cluster::Outcome::Fail, .cause = cluster::Cause::OutOfMemory}},
    Fate{"ImagePull", {.outcome = cluster::Outcome::Fail, .cause = cluster::Cause::ImagePull}},
    Fate{"NeverReady", {.outcome = cluster::Outcome::Fail, .cause = cluster::Cause::NeverReady}},
    Fate{"Unschedulable",
         {.outcome = cluster::Outcome::Fail, .cause = cluster::Cause::Unschedulable}},
};

constexpr std::array kFailures{cluster::CallFailure::Conflict,
                               cluster::CallFailure::TooManyRequests,
                               cluster::CallFailure::InternalError,
                               cluster::CallFailure::Unavailable, cluster::CallFailure::Timeout};
constexpr std::array kVerbs{cluster::CallVerb::Apply,   cluster::CallVerb::Create,
                            cluster::CallVerb::Replace, cluster::CallVerb::Update,
                            cluster::CallVerb::Delete,  cluster::CallVerb::RemoveFinalizer};

template <class All>
std::string names_of(const All& all) {
  std::vector<std::string_view> names;
  for (const auto each : all) names.push_back(name(each));
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

void ScenarioReader::read_engine(const Value& engine) {
  if (!keys(engine, {"version", "syncTimeout", "resync", "selfHeal", "applicationHealth"})) return;
  application::Installation& argocd = scenario_.options.argocd;
  if (const Value* version = engine.find("version")) {
    if (const auto known = model::parse_version(version->text)) {
      argocd.version = *known;
    } else {
      problem(*version, fmt::format("version {} of Argo CD is not modelled", version->text));
    }
  }
  if (const Value* timeout = engine.find("syncTimeout")) {
    argocd.steps.sync_timeout = read_duration(*timeout).value_or(base::Duration::zero());
  }
  if (const Value* resync = engine.find("resync")) {
    argocd.resync = read_duration(*resync).value_or(argocd.resync);
  }
  if (const Value* check = engine.find("applicationHealth")) {
    if (read_flag(*check).value_or(false)) {
      argocd.health.child_check = health::ChildCheck::OfStatus;
    }
  }
  const Value* heal = engine.find("selfHeal");
  if (heal == nullptr || !keys(*heal, {"initial", "factor", "cap"})) return;
  application::SelfHealBackoff backoff;
  if (const Value* initial = heal->find("initial")) {
    backoff.duration = read_duration(*initial).value_or(backoff.duration);
  }
  if (const Value* cap = heal->find("cap")) backoff.cap = read_duration(*cap).value_or(backoff.cap);
  if (const Value* factor = heal->find("factor")) {
    backoff.factor = static_cast<double>(read_number(*factor, 1000).value_or(3));
  }
  argocd.self_heal.backoff = backoff;
}

void ScenarioReader::read_applications(const Value& root) {
  if (const Value* projects = root.find("projects")) {
    if (projects->kind != Value::Kind::Mapping) problem(*projects, "projects are a mapping");
    for (const auto& [key, value] : projects->entries()) {
      scenario_.projects[key.text] = yaml::to_json(value);
    }
  }
  const Value* apps = root.find("apps");
  if (apps == nullptr || apps->kind != Value::Kind::Mapping || apps->items.empty()) {
    problem(apps == nullptr ? root : *apps, "apps must name at least one application");
    return;
  }
  for (const auto& [key, value] : apps->entries()) read_application(key, value);
}

void ScenarioReader::read_application(const Value& key, const Value& value) {
  ScenarioApplication app{.name = key.text, .place = {.line = key.line, .column = key.column}};
  if (!keys(value, {"path", "revisions", "namespace", "syncPolicy", "project", "create"})) return;
  const Value* path = value.find("path");
  const Value* revisions = value.find("revisions");
  if ((path == nullptr) == (revisions == nullptr)) {
    problem(value, "an application has either a path or revisions");
  }
  if (path != nullptr) {
    if (path->text.empty()) problem(*path, "the path is empty");
    app.revisions.push_back({.name = "v1", .path = in_directory(path->text)});
  }
  if (revisions != nullptr) {
    for (const auto& [name, place] : revisions->entries()) {
      app.revisions.push_back({.name = name.text, .path = in_directory(place.text)});
    }
    if (app.revisions.empty()) problem(*revisions, "revisions are a mapping of names to paths");
  }
  app.name_space = value.string("namespace");
  if (const Value* policy = value.find("syncPolicy")) app.policy = yaml::to_json(*policy);
  if (const Value* project = value.find("project")) {
    app.project = project->text;
    if (app.project != "default" && !scenario_.projects.contains(app.project)) {
      problem(*project, fmt::format("no project is called `{}`", app.project));
    }
  }
  if (const Value* create = value.find("create")) {
    app.is_created_later = !read_flag(*create).value_or(true);
  }
  scenario_.applications.push_back(std::move(app));
}

// `Namespace/tools`, `Service/tools/webhook`, or a kind with its group: `Widget.example.com`.
void ScenarioReader::read_absent(const Value& absent) {
  if (absent.kind != Value::Kind::Sequence) problem(absent, "a list is expected here");
  for (const Value& item : absent.items) {
    constexpr std::string_view kNamespace = "Namespace/";
    const auto dot = item.text.find('.');
    const bool is_namespace =
        item.text.starts_with(kNamespace) && item.text.size() > kNamespace.size();
    const bool is_kind = dot != std::string::npos && dot > 0 && dot + 1 < item.text.size() &&
                         item.text.find('/') == std::string::npos;
    constexpr std::string_view kService = "Service/";
    const bool is_service = item.text.starts_with(kService) &&
                            item.text.find('/', kService.size() + 1) + 1 < item.text.size();
    if (is_namespace || is_service || is_kind) {
      scenario_.absent.insert(item.text);
    } else {
      problem(item,
              fmt::format("`{}` is neither a namespace such as Namespace/tools, nor a service "
                          "such as Service/tools/webhook, nor a kind such as "
                          "Widget.example.com",
                          item.text));
    }
  }
}

void ScenarioReader::read_cluster(const Value& cluster) {
  if (!keys(cluster, {"namespaces", "absent", "objects", "nodes"})) return;
  if (const Value* names = cluster.find("namespaces")) scenario_.namespaces = read_texts(*names);
  if (const Value* absent = cluster.find("absent")) read_absent(*absent);
  if (const Value* objects = cluster.find("objects")) {
    for (const std::string& path : read_texts(*objects)) {
      scenario_.object_files.push_back(in_directory(path));
    }
  }
  const Value* nodes = cluster.find("nodes");
  if (nodes == nullptr) return;
  for (const Value& node : nodes->items) {
    if (!keys(node, {"name", "pods", "labels"})) continue;
    if (node.string("name").empty()) problem(node, "a node needs a name");
    if (const Value* pods = node.find("pods")) (void)read_number(*pods, 100'000);
    scenario_.nodes.push_back(yaml::to_json(node));
  }
}

// "Fail", "OutOfMemory" …; a word that is none of them is a problem.
std::optional<cluster::Chance> ScenarioReader::read_fate(const Value& word) {
  std::vector<std::string_view> names;
  for (const Fate& fate : kFates) {
    if (fate.name == word.text) return fate.chance;
    names.push_back(fate.name);
  }
  problem(word, fmt::format("`{}` is none of {}", word.text, fmt::join(names, ", ")));
  return std::nullopt;
}

void ScenarioReader::read_outcome(const Value& outcome, cluster::Behavior& behavior) {
  if (outcome.kind == Value::Kind::Mapping) {
    behavior.chances = read_chances(outcome);
  } else if (const auto fate = read_fate(outcome)) {
    behavior.outcome = fate->outcome;
    behavior.cause = fate->cause;
  }
}

// `{Succeed: 97%, Fail: 2%, Hang: 1%}`
std::vector<cluster::Chance> ScenarioReader::read_chances(const Value& outcome) {
  std::vector<cluster::Chance> chances;
  std::vector<std::uint32_t> weights;
  std::vector<std::string_view> seen;
  std::uint64_t sum = 0;
  for (const auto& [word, value] : outcome.entries()) {
    const auto fate = read_fate(word);
    const auto weight = base::parse_percentage(value.text);
    if (!weight) problem(value, fmt::format("`{}` is no percentage such as 97%", value.text));
    if (!fate || !weight) return {};
    if (std::find(seen.begin(), seen.end(), word.text) != seen.end()) {
      problem(word, fmt::format("`{}` is given twice", word.text));
      return {};
    }
    seen.push_back(word.text);
    chances.push_back(*fate);
    weights.push_back(*weight);
    sum += *weight;
  }
  if (sum != base::kWhole) {
    problem(outcome,
            fmt::format("the outcomes add up to {}, not to 100%", base::percentage_text(sum)));
    return {};
  }
  base::shorten(weights);
  for (std::size_t i = 0; i < chances.size(); ++i) chances[i].weight = weights[i];
  std::stable_sort(chances.begin(), chances.end(),
                   [](const auto& a, const auto& b) { return a.weight > b.weight; });
  return chances;
}

// Several that match the same, none of them more closely, would be a riddle.
std::vector<cluster::BehaviorRule> ScenarioReader::read_behaviours(const Value& list) {
  std::vector<cluster::BehaviorRule> rules;
  if (list.kind != Value::Kind::Sequence) problem(list, "a list of behaviours is expected here");
  for (const Value& item : list.items) {
    cluster::BehaviorRule rule = read_behaviour(item);
    const bool is_repeated = std::any_of(rules.begin(), rules.end(), [&](const auto& other) {
      return base::same_letters(other.kind, rule.kind) && other.name == rule.name;
    });
    if (is_repeated) {
      problem(item, fmt::format("two behaviours match {}/{}, and none of them more closely",
                                rule.kind, rule.name));
    }
    rules.push_back(std::move(rule));
  }
  return rules;
}

cluster::BehaviorRule ScenarioReader::read_behaviour(const Value& item) {
  cluster::BehaviorRule rule{.name = "*"};
  if (!keys(item, {"match", "outcome", "after", "denied", "held"})) return rule;
  if (const Value* match = item.find("match"); match != nullptr && keys(*match, {"kind", "name"})) {
    rule.kind = match->string("kind");
    if (match->find("name") != nullptr) rule.name = match->string("name");
  }
  if (rule.kind.empty()) problem(item, "a behaviour matches a kind");
  if (const Value* outcome = item.find("outcome")) read_outcome(*outcome, rule.behavior);
  if (const Value* after = item.find("after")) rule.behavior.duration = read_distribution(*after);
  if (const Value* denied = item.find("denied")) {
    rule.behavior.denied = read_flag(*denied).value_or(false);
  }
  if (const Value* held = item.find("held")) {
    rule.behavior.held = read_flag(*held).value_or(false);
  }
  return rule;
}

// A list of faults that strike, or what an exploration may do.
void ScenarioReader::read_faults(const Value& faults) {
  if (faults.kind == Value::Kind::Sequence) {
    for (const Value& item : faults.items) {
      if (auto fault = read_fault(item)) scenario_.options.faults.push_back(std::move(*fault));
    }
    return;
  }
  if (!keys(faults, {"budget", "allow", "script"})) return;
  if (const Value* budget = faults.find("budget")) {
    if (const auto number = read_number(*budget, 16)) {
      scenario_.fault_budget = static_cast<std::uint32_t>(*number);
    }
  }
  if (const Value* allow = faults.find("allow")) scenario_.allowed_faults = read_texts(*allow);
  if (const Value* script = faults.find("script")) {
    for (const Value& item : script->items) {
      if (auto fault = read_fault(item)) scenario_.options.faults.push_back(std::move(*fault));
    }
  }
}

std::optional<cluster::CallFault> ScenarioReader::read_fault(const Value& item) {
  if (!keys(item, {"fault", "match", "verbs", "after", "times", "applied"})) return std::nullopt;
  cluster::CallFault fault{.kind = "*", .name = "*"};
  const std::string_view word = item.string("fault");
  const auto* const failure = std::find_if(kFailures.begin(), kFailures.end(),
                                           [&](auto each) { return name(each) == word; });
  if (failure == kFailures.end()) {
    problem(item, fmt::format("`{}` is none of {}", word, names_of(kFailures)));
    return std::nullopt;
  }
  fault.failure = *failure;
  if (const Value* match = item.find("match"); match != nullptr && keys(*match, {"kind", "name"})) {
    if (match->find("kind") != nullptr) fault.kind = match->string("kind");
    if (match->find("name") != nullptr) fault.name = match->string("name");
  }
  if (const Value* verbs = item.find("verbs")) {
    for (const Value& verb : verbs->items) {
      const auto* const known = std::find_if(kVerbs.begin(), kVerbs.end(),
                                             [&](auto each) { return name(each) == verb.text; });
      if (known == kVerbs.end()) {
        problem(verb, fmt::format("`{}` is none of {}", verb.text, names_of(kVerbs)));
      } else {
        fault.verbs.push_back(*known);
      }
    }
  }
  constexpr std::uint64_t kMost = 1'000'000;
  if (const Value* after = item.find("after")) {
    fault.after = static_cast<std::uint32_t>(read_number(*after, kMost).value_or(0));
  }
  if (const Value* times = item.find("times")) {
    const bool is_endless = times->text == "always";
    fault.times =
        is_endless ? 0 : static_cast<std::uint32_t>(read_number(*times, kMost).value_or(1));
    if (!is_endless && fault.times == 0) problem(*times, "a fault that never strikes is none");
  }
  if (const Value* applied = item.find("applied")) {
    fault.is_done = read_flag(*applied).value_or(false);
    if (fault.is_done && fault.failure != cluster::CallFailure::Timeout) {
      problem(*applied, "only the answer of a timeout can be lost after the deed");
    }
  }
  return fault;
}

}  // namespace wavetank::sim
