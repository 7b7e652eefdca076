// The rules about suppressions are judged when the findings of all others are known, in
// lint/suppression.cc; there is nothing to look for in one application.

#include "lint/checks.h"

namespace wavetank::lint::checks {

void judged_afterwards(const Context& /*context*/, Reporter& /*reporter*/) {}

}  // namespace wavetank::lint::checks
