// What is around a control plane: nodes, clouds and operators. How they behave is an input of a
// simulation; how long they take is chance.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/chooser.h"
#include "base/time.h"
#include "cluster/behavior.h"
#include "cluster/durations.h"
#include "cluster/store.h"
#include "model/key.h"

namespace wavetank::cluster {

class Surroundings {
 public:
  // Told of what Kubernetes would write into an Event: "cannot start: Secret/shop-db not found".
  using Note = std::function<void(const model::ObjectKey& key, std::string text)>;

  // REQUIRES: `store` and `chooser` outlive it.
  Surroundings(const Store& store, base::Chooser& chooser, std::vector<BehaviorRule> rules,
               Note note)
      : store_(store), chooser_(chooser), rules_(std::move(rules)), note_(std::move(note)) {}

  void behave(std::vector<BehaviorRule> rules) { rules_ = std::move(rules); }
  // How the object behaves: the most specific rule (a name before a kind), of equal ones the last.
  // What no rule of its own says is taken from its controllers: a pod behaves like its Deployment.
  // An outcome left to chance is drawn for the object whose rule it is, so that all pods of a
  // Deployment share its fate; a time for the object itself, so that each pod takes its own.
  [[nodiscard]] Conduct behavior_of(const model::ObjectKey& key) const;
  // Whether an admission webhook refuses every write of it.
  [[nodiscard]] bool denies(const model::ObjectKey& key) const;
  // Whether a finalizer of somebody else's keeps it once it is deleted.
  [[nodiscard]] bool holds(const model::ObjectKey& key) const;

  // How long something takes that an object goes through for the how-manieth time.
  [[nodiscard]] base::Duration lapse(Lapse lapse, const model::ObjectKey& key,
                                     std::uint32_t occurrence) const;
  // How long a pod waits for an image on a node: no time at all when the node has it.
  [[nodiscard]] base::Duration pull(const model::ObjectKey& pod, const std::string& node,
                                    const std::string& image) const;
  [[nodiscard]] base::Chooser& chooser() const { return chooser_; }

  // The kubelet of a node that is cut off: its containers go on, but nobody hears of them, and it
  // hears of nothing. `since` is when it reported last.
  void silence(const std::string& node, base::Instant since) { silent_.try_emplace(node, since); }
  void end_silence(const std::string& node) { silent_.erase(node); }
  // Nothing while it reports.
  [[nodiscard]] std::optional<base::Instant> silent_since(const std::string& node) const {
    const auto found = silent_.find(node);
    return found == silent_.end() ? std::nullopt : std::optional(found->second);
  }

  void note(const model::ObjectKey& key, std::string text) const { note_(key, std::move(text)); }

 private:
  // Draws of another object of the same name are others.
  [[nodiscard]] std::uint32_t occurrence(const model::ObjectKey& key, std::uint32_t time) const;
  void draw_outcome(Conduct& conduct, const Behavior& behavior, const model::ObjectKey& key) const;

  const Store& store_;
  base::Chooser& chooser_;
  std::vector<BehaviorRule> rules_;
  Note note_;
  std::map<std::string, base::Instant> silent_;
};

}  // namespace wavetank::cluster
