// How objects of the fake cluster behave: how long they take and how it ends.
//
// Behaviours are inputs of a simulation. The most specific rule wins (kind and name before kind).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/distribution.h"
#include "base/time.h"

namespace wavetank::cluster {

// Succeed: becomes healthy or completes. Fail: a Job or Pod fails, a workload's pods crash, a claim
// is lost. Hang: nothing ever changes.
enum class Outcome : std::uint8_t { Succeed, Fail, Hang };

// What is behind a failure of pods. Crash: a container ends with exit code 1. OutOfMemory: it is
// killed. ImagePull: its image cannot be had. NeverReady: it runs and does not answer its probe.
// Unschedulable: no node takes the pod.
enum class Cause : std::uint8_t { Crash, OutOfMemory, ImagePull, NeverReady, Unschedulable };

// One of several ways in which it may end, and how likely that is beside the others.
struct Chance {
  Outcome outcome = Outcome::Succeed;
  std::optional<Cause> cause;  // of Fail; nothing: Crash
  std::uint32_t weight = 0;
};

struct Behavior {
  std::optional<Outcome> outcome;
  std::optional<Cause> cause;  // of Fail; nothing: Crash
  // From creation to the outcome; nothing: by kind. An object that draws `never` hangs.
  std::optional<base::Distribution> duration;
  bool denied = false;  // an admission webhook refuses every write
  bool held = false;    // whoever deletes it: a finalizer of somebody else's keeps it for ever
  // Instead of `outcome`: drawn once per object, the most likely one first.
  std::vector<Chance> chances;
};

// What a Behavior comes down to for one object, after all draws.
struct Conduct {
  std::optional<Outcome> outcome;
  std::optional<Cause> cause;
  std::optional<base::Duration> duration;
};

struct BehaviorRule {
  std::string kind;  // as spelt in manifests, matched without regard to case
  std::string name;  // exact; also the generateName prefix of a generated name; "*": every name
  Behavior behavior;
};

}  // namespace wavetank::cluster
