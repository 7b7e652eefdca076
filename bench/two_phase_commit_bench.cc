// Two-phase commit on our explorer, to stand beside other checkers: the model that TLA+ is taught
// with (Gray and Lamport, Consensus on Transaction Commit, 2006). With eight participants TLC,
// Stateright and SPIN all count 1,745,408 states and 18,507,778 transitions; so does this, or the
// benchmark fails.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "explore/frontier.h"

namespace wavetank::explore {
namespace {

enum class Participant : std::uint8_t { Working, Prepared, Committed, Aborted };
enum class Manager : std::uint8_t { Waiting, Committed, Aborted };

// Eight participants at two bits each, and sets of participants as bits.
class Transaction {
 public:
  [[nodiscard]] std::span<const std::uint8_t> bytes() const { return bytes_; }
  void assign(std::span<const std::uint8_t> bytes) {
    std::copy(bytes.begin(), bytes.end(), bytes_.begin());
  }
  [[nodiscard]] Participant participant(unsigned number) const {
    return static_cast<Participant>(bytes_[number / 4] >> (number % 4 * 2) & 3U);
  }
  void set(unsigned number, Participant state) {
    const unsigned shift = number % 4 * 2;
    bytes_[number / 4] = static_cast<std::uint8_t>((bytes_[number / 4] & ~(3U << shift)) |
                                                   static_cast<unsigned>(state) << shift);
  }
  [[nodiscard]] Manager manager() const { return static_cast<Manager>(bytes_[2]); }
  void set(Manager state) { bytes_[2] = static_cast<std::uint8_t>(state); }
  // Who the manager knows to be prepared, and who has said so.
  [[nodiscard]] std::uint8_t& known() { return bytes_[3]; }
  [[nodiscard]] std::uint8_t& said() { return bytes_[4]; }

 private:
  std::array<std::uint8_t, 5> bytes_{};
};

class Exploring {
 public:
  explicit Exploring(unsigned participants) : participants_(participants) {}

  void run() {
    Transaction transaction;
    frontier_.push(0, transaction, {});
    frontier_.run(
        transaction, visited_,
        [&](const Transaction& state, NodeId node, const Waiting& waiting, std::size_t) {
          follow(state, {.parent = node, .depth = waiting.depth + 1});
          return true;
        },
        [](NodeId, const Waiting&) {});
  }

  [[nodiscard]] const Visited& visited() const { return visited_; }
  [[nodiscard]] std::uint64_t moves() const { return moves_; }

 private:
  void add(const Transaction& state, const Waiting& waiting) {
    ++moves_;
    frontier_.push(0, state, waiting);
  }

  void follow(const Transaction& from, const Waiting& waiting) {
    Transaction state = from;
    const auto all = static_cast<std::uint8_t>((1U << participants_) - 1U);
    if (state.manager() == Manager::Waiting) {
      if (state.known() == all) decide(from, Manager::Committed, waiting);
      decide(from, Manager::Aborted, waiting);
    }
    for (unsigned i = 0; i < participants_; ++i) follow_one(from, i, waiting);
  }

  void decide(const Transaction& from, Manager decision, const Waiting& waiting) {
    Transaction state = from;
    state.set(decision);
    add(state, waiting);
  }

  void follow_one(const Transaction& from, unsigned number, const Waiting& waiting) {
    const auto bit = static_cast<std::uint8_t>(1U << number);
    Transaction state = from;
    if (state.manager() == Manager::Waiting && (state.said() & bit) != 0) {
      state.known() |= bit;
      add(state, waiting);
      state = from;
    }
    if (from.participant(number) == Participant::Working) {
      state.set(number, Participant::Prepared);
      state.said() |= bit;
      add(state, waiting);
      state = from;
      state.set(number, Participant::Aborted);
      add(state, waiting);
      state = from;
    }
    if (from.manager() == Manager::Waiting) return;
    state.set(number,
              from.manager() == Manager::Committed ? Participant::Committed : Participant::Aborted);
    add(state, waiting);
  }

  unsigned participants_;
  Frontier<Transaction> frontier_{1};
  Visited visited_;
  std::uint64_t moves_ = 1;  // the beginning counts, as other checkers count
};

// Participants, and what others count for them.
void two_phase_commit(benchmark::State& state) {
  for (auto _ : state) {
    Exploring exploring(static_cast<unsigned>(state.range(0)));
    exploring.run();
    const auto states = static_cast<std::int64_t>(exploring.visited().size());
    if (states != state.range(1)) state.SkipWithError("another number of states");
    if (static_cast<std::int64_t>(exploring.moves()) != state.range(2)) {
      state.SkipWithError("another number of transitions");
    }
    state.counters["bytes_per_state"] =
        static_cast<double>(exploring.visited().bytes()) / static_cast<double>(states);
  }
  using benchmark::Counter;
  state.counters["states"] =
      Counter(static_cast<double>(state.range(1) * state.iterations()), Counter::kIsRate);
  state.counters["transitions"] =
      Counter(static_cast<double>(state.range(2) * state.iterations()), Counter::kIsRate);
}
BENCHMARK(two_phase_commit)->Args({8, 1'745'408, 18'507'778})->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace wavetank::explore
