// From the paths that a user named to the files to read, in a fixed order.
//
// Directories are searched recursively for .yaml, .yml and .json files; what .gitignore files leave
// out is left out, `.git` always is; a symbolic link that leads back up is followed once. A file
// that the user names is read whatever it is called.
#pragma once

#include <string>
#include <vector>

#include "base/file_system.h"

namespace wavetank::load {

struct FoundFile {
  std::string path;       // as shown to the user
  bool is_named = false;  // the user named the file itself
};

struct WalkProblem {
  std::string path;
  std::string reason;       // what the environment said
  bool is_missing = false;  // there is no such path
};

struct Walk {
  std::vector<FoundFile> files;  // by path, each once
  std::vector<WalkProblem> problems;
};

[[nodiscard]] Walk walk(const base::FileSystem& files, const std::vector<std::string>& paths,
                        const std::vector<std::string>& exclude);

// The nearest directory at or above `directory` that holds `.git`, as a path that can be read;
// empty when there is none.
[[nodiscard]] std::string git_root(const base::FileSystem& files, const std::string& directory);

}  // namespace wavetank::load
