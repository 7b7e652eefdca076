// Reads the YAML that wavetank defines itself (rules, scenarios) into plain values with positions.
//
// yaml-cpp reads it, unlike manifests; this is the only place that includes it, and nothing it
// throws leaves.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace wavetank::yaml {

struct ValueEntry;

struct Value {
  enum class Kind : std::uint8_t { Null, Scalar, Sequence, Mapping };
  Kind kind = Kind::Null;
  std::string text;          // of a scalar
  bool is_quoted = false;    // a scalar that is a text whatever it looks like
  std::vector<Value> items;  // of a sequence; of a mapping, its values in written order
  std::vector<Value> keys;   // of a mapping, one per item
  std::uint32_t line = 0;    // from 1
  std::uint32_t column = 0;
  std::uint32_t source = 0;  // which of several texts, for those who join them; `read_value`: 0

  // The keys and values of a mapping; they point into this value.
  [[nodiscard]] std::vector<ValueEntry> entries() const;
  // The value under a key; null when there is none.
  [[nodiscard]] const Value* find(std::string_view key) const;
  // The text of the scalar under a key; empty when there is none.
  [[nodiscard]] std::string_view string(std::string_view key) const;
};

struct ValueEntry {
  const Value& key;
  const Value& value;
};

struct TypedError {
  std::string message;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

[[nodiscard]] tl::expected<Value, TypedError> read_value(std::string_view text);

// The value as JSON; plain scalars are booleans, numbers and null where they look like it.
[[nodiscard]] nlohmann::json to_json(const Value& value);

}  // namespace wavetank::yaml
