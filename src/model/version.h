// Which Argo CD is imitated, and every behaviour in which versions differ.
//
// Code never compares version numbers: it asks `behaves(version, Behavior::…)`, and the one table
// in version.cc says from which version on a behaviour exists and where that is written.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wavetank::model {

struct ArgocdVersion {
  int major = 3;
  int minor = 6;
  // NOLINTNEXTLINE(modernize-use-nullptr): a false alarm of clang-tidy 14 where `<` is used
  friend constexpr auto operator<=>(const ArgocdVersion&, const ArgocdVersion&) = default;
};

inline constexpr ArgocdVersion kNewestVersion{3, 6};
inline constexpr ArgocdVersion kOldestVersion{2, 14};

// Reads "3.4", "v3.4" or "3.4.7" (the patch does not matter). Nothing for versions that are not
// modelled: see `kOldestVersion`, `kNewestVersion`.
[[nodiscard]] std::optional<ArgocdVersion> parse_version(std::string_view text);
[[nodiscard]] std::string to_string(ArgocdVersion version);

enum class Behavior : std::uint8_t {
  HookFinalizer,            // hooks carry argocd.argoproj.io/hook-finalizer
  LeftoverFinalizers,       // finalizers of old hooks are removed before a run
  NamespaceBeforeDryRun,    // the application's Namespace is created before the dry run
  AppSkipDryRun,            // SkipDryRunOnMissingResource at application level
  LiveReplaceAndForce,      // Replace and Force are also read from the live object
  WaitAfterPartialFailure,  // a partly failed group is waited for before the sync fails
  VanishedFails,            // a running task whose object is gone fails
  HookStatusKept,           // a hook that ends keeps the status of its result ("" before)
  WaitsForGroup,            // after a group the message names that group, hooks first
  WaveHookErrorTerminates,  // a failed wave hook ends the operation with Error and its hooks
  TerminateRunningOnly,     // Terminate looks at running hooks only, and calls them terminated
  GroupInConfirmation,      // the message of an unconfirmed prune names the group, not the version
  OnePruneOption,           // of several `Prune=` options of a resource the first one counts
  ResultImages,             // results name container images
  WrappedErrors,            // errors of single calls say which step failed
  UnmodifiedClusterScope,   // ApplyOutOfSyncOnly leaves out cluster-scoped objects, too
  RereadWrapped,            // so does reading a hook again whose finalizer was in conflict
  SyncFailReasons,          // the message names the SyncFail hooks that failed to apply
  GoneHookForgotten,        // an old hook that is gone already no longer counts as live
  GoneHookTerminated,       // terminating a hook that is gone is no error
  NamespaceErrorLowerCase,  // "namespace auto creation failed" (with a capital before)
  AppPruneOption,           // Prune= at application level
  InvalidTaskReasons,       // the message of invalid tasks names their causes
  SuspendedJobMessage,      // the health of a suspended Job carries its condition's message
  PodRestartPolicyOptOut,   // the ignore-restart-policy annotation of non-hook Pods
  PreDeleteHooks,           // PreDelete is a hook type
  AutoscalerFailures,       // the health of an autoscaler knows all failures of its metrics
  DeleteHooksInSync,        // a delete hook that names a phase of the sync as well takes part in it
};

[[nodiscard]] bool behaves(ArgocdVersion version, Behavior behavior);
// Where the difference is described: a release note, a commit, an upgrade page.
[[nodiscard]] std::string_view source_of(Behavior behavior);

}  // namespace wavetank::model
