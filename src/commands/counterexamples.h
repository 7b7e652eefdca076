// Ways to a bad ending that `wavetank explore` found, as scenario files.
//
// Each is a scenario whose expectation is that the bad ending does not come: `wavetank test` fails
// on it, with the story of how it comes, until the manifests are better. Its faults are those of
// one minimal set; nothing in it can be left out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "commands/lint.h"
#include "explore/study.h"

namespace wavetank::commands {

// Where things are. Paths as the user writes them.
struct CounterexamplePlaces {
  std::string directory;                // that the files are written to
  std::string manifests;                // of the application
  std::optional<std::string> before;    // of the old revision
  std::optional<std::string> scenario;  // the file that tells how the world is, if there is one
};

struct Counterexamples {
  std::vector<OutputFile> files;
  std::size_t unconfirmed =
      0;              // ways that were not written: the simulator plays them otherwise, or did not
  std::string error;  // why nothing could be written
};

// `bundle` is what was studied with `options`; both revisions have to be directories or files.
[[nodiscard]] Counterexamples counterexamples(const base::FileSystem& files,
                                              const model::Bundle& bundle,
                                              const explore::Study& study,
                                              const explore::StudyOptions& options,
                                              const CounterexamplePlaces& places);

}  // namespace wavetank::commands
