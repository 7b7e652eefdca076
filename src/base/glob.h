// Shell patterns over paths: `*` and `?` within one path part, `**` across parts, `[a-c]`, `{a,b}`.
#pragma once

#include <string_view>

namespace wavetank::base {

// Whether the whole of `path` matches. A malformed pattern matches nothing.
[[nodiscard]] bool glob_matches(std::string_view pattern, std::string_view path);

// The same without alternatives: braces stand for themselves, as in .gitignore files.
[[nodiscard]] bool plain_glob_matches(std::string_view pattern, std::string_view path);

}  // namespace wavetank::base
