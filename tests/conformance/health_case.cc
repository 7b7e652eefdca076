#include "conformance/health_case.h"

#include <fmt/format.h>

#include <algorithm>

#include "health/health.h"

namespace wavetank::conformance {

using nlohmann::json;

namespace {

constexpr std::string_view kScriptError = "(Lua runtime error text)";

std::string words(std::string_view status, std::string_view message) {
  return message.empty() ? std::string(status) : fmt::format("{}: {}", status, message);
}

}  // namespace

bool is_health_case(const json& vector) {
  return vector.is_object() && vector.contains("object") && vector.contains("health");
}

Verdict check_health_case(const json& vector) {
  const json& object = vector.at("object");
  const json& recorded = vector.at("health");
  const std::string expected = recorded.is_null() ? "none"
                                                  : words(recorded.at("status").get<std::string>(),
                                                          recorded.value("message", ""));
  const auto health = health::assess(object);
  std::string message = health ? health->message : "";
  // The recording leaves out the words of scripts that fail, and shows line breaks as blanks.
  std::replace(message.begin(), message.end(), '\n', ' ');
  if (health && health->is_error && vector.value("error", false) &&
      expected.ends_with(kScriptError)) {
    message = kScriptError;
  }
  const std::string actual = health ? words(health::name(health->status), message) : "none";
  const json& id = vector.value("id", json());
  Verdict verdict{
      .id = id.is_string() ? id.get<std::string>() : fmt::format("health {}", id.dump()),
      .tags = {object.value("kind", "")}};
  if (expected == actual) return verdict;
  verdict.difference = {
      .where = vector.value("description", ""), .expected = {expected}, .actual = {actual}};
  return verdict;
}

}  // namespace wavetank::conformance
