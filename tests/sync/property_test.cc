// What holds for every application, whatever its objects do. Where Argo CD itself breaks a rule,
// the exception is part of the rule, and a test of its own shows it.

#include <fmt/format.h>
#include <rapidcheck.h>

#include <rapidcheck/catch.h>
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "support/engine/draw.h"
#include "support/engine/played.h"
#include "sync/plan.h"

namespace wavetank::sync {
namespace {

using support::Application;
using support::FactsCache;
using support::Item;
using support::PlayedPass;
using support::PlayedSync;
using support::Wildness;

// An interner and all that lives as long as one application is played.
struct Stage {
  base::Interner interner;
  FactsCache cache{interner};

  [[nodiscard]] std::vector<PlayedSync> play(const Application& application) {
    return support::play(application, cache);
  }
  [[nodiscard]] std::string lines(const std::vector<PlayedSync>& syncs) const {
    return support::lines_of(syncs, interner);
  }
  [[nodiscard]] std::string text(base::Symbol symbol) const {
    return std::string(interner.text(symbol));
  }
};

// Fails with both texts, beginning where they differ.
void require_same(const std::string& one, const std::string& other) {
  if (one == other) return;
  const auto at = std::mismatch(one.begin(), one.end(), other.begin(), other.end()).first;
  const auto line = one.rfind('\n', static_cast<std::size_t>(at - one.begin()));
  const std::size_t from = line == std::string::npos ? 0 : line;
  RC_FAIL(fmt::format("one:{}\nother:{}", one.substr(from, 1500), other.substr(from, 1500)));
}

bool is_hook(const Item& item) { return !item.annotations.hook.empty(); }

// What Argo CD moves before its first user.
bool is_dependency(const Item& item) {
  return item.kind == "Namespace" || item.kind == "CustomResourceDefinition";
}

void drop_items(Application& application, const std::function<bool(const Item&)>& unwanted) {
  std::erase_if(application.items, unwanted);
}

// Items in any order that have a key of their own: of items with one key the last one counts.
void drop_repeated_keys(Application& application) {
  std::set<std::string> keys;
  drop_items(application, [&](const Item& item) {
    return !keys.insert(fmt::format("{} {} {}", item.kind, support::name_space_of(item), item.name))
                .second;
  });
}

// Argo CD's sort leaves hooks of one phase, wave, kind and name in the order of the list.
void drop_hook_ties(Application& application) {
  std::set<std::string> names;
  drop_items(application, [&](const Item& item) {
    if (!is_hook(item)) return false;
    const auto& kind = support::kind_row(item.kind).kubernetes_kind;
    return !names.insert(kind + " " + item.name).second;
  });
}

// Waves so far apart that Go's difference of them wraps around have no order at all.
void drop_wrapping_waves(Application& application) {
  drop_items(application, [](const Item& item) {
    const bool live_wraps = item.before && item.before->annotations.wave.size() > 2;
    return item.annotations.wave.size() > 2 || live_wraps;
  });
}

TEST_CASE("the order of the targets changes nothing") {
  rc::prop("shuffled targets, same passes", [] {
    Application application = *support::applications(Wildness::Wild);
    drop_repeated_keys(application);
    drop_hook_ties(application);
    drop_wrapping_waves(application);
    // Hooks of unknown kinds get their results while the list is built, in its order.
    drop_items(application, [](const Item& item) {
      return is_hook(item) && (item.kind == "Widget" || item.fate.kind != support::KindIs::Served);
    });
    Stage stage;
    const std::string as_written = stage.lines(stage.play(application));
    const int by = *rc::gen::inRange(0, 8);
    if (!application.items.empty()) {
      const auto middle =
          application.items.begin() + by % static_cast<std::ptrdiff_t>(application.items.size());
      std::rotate(application.items.begin(), middle, application.items.end());
      if (by % 2 == 1) std::reverse(application.items.begin(), application.items.end());
    }
    Stage other;  // numbers texts in another order
    require_same(as_written, other.lines(other.play(application)));
  });
}

TEST_CASE("hooks with one phase, wave, kind and name run in the order of the list") {
  Application application;
  application.items = {
      {.kind = "Job", .name = "a", .annotations = {.hook = "Sync"}},
      {.kind = "Job", .name = "a", .name_space = "other", .annotations = {.hook = "Sync"}}};
  Stage stage;
  const std::string one = stage.lines(stage.play(application));
  std::swap(application.items[0], application.items[1]);
  CHECK(one != stage.lines(stage.play(application)));
}

// Puts a prefix before every name but the destination's. The order of names stays: all of them are
// below "shop" before and after.
constexpr std::string_view kPrefix = "qq";

void rename_all(Application& application) {
  const auto renamed = [](std::string& name) {
    if (!name.empty() && name != support::kDestination) name = std::string(kPrefix) + name;
  };
  for (Item& item : application.items) {
    renamed(item.name);
    renamed(item.name_space);
  }
}

std::string without_prefix(std::string text) {
  for (auto at = text.find(kPrefix); at != std::string::npos; at = text.find(kPrefix, at)) {
    text.erase(at, kPrefix.size());
  }
  return text;
}

TEST_CASE("renaming resources changes nothing as long as the order of names stays") {
  rc::prop("renamed resources, same passes", [] {
    Application application = *support::applications(Wildness::Wild);
    Stage stage;
    const std::string before = stage.lines(stage.play(application));
    rename_all(application);
    require_same(before, without_prefix(stage.lines(stage.play(application))));
  });
}

// The calls about other objects than `name`, and the results and phase of the pass.
std::string lines_without(const std::vector<PlayedSync>& syncs, const std::string& name,
                          const Stage& stage) {
  std::string lines;
  for (const PlayedSync& sync : syncs) {
    for (const PlayedPass& pass : sync.passes) {
      for (const auto& call : pass.calls) {
        if (stage.text(call.request.key.name) == name) continue;
        lines += support::line_of(call.request, stage.interner) + "\n";
      }
      for (const Result& result : pass.after.results) {
        if (stage.text(result.key.name) == name) continue;
        lines += support::to_text(result, stage.interner) + "\n";
      }
      lines += fmt::format("{}\n", sync::name(pass.after.phase));
    }
  }
  return lines;
}

// Exceptions: messages count the tasks of a group; and a group of which nothing could be applied
// fails the operation at once, while one more resource makes it wait for one pass (next test).
TEST_CASE("one more resource in a group that has some changes nothing for the others") {
  rc::prop("an unrelated resource", [] {
    Application application = *support::applications(Wildness::Tame);
    drop_repeated_keys(application);
    for (Item& item : application.items) item.fate.write = support::Write::Accepted;
    const auto plain = std::find_if(
        application.items.begin(), application.items.end(),
        [](const Item& item) { return !is_hook(item) && item.in_git == support::InGit::Always; });
    RC_PRE(plain != application.items.end());
    Stage stage;
    const std::string before = lines_without(stage.play(application), "unrelated", stage);
    application.items.push_back({.kind = "ConfigMap",
                                 .name = "unrelated",
                                 .annotations = {.wave = plain->annotations.wave},
                                 .in_git = plain->in_git});
    require_same(before, lines_without(stage.play(application), "unrelated", stage));
  });
}

TEST_CASE("one more resource in a group of which nothing could be applied delays the failure") {
  Application application;
  application.items = {
      {.kind = "ConfigMap", .name = "a", .fate = {.write = support::Write::Refused}}};
  Stage stage;
  CHECK(stage.play(application)[0].passes.size() == 1);
  application.items.push_back({.kind = "ConfigMap", .name = "b"});
  CHECK(stage.play(application)[0].passes.size() == 2);
}

// The place of every task but those of `name`: "Sync/0 Job/a".
std::vector<std::string> places_without(const Application& application, const std::string& name,
                                        Stage& stage) {
  std::vector<model::ObjectFacts> facts;
  for (const Item& item : application.items) {
    facts.push_back(stage.cache.of(item, item.annotations));
  }
  const Operation operation{.name_space = stage.interner.intern(support::kDestination)};
  std::vector<std::string> places;
  for (const PlanTask& task : make_plan(facts, operation, stage.interner).tasks) {
    if (stage.text(task.key.name) == name) continue;
    places.push_back(fmt::format("{}/{} {}", model::name(task.phase), task.wave,
                                 model::full_name(model::resolve(task.key, stage.interner))));
  }
  return places;
}

// Exception: a Namespace or CustomResourceDefinition of the sync moves before its first user, so
// neither must be there, unless the new resource uses none of them.
TEST_CASE("one more resource moves no other one in the plan") {
  rc::prop("the plan with an unrelated resource", [] {
    Application application = *support::applications(Wildness::Wild);
    drop_repeated_keys(application);
    drop_items(application, [](const Item& item) { return item.kind == "Namespace"; });
    drop_wrapping_waves(application);
    Stage stage;
    const auto before = places_without(application, "unrelated", stage);
    const auto hook = *rc::gen::element<std::string>("", "PreSync", "Sync", "PostSync", "SyncFail");
    const auto wave = *rc::gen::element<std::string>("", "1", "-1");
    application.items.insert(
        application.items.begin(),
        {.kind = "ConfigMap", .name = "unrelated", .annotations = {.hook = hook, .wave = wave}});
    RC_ASSERT(before == places_without(application, "unrelated", stage));
  });
}

TEST_CASE("nothing is written twice in one phase of an operation") {
  rc::prop("one write per object and phase", [] {
    Application application = *support::applications(Wildness::Wild);
    // Exceptions: hooks with one generateName share a name and collide; and both tasks of a
    // Namespace that is a hook in two phases may move before one user, into its phase.
    drop_hook_ties(application);
    drop_items(application, [](const Item& item) {
      return is_dependency(item) && item.annotations.hook.find(',') != std::string::npos;
    });
    Stage stage;
    for (const PlayedSync& sync : stage.play(application)) {
      std::set<std::string> written;
      for (const PlayedPass& pass : sync.passes) {
        for (const auto& call : pass.calls) {
          if (!support::is_write(call.request)) continue;
          const auto key =
              fmt::format("{} {}", model::name(call.request.phase),
                          model::full_name(model::resolve(call.request.key, stage.interner)));
          if (!written.insert(key).second) RC_FAIL("twice: " + key);
        }
      }
    }
  });
}

// Exceptions: a pass that finds an object missing, or cannot look for it, ends that task only after
// it has decided to wait; the dry run of the first pass is not repeated; and an operation that is a
// dry run does everything in one pass and waits for things that are not there.
TEST_CASE("a pass that only waited, repeated in an unchanged world, asks nothing new") {
  rc::prop("waiting twice is waiting", [] {
    Application application = *support::applications(Wildness::Wild);
    application.syncs[0].settings.dry_run = false;
    Stage stage;
    support::SmallWorld world(application, stage.cache);
    world.begin_sync(0);
    SyncState state;
    for (int i = 0; i < support::kPassesMax && !state.completed(); ++i) {
      PlayedPass pass = support::play_pass(world, state, i, stage.interner);
      const bool only_waited =
          !pass.after.completed() &&
          std::none_of(pass.calls.begin(), pass.calls.end(), [](const auto& call) {
            const bool looked_in_vain =
                call.request.kind == RequestKind::Get && call.answer.status != AnswerStatus::Ok;
            const bool ran_a_group = call.request.kind == RequestKind::WaveHook;
            return support::changes_something(call.request) || looked_in_vain || ran_a_group;
          });
      if (only_waited) {
        const PlayedPass again = support::play_pass(world, pass.after, i, stage.interner);
        std::erase_if(pass.calls, [](const auto& call) { return call.request.dry_run; });
        require_same(support::lines_of(pass, stage.interner),
                     support::lines_of(again, stage.interner));
      }
      state = pass.after;
      world.step();
    }
  });
}

TEST_CASE("every pass has reasons") {
  rc::prop("no pass without a reason", [] {
    const Application application = *support::applications(Wildness::Wild);
    Stage stage;
    for (const PlayedSync& sync : stage.play(application)) {
      for (const PlayedPass& pass : sync.passes) RC_ASSERT(!pass.reasons.empty());
    }
  });
}

// "waiting for … group/Kind/name and 1 more hooks" -> "group/Kind/name"
std::string awaited(const std::string& message) {
  std::string text = message;
  if (const auto more = text.find(" and "); more != std::string::npos) text.resize(more);
  return text.substr(text.rfind(' ') + 1);
}

// At most so many tasks can have this group, kind and name.
std::size_t tasks_named(const Application& application, const std::string& awaited_name) {
  std::size_t count = 0;
  for (const Item& item : application.items) {
    const auto& row = support::kind_row(item.kind);
    const auto start = fmt::format("{}/{}/{}", row.group, row.kubernetes_kind, item.name);
    const bool is_generated = item.name.ends_with("-") && awaited_name.starts_with(start);
    if (start != awaited_name && !is_generated) continue;
    count += 1 + static_cast<std::size_t>(
                     std::count(item.annotations.hook.begin(), item.annotations.hook.end(), ','));
    // The live object may be pruned until the hook that takes its place was applied.
    if (is_hook(item) && item.before && item.before->annotations.hook.empty()) ++count;
    // So may the destination namespace, which may also be generated.
    if (item.kind == "Namespace" && item.name == support::kDestination) count += 2;
  }
  return count;
}

TEST_CASE("every operation ends, or names an object that has not come to its end") {
  rc::prop("no silent waiting", [] {
    const Application application = *support::applications(Wildness::Wild);
    Stage stage;
    for (const PlayedSync& sync : stage.play(application)) {
      const SyncState& end = sync.end();
      if (end.completed()) continue;
      const std::string message = stage.text(end.message);
      RC_ASSERT(message.starts_with("waiting for "));
      std::size_t over = 0;
      bool goes_on = false;
      for (const Result& result : end.results) {
        const auto key = model::resolve(result.key, stage.interner);
        if (fmt::format("{}/{}/{}", key.group, key.kind, key.name) != awaited(message)) continue;
        const bool is_over =
            (result.state != TaskState::Running && result.state != TaskState::Pending) &&
            result.status != ResultStatus::Pruned;  // it waits to be gone
        if (is_over) ++over;
        goes_on = goes_on || !is_over;
      }
      // Fewer results than tasks: one is pending, behind a deletion or a confirmation.
      RC_ASSERT(goes_on || over < tasks_named(application, awaited(message)));
    }
  });
}

TEST_CASE("results never disappear, and what they are about never changes") {
  rc::prop("results only grow", [] {
    const Application application = *support::applications(Wildness::Wild);
    Stage stage;
    for (const PlayedSync& sync : stage.play(application)) {
      for (const PlayedPass& pass : sync.passes) {
        RC_ASSERT(pass.before.results.size() <= pass.after.results.size());
        for (std::size_t i = 0; i < pass.before.results.size(); ++i) {
          const Result& before = pass.before.results[i];
          const Result& after = pass.after.results[i];
          RC_ASSERT(before.key == after.key);
          RC_ASSERT(before.phase == after.phase);
          RC_ASSERT(before.is_hook == after.is_hook);
          RC_ASSERT(before.version == after.version);
          RC_ASSERT(before.images == after.images);
          RC_ASSERT(before.message == base::kEmptySymbol || after.message != base::kEmptySymbol);
        }
      }
    }
  });
}

TEST_CASE("a generated name is the same in all passes and in all attempts of one operation") {
  rc::prop("stable generated names", [] {
    Application application = *support::applications(Wildness::Wild);
    // Argo CD moves these to other phases, with the name of their own.
    drop_items(application, is_dependency);
    for (Item& item : application.items) {
      if (item.kind == "Job" || item.kind == "Deployment") item.name = "a-";
      if (item.name == "a-" && !is_hook(item)) item.annotations.hook = "PreSync";
    }
    application.syncs.push_back(application.syncs.front());  // a second attempt
    Stage stage;
    const auto syncs = stage.play(application);
    std::map<std::string, std::string> names;  // by kind, phase and operation
    for (std::size_t i = 0; i < syncs.size(); ++i) {
      const auto& script = application.syncs[i];
      for (const PlayedPass& pass : syncs[i].passes) {
        for (const auto& call : pass.calls) {
          const std::string name = stage.text(call.request.key.name);
          if (!name.starts_with("a-") || !call.request.is_hook) continue;
          RC_ASSERT(name.size() > 2);
          RC_ASSERT(name.ends_with(std::to_string(script.started_at)));
          const auto what =
              fmt::format("{} {}", model::name(call.request.phase), script.revision.substr(0, 7));
          RC_ASSERT(names.emplace(what, name).first->second == name);
        }
      }
    }
    std::set<std::string> distinct;
    for (const auto& [what, name] : names) RC_ASSERT(distinct.insert(name).second);
  });
}

// An application whose objects all come to a good end, on a cluster that has nothing of it.
Application draw_first_sync() {
  Application application = *support::applications(Wildness::Wild);
  drop_repeated_keys(application);
  drop_hook_ties(application);
  drop_wrapping_waves(application);
  const bool defines_widgets =
      std::any_of(application.items.begin(), application.items.end(), [](const Item& item) {
        return item.kind == "CustomResourceDefinition" && !is_hook(item) &&
               !item.name.ends_with("-");
      });
  drop_items(application, [&](const Item& item) {
    const bool is_nameless = !is_hook(item) && item.name.ends_with("-");
    const bool moves_twice =
        is_dependency(item) && item.annotations.hook.find(',') != std::string::npos;
    // Such a hook is applied by the first pass, before its phase.
    const bool is_early =
        item.kind == "Namespace" && is_hook(item) && item.name == support::kDestination;
    return is_nameless || moves_twice || is_early || (item.kind == "Widget" && !defines_widgets);
  });
  for (Item& item : application.items) {
    item.annotations.options = "";
    item.in_git = support::InGit::Always;
    item.before.reset();
    item.selected = true;
    item.fate = {};
  }
  const bool creates_namespace = application.syncs[0].settings.create_namespace;
  application.syncs = {{.settings = {.create_namespace = creates_namespace}}};
  application.destination_exists = application.destination_exists || !creates_namespace;
  return application;
}

Plan plan_of(const Application& application, Stage& stage) {
  std::vector<model::ObjectFacts> facts;
  for (const Item& item : application.items) {
    facts.push_back(stage.cache.of(item, item.annotations));
  }
  const Operation operation{.revision = application.syncs[0].revision,
                            .started_at = application.syncs[0].started_at,
                            .name_space = stage.interner.intern(support::kDestination),
                            .settings = application.syncs[0].settings};
  return make_plan(facts, operation, stage.interner);
}

bool is_destination(const model::Key& key, const Stage& stage) {
  return stage.text(key.group).empty() && stage.text(key.kind) == "Namespace" &&
         stage.text(key.name) == support::kDestination;
}

using Place = std::pair<model::Phase, model::Key>;

// The steps of the plan, each with its tasks; the destination namespace is left out, because the
// first pass creates it before everything else. SyncFail does not run in a sync that succeeds.
std::vector<std::vector<Place>> planned(const Plan& plan, const Stage& stage) {
  std::vector<std::vector<Place>> steps;
  for (const PlanStep& step : plan.steps) {
    if (step.phase == model::Phase::SyncFail) continue;
    std::vector<Place> places;
    for (std::uint32_t i = step.first; i < step.last; ++i) {
      if (is_destination(plan.tasks[i].key, stage)) continue;
      places.emplace_back(plan.tasks[i].phase, plan.tasks[i].key);
    }
    if (!places.empty()) steps.push_back(places);
  }
  return steps;
}

// What the passes wrote, pass by pass, without the destination namespace.
std::vector<std::vector<Place>> written(const PlayedSync& sync, const Stage& stage) {
  std::vector<std::vector<Place>> passes;
  for (const PlayedPass& pass : sync.passes) {
    std::vector<Place> places;
    for (const auto& call : pass.calls) {
      if (!support::is_write(call.request) || is_destination(call.request.key, stage)) continue;
      places.emplace_back(call.request.phase, call.request.key);
    }
    if (!places.empty()) passes.push_back(places);
  }
  return passes;
}

TEST_CASE("on an empty cluster the passes write what the plan says, step by step") {
  rc::prop("passes follow the plan", [] {
    const Application application = draw_first_sync();
    Stage stage;
    const Plan plan = plan_of(application, stage);
    const auto syncs = stage.play(application);
    RC_ASSERT(syncs[0].end().phase == OperationPhase::Succeeded);
    RC_ASSERT(written(syncs[0], stage) == planned(plan, stage));
  });
}

TEST_CASE("an object that hangs holds up the sync exactly where the plan has a gate") {
  rc::prop("gates hold", [] {
    Application application = draw_first_sync();
    std::vector<std::size_t> candidates;
    for (std::size_t i = 0; i < application.items.size(); ++i) {
      if (support::kind_row(application.items[i].kind).has_health) candidates.push_back(i);
    }
    RC_PRE(!candidates.empty());
    const std::size_t hanging = *rc::gen::elementOf(candidates);
    application.items[hanging].fate.end = support::End::Progressing;
    Stage stage;
    const Plan plan = plan_of(application, stage);
    std::size_t steps_written = 0;
    bool is_held = false;
    for (const PlanStep& step : plan.steps) {
      if (is_held || step.phase == model::Phase::SyncFail) break;
      bool has_others = false;
      for (std::uint32_t i = step.first; i < step.last; ++i) {
        const PlanTask& task = plan.tasks[i];
        has_others = has_others || !is_destination(task.key, stage);
        const bool gate = task.is_hook ? step.gates_hooks : step.gates_resources;
        is_held = is_held || (task.target == hanging && gate);
      }
      if (has_others) ++steps_written;
    }
    const auto syncs = stage.play(application);
    RC_ASSERT(syncs[0].end().completed() == !is_held);
    RC_ASSERT(written(syncs[0], stage).size() == steps_written);
  });
}

}  // namespace
}  // namespace wavetank::sync
