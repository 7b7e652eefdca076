// The types of built-in objects and of custom resources: which fields there are, of which type, and
// how lists and maps merge. Everything that walks an object by its type (pruning, merging, field
// ownership) walks this.
//
// A Type is a node: a scalar, a struct with named fields, a map or a list. Built-in types are
// parsed once from the table in type_table.cc; those of a CustomResourceDefinition from its schema.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace wavetank::cluster::api {

enum class Shape : std::uint8_t {
  String,
  Bytes,     // base64
  Time,      // RFC 3339
  Quantity,  // "100m"; numbers are accepted
  IntOrString,
  Int32,
  Int64,
  Number,
  Bool,
  Any,  // anything, as it is
  Struct,
  Map,
  List,
};

struct Type;

struct Field {
  std::string name;
  const Type* type = nullptr;
  bool is_required = false;
  // Strategic merge: lists by `merge_key`, sets of scalars if that is empty.
  bool merges = false;
  std::string merge_key;
  bool retains_keys = false;
};

struct Type {
  Shape shape = Shape::Any;
  std::string name;               // of a Struct: the Go type
  std::vector<Field> fields;      // of a Struct, sorted by name
  const Type* element = nullptr;  // of a Map or List
  // Server-side apply: lists are atomic, sets, or keyed; structs and maps may be atomic.
  bool is_atomic = false;
  bool is_set = false;
  std::vector<std::string> keys;
  bool preserves_unknown = false;  // custom resources
  // What a custom resource's schema says beyond the type; null elsewhere.
  nlohmann::json rules;

  [[nodiscard]] const Field* field(std::string_view field_name) const;
};

// Owns the nodes of one schema; pointers stay valid as long as it lives.
class Schema {
 public:
  Type& make(Shape shape);
  [[nodiscard]] const Type* find(std::string_view name) const;
  Type& define(std::string name);

 private:
  std::deque<Type> nodes_;
  std::map<std::string, Type*, std::less<>> named_;
};

// The types of the kinds that Kubernetes itself serves.
[[nodiscard]] const Schema& built_in_schema();

// The type of the objects of a custom resource version, from `openAPIV3Schema` (null: anything).
[[nodiscard]] const Type* custom_type(Schema& schema, const nlohmann::json& open_api);

}  // namespace wavetank::cluster::api
