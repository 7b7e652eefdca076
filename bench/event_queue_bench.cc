// The hold model: take the next event, plan another one; at several numbers of pending events.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "cluster/event_queue.h"

namespace wavetank::cluster {
namespace {

void hold(benchmark::State& state) {
  EventQueue queue;
  std::uint64_t noise = 1;
  const auto delay = [&] {
    noise = noise * 6364136223846793005ULL + 1442695040888963407ULL;
    return base::Duration(static_cast<std::int64_t>(noise >> 40U));
  };
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    queue.push({.at = base::Instant{} + delay(),
                .object = {.kind = "Job", .name_space = "shop", .name = fmt::format("job-{}", i)}});
  }
  for (auto _ : state) {
    Event event = queue.pop();
    event.at += delay();
    ++event.number;
    queue.push(std::move(event));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(hold)->Arg(256)->Arg(1000)->Arg(10000);

}  // namespace
}  // namespace wavetank::cluster
