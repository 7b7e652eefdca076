// How RapidCheck draws applications. The first value of every choice is the plainest one, which is
// where shrinking leads.
#pragma once

#include <rapidcheck.h>

#include "support/engine/application.h"

namespace wavetank::support {

enum class Wildness : std::uint8_t {
  Tame,  // objects come, become healthy, fail or hang, and go; no call fails but writes
  Wild,  // everything an Application can say
};

// Up to `items_max` items and `syncs_max` syncs.
struct DrawLimits {
  int items_max = 8;
  int syncs_max = 2;
};

[[nodiscard]] rc::Gen<Application> applications(Wildness wildness, DrawLimits limits = {});

}  // namespace wavetank::support
