// The inside of the controller: what it keeps of one application, and a pass under way.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>

#include "application/controller/cluster_deletion.h"
#include "application/controller/controller.h"
#include "application/controller/engine_view.h"

namespace wavetank::application {

struct RunningPass {
  BegunStep step;
  base::Instant began;
  sync::SyncState before;
  EngineView view;
  std::unique_ptr<TargetObject> managed_namespace;  // one of the view's, if there is one
  std::unique_ptr<EnginePass> pass;
  bool is_terminated = false;  // meanwhile, by somebody
  // Managed objects changed meanwhile; that is to be looked at then.
  std::optional<base::Instant> look_again;
};

struct Controller::App {
  model::Key key;
  ApplicationState state;
  nlohmann::json spec_read;  // the spec that `state` was read from
  nlohmann::json annotations_read;
  nlohmann::json status_written;  // last
  const Targets* targets = nullptr;
  std::set<model::ObjectKey> managed;               // ever
  std::set<model::ObjectKey> awaits_confirmation;   // as status.resources says
  std::optional<nlohmann::json> recorded_metadata;  // of the namespace, by the last operation
  std::unique_ptr<RunningPass> pass;
  std::optional<base::Instant> operation_due;
  std::optional<base::Instant> refresh_due;
  CompareLevel level = CompareLevel::Recent;
  base::Instant compared_latest;
  bool is_deletion_seen = false;
  bool is_idle = false;              // the next step can only find what the last one found
  bool is_waiting_for_time = false;  // a window is closed
};

}  // namespace wavetank::application
