// Reads the recorded inputs of the application controller into the structs of src/application.
// What is absent or null is empty.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "application/controller_event.h"
#include "application/operation_state.h"
#include "application/retry.h"
#include "application/sync_window.h"
#include "base/time.h"
#include "model/key.h"
#include "model/wall_time.h"

namespace wavetank::conformance {

using Texts = std::vector<std::string>;

[[nodiscard]] const nlohmann::json& at(const nlohmann::json& object, std::string_view key);
[[nodiscard]] std::string text(const nlohmann::json& object, std::string_view key);
[[nodiscard]] bool flag(const nlohmann::json& object, std::string_view key);
[[nodiscard]] std::int64_t number(const nlohmann::json& object, std::string_view key);
[[nodiscard]] Texts texts(const nlohmann::json& object, std::string_view key);
[[nodiscard]] model::WallTime moment(const nlohmann::json& value);
// Seconds, maybe with a fraction.
[[nodiscard]] base::Duration seconds(const nlohmann::json& object, std::string_view key);

// A whole number where it is one, as the recordings have it.
[[nodiscard]] nlohmann::json seconds_of(base::Duration duration);

[[nodiscard]] application::SyncWindow read_window(const nlohmann::json& in);
// The windows of a project that are assigned to the application of the recordings.
[[nodiscard]] std::vector<application::SyncWindow> assigned_windows(const nlohmann::json& windows);
[[nodiscard]] model::ObjectKey read_key(const nlohmann::json& in);
// The key of a whole object.
[[nodiscard]] model::ObjectKey key_of(const nlohmann::json& object);
[[nodiscard]] application::RetryStrategy read_retry(const nlohmann::json& retry);
[[nodiscard]] application::SyncOperation read_sync(const nlohmann::json& sync);
[[nodiscard]] application::OperationRequest read_operation(const nlohmann::json& operation);
[[nodiscard]] application::OperationPhase read_phase(std::string_view word);

// Adds a member only if there is something in it.
void add_texts(nlohmann::json& out, const char* key, const std::vector<std::string>& texts);
void add_events(nlohmann::json& out, const std::vector<application::Event>& events);

}  // namespace wavetank::conformance
