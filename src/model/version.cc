#include "model/version.h"

#include <array>
#include <charconv>

#include "base/check.h"

namespace wavetank::model {

namespace {

struct Row {
  Behavior behavior;
  ArgocdVersion since;
  std::string_view source;
};

// One row per difference, in the order of Behavior.
constexpr std::array kTable{
    Row{Behavior::HookFinalizer, {3, 0}, "gitops-engine 65db274; upgrading/2.14-3.0.md"},
    Row{Behavior::LeftoverFinalizers, {3, 0}, "gitops-engine dab4cc0 (3.0.16, 3.1.4)"},
    Row{Behavior::NamespaceBeforeDryRun, {3, 1}, "gitops-engine 8007df5"},
    Row{Behavior::AppSkipDryRun, {3, 0}, "argo-cd 3.0.3"},
    Row{Behavior::LiveReplaceAndForce, {3, 3}, "argo-cd 3.3.0, sync_context.go applyObject"},
    Row{Behavior::WaitAfterPartialFailure, {3, 4}, "argo-cd 228378474a"},
    Row{Behavior::VanishedFails, {3, 4}, "argo-cd f8c0d7efcf"},
    Row{Behavior::HookStatusKept, {3, 4}, "argo-cd 1dc85e564b"},
    Row{Behavior::WaitsForGroup, {3, 4}, "argo-cd 95d19f2eda"},
    Row{Behavior::WaveHookErrorTerminates, {3, 4}, "argo-cd 228378474a"},
    Row{Behavior::TerminateRunningOnly, {3, 4}, "argo-cd 228378474a"},
    Row{Behavior::GroupInConfirmation, {3, 4}, "argo-cd a1d68ca465"},
    Row{Behavior::OnePruneOption, {3, 4}, "argo-cd b7e2027f35"},
    Row{Behavior::ResultImages, {3, 0}, "argo-cd 3.0.3"},
    Row{Behavior::WrappedErrors, {3, 1}, "gitops-engine cebed7e"},
    Row{Behavior::UnmodifiedClusterScope, {3, 0}, "gitops-engine 50b84cf (3.0.16, 3.1.4)"},
    Row{Behavior::RereadWrapped, {3, 2}, "gitops-engine dab4cc0, first in 3.2"},
    Row{Behavior::SyncFailReasons, {3, 0}, "gitops-engine 65db274"},
    Row{Behavior::GoneHookForgotten, {3, 0}, "gitops-engine dab4cc0 (3.0.16, 3.1.4)"},
    Row{Behavior::GoneHookTerminated, {3, 0}, "gitops-engine 65db274"},
    Row{Behavior::NamespaceErrorLowerCase, {3, 0}, "gitops-engine 90b69e9"},
    Row{Behavior::AppPruneOption, {3, 4}, "argo-cd 3.4.0"},
    Row{Behavior::InvalidTaskReasons, {3, 5}, "argo-cd f460a3ca4c"},
    Row{Behavior::SuspendedJobMessage, {3, 6}, "argo-cd 7cf4407308"},
    Row{Behavior::PodRestartPolicyOptOut, {3, 6}, "argo-cd 816fcd02cf"},
    Row{Behavior::PreDeleteHooks, {3, 3}, "argo-cd 3bf3d8a212"},
    Row{Behavior::AutoscalerFailures, {3, 5}, "argo-cd 9c67c89f15"},
    Row{Behavior::DeleteHooksInSync, {3, 4}, "argo-cd 269e0b850b (3.3.5)"},
};

const Row& row(Behavior behavior) {
  const Row& found = kTable.at(static_cast<std::size_t>(behavior));
  WAVETANK_CHECK(found.behavior == behavior);
  return found;
}

std::optional<int> read_number(std::string_view& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

// 2.14 is the last version before 3.0.
bool is_modelled(ArgocdVersion version) {
  return version == kOldestVersion || (version >= ArgocdVersion{3, 0} && version <= kNewestVersion);
}

}  // namespace

std::optional<ArgocdVersion> parse_version(std::string_view text) {
  if (text.starts_with('v')) text.remove_prefix(1);
  const auto major = read_number(text);
  if (!major || !text.starts_with('.')) return std::nullopt;
  text.remove_prefix(1);
  const auto minor = read_number(text);
  if (!minor) return std::nullopt;
  if (!text.empty()) {
    if (!text.starts_with('.')) return std::nullopt;
    text.remove_prefix(1);
    if (!read_number(text) || !text.empty()) return std::nullopt;
  }
  const ArgocdVersion version{.major = *major, .minor = *minor};
  if (!is_modelled(version)) return std::nullopt;
  return version;
}

std::string to_string(ArgocdVersion version) {
  return std::to_string(version.major) + "." + std::to_string(version.minor);
}

bool behaves(ArgocdVersion version, Behavior behavior) { return version >= row(behavior).since; }

std::string_view source_of(Behavior behavior) { return row(behavior).source; }

}  // namespace wavetank::model
