// What the application controller makes of an object's hook facts.
//
// Source: controller/hook.go, controller/state.go (partitionTargetObjsForSync).
#pragma once

#include "model/hook.h"

namespace wavetank::application {

// Marked as a hook among the application's resources.
[[nodiscard]] bool is_shown_as_hook(const model::HookFacts& facts);

// Whether the engine is given the object: a hook of the application's deletion only if it runs in a
// phase of a sync as well.
[[nodiscard]] bool takes_part_in_sync(const model::HookFacts& facts);

// Whether the object gives the application the finalizers of PreDelete or PostDelete hooks. One
// that is both, and runs in no phase of a sync, counts as PreDelete only, although it is run as
// both.
[[nodiscard]] bool declares_pre_delete(const model::HookFacts& facts);
[[nodiscard]] bool declares_post_delete(const model::HookFacts& facts);

}  // namespace wavetank::application
