// The objects of the cluster: identity, versions, deletion marks, finalizers and owners.
//
// Invariants: (1) a resourceVersion grows with every change; (2) an object with a deletion mark and
// without finalizers is gone by the time a call or event ends, unless a controller still holds it
// (pods that terminate, namespaces that are emptied).
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/interner.h"
#include "base/time.h"
#include "cluster/api/object/field_owners.h"
#include "cluster/cluster.h"
#include "model/key.h"

namespace wavetank::cluster {

struct Entry {
  StoredObject object;
  api::FieldOwners owners;      // managedFields, which `content` leaves out
  std::uint32_t events = 0;     // how many events were planned for this object
  bool is_held = false;         // a controller lets it go in its own time
};

class Store {
 public:
  explicit Store(base::Interner& interner) : interner_(interner) {}

  [[nodiscard]] Entry* find(const model::ObjectKey& key);
  [[nodiscard]] const Entry* find(const model::ObjectKey& key) const;
  [[nodiscard]] std::map<model::ObjectKey, Entry>& entries() { return entries_; }
  [[nodiscard]] const std::map<model::ObjectKey, Entry>& entries() const { return entries_; }

  // The uid of the next object with this key: of the form of a UUID, the same in every run.
  [[nodiscard]] std::string next_uid(const model::ObjectKey& key) const;
  // Adds an object as it is; its metadata.uid and creationTimestamp are set.
  Entry& add(const model::ObjectKey& key, nlohmann::json content, base::Instant now);
  // Adds a new object: uid, creationTimestamp, generation and resourceVersion are filled in.
  Entry& insert(const model::ObjectKey& key, nlohmann::json content, base::Instant now);
  // Takes over changed content; `now` and the old content decide about generation.
  void changed(Entry& entry);
  void erase(const model::ObjectKey& key);
  // Grows with every change, of whatever object.
  [[nodiscard]] std::uint64_t version() const { return resource_version_; }

  // Keys of the objects that name `uid` as an owner.
  [[nodiscard]] std::vector<model::ObjectKey> dependents(const std::string& uid) const;

 private:
  base::Interner& interner_;
  std::map<model::ObjectKey, Entry> entries_;
  std::map<model::ObjectKey, std::uint32_t> incarnations_;
  std::uint64_t resource_version_ = 0;
};

// RFC 3339 of a simulated moment; simulations begin at 2024-01-01T00:00:00Z.
[[nodiscard]] std::string timestamp(base::Instant at);

}  // namespace wavetank::cluster
