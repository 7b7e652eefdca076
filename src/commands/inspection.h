// One look at the manifests with all that flags and configuration say: what `lint` reports, and
// what its fixes and the baseline begin with.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/file_system.h"
#include "commands/lint.h"
#include "commands/rules.h"
#include "lint/lint.h"
#include "load/project.h"

namespace wavetank::commands {

// Everything that the flags and the configuration say, read once.
struct Setup {
  LintRequest request;  // with what the configuration says
  load::LoadOptions load;
  lint::LintOptions options;
  ReadRules own;
  std::optional<load::Project> before;
  std::string baseline;  // the file; empty: none
  std::string errors;    // not empty: nothing can be done

  // `options` with what they point to.
  [[nodiscard]] lint::LintOptions all_options() const;
};

[[nodiscard]] Setup set_up(const base::FileSystem& files, const LintRequest& asked);

struct Inspection {
  load::Project project;
  std::vector<lint::Finding> findings;
  std::string errors;                        // not empty: the baseline cannot be used
  std::vector<lint::Suppressed> suppressed;  // counted among the notes of the project, too
};

[[nodiscard]] Inspection inspect(const base::FileSystem& files, const Setup& setup);

}  // namespace wavetank::commands
