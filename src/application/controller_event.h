// What the application controller tells the world: Kubernetes events about the Application, and
// conditions in its status.
//
// Source: controller/appcontroller.go; util/argo/audit_logger.go names the reasons.
#pragma once

#include <cstdint>
#include <string>

namespace wavetank::application {

struct Event {
  enum class Kind : std::uint8_t { Normal, Warning };

  Kind kind = Kind::Normal;
  std::string reason;  // "OperationStarted", "OperationCompleted", …
  std::string message;

  friend bool operator==(const Event&, const Event&) = default;
};

// As `kubectl get events` shows it: "Warning OperationCompleted: …".
[[nodiscard]] inline std::string text(const Event& event) {
  return (event.kind == Event::Kind::Normal ? "Normal " : "Warning ") + event.reason + ": " +
         event.message;
}

// A condition of an Application: "SyncError: …". The message alone does not say which kind it is.
struct Condition {
  std::string type;
  std::string message;

  friend bool operator==(const Condition&, const Condition&) = default;
  // NOLINTNEXTLINE(modernize-use-nullptr): a false alarm of clang-tidy 14 where `<` is used
  friend auto operator<=>(const Condition&, const Condition&) = default;
};

[[nodiscard]] inline std::string text(const Condition& condition) {
  return condition.type + ": " + condition.message;
}

}  // namespace wavetank::application
