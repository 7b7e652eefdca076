// Reports only what touches some files, although everything was looked at.
#pragma once

#include <string>
#include <vector>

#include "commands/inspection.h"

namespace wavetank::commands {

// Findings with no place in any of the files, and what is wrong with other files, become notes
// (IN015).
void keep_touching(const base::FileSystem& files, const std::vector<std::string>& touched,
                   Inspection& inspection);

}  // namespace wavetank::commands
