#include "conformance/e2e_case.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <regex>

#include "conformance/e2e_world.h"
#include "health/object_view.h"
#include "model/hook.h"

namespace wavetank::conformance {

using nlohmann::json;
namespace app = wavetank::application;
using health::at;
using health::flag;
using health::has;
using health::list;
using health::text;

namespace {

// Whether everything that `wanted` names stands in `present` as well.
bool contains(const json& present, const json& wanted) {
  if (!wanted.is_object()) return present == wanted;
  if (!present.is_object()) return false;
  return std::all_of(wanted.items().begin(), wanted.items().end(), [&](const auto& item) {
    return present.contains(item.key()) && contains(present.at(item.key()), item.value());
  });
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// One set of assertions, looked at in one moment.
class Moment {
 public:
  Moment(Story& story, const std::map<std::string, std::string>& uids, std::string refused)
      : story_(story), uids_(uids), refused_(std::move(refused)), state_(story.application()) {}

  // What does not hold.
  std::vector<std::string> check(const json& expect) {
    using Check = void (Moment::*)(const json&);
    static const std::map<std::string, Check> kChecks{{"operation", &Moment::operation},
                                                      {"refused", &Moment::refused},
                                                      {"sync", &Moment::sync},
                                                      {"health", &Moment::health},
                                                      {"revision", &Moment::revision},
                                                      {"status", &Moment::status},
                                                      {"conditions", &Moment::conditions},
                                                      {"conditionCount", &Moment::condition_count},
                                                      {"history", &Moment::history},
                                                      {"results", &Moment::results},
                                                      {"anyMessage", &Moment::any_message},
                                                      {"resources", &Moment::resources},
                                                      {"resourceCount", &Moment::resource_count},
                                                      {"notListed", &Moment::not_listed},
                                                      {"exists", &Moment::exists},
                                                      {"absent", &Moment::absent},
                                                      {"recreated", &Moment::recreated},
                                                      {"live", &Moment::live},
                                                      {"app", &Moment::application}};
    for (const auto& [field, value] : expect.items()) {
      const auto found = kChecks.find(field);
      if (found == kChecks.end()) {
        fail("unknown assertion", field, "");
        continue;
      }
      const bool needs_application = field != "app" && field != "exists" && field != "absent" &&
                                     field != "live" && field != "recreated" && field != "refused";
      if (needs_application && state_ == nullptr) {
        fail(field, value.dump(), "the application is gone");
        continue;
      }
      (this->*found->second)(value);
    }
    return std::move(failures_);
  }

 private:
  void fail(const std::string& what, const std::string& wanted, const std::string& is) {
    failures_.push_back(fmt::format("{}: {}, but is {}", what, wanted, is));
  }
  void equal(const std::string& what, const std::string& wanted, const std::string& is) {
    if (wanted != is) fail(what, wanted, is);
  }

  void operation(const json& wanted) {
    if (!state_->operation_state) return fail("operation", wanted.dump(), "none");
    const app::OperationState& is = *state_->operation_state;
    if (has(wanted, "/phase")) {
      equal("operation phase", text(wanted, "/phase"), fmt::format("{}", app::name(is.phase)));
    }
    if (is.message.find(text(wanted, "/messageContains")) == std::string::npos) {
      fail("operation message", text(wanted, "/messageContains"), is.message);
    }
    if (is.retry_count < health::number(wanted, "/retriesAtLeast")) {
      fail("retries", wanted.at("retriesAtLeast").dump(), std::to_string(is.retry_count));
    }
    if (has(wanted, "/revision")) {
      equal("operation revision", text(wanted, "/revision"), is.result ? is.result->revision : "");
    }
    if (!failures_.empty()) failures_.back() += " (" + is.message + ")";
  }
  void refused(const json& wanted) {
    const bool says =
        !refused_.empty() && refused_.find(wanted.get<std::string>()) != std::string::npos;
    if (!says) fail("refused", wanted.dump(), refused_);
  }
  void sync(const json& wanted) {
    equal("sync", wanted.get<std::string>(), std::string(app::name(state_->status.sync)));
  }
  void health(const json& wanted) {
    equal("health", wanted.get<std::string>(), state_->status.health);
  }
  void revision(const json& wanted) {
    equal("revision", wanted.get<std::string>(), state_->revision);
  }
  void status(const json& wanted) {
    equal("status", wanted.get<std::string>(), state_->was_compared ? "present" : "empty");
  }
  void conditions(const json& wanted) {
    const auto& all = state_->status.conditions;
    std::string is;
    for (const app::Condition& each : all) is += app::text(each) + "; ";
    if (wanted.is_string()) {
      if (!all.empty()) fail("conditions", "none", is);
      return;
    }
    for (const json& entry : wanted) {
      const auto count = std::count_if(all.begin(), all.end(), [&](const app::Condition& each) {
        return each.type == text(entry, "/type") &&
               each.message.find(text(entry, "/contains")) != std::string::npos;
      });
      const bool holds =
          entry.contains("count") ? count == entry.at("count").get<int>() : count > 0;
      if (!holds) fail("conditions", entry.dump(), is);
    }
  }
  void condition_count(const json& wanted) {
    equal("number of conditions", wanted.dump(), std::to_string(state_->status.conditions.size()));
  }
  void history(const json& wanted) {
    if (has(wanted, "/count")) {
      equal("history", wanted.at("count").dump(), std::to_string(state_->history.size()));
    }
    for (const json& entry : list(wanted, "/list")) {
      const auto index = entry.at("at").get<std::size_t>();
      if (index >= state_->history.size()) {
        fail("history", entry.dump(), "shorter");
      } else if (entry.contains("path")) {
        equal("history path", text(entry, "/path"), state_->history[index].path);
      }
    }
  }

  struct Line {
    model::ObjectKey key;
    const sync::Result* result = nullptr;
  };
  std::string symbol(base::Symbol symbol) {
    return std::string(story_.world().interner().text(symbol));
  }
  bool fits(const json& wanted, const sync::Result& is) {
    const model::ObjectKey key = model::resolve(is.key, story_.world().interner());
    const std::string message = symbol(is.message);
    for (const auto& [field, value] : wanted.items()) {
      bool holds = true;
      if (field == "key") holds = story_key(value.get<std::string>()) == key;
      if (field == "version") holds = symbol(is.version) == value;
      if (field == "phase") holds = model::name(is.phase) == value.get<std::string>();
      if (field == "hook") {
        holds = (is.is_hook ? std::string(model::name(is.phase)) : "none") == value;
      }
      if (field == "status") holds = sync::name(is.status) == value.get<std::string>();
      if (field == "hookPhase") holds = sync::name(is.state) == value.get<std::string>();
      if (field == "message") holds = message == value;
      if (field == "messageMatches") {
        holds = std::regex_search(message, std::regex(value.get<std::string>()));
      }
      if (field == "images") holds = json(lines_of(symbol(is.images))) == value;
      if (field == "nameContains")
        holds = key.name.find(value.get<std::string>()) != std::string::npos;
      if (!holds) return false;
    }
    return true;
  }
  std::string describe(const sync::Result& is) {
    return fmt::format("{} {} {} {} {} {}",
                       model::full_name(model::resolve(is.key, story_.world().interner())),
                       symbol(is.version), model::name(is.phase), sync::name(is.status),
                       sync::name(is.state), symbol(is.message));
  }
  void results(const json& wanted) {
    const auto& all = state_->engine.results;
    std::string is;
    for (const sync::Result& each : all) is += "\n      " + describe(each);
    if (has(wanted, "/count")) {
      if (all.size() != wanted.at("count").get<std::size_t>()) {
        fail("number of results", wanted.at("count").dump(), std::to_string(all.size()) + is);
      }
    }
    for (const auto& [word, count] : at(wanted, "/statuses").items()) {
      const std::string& status = word;  // which a lambda may hold
      const auto found = std::count_if(all.begin(), all.end(), [&](const sync::Result& each) {
        const bool is_left_out =
            status == "PruneSkipped" && symbol(each.message).find("no prune") != std::string::npos;
        return sync::name(each.status) == status && !is_left_out;
      });
      if (found != count.get<int>()) fail("results " + status, count.dump(), is);
    }
    for (const json& entry : list(wanted, "/list")) {
      bool holds = false;
      if (entry.contains("at")) {
        const auto index = entry.at("at").get<std::size_t>();
        holds = index < all.size() && fits(entry, all[index]);
      } else {
        holds = std::any_of(all.begin(), all.end(),
                            [&](const sync::Result& each) { return fits(entry, each); });
      }
      if (!holds) fail("result", entry.dump(), is);
    }
  }
  void any_message(const json& wanted) {
    std::vector<std::string> all;
    if (state_->operation_state) all.push_back(state_->operation_state->message);
    for (const sync::Result& each : state_->engine.results) all.push_back(symbol(each.message));
    for (const app::Condition& each : state_->status.conditions) all.push_back(each.message);
    const bool holds = std::any_of(all.begin(), all.end(), [&](const std::string& message) {
      if (has(wanted, "/matches")) {
        return std::regex_search(message, std::regex(text(wanted, "/matches")));
      }
      return message.find(text(wanted, "/contains")) != std::string::npos;
    });
    if (!holds) fail("message", wanted.dump(), json(all).dump());
  }
  const app::ResourceStatus* resource(const std::string& key) {
    for (const app::ResourceStatus& each : state_->resources) {
      if (each.compared.key == story_key(key)) return &each;
    }
    return nullptr;
  }
  void resources(const json& wanted) {
    for (const json& entry : wanted) {
      const std::string key = text(entry, "/key");
      const app::ResourceStatus* is = resource(key);
      if (has(entry, "/sync")) {
        equal(key + " sync", text(entry, "/sync"),
              is == nullptr ? "not listed" : std::string(app::name(is->compared.status)));
      }
      if (!has(entry, "/health")) continue;
      const std::string health = text(entry, "/health");
      std::string shown = is == nullptr ? "Missing" : "Healthy";
      if (is != nullptr && is->health) shown = health::name(is->health->status);
      equal(key + " health", health, shown);
    }
  }
  void resource_count(const json& wanted) {
    std::string is = std::to_string(state_->resources.size());
    if (is == wanted.dump()) return;
    for (const auto& each : state_->resources) is += " " + model::full_name(each.compared.key);
    fail("number of resources", wanted.dump(), is);
  }
  void not_listed(const json& wanted) {
    for (const json& key : wanted) {
      if (resource(key.get<std::string>()) != nullptr)
        fail("resources", "without " + key.dump(), "listed");
    }
  }
  void exists(const json& wanted) {
    for (const json& key : wanted) {
      if (story_.object(key.get<std::string>()) == nullptr) fail("exists", key.dump(), "absent");
    }
  }
  void absent(const json& wanted) {
    for (const json& key : wanted) {
      const cluster::StoredObject* is = story_.object(key.get<std::string>());
      if (is != nullptr) fail("absent", key.dump(), is->deleting ? "being deleted" : "there");
    }
  }
  void recreated(const json& wanted) {
    for (const json& key : wanted) {
      const cluster::StoredObject* is = story_.object(key.get<std::string>());
      const auto old = uids_.find(model::full_name(story_key(key.get<std::string>())));
      const bool holds = is != nullptr && (old == uids_.end() || old->second != is->uid);
      if (!holds) fail("recreated", key.dump(), is == nullptr ? "absent" : "the old one");
    }
  }
  void exactly(const std::string& what, const json& wanted, json is) {
    for (const char* left_aside : {"kubernetes.io/metadata.name", "argocd.argoproj.io/tracking-id",
                                   "kubectl.kubernetes.io/last-applied-configuration"}) {
      if (is.is_object()) is.erase(left_aside);
    }
    if (is.is_null()) is = json::object();
    if (is != wanted) fail(what, wanted.dump(), is.dump());
  }
  void live(const json& wanted) {
    for (const json& entry : wanted) {
      const std::string key = text(entry, "/key");
      const cluster::StoredObject* is = story_.object(key);
      if (is == nullptr) {
        if (!flag(entry, "/orGone")) fail("live", key, "absent");
        continue;
      }
      const json& object = is->content;
      if (entry.contains("has") && !contains(object, entry.at("has"))) {
        fail(key, entry.at("has").dump(), object.dump());
      }
      for (const json& name : list(entry, "/lacksFinalizers")) {
        const json& all = list(object, "/metadata/finalizers");
        if (std::find(all.begin(), all.end(), name) != all.end())
          fail(key, "lacks " + name.dump(), all.dump());
      }
      for (const json& name : list(entry, "/lacksAnnotations")) {
        if (at(object, "/metadata/annotations").contains(name.get<std::string>())) {
          fail(key, "lacks " + name.dump(), "there");
        }
      }
      if (entry.contains("deleting") && entry.at("deleting") != is->deleting) {
        fail(key, "deleting " + entry.at("deleting").dump(), is->deleting ? "yes" : "no");
      }
      for (const char* map : {"labels", "annotations"}) {
        if (!entry.contains(map)) continue;
        exactly(key + " " + map, entry.at(map), at(object, std::string("/metadata/") + map));
      }
    }
  }
  void application(const json& wanted) {
    const std::string word = wanted.get<std::string>();
    std::string is = state_ == nullptr ? "gone" : "there";
    if (state_ != nullptr && state_->spec.is_being_deleted()) is = "deleting";
    equal("application", word, is);
  }

  Story& story_;
  const std::map<std::string, std::string>& uids_;
  std::string refused_;
  const app::ApplicationState* state_;
  std::vector<std::string> failures_;
};

std::map<std::string, std::string> uids_now(Story& story) {
  std::map<std::string, std::string> uids;
  for (const cluster::StoredObject* object : story.world().cluster().objects()) {
    uids[model::full_name(model::resolve(object->key, story.world().interner()))] = object->uid;
  }
  return uids;
}

void check_known_fields(const json& recorded, std::vector<std::string>& failures) {
  for (const auto& [field, value] : recorded.items()) {
    static const std::vector<std::string> kKnown{
        "id",      "title",     "source",     "tags",    "app",        "project", "settings",
        "cluster", "manifests", "otherPaths", "padding", "behaviours", "steps",   "notes"};
    if (std::find(kKnown.begin(), kKnown.end(), field) == kKnown.end()) {
      failures.push_back("unknown field " + field);
    }
  }
}

// One step: the action, the time after it, and what holds meanwhile and at its end.
void play(Story& story, const json& step, std::vector<std::string>& failures) {
  const auto uids = uids_now(story);
  const std::string refused = story.act(step);
  bool was_seen = !step.contains("seen");
  bool has_begun = false;
  std::vector<std::string> breach;
  const auto look = [&] {
    if (!was_seen) was_seen = Moment(story, uids, refused).check(step.at("seen")).empty();
    if (step.contains("throughout") && breach.empty()) {
      auto broken = Moment(story, uids, refused).check(step.at("throughout"));
      if (broken.empty()) {
        has_begun = true;
      } else if (has_begun) {
        breach = std::move(broken);
      }
    }
    return true;
  };
  look();
  story.pass(step, look);
  look();
  if (!was_seen) failures.push_back("never seen: " + step.at("seen").dump());
  if (step.contains("throughout") && !has_begun) {
    failures.push_back("never began: " + step.at("throughout").dump());
  }
  failures.insert(failures.end(), breach.begin(), breach.end());
  if (!refused.empty() && !at(step, "/expect").contains("refused")) {
    failures.push_back("refused: " + refused);
  }
  if (step.contains("expect")) {
    const auto broken = Moment(story, uids, refused).check(step.at("expect"));
    failures.insert(failures.end(), broken.begin(), broken.end());
  }
}

}  // namespace

bool is_e2e_case(const json& recorded) {
  return recorded.contains("steps") && recorded.contains("app") && recorded.contains("manifests");
}

std::vector<std::string> check_e2e_case(const json& recorded) {
  std::vector<std::string> failures;
  check_known_fields(recorded, failures);
  Story story(recorded);
  std::size_t number = 0;
  for (const json& step : recorded.at("steps")) {
    std::vector<std::string> here;
    play(story, step, here);
    for (const std::string& failure : here) {
      failures.push_back(fmt::format("step {}: {}", number, failure));
    }
    ++number;
  }
  return failures;
}

}  // namespace wavetank::conformance
