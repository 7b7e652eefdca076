#include "support/real_files.h"

#include <algorithm>
#include <filesystem>

#include "support/recorded.h"

namespace wavetank::support {

namespace fs = std::filesystem;

namespace {

base::FileKind kind_of(const fs::path& path) {
  if (!fs::exists(path)) return base::FileKind::Missing;
  return fs::is_directory(path) ? base::FileKind::Directory : base::FileKind::File;
}

}  // namespace

base::FileKind RealFiles::kind(std::string_view path) const { return kind_of(path); }

tl::expected<std::string, base::FileError> RealFiles::read(std::string_view path) const {
  auto text = read_file(std::string(path));
  if (!text) return tl::unexpected(base::FileError{"cannot read"});
  return *text;
}

tl::expected<std::vector<base::DirectoryEntry>, base::FileError> RealFiles::list(
    std::string_view path) const {
  std::vector<base::DirectoryEntry> entries;
  for (const auto& entry : fs::directory_iterator(path)) {
    entries.push_back({.name = entry.path().filename().string(), .kind = kind_of(entry.path())});
  }
  std::sort(entries.begin(), entries.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return entries;
}

tl::expected<std::string, base::FileError> RealFiles::canonical(std::string_view path) const {
  return fs::weakly_canonical(path).string();
}

}  // namespace wavetank::support
