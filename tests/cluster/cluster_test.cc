// Short stories in the fake cluster: what the API server answers, what the controllers do in time.
#include "cluster/cluster.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <set>

#include "health/health.h"
#include "yaml/json.h"
#include "yaml/parser.h"

namespace wavetank::cluster {
namespace {

using nlohmann::json;

json from_yaml(const std::string& text) {
  const auto documents = yaml::parse_documents(source::FileId{0}, text);
  REQUIRE(documents.size() == 1);
  REQUIRE_FALSE(documents[0].error.has_value());
  return yaml::to_json(documents[0].tree, documents[0].tree.root());
}

class Tank {
 public:
  explicit Tank(std::vector<BehaviorRule> rules = {})
      : cluster(interner, chooser, std::move(rules)) {}

  base::Interner interner;
  base::DefaultChooser chooser;
  Cluster cluster;

  std::string apply(const std::string& text, WriteOptions options = {}) {
    return cluster.apply(from_yaml(text), options).message;
  }
  // What changes until the given second, one "time object note" per line.
  std::string until(int second) {
    std::string text;
    const auto changes = cluster.advance(base::Instant{} + std::chrono::seconds(second));
    for (const Change& change : changes) {
      if (change.kind == ChangeKind::Created || change.note == "changed") continue;
      const auto ms =
          std::chrono::duration_cast<std::chrono::milliseconds>(change.at.time_since_epoch());
      text += fmt::format("{}.{:02} {} {}\n", ms.count() / 1000, ms.count() % 1000 / 10,
                          written_name(change.object), change.note);
    }
    return text;
  }
  // Random ends of names are left out.
  [[nodiscard]] std::string written_name(const model::ObjectKey& key) {
    const StoredObject* object = cluster.get(model::intern(key, interner));
    const json& meta = object == nullptr ? json() : object->content.at("metadata");
    if (!meta.contains("generateName")) return model::short_name(key);
    return key.kind + "/" + meta.at("generateName").get<std::string>();
  }
  [[nodiscard]] model::Key key(const std::string& group, const std::string& kind,
                               const std::string& name) {
    return model::intern({.group = group, .kind = kind, .name_space = "default", .name = name},
                         interner);
  }
  [[nodiscard]] std::string health(const model::Key& which) const {
    const StoredObject* object = cluster.get(which);
    if (object == nullptr) return "gone";
    const auto found = health::assess(object->content);
    return found ? std::string(health::name(found->status)) : "none";
  }
};

std::string job(const std::string& spec = "", const std::string& meta = "") {
  return "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: j\n  namespace: default\n" + meta +
         "spec:\n" + spec +
         "  template:\n    spec:\n      restartPolicy: Never\n      containers:\n"
         "      - {name: main, image: x}\n";
}
const std::string kConfigMap =
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: default}\ndata: {a: '1'}\n";

TEST_CASE("apply prints created, unchanged and configured, as kubectl does") {
  Tank tank;
  CHECK(tank.apply(kConfigMap, {.dry_run = true}) == "configmap/c created (dry run)");
  CHECK(tank.apply(kConfigMap) == "configmap/c created");
  CHECK(tank.apply(kConfigMap) == "configmap/c unchanged");
  CHECK(tank.apply("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: default}\n"
                   "data: {b: '2'}\n") == "configmap/c configured");
  const json data = tank.cluster.get(tank.key("", "ConfigMap", "c"))->content.at("data");
  CHECK(data == json{{"b", "2"}});  // what was applied before and is named no more goes
}

TEST_CASE("creation of what exists, or without a namespace, is refused") {
  Tank tank;
  tank.apply(kConfigMap);
  CHECK(tank.cluster.create(from_yaml(kConfigMap), {}).message ==
        "configmaps \"c\" already exists");
  CHECK(tank.apply("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: nowhere}\n") ==
        "namespaces \"nowhere\" not found");
}

TEST_CASE("an unknown kind is refused until its definition is there") {
  Tank tank;
  const std::string widget =
      "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w, namespace: default}\n";
  CHECK(tank.apply(widget) ==
        "resource mapping not found for name: \"w\" namespace: \"default\" from \"<file>\": no "
        "matches for kind \"Widget\" in version \"example.com/v1\"\nensure CRDs are installed "
        "first");
  tank.apply(
      "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
      "metadata: {name: widgets.example.com}\n"
      "spec: {group: example.com, scope: Namespaced, names: {kind: Widget, plural: widgets}, "
      "versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: "
      "object}}}]}\n");
  CHECK(tank.apply(widget) == "widget.example.com/w created");
}

TEST_CASE("the template of a Job may not change, unless forced") {
  Tank tank;
  tank.apply(job());
  std::string changed = job();
  changed.replace(changed.find("image: x"), 8, "image: z");
  CHECK(
      tank.apply(changed).starts_with("error when patching \"<file>\": Job.batch \"j\" is invalid: "
                                      "spec.template: Invalid value:"));
  CHECK(tank.apply(changed, {.force = true}) == "job.batch/j configured");
  CHECK(tank.cluster.get(tank.key("batch", "Job", "j"))->incarnation == 2);
}

TEST_CASE("a Job runs a pod and completes") {
  Tank tank;
  tank.apply(job());
  CHECK(tank.until(60) ==
        "0.00 Job/j active\n0.00 Pod/j- pending\n1.50 Pod/j- running\n"
        "13.50 Pod/j- succeeded\n14.50 Job/j completed\n");
  CHECK(tank.health(tank.key("batch", "Job", "j")) == "Healthy");
}

TEST_CASE("a Job that fails tries again after a growing delay, up to its limit") {
  Tank tank({{.kind = "Job", .name = "j", .behavior = {.outcome = Outcome::Fail}}});
  tank.apply(job("  backoffLimit: 1\n"));
  const std::string story = tank.until(120);
  INFO(story);
  // Ten seconds after the whole second in which the pod ended.
  CHECK(story.find("14.50 Job/j 1 failed, tries again\n23.00 Pod/j- pending\n") !=
        std::string::npos);
  CHECK(story.find("Job/j Job has reached the specified backoff limit\n") != std::string::npos);
  CHECK(tank.health(tank.key("batch", "Job", "j")) == "Degraded");
}

TEST_CASE("a hanging Job runs until its deadline") {
  Tank tank({{.kind = "Job", .name = "j", .behavior = {.outcome = Outcome::Hang}}});
  tank.apply(job("  activeDeadlineSeconds: 30\n"));
  tank.until(29);
  CHECK(tank.health(tank.key("batch", "Job", "j")) == "Progressing");
  tank.until(40);
  CHECK(tank.health(tank.key("batch", "Job", "j")) == "Degraded");
}

TEST_CASE("a suspended Job stands still, and a short-lived one goes by itself") {
  Tank tank;
  tank.apply(job("  suspend: true\n"));
  tank.until(60);
  CHECK(tank.health(tank.key("batch", "Job", "j")) == "Suspended");
  Tank other;
  other.apply(job("  ttlSecondsAfterFinished: 5\n"));
  other.until(60);
  CHECK(other.health(other.key("batch", "Job", "j")) == "gone");
}

TEST_CASE("a pod waits for the Secret that it names, and starts when it comes") {
  Tank tank;
  std::string needy = job();
  needy += "        envFrom:\n        - secretRef: {name: db}\n";
  needy.replace(needy.find("{name: main, image: x}"), 22, "name: main\n        image: x");
  tank.apply(needy);
  CHECK(tank.until(60).find("Pod/j- cannot start: secret \"db\" not found\n") != std::string::npos);
  tank.apply("apiVersion: v1\nkind: Secret\nmetadata: {name: db, namespace: default}\n");
  tank.until(120);
  CHECK(tank.health(tank.key("batch", "Job", "j")) == "Healthy");
}

const std::string kDeployment =
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d, namespace: default}\n"
    "spec:\n  replicas: 2\n  selector: {matchLabels: {app: d}}\n"
    "  template: {metadata: {labels: {app: d}}, spec: {containers: [{name: a, image: x}]}}\n";

TEST_CASE("a Deployment becomes available, or exceeds its deadline") {
  Tank tank;
  tank.apply(kDeployment);
  tank.until(1);
  CHECK(tank.health(tank.key("apps", "Deployment", "d")) == "Progressing");
  const std::string story = tank.until(60);
  CHECK(story.ends_with("1.50 Deployment/d 2 of 2 replicas available\n"));
  CHECK(tank.health(tank.key("apps", "Deployment", "d")) == "Healthy");
  Tank hanging({{.kind = "deployment", .name = "d", .behavior = {.outcome = Outcome::Hang}}});
  hanging.apply(kDeployment);
  hanging.until(600);
  CHECK(hanging.health(hanging.key("apps", "Deployment", "d")) == "Progressing");
  hanging.until(602);
  CHECK(hanging.health(hanging.key("apps", "Deployment", "d")) == "Degraded");
}

TEST_CASE("an autoscaler finds its metrics after 15 seconds, unless they are taken away") {
  const std::string autoscaler =
      "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\n"
      "metadata: {name: h, namespace: default}\nspec: {minReplicas: 1, maxReplicas: 3, "
      "scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: d}}\n";
  const auto health_with = [&](std::optional<Outcome> outcome, int second) {
    BehaviorRule rule{.kind = "HorizontalPodAutoscaler", .name = "h", .behavior = {}};
    if (outcome) rule.behavior.outcome = *outcome;
    Tank tank({rule});
    tank.apply(kDeployment);
    tank.apply(autoscaler);
    tank.until(second);
    return tank.health(tank.key("autoscaling", "HorizontalPodAutoscaler", "h"));
  };
  CHECK(health_with(std::nullopt, 10) == "Progressing");
  CHECK(health_with(std::nullopt, 60) == "Healthy");
  CHECK(health_with(Outcome::Fail, 60) == "Degraded");
  CHECK(health_with(Outcome::Hang, 60) == "Progressing");
}

TEST_CASE("a claim is bound, but waits for its first consumer if its class says so") {
  const std::string claim =
      "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: p, namespace: default}\n"
      "spec: {storageClassName: local, accessModes: [ReadWriteOnce], "
      "resources: {requests: {storage: 1Gi}}}\n";
  std::string plain = claim;
  plain.erase(plain.find("storageClassName: local, "), 25);
  Tank tank;
  tank.apply(plain);
  tank.until(60);
  CHECK(tank.health(tank.key("", "PersistentVolumeClaim", "p")) == "Healthy");
  Tank waiting;
  waiting.apply(
      "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: local}\n"
      "provisioner: example.com/local\nvolumeBindingMode: WaitForFirstConsumer\n");
  waiting.apply(claim);
  waiting.until(60);
  CHECK(waiting.health(waiting.key("", "PersistentVolumeClaim", "p")) == "Progressing");
  waiting.apply(
      "apiVersion: v1\nkind: Pod\nmetadata: {name: user, namespace: default}\n"
      "spec: {containers: [{name: a, image: x}], "
      "volumes: [{name: v, persistentVolumeClaim: {claimName: p}}]}\n");
  waiting.until(120);
  CHECK(waiting.health(waiting.key("", "PersistentVolumeClaim", "p")) == "Healthy");
  CHECK(waiting.health(waiting.key("", "Pod", "user")) == "Healthy");
}

TEST_CASE("pods of a DaemonSet run on their own nodes") {
  Tank tank;
  tank.cluster.seed({{"apiVersion", "v1"}, {"kind", "Node"}, {"metadata", {{"name", "node-2"}}}});
  tank.apply(
      "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: agent, namespace: default}\n"
      "spec:\n  selector: {matchLabels: {app: agent}}\n  template:\n"
      "    metadata: {labels: {app: agent}}\n"
      "    spec: {containers: [{name: a, image: x}]}\n");
  tank.until(60);
  std::set<std::string> nodes;
  for (const StoredObject* object : tank.cluster.objects()) {
    if (object->content.at("kind") == "Pod") nodes.insert(object->content["spec"]["nodeName"]);
  }
  CHECK(nodes == std::set<std::string>{"node-1", "node-2"});
  CHECK(tank.health(tank.key("apps", "DaemonSet", "agent")) == "Healthy");
}

TEST_CASE("a load balancer gets its address after a while, others need none") {
  Tank tank;
  const auto service = [](const std::string& type) {
    const std::string name = type == "LoadBalancer" ? "outside" : "inside";
    return "apiVersion: v1\nkind: Service\nmetadata: {name: " + name +
           ", namespace: default}\nspec: {type: " + type + ", ports: [{port: 80}]}\n";
  };
  tank.apply("" + service("LoadBalancer"));
  tank.apply(service("ClusterIP"));
  tank.until(30);
  CHECK(tank.health(tank.key("", "Service", "outside")) == "Progressing");
  CHECK(tank.health(tank.key("", "Service", "inside")) == "Healthy");
  tank.until(90);
  CHECK(tank.health(tank.key("", "Service", "outside")) == "Healthy");
}

TEST_CASE("a finalizer keeps a deleted object until it is removed") {
  Tank tank;
  tank.apply(job("", "  finalizers: [argocd.argoproj.io/hook-finalizer]\n"));
  const model::Key key = tank.key("batch", "Job", "j");
  tank.until(60);
  CHECK(tank.cluster.remove(key, model::Propagation::Foreground).status == CallStatus::Ok);
  REQUIRE(tank.cluster.get(key) != nullptr);
  CHECK(tank.cluster.get(key)->deleting);
  CHECK(tank.cluster.remove_finalizer(key, "argocd.argoproj.io/hook-finalizer", 1).status ==
        CallStatus::Conflict);
  const auto version = tank.cluster.get(key)->resource_version;
  tank.cluster.remove_finalizer(key, "argocd.argoproj.io/hook-finalizer", version);
  tank.until(60);
  CHECK(tank.cluster.get(key) == nullptr);
  for (const StoredObject* object : tank.cluster.objects()) {
    CHECK_FALSE(object->content.at("kind") == "Pod");
  }
  CHECK(tank.cluster.remove(key, model::Propagation::Foreground).status == CallStatus::NotFound);
}

TEST_CASE("an object that is being deleted takes no new finalizers") {
  Tank tank;
  tank.apply(job("", "  finalizers: [example.com/keep]\n"));
  tank.cluster.remove(tank.key("batch", "Job", "j"), model::Propagation::Background);
  CHECK(tank.apply(job("", "  finalizers: [example.com/keep, example.com/new]\n")) ==
        "error when patching \"<file>\": Job.batch \"j\" is invalid: metadata.finalizers: "
        "Forbidden: no new finalizers can be added "
        "if the object is being deleted, found new finalizers []string{\"example.com/new\"}");
}

TEST_CASE("a deleted namespace takes its content with it") {
  Tank tank;
  tank.apply("apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n");
  tank.apply("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: shop}\n");
  const model::Key shop = model::intern({.kind = "Namespace", .name = "shop"}, tank.interner);
  tank.cluster.remove(shop, model::Propagation::Background);
  CHECK(
      tank.apply("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m, namespace: shop}\n") ==
      "configmaps \"m\" is forbidden: unable to create new content in namespace shop because it is "
      "being terminated");
  tank.until(60);
  CHECK(tank.cluster.get(shop) == nullptr);
}

TEST_CASE("a denied object is refused, a dry run does not notice") {
  Tank tank({{.kind = "ConfigMap", .name = "c", .behavior = {.denied = true}}});
  CHECK(tank.apply(kConfigMap, {.dry_run = true}) == "configmap/c created (dry run)");
  CHECK(tank.apply(kConfigMap) ==
        "admission webhook \"deny.wavetank.dev\" denied the request: denied by the simulation");
}

TEST_CASE("resource versions grow, generations only with the spec") {
  Tank tank;
  tank.apply(kDeployment);
  const model::Key key = tank.key("apps", "Deployment", "d");
  const auto before = tank.cluster.get(key)->resource_version;
  tank.until(60);
  CHECK(tank.cluster.get(key)->resource_version > before);
  CHECK(tank.cluster.get(key)->content.at("metadata").at("generation") == 1);
  std::string scaled = kDeployment;
  scaled.replace(scaled.find("replicas: 2"), 11, "replicas: 3");
  tank.apply(scaled);
  CHECK(tank.cluster.get(key)->content.at("metadata").at("generation") == 2);
  CHECK(tank.health(key) == "Progressing");
}

TEST_CASE("an unrelated object changes nobody's luck") {
  const auto play = [](bool with_other) {
    base::Interner interner;
    base::SeededChooser chooser(42);
    Cluster cluster(interner, chooser, {});
    if (with_other) (void)cluster.apply(from_yaml(kDeployment), {});
    (void)cluster.apply(from_yaml(job()), {});
    std::string text;
    for (const Change& change : cluster.advance(base::Instant{} + std::chrono::hours(1))) {
      if (change.object.name.starts_with("j")) {
        text += fmt::format("{} {} {}\n", change.at.time_since_epoch().count(), change.object.name,
                            change.note);
      }
    }
    return text;
  };
  CHECK(play(false) == play(true));
  CHECK_FALSE(play(false).empty());
}

}  // namespace
}  // namespace wavetank::cluster
