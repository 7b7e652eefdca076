// Paths as text: joining, parents, and taking out "." and "..". The disk is never asked.
#pragma once

#include <string>
#include <string_view>

namespace wavetank::load {

// "a" and "b/../c" -> "a/c"; an absolute `tail` wins. "." stands for the empty path.
[[nodiscard]] std::string join(std::string_view head, std::string_view tail);
// The directory of a path: "a/b.yaml" -> "a", "b.yaml" -> ".", "/b" -> "/".
[[nodiscard]] std::string parent_of(std::string_view path);
[[nodiscard]] std::string_view file_name(std::string_view path);
// Without "." parts, double slashes and ".." where they can be resolved.
[[nodiscard]] std::string normal(std::string_view path);

// The path of `path`, which is seen from the absolute directory `here`, as seen from the absolute
// directory `from`; an absolute path for what is not below that.
[[nodiscard]] std::string relative_to(std::string_view from, std::string_view here,
                                      std::string_view path);

// The way from one absolute directory to an absolute path, with `..` where it has to climb.
[[nodiscard]] std::string way_to(std::string_view from, std::string_view path);

}  // namespace wavetank::load
