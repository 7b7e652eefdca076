#include "report/explore/words.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "report/paint.h"

namespace wavetank::report {

using explore::Property;

namespace {

// In whole parts of which `unit` are one.
std::uint64_t parts_of(double share, std::uint64_t unit, Rounding rounding) {
  const double scaled = share * static_cast<double>(unit);
  auto whole = static_cast<std::uint64_t>(scaled);
  const double rest = scaled - static_cast<double>(whole);
  if (rounding == Rounding::Up && rest > 0) ++whole;
  if (rounding == Rounding::Nearest && rest >= 0.5) ++whole;
  return std::min(whole, unit);
}

}  // namespace

std::string_view words(Property property) {
  switch (property) {
    case Property::SyncFails: return "the sync does not succeed";
    case Property::SyncHangs: return "the sync never ends";
    case Property::HookLeft: return "a hook is left behind";
    case Property::Degraded: return "the sync succeeds, and the application is degraded";
    case Property::DataDeleted: return "data that was there before is deleted";
  }
  WAVETANK_CHECK(false);
}

std::string_view words_for(std::string_view property) {
  for (const Property each : explore::kProperties) {
    if (explore::name(each) == property) return words(each);
  }
  return "";
}

std::string left_words(std::span<const explore::NamedLeft> left) {
  std::string hooks;
  std::string bad;
  for (const explore::NamedLeft& each : left) {
    if (each.is_hook) hooks += (hooks.empty() ? "" : ", ") + each.object;
    const bool is_well = each.health.empty() || each.health == "Healthy";
    if (is_well && !each.deleting) continue;
    bad += fmt::format("{}{} {}", bad.empty() ? "" : ", ", each.object,
                       each.deleting ? "still being deleted" : each.health);
  }
  std::string text = counted(left.size(), "object left", "objects left");
  if (!hooks.empty()) text += "; hooks left: " + hooks;
  if (!bad.empty()) text += "; " + bad;
  return escaped(text);
}

std::string share_text(double share, Rounding rounding) {
  const std::uint64_t parts = parts_of(share, 100'000, rounding);
  return fmt::format("{}.{:03}%", parts / 1000, parts % 1000);
}

double share_number(double share, Rounding rounding) {
  constexpr std::uint64_t kUnit = 1'000'000;
  return static_cast<double>(parts_of(share, kUnit, rounding)) / static_cast<double>(kUnit);
}

}  // namespace wavetank::report
