// What a check sees of one application: its resources, the plan of a first sync, references, the
// project around it, and the same application one revision before.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/interner.h"
#include "lint/assumptions.h"
#include "lint/finding.h"
#include "lint/survey.h"
#include "load/project.h"
#include "model/bundle.h"
#include "model/references.h"
#include "model/version.h"
#include "sync/plan.h"

namespace wavetank::lint {

// What all applications of a run share.
struct Surroundings {
  const load::Project& project;
  const Survey& survey;
  model::ArgocdVersion version;
  const Assumptions& assumptions;
};

class Context {
 public:
  // `earlier` is the application at the revision before; null when none is known.
  Context(const Surroundings& surroundings, const model::Bundle& bundle, const Context* earlier);

  const load::Project& project;
  const Survey& survey;
  const model::Bundle& bundle;
  model::ArgocdVersion version;
  const Assumptions& assumptions;
  const Context* before;

  // The tasks of a resource in the plan; empty for what takes no part, and for all but the last of
  // several objects with one key.
  [[nodiscard]] const std::vector<std::uint32_t>& tasks_of(const model::Resource& resource) const;
  [[nodiscard]] const sync::Plan& plan() const { return plan_; }
  // Whether Argo CD waits for this task's health or completion before it goes on.
  [[nodiscard]] bool is_awaited(std::uint32_t task) const;
  // "step 2  Sync/0  Secret/db", a line of a finding's plan frame, with the place of the object.
  [[nodiscard]] source::Label plan_line(std::uint32_t task) const;

  // "Secret/db", the object of a task.
  [[nodiscard]] std::string name_of(std::uint32_t task) const;

  // The resource of this bundle with a kind (of the core group), name and namespace; null when
  // there is none.
  [[nodiscard]] const model::Resource* find(std::string_view kind, std::string_view name,
                                            std::string_view name_space) const;
  // The resource with this key; null when there is none.
  [[nodiscard]] const model::Resource* find(const model::ObjectKey& key) const;
  // What the pods of a resource name; see model::references_of.
  [[nodiscard]] const std::vector<model::Reference>& references_of(
      const model::Resource& resource) const;
  // Whether a sync waits for it somewhere.
  [[nodiscard]] bool is_gate(const model::Resource& resource) const;
  // Whether Argo CD judges the health of the kind; without that it counts as done once it exists.
  [[nodiscard]] bool has_health(const model::Resource& resource) const;

 private:
  [[nodiscard]] std::size_t index_of(const model::Resource& resource) const;

  base::Interner interner_;
  std::vector<model::ObjectFacts> facts_;
  sync::Plan plan_;
  std::vector<std::vector<std::uint32_t>> tasks_;          // by resource
  std::vector<std::vector<model::Reference>> references_;  // by resource
  std::vector<std::uint32_t> by_key_;                      // resources in order of their keys
};

}  // namespace wavetank::lint
