// The world of an end-to-end story: its repository, settings and cluster, and what is done to them.
#pragma once

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "application/controller/repository.h"
#include "load/project.h"
#include "sim/world.h"

namespace wavetank::conformance {

using Manifests = std::vector<nlohmann::json>;

// Folders of manifests; `main` has revisions.
class StoryRepository final : public application::Repository {
 public:
  std::map<std::string, Manifests> revisions;  // of the folder `main`
  std::map<std::string, Manifests> folders;    // the others
  std::string head;

  [[nodiscard]] tl::expected<std::string, std::string> resolve(
      const application::ApplicationSpec& application, const std::string& revision) const override;
  [[nodiscard]] tl::expected<const model::Bundle*, std::string> manifests(
      const application::ApplicationSpec& application, const std::string& revision) const override;

 private:
  struct Loaded {
    load::Project project;
    model::Bundle bundle;
  };
  mutable std::map<std::string, std::unique_ptr<Loaded>> loaded_;  // by folder, revision, namespace
};

class Story {
 public:
  explicit Story(const nlohmann::json& story);

  // Does what a step says. Returns why it was refused; empty: it was not.
  std::string act(const nlohmann::json& step);
  // Lets time pass to the end of the step; `look` is called at every moment.
  void pass(const nlohmann::json& step, const sim::World::Probe& look);

  [[nodiscard]] const application::ApplicationState* application();
  [[nodiscard]] sim::World& world() { return *world_; }
  // Null when there is none. The key may be of a story: "apps/Deployment/demo/web".
  [[nodiscard]] const cluster::StoredObject* object(const std::string& key);

 private:
  void read_settings(const nlohmann::json& settings);
  void read_behaviours(const nlohmann::json& behaviours);
  void furnish(const nlohmann::json& cluster);
  void put(const nlohmann::json& entry);
  void create();
  std::string sync(const nlohmann::json& request);
  std::string roll_back(const nlohmann::json& request);
  void operate(const nlohmann::json& operation);
  void push(const nlohmann::json& change);
  void change_cluster(const nlohmann::json& change);
  void remove(const nlohmann::json& request);
  void watch_deletions();
  [[nodiscard]] nlohmann::json placed(nlohmann::json manifest) const;

  const nlohmann::json& story_;
  std::string name_;
  std::string name_space_;
  StoryRepository repository_;
  application::Installation installation_;
  std::unique_ptr<sim::World> world_;
  struct Release {
    base::Instant at;
    model::ObjectKey key;
    nlohmann::json rule;
  };
  std::vector<Release> releases_;           // of finalizers, to come
  std::map<std::string, bool> is_watched_;  // uids of objects whose deletion was seen
};

[[nodiscard]] model::ObjectKey story_key(const std::string& key);
[[nodiscard]] model::ObjectKey key_of_manifest(const nlohmann::json& manifest,
                                               const std::string& name_space);

}  // namespace wavetank::conformance
