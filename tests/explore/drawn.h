// Applications as RapidCheck draws them: hooks, waves, policies, and kinds that wait for others.
#pragma once

#include <string>
#include <vector>

#include "load/project.h"

namespace wavetank::explore {

struct DrawnApplication {
  std::vector<std::string> manifests;

  [[nodiscard]] load::Project load() const;
};

// Of at least one and at most `most` objects.
[[nodiscard]] DrawnApplication draw_application(int most);

}  // namespace wavetank::explore
