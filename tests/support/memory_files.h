// A file system in memory, for tests of everything that reads files.
#pragma once

#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "base/file_system.h"

namespace wavetank::support {

class MemoryFiles final : public base::FileSystem {
 public:
  MemoryFiles() = default;
  template <std::size_t N>
  explicit MemoryFiles(const std::pair<std::string, std::string> (&files)[N])
      : files_(std::begin(files), std::end(files)) {}

  void add(const std::string& path, std::string text) { files_[path] = std::move(text); }
  // Reading this file fails with "permission denied".
  void lock(const std::string& path) { locked_.insert(path); }
  // A directory that is another one under a second name.
  void link(const std::string& path, const std::string& target) { links_[path] = target; }

  [[nodiscard]] base::FileKind kind(std::string_view path) const override;
  [[nodiscard]] tl::expected<std::string, base::FileError> read(
      std::string_view path) const override;
  [[nodiscard]] tl::expected<std::vector<base::DirectoryEntry>, base::FileError> list(
      std::string_view path) const override;
  [[nodiscard]] tl::expected<std::string, base::FileError> canonical(
      std::string_view path) const override;

 private:
  [[nodiscard]] std::string resolved(std::string_view path) const;

  std::map<std::string, std::string> files_;
  std::set<std::string> locked_;
  std::map<std::string, std::string> links_;
};

// Takes what is written into such files.
class MemoryWriter final : public base::FileWriter {
 public:
  explicit MemoryWriter(MemoryFiles& files) : files_(files) {}
  [[nodiscard]] tl::expected<void, base::FileError> write(std::string_view path,
                                                          std::string_view text) override {
    files_.add(std::string(path), std::string(text));
    return {};
  }

 private:
  MemoryFiles& files_;
};

}  // namespace wavetank::support
