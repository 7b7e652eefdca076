// Which objects of an application may depend on which others: candidates, found by name.
//
// A candidate is no dependence yet. The compiler lets the full cluster play the object with and
// without each candidate (model.cc); what makes no difference is no need.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "explore/recorder.h"

namespace wavetank::explore {

// Subjects that together can fill one need: one of them suffices.
struct Candidate {
  std::vector<std::uint32_t> any_of;  // indices into the subjects
  bool is_consumer = false;           // a pod that mounts a claim, which may wait for it
};

// The candidates of each subject.
[[nodiscard]] std::vector<std::vector<Candidate>> find_candidates(
    std::span<const Subject> subjects);

}  // namespace wavetank::explore
