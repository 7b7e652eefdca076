// A recorded case of the sync engine, as small integers: the script of the server's world, the
// operations, and what Argo CD's engine did in every pass.
//
// Reading a case does all that needs text or JSON, so that replaying it (engine_replay.h) does not.
// The format is described in the README of the vectors; what Go leaves to chance is sorted there,
// and here.
#pragma once

#include <compare>
#include <cstdint>
#include <deque>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/interner.h"
#include "base/strong_id.h"
#include "model/facts.h"
#include "model/kinds.h"
#include "sync/operation.h"

namespace wavetank::conformance {

struct KeyTag;
using KeyId = base::StrongId<KeyTag>;  // index into Keys
struct ContentTag;
using ContentId = base::StrongId<ContentTag>;  // index into EngineCase::contents
struct StatusTag;
using StatusId = base::StrongId<StatusTag>;  // index into EngineCase::statuses

// Every object key of a case, numbered.
class Keys {
 public:
  KeyId id(const model::Key& key);
  [[nodiscard]] const model::Key& operator[](KeyId id) const { return keys_[id.index()]; }
  [[nodiscard]] std::size_t size() const { return keys_.size(); }

 private:
  struct Hash {
    std::size_t operator()(const model::Key& key) const { return model::hash(key); }
  };
  std::vector<model::Key> keys_;
  std::unordered_map<model::Key, KeyId, Hash> ids_;
};

// A kind that a CustomResourceDefinition makes known.
struct DefinedKind {
  base::Symbol group;
  base::Symbol kind;
  base::Symbol plural;
  model::Scope scope = model::Scope::Namespaced;
};

// An object without its name, namespace, finalizers and status.
struct Content {
  nlohmann::json value;
  model::ObjectFacts facts;   // of the whole object; images sorted
  base::Symbol printed_kind;  // "job.batch", as kubectl prints it
  base::Symbol job_template;  // of a Job: what must not change
  std::optional<DefinedKind> defines;
};

// An object as it is written into the world.
struct ObjectScript {
  ContentId content;
  base::Symbol name_space;
  base::Symbol name;
  base::Symbol finalizers;  // one a line
  StatusId status;          // none: it has none
  bool is_foreign = false;
  bool is_deleting = false;
};

struct StatusRule {
  KeyId key;
  int incarnation = 0;  // 0: every one
  int after = 0;
  StatusId status;
};

enum class EventKind : std::uint8_t { Delete, Vanish, Touch, Create };
struct EventRule {
  int tick = 0;
  EventKind kind = EventKind::Touch;
  bool is_late = false;
  KeyId key;
  ObjectScript object;  // Create
};

enum class Call : std::uint8_t {
  Apply,
  Create,
  Replace,
  Update,
  DryRun,
  Prune,
  Delete,
  Put,
  Get,
  GetNamespace,
  Discovery,
};
struct ErrorRule {
  Call call = Call::Get;
  KeyId key;
  base::Symbol group_version;  // Discovery
  int from = 0;
  int to = 0;  // -1: for ever
  int code = 500;
  base::Symbol reason;
  base::Symbol message;
};

struct ConflictRule {
  KeyId key;
  int tick = 0;
  int count = 0;
};

struct KeyTicks {
  KeyId key;
  int ticks = 0;
};

struct WorldScript {
  std::vector<ObjectScript> objects;
  std::vector<StatusRule> statuses;
  std::vector<EventRule> events;
  std::vector<ErrorRule> errors;
  std::vector<ConflictRule> conflicts;
  std::vector<KeyTicks> delete_lags;
  std::vector<KeyTicks> finalizer_ticks;
};

// One call that changes something, or would in a dry run, as the vectors write it.
enum class Verb : std::uint8_t { Apply, Create, Replace, Update, Prune, Delete, Unfinalize };
enum class CallOutcome : std::uint8_t { Done, Error, NotFound, Conflict };
struct Action {
  Verb verb = Verb::Apply;
  bool is_dry = false;
  bool force = false;
  bool no_validate = false;
  bool server_side = false;
  CallOutcome outcome = CallOutcome::Done;
  KeyId key;
  base::Symbol policy = base::kEmptySymbol;
  friend auto operator<=>(const Action&, const Action&) = default;
};

// A result as the vectors write it.
struct ResultRow {
  KeyId key;
  model::Phase phase = model::Phase::Sync;
  sync::ResultStatus status = sync::ResultStatus::Empty;
  sync::TaskState state = sync::TaskState::Pending;
  base::Symbol hook_type = base::kEmptySymbol;
  base::Symbol message = base::kEmptySymbol;
  base::Symbol version = base::kEmptySymbol;
  base::Symbol images = base::kEmptySymbol;  // sorted, one a line
  friend auto operator<=>(const ResultRow&, const ResultRow&) = default;
};

struct PassRecord {
  int tick = 0;
  sync::OperationPhase phase = sync::OperationPhase::Running;
  base::Symbol message = base::kEmptySymbol;
  std::vector<std::vector<Action>> actions;  // sorted within each group
  std::vector<ResultRow> results;            // new or changed ones, sorted
};

struct WaveHookError {
  model::Phase phase = model::Phase::Sync;
  std::int64_t wave = 0;
  base::Symbol message;
};

struct Manifest {
  ContentId content;
  base::Symbol name_space;  // as written, the destination's where none is
  base::Symbol finalizers;
  model::ObjectFacts namespaced;  // facts with that namespace
  model::ObjectFacts cluster;     // and without any
};

struct DeniedKind {
  base::Symbol group;
  base::Symbol kind;
  base::Symbol message;
};

struct OperationRecord {
  int gap = 0;
  sync::Operation operation;
  std::vector<Manifest> manifests;
  ContentId generated_namespace;
  std::optional<std::vector<model::Key>> selected;
  std::vector<model::Key> modified;
  std::vector<DeniedKind> denied;
  std::optional<WaveHookError> wave_hook_error;
  std::optional<std::size_t> prune_confirmed_from;
  std::optional<std::size_t> terminate_at;
  std::vector<PassRecord> passes;
};

struct EngineCase {
  std::string id;
  std::vector<std::string> tags;
  model::ArgocdVersion version = model::kNewestVersion;
  WorldScript world;
  std::vector<OperationRecord> operations;

  Keys keys;
  std::deque<Content> contents;
  std::vector<nlohmann::json> statuses;
};

// Whether `vector` looks like an engine case.
[[nodiscard]] bool is_engine_case(const nlohmann::json& vector);

// Nothing, with what is wrong in `error`, for a case that is not of the documented format.
// REQUIRES: is_engine_case(vector).
[[nodiscard]] std::optional<EngineCase> read_engine_case(const nlohmann::json& vector,
                                                         base::Interner& interner,
                                                         std::string& error);

[[nodiscard]] std::string_view name(Verb verb);
[[nodiscard]] std::string_view name(CallOutcome outcome);

// Sorts the comma-separated causes behind every ", reason: ", which come in random order in Go.
[[nodiscard]] base::Symbol normalise_message(base::Symbol message, base::Interner& interner);

}  // namespace wavetank::conformance
