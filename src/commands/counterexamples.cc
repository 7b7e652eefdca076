#include "commands/counterexamples.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/check.h"
#include "commands/applications.h"
#include "load/path.h"
#include "sim/scenario/expand.h"
#include "yaml/emit.h"
#include "yaml/json.h"

namespace wavetank::commands {

namespace {

using explore::Cause;
using explore::Property;
using nlohmann::json;

std::string_view wish(Property property) {
  switch (property) {
    case Property::SyncFails:
    case Property::SyncHangs: return "the sync succeeds";
    case Property::HookLeft: return "no hook is left behind";
    case Property::Degraded: return "nothing is degraded";
    case Property::DataDeleted: return "data that was there before stays";
  }
  WAVETANK_CHECK(false);
}

// "Deployment/api fails" -> "deployment-api-fails".
std::string file_word(std::string_view text) {
  std::string word;
  for (const char c : text) {
    const bool is_upper = c >= 'A' && c <= 'Z';
    const bool is_plain = is_upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (is_plain) {
      word += is_upper ? static_cast<char>(c + 32) : c;
    } else if (!word.empty() && word.back() != '-') {
      word += '-';
    }
  }
  while (word.ends_with('-')) word.pop_back();
  return word;
}

class Writer {
 public:
  Writer(const base::FileSystem& files, const model::Bundle& bundle, const explore::Study& study,
         const explore::StudyOptions& options, const CounterexamplePlaces& places)
      : files_(files),
        bundle_(bundle),
        study_(study),
        options_(options),
        places_(places),
        application_(short_name(bundle)) {}

  Counterexamples run() {
    read_scenario();
    for (const explore::PropertyReport& report : study_.properties) {
      for (const Cause& cause : report.causes) {
        if (!result_.error.empty()) return std::move(result_);
        if (cause.truth.verdict == explore::Verdict::Confirmed) {
          write(report.property, cause);
        } else {
          ++result_.unconfirmed;
        }
      }
    }
    return std::move(result_);
  }

 private:
  void read_scenario();
  void write(Property property, const Cause& cause);
  [[nodiscard]] json application() const;
  [[nodiscard]] json timeline(const sim::SimulationOptions& played) const;
  [[nodiscard]] json behaviours(const sim::SimulationOptions& played) const;
  [[nodiscard]] json faults(const sim::SimulationOptions& played) const;
  [[nodiscard]] json expectations(Property property, const Cause& cause) const;
  [[nodiscard]] json hooks_go(const Cause& cause) const;
  [[nodiscard]] json data_stays() const;
  [[nodiscard]] std::string story(const Cause& cause) const;
  [[nodiscard]] std::string reference(explore::SlotId slot) const;
  [[nodiscard]] std::string seen_from_there(const std::string& path) const;
  [[nodiscard]] std::string unused_name(std::string name);

  const base::FileSystem& files_;
  const model::Bundle& bundle_;
  const explore::Study& study_;
  const explore::StudyOptions& options_;
  const CounterexamplePlaces& places_;
  std::string application_;
  json scenario_ = json::object();  // that the study began with, its parents merged in
  std::set<std::string> names_;
  Counterexamples result_;
};

void Writer::read_scenario() {
  if (!places_.scenario) return;
  const auto extended = sim::read_extended(files_, *places_.scenario);
  if (!extended) {
    result_.error = extended.error().text();
    return;
  }
  scenario_ = yaml::to_json(extended->value);
  application_ = scenario_.at("apps").begin().key();
}

// As the file that is written has to spell the path: relative to its own directory, which is one
// below that of all.
std::string Writer::seen_from_there(const std::string& path) const {
  if (path.starts_with("git:")) return path;
  const auto whole = [&](const std::string& each) {
    const std::string here = files_.canonical(".").value_or("/");
    return files_.canonical(each).value_or(load::normal(load::join(here, each)));
  };
  return load::way_to(load::join(whole(places_.directory), "one"), whole(path));
}

json Writer::application() const {
  json app = places_.scenario ? scenario_.at("apps").begin().value() : json::object();
  app.erase("revisions");
  if (places_.before) {
    app.erase("path");
    // The first one, by name, is what the cluster runs before.
    app["revisions"] = {{"old", seen_from_there(*places_.before)},
                        {"upgrade", seen_from_there(places_.manifests)}};
  } else {
    app["path"] = seen_from_there(places_.manifests);
  }
  app["namespace"] = bundle_.settings.destination_namespace;
  json& policy = app["syncPolicy"];
  if (!policy.is_object()) policy = json::object();
  for (const model::SpannedText& option : bundle_.settings.sync_options) {
    json& all = policy["syncOptions"];
    if (!all.is_array()) all = json::array();
    if (std::find(all.begin(), all.end(), option.text) == all.end()) all.push_back(option.text);
  }
  if (const model::ApplicationSettings& settings = bundle_.settings; settings.tree != nullptr) {
    const yaml::NodeId given = settings.tree->find(settings.root, {"spec", "syncPolicy"});
    for (const char* key : {"retry", "managedNamespaceMetadata"}) {
      const yaml::NodeId value = settings.tree->find(given, key);
      if (value.valid()) policy[key] = yaml::to_json(*settings.tree, value);
    }
  }
  if (policy.empty()) app.erase("syncPolicy");
  return app;
}

json Writer::timeline(const sim::SimulationOptions& played) const {
  json sync{{"app", application_}};
  if (bundle_.settings.prune) sync["prune"] = true;
  json items = json::array();
  items.push_back({{"sync", sync}});
  if (!places_.before) return items;
  // Nothing disturbs the old revision.
  json rules = behaviours(played);
  if (!rules.empty()) items.push_back({{"behave", std::move(rules)}});
  for (json& fault : faults(played)) items.push_back({{"fault", std::move(fault)}});
  items.push_back({{"push", {{"app", application_}, {"revision", "upgrade"}}}});
  items.push_back({{"sync", sync}});
  return items;
}

// What the user had said before stands first; of two for one object the last one counts there, but
// a scenario has only one.
json Writer::behaviours(const sim::SimulationOptions& played) const {
  json all = scenario_.value("behaviours", json::array());
  for (std::size_t i = options_.usual.behaviors.size(); i < played.behaviors.size(); ++i) {
    const cluster::BehaviorRule& rule = played.behaviors[i];
    const json match{{"kind", rule.kind}, {"name", rule.name}};
    json behaviour{{"match", match}};
    json rest = json::array();
    for (json& each : all) {
      if (each.value("match", json()) == match) {
        behaviour.update(each);
      } else {
        rest.push_back(std::move(each));
      }
    }
    if (rule.behavior.outcome == cluster::Outcome::Fail) behaviour["outcome"] = "Fail";
    if (rule.behavior.outcome == cluster::Outcome::Hang) behaviour["outcome"] = "Hang";
    if (rule.behavior.held) behaviour["held"] = true;
    rest.push_back(std::move(behaviour));
    all = std::move(rest);
  }
  return all;
}

json Writer::faults(const sim::SimulationOptions& played) const {
  json all = json::array();
  for (const cluster::CallFault& fault : played.faults) {
    json verbs = json::array();
    for (const cluster::CallVerb verb : fault.verbs) verbs.push_back(std::string(name(verb)));
    json item{{"fault", std::string(name(fault.failure))},
              {"match", {{"kind", fault.kind}, {"name", fault.name}}},
              {"verbs", std::move(verbs)}};
    if (fault.after > 0) item["after"] = fault.after;
    if (fault.times != 1) item["times"] = fault.times == 0 ? json("always") : json(fault.times);
    if (fault.is_done) item["applied"] = true;
    all.push_back(std::move(item));
  }
  return all;
}

// `Kind/namespace/name`, as conditions name an object; `Kind/name` where it has no namespace.
std::string Writer::reference(explore::SlotId slot) const {
  const model::ObjectKey key = model::resolve(study_.model->slot(slot).key, study_.model->interner);
  const std::string home = key.name_space.empty() ? "" : key.name_space + "/";
  return fmt::format("{}/{}{}", key.kind, home, key.name);
}

json Writer::hooks_go(const Cause& cause) const {
  json all = json::array();
  for (const explore::Left& left : cause.truth.ending.left) {
    if (!study_.model->slot(left.slot).is_hook) continue;
    const std::string hook = reference(left.slot);
    all.push_back(
        {{"name", hook + " goes"},
         {"eventually", fmt::format("op({}) != Running and not exists({})", application_, hook)},
         {"thenStays", true}});
  }
  return all;
}

json Writer::data_stays() const {
  json all = json::array();
  for (std::size_t i = 0; i < study_.model->slots.size(); ++i) {
    const explore::Slot& slot = study_.model->slots[i];
    if (!slot.keeps_data || !slot.old_life.valid()) continue;
    const std::string object = reference(explore::SlotId::from(i));
    all.push_back({{"name", object + " stays"},
                   {"eventually", fmt::format("exists({0}) and not deleting({0})", object)},
                   {"thenStays", true}});
  }
  return all;
}

json Writer::expectations(Property property, const Cause& cause) const {
  json all = json::array();
  switch (property) {
    case Property::SyncFails:
    case Property::SyncHangs:
      all.push_back({{"name", std::string(wish(property))}, {"outcome", "Succeeded"}});
      return all;
    case Property::Degraded:
      all.push_back({{"name", std::string(wish(property))},
                     {"eventually", fmt::format("health({}) != Degraded", application_)},
                     {"thenStays", true}});
      return all;
    case Property::HookLeft: return hooks_go(cause);
    case Property::DataDeleted: return data_stays();
  }
  WAVETANK_CHECK(false);
}

std::string Writer::story(const Cause& cause) const {
  std::string text;
  for (const explore::Strike& strike : cause.strikes) {
    text += text.empty() ? "" : " and ";
    text += explore::describe(*study_.model, {.slot = strike.slot, .kind = strike.kind});
  }
  return text.empty() ? "nothing goes wrong" : text;
}

std::string Writer::unused_name(std::string name) {
  constexpr std::size_t kLongest = 80;
  if (name.size() > kLongest) name.resize(kLongest);
  std::string unused = name;
  for (int i = 2; !names_.insert(unused).second; ++i) unused = fmt::format("{}-{}", name, i);
  return unused;
}

void Writer::write(Property property, const Cause& cause) {
  const std::string name =
      unused_name(fmt::format("{}-{}", explore::name(property), file_word(story(cause))));
  json head{
      {"metadata",
       {{"name", name},
        {"description", fmt::format("Found by wavetank explore: {}, and it is not true that {}.",
                                    story(cause), wish(property))}}}};
  std::string text = "apiVersion: wavetank.dev/v1alpha1\nkind: Scenario\n" + yaml::to_yaml(head);
  const auto section = [&](const char* key, json value) {
    const bool is_empty = value.is_null() || value.empty();
    if (!is_empty) text += yaml::to_yaml({{key, std::move(value)}});
  };
  json engine = scenario_.value("engine", json::object());
  engine["version"] = std::string(model::to_string(options_.usual.argocd.version));
  const base::Duration timeout = options_.usual.argocd.steps.sync_timeout;
  if (timeout != base::Duration::zero()) engine["syncTimeout"] = base::format_duration(timeout);
  section("engine", std::move(engine));
  section("horizon", base::format_duration(options_.usual.until));
  section("cluster", scenario_.value("cluster", json()));
  section("projects", scenario_.value("projects", json()));
  section("apps", {{application_, application()}});
  if (!places_.before) {
    section("behaviours", behaviours(cause.truth.options));
    section("faults", faults(cause.truth.options));
  }
  section("timeline", timeline(cause.truth.options));
  section("expect", expectations(property, cause));
  result_.files.push_back(
      {.path = load::join(places_.directory, name + "/scenario.yaml"), .text = std::move(text)});
}

}  // namespace

Counterexamples counterexamples(const base::FileSystem& files, const model::Bundle& bundle,
                                const explore::Study& study, const explore::StudyOptions& options,
                                const CounterexamplePlaces& places) {
  return Writer(files, bundle, study, options, places).run();
}

}  // namespace wavetank::commands
