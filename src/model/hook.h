// What makes an object a hook, in which phases it runs and when it is deleted.
//
// These functions read annotation values only; they know neither YAML nor the cluster. They do
// exactly what Argo CD 3.6 does, quirks included:
// gitops-engine/pkg/sync/hook/{hook,delete_policy}.go, hook/helm/*.go and ignore/ignore.go.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace wavetank::model {

// In the order in which Argo CD runs them; the numbers are bits of a PhaseSet.
enum class Phase : std::uint8_t { PreSync, Sync, PostSync, SyncFail };
inline constexpr std::array kPhases{Phase::PreSync, Phase::Sync, Phase::PostSync, Phase::SyncFail};
[[nodiscard]] std::string_view name(Phase phase);

class PhaseSet {
 public:
  constexpr PhaseSet() = default;
  constexpr void add(Phase phase) { bits_ = static_cast<std::uint8_t>(bits_ | bit(phase)); }
  [[nodiscard]] constexpr bool has(Phase phase) const { return (bits_ & bit(phase)) != 0; }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  friend constexpr auto operator<=>(PhaseSet, PhaseSet) = default;

 private:
  static constexpr std::uint8_t bit(Phase phase) {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(phase));
  }
  std::uint8_t bits_ = 0;
};

// Hook-related annotation values of one object; nothing where the annotation is absent.
struct HookAnnotations {
  std::optional<std::string_view> hook;         // argocd.argoproj.io/hook
  std::optional<std::string_view> helm_hook;    // helm.sh/hook
  std::optional<std::string_view> policy;       // argocd.argoproj.io/hook-delete-policy
  std::optional<std::string_view> helm_policy;  // helm.sh/hook-delete-policy
};

// The valid words of the hook annotation as written: names of phases and "Skip". Helm's words count
// only if there are none; one type can come of two of them, and then stands there twice.
[[nodiscard]] std::vector<std::string_view> hook_types(const HookAnnotations& annotations);

struct HookFacts {
  bool is_hook = false;     // Argo CD treats the object as a hook, even if it never runs
  bool is_skip = false;     // `hook: Skip` and nothing else: neither applied nor pruned
  bool is_ignored = false;  // a hook without any phase: it vanishes without an error
  bool from_helm = false;   // the phases come from helm.sh/hook
  bool has_skip_word = false;
  bool pre_delete = false;   // a PreDelete hook (Argo CD's or Helm's word), run by the controller
  bool post_delete = false;  // a PostDelete hook
  PhaseSet phases;           // where the engine runs it, if it is a hook

  friend constexpr bool operator==(const HookFacts&, const HookFacts&) = default;
};

[[nodiscard]] HookFacts hook_facts(const HookAnnotations& annotations);

// The phases in which an object takes part: none, those of the hook, or Sync.
[[nodiscard]] PhaseSet phases_of(const HookFacts& facts);

struct DeletePolicies {
  bool before_hook_creation = false;
  bool hook_succeeded = false;
  bool hook_failed = false;
  bool is_default = false;  // nothing valid was written, so BeforeHookCreation applies

  friend constexpr bool operator==(const DeletePolicies&, const DeletePolicies&) = default;
};

// The names of the delete policies, Argo CD's as written, then Helm's; a name can repeat. Never
// empty.
[[nodiscard]] std::vector<std::string_view> delete_policy_names(const HookAnnotations& annotations);

// Argo CD's and Helm's annotation together; unknown words are dropped, and when nothing is left
// BeforeHookCreation applies.
[[nodiscard]] DeletePolicies delete_policies(const HookAnnotations& annotations);

// The sync wave: Go's Atoi of `sync-wave`, else of `helm.sh/hook-weight`, else 0.
// Source: gitops-engine/pkg/sync/syncwaves/waves.go, hook/helm/weight.go.
[[nodiscard]] std::int64_t wave_of(std::optional<std::string_view> sync_wave,
                                   std::optional<std::string_view> helm_weight);

// Which annotation gave `wave_of` its answer.
enum class WaveSource : std::uint8_t { None, SyncWave, HelmWeight };
[[nodiscard]] WaveSource wave_source(std::optional<std::string_view> sync_wave,
                                     std::optional<std::string_view> helm_weight);

// Go's strconv.Atoi: optional sign, ASCII digits, 64-bit range; nothing for anything else.
[[nodiscard]] std::optional<std::int64_t> parse_wave(std::string_view text);

}  // namespace wavetank::model
