// Admission webhooks. No program runs behind them here: a webhook is its reachability. One whose
// service is missing or without endpoints cannot be called, which refuses the request
// (failurePolicy Fail) or lets it pass (Ignore). Source: apiserver, admission/plugin/webhook.
#include <fmt/format.h>

#include <algorithm>

#include "cluster/api/admission/admission.h"
#include "cluster/api/object/json_access.h"
#include "cluster/api/rules/selector.h"
#include "cluster/endpoints.h"

namespace wavetank::cluster::api {

using nlohmann::json;

namespace {

bool lists(const json& values, const std::string& value) {
  return std::any_of(values.begin(), values.end(),
                     [&](const json& each) { return each == "*" || each == json(value); });
}

std::string operation_name(Operation operation) {
  switch (operation) {
    case Operation::Create: return "CREATE";
    case Operation::Update: return "UPDATE";
    case Operation::Delete: return "DELETE";
  }
  return "";
}

bool matches_rules(const json& webhook, const Admission& admission) {
  const json& rules = list(webhook, "/rules");
  return std::any_of(rules.begin(), rules.end(), [&](const json& rule) {
    const std::string scope = text(rule, "/scope");
    if (scope == "Cluster" && admission.kind.is_namespaced) return false;
    if (scope == "Namespaced" && !admission.kind.is_namespaced) return false;
    const json& resources = list(rule, "/resources");
    return lists(list(rule, "/operations"), operation_name(admission.operation)) &&
           lists(list(rule, "/apiGroups"), admission.kind.group) &&
           lists(list(rule, "/apiVersions"), admission.kind.version) &&
           (lists(resources, admission.kind.resource) || lists(resources, "*/*"));
  });
}

bool matches_selectors(const json& webhook, const Admission& admission, const json& object) {
  if (!selector_matches(at(webhook, "/objectSelector"), at(object, "/metadata/labels"))) {
    return false;
  }
  if (!admission.kind.is_namespaced && !admission.kind.is("", "Namespace")) return true;
  const std::string home =
      std::string(admission.kind.is("", "Namespace") ? admission.name : admission.name_space);
  const Entry* found =
      admission.store.find({.group = "", .kind = "Namespace", .name_space = "", .name = home});
  const json& labels = found == nullptr ? at(object, "/metadata/labels")
                                        : at(found->object.content, "/metadata/labels");
  return selector_matches(at(webhook, "/namespaceSelector"), labels);
}

// Why the webhook cannot be called; empty when it can.
std::string obstacle(const json& webhook, const Store& store) {
  const json& client = at(webhook, "/clientConfig");
  const std::string timeout = fmt::format("?timeout={}s", number(webhook, "/timeoutSeconds", 10));
  const std::string url = text(client, "/url");
  if (!url.empty()) {
    // What a URL leads to is beyond the cluster; a loopback address leads nowhere.
    const auto begin = url.find("://");
    const auto end = url.find('/', begin == std::string::npos ? 0 : begin + 3);
    const std::string host =
        url.substr(begin == std::string::npos ? 0 : begin + 3,
                   end == std::string::npos ? std::string::npos : end - begin - 3);
    if (!host.starts_with("127.0.0.1")) return "";
    return fmt::format("Post \"{}{}\": dial tcp {}: connect: connection refused", url, timeout,
                       host);
  }
  const std::string name = text(client, "/service/name");
  const std::string home = text(client, "/service/namespace");
  const Entry* service =
      store.find({.group = "", .kind = "Service", .name_space = home, .name = name});
  const std::string target =
      fmt::format("Post \"https://{}.{}.svc:{}{}{}\": ", name, home,
                  number(client, "/service/port", 443), text(client, "/service/path"), timeout);
  if (service == nullptr) return fmt::format("{}service \"{}\" not found", target, name);
  if (endpoints_of(store, service->object.content, nullptr) == Endpoints::Ready) return "";
  return fmt::format("{}no endpoints available for service \"{}\"", target, name);
}

}  // namespace

std::optional<ApiError> call_webhooks(const Admission& admission, const json& object,
                                      bool is_mutating) {
  // The configurations themselves are never sent to webhooks.
  if (admission.kind.group == "admissionregistration.k8s.io") return std::nullopt;
  const std::string_view wanted =
      is_mutating ? "MutatingWebhookConfiguration" : "ValidatingWebhookConfiguration";
  for (const auto& [key, entry] : admission.store.of_kind("admissionregistration.k8s.io", wanted)) {
    for (const json& webhook : list(entry.object.content, "/webhooks")) {
      if (!matches_rules(webhook, admission) || !matches_selectors(webhook, admission, object)) {
        continue;
      }
      const std::string side_effects = text(webhook, "/sideEffects");
      const std::string name = text(webhook, "/name");
      if (admission.is_dry_run && side_effects != "None" && side_effects != "NoneOnDryRun") {
        return bad_request_error(
            fmt::format("admission webhook \"{}\" does not support dry run", name));
      }
      const std::string why = obstacle(webhook, admission.store);
      if (why.empty() || text(webhook, "/failurePolicy") == "Ignore") continue;
      return internal_error(fmt::format(
          "Internal error occurred: failed calling webhook \"{}\": failed to call webhook: {}",
          name, why));
    }
  }
  return std::nullopt;
}

}  // namespace wavetank::cluster::api
