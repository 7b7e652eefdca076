// What changed in a git repository, by the git program.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace wavetank::cli {

// Absolute paths of the files that differ from where the current branch left `revision`: committed
// since, staged, in the work tree, and new ones that are not ignored. Deleted files are among them.
// In a repository without a commit everything is new. The error is git's own.
[[nodiscard]] tl::expected<std::vector<std::string>, std::string> changed_files(
    const std::string& revision);

}  // namespace wavetank::cli
