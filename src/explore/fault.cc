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

std::string describe(std::string_view kind, std::string_view object) {
  if (kind == name(FaultKind::Fail)) return fmt::format("{} fails", object);
  if (kind == name(FaultKind::Hang)) return fmt::format("{} hangs", object);
  if (kind == name(FaultKind::WriteError)) return fmt::format("an error on applying {}", object);
  if (kind == name(FaultKind::RemoveError)) return fmt::format("an error on deleting {}", object);
  if (kind == name(FaultKind::Stuck)) return fmt::format("a finalizer holds {}", object);
  return fmt::format("{} of {}", kind, object);
}

std::string describe(const Model& model, const Fault& fault) {
  std::string text = describe(name(fault.kind), model.name(fault.slot));
  if (fault.occurrence > 1) text += fmt::format(" (time {})", fault.occurrence);
  return text;
}

}  // namespace wavetank::explore
