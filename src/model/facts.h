// Everything the sync engine reads of one object's content, as small integers.
//
// Facts are computed once per content; the engine, the plan and the simulation never look at YAML
// or JSON again. What changes without the content (the deletion mark, health, resourceVersion)
// stands in sync::LiveObject.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "base/interner.h"
#include "model/annotation.h"
#include "model/hook.h"
#include "model/key.h"

namespace wavetank::model {

// The value of the resource's `Prune=` sync option.
enum class PruneOption : std::uint8_t { Unset, False, Confirm, Other };

// Resource-level sync options, matched as exact words of the comma-separated annotation.
// Source: gitops-engine/pkg/sync/common/types.go and sync_context.go (applyObject, prune).
struct ResourceOptions {
  bool replace = false;                           // Replace=true
  bool force = false;                             // Force=true
  bool no_validate = false;                       // Validate=false
  bool server_side_apply = false;                 // ServerSideApply=true
  bool no_server_side_apply = false;              // ServerSideApply=false
  bool skip_dry_run_on_missing_resource = false;  // SkipDryRunOnMissingResource=true
  bool prune_last = false;                        // PruneLast=true
  PruneOption prune = PruneOption::Unset;         // the first `Prune=`
  bool prune_false = false;                       // any Prune=false
  bool prune_confirm = false;                     // any Prune=confirm
};

// The views are into `annotations`.
[[nodiscard]] HookAnnotations hook_annotations(const Annotations& annotations);

[[nodiscard]] ResourceOptions resource_options(std::string_view sync_options);

struct ObjectFacts {
  Key key;  // the namespace as in the object; the caller normalises it (see application/targets.h)
  int kind_rank = 0;           // see kind_rank() in model/kinds.h
  base::Symbol version;        // "v1", without the group
  base::Symbol generate_name;  // metadata.generateName, empty Symbol when absent
  HookFacts hook;
  DeletePolicies policies;  // only meaningful when hook.is_hook
  std::int64_t wave = 0;
  WaveSource wave_source = WaveSource::None;  // see wave_source() in model/hook.h
  ResourceOptions options;
  bool has_hook_finalizer = false;
  bool is_namespace = false;                 // a core Namespace
  bool is_crd = false;                       // an apiextensions.k8s.io CustomResourceDefinition
  base::Symbol crd_group;                    // of a CRD: spec.group
  base::Symbol crd_kind;                     // of a CRD: spec.names.kind
  base::Symbol images = base::kEmptySymbol;  // container images in written order, one a line; init
                                             // containers excluded
};

// Reads an object as Argo CD does: if any annotation is not a string, it has no annotations at all.
[[nodiscard]] ObjectFacts facts_of(const nlohmann::json& object, base::Interner& interner);

}  // namespace wavetank::model
