// What happens to the dependents of a deleted object.
#pragma once

#include <cstdint>
#include <string_view>

namespace wavetank::model {

enum class Propagation : std::uint8_t { Foreground, Background, Orphan };

[[nodiscard]] constexpr std::string_view name(Propagation policy) {
  switch (policy) {
    case Propagation::Foreground: return "Foreground";
    case Propagation::Background: return "Background";
    case Propagation::Orphan: return "Orphan";
  }
  return "";
}

}  // namespace wavetank::model
