// The patterns of sync windows and projects over names and addresses.
//
// Source: github.com/gobwas/glob v0.2.3 without separators, as util/glob of Argo CD uses it: `*`,
// `**` and `?` cross everything, `[a-c]`, `[!abc]`, `{a,b}`, `\` escapes. The library rewrites a
// pattern into a tree of faster tests first and then matches by that tree. Some of its rewritings
// change what matches: `web-*-web` matches "web-web", `?` matches the empty text, `[!ab][!ab]`
// matches "ba". A user meets these as they are, so they are kept (name_tree.h).
#pragma once

#include <string_view>

namespace wavetank::application {

// Whether the whole of `name` matches. A malformed pattern matches nothing.
[[nodiscard]] bool matches_name(std::string_view pattern, std::string_view name);

}  // namespace wavetank::application
