#include "lint/assumptions.h"

#include <charconv>

namespace wavetank::lint {

namespace {

// Cuts the text before `separator` off.
std::string_view next_part(std::string_view& text, char separator) {
  const auto end = text.find(separator);
  const std::string_view part = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  return part;
}

bool read_setting(std::string_view key, std::string_view value, Assumptions& assumptions) {
  if (key == "load-balancers") {
    assumptions.load_balancers = value == "yes" ? Answer::Yes : Answer::No;
    return value == "yes" || value == "no";
  }
  if (key == "application-health") {
    assumptions.application_health = value == "yes" ? Answer::Yes : Answer::No;
    return value == "yes" || value == "no";
  }
  if (key == "storage-binding") {
    assumptions.storage_binding =
        value == "Immediate" ? Binding::Immediate : Binding::WaitForFirstConsumer;
    return value == "Immediate" || value == "WaitForFirstConsumer";
  }
  if (key == "crds") {
    assumptions.served_groups.emplace();
    while (!value.empty()) {
      const std::string_view group = next_part(value, '+');
      if (group != "none") assumptions.served_groups->emplace_back(group);
    }
    return true;
  }
  if (key == "longest-sync") {
    std::int64_t seconds = 0;
    const auto* end = value.data() + value.size();
    const auto result = std::from_chars(value.data(), end, seconds);
    assumptions.longest_sync_seconds = seconds;
    return result.ec == std::errc{} && result.ptr == end && seconds > 0;
  }
  return false;
}

}  // namespace

std::optional<Assumptions> parse_assumptions(std::string_view text) {
  Assumptions assumptions;
  while (!text.empty()) {
    std::string_view part = next_part(text, ',');
    const std::string_view key = next_part(part, '=');
    if (!read_setting(key, part, assumptions)) return std::nullopt;
  }
  return assumptions;
}

}  // namespace wavetank::lint
