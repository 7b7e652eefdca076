// Applications as RapidCheck draws them: hooks, waves, policies, and kinds that wait for others.
#pragma once

#include <string>
#include <vector>

#include "load/project.h"

namespace wavetank::explore {

class DrawnApplication {
 public:
  std::vector<std::string> manifests;
  int retries = 0;  // of the Application's sync policy

  [[nodiscard]] load::Project load() const;
  // For a person who has to find out why a property fails.
  [[nodiscard]] std::string text() const;

 private:
  [[nodiscard]] std::string application() const;
};

// Of at least one and at most `most` objects.
[[nodiscard]] DrawnApplication draw_application(int most);

}  // namespace wavetank::explore
