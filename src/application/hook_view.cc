#include "application/hook_view.h"

namespace wavetank::application {

bool is_shown_as_hook(const model::HookFacts& facts) {
  return facts.is_hook || facts.pre_delete || facts.post_delete;
}

bool takes_part_in_sync(const model::HookFacts& facts) {
  return (!facts.pre_delete && !facts.post_delete) || !facts.phases.empty();
}

bool declares_pre_delete(const model::HookFacts& facts) { return facts.pre_delete; }

bool declares_post_delete(const model::HookFacts& facts) {
  return facts.post_delete && (!facts.pre_delete || !facts.phases.empty());
}

}  // namespace wavetank::application
