#include "model/hook.h"

#include <limits>

#include "base/check.h"
#include "model/annotation.h"

namespace wavetank::model {

namespace {

std::optional<Phase> argo_phase(std::string_view word) {
  for (const Phase phase : kPhases) {
    if (word == name(phase)) return phase;
  }
  return std::nullopt;
}

// Source: gitops-engine/pkg/sync/hook/helm/type.go. `crd-install` and the rest have no phase.
std::optional<Phase> helm_phase(std::string_view word) {
  if (word == "pre-install" || word == "pre-upgrade") return Phase::PreSync;
  if (word == "post-install" || word == "post-upgrade") return Phase::PostSync;
  return std::nullopt;
}

std::vector<std::string_view> items(std::optional<std::string_view> value) {
  return value ? list_items(*value) : std::vector<std::string_view>{};
}

}  // namespace

std::string_view name(Phase phase) {
  switch (phase) {
    case Phase::PreSync: return "PreSync";
    case Phase::Sync: return "Sync";
    case Phase::PostSync: return "PostSync";
    case Phase::SyncFail: return "SyncFail";
  }
  WAVETANK_CHECK(false);
}

HookFacts hook_facts(const HookAnnotations& annotations) {
  HookFacts facts;
  for (const auto word : items(annotations.hook)) {
    if (const auto phase = argo_phase(word)) facts.phases.add(*phase);
    if (word == "Skip") facts.has_skip_word = true;
    if (word == "PreDelete") facts.pre_delete = true;
    if (word == "PostDelete") facts.post_delete = true;
  }
  const bool argo_word_is_valid = !facts.phases.empty() || facts.has_skip_word;
  for (const auto word : items(annotations.helm_hook)) {
    if (word == "pre-delete") facts.pre_delete = true;
    if (word == "post-delete") facts.post_delete = true;
    if (argo_word_is_valid) continue;
    if (const auto phase = helm_phase(word)) {
      facts.phases.add(*phase);
      facts.from_helm = true;
    }
  }
  facts.is_skip = facts.has_skip_word && facts.phases.empty();
  // A Helm hook is one unless its whole value is literally `crd-install`.
  facts.is_hook = annotations.hook
                      ? !facts.is_skip
                      : annotations.helm_hook && *annotations.helm_hook != "crd-install";
  facts.is_ignored = facts.is_hook && facts.phases.empty() && !facts.has_skip_word;
  return facts;
}

PhaseSet phases_of(const HookFacts& facts) {
  if (facts.is_skip) return {};
  if (facts.is_hook) return facts.phases;
  PhaseSet sync;
  sync.add(Phase::Sync);
  return sync;
}

DeletePolicies delete_policies(const HookAnnotations& annotations) {
  DeletePolicies policies;
  for (const auto word : items(annotations.policy)) {
    if (word == "BeforeHookCreation") policies.before_hook_creation = true;
    if (word == "HookSucceeded") policies.hook_succeeded = true;
    if (word == "HookFailed") policies.hook_failed = true;
  }
  for (const auto word : items(annotations.helm_policy)) {
    if (word == "before-hook-creation") policies.before_hook_creation = true;
    if (word == "hook-succeeded") policies.hook_succeeded = true;
    if (word == "hook-failed") policies.hook_failed = true;
  }
  if (!policies.before_hook_creation && !policies.hook_succeeded && !policies.hook_failed) {
    policies.before_hook_creation = true;
    policies.is_default = true;
  }
  return policies;
}

std::optional<std::int64_t> parse_wave(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  const std::uint64_t limit = negative ? kMax + 1 : kMax;
  std::uint64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (value > (limit - digit) / 10) return std::nullopt;
    value = value * 10 + digit;
  }
  return static_cast<std::int64_t>(negative ? 0 - value : value);
}

std::int64_t wave_of(std::optional<std::string_view> sync_wave,
                     std::optional<std::string_view> helm_weight) {
  switch (wave_source(sync_wave, helm_weight)) {
    case WaveSource::None: return 0;
    case WaveSource::SyncWave: return *parse_wave(*sync_wave);
    case WaveSource::HelmWeight: return *parse_wave(*helm_weight);
  }
  WAVETANK_CHECK(false);
}

WaveSource wave_source(std::optional<std::string_view> sync_wave,
                       std::optional<std::string_view> helm_weight) {
  if (sync_wave && parse_wave(*sync_wave)) return WaveSource::SyncWave;
  if (helm_weight && parse_wave(*helm_weight)) return WaveSource::HelmWeight;
  return WaveSource::None;
}

}  // namespace wavetank::model
