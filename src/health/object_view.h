// Reading fields of an object without trusting their types: what is absent, or of another type,
// counts as empty, as it does for Argo CD's typed conversions.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace wavetank::health {

// The value at `path` ("/status/phase"); null when there is none.
[[nodiscard]] const nlohmann::json& at(const nlohmann::json& object, std::string_view path);

[[nodiscard]] bool has(const nlohmann::json& object, std::string_view path);
[[nodiscard]] std::string text(const nlohmann::json& object, std::string_view path);
[[nodiscard]] std::int64_t number(const nlohmann::json& object, std::string_view path,
                                  std::int64_t otherwise = 0);
[[nodiscard]] bool flag(const nlohmann::json& object, std::string_view path);
// The array at `path`; an empty one when there is none.
[[nodiscard]] const nlohmann::json& list(const nlohmann::json& object, std::string_view path);
// The texts of the array at `path`; what is no text in it is passed over.
[[nodiscard]] std::vector<std::string> texts(const nlohmann::json& object, std::string_view path);

}  // namespace wavetank::health
