// What cannot be read from manifests and is therefore a setting: what the cluster offers before the
// first sync, and how long a sync may take.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wavetank::lint {

enum class Answer : std::uint8_t { Unknown, No, Yes };
enum class Binding : std::uint8_t { Unknown, Immediate, WaitForFirstConsumer };

struct Assumptions {
  Answer load_balancers = Answer::Unknown;      // whether Services and Ingresses get an address
  Answer application_health = Answer::Unknown;  // whether Argo CD checks the health of Applications
  Binding storage_binding = Binding::Unknown;   // of storage classes that the input does not define
  // Groups of custom resources that the cluster serves before the first sync; nothing: not known.
  std::optional<std::vector<std::string>> served_groups;
  std::optional<std::int64_t> longest_sync_seconds;
};

// Reads
// "load-balancers=no,application-health=yes,storage-binding=WaitForFirstConsumer,crds=none,longest-sync=900";
// `crds` takes groups separated by "+". Nothing if a part is not understood.
[[nodiscard]] std::optional<Assumptions> parse_assumptions(std::string_view text);

}  // namespace wavetank::lint
