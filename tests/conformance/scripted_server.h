// The scripted API server against which the engine vectors were recorded: a store of objects,
// statuses and events by tick, and errors on demand, rebuilt from the README of the vectors.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/interner.h"
#include "conformance/engine_case.h"
#include "model/facts.h"
#include "model/kinds.h"
#include "sync/pass.h"

namespace wavetank::conformance {

struct BodyTag;
using BodyId = base::StrongId<BodyTag>;  // a content with a key

// A content under a key: all of an object that only a write can change, but its finalizers.
struct Body {
  ContentId content;
  KeyId key;
  model::ObjectFacts facts;
};

struct Entry {
  bool exists = false;
  BodyId body;
  StatusId status;
  base::Symbol finalizers = base::kEmptySymbol;  // one a line
  base::Symbol uid = base::kEmptySymbol;
  bool is_deleting = false;
  bool is_owned = false;
  int created = 0;
  int incarnation = 0;  // of the last object that bore the key
  int gone_at = 0;      // the earliest tick of its reaping, once it is being deleted
  std::optional<int> finalizers_gone_at;
  std::uint64_t resource_version = 0;
};

// The outcome of a call as the HTTP client, or kubectl, sees it.
struct Reply {
  sync::AnswerStatus status = sync::AnswerStatus::Ok;
  base::Symbol message = base::kEmptySymbol;
  [[nodiscard]] bool ok() const { return status == sync::AnswerStatus::Ok; }
};

struct WriteFlags {
  bool is_dry = false;
  bool force = false;
  bool validate = true;
  bool server_side = false;
};

// What a write sends: an object with its final name and finalizers.
struct WriteBody {
  ContentId content;
  base::Symbol name_space;
  base::Symbol name;
  base::Symbol finalizers;
};

class ScriptedServer {
 public:
  // REQUIRES: both outlive the server. `recorded` gets the keys that turn up.
  ScriptedServer(EngineCase& recorded, base::Interner& interner);

  void advance(int tick);
  // The outside events of the current tick: early ones, or those after the engine's snapshot.
  enum class When : std::uint8_t { Early, Late };
  void play_events(When when);

  // Objects that the running operation writes are its own if it names their keys.
  void forget_targets() { is_target_.assign(is_target_.size(), false); }
  void add_target(const model::Key& key);
  [[nodiscard]] bool is_target(KeyId key) const {
    return key.index() < is_target_.size() && is_target_[key.index()];
  }

  // By key; entries of objects that do not exist are among them.
  [[nodiscard]] const std::vector<Entry>& store() const { return store_; }
  [[nodiscard]] const Entry* find(KeyId key) const;
  [[nodiscard]] const Body& body(const Entry& entry) const { return bodies_[entry.body.index()]; }
  [[nodiscard]] model::Scope scope(base::Symbol group, base::Symbol kind) const;
  // Grows whenever the known kinds may have changed.
  [[nodiscard]] std::uint64_t kinds_revision() const { return kinds_revision_; }
  // The store's key of an object: cluster-scoped kinds have no namespace.
  [[nodiscard]] KeyId key_of(model::Key key);

  // What discovery says of an object's group, version and kind.
  [[nodiscard]] sync::KindCheck discover(const model::ObjectFacts& facts);

  [[nodiscard]] Reply get_namespace(KeyId key);
  [[nodiscard]] Reply get(KeyId key);
  Reply put_without_finalizer(KeyId key, std::uint64_t resource_version);
  Reply remove(KeyId key, base::Symbol policy);
  Reply prune(KeyId key, base::Symbol policy);
  Reply write(Verb verb, const WriteBody& object, WriteFlags flags);

  // The actions since the last call, grouped and sorted as the vectors are.
  void take_actions(std::vector<std::vector<Action>>& groups);

 private:
  struct BuiltInKind {
    base::Symbol group;
    base::Symbol version;
    base::Symbol kind;
    std::string_view plural;
    model::Scope scope;
  };

  [[nodiscard]] const BuiltInKind* built_in(base::Symbol group, base::Symbol kind) const;
  // Of several definitions of one kind the first by key counts.
  [[nodiscard]] const DefinedKind* defined(base::Symbol group, base::Symbol kind) const;
  [[nodiscard]] bool is_known(base::Symbol group, base::Symbol kind) const {
    return built_in(group, kind) != nullptr || defined(group, kind) != nullptr;
  }
  [[nodiscard]] bool knows_group_version(base::Symbol group, base::Symbol version) const;
  [[nodiscard]] const ErrorRule* scripted_error(Call call, KeyId key) const;
  [[nodiscard]] Reply not_found(KeyId key);
  [[nodiscard]] Reply reply_of(const ErrorRule& rule) const;
  [[nodiscard]] Reply failure(std::string_view message);
  [[nodiscard]] Reply printed(const WriteBody& object, std::string_view verb, WriteFlags flags);
  [[nodiscard]] std::string qualified(KeyId key) const;  // "jobs.batch"
  [[nodiscard]] std::string_view text(base::Symbol symbol) const { return interner_.text(symbol); }

  [[nodiscard]] Entry& entry(KeyId key);
  [[nodiscard]] BodyId body_of(ContentId content, KeyId key);
  void insert(KeyId key, const WriteBody& object, StatusId status, bool is_owned);
  void changed(Entry& entry) { entry.resource_version = ++resource_version_; }
  void erase(Entry& entry);
  void schedule_deletion(KeyId key);
  void mark_deleted(KeyId key);
  void reap(Entry& entry);
  Reply do_write(Verb verb, KeyId key, const WriteBody& object, WriteFlags flags);
  Reply apply(KeyId key, const WriteBody& object, WriteFlags flags);
  Reply replace(Verb verb, KeyId key, const WriteBody& object, WriteFlags flags);
  [[nodiscard]] std::optional<Reply> refused(const Entry& entry, const WriteBody& object);
  [[nodiscard]] bool breaks_template(const Entry& entry, const WriteBody& object) const;
  bool merge_onto(Entry& entry, KeyId key, const WriteBody& object, base::Symbol finalizers);
  void record(Action action) { actions_.push_back(action); }

  EngineCase& case_;
  base::Interner& interner_;
  std::vector<BuiltInKind> built_in_;
  int tick_ = 0;
  std::uint64_t resource_version_ = 0;
  std::uint64_t kinds_revision_ = 0;
  std::vector<Entry> store_;
  std::deque<Body> bodies_;
  std::unordered_map<std::uint64_t, BodyId> body_ids_;
  std::vector<int> conflicts_seen_;  // per conflict rule
  std::vector<bool> is_target_;      // by key
  std::vector<KeyId> definitions_;   // keys that ever held a definition
  std::vector<Action> actions_;
};

}  // namespace wavetank::conformance
