// The part of the real file system that a test reads: the repository itself.
#pragma once

#include "base/file_system.h"

namespace wavetank::support {

class RealFiles final : public base::FileSystem {
 public:
  [[nodiscard]] base::FileKind kind(std::string_view path) const override;
  [[nodiscard]] tl::expected<std::string, base::FileError> read(
      std::string_view path) const override;
  [[nodiscard]] tl::expected<std::vector<base::DirectoryEntry>, base::FileError> list(
      std::string_view path) const override;
  [[nodiscard]] tl::expected<std::string, base::FileError> canonical(
      std::string_view path) const override;
};

}  // namespace wavetank::support
