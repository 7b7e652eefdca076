// Whether aggregated APIs are available: an APIService is as good as the pods behind its Service.
//
// Nothing answers behind a Service here: pods that are ready answer, unless the behaviour of the
// APIService says that they do not. Source: kube-aggregator, controllers/status/{local,remote}/
// *_available_controller.go of Kubernetes 1.36.

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "cluster/api/object/json_access.h"
#include "cluster/controller_manager/conditions.h"
#include "cluster/controller_manager/controllers.h"
#include "cluster/endpoints.h"
#include "cluster/surroundings/surroundings.h"

namespace wavetank::cluster {

using api::at;
using api::has;
using api::list;
using api::number;
using api::text;
using model::ObjectKey;
using nlohmann::json;

namespace {

constexpr const char* kGroup = "apiregistration.k8s.io";
constexpr const char* kKind = "APIService";

Condition unavailable(const char* reason, std::string message) {
  return {.type = "Available", .status = "False", .reason = reason, .message = std::move(message)};
}

Condition available(const char* reason, const char* message) {
  return {.type = "Available", .status = "True", .reason = reason, .message = message};
}

std::int64_t port_of(const json& api_service) {
  return number(api_service, "/spec/service/port", 443);
}

// What keeps a request from reaching the Service.
std::optional<Condition> obstacle(Context& context, const json& api_service) {
  const std::string name = text(api_service, "/spec/service/name");
  const std::string home = text(api_service, "/spec/service/namespace");
  const json* service =
      context.find({.group = "", .kind = "Service", .name_space = home, .name = name});
  if (service == nullptr) {
    return unavailable("ServiceNotFound",
                       fmt::format("service/{} in \"{}\" is not present", name, home));
  }
  const std::string type = text(*service, "/spec/type");
  if (!type.empty() && type != "ClusterIP") return std::nullopt;
  const std::int64_t wanted = port_of(api_service);
  const json& ports = list(*service, "/spec/ports");
  const auto port = std::find_if(ports.begin(), ports.end(),
                                 [&](const json& each) { return number(each, "/port") == wanted; });
  if (port == ports.end()) {
    return unavailable(
        "ServicePortError",
        fmt::format("service/{} in \"{}\" is not listening on port {}", name, home, wanted));
  }
  switch (endpoints_of(context.store(), *service, *port)) {
    case Endpoints::NoSlices:
      return unavailable(
          "EndpointsNotFound",
          fmt::format("cannot find endpointslices for service/{} in \"{}\"", name, home));
    case Endpoints::NotReady:
      return unavailable(
          "MissingEndpoints",
          fmt::format(
              "endpointslices for service/{} in \"{}\" have no addresses with port name \"{}\"",
              name, home, text(*port, "/name")));
    case Endpoints::Ready: break;
  }
  return std::nullopt;
}

// What a request for the API's discovery comes to, as its behaviour says.
std::optional<Condition> failed_discovery(Context& context, const ObjectKey& key,
                                          const json& api_service) {
  if (context.surroundings() == nullptr) return std::nullopt;
  const auto outcome = context.surroundings()->behavior_of(key).outcome;
  if (outcome != Outcome::Fail && outcome != Outcome::Hang) return std::nullopt;
  const std::string url =
      fmt::format("https://{}.{}.svc:{}/apis/{}/{}", text(api_service, "/spec/service/name"),
                  text(api_service, "/spec/service/namespace"), port_of(api_service),
                  text(api_service, "/spec/group"), text(api_service, "/spec/version"));
  const std::string why =
      outcome == Outcome::Fail
          ? fmt::format("bad status from {}: 503", url)
          : fmt::format(
                "Get \"{}\": net/http: request canceled while waiting for connection "
                "(Client.Timeout exceeded while awaiting headers)",
                url);
  return unavailable("FailedDiscoveryCheck",
                     fmt::format("failing or missing response from {}: {}", url, why));
}

SyncResult sync(Context& context, const ObjectKey& key) {
  const json* found = context.find(key);
  if (found == nullptr) return SyncResult::Done;
  const json api_service = *found;
  Condition condition = available("Local", "Local APIServices are always available");
  bool has_failed = false;
  if (has(api_service, "/spec/service")) {
    if (auto why = obstacle(context, api_service)) {
      condition = *std::move(why);
    } else if (auto failure = failed_discovery(context, key, api_service)) {
      condition = *std::move(failure);
      has_failed = true;
    } else {
      condition = available("Passed", "all checks passed");
    }
  }
  context.edit_status(key, [&](json& changed) {
    json& all = changed["status"]["conditions"];
    if (!all.is_array()) all = json::array();
    replace_condition(all, condition, context.time());
  });
  return has_failed ? SyncResult::Again : SyncResult::Done;
}

// Changes of what stands behind an APIService are changes in the namespace of its Service.
void notice(Context& context, const Notice& notice) {
  const ObjectKey& key = notice.key;
  if (key.group == kGroup && key.kind == kKind) {
    context.wake(key);
    return;
  }
  const bool is_backend = (key.group.empty() && (key.kind == "Service" || key.kind == "Pod")) ||
                          (key.group == "discovery.k8s.io" && key.kind == "EndpointSlice");
  if (!is_backend) return;
  for (const auto& [each, entry] : context.store().of_kind(kGroup, kKind)) {
    if (text(entry.object.content, "/spec/service/namespace") == key.name_space) context.wake(each);
  }
}

}  // namespace

const Controller kApiAvailability{"remote-available-controller", notice, sync,
                                  std::chrono::milliseconds(5), std::chrono::seconds(30)};

std::vector<std::string> unavailable_apis(const Store& store) {
  std::vector<std::string> names;
  for (const auto& [key, entry] : store.of_kind(kGroup, kKind)) {
    const json& api_service = entry.object.content;
    if (!has(api_service, "/spec/service")) continue;
    const json* condition = find_condition(at(api_service, "/status"), "Available");
    if (condition != nullptr && text(*condition, "/status") == "True") continue;
    names.push_back(
        fmt::format("{}/{}", text(api_service, "/spec/group"), text(api_service, "/spec/version")));
  }
  return names;
}

}  // namespace wavetank::cluster
