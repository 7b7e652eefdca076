#include "load/walk.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "base/glob.h"
#include "load/ignore_file.h"
#include "load/path.h"

namespace wavetank::load {

namespace {

bool is_manifest_name(std::string_view name) {
  return name.ends_with(".yaml") || name.ends_with(".yml") || name.ends_with(".json");
}

class Walker {
 public:
  Walker(const base::FileSystem& files, const std::vector<std::string>& exclude)
      : files_(files), exclude_(exclude) {}

  void named(const std::string& path) {
    if (path == "-") {
      add(path, true);
      return;
    }
    switch (files_.kind(path)) {
      case base::FileKind::Missing:
        walk_.problems.push_back({.path = path, .reason = "no such path", .is_missing = true});
        break;
      case base::FileKind::Directory: root(normal(path)); break;
      case base::FileKind::File:
      case base::FileKind::Other: add(path, true); break;
    }
  }

  Walk take() {
    std::sort(walk_.files.begin(), walk_.files.end(),
              [](const FoundFile& a, const FoundFile& b) { return a.path < b.path; });
    return std::move(walk_);
  }

 private:
  // Patterns apply to paths below the git root, so ignore files are tracked relative to it.
  void root(const std::string& path) {
    const std::string top = git_root(files_, path);
    std::string below;
    if (!top.empty()) {
      const auto top_name = files_.canonical(top);
      const auto own_name = files_.canonical(path);
      if (top_name && own_name && own_name->size() > top_name->size()) {
        below = own_name->substr(*top_name == "/" ? 1 : top_name->size() + 1);
      }
      std::string at = top;
      std::string relative;
      ignores_.clear();
      for (std::string_view rest = below; !rest.empty();) {
        read_ignore_file(at, relative);
        const auto slash = rest.find('/');
        const std::string part(rest.substr(0, slash));
        rest = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash + 1);
        at = join(at, part);
        relative = relative.empty() ? part : relative + "/" + part;
      }
    }
    directory(path, below);
  }

  void read_ignore_file(const std::string& directory, const std::string& relative) {
    const std::string path = join(directory, ".gitignore");
    if (files_.kind(path) != base::FileKind::File) return;
    if (const auto text = files_.read(path)) ignores_.emplace_back(relative, *text);
  }

  void directory(const std::string& path, const std::string& relative) {
    const auto own_name = files_.canonical(path);
    if (own_name && !visited_.insert(*own_name).second) return;
    const auto entries = files_.list(path);
    if (!entries) {
      walk_.problems.push_back({.path = path, .reason = entries.error().reason});
      return;
    }
    const std::size_t outer = ignores_.size();
    read_ignore_file(path, relative);
    for (const base::DirectoryEntry& entry : *entries) {
      const bool is_directory = entry.kind == base::FileKind::Directory;
      if (is_directory ? entry.name == ".git" : !is_manifest_name(entry.name)) continue;
      const std::string below = relative.empty() ? entry.name : relative + "/" + entry.name;
      if (is_ignored(ignores_, below, is_directory ? EntryKind::Directory : EntryKind::File)) {
        continue;
      }
      const std::string child = path == "." ? entry.name : join(path, entry.name);
      if (is_directory) {
        directory(child, below);
      } else {
        add(child, false);
      }
    }
    ignores_.erase(ignores_.begin() + static_cast<std::ptrdiff_t>(outer), ignores_.end());
  }

  void add(const std::string& path, bool is_named) {
    const bool excluded = std::any_of(exclude_.begin(), exclude_.end(), [&](const auto& pattern) {
      return base::glob_matches(pattern, path) || base::glob_matches("**/" + pattern, path);
    });
    if (excluded || !seen_.insert(path == "-" ? path : normal(path)).second) return;
    walk_.files.push_back({.path = path, .is_named = is_named});
  }

  const base::FileSystem& files_;
  const std::vector<std::string>& exclude_;
  std::vector<IgnoreFile> ignores_;  // outermost first
  std::set<std::string> visited_;
  std::set<std::string> seen_;
  Walk walk_;
};

}  // namespace

std::string git_root(const base::FileSystem& files, const std::string& directory) {
  std::string at = directory;
  if (const auto whole = files.canonical(directory)) at = *whole;
  while (true) {
    if (files.kind(join(at, ".git")) != base::FileKind::Missing) return at;
    const std::string parent = parent_of(at);
    if (parent == at || at == ".") return "";
    at = parent;
  }
}

Walk walk(const base::FileSystem& files, const std::vector<std::string>& paths,
          const std::vector<std::string>& exclude) {
  Walker walker(files, exclude);
  for (const std::string& path : paths) walker.named(path);
  return walker.take();
}

}  // namespace wavetank::load
