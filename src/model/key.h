// The identity of a Kubernetes object: group, kind, namespace, name; never the version.
//
// `ObjectKey` holds text and is what reading, lint and reports use. `Key` holds Symbols and is what
// the engine, the cluster and the simulation use; it needs the Interner that made it.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/interner.h"

namespace wavetank::model {

struct ObjectKey {
  std::string group;  // empty for the core group
  std::string kind;
  std::string name_space;  // empty for cluster-scoped objects
  std::string name;

  // The total order of the project: group, kind, namespace, name.
  // NOLINTNEXTLINE(modernize-use-nullptr): a false alarm of clang-tidy 14 where `<` is used
  friend auto operator<=>(const ObjectKey&, const ObjectKey&) = default;
};

struct Key {
  base::Symbol group;
  base::Symbol kind;
  base::Symbol name_space;
  base::Symbol name;

  // Equality is identity. There is no order on Symbols that a user may see: use `less`.
  friend bool operator==(const Key&, const Key&) = default;
};

// For tables that are looked up and never iterated.
[[nodiscard]] std::uint64_t hash(const Key& key);

[[nodiscard]] Key intern(const ObjectKey& key, base::Interner& interner);
[[nodiscard]] ObjectKey resolve(const Key& key, const base::Interner& interner);
[[nodiscard]] bool less(const Key& a, const Key& b, const base::Interner& interner);

// "Job/db-migration", the way users name objects on the command line and in reports.
[[nodiscard]] std::string short_name(const ObjectKey& key);
// "batch/Job/shop/db-migration", group and namespace empty where there is none.
[[nodiscard]] std::string full_name(const ObjectKey& key);

// The group of an apiVersion: "apps/v1" -> "apps", "v1" -> "".
[[nodiscard]] std::string_view group_of(std::string_view api_version);
// The version of an apiVersion: "apps/v1" -> "v1".
[[nodiscard]] std::string_view version_of(std::string_view api_version);

}  // namespace wavetank::model
