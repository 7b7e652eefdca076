// The patterns of .gitignore files, read and applied as git does.
//
// Source: gitignore(5). Tested against `git check-ignore`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wavetank::load {

enum class EntryKind : std::uint8_t { File, Directory };

class IgnoreFile {
 public:
  // `directory` is where the file stands, relative to the same root as the paths asked for later;
  // empty for the root itself.
  IgnoreFile(std::string directory, std::string_view text);

  enum class Verdict : std::uint8_t { Silent, Ignored, Kept };
  // What the last matching pattern says of a path below `directory`; Kept is a negated pattern.
  [[nodiscard]] Verdict verdict(std::string_view path, EntryKind kind) const;

 private:
  struct Pattern {
    std::string glob;
    bool negated = false;
    bool directories_only = false;
    bool anchored = false;  // matched against the whole path, not only the last part
  };

  std::string directory_;
  std::vector<Pattern> patterns_;
};

// Several ignore files, outer ones first: inner ones have the last word.
[[nodiscard]] bool is_ignored(const std::vector<IgnoreFile>& files, std::string_view path,
                              EntryKind kind);

}  // namespace wavetank::load
