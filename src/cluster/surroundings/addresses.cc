// Addresses of Services of type LoadBalancer and of Ingresses.
//
// Source: cloud-provider, controllers/service; ingress controllers in general.

#include "cluster/api/object/json_access.h"
#include "cluster/controller_manager/finalizers.h"
#include "cluster/surroundings/agents.h"
#include "cluster/surroundings/surroundings.h"

namespace wavetank::cluster {

using api::has;
using api::list;
using api::text;
using model::ObjectKey;
using nlohmann::json;

namespace {

constexpr const char* kCleanup = "service.kubernetes.io/load-balancer-cleanup";
enum Step : std::uint8_t { kGiveAddress = 1 };

// Plans the address once; whether its time has come.
bool is_due(Context& context, const ObjectKey& key, Lapse lapse) {
  const Conduct behavior = context.surroundings()->behavior_of(key);
  if (behavior.outcome == Outcome::Hang || behavior.outcome == Outcome::Fail) return false;
  const auto next = context.next_step_of(key);
  if (next) return next->at <= context.now();
  context.schedule(key, kGiveAddress,
                   behavior.duration.value_or(context.surroundings()->lapse(lapse, key, 0)));
  return false;
}

void give_address(Context& context, const ObjectKey& key) {
  context.drop_next_step(key);
  context.edit_status(key, [](json& object) {
    object["status"]["loadBalancer"] = {{"ingress", {{{"ip", "203.0.113.10"}}}}};
  });
}

SyncResult sync_service(Context& context, const ObjectKey& key) {
  const json* service = context.find(key);
  if (service == nullptr) return SyncResult::Done;
  const bool is_wanted = text(*service, "/spec/type") == "LoadBalancer" &&
                         !has(*service, "/metadata/deletionTimestamp");
  context.edit(key, [&](json& each) {
    if (is_wanted) {
      add_finalizer(each, kCleanup);
    } else {
      drop_finalizer(each, kCleanup);
    }
  });
  service = context.find(key);
  if (service == nullptr || !is_wanted) return SyncResult::Done;
  if (!list(*service, "/status/loadBalancer/ingress").empty()) return SyncResult::Done;
  if (is_due(context, key, Lapse::LoadBalancer)) give_address(context, key);
  return SyncResult::Done;
}

SyncResult sync_ingress(Context& context, const ObjectKey& key) {
  const json* ingress = context.find(key);
  if (ingress == nullptr || has(*ingress, "/metadata/deletionTimestamp")) return SyncResult::Done;
  if (!list(*ingress, "/status/loadBalancer/ingress").empty()) return SyncResult::Done;
  if (is_due(context, key, Lapse::IngressAddress)) give_address(context, key);
  return SyncResult::Done;
}

void notice_service(Context& context, const Notice& notice) {
  if (notice.key.group.empty() && notice.key.kind == "Service") context.wake(notice.key);
}

void notice_ingress(Context& context, const Notice& notice) {
  if (notice.key.group == "networking.k8s.io" && notice.key.kind == "Ingress") {
    context.wake(notice.key);
  }
}

}  // namespace

const Controller kLoadBalancers{"service-lb-controller", notice_service, sync_service};
const Controller kIngressController{"ingress-controller", notice_ingress, sync_ingress};

}  // namespace wavetank::cluster
