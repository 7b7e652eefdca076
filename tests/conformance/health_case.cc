#include "conformance/health_case.h"

#include <fmt/format.h>

#include "health/health.h"

namespace wavetank::conformance {

using nlohmann::json;

namespace {

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
  const std::string actual = health ? words(health::name(health->status), health->message) : "none";
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
