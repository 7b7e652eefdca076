// Text for people: colours when asked, and nothing from a manifest that could drive the terminal.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace wavetank::report {

enum class Colour : std::uint8_t { Off, On };
enum class Ink : std::uint8_t { Plain, Bold, Red, Yellow, Green, Blue, Dim };

[[nodiscard]] std::string paint(std::string_view text, Ink ink, Colour colour);

// Control characters, characters that reorder text, and what CI servers obey in logs, as visible
// escapes; tabs as one blank.
[[nodiscard]] std::string escaped(std::string_view text);

// How many columns a terminal uses for `text`, wide and combining characters counted as such.
[[nodiscard]] std::size_t display_width(std::string_view text);

// "1 error", "2 errors".
[[nodiscard]] std::string counted(std::size_t count, std::string_view singular,
                                  std::string_view plural);

}  // namespace wavetank::report
