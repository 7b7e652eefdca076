// The real file system behind the ports of base/file_system.h: reading files, and writing them in
// one piece.
#pragma once

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

// Writes a temporary file beside the one it then replaces: there is never half a file.
class DiskWriter final : public base::FileWriter {
 public:
  [[nodiscard]] tl::expected<void, base::FileError> write(std::string_view path,
                                                          std::string_view text) override;
};

}  // namespace wavetank::cli
