// Predicates over a simulated world, and events of its trace, as scenarios write them:
//
//   health(Deployment/api) == Healthy and not exists(Job/migrate)
//   op(shop) in (Succeeded | Failed)
//   ready(StatefulSet/db) >= 2
//   applied(Job/migrate)
//
// Every predicate is a plain YAML scalar: no commas, brackets, braces, no `: ` and no ` #`. An
// object is named Kind/name or Kind/namespace/name; a name may end in `*`.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "model/key.h"
#include "sim/trace.h"

namespace wavetank::sim {

class World;

// How a scenario names objects.
struct ObjectRef {
  std::string kind;
  std::string name_space;  // empty: any
  std::string name;        // may end in '*'

  [[nodiscard]] bool matches(const model::ObjectKey& key) const;
  [[nodiscard]] std::string text() const;
};
// Nothing: it is none.
[[nodiscard]] std::optional<ObjectRef> parse_object_ref(std::string_view text);

struct SyntaxError {
  std::string message;
  std::size_t offset = 0;  // bytes from the beginning of the text
};

// What a predicate needs to know besides the world.
struct Outlook {
  World& world;
  bool is_at_rest = false;
  bool has_struck = false;  // a fault of the scenario has struck
};

class Predicate {
 public:
  // Nodes of the syntax tree; opaque.
  struct Node;
  explicit Predicate(std::shared_ptr<const Node> root, std::string text);

  [[nodiscard]] bool holds(const Outlook& outlook) const;
  [[nodiscard]] const std::string& text() const { return text_; }
  // What is there instead: "health(Deployment/api) is Progressing", for the atoms that it asks.
  [[nodiscard]] std::string findings(const Outlook& outlook) const;
  // The objects and applications that it names.
  [[nodiscard]] std::vector<ObjectRef> objects() const;
  [[nodiscard]] std::vector<std::string> applications() const;

 private:
  std::shared_ptr<const Node> root_;
  std::string text_;
};

[[nodiscard]] tl::expected<Predicate, SyntaxError> parse_predicate(std::string_view text);

// Something that happens at one moment.
struct EventPattern {
  enum class Kind : std::uint8_t {
    Applied,
    Healthy,
    Failed,
    Deleted,
    Pruned,
    WaveStarted,
    PhaseStarted,
    OpStarted,
    OpEnded,
    HookCompleted
  };
  Kind kind = Kind::Applied;
  ObjectRef object;
  std::string application;
  std::string detail;  // the wave, the phase
  std::string text;    // as written

  [[nodiscard]] bool matches(const Event& event) const;
};
[[nodiscard]] tl::expected<EventPattern, SyntaxError> parse_event(std::string_view text);

}  // namespace wavetank::sim
