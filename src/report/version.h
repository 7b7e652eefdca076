// What this program calls itself.
#pragma once

#include <string_view>

namespace wavetank::report {

// As CMakeLists.txt says; a test compares them.
inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace wavetank::report
