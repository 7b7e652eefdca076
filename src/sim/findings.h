// What a simulation found: SM001 to SM006, each pointing at the manifest it is about.
#pragma once

#include <string>
#include <vector>

#include "sim/simulate.h"
#include "sim/world.h"

namespace wavetank::sim {

class Findings {
 public:
  // REQUIRES: all references outlive it. `bundle` is the revision that the findings are about.
  Findings(World& world, const model::Bundle& bundle, std::vector<source::Diagnostic>& out)
      : world_(world), bundle_(bundle), out_(out) {}

  // Sets `reason` of a sync that has ended, or never will, and adds what there is to say.
  void judge(const application::ApplicationState& state, SyncReport& report);
  void add_leftovers(Simulation& simulation);
  void add_degraded(const Simulation& simulation);

 private:
  void find_stale_hooks(const application::ApplicationState& state, const SyncReport& report);
  [[nodiscard]] std::string why_waiting(const application::ApplicationState& state) const;
  [[nodiscard]] std::string health_message(const sync::Result& result) const;
  [[nodiscard]] const model::Resource* resource_of(const model::ObjectKey& object) const;
  [[nodiscard]] model::ObjectKey key(const model::Key& symbols) const {
    return model::resolve(symbols, world_.interner());
  }
  void add(source::Severity severity, const char* code, const char* slug, std::string message,
           const model::ObjectKey& object, std::string label, std::string help);

  World& world_;
  const model::Bundle& bundle_;
  std::vector<source::Diagnostic>& out_;
};

}  // namespace wavetank::sim
