// The only way anything points at the user's text: a file and a half-open range of bytes in it.
#pragma once

#include <cstdint>

#include "base/strong_id.h"

namespace wavetank::source {

struct FileTag;
using FileId = base::StrongId<FileTag>;

struct Span {
  FileId file;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;  // one past the last byte

  [[nodiscard]] constexpr bool valid() const { return file.valid(); }
  // NOLINTNEXTLINE(modernize-use-nullptr): a false alarm of clang-tidy 14 where `<` is used
  friend constexpr auto operator<=>(const Span&, const Span&) = default;
};

}  // namespace wavetank::source
