// The desired objects of an application, ready for the engine: normalised, without duplicates,
// without delete hooks, with Argo CD's tracking mark.
//
// Source: controller/state.go, controller/hook.go; see tracking.h and hook_view.h.
#pragma once

#include <deque>
#include <nlohmann/json.hpp>
#include <string>
#include <unordered_set>
#include <vector>

#include "application/tracking.h"
#include "base/interner.h"
#include "model/bundle.h"
#include "model/facts.h"
#include "sync/operation.h"

namespace wavetank::application {

struct TargetObject {
  std::size_t resource = 0;  // index into the Bundle
  nlohmann::json manifest;
  model::ObjectFacts facts;
};

struct HashKey {
  std::size_t operator()(const model::Key& key) const { return model::hash(key); }
};

struct Targets {
  std::string application;
  std::vector<TargetObject> objects;
  std::vector<TargetObject> delete_hooks;        // run only when the application is deleted
  std::unordered_set<model::Key, HashKey> keys;  // of both; looked up, never iterated
  std::vector<std::string> repeated;  // messages about objects that stand there several times
};

// `application` is the name in the marks.
[[nodiscard]] Targets make_targets(const model::Bundle& bundle, base::Interner& interner,
                                   const std::string& application, const Tracking& tracking = {});

// What an Application's sync policy and options mean for the engine.
// Source: controller/sync.go.
[[nodiscard]] sync::Settings settings_of(const model::ApplicationSettings& settings);

}  // namespace wavetank::application
