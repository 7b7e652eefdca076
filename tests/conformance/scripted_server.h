// The scripted API server against which the engine vectors were recorded, rebuilt from
// conformance/README.md: a store of objects, statuses and events by tick, and errors on demand.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/interner.h"
#include "model/facts.h"
#include "model/kinds.h"
#include "sync/pass.h"

namespace wavetank::conformance {

struct KindRow {
  std::string group;
  std::string version;
  std::string kind;
  std::string plural;
  bool namespaced = true;
};

// One call that the engine made and that changes something, or would in a dry run.
struct Action {
  std::string group;  // calls of one group run concurrently in Argo CD
  std::string text;
};

struct Entry {
  nlohmann::json object;
  model::ObjectFacts facts;
  int created = 0;
  int incarnation = 1;
  bool owned = false;
  int gone_at = -1;  // -1: not scheduled
  int finalizers_gone_at = -1;
  std::uint64_t resource_version = 0;
};

struct WriteFlags {
  bool dry = false;
  bool force = false;
  bool validate = true;
  bool server_side = false;
};

// The outcome of a call as the HTTP client sees it.
struct Reply {
  int code = 200;
  std::string reason;
  std::string message;
  [[nodiscard]] bool ok() const { return code < 300; }
};

class ScriptedServer {
 public:
  ScriptedServer(const nlohmann::json& world, model::ArgocdVersion version,
                 base::Interner& interner);

  void advance(int tick);
  // The outside events of the current tick: early ones, or those after the engine's snapshot.
  enum class When : std::uint8_t { Early, Late };
  void play_events(When when);

  // The keys that the manifests of the running operation name.
  void set_targets(std::set<std::string> keys) { targets_ = std::move(keys); }

  [[nodiscard]] const std::map<std::string, Entry>& store() const { return store_; }
  [[nodiscard]] const Entry* find(const std::string& key) const;
  [[nodiscard]] std::optional<KindRow> kind(std::string_view group, std::string_view kind) const;
  [[nodiscard]] model::Scope scope(std::string_view group, std::string_view kind) const;
  // The store's key of an object: cluster-scoped kinds have no namespace.
  [[nodiscard]] std::string key_of(const nlohmann::json& object) const;
  [[nodiscard]] std::string key_of(const model::Key& key) const;

  // What discovery says of an exact group, version and kind.
  [[nodiscard]] sync::KindCheck discover(std::string_view group, std::string_view version,
                                         std::string_view kind) const;

  [[nodiscard]] Reply get_namespace(const std::string& key) const;
  [[nodiscard]] Reply get(const std::string& key) const;
  Reply put_without_finalizer(const std::string& key, std::uint64_t resource_version);
  Reply remove(const std::string& key, std::string_view policy);
  Reply prune(const std::string& key, std::string_view policy);
  Reply write(std::string_view operation, nlohmann::json object, WriteFlags flags);

  // The actions since the last call, grouped and sorted as the vectors are.
  [[nodiscard]] nlohmann::json take_actions();

 private:
  [[nodiscard]] std::vector<KindRow> kinds() const;
  [[nodiscard]] const nlohmann::json* scripted_error(std::string_view operation,
                                                     std::string_view key) const;
  [[nodiscard]] Reply not_found(const std::string& key) const;
  [[nodiscard]] std::string qualified(const std::string& key) const;
  void insert(const std::string& key, nlohmann::json object, bool owned);
  void changed(Entry& entry);
  void schedule_deletion(const std::string& key);
  void mark_deleted(const std::string& key);
  void reap(const std::string& key);
  void release_foreign_finalizers(Entry& entry);
  Reply do_write(std::string_view operation, const std::string& key, nlohmann::json object,
                 WriteFlags flags);
  Reply apply(const std::string& key, nlohmann::json object, WriteFlags flags);
  Reply replace(const std::string& key, nlohmann::json object, std::string_view operation,
                WriteFlags flags);
  bool merge_onto(Entry& entry, nlohmann::json object, bool join_finalizers);
  void record(std::string group, std::string text);

  const nlohmann::json& world_;
  model::ArgocdVersion version_;
  base::Interner& interner_;
  int tick_ = 0;
  std::uint64_t resource_version_ = 0;
  std::map<std::string, Entry> store_;
  std::map<std::string, int> incarnations_;
  std::map<std::size_t, int> conflicts_;
  std::set<std::string> targets_;
  std::vector<Action> actions_;
};

}  // namespace wavetank::conformance
