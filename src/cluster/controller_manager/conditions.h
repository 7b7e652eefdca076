// Conditions and counters in statuses, as controllers write them.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace wavetank::cluster {

struct Condition {
  std::string type;
  std::string status;  // "True", "False", "Unknown"
  std::string reason;
  std::string message;
};

// Null when the status has no condition of the type.
[[nodiscard]] const nlohmann::json* find_condition(const nlohmann::json& status,
                                                   std::string_view type);

// Sets the condition; one with the same status and reason stays as it is. The time of the last
// transition is kept while the status stays. Moves it to the end of the list, as Deployments and
// ReplicaSets do. `time` is the present.
void set_condition(nlohmann::json& status, const Condition& condition, const std::string& time);
// Sets the condition in its place in the list, as most kinds do: an unchanged one stays, the time
// of the last transition is kept while the status stays.
void replace_condition(nlohmann::json& conditions, const Condition& condition,
                       const std::string& time);
void remove_condition(nlohmann::json& status, std::string_view type);

// A number that is left out of the JSON when it is 0.
void set_count(nlohmann::json& status, const char* name, std::int64_t count);

}  // namespace wavetank::cluster
