// Lists of sync options: those of an application, and those in an object's annotation.
//
// Items are compared as whole texts: case, blanks and commas within an item count. Only the items
// of an annotation are trimmed, when it is taken apart (model::list_items). Source:
// pkg/apis/application/v1alpha1/types.go (SyncOptions), gitops-engine/pkg/sync/resource/
// annotations.go.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/annotation.h"

namespace wavetank::application {

using SyncOptions = std::vector<std::string>;

// With the option at the end, unless it is there already.
[[nodiscard]] SyncOptions with_option(SyncOptions options, std::string_view option);
// Without the first of these options.
[[nodiscard]] SyncOptions without_option(SyncOptions options, std::string_view option);

// The next two take a list of texts of any kind.
template <class List>
[[nodiscard]] bool has_option(const List& options, std::string_view option) {
  return std::any_of(options.begin(), options.end(),
                     [&](std::string_view item) { return item == option; });
}

// The value of the first item "key=value" with this key.
template <class List>
[[nodiscard]] std::optional<std::string> option_value(const List& options, std::string_view key) {
  for (const std::string_view item : options) {
    if (const auto value = model::option_value(item, key)) return std::string(*value);
  }
  return std::nullopt;
}

}  // namespace wavetank::application
