#include "support/memory_files.h"

#include <filesystem>

namespace wavetank::support {

std::string MemoryFiles::resolved(std::string_view path) const {
  std::string result = std::filesystem::path(path).lexically_normal().string();
  if (result.ends_with("/")) result.pop_back();
  if (result.starts_with("/")) result.erase(0, 1);
  if (result == ".") result.clear();
  for (bool again = true; again;) {
    again = false;
    for (const auto& [from, to] : links_) {
      if (result == from || result.starts_with(from + "/")) {
        result = to + result.substr(from.size());
        if (result.starts_with("/")) result.erase(0, 1);
        again = true;
      }
    }
  }
  return result;
}

base::FileKind MemoryFiles::kind(std::string_view path) const {
  const std::string name = resolved(path);
  if (files_.contains(name) || path == "-") return base::FileKind::File;
  if (name.empty()) return base::FileKind::Directory;
  const auto below = files_.lower_bound(name + "/");
  const bool is_directory = below != files_.end() && below->first.starts_with(name + "/");
  return is_directory ? base::FileKind::Directory : base::FileKind::Missing;
}

tl::expected<std::string, base::FileError> MemoryFiles::read(std::string_view path) const {
  const std::string name = resolved(path);
  const auto found = files_.find(name);
  if (locked_.contains(name)) return tl::unexpected(base::FileError{"permission denied"});
  if (found == files_.end()) return tl::unexpected(base::FileError{"no such file or directory"});
  return found->second;
}

tl::expected<std::vector<base::DirectoryEntry>, base::FileError> MemoryFiles::list(
    std::string_view path) const {
  const std::string name = resolved(path);
  const std::string prefix = name.empty() ? "" : name + "/";
  std::map<std::string, base::FileKind> entries;
  for (const auto& [file, text] : files_) {
    if (!file.starts_with(prefix)) continue;
    const std::string rest = file.substr(prefix.size());
    const auto slash = rest.find('/');
    entries[rest.substr(0, slash)] =
        slash == std::string::npos ? base::FileKind::File : base::FileKind::Directory;
  }
  for (const auto& [link, target] : links_) {
    const auto slash = link.rfind('/');
    const std::string parent = slash == std::string::npos ? "" : link.substr(0, slash);
    if (parent == name) {
      entries[slash == std::string::npos ? link : link.substr(slash + 1)] =
          base::FileKind::Directory;
    }
  }
  std::vector<base::DirectoryEntry> list;
  for (const auto& [entry, kind] : entries) list.push_back({.name = entry, .kind = kind});
  return list;
}

tl::expected<std::string, base::FileError> MemoryFiles::canonical(std::string_view path) const {
  return "/" + resolved(path);
}

}  // namespace wavetank::support
