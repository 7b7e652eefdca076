#include "explore/drawn.h"

#include <fmt/format.h>
#include <rapidcheck.h>

#include "support/memory_files.h"

namespace wavetank::explore {

namespace {

// A pod template that may need the Secret, the ConfigMap or the claim that others bring.
std::string pod(int indent, const std::string& need, bool completes) {
  const std::string in(static_cast<std::size_t>(indent), ' ');
  std::string text;
  if (completes) text += in + "restartPolicy: Never\n";
  text += in + "containers:\n" + in + "- name: main\n" + in + "  image: x\n";
  if (need == "Secret") {
    text += in + "  envFrom: [{secretRef: {name: shared-secret}}]\n";
  } else if (need == "ConfigMap") {
    text += in + "  envFrom: [{configMapRef: {name: shared-config}}]\n";
  } else if (need == "PersistentVolumeClaim") {
    text += in + "  volumeMounts: [{name: data, mountPath: /data}]\n" + in +
            "volumes: [{name: data, persistentVolumeClaim: {claimName: shared-claim}}]\n";
  }
  return text;
}

std::string spec_of(const std::string& kind, const std::string& need) {
  if (kind == "Job") {
    return "spec:\n  backoffLimit: 0\n  template:\n    spec:\n" + pod(6, need, true);
  }
  if (kind == "Pod") return "spec:\n" + pod(2, need, true);
  if (kind == "Deployment" || kind == "StatefulSet") {
    return "spec:\n  selector: {matchLabels: {app: a}}\n  template:\n"
           "    metadata: {labels: {app: a}}\n    spec:\n" +
           pod(6, need, false);
  }
  if (kind == "PersistentVolumeClaim") {
    return "spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n";
  }
  if (kind == "Service") return "spec: {type: LoadBalancer, ports: [{port: 80}]}\n";
  return kind == "Secret" ? "stringData: {a: b}\n" : "data: {a: b}\n";
}

const char* api_version(const std::string& kind) {
  if (kind == "Job") return "batch/v1";
  if (kind == "Deployment" || kind == "StatefulSet") return "apps/v1";
  return "v1";
}

std::string manifest(int number) {
  const auto kind =
      *rc::gen::element<std::string>("Job", "Job", "Deployment", "ConfigMap", "Secret", "Pod",
                                     "StatefulSet", "PersistentVolumeClaim", "Service");
  const auto hook = *rc::gen::element<std::string>("", "", "PreSync", "Sync", "PostSync",
                                                   "SyncFail", "PreSync,PostSync");
  const auto policy = *rc::gen::element<std::string>(
      "", "HookSucceeded", "HookFailed", "BeforeHookCreation", "HookSucceeded,HookFailed");
  const auto need =
      *rc::gen::element<std::string>("", "", "", "Secret", "ConfigMap", "PersistentVolumeClaim");
  std::string name = fmt::format("object-{}", number);
  // Now and then it is the one that others need.
  if (*rc::gen::inRange(0, 2) == 0) {
    if (kind == "Secret") name = "shared-secret";
    if (kind == "ConfigMap") name = "shared-config";
    if (kind == "PersistentVolumeClaim") name = "shared-claim";
  }
  std::string text = fmt::format(
      "apiVersion: {}\nkind: {}\nmetadata:\n  name: {}\n  annotations:\n"
      "    argocd.argoproj.io/sync-wave: \"{}\"\n",
      api_version(kind), kind, name, *rc::gen::inRange(-1, 3));
  if (!hook.empty()) text += fmt::format("    argocd.argoproj.io/hook: {}\n", hook);
  if (!policy.empty()) {
    text += fmt::format("    argocd.argoproj.io/hook-delete-policy: {}\n", policy);
  }
  return text + spec_of(kind, need);
}

}  // namespace

load::Project DrawnApplication::load() const {
  support::MemoryFiles files;
  for (std::size_t i = 0; i < manifests.size(); ++i) {
    files.add(fmt::format("app/{}.yaml", i), manifests[i]);
  }
  if (retries == 0) return load::load_project(files, {.paths = {"app"}});
  files.add("application.yaml", application());
  return load::load_project(files, {.paths = {"application.yaml"}});
}

std::string DrawnApplication::application() const {
  return fmt::format(
      "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {{name: app}}\n"
      "spec:\n  project: default\n  source: {{repoURL: '', path: app}}\n"
      "  destination: {{server: 'https://kubernetes.default.svc', namespace: default}}\n"
      "  syncPolicy: {{retry: {{limit: {}}}}}\n",
      retries);
}

std::string DrawnApplication::text() const {
  std::string text = fmt::format("retries: {}\n", retries);
  for (const std::string& each : manifests) text += "---\n" + each;
  return text;
}

DrawnApplication draw_application(int most) {
  DrawnApplication drawn;
  const int count = *rc::gen::inRange(1, most + 1);
  for (int i = 0; i < count; ++i) drawn.manifests.push_back(manifest(i));
  drawn.retries = std::max(0, *rc::gen::inRange(-2, 3));
  return drawn;
}

}  // namespace wavetank::explore
