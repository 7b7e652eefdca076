#include "cluster/controllers/dispatch.h"

#include <algorithm>
#include <array>

#include "health/object_view.h"

namespace wavetank::cluster {

namespace {

struct Row {
  std::string_view group;
  std::string_view kind;
  void (*control)(Context&, const model::ObjectKey&, Step);
};

constexpr std::array kControllers{
    Row{"", "Pod", control_pod},
    Row{"batch", "Job", control_job},
    Row{"apps", "Deployment", control_workload},
    Row{"apps", "StatefulSet", control_workload},
    Row{"apps", "DaemonSet", control_workload},
    Row{"apps", "ReplicaSet", control_workload},
    Row{"argoproj.io", "Workflow", control_workflow},
    Row{"", "Service", control_service},
    Row{"networking.k8s.io", "Ingress", control_ingress},
    Row{"", "PersistentVolumeClaim", control_volume_claim},
    Row{"", "Namespace", control_namespace},
    Row{"apiextensions.k8s.io", "CustomResourceDefinition", control_definition},
    Row{"apiregistration.k8s.io", "APIService", control_api_service},
    Row{"autoscaling", "HorizontalPodAutoscaler", control_autoscaler},
};

void control(Context& context, const model::ObjectKey& key, Step step) {
  const auto* const row =
      std::find_if(kControllers.begin(), kControllers.end(), [&](const Row& candidate) {
        return candidate.group == key.group && candidate.kind == key.kind;
      });
  (row != kControllers.end() ? row->control : control_custom)(context, key, step);
}

}  // namespace

void on_written(Context& context, const model::ObjectKey& key) {
  context.wake_waiting(key.name_space);
  constexpr auto kReaction = std::chrono::milliseconds(50);
  context.plan(key, kReaction, Step::Observe);
}

void on_event(Context& context, const Event& event) {
  const Entry* entry = context.store.find(event.object);
  if (entry == nullptr || entry->object.incarnation != event.incarnation) return;
  // A plan made for an older spec is void, but for what does not depend on the spec.
  const bool is_stale =
      event.generation != health::number(entry->object.content, "/metadata/generation");
  if (is_stale && event.step != Step::Terminate && event.step != Step::Expire) return;
  control(context, event.object, event.step);
}

}  // namespace wavetank::cluster
