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

constexpr std::string_view kSkip = "Skip";

// The valid words of Argo CD's own annotation.
std::vector<std::string_view> argo_types(const HookAnnotations& annotations) {
  std::vector<std::string_view> types;
  for (const auto word : items(annotations.hook)) {
    if (const auto phase = argo_phase(word)) types.push_back(name(*phase));
    if (word == kSkip) types.push_back(kSkip);
  }
  return types;
}

struct PolicyWords {
  std::string_view name;
  std::string_view helm_name;
  bool DeletePolicies::*member;
};

// The first one applies when nothing valid is written.
constexpr std::array kPolicies{
    PolicyWords{"BeforeHookCreation", "before-hook-creation",
                &DeletePolicies::before_hook_creation},
    PolicyWords{"HookSucceeded", "hook-succeeded", &DeletePolicies::hook_succeeded},
    PolicyWords{"HookFailed", "hook-failed", &DeletePolicies::hook_failed},
};

std::vector<std::string_view> written_policies(const HookAnnotations& annotations) {
  std::vector<std::string_view> names;
  for (const auto word : items(annotations.policy)) {
    for (const PolicyWords& policy : kPolicies) {
      if (word == policy.name) names.push_back(policy.name);
    }
  }
  for (const auto word : items(annotations.helm_policy)) {
    for (const PolicyWords& policy : kPolicies) {
      if (word == policy.helm_name) names.push_back(policy.name);
    }
  }
  return names;
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

std::vector<std::string_view> hook_types(const HookAnnotations& annotations) {
  auto types = argo_types(annotations);
  if (!types.empty()) return types;
  for (const auto word : items(annotations.helm_hook)) {
    if (const auto phase = helm_phase(word)) types.push_back(name(*phase));
  }
  return types;
}

HookFacts hook_facts(const HookAnnotations& annotations) {
  HookFacts facts;
  for (const auto type : hook_types(annotations)) {
    if (const auto phase = argo_phase(type)) facts.phases.add(*phase);
    if (type == kSkip) facts.has_skip_word = true;
  }
  facts.from_helm = !facts.phases.empty() && argo_types(annotations).empty();
  for (const auto word : items(annotations.hook)) {
    if (word == "PreDelete") facts.pre_delete = true;
    if (word == "PostDelete") facts.post_delete = true;
  }
  for (const auto word : items(annotations.helm_hook)) {
    if (word == "pre-delete") facts.pre_delete = true;
    if (word == "post-delete") facts.post_delete = true;
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

std::vector<std::string_view> delete_policy_names(const HookAnnotations& annotations) {
  auto names = written_policies(annotations);
  if (names.empty()) names.push_back(kPolicies.front().name);
  return names;
}

DeletePolicies delete_policies(const HookAnnotations& annotations) {
  DeletePolicies policies;
  policies.is_default = written_policies(annotations).empty();
  for (const auto name : delete_policy_names(annotations)) {
    for (const PolicyWords& policy : kPolicies) {
      if (name == policy.name) policies.*policy.member = true;
    }
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
