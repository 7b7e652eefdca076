// What the process says at its end; the same for every command and format.
#pragma once

#include <cstdint>
#include <initializer_list>

namespace wavetank::commands {

enum class ExitCode : std::uint8_t {
  Ok = 0,
  Findings = 1,      // findings at or above --fail-on; a sync that did not end as expected
  Usage = 2,         // bad flags, configuration or scenario
  Internal = 3,      // our own bug
  Input = 4,         // nothing to check, unreadable or unparsable input
  Inconclusive = 5,  // a horizon was reached first
};

// The code to exit with when several apply: 3, 2, 4, 1, 5, 0, in this order.
[[nodiscard]] ExitCode gravest(std::initializer_list<ExitCode> codes);

}  // namespace wavetank::commands
