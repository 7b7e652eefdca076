#include "commands/shown_path.h"

#include "load/path.h"

namespace wavetank::commands {

RelativeTo::RelativeTo(const base::FileSystem& files, const std::string& directory)
    : here_(files.canonical(".").value_or("/")),
      directory_(files.canonical(directory).value_or(load::join(here_, directory))) {}

std::string RelativeTo::operator()(std::string_view shown) const {
  if (shown.starts_with('<')) return std::string(shown);  // standard input
  return load::relative_to(directory_, here_, shown);
}

}  // namespace wavetank::commands
