// Kubernetes quantities ("250m", "1Gi"): compared by value, printed in canonical form.
//
// Values are held in billionths, which is what Kubernetes rounds up to; those beyond 64 bits keep
// their text. Source: apimachinery, api/resource/quantity.go.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wavetank::cluster::api {

enum class QuantityFormat : std::uint8_t { Decimal, Binary, Exponent };

struct Quantity {
  __extension__ using Nano = __int128;
  Nano nano = 0;
  QuantityFormat format = QuantityFormat::Decimal;

  // In whole units, rounded up.
  [[nodiscard]] std::int64_t units() const;
  friend bool operator==(const Quantity& a, const Quantity& b) { return a.nano == b.nano; }
  friend bool operator<(const Quantity& a, const Quantity& b) { return a.nano < b.nano; }
};

[[nodiscard]] std::optional<Quantity> parse_quantity(std::string_view text);
[[nodiscard]] std::string to_text(const Quantity& quantity);
// The canonical form of `text`, or `text` itself when it is no quantity.
[[nodiscard]] std::string canonical_quantity(std::string_view text);

}  // namespace wavetank::cluster::api
