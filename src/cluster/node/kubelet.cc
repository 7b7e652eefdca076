// The kubelets: they start the containers of scheduled pods, restart what ends, and let pods go.
//
// All containers of a pod are alike here: they start together, and how the first one fares decides.
// Init containers run one after another before them. Source: pkg/kubelet of Kubernetes 1.36; the
// durations are those of the surroundings.

#include <fmt/format.h>

#include <algorithm>

#include "cluster/api/object/json_access.h"
#include "cluster/controller_manager/conditions.h"
#include "cluster/controller_manager/owned_pods.h"
#include "cluster/node/agents.h"
#include "cluster/node/needs.h"
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

enum Step : std::uint8_t {
  kStart = 1,    // containers are to be started
  kWait,         // something that the pod needs is not there
  kPulled,       // the images are on the node
  kInitialized,  // the init containers have ended
  kReady,        // the readiness probe succeeds
  kExit,         // the containers end by themselves
  kRestart,      // after a back-off
  kStop,         // a deleted pod has stopped
};

bool is_restarted_always(const json& pod) {
  const std::string policy = text(pod, "/spec/restartPolicy");
  return policy.empty() || policy == "Always";
}

std::int64_t restarts_of(const json& pod) {
  const json& statuses = list(pod, "/status/containerStatuses");
  return statuses.empty() ? 0 : number(statuses.front(), "/restartCount");
}

// Init containers that run to their end; those that stay beside the others do not count.
std::int64_t init_containers(const json& pod) {
  const json& containers = list(pod, "/spec/initContainers");
  return std::count_if(containers.begin(), containers.end(),
                       [](const json& each) { return text(each, "/restartPolicy") != "Always"; });
}

bool is_probed(const json& pod) {
  const json& containers = list(pod, "/spec/containers");
  return std::any_of(containers.begin(), containers.end(), [](const json& each) {
    return has(each, "/readinessProbe") || has(each, "/startupProbe");
  });
}

// One look of one kubelet at one pod.
class PodWorker {
 public:
  PodWorker(Context& context, const ObjectKey& key, const json& pod)
      : context_(context),
        key_(key),
        pod_(pod),
        behavior_(context.surroundings()->behavior_of(key)) {}

  void work();

 private:
  [[nodiscard]] bool fails(Cause cause) const {
    return behavior_.outcome == Outcome::Fail && behavior_.cause.value_or(Cause::Crash) == cause;
  }
  [[nodiscard]] bool hangs() const {
    return behavior_.outcome == Outcome::Hang || fails(Cause::NeverReady);
  }
  [[nodiscard]] bool crashes() const { return fails(Cause::Crash) || fails(Cause::OutOfMemory); }
  // A draw of its own for each run of the containers.
  [[nodiscard]] base::Duration lapse(Lapse what) const {
    return context_.surroundings()->lapse(what, key_,
                                          static_cast<std::uint32_t>(restarts_of(pod_)));
  }
  [[nodiscard]] base::Duration from_creation(base::Duration usual) const;

  void step(std::uint8_t step);
  void start();
  void wait_for(const Need& need);
  [[nodiscard]] base::Duration pull_time() const;
  [[nodiscard]] bool has_sibling_here(const std::string& image) const;
  void initialize();
  void run();
  void become_ready();
  void correct_readiness();
  void exit();
  void back_off(const json& terminated);
  void stop();
  void write(const char* phase, const json& state, bool is_ready, std::int64_t restarts,
             const json& last_state = json());

  Context& context_;
  const ObjectKey& key_;
  const json& pod_;
  Conduct behavior_;
};

// A rule's duration counts from the creation of the pod.
base::Duration PodWorker::from_creation(base::Duration usual) const {
  if (!behavior_.duration) return usual;
  const base::Duration age = context_.now() - context_.store().find(key_)->object.created;
  return std::max(*behavior_.duration - age, base::Duration::zero());
}

void PodWorker::write(const char* phase, const json& state, bool is_ready, std::int64_t restarts,
                      const json& last_state) {
  context_.edit_status(key_, [&](json& pod) {
    json& status = pod["status"];
    status["phase"] = phase;
    const bool is_waiting = state.contains("waiting");
    if (!status.contains("startTime")) status["startTime"] = context_.time();
    json statuses = json::array();
    for (const json& container : list(pod_, "/spec/containers")) {
      json each = {{"name", text(container, "/name")},
                   {"image", text(container, "/image")},
                   {"imageID", ""},
                   {"ready", is_ready},
                   {"restartCount", restarts},
                   {"started", state.contains("running")},
                   {"state", state}};
      if (!last_state.is_null()) each["lastState"] = last_state;
      statuses.push_back(std::move(each));
    }
    status["containerStatuses"] = std::move(statuses);
    const bool is_over = std::string_view(phase) == "Succeeded";
    const char* reason = is_over ? "PodCompleted" : "ContainersNotReady";
    for (const char* type : {"ContainersReady", "Ready"}) {
      set_condition(status,
                    {.type = type,
                     .status = is_ready ? "True" : "False",
                     .reason = is_ready ? "" : reason,
                     .message = ""},
                    context_.time());
    }
    const bool is_initialized = init_containers(pod_) == 0 || !is_waiting || restarts > 0;
    set_condition(status,
                  {.type = "Initialized",
                   .status = is_initialized ? "True" : "False",
                   .reason = is_initialized ? "" : "ContainersNotInitialized",
                   .message = ""},
                  context_.time());
  });
}

json waiting(const char* reason, std::string message) {
  json state = {{"waiting", {{"reason", reason}}}};
  if (!message.empty()) state["waiting"]["message"] = std::move(message);
  return state;
}

void PodWorker::wait_for(const Need& need) {
  // Volumes keep a container from being made; variables from being configured.
  write("Pending",
        need.is_volume ? waiting("ContainerCreating", "")
                       : waiting("CreateContainerConfigError", need.message),
        false, 0);
  context_.surroundings()->note(key_, "cannot start: " + need.message);
  context_.hold(key_, kWait);
}

void PodWorker::start() {
  if (const auto need = missing_need(context_.store(), at(pod_, "/spec"), key_.name_space)) {
    wait_for(*need);
    return;
  }
  if (fails(Cause::ImagePull)) {
    const json& containers = list(pod_, "/spec/containers");
    const std::string image = containers.empty() ? "" : text(containers.front(), "/image");
    write("Pending",
          waiting("ImagePullBackOff", fmt::format("Back-off pulling image \"{}\"", image)), false,
          0);
    context_.drop_next_step(key_);
    return;
  }
  const base::Duration pull = pull_time();
  if (pull == base::Duration::zero()) {
    initialize();
    return;
  }
  write("Pending", waiting("ContainerCreating", ""), false, 0);
  context_.surroundings()->note(key_, "pulls its image");
  context_.schedule(key_, kPulled, pull);
}

// Another pod of the same owner that has begun to run here left its images behind. Those of others
// do not count, so that nobody's luck depends on what else there is.
bool PodWorker::has_sibling_here(const std::string& image) const {
  const ObjectKey& owner = context_.store().find(key_)->controller;
  if (owner.kind.empty()) return false;
  const std::vector<ObjectKey> pods = context_.all_of("", "Pod", key_.name_space);
  return std::any_of(pods.begin(), pods.end(), [&](const ObjectKey& other) {
    if (other == key_ || context_.store().find(other)->controller != owner) return false;
    const json& pod = *context_.find(other);
    const std::string phase = text(pod, "/status/phase");
    if (phase.empty() || phase == "Pending") return false;
    if (text(pod, "/spec/nodeName") != text(pod_, "/spec/nodeName")) return false;
    const json& containers = list(pod, "/spec/containers");
    return std::any_of(containers.begin(), containers.end(),
                       [&](const json& each) { return text(each, "/image") == image; });
  });
}

// Images are pulled one after another, each once (kubelet: serializeImagePulls is true by default).
base::Duration PodWorker::pull_time() const {
  const std::string node = text(pod_, "/spec/nodeName");
  std::vector<std::string> images;
  base::Duration total{};
  for (const char* which : {"/spec/initContainers", "/spec/containers"}) {
    for (const json& container : list(pod_, which)) {
      std::string image = text(container, "/image");
      const bool is_known = std::find(images.begin(), images.end(), image) != images.end();
      if (is_known || text(container, "/imagePullPolicy") == "Never") continue;
      const base::Duration pull = context_.surroundings()->pull(key_, node, image);
      if (pull > base::Duration::zero() && !has_sibling_here(image)) total += pull;
      images.push_back(std::move(image));
    }
  }
  return total;
}

void PodWorker::initialize() {
  const std::int64_t inits = init_containers(pod_);
  if (inits == 0) {
    run();
    return;
  }
  write("Pending", waiting("PodInitializing", ""), false, 0);
  base::Duration total{};
  for (std::int64_t i = 0; i < inits; ++i) {
    total +=
        context_.surroundings()->lapse(Lapse::InitContainer, key_, static_cast<std::uint32_t>(i));
  }
  context_.schedule(key_, kInitialized, total);
}

// The containers run from now on.
void PodWorker::run() {
  const json running = {{"running", {{"startedAt", context_.time()}}}};
  const std::int64_t restarts =
      restarts_of(pod_) + (text(pod_, "/status/phase") == "Running" ? 1 : 0);
  const json last =
      restarts > 0 ? at(list(pod_, "/status/containerStatuses").front(), "/lastState") : json();
  const bool is_service = is_restarted_always(pod_);
  const bool waits_for_probe = is_probed(pod_) || (is_service && behavior_.duration.has_value());
  const bool is_ready = !waits_for_probe && !(is_service && (hangs() || crashes()));
  write("Running", running, is_ready, restarts, last);
  context_.drop_next_step(key_);
  if (const std::int64_t deadline = number(pod_, "/spec/activeDeadlineSeconds"); deadline > 0) {
    context_.wake(key_, std::chrono::seconds(deadline));
  }
  if (hangs()) return;
  if (is_service && !crashes()) {
    if (!is_ready) context_.schedule(key_, kReady, from_creation(lapse(Lapse::ReadyAfterStart)));
    return;
  }
  const base::Duration usual =
      is_service ? base::Duration(std::chrono::seconds(1)) : lapse(Lapse::JobRun);
  const bool is_repeated = is_service && restarts > 0;
  context_.schedule(key_, kExit, restarts > 0 ? usual : from_creation(usual),
                    is_repeated ? Prospect::Idle : Prospect::Open);
}

void PodWorker::become_ready() {
  const json& statuses = list(pod_, "/status/containerStatuses");
  if (statuses.empty()) return;
  write("Running", at(statuses.front(), "/state"), true, restarts_of(pod_));
  context_.drop_next_step(key_);
}

// The node controller takes the readiness of pods away while their node is not heard.
void PodWorker::correct_readiness() {
  const json& statuses = list(pod_, "/status/containerStatuses");
  const bool runs = text(pod_, "/status/phase") == "Running" && !statuses.empty();
  if (!runs || !api::flag(statuses.front(), "/ready") || is_ready(pod_)) return;
  context_.edit_status(key_, [&](json& pod) {
    set_condition(pod["status"], {.type = "Ready", .status = "True", .reason = "", .message = ""},
                  context_.time());
  });
}

void PodWorker::back_off(const json& terminated) {
  const std::int64_t restarts = restarts_of(pod_);
  const base::Duration delay = restart_delay(restarts);
  const json& containers = list(pod_, "/spec/containers");
  const std::string container = containers.empty() ? "" : text(containers.front(), "/name");
  const std::string message =
      fmt::format("back-off {} restarting failed container={} pod={}_{}({})",
                  base::format_duration(std::max<base::Duration>(delay, std::chrono::seconds(10))),
                  container, key_.name, key_.name_space, text(pod_, "/metadata/uid"));
  write("Running", waiting("CrashLoopBackOff", message), false, restarts, terminated);
  // One that always crashes changes nothing any more by crashing again.
  const bool is_repeated = is_restarted_always(pod_) && restarts > 0;
  context_.schedule(key_, kRestart, delay, is_repeated ? Prospect::Idle : Prospect::Open);
}

void PodWorker::exit() {
  const bool is_killed = fails(Cause::OutOfMemory);
  const bool is_good = !crashes();
  const json& statuses = list(pod_, "/status/containerStatuses");
  const std::string started =
      statuses.empty() ? context_.time() : text(statuses.front(), "/state/running/startedAt");
  const json terminated = {{"terminated",
                            {{"exitCode", is_good     ? 0
                                          : is_killed ? 137
                                                      : 1},
                             {"reason", is_good     ? "Completed"
                                        : is_killed ? "OOMKilled"
                                                    : "Error"},
                             {"startedAt", started},
                             {"finishedAt", context_.time()}}}};
  const std::string policy = text(pod_, "/spec/restartPolicy");
  if (policy == "Never" || (policy == "OnFailure" && is_good)) {
    write(is_good ? "Succeeded" : "Failed", terminated, false, restarts_of(pod_));
    context_.drop_next_step(key_);
    return;
  }
  back_off(terminated);
}

void PodWorker::stop() {
  if (!has_ended(pod_) && !list(pod_, "/status/containerStatuses").empty()) {
    write(
        "Failed",
        {{"terminated", {{"exitCode", 143}, {"reason", "Error"}, {"finishedAt", context_.time()}}}},
        false, restarts_of(pod_));
  }
  context_.drop_next_step(key_);
  context_.remove_now(key_);
}

void PodWorker::step(std::uint8_t step) {
  switch (step) {
    case kStart:
    case kWait: start(); break;
    case kPulled: initialize(); break;
    case kInitialized:
    case kRestart: run(); break;
    case kReady: become_ready(); break;
    case kExit: exit(); break;
    case kStop: stop(); break;
    default: break;
  }
}

void PodWorker::work() {
  const auto next = context_.next_step_of(key_);
  if (has(pod_, "/metadata/deletionTimestamp")) {
    if (has_ended(pod_) && number(pod_, "/metadata/deletionGracePeriodSeconds") == 0) return;
    if (!next || next->step != kStop) {
      const base::Duration grace =
          std::chrono::seconds(number(pod_, "/metadata/deletionGracePeriodSeconds"));
      context_.schedule(key_, kStop, std::min(grace, lapse(Lapse::PodTermination)));
      return;
    }
    if (next->at > context_.now()) {
      // A second deletion made it look again; what it has begun ends when it ends.
      context_.wake(key_, next->at - context_.now());
      return;
    }
  }
  if (has_ended(pod_)) return;
  correct_readiness();
  const auto started = instant_of(text(pod_, "/status/startTime"));
  const std::int64_t deadline = number(pod_, "/spec/activeDeadlineSeconds");
  if (deadline > 0 && started && *started + std::chrono::seconds(deadline) <= context_.now()) {
    context_.edit_status(key_, [](json& pod) {
      pod["status"]["phase"] = "Failed";
      pod["status"]["reason"] = "DeadlineExceeded";
      pod["status"]["message"] = "Pod was active on the node longer than the specified deadline";
    });
    context_.drop_next_step(key_);
    return;
  }
  if (!next) {
    if (text(pod_, "/status/phase") == "Pending") {
      context_.schedule(key_, kStart, lapse(Lapse::ContainerStart));
    }
    return;
  }
  if (next->at <= context_.now()) step(next->step);
}

SyncResult sync(Context& context, const ObjectKey& key) {
  const json* found = context.find(key);
  if (found == nullptr) return SyncResult::Done;
  const std::string node = text(*found, "/spec/nodeName");
  if (node.empty() || context.surroundings()->silent_since(node)) return SyncResult::Done;
  const json pod = *found;
  PodWorker(context, key, pod).work();
  return SyncResult::Done;
}

// Pods are looked at when they are scheduled or deleted; everything else is planned. Those that
// wait for an object are tried again a second after one of their namespace has come. A kubelet that
// was not heard for a while goes through all its pods.
void notice(Context& context, const Notice& notice) {
  const ObjectKey& key = notice.key;
  if (!key.group.empty()) return;
  if (key.kind == "Pod") {
    const Entry* entry = context.store().find(key);
    if (entry != nullptr && (!entry->next_step || notice.is_deleting)) context.wake(key);
    return;
  }
  if (key.kind == "Node" && !notice.is_new && !notice.is_removed &&
      !context.surroundings()->silent_since(key.name)) {
    for (const ObjectKey& pod : pods_on(context.store(), key.name)) context.wake(pod);
    return;
  }
  if (notice.is_removed || (key.kind != "ConfigMap" && key.kind != "Secret")) return;
  for (const ObjectKey& pod : context.all_of("", "Pod", key.name_space)) {
    const auto next = context.next_step_of(pod);
    if (next && next->step == kWait) context.wake(pod, std::chrono::seconds(1));
  }
}

}  // namespace

const Controller kKubelet{"kubelet", notice, sync};

}  // namespace wavetank::cluster
