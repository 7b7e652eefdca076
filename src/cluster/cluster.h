// A fake Kubernetes cluster: an API server over an object store, and controllers that move objects
// through time. It knows no Argo CD beyond the finalizer that keeps hooks visible.
//
// Calls answer at once and cost no simulated time; what they set in motion happens in events.
// Everything is deterministic: events are ordered by time, then by the key of the object.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/chooser.h"
#include "base/interner.h"
#include "base/time.h"
#include "cluster/behavior.h"
#include "cluster/call_faults.h"
#include "model/facts.h"
#include "model/key.h"
#include "model/kinds.h"
#include "model/propagation.h"

namespace wavetank::cluster {

// How the API server (through kubectl, where Argo CD uses it) answered a call.
// ProcessEnded: the client panicked, and with it the program that made the call.
enum class CallStatus : std::uint8_t { Ok, NotFound, Conflict, Error, ProcessEnded };
struct CallResult {
  CallStatus status = CallStatus::Ok;
  std::string message;  // what kubectl prints ("job.batch/migrate created"), or the error text
};

struct WriteOptions {
  bool dry_run = false;  // kubectl's client-side dry run: checks little, changes nothing
  bool force = false;
  bool validate = true;
  bool server_side = false;
};

// One stored object. `content` is what `kubectl get -o json` would print.
struct StoredObject {
  model::Key key;
  nlohmann::json content;
  model::ObjectFacts facts;  // of `content`
  std::string uid;           // a new one per incarnation
  std::uint64_t resource_version = 0;
  std::uint32_t incarnation = 1;  // counts the objects that bore this key
  base::Instant created;
  bool deleting = false;  // has a deletionTimestamp
};

// What an object would be after a write.
struct Preview {
  nlohmann::json object;    // the live object where the server refuses the write
  bool is_changed = false;  // the object would not stay as it is
};

// Something that happened in the cluster without a call: a status change, a removal.
enum class ChangeKind : std::uint8_t { Created, Updated, DeletionMarked, Removed };
struct Change {
  base::Instant at;
  ChangeKind kind = ChangeKind::Updated;
  model::Key key;  // empty Symbols once the object is gone
  model::ObjectKey object;
  std::string note;  // what a person would want to know: "Pod ready", "backoff limit reached"
};

struct KindLookup {
  enum class Status : std::uint8_t { Served, NotFound, Failed } status = Status::Served;
  bool is_group_failure = false;  // the error is about the group and version, not the kind
  std::string message;            // the error text unless Served
};

class Cluster {
 public:
  // REQUIRES: `interner` and `chooser` outlive the Cluster.
  Cluster(base::Interner& interner, base::Chooser& chooser, std::vector<BehaviorRule> rules = {});
  ~Cluster();
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  [[nodiscard]] base::Instant now() const;
  // From now on objects behave by these rules.
  void behave(std::vector<BehaviorRule> rules);

  // Writes, as Argo CD makes them. The manifest carries its final name, namespace and finalizers.
  CallResult apply(const nlohmann::json& manifest, WriteOptions options);
  CallResult create(const nlohmann::json& manifest, WriteOptions options);
  CallResult replace(const nlohmann::json& manifest, WriteOptions options);
  CallResult update(const nlohmann::json& manifest, WriteOptions options);

  // Marks an object for deletion, or removes it at once when nothing holds it.
  CallResult remove(const model::Key& key, model::Propagation propagation);
  // PUT of the object without `finalizer`; Conflict when `resource_version` is stale.
  CallResult remove_finalizer(const model::Key& key, std::string_view finalizer,
                              std::uint64_t resource_version);

  // Writes, as others make them. `manager` owns the fields; kubectl's own verbs have theirs.
  // A JSON merge patch (RFC 7386).
  CallResult patch(const model::ObjectKey& key, const nlohmann::json& patch,
                   std::string_view manager);
  CallResult server_side_apply(const nlohmann::json& manifest, std::string_view manager,
                               bool force);
  // The status subresource, by the controller of the kind. REQUIRES: the object exists.
  void set_status(const model::ObjectKey& key, nlohmann::json status);
  // From now on this fault strikes the writes and deletions above that Argo CD makes.
  void add_fault(CallFault fault);
  // Whether any has struck.
  [[nodiscard]] bool has_struck() const;

  // What an apply would make of a live object. REQUIRES: it exists.
  [[nodiscard]] Preview preview(const nlohmann::json& manifest, bool server_side);

  // JSON pointers (RFC 6901) to the fields of a live object that this manager owns.
  [[nodiscard]] std::vector<std::string> owned_pointers(const model::ObjectKey& key,
                                                        std::string_view manager) const;

  // Null when there is no such object. The pointer is valid until the next call or event.
  [[nodiscard]] const StoredObject* get(const model::Key& key) const;
  // All objects in the project's total order of keys; valid until the next call or event.
  [[nodiscard]] std::vector<const StoredObject*> objects() const;

  // Cuts a node off: its kubelet is not heard any more and hears of nothing, while its containers
  // go on. False: there is no such node, or it is lost already.
  bool lose_node(const std::string& name);
  // It reports again: what has become of its pods, and what they missed. False: it is not lost.
  bool restore_node(const std::string& name);

  // Makes a custom kind known without a definition in the store, as if it had been there before.
  void assume_kind(std::string group, std::string kind);
  // Makes a class of storage that binds at once, as if it had been there before. False: there is
  // one of this name.
  bool assume_storage_class(const std::string& name);
  // Puts an object into the cluster as it is, without admission: what was there before.
  void seed(const nlohmann::json& object);
  // Puts an object into the cluster with its status, uid, owners and deletion mark, as a dump of a
  // cluster shows it. Nothing reacts before `advance`. False: there is one with this key.
  bool restore(nlohmann::json object);

  // Scope by built-in table, then by the CustomResourceDefinitions in the store.
  [[nodiscard]] model::Scope scope(std::string_view group, std::string_view kind) const;
  // Discovery of a group and kind; every version of a kind counts as served.
  [[nodiscard]] KindLookup lookup(std::string_view group, std::string_view kind) const;

  // The time of the next event; nothing when the cluster is at rest.
  [[nodiscard]] std::optional<base::Instant> next_event() const;
  // Plays every event up to and including `time`, then stands at `time`. Returns what changed.
  // REQUIRES: time >= now().
  std::vector<Change> advance(base::Instant time);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wavetank::cluster
