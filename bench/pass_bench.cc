// One pass of the engine, and all passes of an operation, for applications of several sizes.
//
// `allocations` is what one iteration takes from the heap once every buffer has grown: none.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <string>
#include <vector>

#include "sync/pass.h"

namespace {

std::atomic<std::uint64_t> allocations{0};

}  // namespace

// Counting in the global allocation functions sees what no other way does.
__attribute__((noinline)) void* operator new(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
__attribute__((noinline)) void operator delete(void* memory) noexcept { std::free(memory); }
__attribute__((noinline)) void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace wavetank::sync {
namespace {

// `size` resources in five waves, with a hook before and a hook behind them, on a cluster where
// everything is healthy at once.
class Application {
 public:
  explicit Application(std::size_t size) : pass_(interner_) {
    operation_.name_space = interner_.intern("shop");
    facts_.reserve(size);
    for (std::size_t i = 0; i < size; ++i) add(i, size);
    for (const auto& facts : facts_) targets_.push_back({.facts = &facts});
    live_.reserve(size);
  }

  // Plays one pass from `state` on; the answer to every call is success.
  void play(SyncState& state) {
    const PassInput input{.operation = &operation_, .targets = targets_, .live = live_};
    pass_.start(input, state);
    for (auto requests = pass_.resume({}); !requests.empty(); requests = pass_.resume(answers_)) {
      answers_.assign(requests.size(), {.message = done_});
    }
    state = pass_.state();
  }

  // What was applied becomes live, as far as `state` has results.
  void observe(const SyncState& state) {
    live_.clear();
    for (const auto& facts : facts_) {
      for (const Result& result : state.results) {
        if (result.key == facts.key) {
          live_.push_back({.facts = &facts, .health = health_});
          break;
        }
      }
    }
  }

  void observe_all() {
    live_.clear();
    for (const auto& facts : facts_) live_.push_back({.facts = &facts, .health = health_});
  }

  void set_health(health::Status status) { health_ = status; }

 private:
  void add(std::size_t i, std::size_t size) {
    constexpr std::size_t kWaves = 5;
    model::ObjectFacts facts;
    const bool is_hook = i == 0 || i + 1 == size;
    const bool is_job = is_hook || i % 7 == 3;
    facts.key = {.group = interner_.intern(is_job ? "batch" : "apps"),
                 .kind = interner_.intern(is_job ? "Job" : "Deployment"),
                 .name_space = operation_.name_space,
                 .name = interner_.intern(fmt::format("part-{}", i * 7919 % size))};
    facts.version = interner_.intern("v1");
    facts.generate_name = base::kEmptySymbol;
    if (is_hook) {
      facts.hook.is_hook = true;
      facts.hook.phases.add(i == 0 ? model::Phase::PreSync : model::Phase::PostSync);
    } else {
      facts.wave = static_cast<std::int64_t>(i % kWaves);
    }
    facts_.push_back(facts);
  }

  base::Interner interner_;
  Operation operation_;
  Pass pass_;
  base::Symbol done_ = interner_.intern("configured");
  std::vector<model::ObjectFacts> facts_;
  std::vector<Target> targets_;
  std::vector<LiveObject> live_;
  std::vector<Answer> answers_;
  health::Status health_ = health::Status::Healthy;
};

void count_allocations(benchmark::State& state, std::uint64_t before) {
  state.counters["allocations"] = benchmark::Counter(
      static_cast<double>(allocations.load() - before), benchmark::Counter::kAvgIterations);
}

// A pass in the middle of an operation that waits for the last wave: the one that is played most.
void waiting_pass(benchmark::State& state) {
  const auto size = static_cast<std::size_t>(state.range(0));
  Application application(size);
  SyncState memory;
  while (!memory.completed() && memory.results.size() + 1 < size) {
    application.play(memory);
    application.observe(memory);
  }
  application.set_health(health::Status::Progressing);
  application.observe(memory);
  application.play(memory);
  const std::uint64_t before = allocations.load();
  for (auto _ : state) application.play(memory);
  count_allocations(state, before);
  state.SetItemsProcessed(state.iterations());
  state.SetComplexityN(state.range(0));
}
BENCHMARK(waiting_pass)->Arg(10)->Arg(100)->Arg(1000)->Arg(10000)->Complexity();

// A whole operation over a cluster that has everything already; items are passes.
void whole_operation(benchmark::State& state) {
  Application application(static_cast<std::size_t>(state.range(0)));
  application.observe_all();
  SyncState memory;
  std::int64_t passes = 0;
  const auto play_all = [&] {
    memory.phase = OperationPhase::Running;
    memory.results.clear();
    while (!memory.completed()) {
      application.play(memory);
      ++passes;
    }
  };
  play_all();
  passes = 0;
  const std::uint64_t before = allocations.load();
  for (auto _ : state) play_all();
  count_allocations(state, before);
  state.SetItemsProcessed(passes);
  state.SetComplexityN(state.range(0));
}
BENCHMARK(whole_operation)->Arg(10)->Arg(100)->Arg(1000)->Arg(10000)->Complexity();

}  // namespace
}  // namespace wavetank::sync
