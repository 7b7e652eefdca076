// The port through which everything below `cli` reads files.
//
// `cli` implements it over the real disk; tests implement it in memory. Paths use '/' and are taken
// relative to the working directory unless absolute. Nothing here throws.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace wavetank::base {

enum class FileKind : std::uint8_t { File, Directory, Other, Missing };

struct DirectoryEntry {
  std::string name;                 // without the directory
  FileKind kind = FileKind::Other;  // what a symbolic link leads to
};

// What the environment answered instead: one lower-case clause such as "permission denied".
struct FileError {
  std::string reason;
};

class FileSystem {
 public:
  virtual ~FileSystem() = default;

  [[nodiscard]] virtual FileKind kind(std::string_view path) const = 0;

  // The whole content of a file, byte for byte. "-" is standard input.
  [[nodiscard]] virtual tl::expected<std::string, FileError> read(std::string_view path) const = 0;

  // The entries of a directory in byte-wise order of their names, without "." and "..".
  [[nodiscard]] virtual tl::expected<std::vector<DirectoryEntry>, FileError> list(
      std::string_view path) const = 0;

  // One absolute path without symbolic links, "." and ".."; equal for two ways to the same file.
  [[nodiscard]] virtual tl::expected<std::string, FileError> canonical(
      std::string_view path) const = 0;
};

// The port for writing.
class FileWriter {
 public:
  virtual ~FileWriter() = default;

  // Afterwards the file holds `text`, or what it held before, but never a part of either. A file
  // that is there keeps its mode; a symbolic link stays one, and what it leads to is written.
  [[nodiscard]] virtual tl::expected<void, FileError> write(std::string_view path,
                                                            std::string_view text) = 0;
};

}  // namespace wavetank::base
