// Which controller looks after which kind.
#pragma once

#include "cluster/controllers/context.h"

namespace wavetank::cluster {

// An object was created, or its desired state changed.
void on_written(Context& context, const model::ObjectKey& key);
// A planned step is due. Steps of objects that have gone or were replaced are dropped before.
void on_event(Context& context, const Event& event);

// One per kind or family of kinds; each ignores steps that it does not plan.
void control_pod(Context& context, const model::ObjectKey& key, Step step);
void control_job(Context& context, const model::ObjectKey& key, Step step);
void control_workload(Context& context, const model::ObjectKey& key, Step step);
void control_workflow(Context& context, const model::ObjectKey& key, Step step);
void control_service(Context& context, const model::ObjectKey& key, Step step);
void control_ingress(Context& context, const model::ObjectKey& key, Step step);
void control_volume_claim(Context& context, const model::ObjectKey& key, Step step);
void control_namespace(Context& context, const model::ObjectKey& key, Step step);
void control_definition(Context& context, const model::ObjectKey& key, Step step);
void control_api_service(Context& context, const model::ObjectKey& key, Step step);
void control_autoscaler(Context& context, const model::ObjectKey& key, Step step);
// All other kinds.
void control_custom(Context& context, const model::ObjectKey& key, Step step);

}  // namespace wavetank::cluster
