#include "reference/agreement.h"

#include <fmt/format.h>

#include <vector>

#include "reference/twin.h"

namespace wavetank::reference {

using support::Played;
using support::SmallWorld;
using support::to_text;

namespace {

constexpr int kPassesMax = 30;  // far more than any of these operations needs, unless it hangs

struct Called {
  sync::Request request;
  sync::Answer answer;
};

bool equal(const sync::Request& a, const sync::Request& b) {
  return a.kind == b.kind && a.key == b.key && a.target == b.target && a.live == b.live &&
         a.phase == b.phase && a.wave == b.wave && a.is_hook == b.is_hook &&
         a.dry_run == b.dry_run && a.force == b.force && a.validate == b.validate &&
         a.server_side == b.server_side && a.add_hook_finalizer == b.add_hook_finalizer &&
         a.final == b.final && a.resource_version == b.resource_version &&
         a.propagation == b.propagation;
}

// The callback that Argo CD sleeps in is told the phase, the wave and whether it is the final one;
// the rest of such a request has no meaning.
sync::Request meaningful(const sync::Request& request) {
  if (request.kind != sync::RequestKind::WaveHook) return request;
  return {.kind = request.kind,
          .key = {.group = base::kEmptySymbol,
                  .kind = base::kEmptySymbol,
                  .name_space = base::kEmptySymbol,
                  .name = base::kEmptySymbol},
          .phase = request.phase,
          .wave = request.wave,
          .final = request.final};
}

bool equal(const sync::Result& a, const sync::Result& b) {
  return a.key == b.key && a.phase == b.phase && a.is_hook == b.is_hook && a.status == b.status &&
         a.state == b.state && a.message == b.message && a.version == b.version &&
         a.images == b.images;
}

bool equal(const sync::SyncState& a, const sync::SyncState& b) {
  if (a.phase != b.phase || a.message != b.message || a.results.size() != b.results.size()) {
    return false;
  }
  for (std::size_t i = 0; i < a.results.size(); ++i) {
    if (!equal(a.results[i], b.results[i])) return false;
  }
  return true;
}

std::string calls_text(const std::vector<Called>& calls, const base::Interner& interner) {
  std::string text;
  for (const Called& call : calls) {
    text += fmt::format("    {} -> {}\n", to_text(call.request, interner),
                        to_text(call.answer, interner));
  }
  return text;
}

// One operation under way.
class Comparison {
 public:
  Comparison(SmallWorld& world, base::Interner& interner) : world_(world), interner_(interner) {}

  // Plays the next pass with both. False: they disagree, see text().
  bool play(int pass);
  [[nodiscard]] bool is_over() const { return state_.completed(); }
  // The last pass changed nothing and asked for nothing.
  [[nodiscard]] bool is_stuck() const { return is_stuck_; }
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] std::size_t calls() const { return ours_.size(); }

 private:
  sync::Answer hear_twin(const sync::Request& request);
  void describe(int pass, const sync::SyncState& ours, const sync::SyncState& twins);

  SmallWorld& world_;
  base::Interner& interner_;
  sync::SyncState state_;
  std::vector<Called> ours_;
  std::vector<Called> twins_;
  bool same_calls_ = true;
  bool is_stuck_ = false;
  std::string text_;
};

sync::Answer Comparison::hear_twin(const sync::Request& request) {
  const std::size_t at = twins_.size();
  same_calls_ =
      same_calls_ && at < ours_.size() && equal(meaningful(request), meaningful(ours_[at].request));
  // After a disagreement the answers no longer fit; the pass only has to come to an end.
  const sync::Answer answer = same_calls_
                                  ? ours_[at].answer
                                  : sync::Answer{.status = sync::AnswerStatus::Error,
                                                 .message = interner_.intern("never asked")};
  twins_.push_back({request, answer});
  return answer;
}

bool Comparison::play(int pass) {
  ours_.clear();
  twins_.clear();
  same_calls_ = true;
  const sync::PassInput& input = world_.look(pass);
  const Played played =
      support::play_engine(input, state_, interner_, [&](const sync::Request& request) {
        ours_.push_back({request, world_.answer(request)});
        return ours_.back().answer;
      });
  const sync::SyncState twins = play_pass(
      input, state_, interner_, [&](const sync::Request& request) { return hear_twin(request); });
  const bool agree = same_calls_ && ours_.size() == twins_.size() && equal(played.state, twins);
  if (!agree) describe(pass, played.state, twins);
  is_stuck_ = ours_.empty() && equal(played.state, state_);
  state_ = played.state;
  return agree;
}

void Comparison::describe(int pass, const sync::SyncState& ours, const sync::SyncState& twins) {
  text_ = fmt::format("pass {}\n  the engine\n{}    {}  the twin\n{}    {}", pass,
                      calls_text(ours_, interner_), to_text(ours, interner_),
                      calls_text(twins_, interner_), to_text(twins, interner_));
}

}  // namespace

std::optional<std::string> disagreement(const support::Application& application,
                                        support::FactsCache& cache, Count& count) {
  SmallWorld world(application, cache);
  ++count.applications;
  for (std::size_t number = 0; number < application.syncs.size(); ++number) {
    world.begin_sync(number);
    Comparison comparison(world, cache.interner());
    for (int pass = 0; pass < kPassesMax; ++pass) {
      ++count.passes;
      const bool agree = comparison.play(pass);
      count.calls += comparison.calls();
      if (!agree) {
        return fmt::format("{}disagree on sync {}, {}", to_text(application), number + 1,
                           comparison.text());
      }
      world.step();
      if (comparison.is_over()) break;
      const auto& script = application.syncs[number];
      const bool waits_for_script =
          pass < script.terminate_at.value_or(-1) || pass < script.confirmed_from.value_or(-1);
      if (comparison.is_stuck() && world.is_idle() && !waits_for_script) break;
    }
  }
  return std::nullopt;
}

}  // namespace wavetank::reference
