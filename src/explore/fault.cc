#include "explore/fault.h"

#include <fmt/format.h>

#include "base/check.h"

namespace wavetank::explore {

std::string_view name(FaultKind kind) {
  switch (kind) {
    case FaultKind::Fail: return "fail";
    case FaultKind::Hang: return "hang";
    case FaultKind::WriteError: return "api-error";
    case FaultKind::RemoveError: return "delete-error";
    case FaultKind::Stuck: return "finalizer";
  }
  WAVETANK_CHECK(false);
}

std::string describe(const Model& model, const Fault& fault) {
  std::string_view what;
  switch (fault.kind) {
    case FaultKind::Fail: what = "{} fails"; break;
    case FaultKind::Hang: what = "{} hangs"; break;
    case FaultKind::WriteError: what = "an error on applying {}"; break;
    case FaultKind::RemoveError: what = "an error on deleting {}"; break;
    case FaultKind::Stuck: what = "a finalizer holds {}"; break;
  }
  std::string text = fmt::format(fmt::runtime(what), model.name(fault.slot));
  if (fault.occurrence > 1) text += fmt::format(" (time {})", fault.occurrence);
  return text;
}

}  // namespace wavetank::explore
