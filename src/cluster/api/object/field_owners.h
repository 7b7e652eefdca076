// Who owns which field of an object: managedFields, as server-side apply needs them.
//
// A field is a path of elements: `f:spec`, `k:{"name":"main"}` (an item of a keyed list), `v:"x"`
// (an item of a set). A FieldSet holds paths; an owner is a manager with an operation. Plain writes
// take what they change away from everybody else; an apply shares what it does not change.
// Source: sigs.k8s.io/structured-merge-diff, merge/update.go and typed/.
#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cluster/api/schema/schema.h"

namespace wavetank::cluster::api {

// Elements are joined by '\x1f', so that a path sorts before what lies below it.
using FieldSet = std::set<std::string>;

struct FieldOwner {
  std::string manager;
  bool applies = false;  // the operation: Apply, or Update
  std::string subresource;
  FieldSet fields;

  friend bool operator==(const FieldOwner&, const FieldOwner&) = default;
};
using FieldOwners = std::vector<FieldOwner>;

// What a write by `manager` that turned `before` (null: there was nothing) into `after` does to the
// owners.
[[nodiscard]] FieldOwners owners_after_update(const FieldOwners& owners, const Type& type,
                                              const nlohmann::json& before,
                                              const nlohmann::json& after, std::string_view manager,
                                              std::string_view subresource);

// JSON pointers (RFC 6901) to the fields that a manager owns and `live` has.
[[nodiscard]] std::vector<std::string> owned_pointers(const FieldOwners& owners,
                                                      std::string_view manager,
                                                      const nlohmann::json& live);

// A field that somebody else owns and an apply wants to change.
struct OwnershipConflict {
  std::string manager;
  bool applies = false;
  std::string subresource;
  std::vector<std::string> fields;  // ".spec.replicas"
};

struct Applied {
  nlohmann::json object;
  FieldOwners owners;
  std::vector<OwnershipConflict> conflicts;  // with those of others, if not forced
};

// Server-side apply of `manifest` over `live` (null: there is nothing).
[[nodiscard]] Applied apply_fields(const FieldOwners& owners, const Type& type,
                                   const nlohmann::json& live, const nlohmann::json& manifest,
                                   std::string_view manager);

// Turns what `from` owns by plain writes into what `to` has applied: kubectl's migration before a
// server-side apply. Returns whether there was anything to migrate.
bool migrate_owner(FieldOwners& owners, std::string_view from, std::string_view to);

// Whether `manager` owns the field at `path` (elements as in a FieldSet) by plain writes.
[[nodiscard]] const FieldOwner* update_owner_of(const FieldOwners& owners, std::string_view path);

// What is wrong with `manifest` for server-side apply, which refuses what other writes drop or
// merge: unknown fields, wrong types, list items twice. One line each, sorted as the server does.
[[nodiscard]] std::vector<std::string> typed_errors(const Type& type,
                                                    const nlohmann::json& manifest);

}  // namespace wavetank::cluster::api
