// Short dialogues with the API server, as Argo CD has them: what goes in, what is printed.
#include <catch2/catch.hpp>

#include "cluster/api/kubectl/kubectl.h"
#include "cluster/api/object/json_access.h"
#include "cluster/api/object/quantity.h"
#include "cluster/api/server.h"
#include "cluster/controller_manager/manager.h"
#include "yaml/json.h"
#include "yaml/parser.h"

namespace wavetank::cluster::api {
namespace {

using nlohmann::json;

json from_yaml(const std::string& text) {
  const auto documents = yaml::parse_documents(source::FileId{0}, text);
  REQUIRE(documents.size() == 1);
  REQUIRE_FALSE(documents[0].error.has_value());
  return yaml::to_json(documents[0].tree, documents[0].tree.root());
}

class Desk {
 public:
  Desk() : store(interner), server(store) {
    create("{apiVersion: v1, kind: Namespace, metadata: {name: demo}}");
    create("{apiVersion: v1, kind: ServiceAccount, metadata: {name: default, namespace: demo}}");
  }

  base::Interner interner;
  Store store;
  Server server;
  Manager manager{server, built_in_controllers()};
  Discovery discovery;

  std::string apply(const std::string& text, const ApplyOptions& options = {}) {
    return said(Kubectl(server, discovery).apply(from_yaml(text), options));
  }
  std::string create(const std::string& text) {
    return said(Kubectl(server, discovery).create(from_yaml(text), DryRunMode::None));
  }
  std::string replace(const std::string& text, bool force = false) {
    return said(Kubectl(server, discovery).replace(from_yaml(text), DryRunMode::None, force));
  }
  std::string remove(const std::string& text, DeletePolicy policy) {
    return said(Kubectl(server, discovery).remove(ref_of(from_yaml(text)), policy));
  }
  [[nodiscard]] const json* find(const std::string& group, const std::string& kind,
                                 const std::string& name) const {
    const Entry* entry =
        store.find({.group = group, .kind = kind, .name_space = "demo", .name = name});
    return entry == nullptr ? nullptr : &entry->object.content;
  }
  void settle() { manager.run(server.now); }

 private:
  std::string said(const Printed& printed) {
    settle();
    return printed.error ? "error: " + *printed.error : printed.output;
  }
};

std::string config_map(const std::string& rest) {
  return "{apiVersion: v1, kind: ConfigMap, metadata: {name: cfg, namespace: demo}, " + rest + "}";
}

std::string deployment(const std::string& image, const std::string& selector = "web") {
  return "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: demo}, spec: "
         "{selector: {matchLabels: {app: " +
         selector + "}}, template: {metadata: {labels: {app: " + selector +
         "}}, spec: {containers: [{name: main, image: \"" + image + "\"}]}}}}";
}

std::string job(const std::string& image) {
  return "{apiVersion: batch/v1, kind: Job, metadata: {name: task, namespace: demo}, spec: "
         "{template: {spec: {restartPolicy: Never, containers: [{name: main, image: \"" +
         image + "\"}]}}}}";
}

TEST_CASE("apply says created, unchanged and configured") {
  Desk desk;
  CHECK(desk.apply(config_map("data: {a: '1'}")) == "configmap/cfg created");
  CHECK(desk.apply(config_map("data: {a: '1'}")) == "configmap/cfg unchanged");
  CHECK(desk.apply(config_map("data: {a: '2'}")) == "configmap/cfg configured");
}

TEST_CASE("a field that the manifest no longer has goes, one of somebody else stays") {
  Desk desk;
  desk.apply(config_map("data: {a: '1', b: '2'}"));
  const KindInfo* kind = desk.server.find_kind("", "ConfigMap");
  (void)desk.server.patch({.kind = kind, .name_space = "demo", .name = "cfg"},
                          [](const json& live) {
                            Patched patched{.object = live};
                            patched.object["data"]["c"] = "3";
                            return patched;
                          },
                          {.caller = {.user = "", .manager = "editor"}});
  desk.apply(config_map("data: {a: '1'}"));
  CHECK(at(*desk.find("", "ConfigMap", "cfg"), "/data") == json({{"a", "1"}, {"c", "3"}}));
}

TEST_CASE("the selector of a Deployment may not change") {
  Desk desk;
  CHECK(desk.apply(deployment("nginx:1")) == "deployment.apps/web created");
  CHECK(desk.apply(deployment("nginx:1", "other")) ==
        "error: error when patching \"<file>\": Deployment.apps \"web\" is invalid: spec.selector: "
        "Invalid value: {\"matchLabels\":{\"app\":\"other\"}}: field is immutable");
}

TEST_CASE("force deletes what may not be changed and makes it anew") {
  Desk desk;
  desk.apply(job("busybox:1"));
  const std::string before = text(*desk.find("batch", "Job", "task"), "/metadata/uid");
  CHECK(desk.apply(job("busybox:2"), {.force = true}) == "job.batch/task configured");
  CHECK(text(*desk.find("batch", "Job", "task"), "/metadata/uid") != before);
}

TEST_CASE("force does not wait for a finalizer and loses the object") {
  Desk desk;
  const std::string held =
      "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: demo, finalizers: "
      "[example.com/hold]}, spec: {containers: [{name: main, image: ";
  desk.apply(held + "'a:1', command: [x]}]}}");
  CHECK(desk.apply(held + "'a:1', command: [y]}]}}", {.force = true}) ==
        "error: context deadline exceeded");
  CHECK(has(*desk.find("", "Pod", "p"), "/metadata/deletionTimestamp"));
}

TEST_CASE("a Job cannot be replaced, even unchanged, but with force") {
  Desk desk;
  desk.create(job("busybox:1"));
  CHECK(desk.replace(job("busybox:1")).find("spec.selector: Required value") != std::string::npos);
  CHECK(desk.replace(job("busybox:1"), true) ==
        "job.batch \"task\" deleted from demo namespace\njob.batch/task replaced");
}

TEST_CASE("server-side apply after a client-side one takes its fields over") {
  Desk desk;
  desk.apply(config_map("data: {a: '1'}"));
  CHECK(desk.apply(config_map("data: {a: '1'}"), {.server_side = true}) ==
        "configmap/cfg serverside-applied");
  CHECK_FALSE(has(*desk.find("", "ConfigMap", "cfg"), "/metadata/annotations"));
}

TEST_CASE("server-side apply refuses an unknown field that apply drops") {
  Desk desk;
  CHECK(desk.apply(config_map("dataa: {a: '1'}")) == "configmap/cfg created");
  CHECK(desk.apply(config_map("dataa: {a: '1'}"), {.server_side = true}) ==
        "error: failed to create typed patch object (demo/cfg; /v1, Kind=ConfigMap): .dataa: field "
        "not declared in schema");
}

TEST_CASE("of two ports with one number apply keeps the first, server-side apply refuses") {
  Desk desk;
  const std::string service =
      "{apiVersion: v1, kind: Service, metadata: {name: api, namespace: demo}, spec: {ports: [";
  desk.apply(service + "{name: dns, port: 53}]}}");
  const std::string two = "{name: dns, port: 53}, {name: udp, port: 53, protocol: UDP}]}}";
  CHECK(desk.apply(service + two) == "service/api configured");
  CHECK(list(*desk.find("", "Service", "api"), "/spec/ports").size() == 1);
}

TEST_CASE("a missing namespace is the server's error, not the dry run's") {
  Desk desk;
  const std::string lost =
      "{apiVersion: v1, kind: ConfigMap, metadata: {name: cfg, namespace: gone}}";
  CHECK(desk.apply(lost, {.dry_run = DryRunMode::Client}) == "configmap/cfg created (dry run)");
  CHECK(desk.apply(lost) == "error: namespaces \"gone\" not found");
}

TEST_CASE("a RoleBinding that is refused ends the process") {
  Desk desk;
  desk.remove("{apiVersion: v1, kind: Namespace, metadata: {name: demo}}",
              DeletePolicy::Foreground);
  CHECK(desk.apply("{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: "
                   "b, namespace: demo}, roleRef: {kind: Role, name: r}}") ==
        "error: process ended: panic: runtime error: invalid memory address or nil pointer "
        "dereference");
}

TEST_CASE("an unknown kind is told as kubectl does") {
  Desk desk;
  CHECK(desk.apply("{apiVersion: example.com/v1, kind: Widget, metadata: {name: w, namespace: "
                   "demo}}") ==
        "error: resource mapping not found for name: \"w\" namespace: \"demo\" from \"<file>\": no "
        "matches for kind \"Widget\" in version \"example.com/v1\"\nensure CRDs are installed "
        "first");
}

TEST_CASE("foreground deletion waits for the dependents that block it") {
  Desk desk;
  desk.apply(config_map("data: {}"));
  const std::string uid = text(*desk.find("", "ConfigMap", "cfg"), "/metadata/uid");
  desk.create(
      "{apiVersion: v1, kind: Secret, metadata: {name: child, namespace: demo, finalizers: "
      "[example.com/hold], ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: cfg, "
      "blockOwnerDeletion: true, uid: " +
      uid + "}]}}");
  desk.remove(config_map("data: {}"), DeletePolicy::Foreground);
  REQUIRE(desk.find("", "ConfigMap", "cfg") != nullptr);
  CHECK(list(*desk.find("", "ConfigMap", "cfg"), "/metadata/finalizers") ==
        json::array({"foregroundDeletion"}));
  CHECK(has(*desk.find("", "Secret", "child"), "/metadata/deletionTimestamp"));
}

TEST_CASE("orphans lose their owner and stay") {
  Desk desk;
  desk.apply(config_map("data: {}"));
  const std::string uid = text(*desk.find("", "ConfigMap", "cfg"), "/metadata/uid");
  desk.create(
      "{apiVersion: v1, kind: Secret, metadata: {name: child, namespace: demo, "
      "ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: cfg, uid: " +
      uid + "}]}}");
  desk.remove(config_map("data: {}"), DeletePolicy::Orphan);
  CHECK(desk.find("", "ConfigMap", "cfg") == nullptr);
  REQUIRE(desk.find("", "Secret", "child") != nullptr);
  CHECK(list(*desk.find("", "Secret", "child"), "/metadata/ownerReferences").empty());
}

TEST_CASE("a full quota refuses the next object") {
  Desk desk;
  desk.apply(
      "{apiVersion: v1, kind: ResourceQuota, metadata: {name: q, namespace: demo}, spec: "
      "{hard: {count/secrets: '0'}}}");
  CHECK(desk.create("{apiVersion: v1, kind: Secret, metadata: {name: s, namespace: demo}}") ==
        "error: secrets \"s\" is forbidden: exceeded quota: q, requested: count/secrets=1, used: "
        "count/secrets=0, limited: count/secrets=0");
}

TEST_CASE("quantities have one form") {
  CHECK(canonical_quantity("1000m") == "1");
  CHECK(canonical_quantity("1024Mi") == "1Gi");
  CHECK(canonical_quantity("0.5") == "500m");
  CHECK(canonical_quantity("1500Mi") == "1500Mi");
  CHECK(canonical_quantity("many") == "many");
}

}  // namespace
}  // namespace wavetank::cluster::api
