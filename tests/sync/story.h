// A tiny world for tests of the engine: objects with health, passes as one line of text each.
//
// A pass reads `+a` created, `~a` applied over a live object, `-a` deleted, `f a` finalizer
// removed, `a!` a failed write, `zz` the wave delay, then ` -> `, the operation's phase and its
// message.
#pragma once

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "sync/pass.h"

namespace wavetank::sync {

struct Annotations {
  std::string hook;
  std::string policy;
  std::string wave;
  std::string options;
};

class Story {
 public:
  Story();

  Settings settings;
  model::ArgocdVersion version = model::kNewestVersion;

  // Adds a manifest, named "Kind/name"; known kinds: those of the tests (see story.cc).
  Story& target(const std::string& name, const Annotations& annotations = {});
  // Adds a live object that the application manages.
  Story& live(const std::string& name, const Annotations& annotations = {});
  Story& drop_target(const std::string& name);
  // From now on the object has this health ("none" for kinds without one).
  Story& health(const std::string& name, health::Status status, const std::string& message = "");
  Story& vanish(const std::string& name);
  Story& fail_writes(const std::string& name, const std::string& error);
  Story& fail_dry_runs(const std::string& name, const std::string& error);
  Story& unknown_kind(const std::string& name);
  // Deleted objects stay, marked, until `vanish`.
  Story& slow_deletion(const std::string& name);
  // Somebody deletes the object; it stays while it has a finalizer.
  Story& mark_deleted(const std::string& name);
  // Forgets the operation's memory: the next pass begins a new operation.
  Story& new_operation();

  // Plays one pass.
  std::string pass();
  std::string terminate();
  // "PreSync Job/pre Synced/Running created" lines of the operation so far.
  [[nodiscard]] std::string results() const;
  // "code Kind/name" lines of the last pass.
  [[nodiscard]] const std::string& reasons() const { return reasons_; }

 private:
  struct Object {
    nlohmann::json content;
    bool deleting = false;
    bool has_finalizer = false;
    std::uint64_t resource_version = 1;
    std::string health = "default";
    std::string message;
  };

  std::string play(bool terminate);
  [[nodiscard]] Answer answer(const Request& request, std::string& log);
  [[nodiscard]] LiveObject live_object(const std::string& name, const Object& object);
  [[nodiscard]] KindCheck check(const std::string& name);

  base::Interner interner_;
  std::vector<std::pair<std::string, nlohmann::json>> targets_;
  std::map<std::string, Object> objects_;
  std::map<std::string, std::string> write_errors_;
  std::map<std::string, std::string> dry_run_errors_;
  std::set<std::string> unknown_;
  std::set<std::string> slow_;
  std::vector<std::unique_ptr<model::ObjectFacts>> facts_;
  SyncState state_;
  std::string reasons_;
};

}  // namespace wavetank::sync
