// A revision of a git repository as a file system: the port of base/file_system.h over what
// `git archive` gives. Everything is read at once; nothing of the work tree is touched.
#pragma once

#include <map>
#include <string>

#include "base/file_system.h"

namespace wavetank::cli {

class GitFiles final : public base::FileSystem {
 public:
  // `path` is relative to the working directory, as are the paths of the result. The error is
  // git's own.
  [[nodiscard]] static tl::expected<GitFiles, std::string> read_revision(
      const std::string& revision, const std::string& path);

  [[nodiscard]] base::FileKind kind(std::string_view path) const override;
  [[nodiscard]] tl::expected<std::string, base::FileError> read(
      std::string_view path) const override;
  [[nodiscard]] tl::expected<std::vector<base::DirectoryEntry>, base::FileError> list(
      std::string_view path) const override;
  [[nodiscard]] tl::expected<std::string, base::FileError> canonical(
      std::string_view path) const override;

 private:
  struct Node {
    base::FileKind kind = base::FileKind::File;
    std::string content;
  };
  std::map<std::string, Node> nodes_;  // by path, without "./" and trailing slashes
};

}  // namespace wavetank::cli
