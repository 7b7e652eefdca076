// One application's plan with what is needed to print it.
#pragma once

#include <memory>
#include <vector>

#include "base/interner.h"
#include "model/bundle.h"
#include "model/facts.h"
#include "sync/plan.h"

namespace wavetank::report {

struct PlanView {
  const model::Bundle* bundle = nullptr;
  std::vector<std::size_t> resources;     // of each target: index into the Bundle
  std::vector<std::size_t> delete_hooks;  // resources that only run at deletion
  std::vector<model::ObjectFacts> facts;  // of each target
  sync::Plan plan;
  std::unique_ptr<base::Interner> interner;
};

}  // namespace wavetank::report
