// A tiny world for tests of the engine: objects with health, passes as one line of text each.
//
// A pass reads `+a` created, `~a` applied over a live object, `-a` deleted, `f a` finalizer
// removed, `a!` a failed write, `zz` the wave delay, then ` -> `, the operation's phase and its
// message.
#pragma once

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
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
  bool prune_confirmed = false;
  std::string name_space = "ns";  // the application's destination

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
  // What discovery or the project says of the object's kind.
  Story& refuse_kind(const std::string& name, Discovery discovery, const std::string& error);
  // The check of the object's health fails.
  Story& fail_health(const std::string& name, const std::string& error);
  // A call, as `calls` writes it without its flags ("delete Job/pre"), gets this answer, the first
  // few times.
  Story& answer_with(const std::string& call, AnswerStatus status, const std::string& error = "",
                     int times = 1000);
  // … and was never made, because discovery failed.
  Story& answer_kind_gone(const std::string& call, AnswerStatus status, const std::string& error);
  // The live object carries Argo CD's finalizer.
  Story& with_finalizer(const std::string& name);
  // The live object has been marked for deletion.
  Story& being_deleted(const std::string& name);
  Story& same_uid(const std::string& name, const std::string& other);
  Story& without_uid(const std::string& name);
  // The object is in the cluster, but the pass has not seen it.
  Story& unseen(const std::string& name);
  // Not chosen in a selective sync; not changed by git.
  Story& unselected(const std::string& name);
  Story& unmodified(const std::string& name);
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
  // The calls of the last pass with their flags, a line for those made at once:
  // "apply ConfigMap/a dry, apply ConfigMap/b dry".
  [[nodiscard]] const std::string& calls() const { return calls_; }
  // "delete Job/h: target 0, live Job/h, PreSync -2, hook" lines of the last pass: what each call
  // is about.
  [[nodiscard]] const std::string& subjects() const { return subjects_; }
  // "Sync -2 Job/pre" lines of the last pass: the places of its reasons.
  [[nodiscard]] const std::string& places() const { return places_; }
  // "Job/h hook v1 migrate:1" lines: what a result says of its object for ever.
  [[nodiscard]] std::string recorded() const;
  [[nodiscard]] const SyncState& state() const { return state_; }
  // "code Kind/name" lines of the last pass.
  [[nodiscard]] const std::string& reasons() const { return reasons_; }

 private:
  struct Object {
    nlohmann::json content;
    bool managed = false;  // matters for the destination namespace only
    bool deleting = false;
    bool has_finalizer = false;
    std::uint64_t resource_version = 1;
    std::string health = "default";
    std::string message;
    bool health_failed = false;
    std::optional<std::string> uid;  // nothing: the name
  };
  struct Scripted {
    Answer answer;
    int times = 0;
  };

  std::string play(bool terminate);
  [[nodiscard]] Answer answer(const Request& request, std::string& log);
  void note_call(const Request& request, const std::string& call);
  void note_subject(const Request& request, const std::string& call,
                    std::span<const LiveObject> live);
  [[nodiscard]] LiveObject live_object(const std::string& name, const Object& object);
  [[nodiscard]] KindCheck check(const std::string& name);

  base::Interner interner_;
  Pass pass_{interner_};  // one for all passes, as in a simulation
  std::vector<std::pair<std::string, nlohmann::json>> targets_;
  std::map<std::string, Object> objects_;
  std::map<std::string, std::string> write_errors_;
  std::map<std::string, std::string> dry_run_errors_;
  std::set<std::string> unknown_;
  std::set<std::string> slow_;
  std::set<std::string> unseen_;
  std::set<std::string> unselected_;
  std::set<std::string> unmodified_;
  std::map<std::string, KindCheck> refused_;
  std::map<std::string, Scripted> scripted_;
  std::string calls_;
  std::string subjects_;
  std::string places_;
  std::vector<std::unique_ptr<model::ObjectFacts>> facts_;
  SyncState state_;
  std::string reasons_;
};

}  // namespace wavetank::sync
