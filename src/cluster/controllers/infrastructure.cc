// Services, Ingresses, claims, Namespaces, definitions and what else writes a status of its own.

#include <fmt/format.h>

#include "cluster/controllers/dispatch.h"
#include "health/object_view.h"

namespace wavetank::cluster {

using nlohmann::json;

namespace {

// Plans the outcome of an object whose controller does one thing; a rule may stretch or stop it.
void plan_outcome(Context& context, const model::ObjectKey& key, base::Duration usual) {
  const Behavior behavior = context.behavior_of(key);
  if (behavior.outcome == Outcome::Hang) return;
  context.plan(key, behavior.duration.value_or(usual), Step::Finish);
}

bool fails(const Context& context, const model::ObjectKey& key) {
  return context.behavior_of(key).outcome == Outcome::Fail;
}

const json& content_of(const Context& context, const model::ObjectKey& key) {
  return context.store.find(key)->object.content;
}

json address() { return {{"ingress", {{{"ip", "203.0.113.10"}}}}}; }

bool waits_for_consumer(const Context& context, const json& claim) {
  const std::string name = health::text(claim, "/spec/storageClassName");
  const Entry* storage_class = context.store.find(
      {.group = "storage.k8s.io", .kind = "StorageClass", .name_space = "", .name = name});
  return storage_class != nullptr && health::text(storage_class->object.content,
                                                  "/volumeBindingMode") == "WaitForFirstConsumer";
}

}  // namespace

void control_service(Context& context, const model::ObjectKey& key, Step step) {
  const json& service = content_of(context, key);
  if (health::text(service, "/spec/type") != "LoadBalancer") return;
  if (step == Step::Observe && health::list(service, "/status/loadBalancer/ingress").empty()) {
    plan_outcome(context, key, context.lapse(Lapse::LoadBalancer, key, 0));
  }
  if (step == Step::Finish && !fails(context, key)) {
    context.set_status(key, {{"loadBalancer", address()}}, "has an address");
  }
}

void control_ingress(Context& context, const model::ObjectKey& key, Step step) {
  if (step == Step::Observe && !health::has(content_of(context, key), "/status/loadBalancer")) {
    plan_outcome(context, key, context.lapse(Lapse::IngressAddress, key, 0));
  }
  if (step == Step::Finish && !fails(context, key)) {
    context.set_status(key, {{"loadBalancer", address()}}, "has an address");
  }
}

void control_volume_claim(Context& context, const model::ObjectKey& key, Step step) {
  const json claim = content_of(context, key);
  const std::string phase = health::text(claim, "/status/phase");
  if (step == Step::Observe && (phase.empty() || phase == "Pending")) {
    context.set_status(key, {{"phase", "Pending"}}, "pending");
    if (!waits_for_consumer(context, claim)) {
      plan_outcome(context, key, context.lapse(Lapse::Provisioning, key, 0));
    }
  }
  // A first consumer has come; a claim that does not wait for one is being provisioned already.
  if (step == Step::Start && phase == "Pending" && waits_for_consumer(context, claim)) {
    plan_outcome(context, key, context.lapse(Lapse::Provisioning, key, 0));
  }
  if (step == Step::Finish && phase == "Pending") {
    const bool lost = fails(context, key);
    context.set_status(key, {{"phase", lost ? "Lost" : "Bound"}}, lost ? "lost" : "bound");
    context.wake_waiting(key.name_space);
  }
}

void control_namespace(Context& context, const model::ObjectKey& key, Step step) {
  if (step == Step::Observe && !content_of(context, key).contains("status")) {
    context.set_status(key, {{"phase", "Active"}}, "active");
  }
  if (step != Step::Terminate) return;
  std::vector<model::ObjectKey> content;
  for (const auto& [other, entry] : context.store.entries()) {
    if (other.name_space == key.name) content.push_back(other);
  }
  for (const auto& other : content) context.remove(other, model::Propagation::Background);
  const auto& entries = context.store.entries();
  const bool empty = std::none_of(entries.begin(), entries.end(), [&](const auto& item) {
    return item.first.name_space == key.name;
  });
  if (empty) {
    context.store.find(key)->is_held = false;
    context.reap(key);
  } else {
    context.set_status(key, {{"phase", "Terminating"}}, "terminating");
    context.plan(key, std::chrono::seconds(5), Step::Terminate);
  }
}

void control_definition(Context& context, const model::ObjectKey& key, Step step) {
  if (step != Step::Observe || health::has(content_of(context, key), "/status/conditions")) return;
  context.set_status(key,
                     {{"conditions",
                       {{{"type", "NamesAccepted"}, {"status", "True"}},
                        {{"type", "Established"}, {"status", "True"}}}}},
                     "established");
}

void control_api_service(Context& context, const model::ObjectKey& key, Step step) {
  if (step == Step::Observe && !content_of(context, key).contains("status")) {
    plan_outcome(context, key, std::chrono::seconds(5));
  }
  if (step != Step::Finish) return;
  const bool available = !fails(context, key);
  context.set_status(key,
                     {{"conditions",
                       {{{"type", "Available"},
                         {"status", available ? "True" : "False"},
                         {"reason", available ? "Passed" : "MissingEndpoints"},
                         {"message", available ? "all checks passed" : "no endpoints"}}}}},
                     available ? "available" : "not available");
}

void control_autoscaler(Context& context, const model::ObjectKey& key, Step step) {
  if (step == Step::Observe && !content_of(context, key).contains("status")) {
    plan_outcome(context, key, std::chrono::seconds(15));
  }
  if (step != Step::Finish) return;
  const bool failed = fails(context, key);
  context.set_status(
      key,
      {{"conditions",
        {{{"type", "AbleToScale"},
          {"status", failed ? "False" : "True"},
          {"reason", failed ? "FailedGetScale" : "ReadyForNewScale"},
          {"message", failed ? "the HPA controller was unable to get the target's current scale"
                             : "recommended size matches current size"}}}}},
      failed ? "cannot scale" : "able to scale");
}

void control_workflow(Context& context, const model::ObjectKey& key, Step step) {
  if (step == Step::Observe && !content_of(context, key).contains("status")) {
    context.set_status(key, {{"phase", "Running"}}, "running");
    plan_outcome(context, key, context.lapse(Lapse::Workflow, key, 0));
  }
  if (step != Step::Finish) return;
  const bool failed = fails(context, key);
  context.set_status(
      key, {{"phase", failed ? "Failed" : "Succeeded"}, {"message", failed ? "a step failed" : ""}},
      failed ? "failed" : "succeeded");
}

}  // namespace wavetank::cluster
