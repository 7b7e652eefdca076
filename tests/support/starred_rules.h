// The rules of the first release, which every kind of proof has to cover; whoever takes one of them
// out of this list says why.
#pragma once

#include <array>
#include <string_view>

namespace wavetank::support {

inline constexpr std::array<std::string_view, 20> kStarredRules{
    "AN001", "AN002", "AN003", "AN004", "AN005", "AN006", "HK001", "HK002", "HK003", "HL001",
    "HL002", "HM001", "HM002", "JB001", "JB002", "PH001", "PH002", "SO001", "WV001", "XR001"};

}  // namespace wavetank::support
