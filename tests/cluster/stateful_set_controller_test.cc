// StatefulSets: order, fixed names, claims, updates from the highest ordinal down.
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "cluster/control_plane.h"

namespace wavetank::cluster {
namespace {

using Names = std::vector<std::string>;

std::string set_with(int replicas, const std::string& image, const std::string& rest = "") {
  return fmt::format(
      "{{apiVersion: apps/v1, kind: StatefulSet, metadata: {{name: db}}, spec: {{replicas: {}, "
      "serviceName: db, selector: {{matchLabels: {{app: db}}}}, template: {{metadata: {{labels: "
      "{{app: db}}}}, spec: {{containers: [{{name: main, image: '{}'}}]}}}}{}}}}}",
      replicas, image, rest);
}

constexpr const char* kParallel = ", podManagementPolicy: Parallel";

nlohmann::json status(const ControlPlane& plane, const std::string& field) {
  return plane.value("apps", "StatefulSet", "db", "/status/" + field);
}

void make_ready(ControlPlane& plane) {
  for (const std::string& pod : plane.names("", "Pod")) plane.set_ready(pod);
}

TEST_CASE("a StatefulSet makes the next pod when the one before is ready") {
  ControlPlane plane;
  plane.write(set_with(3, "pg:1"));
  CHECK(plane.pods() == Names{"db-0 pg:1"});
  plane.set_ready("db-0");
  CHECK(plane.pods() == Names{"db-0 pg:1", "db-1 pg:1"});
  plane.set_ready("db-1");
  CHECK(plane.pods() == Names{"db-0 pg:1", "db-1 pg:1", "db-2 pg:1"});
}

TEST_CASE("a StatefulSet waits until a pod has been ready for minReadySeconds") {
  ControlPlane plane;
  plane.write(set_with(2, "pg:1", ", minReadySeconds: 10"));
  plane.set_ready("db-0");
  plane.pass(std::chrono::seconds(9));
  CHECK(plane.pods() == Names{"db-0 pg:1"});
  plane.pass(std::chrono::seconds(1));
  CHECK(plane.pods() == Names{"db-0 pg:1", "db-1 pg:1"});
  CHECK(status(plane, "availableReplicas") == 1);
}

TEST_CASE("a parallel StatefulSet makes all pods at once") {
  ControlPlane plane;
  plane.write(set_with(3, "pg:1", kParallel));
  CHECK(plane.pods().size() == 3);
}

TEST_CASE("a StatefulSet's ordinals begin where it says") {
  ControlPlane plane;
  plane.write(set_with(2, "pg:1", std::string(kParallel) + ", ordinals: {start: 7}"));
  CHECK(plane.pods() == Names{"db-7 pg:1", "db-8 pg:1"});
}

TEST_CASE("a StatefulSet's pod knows its name, its host name and its index") {
  ControlPlane plane;
  plane.write(set_with(1, "pg:1"));
  const nlohmann::json labels = plane.value("", "Pod", "db-0", "/metadata/labels");
  CHECK(labels.value("statefulset.kubernetes.io/pod-name", "") == "db-0");
  CHECK(labels.value("apps.kubernetes.io/pod-index", "") == "0");
  CHECK(labels.value("controller-revision-hash", "") == status(plane, "updateRevision"));
  CHECK(plane.value("", "Pod", "db-0", "/spec/hostname") == "db-0");
  CHECK(plane.value("", "Pod", "db-0", "/spec/subdomain") == "db");
}

TEST_CASE("an update of a StatefulSet replaces the highest ordinal first, one at a time") {
  ControlPlane plane;
  plane.write(set_with(2, "pg:1", kParallel));
  make_ready(plane);
  plane.write(set_with(2, "pg:2", kParallel));
  CHECK(plane.pods() == Names{"db-0 pg:1", "db-1 pg:2"});
  CHECK(status(plane, "updatedReplicas") == 1);
  CHECK(status(plane, "currentRevision") != status(plane, "updateRevision"));
  plane.set_ready("db-1");
  CHECK(plane.pods() == Names{"db-0 pg:2", "db-1 pg:2"});
}

TEST_CASE("a finished update makes its revision the current one") {
  ControlPlane plane;
  plane.write(set_with(1, "pg:1"));
  make_ready(plane);
  plane.write(set_with(1, "pg:2"));
  CHECK(status(plane, "currentRevision") != status(plane, "updateRevision"));
  make_ready(plane);
  CHECK(status(plane, "currentRevision") == status(plane, "updateRevision"));
  CHECK(status(plane, "currentReplicas") == 1);
}

TEST_CASE("pods below the partition keep the old template, also when they are made anew") {
  const std::string partition =
      std::string(kParallel) +
      ", updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 1}}";
  ControlPlane plane;
  plane.write(set_with(2, "pg:1", partition));
  make_ready(plane);
  plane.write(set_with(2, "pg:2", partition));
  make_ready(plane);
  plane.remove("", "Pod", "db-0");
  CHECK(plane.pods() == Names{"db-0 pg:1", "db-1 pg:2"});
}

TEST_CASE("without a rollingUpdate block the status tells how many pods keep the old template") {
  const std::string no_block = std::string(kParallel) + ", updateStrategy: {type: RollingUpdate}";
  ControlPlane plane;
  plane.write(set_with(3, "pg:1", no_block));
  make_ready(plane);
  plane.write(set_with(3, "pg:2", no_block));
  CHECK(plane.pods() == Names{"db-0 pg:1", "db-1 pg:1", "db-2 pg:2"});
  CHECK(plane.value("apps", "StatefulSet", "db", "/spec/updateStrategy/rollingUpdate").is_null());
}

TEST_CASE("OnDelete replaces only pods that somebody deletes") {
  const std::string on_delete = std::string(kParallel) + ", updateStrategy: {type: OnDelete}";
  ControlPlane plane;
  plane.write(set_with(2, "pg:1", on_delete));
  make_ready(plane);
  plane.write(set_with(2, "pg:2", on_delete));
  CHECK(plane.pods() == Names{"db-0 pg:1", "db-1 pg:1"});
  plane.remove("", "Pod", "db-1");
  CHECK(plane.pods() == Names{"db-0 pg:1", "db-1 pg:2"});
}

TEST_CASE("an ordered StatefulSet whose pod never gets ready is stuck with its template") {
  ControlPlane plane;
  plane.write(set_with(1, "pg:1"));
  plane.set_unready("db-0");
  plane.write(set_with(1, "pg:2"));
  plane.pass(std::chrono::hours(1));
  CHECK(plane.pods() == Names{"db-0 pg:1"});
  plane.remove("", "Pod", "db-0");
  CHECK(plane.pods() == Names{"db-0 pg:2"});
}

TEST_CASE("a failed pod of a StatefulSet comes back under its name") {
  ControlPlane plane;
  plane.write(set_with(1, "pg:1"));
  const auto first = plane.value("", "Pod", "db-0", "/metadata/uid");
  plane.set_phase("db-0", "Failed");
  CHECK(plane.value("", "Pod", "db-0", "/status/phase") == "Pending");
  CHECK(plane.value("", "Pod", "db-0", "/metadata/uid") != first);
}

TEST_CASE("scaling down takes the highest ordinal, and waits for unready pods below") {
  ControlPlane plane;
  plane.write(set_with(3, "pg:1", kParallel));
  make_ready(plane);
  plane.set_unready("db-0");
  plane.patch("apps", "StatefulSet", "db",
              {{"spec", {{"podManagementPolicy", "Parallel"}, {"replicas", 2}}}});
  CHECK(plane.pods().size() == 2);

  ControlPlane ordered;
  ordered.write(set_with(2, "pg:1"));
  ordered.set_ready("db-0");
  ordered.set_ready("db-1");
  ordered.set_unready("db-0");
  ordered.write(set_with(1, "pg:1"));
  CHECK(ordered.pods().size() == 2);
  ordered.set_ready("db-0");
  CHECK(ordered.pods() == Names{"db-0 pg:1"});
}

const std::string kClaims =
    ", volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], "
    "resources: {requests: {storage: 1Gi}}}}]";

TEST_CASE("claims of a StatefulSet outlive its pods and the set") {
  ControlPlane plane;
  plane.write(set_with(2, "pg:1", kParallel + kClaims));
  CHECK(plane.names("", "PersistentVolumeClaim") == Names{"data-db-0", "data-db-1"});
  CHECK(plane.value("", "Pod", "db-1", "/spec/volumes/0/persistentVolumeClaim/claimName") ==
        "data-db-1");
  plane.write(set_with(1, "pg:1", kParallel + kClaims));
  plane.remove("apps", "StatefulSet", "db");
  CHECK(plane.pods().empty());
  CHECK(plane.names("", "PersistentVolumeClaim").size() == 2);
}

TEST_CASE("claims go with a StatefulSet, or with a pod that is too many, where it asks for that") {
  const std::string retention =
      kParallel + kClaims +
      ", persistentVolumeClaimRetentionPolicy: {whenDeleted: Delete, whenScaled: Delete}";
  ControlPlane plane;
  plane.write(set_with(2, "pg:1", retention));
  plane.write(set_with(1, "pg:1", retention));
  CHECK(plane.names("", "PersistentVolumeClaim") == Names{"data-db-0"});
  plane.remove("apps", "StatefulSet", "db");
  CHECK(plane.names("", "PersistentVolumeClaim").empty());
}

TEST_CASE("a template that comes back is the same revision with a new number") {
  ControlPlane plane;
  plane.write(set_with(1, "pg:1"));
  const auto first = status(plane, "updateRevision").get<std::string>();
  plane.write(set_with(1, "pg:2"));
  plane.write(set_with(1, "pg:1"));
  CHECK(status(plane, "updateRevision") == first);
  CHECK(plane.value("apps", "ControllerRevision", first, "/revision") == 3);
  CHECK(plane.names("apps", "ControllerRevision").size() == 2);
}

TEST_CASE("revisions beyond the limit that no pod has are deleted") {
  ControlPlane plane;
  for (int i = 1; i <= 4; ++i) {
    plane.write(set_with(1, fmt::format("pg:{}", i), ", revisionHistoryLimit: 1"));
    plane.remove("", "Pod", "db-0");
    plane.set_ready("db-0");
  }
  CHECK(plane.names("apps", "ControllerRevision").size() == 2);
}

TEST_CASE("a StatefulSet takes the pods that another one of its name left behind") {
  ControlPlane plane;
  plane.write(set_with(1, "pg:1"));
  plane.set_ready("db-0");
  const auto uid = plane.value("", "Pod", "db-0", "/metadata/uid");
  plane.remove("apps", "StatefulSet", "db", api::DeletePolicy::Orphan);
  CHECK(plane.value("", "Pod", "db-0", "/metadata/ownerReferences/0").is_null());
  plane.write(set_with(1, "pg:1"));
  CHECK(plane.value("", "Pod", "db-0", "/metadata/uid") == uid);
  CHECK(plane.value("", "Pod", "db-0", "/metadata/ownerReferences/0/name") == "db");
}

}  // namespace
}  // namespace wavetank::cluster
