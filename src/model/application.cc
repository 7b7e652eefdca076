#include "model/application.h"

#include <algorithm>

namespace wavetank::model {

// Source: pkg/apis/application/v1alpha1/types.go (SyncOptions.HasOption and its prefix look-up).
bool ApplicationSettings::has_option(std::string_view item) const {
  return std::any_of(sync_options.begin(), sync_options.end(),
                     [&](const SpannedText& option) { return option.text == item; });
}

std::optional<std::string_view> ApplicationSettings::option_value(std::string_view prefix) const {
  for (const SpannedText& option : sync_options) {
    if (option.text.starts_with(prefix)) return std::string_view(option.text).substr(prefix.size());
  }
  return std::nullopt;
}

}  // namespace wavetank::model
