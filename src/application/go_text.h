// Small readers of the Go standard library whose exact results and error texts reach users.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace wavetank::application {

// time.ParseDuration: nanoseconds, or its error text.
[[nodiscard]] tl::expected<std::int64_t, std::string> parse_go_duration(std::string_view text);

// strconv.Quote of printable ASCII; other bytes are escaped.
[[nodiscard]] std::string go_quoted(std::string_view text);

}  // namespace wavetank::application
