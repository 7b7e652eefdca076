#include "model/application.h"

#include <algorithm>

#include "model/annotation.h"

namespace wavetank::model {

// Source: pkg/apis/application/v1alpha1/types.go (SyncOptions.HasOption and its prefix look-up).
bool ApplicationSettings::has_option(std::string_view item) const {
  return std::any_of(sync_options.begin(), sync_options.end(),
                     [&](const SpannedText& option) { return option.text == item; });
}

std::optional<std::string_view> ApplicationSettings::option_value(std::string_view key) const {
  for (const SpannedText& option : sync_options) {
    if (const auto value = model::option_value(option.text, key)) return value;
  }
  return std::nullopt;
}

}  // namespace wavetank::model
