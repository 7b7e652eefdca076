// The patterns of sync windows and projects over names and addresses.
//
// Source: github.com/gobwas/glob without separators, as pkg/apis/application/v1alpha1 uses it:
// `*`, `**` and `?` cross everything, `[a-c]`, `[!abc]`, `{a,b}`, `\` escapes.
#pragma once

#include <string_view>

namespace wavetank::application {

// Whether the whole of `name` matches. A malformed pattern matches nothing.
[[nodiscard]] bool matches_name(std::string_view pattern, std::string_view name);

}  // namespace wavetank::application
