// Small readers of the Go standard library whose exact results and error texts reach users.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace wavetank::model {

// strconv.Atoi: the number, or its error text.
[[nodiscard]] tl::expected<std::int64_t, std::string> parse_go_integer(std::string_view text);

// time.ParseDuration: nanoseconds, or its error text.
[[nodiscard]] tl::expected<std::int64_t, std::string> parse_go_duration(std::string_view text);

// strconv.Quote, as in errors of Atoi and in fmt's %q: what cannot be printed is escaped.
[[nodiscard]] std::string go_quoted(std::string_view text);

// strings.Fields: the parts between white space.
[[nodiscard]] std::vector<std::string_view> go_fields(std::string_view text);

}  // namespace wavetank::model
