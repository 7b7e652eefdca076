// What a scenario expects, and the watch over it while the world moves.
//
// Verdicts have three values and one more: an expectation whose occasion never came is vacuous,
// which is no success.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/distribution.h"
#include "base/time.h"
#include "sim/scenario/predicate.h"
#include "sim/simulate.h"

namespace wavetank::sim {

// What many runs have to show.
struct Goal {
  std::string of;              // Probability: the name of another expectation
  std::string application;     // Quantile: whose last sync
  bool is_at_least = true;     // else: at most
  std::uint32_t share = 0;     // Probability: in units of base::kWhole
  std::uint32_t quantile = 0;  // Quantile: in units of base::kWhole
  base::Duration time{};       // Quantile
  std::uint32_t confidence = base::kWhole / 100 * 95;
};

struct Expectation {
  enum class Kind : std::uint8_t {
    Outcome,  // of the last sync
    Always,   // at every moment
    Never,
    Eventually,   // at some moment, and with `stays` from then on
    Before,       // an event does not happen unless another one has
    LeadsTo,      // whenever one thing holds, another does soon
    Sometimes,    // it is possible: it held at some moment
    Probability,  // how often another expectation holds, over many runs
    Quantile      // how long a sync takes, over many runs
  };
  Kind kind = Kind::Always;
  std::string name;
  bool is_warning = false;  // severity: warning
  std::optional<Predicate> predicate;
  std::optional<Predicate> scope;   // `while`
  std::optional<Predicate> target;  // of LeadsTo
  std::optional<EventPattern> first;
  std::optional<EventPattern> then;
  bool is_strict = false;  // both events must happen
  bool stays = false;
  std::optional<base::Duration> within;
  Outcome outcome = Outcome::Succeeded;
  Goal goal;
  std::uint32_t line = 0;
  std::uint32_t column = 0;

  [[nodiscard]] bool is_statistical() const {
    return kind == Kind::Probability || kind == Kind::Quantile;
  }
  // As the scenario says it: "eventually health(shop) == Healthy within 5m".
  [[nodiscard]] std::string text() const;
};

enum class Verdict : std::uint8_t { Pass, Fail, Inconclusive, Vacuous };
[[nodiscard]] std::string_view name(Verdict verdict);

struct ExpectationReport {
  std::string name;
  std::string expected;  // its text
  Verdict verdict = Verdict::Pass;
  bool is_warning = false;
  std::optional<base::Instant> broke_at;
  std::string found;                 // what there was instead
  std::vector<std::string> reasons;  // back to the cause, one line each, the latest first
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

// How the world stood when it was left. Limit: it had made as many steps as it may.
enum class Rest : std::uint8_t { AtRest, Horizon, Limit };

class Monitor {
 public:
  // REQUIRES: the expectation outlives it.
  explicit Monitor(const Expectation& expectation) : expectation_(expectation) {}

  void look(const Outlook& outlook);
  // `last`: of the last sync; nothing: there was none.
  [[nodiscard]] ExpectationReport finish(const Outlook& outlook, Rest rest,
                                         const std::optional<SyncReport>& last);

 private:
  void fail(const Outlook& outlook, std::string found);
  void look_at_scope(const Outlook& outlook, bool wanted);
  void look_eventually(const Outlook& outlook);
  void look_leads_to(const Outlook& outlook);
  [[nodiscard]] Verdict judge_events(const Outlook& outlook);
  [[nodiscard]] Verdict judge(const Outlook& outlook, Rest rest,
                              const std::optional<SyncReport>& last);
  [[nodiscard]] std::vector<std::string> reasons(const Outlook& outlook) const;

  const Expectation& expectation_;
  bool has_occurred_ = false;  // the scope, the occasion, or what has to be
  bool has_failed_ = false;
  std::optional<base::Instant> since_;  // LeadsTo: waits for its target
  std::optional<base::Instant> broke_at_;
  std::string found_;
};

}  // namespace wavetank::sim
