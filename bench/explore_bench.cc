// The compact world: whole syncs, with everything that Argo CD and the objects do in them, and the
// bare event queue below it.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "base/chooser.h"
#include "explore/run.h"
#include "load/project.h"
#include "support/memory_files.h"

namespace wavetank::explore {
namespace {

std::string config(int number) {
  return fmt::format(
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: config-{0}}}\ndata: {{key: value}}\n",
      number);
}

std::string deployment(int number) {
  return fmt::format(
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web-{0}}}\n"
      "spec:\n  selector: {{matchLabels: {{app: web-{0}}}}}\n"
      "  template:\n    metadata: {{labels: {{app: web-{0}}}}}\n"
      "    spec: {{containers: [{{name: main, image: nginx}}]}}\n",
      number);
}

std::string service(int number) {
  return fmt::format(
      "apiVersion: v1\nkind: Service\nmetadata: {{name: web-{0}}}\n"
      "spec: {{selector: {{app: web-{0}}}, ports: [{{port: 80}}]}}\n",
      number);
}

std::string hook(const char* name, const char* phase) {
  return fmt::format(
      "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: {0}\n"
      "  annotations: {{argocd.argoproj.io/hook: {1}}}\n"
      "spec:\n  template:\n    spec:\n      restartPolicy: Never\n"
      "      containers: [{{name: main, image: busybox}}]\n",
      name, phase);
}

// As in sync_bench.cc: two hooks, and equal parts of ConfigMaps, Services and Deployments.
load::Project application(int resources) {
  support::MemoryFiles files;
  files.add("app/hooks.yaml", hook("migrate", "PreSync") + "---\n" + hook("notify", "PostSync"));
  for (int i = 0; i < resources - 2; ++i) {
    const std::string text = i % 3 == 0 ? config(i) : i % 3 == 1 ? service(i) : deployment(i);
    files.add(fmt::format("app/{}.yaml", i), text);
  }
  return load::load_project(files, {.paths = {"app"}});
}

void compilation(benchmark::State& state) {
  const load::Project project = application(static_cast<int>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(compile(project.bundles.front(), {}));
}
BENCHMARK(compilation)->Arg(12)->Arg(1000)->Arg(10000)->Unit(benchmark::kMillisecond);

void sync(benchmark::State& state) {
  const load::Project project = application(static_cast<int>(state.range(0)));
  const auto model = compile(project.bundles.front(), {});
  Run run(*model);
  for (auto _ : state) {
    const World& end = run.play({});
    if (end.phase() != sync::OperationPhase::Succeeded) state.SkipWithError("the sync failed");
  }
  state.SetItemsProcessed(state.iterations());
  const auto iterations = static_cast<double>(state.iterations());
  state.counters["passes"] = static_cast<double>(run.passes()) / iterations;
  state.counters["events"] = static_cast<double>(run.events()) / iterations;
  state.counters["world_bytes"] = static_cast<double>(World(*model).bytes().size());
}
BENCHMARK(sync)->Arg(12)->Arg(100)->Arg(1000)->Arg(10000)->Unit(benchmark::kMicrosecond);

// The hold model: with N events pending, the first one happens and brings another.
void event_queue(benchmark::State& state) {
  const auto pending = static_cast<std::uint32_t>(state.range(0));
  EventQueue queue;
  std::uint64_t chance = 1;
  const auto next_at = [&](base::Instant now) {
    chance = chance * 6364136223846793005U + 1442695040888963407U;
    return now + base::Duration(static_cast<std::int64_t>(chance >> 34U));
  };
  for (std::uint32_t i = 0; i < pending; ++i) queue.push({.at = next_at({}), .number = i});
  for (auto _ : state) {
    const Due due = queue.top();
    queue.replace_top({.at = next_at(due.at), .number = due.number});
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(event_queue)->Arg(256)->Arg(1000)->Arg(10000);

}  // namespace
}  // namespace wavetank::explore
