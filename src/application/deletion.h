// The deletion of an application, one step after another: PreDelete hooks, its objects wave by
// wave, PostDelete hooks, the hooks' own clean-up.
//
// How far the deletion is stands in the application's finalizers alone. A step asks and changes
// the world through a DeletionWorld, and sees it anew where Argo CD looks again.
//
// Source: controller/appcontroller.go (processAppOperationQueueItem, finalizeApplicationDeletion,
// shouldBeDeleted), controller/hook.go, controller/sort_delete.go.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "application/controller_event.h"
#include "application/finalizers.h"
#include "application/sync_options.h"
#include "health/application_health.h"
#include "health/health.h"
#include "model/hook.h"
#include "model/key.h"
#include "model/propagation.h"
#include "model/wall_time.h"

namespace wavetank::application {

// A live object of the application that its project permits; others are neither deleted nor waited
// for.
struct OwnedObject {
  model::ObjectKey key;
  model::HookFacts hook;
  model::DeletePolicies policies;
  std::int64_t wave = 0;
  std::optional<health::Health> health;  // nothing: its kind has no check
  bool is_being_deleted = false;
  bool is_crd = false;
  bool is_the_application = false;           // a child application that is its own parent
  bool is_kept = false;                      // helm.sh/resource-policy: keep
  std::optional<std::string> delete_option;  // of the first `Delete=` in its sync options
  bool requires_confirmation = false;        // as `status.resources` says
};

// Reads all but `requires_confirmation`.
[[nodiscard]] OwnedObject owned_object(const nlohmann::json& live,
                                       const health::ApplicationIdentity& application);

// What the source contains.
struct DeleteHookManifest {
  model::ObjectKey key;  // as written
  model::HookFacts hook;
};

enum class CreateStatus : std::uint8_t { Created, Exists };
struct DeleteError {
  std::string message;
  bool is_not_found = false;
};
// What the API server answers.
using CreateAnswer = tl::expected<CreateStatus, std::string>;
using DeleteAnswer = tl::expected<void, DeleteError>;

class DeletionWorld {
 public:
  DeletionWorld() = default;
  DeletionWorld(const DeletionWorld&) = delete;
  DeletionWorld& operator=(const DeletionWorld&) = delete;
  virtual ~DeletionWorld() = default;

  // As the cluster is at this moment.
  virtual std::vector<OwnedObject> objects() = 0;
  // As the source is at this moment, or why it cannot be read.
  virtual tl::expected<std::vector<DeleteHookManifest>, std::string> manifests() = 0;
  // Creates the object of the manifest with this index, in the namespace of the key.
  virtual CreateAnswer create(std::size_t manifest, const model::ObjectKey& key) = 0;
  // Without a policy, the server's or client's default applies.
  virtual DeleteAnswer remove(const model::ObjectKey& key,
                              std::optional<model::Propagation> policy) = 0;
};

struct DeletionSettings {
  std::string name_space;     // of the destination
  bool knows_cluster = true;  // the destination cluster is known
  SyncOptions options;        // `spec.syncPolicy.syncOptions`
  bool is_confirmed = false;  // see is_deletion_confirmed
};

// Whether the value of `argocd.argoproj.io/deletion-approved` confirms deletions that were asked
// for at that time.
[[nodiscard]] bool is_deletion_confirmed(std::string_view approved, model::WallTime since);

// Whether the cascade deletes the object at all.
[[nodiscard]] bool is_deletable(const OwnedObject& object, const SyncOptions& options);

// One step. Returns its event, if it failed; the condition about a failure is never taken away.
std::vector<Event> step_deletion(const DeletionSettings& settings, DeletionWorld& world,
                                 Finalizers& finalizers, std::vector<Condition>& conditions);

}  // namespace wavetank::application
