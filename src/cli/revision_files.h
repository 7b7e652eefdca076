// The disk, on which the path `git:REVISION:PATH` leads into a revision of the git repository of
// the working directory: how scenarios name revisions.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <tl/expected.hpp>
#include <utility>

#include "base/file_system.h"
#include "cli/git_files.h"

namespace wavetank::cli {

class RevisionFiles final : public base::FileSystem {
 public:
  // REQUIRES: `disk` outlives it.
  explicit RevisionFiles(const base::FileSystem& disk) : disk_(disk) {}

  [[nodiscard]] base::FileKind kind(std::string_view path) const override;
  [[nodiscard]] tl::expected<std::string, base::FileError> read(
      std::string_view path) const override;
  [[nodiscard]] tl::expected<std::vector<base::DirectoryEntry>, base::FileError> list(
      std::string_view path) const override;
  [[nodiscard]] tl::expected<std::string, base::FileError> canonical(
      std::string_view path) const override;

 private:
  using Revision = tl::expected<GitFiles, std::string>;
  struct Place {
    const base::FileSystem* files = nullptr;  // null: the revision cannot be read
    std::string path;                         // in these files
    std::string error;
  };
  [[nodiscard]] Place place_of(std::string_view path) const;

  const base::FileSystem& disk_;
  // What was read, by revision and path; never dropped.
  mutable std::map<std::pair<std::string, std::string>, Revision> revisions_;
  mutable std::mutex mutex_;  // scenarios are read by several threads
};

}  // namespace wavetank::cli
