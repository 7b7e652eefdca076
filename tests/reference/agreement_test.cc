// The engine and its dull twin agree on every pass of every application.

#include <fmt/format.h>
#include <rapidcheck.h>

#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>
#include <cstdlib>

#include "reference/agreement.h"
#include "support/engine/draw.h"

namespace wavetank::reference {
namespace {

using support::Annotations;
using support::Application;
using support::Before;
using support::End;
using support::Fate;
using support::Item;
using support::Wildness;
using support::Write;

void require_agreement(const Application& application, Count& count) {
  base::Interner interner;
  support::FactsCache cache(interner);
  if (const auto difference = disagreement(application, cache, count)) RC_FAIL(*difference);
}

TEST_CASE("the engine and its twin agree on what people write") {
  Count count;
  rc::prop("tame applications",
           [&] { require_agreement(*support::applications(Wildness::Tame), count); });
  fmt::print("agreed on {} drawn applications, {} passes, {} calls\n", count.applications,
             count.passes, count.calls);
}

TEST_CASE("the engine and its twin agree on what nobody would write") {
  Count count;
  rc::prop("wild applications",
           [&] { require_agreement(*support::applications(Wildness::Wild), count); });
  fmt::print("agreed on {} wild applications, {} passes, {} calls\n", count.applications,
             count.passes, count.calls);
}

// What a resource of the exhaustive test is and does, but for its wave.
struct Variant {
  Annotations annotations;
  std::optional<Before> before;
  Fate fate;
  unsigned phases = 2;  // bits: PreSync, Sync, PostSync, SyncFail
  [[nodiscard]] bool is_hook() const { return !annotations.hook.empty(); }
};

enum class Detail : std::uint8_t { Full, Reduced };

// Reduced: hooks that hang or are refused are never deleted, so one policy stands for all.
std::vector<Variant> variants(Detail detail) {
  const Variant succeeds{};
  Variant fails;
  fails.fate.end = End::Degraded;
  Variant hangs;
  hangs.fate.end = End::Progressing;
  Variant refused;
  refused.fate.write = Write::Refused;
  Variant already_there;
  already_there.before = Before{};
  Variant leftover = fails;
  leftover.before = Before{.annotations = {}, .has_finalizer = true};

  std::vector<Variant> all{succeeds, fails, hangs, refused, already_there};
  const std::vector<std::pair<const char*, unsigned>> hooks{
      {"PreSync", 1}, {"Sync", 2}, {"PostSync", 4}, {"SyncFail", 8}, {"PreSync,PostSync", 5}};
  for (const auto& [hook, phases] : hooks) {
    const auto add = [&, &words = hook, &bits = phases](Variant variant, const char* policy) {
      variant.annotations.hook = words;
      variant.phases = bits;
      variant.annotations.policy = policy;
      if (variant.before) variant.before->annotations = variant.annotations;
      all.push_back(variant);
    };
    const bool full = detail == Detail::Full;
    for (const char* policy : {"", "HookSucceeded", "HookFailed", "HookSucceeded,HookFailed"}) {
      if (!full && std::string_view(policy).find(',') != std::string_view::npos) continue;
      for (const Variant& variant : {succeeds, fails, already_there, leftover}) {
        add(variant, policy);
      }
      if (full || *policy == '\0') {
        for (const Variant& variant : {hangs, refused}) add(variant, policy);
      }
    }
  }
  return all;
}

using Waves = std::vector<int>;

// All waves that so many resources can have.
std::vector<Waves> all_waves(std::size_t count) {
  std::vector<Waves> all{{}};
  for (std::size_t i = 0; i < count; ++i) {
    std::vector<Waves> longer;
    for (const Waves& waves : all) {
      for (const int wave : {-1, 0, 1}) {
        longer.push_back(waves);
        longer.back().push_back(wave);
      }
    }
    all = std::move(longer);
  }
  return all;
}

// Resources that share phases, directly or through others, get one number.
std::vector<std::size_t> parts(const std::vector<const Variant*>& chosen) {
  std::vector<std::size_t> part(chosen.size());
  for (std::size_t i = 0; i < part.size(); ++i) part[i] = i;
  for (std::size_t round = 0; round < part.size(); ++round) {
    for (std::size_t i = 0; i < part.size(); ++i) {
      for (std::size_t j = 0; j < part.size(); ++j) {
        const bool share = (chosen[i]->phases & chosen[j]->phases) != 0;
        if (share) part[i] = std::min(part[i], part[j]);
      }
    }
  }
  return part;
}

// Only the order of waves within a phase matters, not their numbers: of all waves with one order
// those without a gap, beginning at -1, stand for the others.
bool are_lowest(const Waves& waves, const std::vector<std::size_t>& part) {
  for (std::size_t i = 0; i < waves.size(); ++i) {
    bool has_predecessor = waves[i] == -1;
    for (std::size_t j = 0; j < waves.size(); ++j) {
      if (part[j] == part[i] && waves[j] == waves[i] - 1) has_predecessor = true;
    }
    if (!has_predecessor) return false;
  }
  return true;
}

// Plays a share of all combinations.
class Exhaustive {
 public:
  explicit Exhaustive(Detail detail) : variants_(variants(detail)), detail_(detail) {}

  // Every application of `count` resources, at most three. Which resource has which name does not
  // matter as long as all combinations occur, so variants are chosen in ascending order.
  void play(std::size_t count, std::size_t first = 0) {
    if (chosen_.size() == count) {
      const auto part = parts(chosen_);
      for (const Waves& waves : all_waves_[count]) {
        if (detail_ == Detail::Reduced && !are_lowest(waves, part)) continue;
        if (number_++ % slice() == 0) play_one(waves);
      }
      return;
    }
    for (std::size_t i = first; i < variants_.size(); ++i) {
      chosen_.push_back(&variants_[i]);
      play(count, i);
      chosen_.pop_back();
    }
  }

  void print(const char* what) const {
    fmt::print("agreed on {} applications {}, {} passes, {} calls\n", count_.applications, what,
               count_.passes, count_.calls);
  }

 private:
  // Every how many applications one is played: WAVETANK_SLICE, else all in optimised builds.
  static std::uint64_t slice() {
    static const std::uint64_t kSlice = [] {
      if (const char* text = std::getenv("WAVETANK_SLICE"))
        return std::max(1ULL, std::stoull(text));
#ifdef NDEBUG
      return 1ULL;
#else
      return 61ULL;  // a prime, or it would always meet the same waves
#endif
    }();
    return kSlice;
  }

  void play_one(const Waves& waves) {
    Application application;
    for (std::size_t i = 0; i < chosen_.size(); ++i) {
      const Variant& variant = *chosen_[i];
      Item item{.kind = variant.is_hook() ? "Job" : "Deployment",
                .name = std::string(1, static_cast<char>('a' + i)),
                .annotations = variant.annotations,
                .before = variant.before,
                .fate = variant.fate};
      item.annotations.wave = std::to_string(waves[i]);
      application.items.push_back(std::move(item));
    }
    const auto difference = disagreement(application, cache_, count_);
    if (difference) FAIL(*difference);
  }

  base::Interner interner_;
  support::FactsCache cache_{interner_};
  std::vector<Variant> variants_;
  std::vector<std::vector<Waves>> all_waves_{all_waves(0), all_waves(1), all_waves(2),
                                             all_waves(3)};
  Detail detail_;
  std::vector<const Variant*> chosen_;
  std::uint64_t number_ = 0;
  Count count_;
};

TEST_CASE("the engine and its twin agree on every application of up to two resources") {
  Exhaustive exhaustive(Detail::Full);
  exhaustive.play(0);
  exhaustive.play(1);
  exhaustive.play(2);
  exhaustive.print("of up to two resources");
}

TEST_CASE("the engine and its twin agree on every application of three resources") {
  Exhaustive exhaustive(Detail::Reduced);
  exhaustive.play(3);
  exhaustive.print("of three resources");
}

}  // namespace
}  // namespace wavetank::reference
