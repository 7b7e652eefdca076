// What kubelets say about their nodes: that they are well.
//
// Nodes are taken to be ready when nothing is said, so this speaks only where the node controller
// has put a question mark: after a kubelet was not heard for a while. Source:
// pkg/kubelet/nodestatus/setters.go of Kubernetes 1.36.

#include <array>

#include "cluster/api/object/json_access.h"
#include "cluster/controller_manager/conditions.h"
#include "cluster/node/agents.h"
#include "cluster/surroundings/surroundings.h"

namespace wavetank::cluster {

using api::at;
using api::text;
using model::ObjectKey;
using nlohmann::json;

namespace {

struct Report {
  const char* type;
  const char* status;
  const char* reason;
  const char* message;
};
constexpr std::array kReports{
    Report{"MemoryPressure", "False", "KubeletHasSufficientMemory",
           "kubelet has sufficient memory available"},
    Report{"DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"},
    Report{"PIDPressure", "False", "KubeletHasSufficientPID",
           "kubelet has sufficient PID available"},
    Report{"Ready", "True", "KubeletReady", "kubelet is posting ready status"},
};

SyncResult sync(Context& context, const ObjectKey& key) {
  const json* node = context.find(key);
  if (node == nullptr || context.surroundings()->silent_since(key.name)) return SyncResult::Done;
  const json* ready = find_condition(at(*node, "/status"), "Ready");
  if (ready == nullptr || text(*ready, "/status") != "Unknown") return SyncResult::Done;
  context.edit_status(key, [&](json& changed) {
    for (const Report& each : kReports) {
      replace_condition(changed["status"]["conditions"],
                        {.type = each.type,
                         .status = each.status,
                         .reason = each.reason,
                         .message = each.message},
                        context.time());
    }
  });
  return SyncResult::Done;
}

void notice(Context& context, const Notice& notice) {
  const ObjectKey& key = notice.key;
  if (key.group.empty() && key.kind == "Node" && !notice.is_removed) context.wake(key);
}

}  // namespace

const Controller kNodeReporter{"kubelet-node-status", notice, sync};

}  // namespace wavetank::cluster
