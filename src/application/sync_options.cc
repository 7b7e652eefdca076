#include "application/sync_options.h"

namespace wavetank::application {

SyncOptions with_option(SyncOptions options, std::string_view option) {
  if (!has_option(options, option)) options.emplace_back(option);
  return options;
}

SyncOptions without_option(SyncOptions options, std::string_view option) {
  const auto found = std::find(options.begin(), options.end(), option);
  if (found != options.end()) options.erase(found);
  return options;
}

}  // namespace wavetank::application
