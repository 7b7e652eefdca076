// The comparison of what git wants with what the cluster has: which objects belong together, the
// sync status of each and of the application, and the conditions about them.
//
// Whether a pair differs is the caller's to say. Health: health/application_health.h.
// Source: controller/state.go (CompareAppState), gitops-engine/pkg/sync/reconcile.go.
#pragma once

#include <cstddef>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "application/auto_sync.h"
#include "application/controller_event.h"
#include "application/sync_options.h"
#include "application/tracking.h"
#include "model/hook.h"
#include "model/key.h"
#include "model/kinds.h"

namespace wavetank::application {

// What the comparison reads of an object.
struct Comparand {
  model::ObjectKey key;  // of a target: normalised (normalize.h)
  std::string version;   // "v1", without the group
  model::Scope scope = model::Scope::Unknown;
  model::HookFacts hook;
  std::int64_t wave = 0;
  std::optional<std::string> delete_option;  // of the first `Delete=` in its sync options
  std::optional<std::string> prune_option;
  bool ignores_extraneous = false;  // compare option IgnoreExtraneous
  bool is_kind_permitted = true;    // by the project
  std::string uid;                  // of a live object
  std::string tracked_by;           // the application that a live object's mark names; may be empty
  const nlohmann::json* object = nullptr;
};

// Reads all but `scope` and `is_kind_permitted`. The object must outlive the result.
[[nodiscard]] Comparand comparand(const nlohmann::json& object);

struct ComparisonSettings {
  std::string application;     // as in the tracking marks
  std::string qualified_name;  // with the namespace it lives in, for messages
  std::string name_space;      // of the destination
  SyncOptions options;         // `spec.syncPolicy.syncOptions`
  TrackingMethod method = TrackingMethod::Annotation;
  bool has_managed_namespace_metadata = false;
  // It is not what the last operation with a result recorded.
  bool has_changed_namespace_metadata = false;
  // Why targets or live objects could not be loaded. Then nothing can be said about any object.
  std::vector<std::string> load_errors;
};

struct ComparisonRow {
  std::optional<std::size_t> target;  // indices into the input
  std::optional<std::size_t> live;
  ComparedResource resource;
  std::string version;
  bool is_hook = false;
  bool requires_confirmation = false;  // to be deleted or pruned
  std::int64_t wave = 0;
  bool is_modified = false;  // what ApplyOutOfSyncOnly goes by; an extra object is not
};

struct Comparison {
  SyncStatus status = SyncStatus::Unknown;
  std::vector<ComparisonRow> rows;    // targets in their order, then extra live objects by key
  std::vector<std::size_t> hooks;     // indices of targets
  std::vector<Condition> conditions;  // sorted
  bool has_pre_delete_hooks = false;
  bool has_post_delete_hooks = false;
};

// Whether a target and its live object differ.
using DiffersFunction = std::function<bool(const Comparand& target, const Comparand& live)>;

// `live`: the objects that the application has, and those with the key of a target, as far as the
// project permits them; no key twice.
[[nodiscard]] Comparison compare(std::span<const Comparand> targets,
                                 std::span<const Comparand> live,
                                 const ComparisonSettings& settings,
                                 const DiffersFunction& differs);

// Whether a target made of `managedNamespaceMetadata` has to be added before the comparison, so
// that the live namespace does not count as extra: it is there, and git has none.
[[nodiscard]] bool needs_managed_namespace(std::span<const Comparand> targets,
                                           std::span<const Comparand> live,
                                           const ComparisonSettings& settings);

// Conditions as one text.
[[nodiscard]] std::string joined(std::span<const Condition> conditions);

}  // namespace wavetank::application
