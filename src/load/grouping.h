// Decides which objects belong together: Applications, kustomizations, directories, single files.
#pragma once

#include <vector>

#include "load/document.h"

namespace wavetank::load {

// Fills `project.bundles` from the files that were read; adds IN009, IN010 and IN011.
// `named` are the paths that the user gave.
void group_into_bundles(const base::FileSystem& files, const std::vector<ReadFile>& read,
                        const std::vector<std::string>& named, Project& project);

}  // namespace wavetank::load
