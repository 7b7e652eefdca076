#include <fmt/format.h>

#include "health/kind_checks.h"
#include "health/object_view.h"
#include "model/hook.h"

namespace wavetank::health {

using nlohmann::json;

Health check_job(const Subject& subject) {
  const json& object = subject.object;
  // Of the condition types Failed and Complete only the presence counts, whatever their status.
  bool is_failed = false;
  bool is_complete = false;
  bool was_suspended = false;
  bool is_suspended = false;
  std::string failure;
  std::string message;
  for (const json& condition : list(object, "/status/conditions")) {
    const std::string type = text(condition, "/type");
    const std::string words = text(condition, "/message");
    if (type == "Failed") {
      is_failed = true;
      failure = words;
    } else if (type == "Complete") {
      is_complete = true;
      message = words;
    } else if (type == "Suspended") {
      was_suspended = true;
      message = words;
      is_suspended = is_suspended || text(condition, "/status") == "True";
    }
  }
  if (is_failed) return {.status = Status::Degraded, .message = failure};
  if (!is_complete && !was_suspended) return {.status = Status::Progressing};
  if (is_suspended) {
    if (!model::behaves(subject.version, model::Behavior::SuspendedJobMessage)) message.clear();
    return {.status = Status::Suspended, .message = message};
  }
  return {.message = message};
}

namespace {

bool is_waiting_in_trouble(std::string_view reason) {
  return reason.starts_with("Err") || reason.ends_with("Error") || reason.ends_with("BackOff");
}

bool is_hook(const json& object) {
  const json& annotations = at(object, "/metadata/annotations");
  if (!annotations.is_object()) return false;
  std::string argo;
  std::string helm;
  model::HookAnnotations values;
  if (const auto found = annotations.find("argocd.argoproj.io/hook");
      found != annotations.end() && found->is_string()) {
    argo = found->get<std::string>();
    values.hook = argo;
  }
  if (const auto found = annotations.find("helm.sh/hook");
      found != annotations.end() && found->is_string()) {
    helm = found->get<std::string>();
    values.helm_hook = helm;
  }
  return model::hook_facts(values).is_hook;
}

bool opts_out_of_restart_policy(const json& object) {
  const json& annotations = at(object, "/metadata/annotations");
  if (!annotations.is_object()) return false;
  const auto found = annotations.find("argocd.argoproj.io/ignore-restart-policy");
  return found != annotations.end() && *found == "true";
}

std::string failure_of(const json& container) {
  const json& terminated = at(container, "/state/terminated");
  if (terminated.is_null()) return "";
  if (const std::string message = text(terminated, "/message"); !message.empty()) return message;
  if (text(terminated, "/reason") == "OOMKilled") return "OOMKilled";
  if (const auto code = number(terminated, "/exitCode"); code != 0) {
    return fmt::format("container \"{}\" failed with exit code {}", text(container, "/name"), code);
  }
  return "";
}

std::string pod_failure(const json& object) {
  if (const std::string message = text(object, "/status/message"); !message.empty()) return message;
  for (const char* path : {"/status/initContainerStatuses", "/status/containerStatuses"}) {
    for (const json& container : list(object, path)) {
      if (std::string message = failure_of(container); !message.empty()) return message;
    }
  }
  return "";
}

Health check_running_pod(const json& object) {
  for (const json& condition : list(object, "/status/conditions")) {
    if (text(condition, "/type") == "Ready" && text(condition, "/status") == "True") {
      return {.message = text(object, "/status/message")};
    }
  }
  for (const json& container : list(object, "/status/containerStatuses")) {
    if (has(container, "/lastState/terminated")) {
      return {.status = Status::Degraded, .message = text(object, "/status/message")};
    }
  }
  return {.status = Status::Progressing, .message = text(object, "/status/message")};
}

}  // namespace

Health check_pod(const Subject& subject) {
  const json& object = subject.object;
  const std::string policy = text(object, "/spec/restartPolicy");
  const bool is_long_running =
      policy == "Always" ||
      (model::behaves(subject.version, model::Behavior::PodRestartPolicyOptOut) &&
       opts_out_of_restart_policy(object) && !is_hook(object));
  if (is_long_running) {
    std::string trouble;
    bool in_trouble = false;
    for (const json& container : list(object, "/status/containerStatuses")) {
      const json& waiting = at(container, "/state/waiting");
      if (waiting.is_null() || !is_waiting_in_trouble(text(waiting, "/reason"))) continue;
      if (in_trouble) trouble += ", ";
      trouble += text(waiting, "/message");
      in_trouble = true;
    }
    if (in_trouble) return {.status = Status::Degraded, .message = trouble};
  }
  const std::string phase = text(object, "/status/phase");
  const std::string message = text(object, "/status/message");
  if (phase == "Pending") return {.status = Status::Progressing, .message = message};
  if (phase == "Succeeded") return {.message = message};
  if (phase == "Failed") return {.status = Status::Degraded, .message = pod_failure(object)};
  if (phase == "Running" && is_long_running) return check_running_pod(object);
  if (phase == "Running" && (policy == "OnFailure" || policy == "Never")) {
    return {.status = Status::Progressing, .message = message};
  }
  return {.status = Status::Unknown, .message = message};
}

Health check_workflow(const Subject& subject) {
  const json& object = subject.object;
  const std::string phase = text(object, "/status/phase");
  const std::string message = text(object, "/status/message");
  if (phase.empty() || phase == "Pending" || phase == "Running") {
    return {.status = Status::Progressing, .message = message};
  }
  if (phase == "Succeeded") return {.message = message};
  if (phase == "Failed" || phase == "Error") {
    return {.status = Status::Degraded, .message = message};
  }
  return {.status = Status::Unknown, .message = message};
}

}  // namespace wavetank::health
