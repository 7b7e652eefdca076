// How objects of the fake cluster behave: how long they take and how it ends.
//
// Behaviours are inputs of a simulation. The most specific rule wins (kind and name before kind).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

namespace wavetank::cluster {

// Succeed: becomes healthy or completes. Fail: a Job or Pod fails, a workload exceeds its progress
// deadline, a claim is lost. Hang: nothing ever changes.
enum class Outcome : std::uint8_t { Succeed, Fail, Hang };

struct Behavior {
  std::optional<Outcome> outcome;
  std::optional<base::Duration> duration;  // from creation to the outcome; nothing: by kind
  bool denied = false;                     // an admission webhook refuses every write
};

struct BehaviorRule {
  std::string kind;  // as spelt in manifests, matched without regard to case
  std::string name;  // exact; also the generateName prefix of a generated name; "*": every name
  Behavior behavior;
};

}  // namespace wavetank::cluster
