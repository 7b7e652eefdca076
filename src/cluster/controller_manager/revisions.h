// ControllerRevisions: what the template of a StatefulSet or DaemonSet was, numbered.
//
// The number grows with every template; one that comes back gets a new number. Source:
// pkg/controller/history/controller_history.go of Kubernetes 1.36.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "cluster/controller_manager/controller.h"

namespace wavetank::cluster {

struct Revision {
  std::string name;
  std::string hash;
  std::int64_t number = 0;
  nlohmann::json pod_template;
};

// On pods: the revision of the set that they were made from. DaemonSets mark their revisions so,
// too.
inline constexpr const char* kRevisionLabel = "controller-revision-hash";

// How the two kinds write the hash of a revision into its labels.
enum class HashLabel : std::uint8_t { OfHistory, OfDaemonSets };

class Revisions {
 public:
  // Takes those that match the selector and belong to nobody.
  Revisions(Context& context, const model::ObjectKey& owner, HashLabel label);

  // The revision of the template that `owner` has now; made or renumbered where needed. Nothing
  // when the API server refused it.
  [[nodiscard]] std::optional<Revision> of_present();
  [[nodiscard]] const Revision* find(std::string_view name) const;
  // Grows when another object has the name of a revision.
  [[nodiscard]] std::int64_t collisions() const { return collisions_; }

  // Deletes the oldest beyond the owner's limit, none of those in `names_in_use`.
  void clean_up(const std::set<std::string>& names_in_use);

 private:
  [[nodiscard]] model::ObjectKey key_of(std::string_view name) const;
  std::optional<Revision> create(std::int64_t number);

  Context& context_;
  const model::ObjectKey& owner_;
  HashLabel label_;
  nlohmann::json object_;
  std::int64_t collisions_ = 0;
  std::vector<Revision> all_;  // by number
};

}  // namespace wavetank::cluster
