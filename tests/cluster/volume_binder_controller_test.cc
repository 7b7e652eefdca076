// Claims and volumes.
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "cluster/control_plane.h"

namespace wavetank::cluster {
namespace {

std::string volume(const std::string& name, const std::string& size, const std::string& rest = "",
                   const std::string& modes = "ReadWriteOnce") {
  return fmt::format(
      "{{apiVersion: v1, kind: PersistentVolume, metadata: {{name: {}}}, spec: {{accessModes: "
      "[{}], capacity: {{storage: {}}}, hostPath: {{path: /data}}, storageClassName: own{}}}}}",
      name, modes, size, rest);
}

std::string claim(const std::string& size, const std::string& rest = ", storageClassName: own") {
  return fmt::format(
      "{{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {{name: data}}, spec: "
      "{{accessModes: [ReadWriteOnce], resources: {{requests: {{storage: {}}}}}{}}}}}",
      size, rest);
}

std::string storage_class(const std::string& name, const std::string& provisioner,
                          const std::string& mode = "Immediate",
                          const std::string& annotations = "") {
  return fmt::format(
      "{{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {{name: {}, annotations: "
      "{{{}}}}}, provisioner: {}, volumeBindingMode: {}}}",
      name, annotations, provisioner, mode);
}

nlohmann::json of_claim(const ControlPlane& plane, const char* pointer) {
  return plane.value("", "PersistentVolumeClaim", "data", pointer);
}

nlohmann::json phase_of(const ControlPlane& plane, const std::string& name) {
  return plane.value("", "PersistentVolume", name, "/status/phase");
}

TEST_CASE("a new volume is available") {
  ControlPlane plane;
  plane.write(volume("v", "1Gi"));
  CHECK(phase_of(plane, "v") == "Available");
}

TEST_CASE("a claim gets the smallest volume that is big enough") {
  ControlPlane plane;
  plane.write(volume("big", "10Gi"));
  plane.write(volume("fit", "2Gi"));
  plane.write(volume("small", "500Mi"));
  plane.write(claim("1Gi"));
  CHECK(of_claim(plane, "/spec/volumeName") == "fit");
  CHECK(of_claim(plane, "/status/phase") == "Bound");
  CHECK(of_claim(plane, "/status/capacity/storage") == "2Gi");
  CHECK(phase_of(plane, "fit") == "Bound");
  CHECK(plane.value("", "PersistentVolume", "fit", "/spec/claimRef/name") == "data");
  CHECK(phase_of(plane, "big") == "Available");
}

TEST_CASE("a claim prefers a volume without access modes that it did not ask for") {
  ControlPlane plane;
  plane.write(volume("many", "1Gi", "", "ReadWriteOnce, ReadOnlyMany"));
  plane.write(volume("one", "5Gi"));
  plane.write(claim("1Gi"));
  CHECK(of_claim(plane, "/spec/volumeName") == "one");
}

TEST_CASE("a claim does not get a volume of another class, mode or label") {
  ControlPlane plane;
  plane.write(volume("v", "1Gi"));
  plane.write(claim("1Gi", ", storageClassName: other"));
  CHECK(of_claim(plane, "/status/phase") == "Pending");
  plane.remove("", "PersistentVolumeClaim", "data");
  plane.write(claim("1Gi", ", storageClassName: own, volumeMode: Block"));
  CHECK(of_claim(plane, "/status/phase") == "Pending");
  plane.remove("", "PersistentVolumeClaim", "data");
  plane.write(claim("1Gi", ", storageClassName: own, selector: {matchLabels: {disk: fast}}"));
  CHECK(of_claim(plane, "/status/phase") == "Pending");
}

TEST_CASE("a claim that names its volume gets it") {
  ControlPlane plane;
  plane.write(volume("fit", "1Gi"));
  plane.write(volume("named", "10Gi"));
  plane.write(claim("1Gi", ", storageClassName: own, volumeName: named"));
  CHECK(of_claim(plane, "/status/phase") == "Bound");
  CHECK(phase_of(plane, "named") == "Bound");
  CHECK(phase_of(plane, "fit") == "Available");
}

TEST_CASE("a claim that waits hears of a new volume within 15 seconds") {
  ControlPlane plane;
  plane.write(claim("1Gi"));
  plane.write(volume("v", "1Gi"));
  CHECK(of_claim(plane, "/status/phase") == "Pending");
  plane.pass(std::chrono::seconds(15));
  CHECK(of_claim(plane, "/status/phase") == "Bound");
}

TEST_CASE("a claim of a class that waits for its consumer stays pending beside a fitting volume") {
  ControlPlane plane;
  plane.write(storage_class("own", "kubernetes.io/no-provisioner", "WaitForFirstConsumer"));
  plane.write(volume("v", "1Gi"));
  plane.write(claim("1Gi"));
  plane.pass(std::chrono::minutes(1));
  CHECK(of_claim(plane, "/status/phase") == "Pending");
}

TEST_CASE("a claim tells the provisioner of its class that it is asked") {
  ControlPlane plane;
  plane.write(storage_class("own", "example.com/disk"));
  plane.write(claim("1Gi"));
  CHECK(of_claim(plane, "/metadata/annotations/volume.kubernetes.io~1storage-provisioner") ==
        "example.com/disk");
}

TEST_CASE("the driver that took over a plug-in of Kubernetes is asked in its place") {
  ControlPlane plane;
  plane.write(storage_class("own", "kubernetes.io/aws-ebs"));
  plane.write(claim("1Gi"));
  CHECK(of_claim(plane, "/metadata/annotations/volume.kubernetes.io~1storage-provisioner") ==
        "ebs.csi.aws.com");
}

TEST_CASE("a claim without a class gets the default class when there is one") {
  ControlPlane plane;
  plane.write(claim("1Gi", ""));
  CHECK(of_claim(plane, "/spec/storageClassName").is_null());
  plane.write(storage_class("own", "example.com/disk", "Immediate",
                            "storageclass.kubernetes.io/is-default-class: 'true'"));
  plane.pass(std::chrono::seconds(15));
  CHECK(of_claim(plane, "/spec/storageClassName") == "own");
}

TEST_CASE("a retained volume is released with its claim and serves no other") {
  ControlPlane plane;
  plane.write(volume("v", "1Gi"));
  plane.write(claim("1Gi"));
  plane.remove("", "PersistentVolumeClaim", "data");
  CHECK(phase_of(plane, "v") == "Released");
  plane.write(claim("1Gi"));
  plane.pass(std::chrono::minutes(1));
  CHECK(of_claim(plane, "/status/phase") == "Pending");
}

TEST_CASE("a volume that nobody can delete fails when it should be deleted") {
  ControlPlane plane;
  plane.write(volume("v", "1Gi", ", persistentVolumeReclaimPolicy: Delete"));
  plane.write(claim("1Gi"));
  plane.remove("", "PersistentVolumeClaim", "data");
  CHECK(phase_of(plane, "v") == "Failed");
  CHECK(plane.value("", "PersistentVolume", "v", "/status/message") ==
        "host_path deleter only supports /tmp/.+ but received provided /data");
}

TEST_CASE("a claim whose volume is gone is lost") {
  ControlPlane plane;
  plane.write(volume("v", "1Gi"));
  plane.write(claim("1Gi"));
  plane.remove("", "PersistentVolume", "v");
  CHECK(of_claim(plane, "/status/phase") == "Bound");
  plane.patch("", "PersistentVolume", "v", {{"metadata", {{"finalizers", nullptr}}}});
  CHECK(of_claim(plane, "/status/phase") == "Lost");
  CHECK(of_claim(plane, "/status/capacity").is_null());
}

TEST_CASE("a volume that names its claim waits for it") {
  ControlPlane plane;
  plane.write(volume("v", "10Gi", ", claimRef: {namespace: demo, name: data}"));
  plane.write(volume("fit", "1Gi"));
  plane.write(claim("1Gi"));
  CHECK(of_claim(plane, "/spec/volumeName") == "v");
}

}  // namespace
}  // namespace wavetank::cluster
