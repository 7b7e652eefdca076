// Scenarios as a whole: what happens when, and what becomes of expectations.
#include "sim/scenario/play.h"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <deque>

#include "load/project.h"
#include "support/memory_files.h"

namespace wavetank::sim {
namespace {

constexpr const char* kConfig =
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: config}\ndata: {version: '1'}\n";
constexpr const char* kHook =
    "apiVersion: batch/v1\nkind: Job\nmetadata: {name: migrate, annotations: "
    "{argocd.argoproj.io/hook: PreSync}}\nspec: {template: {spec: {restartPolicy: Never, "
    "containers: [{name: a, image: x}]}}}\n";
constexpr const char* kDeployment =
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n"
    "  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n"
    "    spec: {containers: [{name: main, image: x}]}\n";

std::string hook(const std::string& name, const std::string& phase) {
  return fmt::format(
      "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: {}\n"
      "  annotations: {{argocd.argoproj.io/hook: {}}}\nspec:\n  backoffLimit: 0\n  template:\n"
      "    spec: {{restartPolicy: Never, containers: [{{name: main, image: x}}]}}\n---\n",
      name, phase);
}

// A scenario over files in memory.
class Stage {
 public:
  Stage& file(const std::string& path, const std::string& text) {
    files_.add(path, text);
    return *this;
  }
  ScenarioResult play(const std::string& text) {
    files_.add("s/scenario.yaml", "apiVersion: wavetank.dev/v1alpha1\nkind: Scenario\n" + text);
    const Scenarios scenarios = read_scenarios(files_, "s/scenario.yaml");
    CAPTURE(scenarios ? "" : scenarios.error().front());
    REQUIRE(scenarios.has_value());
    scenario_ = scenarios->front();
    for (const ScenarioApplication& app : scenario_.applications) {
      for (const ScenarioRevision& revision : app.revisions) {
        projects_.push_back(load::load_project(files_, {.paths = {revision.path}}));
        input_.bundles[{app.name, revision.name}] = &projects_.back().bundles.front();
      }
    }
    CHECK(check_references(scenario_, input_).empty());
    return sim::play(scenario_, input_);
  }

 private:
  support::MemoryFiles files_;
  Scenario scenario_;
  std::deque<load::Project> projects_;
  ScenarioInput input_;
};

std::int64_t count(const ScenarioResult& result, EventKind kind, const std::string& object = "") {
  const Trace& trace = result.simulation.trace;
  return std::count_if(trace.begin(), trace.end(), [&](const Event& event) {
    return event.kind == kind && (object.empty() || event.object.name == object);
  });
}

Verdict verdict(const ScenarioResult& result, const std::string& name) {
  for (const ExpectationReport& each : result.expectations) {
    if (each.name == name) return each.verdict;
  }
  FAIL("no such expectation: " << name);
  return Verdict::Fail;
}

TEST_CASE("an automated application is synced by itself, and again after a push") {
  const ScenarioResult result =
      Stage()
          .file("s/v1/a.yaml", kConfig)
          .file("s/v2/a.yaml",
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: config}\ndata: {version: '2'}\n")
          .play(
              "apps: {shop: {revisions: {v1: v1, v2: v2}, syncPolicy: {automated: {}}}}\n"
              "timeline:\n  - {at: 10s, push: {app: shop, revision: v2}}\n"
              "expect:\n  - {name: new, eventually: live(ConfigMap/config .data.version) == 2}\n"
              "  - {name: twice, eventually: syncs(shop) == 2}\n"
              "  - {name: late, never: revision(shop) == v2 and syncs(shop) == 1}\n");
  CHECK(verdict(result, "new") == Verdict::Pass);
  CHECK(verdict(result, "twice") == Verdict::Pass);
  // A push is seen when the controller looks at git again, not at once.
  REQUIRE(result.simulation.syncs.size() == 2);
  CHECK(result.simulation.syncs[1].started >= base::Instant{} + std::chrono::seconds(100));
}

TEST_CASE("self-heal undoes what somebody edits, and does not without it") {
  const std::string rest =
      "timeline:\n  - {at: 60s, edit: {ref: ConfigMap/config, set: {.data.version: '9'}}}\n"
      "expect:\n  - {name: healed, leadsTo: {from: live(ConfigMap/config .data.version) == 9, "
      "to: live(ConfigMap/config .data.version) == 1, within: 30s}}\n";
  const std::string apps = "apps: {shop: {path: v1, syncPolicy: {automated: {selfHeal: {}}}}}\n";
  const auto play = [&](const std::string& heals) {
    std::string text = apps;
    text.replace(text.find("{}}}}}"), 2, heals);
    return Stage().file("s/v1/a.yaml", kConfig).play(text + rest);
  };
  CHECK(verdict(play("true"), "healed") == Verdict::Pass);
  CHECK(verdict(play("false"), "healed") == Verdict::Fail);
}

TEST_CASE("a failed sync is tried again as often as its retry strategy says") {
  const ScenarioResult result =
      Stage()
          .file("s/v1/a.yaml", hook("migrate", "PreSync"))
          .play(
              "apps: {shop: {path: v1, syncPolicy: {retry: {limit: 2, backoff: {duration: 1s}}}}}\n"
              "behaviours: [{match: {kind: Job, name: migrate}, outcome: Fail}]\n"
              "timeline: [{sync: shop}]\n"
              "expect:\n  - {name: end, outcome: Failed}\n"
              "  - {name: tries, eventually: retries(shop) == 2}\n");
  CHECK(verdict(result, "end") == Verdict::Pass);
  CHECK(verdict(result, "tries") == Verdict::Pass);
  CHECK(count(result, EventKind::Applied, "migrate") == 3);
}

TEST_CASE("a closed window refuses a sync") {
  const ScenarioResult result =
      Stage()
          .file("s/v1/a.yaml", kConfig)
          .play(
              "projects: {p: {syncWindows: [{kind: deny, schedule: '* * * * *', duration: 1h, "
              "applications: ['*']}]}}\n"
              "apps: {shop: {path: v1, project: p}}\ntimeline: [{sync: shop}]\n"
              "expect: [{name: none, never: exists(ConfigMap/config)}]\n");
  CHECK(verdict(result, "none") == Verdict::Pass);
  CHECK(count(result, EventKind::Refused) == 1);
}

TEST_CASE(
    "an application is deleted with its objects, between its PreDelete and PostDelete hooks") {
  const ScenarioResult result =
      Stage()
          .file("s/v1/a.yaml", hook("before", "PreDelete") + hook("after", "PostDelete") + kConfig)
          .play(
              "apps: {shop: {path: v1}}\ntimeline: [{sync: shop}, {deleteApp: shop}]\n"
              "expect:\n  - {name: order, before: {first: applied(Job/before), "
              "then: deleted(ConfigMap/config), strict: true}}\n"
              "  - {name: then, before: {first: deleted(ConfigMap/config), "
              "then: applied(Job/after), strict: true}}\n"
              "  - {name: gone, eventually: not exists(ConfigMap/config), thenStays: true}\n");
  CHECK(verdict(result, "order") == Verdict::Pass);
  CHECK(verdict(result, "then") == Verdict::Pass);
  CHECK(verdict(result, "gone") == Verdict::Pass);
  CHECK(count(result, EventKind::ApplicationGone) == 1);
}

TEST_CASE("a child application comes to life when its parent is synced") {
  const std::string child =
      "apiVersion: argoproj.io/v1alpha1\nkind: Application\n"
      "metadata: {name: child, namespace: argocd}\n"
      "spec:\n  project: default\n  source: {path: child}\n  destination: {namespace: default}\n"
      "  syncPolicy: {automated: {}}\n";
  const ScenarioResult result =
      Stage()
          .file("s/parent/a.yaml", child)
          .file("s/child/a.yaml", kConfig)
          .play(
              "apps: {parent: {path: parent}, child: {path: child, create: false}}\n"
              "timeline: [{sync: parent}]\n"
              "expect: [{name: there, eventually: exists(ConfigMap/config) and op(child) == "
              "Succeeded}]\n");
  CHECK(verdict(result, "there") == Verdict::Pass);
}

TEST_CASE("an error of the API ends an attempt, and a lost answer does not undo the deed") {
  const auto play = [](const std::string& fault) {
    return Stage()
        .file("s/v1/a.yaml", kConfig)
        .play("apps: {shop: {path: v1}}\nfaults: [" + fault + "]\ntimeline: [{sync: shop}]\n" +
              "expect:\n  - {name: struck, eventually: faulted}\n"
              "  - {name: there, sometimes: exists(ConfigMap/config)}\n");
  };
  const ScenarioResult refused = play("{fault: internalError, match: {kind: ConfigMap}}");
  CHECK(verdict(refused, "struck") == Verdict::Pass);
  CHECK(refused.simulation.last().outcome == Outcome::Failed);
  CHECK(verdict(refused, "there") == Verdict::Fail);
  const ScenarioResult lost = play("{fault: timeout, applied: true, match: {kind: ConfigMap}}");
  CHECK(lost.simulation.last().outcome == Outcome::Failed);
  CHECK(verdict(lost, "there") == Verdict::Pass);
}

TEST_CASE("an expectation whose occasion never comes is vacuous") {
  const ScenarioResult result =
      Stage()
          .file("s/v1/a.yaml", kConfig)
          .play(
              "apps: {shop: {path: v1}}\ntimeline: [{sync: shop}]\n"
              "expect:\n  - {name: scope, always: exists(ConfigMap/config), while: faulted}\n"
              "  - {name: events, before: {first: applied(ConfigMap/config), "
              "then: pruned(ConfigMap/config)}}\n");
  CHECK(verdict(result, "scope") == Verdict::Vacuous);
  CHECK(verdict(result, "events") == Verdict::Vacuous);
}

TEST_CASE("what has not come by the horizon is inconclusive, at rest it has failed") {
  const auto play = [](const std::string& horizon) {
    return Stage()
        .file("s/v1/a.yaml", kDeployment)
        .play("apps: {shop: {path: v1}}\nhorizon: " + horizon +
              "\nbehaviours: [{match: {kind: Deployment, name: web}, after: 10m}]\n"
              "timeline: [{sync: shop}]\n"
              "expect:\n  - {name: up, eventually: health(Deployment/web) == Healthy}\n"
              "  - {name: down, eventually: health(Deployment/web) == Suspended}\n");
  };
  CHECK(verdict(play("1m"), "up") == Verdict::Inconclusive);
  CHECK(verdict(play("1h"), "up") == Verdict::Pass);
  CHECK(verdict(play("1m"), "down") == Verdict::Inconclusive);
  CHECK(verdict(play("1h"), "down") == Verdict::Fail);
}

TEST_CASE("a broken expectation tells the moment, what there was, and how it came") {
  const ScenarioResult result =
      Stage()
          .file("s/v1/a.yaml", hook("migrate", "PreSync") + kConfig)
          .play(
              "apps: {shop: {path: v1}}\n"
              "behaviours: [{match: {kind: Job, name: migrate}, outcome: Fail}]\n"
              "timeline: [{sync: shop}]\n"
              "expect: [{name: good, never: hook(Job/migrate) == Failed}]\n");
  const ExpectationReport& report = result.expectations.front();
  CHECK(report.verdict == Verdict::Fail);
  CHECK(report.found == "hook(Job/migrate) is Failed");
  REQUIRE(report.broke_at.has_value());
  CHECK(*report.broke_at > base::Instant{});
  const bool tells =
      std::any_of(report.reasons.begin(), report.reasons.end(), [](const std::string& line) {
        return line.find("hook failed Job/migrate") != std::string::npos;
      });
  CHECK(tells);
}

TEST_CASE("a namespace that the sync policy makes is not taken for granted") {
  const ScenarioResult result =
      Stage()
          .file("s/v1/a.yaml", kConfig)
          .play(
              "apps: {shop: {path: v1, namespace: new, "
              "syncPolicy: {syncOptions: [CreateNamespace=true]}}}\n"
              "timeline: [{sync: shop}]\n"
              "expect: [{name: made, before: {first: applied(Namespace/new), "
              "then: applied(ConfigMap/config), strict: true}}]\n");
  CHECK(verdict(result, "made") == Verdict::Pass);
}

TEST_CASE("the Service behind a webhook is taken for granted, unless it is said to be absent") {
  constexpr const char* kGuard =
      "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\n"
      "metadata: {name: guard, annotations: {argocd.argoproj.io/sync-wave: '-1'}}\n"
      "webhooks: [{name: guard.example.com, admissionReviewVersions: [v1], sideEffects: None, "
      "clientConfig: {service: {name: guard, namespace: tools}}, rules: [{apiGroups: [''], "
      "apiVersions: [v1], operations: ['*'], resources: [configmaps]}]}]\n";
  const auto outcome = [&](const std::string& cluster, const char* wanted) {
    return Stage()
        .file("s/v1/a.yaml", kConfig)
        .file("s/v1/guard.yaml", kGuard)
        .play("apps: {shop: {path: v1}}\n" + cluster +
              "timeline: [sync: shop]\nexpect: [outcome: " + wanted + "]\n");
  };
  const ScenarioResult there = outcome("", "Succeeded");
  CHECK(there.expectations.front().verdict == Verdict::Pass);
  CHECK(there.simulation.assumptions.back() == "the Service `guard` of `tools` exists and answers");
  const ScenarioResult gone = outcome("cluster: {absent: [Service/tools/guard]}\n", "Failed");
  CHECK(gone.expectations.front().verdict == Verdict::Pass);
}

TEST_CASE("what is done every so often is done as often as was said") {
  const ScenarioResult result =
      Stage()
          .file("s/v1/a.yaml", kConfig)
          .play(
              "apps: {shop: {path: v1, syncPolicy: {automated: {selfHeal: true}}}}\n"
              "timeline:\n"
              "  - {at: 10m, every: 20m, times: 3, edit: {ref: ConfigMap/config, set: "
              "{.data.version: "
              "x}}}\n"
              "expect: [{name: healed, sometimes: syncs(shop) == 4}, {name: no more, never: "
              "syncs(shop) > 4}]\n");
  CHECK(verdict(result, "healed") == Verdict::Pass);
  CHECK(verdict(result, "no more") == Verdict::Pass);
  CHECK(result.rest == Rest::AtRest);
}

TEST_CASE("a controller that restarts goes on where it had written something down") {
  const ScenarioResult result =
      Stage()
          .file("s/v1/a.yaml", kConfig)
          .file("s/v1/job.yaml", kHook)
          .play(
              "apps: {shop: {path: v1}}\n"
              "timeline: [{sync: shop}, {at: 5s, restartController: true}]\n"
              "expect: [{outcome: Succeeded}, {name: once, never: writes(Job/migrate last=1h) > "
              "1}]\n");
  CHECK(result.expectations.front().verdict == Verdict::Pass);
  CHECK(verdict(result, "once") == Verdict::Pass);
}

TEST_CASE("an application without a source is neither compared nor rendered until a push") {
  const ScenarioResult result =
      Stage()
          .file("s/v1/a.yaml", kConfig)
          .play(
              "apps: {shop: {revisions: {v1: v1}}}\n"
              "timeline: [{sync: shop}, {loseSource: shop}, {refresh: shop}, {push: {app: shop, "
              "revision: v1}}, {refresh: shop}]\n"
              "expect: [{name: lost, sometimes: sync(shop) == Unknown}, {name: back, eventually: "
              "sync(shop) == Synced, thenStays: true}]\n");
  CHECK(verdict(result, "lost") == Verdict::Pass);
  CHECK(verdict(result, "back") == Verdict::Pass);
}

// A Job that fails in one of five cases, and takes between one and three minutes.
ScenarioResult sampled(const std::string& runs, const std::string& expectation) {
  return Stage()
      .file("s/v1/job.yaml",
            "apiVersion: batch/v1\nkind: Job\nmetadata: {name: migrate}\nspec: {backoffLimit: 0, "
            "template: {spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}\n"
            "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: after, annotations: "
            "{argocd.argoproj.io/sync-wave: '1'}}\n")
      .play("apps: {shop: {path: v1}}\nseed: 3\nsample: {runs: " + runs +
            "}\nbehaviours: [{match: {kind: Job}, after: uniform(1m 3m), outcome: {Succeed: 80%, "
            "Fail: 20%}}]\ntimeline: [sync: shop]\nexpect: [{name: good, outcome: Succeeded}, "
            "{name: often, " +
            expectation + "}]\n");
}

TEST_CASE("a probability is judged by its interval, from both sides") {
  const auto judged = [](const std::string& runs, const std::string& goal) {
    return verdict(sampled(runs, "probability: {of: good, " + goal + "}"), "often");
  };
  CHECK(judged("60", "atLeast: 60%") == Verdict::Pass);
  CHECK(judged("60", "atLeast: 95%") == Verdict::Fail);
  CHECK(judged("60", "atMost: 95%") == Verdict::Pass);
  CHECK(judged("60", "atMost: 60%") == Verdict::Fail);
  CHECK(judged("20", "atLeast: 80%") == Verdict::Inconclusive);
  CHECK(judged("60", "atLeast: 80%, confidence: 99%") == Verdict::Inconclusive);
}

TEST_CASE("a quantile is judged by the ranks around it; runs that fail take for ever") {
  const auto judged = [](const std::string& goal) {
    return verdict(sampled("60", "quantile: {of: duration(sync shop), " + goal + "}"), "often");
  };
  CHECK(judged("p: 50, atMost: 4m") == Verdict::Pass);
  CHECK(judged("p: 50, atMost: 1m") == Verdict::Fail);
  CHECK(judged("p: 50, atLeast: 1m") == Verdict::Pass);
  CHECK(judged("p: 95, atMost: 1h") == Verdict::Fail);
  CHECK(judged("p: 80, atMost: 1h") == Verdict::Inconclusive);
}

TEST_CASE("what broke in a run can be played again by its seed") {
  const ScenarioResult result = sampled("30", "probability: {of: good, atLeast: 99%}");
  const ExpectationReport& report = result.expectations.back();
  REQUIRE(report.reasons.size() == 1);
  CHECK(report.reasons.front().find("a run in which it broke: play it with --seed ") == 0);
  // The first run of fewer and of more is the same one.
  const ScenarioResult more = sampled("60", "probability: {of: good, atLeast: 99%}");
  CHECK(more.expectations.back().reasons == report.reasons);
}

TEST_CASE("a world that gets nowhere is given up, and nothing is claimed of it") {
  const ScenarioResult result =
      Stage()
          .file("s/v1/a.yaml", kConfig)
          .play(
              "apps: {shop: {path: v1}}\nmaxSteps: 1\ntimeline: [sync: shop]\n"
              "expect: [{name: never, never: deleting(ConfigMap/config)}, {name: ends, outcome: "
              "Succeeded}]\n");
  CHECK(verdict(result, "never") == Verdict::Inconclusive);
  CHECK(verdict(result, "ends") != Verdict::Pass);
}

TEST_CASE("a path into a list names its items by their numbers") {
  const ScenarioResult result =
      Stage()
          .file("s/web/web.yaml", kDeployment)
          .play(
              "apps: {web: {path: web, namespace: default}}\ntimeline: [sync: web]\nexpect:\n"
              "  - {name: image, sometimes: "
              "'live(Deployment/web .spec.template.spec.containers.0.image) == x'}\n"
              "  - {name: behind the end, never: "
              "'live(Deployment/web .spec.template.spec.containers.1.image) != absent'}\n");
  CHECK(verdict(result, "image") == Verdict::Pass);
  CHECK(verdict(result, "behind the end") == Verdict::Pass);
}

TEST_CASE("a trigger waits for what it watches, and for the wanted occurrence") {
  const ScenarioResult result =
      Stage()
          .file("s/v1/a.yaml", kConfig)
          .play(
              "apps: {shop: {path: v1}}\n"
              "timeline:\n  - sync: shop\n  - {at: 60s, sync: shop}\n"
              "  - {when: op(shop) == Succeeded, occurrence: 2, after: 5s, "
              "delete: ConfigMap/config}\n"
              "expect: [{name: gone, eventually: not exists(ConfigMap/config), thenStays: "
              "true}]\n");
  CHECK(verdict(result, "gone") == Verdict::Pass);
  const Trace& trace = result.simulation.trace;
  const auto deleted = std::find_if(trace.begin(), trace.end(), [](const Event& event) {
    return event.text == "somebody deletes ConfigMap/config";
  });
  REQUIRE(deleted != trace.end());
  CHECK(deleted->at == base::Instant{} + std::chrono::seconds(65));
}

TEST_CASE("a drained node loses its pods, and others take them") {
  const ScenarioResult result =
      Stage()
          .file("s/v1/a.yaml", kDeployment)
          .play(
              "cluster: {nodes: [{name: n1, pods: 5}, {name: n2, pods: 5}]}\n"
              "apps: {shop: {path: v1}}\n"
              "timeline:\n  - sync: shop\n  - drain: n1\n  - drain: n2\n  - uncordon: n1\n"
              "expect:\n  - {name: dark, sometimes: ready(Deployment/web) == 0 and syncs(shop) == "
              "1}\n"
              "  - {name: back, eventually: ready(Deployment/web) == 1, thenStays: true}\n");
  CHECK(verdict(result, "dark") == Verdict::Pass);
  CHECK(verdict(result, "back") == Verdict::Pass);
}

TEST_CASE("a lost node keeps its pods terminating, and others take their place") {
  const ScenarioResult result =
      Stage()
          .file("s/v1/a.yaml", kDeployment)
          .play(
              "cluster: {nodes: [{name: n1}, {name: n2}]}\n"
              "apps: {shop: {path: v1}}\n"
              "timeline:\n  - sync: shop\n  - loseNode: n1\n  - restoreNode: n1\n"
              "expect:\n  - {name: dark, sometimes: ready(Deployment/web) == 0 and syncs(shop) == "
              "1}\n"
              "  - {name: back, eventually: ready(Deployment/web) == 1, thenStays: true}\n");
  CHECK(verdict(result, "dark") == Verdict::Pass);
  CHECK(verdict(result, "back") == Verdict::Pass);
  const Trace& trace = result.simulation.trace;
  const auto at = [&](std::string_view text) {
    const auto found = std::find_if(trace.begin(), trace.end(), [&](const Event& event) {
      return event.text.find(text) != std::string::npos;
    });
    REQUIRE(found != trace.end());
    return found->at;
  };
  // The world is at rest again only when the pod was replaced: 50 s of grace, 300 s of toleration.
  CHECK(at("the node comes back: n1") >= at("the node is lost: n1") + std::chrono::seconds(350));
}

}  // namespace
}  // namespace wavetank::sim
