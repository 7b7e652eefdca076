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

// Succeed: becomes healthy or completes. Fail: a Job or Pod fails, a workload's pods crash, a claim
// is lost. Hang: nothing ever changes.
enum class Outcome : std::uint8_t { Succeed, Fail, Hang };

// What is behind a failure of pods. Crash: a container ends with exit code 1. OutOfMemory: it is
// killed. ImagePull: its image cannot be had. NeverReady: it runs and does not answer its probe.
// Unschedulable: no node takes the pod.
enum class Cause : std::uint8_t { Crash, OutOfMemory, ImagePull, NeverReady, Unschedulable };

struct Behavior {
  std::optional<Outcome> outcome;
  std::optional<Cause> cause;              // of Fail; nothing: Crash
  std::optional<base::Duration> duration;  // from creation to the outcome; nothing: by kind
  bool denied = false;                     // an admission webhook refuses every write
};

struct BehaviorRule {
  std::string kind;  // as spelt in manifests, matched without regard to case
  std::string name;  // exact; also the generateName prefix of a generated name; "*": every name
  Behavior behavior;
};

}  // namespace wavetank::cluster
