// The real file system behind the ports of base/file_system.h: reading files, and writing them in
// one piece.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "base/file_system.h"

namespace wavetank::cli {

class Disk final : public base::FileSystem {
 public:
  [[nodiscard]] base::FileKind kind(std::string_view path) const override;
  [[nodiscard]] tl::expected<std::string, base::FileError> read(
      std::string_view path) const override;
  [[nodiscard]] tl::expected<std::vector<base::DirectoryEntry>, base::FileError> list(
      std::string_view path) const override;
  // Asks the system once for each directory: links between directories are taken to stay as they
  // are while the program runs.
  [[nodiscard]] tl::expected<std::string, base::FileError> canonical(
      std::string_view path) const override;

 private:
  // Of directories: how they were named, and their canonical paths.
  mutable std::map<std::string, std::string, std::less<>> directories_;
  mutable std::mutex mutex_;  // scenarios are read by several threads
};

// Writes a temporary file beside the one it then replaces: there is never half a file.
class DiskWriter final : public base::FileWriter {
 public:
  [[nodiscard]] tl::expected<void, base::FileError> write(std::string_view path,
                                                          std::string_view text) override;
};

// Makes the directory, and those above it that are missing.
[[nodiscard]] tl::expected<void, base::FileError> make_directory(std::string_view path);

}  // namespace wavetank::cli
