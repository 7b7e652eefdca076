// What a check sees of one application: its resources, the plan of a first sync, references.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/interner.h"
#include "lint/finding.h"
#include "load/project.h"
#include "model/bundle.h"
#include "model/references.h"
#include "model/version.h"
#include "sync/plan.h"

namespace wavetank::lint {

class Context {
 public:
  Context(const load::Project& project, const model::Bundle& bundle, model::ArgocdVersion version);

  const load::Project& project;
  const model::Bundle& bundle;
  model::ArgocdVersion version;

  // The tasks of a resource in the plan; empty for what takes no part, and for all but the last of
  // several objects with one key.
  [[nodiscard]] const std::vector<std::uint32_t>& tasks_of(const model::Resource& resource) const;
  [[nodiscard]] const sync::Plan& plan() const { return plan_; }
  // Whether Argo CD waits for this task's health or completion before it goes on.
  [[nodiscard]] bool is_awaited(std::uint32_t task) const;
  // "step 2  Sync/0  Secret/db", a line of a finding's plan frame.
  [[nodiscard]] std::string plan_line(std::uint32_t task) const;

  // The resource of this bundle with a kind (of the core group), name and namespace; null when
  // there is none.
  [[nodiscard]] const model::Resource* find(std::string_view kind, std::string_view name,
                                            std::string_view name_space) const;

 private:
  base::Interner interner_;
  std::vector<model::ObjectFacts> facts_;
  sync::Plan plan_;
  std::vector<std::vector<std::uint32_t>> tasks_;  // by resource
};

}  // namespace wavetank::lint
