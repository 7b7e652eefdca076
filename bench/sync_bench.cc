// Whole syncs of an application against the fake cluster, from an empty cluster to the last health.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "load/project.h"
#include "sim/simulate.h"
#include "support/memory_files.h"

namespace wavetank::sim {
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

std::string hook(const char* phase) {
  return fmt::format(
      "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: {0}\n"
      "  annotations: {{argocd.argoproj.io/hook: {1}}}\n"
      "spec:\n  template:\n    spec:\n      restartPolicy: Never\n"
      "      containers: [{{name: main, image: busybox}}]\n",
      phase[1] == 'r' ? "migrate" : "notify", phase);
}

// A PreSync and a PostSync hook, and of the rest equal parts of ConfigMaps, Services, Deployments.
load::Project application(int resources) {
  support::MemoryFiles files;
  files.add("app/hooks.yaml", hook("PreSync") + "---\n" + hook("PostSync"));
  for (int i = 0; i < resources - 2; ++i) {
    const std::string text = i % 3 == 0 ? config(i) : i % 3 == 1 ? service(i) : deployment(i);
    files.add(fmt::format("app/{}.yaml", i), text);
  }
  return load::load_project(files, {.paths = {"app"}});
}

void sync(benchmark::State& state) {
  const load::Project project = application(static_cast<int>(state.range(0)));
  for (auto _ : state) {
    const Simulation result = simulate(project.bundles.front(), {});
    if (result.last().outcome != Outcome::Succeeded) state.SkipWithError("the sync failed");
    benchmark::DoNotOptimize(result.trace.size());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(sync)->Arg(12)->Arg(1000)->Arg(10000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace wavetank::sim
