// The objects of the cluster: identity, versions, deletion marks, finalizers and owners.
//
// Invariants: (1) a resourceVersion grows with every change; (2) an object with a deletion mark and
// without finalizers is gone by the time a call or event ends, unless a controller still holds it
// (pods that terminate, namespaces that are emptied).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/interner.h"
#include "base/time.h"
#include "cluster/api/object/field_owners.h"
#include "cluster/cluster.h"
#include "model/key.h"

namespace wavetank::cluster {

// What the surroundings of the API server (kubelets, clouds, operators) mean to do next with an
// object; each knows its own steps.
struct NextStep {
  std::uint8_t step = 0;
  base::Instant at;
};

struct Entry {
  StoredObject object;
  api::FieldOwners owners;              // managedFields, which `content` leaves out
  std::vector<std::string> owner_uids;  // of ownerReferences
  model::ObjectKey controller;          // the owner with `controller: true`; no kind: none
  std::int64_t generation = 0;
  std::optional<NextStep> next_step;
  nlohmann::json memory;  // what a real controller remembers of it, outside the object
};

// What those who watch the store are told of a change.
struct Notice {
  model::ObjectKey key;
  model::ObjectKey controller;          // of the object now; when it is gone, of its last state
  model::ObjectKey old_controller;      // before the change
  std::vector<std::string> owner_uids;  // now and before
  std::string uid;
  bool is_new = false;
  bool is_removed = false;
  bool is_deleting = false;
  bool has_new_owners = false;      // its owner references are new or changed
  bool has_new_generation = false;  // the desired state changed; of some kinds never
};

// A run of elements, in order.
template <class Iterator>
struct Part {
  Iterator first;
  Iterator last;
  [[nodiscard]] Iterator begin() const { return first; }
  [[nodiscard]] Iterator end() const { return last; }
};

class Store {
 public:
  explicit Store(base::Interner& interner) : interner_(interner) {}

  // Told of every change after it was made. It may not change the store.
  std::function<void(const Notice&)> on_change;

  [[nodiscard]] Entry* find(const model::ObjectKey& key);
  [[nodiscard]] const Entry* find(const model::ObjectKey& key) const;
  using Entries = std::map<model::ObjectKey, Entry>;
  [[nodiscard]] Entries& entries() { return entries_; }
  [[nodiscard]] const Entries& entries() const { return entries_; }
  // The objects of one kind in one namespace; of a cluster-scoped kind without one.
  [[nodiscard]] Part<Entries::const_iterator> of_kind(std::string_view group, std::string_view kind,
                                                      std::string_view name_space = {}) const;

  // The objects of one kind in all namespaces.
  [[nodiscard]] Part<Entries::const_iterator> everywhere(std::string_view group,
                                                         std::string_view kind) const;

  // The uid of the next object with this key: of the form of a UUID, the same in every run.
  [[nodiscard]] std::string next_uid(const model::ObjectKey& key) const;
  // A number for the random end of a name that begins so: another one each time, whatever else is
  // in the store.
  [[nodiscard]] std::uint64_t next_number(const model::ObjectKey& prefix);
  // How many objects have borne this key.
  [[nodiscard]] std::uint32_t incarnation(const model::ObjectKey& key) const;
  // Adds an object as it is; its metadata.uid and creationTimestamp are set.
  Entry& add(const model::ObjectKey& key, nlohmann::json content, base::Instant now);
  // Adds a new object: uid, creationTimestamp, generation and resourceVersion are filled in.
  Entry& insert(const model::ObjectKey& key, nlohmann::json content, base::Instant now);
  // Takes over changed content; `now` and the old content decide about generation.
  void changed(const model::ObjectKey& key, Entry& entry);
  void erase(const model::ObjectKey& key);
  // Grows with every change, of whatever object.
  [[nodiscard]] std::uint64_t version() const { return resource_version_; }

  // The object with this uid; null when there is none.
  [[nodiscard]] const model::ObjectKey* key_of(const std::string& uid) const;
  // Keys of the objects that name `uid` as an owner, in order.
  [[nodiscard]] std::vector<model::ObjectKey> dependents(const std::string& uid) const;
  // Keys of those of them that nobody controls. Changes of the store end both.
  [[nodiscard]] Part<std::set<model::ObjectKey>::const_iterator> uncontrolled(
      std::string_view group, std::string_view kind, std::string_view name_space) const;

 private:
  void index_owners(const model::ObjectKey& key, Entry& entry);
  void forget_owners(const model::ObjectKey& key, const Entry& entry);

  base::Interner& interner_;
  Entries entries_;
  std::map<model::ObjectKey, std::uint32_t> incarnations_;
  std::map<model::ObjectKey, std::uint64_t> generated_;  // names that begin so
  std::map<std::string, model::ObjectKey> by_uid_;
  std::map<std::string, std::set<model::ObjectKey>> dependents_;  // by the owner's uid
  std::set<model::ObjectKey> uncontrolled_;
  std::uint64_t resource_version_ = 0;
};

// RFC 3339 of a simulated moment; simulations begin at 2024-01-01T00:00:00Z.
[[nodiscard]] std::string timestamp(base::Instant at);

}  // namespace wavetank::cluster
