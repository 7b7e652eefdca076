// Decides which objects belong together: Applications, kustomizations, directories, single files.
#pragma once

#include <vector>

#include "load/document.h"

namespace wavetank::load {

// Fills `project.bundles` from the files that were read; adds IN009, IN010, IN011 and IN016.
void group_into_bundles(const base::FileSystem& files, const std::vector<ReadFile>& read,
                        const LoadOptions& options, Project& project);

}  // namespace wavetank::load
