// What holds for every application: drawn from a small world of kinds, phases, waves and policies.

#include <fmt/format.h>
#include <rapidcheck.h>

#include <rapidcheck/catch.h>
#include <algorithm>
#include <catch2/catch.hpp>

#include "load/project.h"
#include "sim/simulate.h"
#include "support/memory_files.h"

namespace wavetank::sim {
namespace {

struct Drawn {
  std::vector<std::string> manifests;
  std::vector<cluster::BehaviorRule> rules;
};

std::string manifest(const std::string& kind, const std::string& name, const std::string& hook,
                     const std::string& policy, int wave) {
  const std::string api = kind == "Job" ? "batch/v1" : kind == "Deployment" ? "apps/v1" : "v1";
  std::string text = fmt::format(
      "apiVersion: {}\nkind: {}\nmetadata:\n  name: {}\n  annotations:\n"
      "    argocd.argoproj.io/sync-wave: \"{}\"\n",
      api, kind, name, wave);
  if (!hook.empty()) text += fmt::format("    argocd.argoproj.io/hook: {}\n", hook);
  if (!policy.empty())
    text += fmt::format("    argocd.argoproj.io/hook-delete-policy: {}\n", policy);
  if (kind == "Job" || kind == "Deployment") {
    text += kind == "Job"
                ? "spec:\n  backoffLimit: 0\n  template:\n    spec:\n      restartPolicy: Never\n"
                : "spec:\n  selector: {matchLabels: {app: a}}\n  template:\n"
                  "    metadata: {labels: {app: a}}\n    spec:\n";
    text += "      containers:\n        - {name: a, image: x}\n";
  }
  return text;
}

Drawn draw() {
  Drawn drawn;
  const int count = *rc::gen::inRange(1, 6);
  for (int i = 0; i < count; ++i) {
    const auto kind = *rc::gen::element<std::string>("Job", "Deployment", "ConfigMap");
    const auto hook = *rc::gen::element<std::string>("", "", "PreSync", "Sync", "PostSync",
                                                     "SyncFail", "PreSync,PostSync");
    const auto policy = *rc::gen::element<std::string>(
        "", "HookSucceeded", "HookFailed", "BeforeHookCreation", "HookSucceeded,HookFailed");
    const std::string name = fmt::format("object-{}", i);
    drawn.manifests.push_back(manifest(kind, name, hook, policy, *rc::gen::inRange(-1, 3)));
    const int fate = *rc::gen::inRange(0, 4);
    if (fate == 1) drawn.rules.push_back({kind, name, {.outcome = cluster::Outcome::Fail}});
    if (fate == 2) drawn.rules.push_back({kind, name, {.outcome = cluster::Outcome::Hang}});
  }
  return drawn;
}

// Plays two syncs of the manifests, given in this order, each in a file of its own.
Simulation play(const std::vector<std::string>& manifests,
                const std::vector<cluster::BehaviorRule>& rules,
                std::optional<std::uint64_t> seed = std::nullopt) {
  support::MemoryFiles files;
  for (std::size_t i = 0; i < manifests.size(); ++i) {
    files.add(fmt::format("app/{}.yaml", i), manifests[i]);
  }
  const load::Project project = load::load_project(files, {.paths = {"app"}});
  return simulate(project.bundles.front(), {.syncs = 2, .seed = seed, .behaviors = rules});
}

TEST_CASE("the order of the files changes nothing") {
  rc::prop("permuted files, same trace", [] {
    const Drawn drawn = draw();
    std::vector<std::string> reversed(drawn.manifests.rbegin(), drawn.manifests.rend());
    RC_ASSERT(canonical_text(play(drawn.manifests, drawn.rules).trace) ==
              canonical_text(play(reversed, drawn.rules).trace));
  });
}

TEST_CASE("splitting a file into several changes nothing") {
  rc::prop("one file or many, same trace", [] {
    const Drawn drawn = draw();
    // A cut before each document; none means all in one file.
    std::vector<std::string> files;
    for (const std::string& manifest : drawn.manifests) {
      if (files.empty() || *rc::gen::arbitrary<bool>()) {
        files.push_back(manifest);
      } else {
        files.back() += "---\n" + manifest;
      }
    }
    RC_ASSERT(canonical_text(play(drawn.manifests, drawn.rules).trace) ==
              canonical_text(play(files, drawn.rules).trace));
  });
}

TEST_CASE("every sync ends, or names what it waits for") {
  rc::prop("no silent end", [] {
    const Drawn drawn = draw();
    for (const SyncReport& sync : play(drawn.manifests, drawn.rules).syncs) {
      if (sync.outcome == Outcome::Succeeded) continue;
      RC_ASSERT(!sync.message.empty());
      RC_ASSERT(!sync.reason.empty());
    }
  });
}

TEST_CASE("when nothing misbehaves a first sync succeeds") {
  rc::prop("well-behaved worlds succeed", [] {
    const Drawn drawn = draw();
    RC_ASSERT(play(drawn.manifests, {}).syncs.front().outcome == Outcome::Succeeded);
  });
}

TEST_CASE("time never runs backwards within a sync's passes") {
  rc::prop("the clock is monotone", [] {
    const Drawn drawn = draw();
    const Simulation simulation = play(drawn.manifests, drawn.rules);
    for (const SyncReport& sync : simulation.syncs) RC_ASSERT(sync.started <= sync.ended);
  });
}

// The events of all objects but one. The operation's own messages count what they wait for.
std::string without(const Trace& trace, const std::string& name) {
  Trace others;
  for (const Event& event : trace) {
    if (!event.object.kind.empty() && event.object.name != name) others.push_back(event);
  }
  return canonical_text(others);
}

TEST_CASE("an unrelated ConfigMap beside the others leaves their trace as it was, draws and all") {
  rc::prop("everybody else's trace is the same", [] {
    const Drawn drawn = draw();
    const auto seed = *rc::gen::arbitrary<std::uint64_t>();
    const int wave = *rc::gen::inRange(-1, 3);
    // In a wave of its own the newcomer would make the others wait.
    std::vector<std::string> manifests = drawn.manifests;
    manifests.push_back(manifest("ConfigMap", "neighbour", "", "", wave));
    const std::string before = without(play(manifests, drawn.rules, seed).trace, "stranger");
    manifests.push_back(manifest("ConfigMap", "stranger", "", "", wave));
    RC_ASSERT(without(play(manifests, drawn.rules, seed).trace, "stranger") == before);
  });
}

}  // namespace
}  // namespace wavetank::sim
