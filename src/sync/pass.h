// One pass of the sync engine: Argo CD's `Sync()` or `Terminate()`, as a pure, resumable function.
//
// A Pass gets everything the engine sees at its start (targets, live objects, what discovery says).
// It never calls anybody: `resume` runs it up to the next calls it would make and returns them as
// Requests; the caller answers all of them, in order, and resumes again, until there are none. Then
// `state()` is the engine's new memory. Time, the cluster and chance live in the caller.
//
// Source: gitops-engine/pkg/sync/sync_context.go of Argo CD 3.6, and older ones by model/version.h.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/interner.h"
#include "base/strong_id.h"
#include "health/health.h"
#include "model/facts.h"
#include "model/kinds.h"
#include "sync/operation.h"
#include "sync/reason.h"

namespace wavetank::sync {

struct TargetTag;
using TargetId = base::StrongId<TargetTag>;  // index into PassInput::targets
struct LiveTag;
using LiveId = base::StrongId<LiveTag>;  // index into PassInput::live

// What discovery and the project's permissions say of an object's kind, looked up at every pass.
enum class Discovery : std::uint8_t { Served, NotFound, Failed, Denied };
struct KindCheck {
  Discovery discovery = Discovery::Served;
  base::Symbol message = base::kEmptySymbol;  // the error text unless Served
};

// A desired object. Keys are normalised (application/targets.h) and unique but for generateName.
struct Target {
  const model::ObjectFacts* facts = nullptr;
  model::Scope scope = model::Scope::Unknown;  // as the cluster knows it
  KindCheck check;
  bool selected = true;  // by the resource filter of a selective sync
  bool modified = true;  // differs from live; only read under ApplyOutOfSyncOnly
};

// An object of the cluster: one the application manages, or one whose key is a target's.
struct LiveObject {
  const model::ObjectFacts* facts = nullptr;
  KindCheck check;
  bool selected = true;
  bool modified = true;   // differs from what is desired; only read under ApplyOutOfSyncOnly
  bool deleting = false;  // has a deletionTimestamp
  bool has_hook_finalizer = false;
  base::Symbol uid;
  std::uint64_t resource_version = 0;
  std::optional<health::Status> health;              // nothing: the kind has no health
  bool health_failed = false;                        // the check itself failed
  base::Symbol health_message = base::kEmptySymbol;  // message, or the error text
};

struct PassInput {
  const Operation* operation = nullptr;
  std::span<const Target> targets;   // list order of the comparison
  std::span<const LiveObject> live;  // any order; the project's total order for reproducibility
  KindCheck namespace_check;         // of the Namespace that CreateNamespace=true generates
  bool prune_confirmed = false;
  bool terminate = false;  // play Terminate() instead of Sync()
};

enum class RequestKind : std::uint8_t {
  GetNamespace,  // the look-up of CreateNamespace
  Get,           // a live object, straight from the API
  Apply,         // kubectl apply
  Create,        // kubectl create (Replace=true, nothing live)
  Replace,       // kubectl replace
  Update,        // PUT (Replace=true on a Namespace or CRD)
  Prune,         // deletion of a managed resource
  Delete,        // deletion of a hook
  Unfinalize,    // PUT of a live hook without Argo CD's finalizer
  WaveHook,      // Argo CD sleeps here (the wave delay) unless `final`; it may fail
};
[[nodiscard]] std::string_view name(RequestKind kind);

struct Request {
  RequestKind kind = RequestKind::Get;
  model::Key key;   // the final name, also for generateName hooks
  TargetId target;  // writes: the manifest; none for the generated Namespace
  LiveId live;      // the live object the call is about, if it was in the input
  model::Phase phase = model::Phase::Sync;
  std::int64_t wave = 0;
  bool is_hook = false;
  bool dry_run = false;
  bool force = false;
  bool validate = true;
  bool server_side = false;
  bool add_hook_finalizer = false;     // the manifest is sent with Argo CD's finalizer added
  bool final = false;                  // WaveHook: nothing is left to apply after this group
  std::uint64_t resource_version = 0;  // Unfinalize: what the PUT is based on
  model::Propagation propagation = model::Propagation::Foreground;
};

enum class AnswerStatus : std::uint8_t { Ok, NotFound, Conflict, Error };

struct Answer {
  AnswerStatus status = AnswerStatus::Ok;
  base::Symbol message = base::kEmptySymbol;  // what kubectl printed, or the bare error text
  std::optional<LiveObject> live;             // Get, GetNamespace: the object found
  bool kind_is_gone = false;                  // discovery failed: the call was never made
};

// Plays passes, one at a time, in memory that is kept from one to the next: once it has grown, a
// pass takes nothing from the heap. Immovable: its coroutines point into it.
class Pass {
 public:
  // REQUIRES: `interner` outlives the Pass.
  explicit Pass(base::Interner& interner);
  ~Pass();
  Pass(const Pass&) = delete;
  Pass& operator=(const Pass&) = delete;

  // Begins a pass; one that is under way is dropped.
  // REQUIRES: everything that `input` points to lasts until the pass is done.
  void start(const PassInput& input, const SyncState& before);

  // Runs until answers are needed. `answers` are those to the requests returned last, in order.
  // The result is empty exactly when the pass is done. It stays valid until the next call.
  // REQUIRES: `start` was called.
  std::span<const Request> resume(std::span<const Answer> answers) WAVETANK_LIFETIMEBOUND;

  // REQUIRES: the pass is done.
  [[nodiscard]] const SyncState& state() const WAVETANK_LIFETIMEBOUND;
  // Why the pass did what it did, in order.
  [[nodiscard]] std::span<const Reason> reasons() const WAVETANK_LIFETIMEBOUND;

 private:
  class Engine;
  std::unique_ptr<Engine> engine_;
};

}  // namespace wavetank::sync
