#include "commands/shown_path.h"

#include "load/path.h"

namespace wavetank::commands {

RelativeTo::RelativeTo(const base::FileSystem& files, const std::string& directory)
    : here_(files.canonical(".").value_or("/")),
      directory_(files.canonical(directory).value_or(load::join(here_, directory))) {}

std::string RelativeTo::operator()(std::string_view shown) const {
  if (shown.starts_with('<')) return std::string(shown);  // standard input
  const std::string whole = load::join(here_, shown);
  if (whole == directory_) return ".";
  const std::string prefix = directory_.ends_with('/') ? directory_ : directory_ + "/";
  return whole.starts_with(prefix) ? whole.substr(prefix.size()) : whole;
}

}  // namespace wavetank::commands
