// The real file system behind the port of base/file_system.h, and writing files in one piece.
#pragma once

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
  [[nodiscard]] tl::expected<std::string, base::FileError> canonical(
      std::string_view path) const override;
};

// Writes to a temporary file beside `path` and renames it: there is never half a file.
[[nodiscard]] tl::expected<void, base::FileError> write_file(const std::string& path,
                                                             std::string_view text);

}  // namespace wavetank::cli
