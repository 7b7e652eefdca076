// Whole syncs of an application against the fake cluster, from an empty cluster to the last health.
#include <benchmark/benchmark.h>

#include "sample_application.h"
#include "sim/simulate.h"

namespace wavetank::sim {
namespace {

void sync(benchmark::State& state) {
  const load::Project project = bench::sample_application(static_cast<int>(state.range(0)));
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
