// Paths as they are shown to users, from the working directory, as paths from elsewhere.
#pragma once

#include <string>
#include <string_view>

#include "base/file_system.h"

namespace wavetank::commands {

class RelativeTo {
 public:
  // A directory as seen from the working directory. Only asks the disk here.
  RelativeTo(const base::FileSystem& files, const std::string& directory);

  // The path from the directory; an absolute one for what is not below it.
  [[nodiscard]] std::string operator()(std::string_view shown) const;

 private:
  std::string here_;
  std::string directory_;
};

}  // namespace wavetank::commands
