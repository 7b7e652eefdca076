#include "load/ignore_file.h"

#include <algorithm>

#include "base/glob.h"
#include "load/path.h"

namespace wavetank::load {

namespace {

// Trailing blanks do not count unless they are quoted by a backslash.
std::string_view without_trailing_blanks(std::string_view line) {
  while (line.ends_with(' ') && !line.ends_with("\\ ")) line.remove_suffix(1);
  return line;
}

}  // namespace

IgnoreFile::IgnoreFile(std::string directory, std::string_view text)
    : directory_(std::move(directory)) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    line = without_trailing_blanks(line);
    if (line.empty() || line.starts_with('#')) continue;
    Pattern pattern;
    if (line.starts_with('!')) {
      pattern.negated = true;
      line.remove_prefix(1);
    }
    if (line.ends_with('/')) {
      pattern.directories_only = true;
      line.remove_suffix(1);
    }
    pattern.anchored = line.find('/') != std::string_view::npos;
    if (line.starts_with('/')) line.remove_prefix(1);
    if (line.empty()) continue;
    pattern.glob = line;
    patterns_.push_back(std::move(pattern));
  }
}

IgnoreFile::Verdict IgnoreFile::verdict(std::string_view path, EntryKind kind) const {
  std::string_view relative = path;
  if (!directory_.empty()) {
    if (!path.starts_with(directory_) || path.substr(directory_.size(), 1) != "/") {
      return Verdict::Silent;
    }
    relative = path.substr(directory_.size() + 1);
  }
  for (auto pattern = patterns_.rbegin(); pattern != patterns_.rend(); ++pattern) {
    if (pattern->directories_only && kind != EntryKind::Directory) continue;
    const std::string_view subject = pattern->anchored ? relative : file_name(relative);
    if (base::plain_glob_matches(pattern->glob, subject)) {
      return pattern->negated ? Verdict::Kept : Verdict::Ignored;
    }
  }
  return Verdict::Silent;
}

bool is_ignored(const std::vector<IgnoreFile>& files, std::string_view path, EntryKind kind) {
  for (auto file = files.rbegin(); file != files.rend(); ++file) {
    switch (file->verdict(path, kind)) {
      case IgnoreFile::Verdict::Silent: break;
      case IgnoreFile::Verdict::Ignored: return true;
      case IgnoreFile::Verdict::Kept: return false;
    }
  }
  return false;
}

}  // namespace wavetank::load
