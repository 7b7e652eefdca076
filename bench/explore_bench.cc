// The compact world: whole syncs, with everything that Argo CD and the objects do in them, and the
// bare event queue below it.
#include <benchmark/benchmark.h>

#include "base/chooser.h"
#include "explore/run.h"
#include "sample_application.h"

namespace wavetank::explore {
namespace {

void compilation(benchmark::State& state) {
  const load::Project project = bench::sample_application(static_cast<int>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(compile(project.bundles.front(), {}));
}
BENCHMARK(compilation)->Arg(12)->Arg(1000)->Arg(10000)->Unit(benchmark::kMillisecond);

void sync(benchmark::State& state) {
  const load::Project project = bench::sample_application(static_cast<int>(state.range(0)));
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
