#include "model/hook.h"

#include <catch2/catch.hpp>
#include <string>

namespace wavetank::model {
namespace {

// "PreSync PostSync", "skip", "ignored", "plain"; with the delete hooks behind.
std::string describe(std::optional<std::string_view> argo, std::optional<std::string_view> helm) {
  const HookFacts facts = hook_facts({.hook = argo, .helm_hook = helm});
  std::string text;
  const auto add = [&](std::string_view word) {
    if (!text.empty()) text += ' ';
    text += word;
  };
  if (!facts.is_hook && !facts.is_skip) add("plain");
  if (facts.is_skip) add("skip");
  if (facts.is_ignored) add("ignored");
  if (facts.is_hook) {
    for (const Phase phase : kPhases) {
      if (facts.phases.has(phase)) add(name(phase));
    }
  }
  if (facts.pre_delete) add("PreDelete");
  if (facts.post_delete) add("PostDelete");
  return text;
}

constexpr std::nullopt_t kAbsent = std::nullopt;

TEST_CASE("an object without hook annotations is a plain resource") {
  CHECK(describe(kAbsent, kAbsent) == "plain");
}

TEST_CASE("hook words are split at commas, trimmed, and kept once") {
  CHECK(describe("PreSync", kAbsent) == "PreSync");
  CHECK(describe(" PreSync , PostSync,", kAbsent) == "PreSync PostSync");
  CHECK(describe("Sync,Sync", kAbsent) == "Sync");
}

TEST_CASE("hook words are case-sensitive and unknown ones make the object vanish") {
  CHECK(describe("presync", kAbsent) == "ignored");
  CHECK(describe("Garbage", kAbsent) == "ignored");
  CHECK(describe("", kAbsent) == "ignored");
}

TEST_CASE("Skip alone takes an object out of the sync, with another phase it does nothing") {
  CHECK(describe("Skip", kAbsent) == "skip");
  CHECK(describe("Skip,Garbage", kAbsent) == "skip");
  CHECK(describe("Skip,PreSync", kAbsent) == "PreSync");
}

TEST_CASE("Helm's install and upgrade hooks map to PreSync and PostSync") {
  CHECK(describe(kAbsent, "pre-install,pre-upgrade") == "PreSync");
  CHECK(describe(kAbsent, "post-upgrade") == "PostSync");
  CHECK(describe(kAbsent, "test") == "ignored");
  CHECK(describe(kAbsent, "pre-rollback") == "ignored");
}

TEST_CASE("only the exact value crd-install keeps a Helm hook a plain resource") {
  CHECK(describe(kAbsent, "crd-install") == "plain");
  CHECK(describe(kAbsent, "crd-install,pre-install") == "PreSync");
}

TEST_CASE("a valid Argo CD word hides the Helm words, an invalid one does not") {
  CHECK(describe("PostSync", "pre-install") == "PostSync");
  CHECK(describe("Garbage", "pre-install") == "PreSync");
  CHECK(describe("", "pre-install") == "PreSync");
  CHECK(describe("Skip", "pre-install") == "skip");
}

TEST_CASE("delete hooks are recognised under both annotations, neither hides the other") {
  CHECK(describe("PreDelete", kAbsent) == "ignored PreDelete");
  CHECK(describe("PreDelete", "pre-install") == "PreSync PreDelete");
  CHECK(describe("PreSync", "post-delete") == "PreSync PostDelete");
  CHECK(describe("PreDelete,Skip", kAbsent) == "skip PreDelete");
}

std::string policies(std::optional<std::string_view> argo, std::optional<std::string_view> helm) {
  const DeletePolicies found = delete_policies({.policy = argo, .helm_policy = helm});
  std::string text;
  if (found.before_hook_creation) text += "B";
  if (found.hook_succeeded) text += "S";
  if (found.hook_failed) text += "F";
  if (found.is_default) text += " by default";
  return text;
}

TEST_CASE("delete policies of Argo CD and Helm are merged") {
  CHECK(policies("HookSucceeded", "hook-failed") == "SF");
  CHECK(policies("BeforeHookCreation", kAbsent) == "B");
}

TEST_CASE("without a valid delete policy BeforeHookCreation applies") {
  CHECK(policies(kAbsent, kAbsent) == "B by default");
  CHECK(policies("Never", kAbsent) == "B by default");
  CHECK(policies("hooksucceeded", "HookSucceeded") == "B by default");
}

TEST_CASE("waves are read as Go reads integers") {
  CHECK(parse_wave("5") == 5);
  CHECK(parse_wave("-3") == -3);
  CHECK(parse_wave("+2") == 2);
  CHECK(parse_wave("010") == 10);
  CHECK(parse_wave("9223372036854775807") == INT64_MAX);
  CHECK(parse_wave("-9223372036854775808") == INT64_MIN);
  for (const char* text : {"", " 1", "1 ", "1.5", "0x1", "1_000", "+", "-", "--1", "one",
                           "9223372036854775808", "-9223372036854775809"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_wave(text).has_value());
  }
}

TEST_CASE("the Helm weight counts only when the wave is absent or unreadable") {
  CHECK(wave_of("1", "7") == 1);
  CHECK(wave_of("x", "7") == 7);
  CHECK(wave_of(kAbsent, "-5") == -5);
  CHECK(wave_of("x", "y") == 0);
  CHECK(wave_source("1", "7") == WaveSource::SyncWave);
  CHECK(wave_source("x", "7") == WaveSource::HelmWeight);
  CHECK(wave_source(kAbsent, kAbsent) == WaveSource::None);
}

TEST_CASE("hook types are listed as written, Helm's only without a valid word of Argo CD") {
  using Names = std::vector<std::string_view>;
  CHECK(hook_types({.hook = "Sync,x,Skip,PreSync", .helm_hook = "post-install"}) ==
        Names{"Sync", "Skip", "PreSync"});
  CHECK(hook_types({.hook = "x", .helm_hook = "pre-install,pre-upgrade"}) ==
        Names{"PreSync", "PreSync"});
}

TEST_CASE("delete policies are listed as written, Argo CD's and Helm's, else the default") {
  using Names = std::vector<std::string_view>;
  CHECK(delete_policy_names({.policy = "HookFailed,x", .helm_policy = "hook-failed"}) ==
        Names{"HookFailed", "HookFailed"});
  CHECK(delete_policy_names({.policy = "x"}) == Names{"BeforeHookCreation"});
}

}  // namespace
}  // namespace wavetank::model
