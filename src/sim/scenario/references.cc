// Names in a scenario that nobody bears, or that several bear, would make it say nothing.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/text_distance.h"
#include "health/object_view.h"
#include "sim/scenario/play.h"

namespace wavetank::sim {

namespace {

// What controllers make has names of its own.
constexpr std::array<std::string_view, 8> kMade{
    "Pod",  "ReplicaSet", "ControllerRevision", "PersistentVolume", "PersistentVolumeClaim",
    "Node", "Namespace",  "Application"};

class References {
 public:
  References(const Scenario& scenario, const ScenarioInput& input) : scenario_(scenario) {
    for (const ScenarioApplication& app : scenario.applications) {
      for (const ScenarioRevision& revision : app.revisions) {
        model::Bundle bundle = *input.bundles.at({app.name, revision.name});
        if (!app.name_space.empty()) model::set_destination(bundle, app.name_space);
        for (const model::Resource& resource : bundle.resources) {
          model::ObjectKey key = resource.key;
          if (key.name.empty()) key.name = resource.generate_name;
          known_.insert(std::move(key));
        }
      }
    }
    for (const nlohmann::json& object : input.live) add(object);
    for (const TimelineItem& item : scenario.timeline) {
      if (item.action.kind == Action::Kind::Create) add(item.action.patch);
    }
  }

  ScenarioProblems run() {
    for (const Expectation& each : scenario_.expectations) {
      const Place place{.line = each.line, .column = each.column};
      for (const auto* predicate : {&each.predicate, &each.scope, &each.target}) {
        if (*predicate) check(**predicate, place);
      }
      for (const auto* event : {&each.first, &each.then}) {
        if (*event && !(*event)->object.kind.empty()) check((*event)->object, place);
      }
    }
    for (const TimelineItem& item : scenario_.timeline) {
      if (item.when) check(*item.when, item.place);
      const bool names_object =
          item.action.kind == Action::Kind::Edit || item.action.kind == Action::Kind::Delete;
      if (names_object) check(item.action.object, item.place);
      for (const ObjectRef& resource : item.action.resources) check(resource, item.place);
    }
    for (const cluster::BehaviorRule& rule : scenario_.options.behaviors) check_rule(rule);
    return std::move(problems_);
  }

 private:
  void add(const nlohmann::json& object) {
    known_.insert({.group = std::string(model::group_of(health::text(object, "/apiVersion"))),
                   .kind = health::text(object, "/kind"),
                   .name_space = health::text(object, "/metadata/namespace"),
                   .name = health::text(object, "/metadata/name")});
  }

  void problem(const Place& place, std::string message) {
    problems_.push_back(
        fmt::format("{}:{}:{}: {}", scenario_.file, place.line, place.column, message));
  }

  [[nodiscard]] std::string did_you_mean(const std::string& wanted) const {
    std::vector<std::string> names;
    for (const model::ObjectKey& key : known_) names.push_back(key.kind + "/" + key.name);
    const std::vector<std::string_view> views(names.begin(), names.end());
    const std::string_view near = base::nearest(wanted, views);
    return near.empty() ? "" : fmt::format("; did you mean `{}`?", near);
  }

  void check(const Predicate& predicate, const Place& place) {
    for (const ObjectRef& object : predicate.objects()) check(object, place);
  }

  void check(const ObjectRef& object, const Place& place) {
    const bool is_made = std::any_of(kMade.begin(), kMade.end(), [&](std::string_view kind) {
      return base::same_letters(kind, object.kind);
    });
    if (is_made) return;
    std::vector<const model::ObjectKey*> found;
    for (const model::ObjectKey& key : known_) {
      const bool is_generated = key.name.ends_with('-') && object.name.starts_with(key.name);
      ObjectRef generated = object;
      generated.name = key.name;
      if (object.matches(key) || (is_generated && generated.matches(key))) found.push_back(&key);
    }
    if (found.empty()) {
      problem(place, fmt::format("no object is called `{}`{}", object.text(),
                                 did_you_mean(object.kind + "/" + object.name)));
    } else if (found.size() > 1 && !object.name.ends_with('*') && object.name_space.empty()) {
      problem(place, fmt::format("`{}` is `{}/{}/{}` or `{}/{}/{}`", object.text(), object.kind,
                                 found[0]->name_space, found[0]->name, object.kind,
                                 found[1]->name_space, found[1]->name));
    }
  }

  void check_rule(const cluster::BehaviorRule& rule) {
    const bool is_met = std::any_of(known_.begin(), known_.end(), [&](const model::ObjectKey& key) {
      return base::same_letters(key.kind, rule.kind) && (rule.name == "*" || rule.name == key.name);
    });
    const ObjectRef made{.kind = rule.kind, .name = rule.name};
    const bool is_made = std::any_of(kMade.begin(), kMade.end(), [&](std::string_view kind) {
      return base::same_letters(kind, rule.kind);
    });
    if (is_met || is_made) return;
    problems_.push_back(fmt::format("{}: behaviours: no object is called `{}`{}", scenario_.file,
                                    made.text(), did_you_mean(made.text())));
  }

  const Scenario& scenario_;
  std::set<model::ObjectKey> known_;
  ScenarioProblems problems_;
};

}  // namespace

ScenarioProblems check_references(const Scenario& scenario, const ScenarioInput& input) {
  return References(scenario, input).run();
}

}  // namespace wavetank::sim
