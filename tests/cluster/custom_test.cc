// Objects whose controller is not modelled become healthy by themselves.

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/chooser.h"
#include "base/interner.h"
#include "cluster/cluster.h"
#include "health/health.h"

namespace wavetank::cluster {
namespace {

using nlohmann::json;

struct Pond {
  base::Interner interner;
  base::DefaultChooser chooser;
  Cluster cluster;

  explicit Pond(std::vector<BehaviorRule> rules = {})
      : cluster(interner, chooser, std::move(rules)) {
    cluster.seed(
        {{"apiVersion", "v1"}, {"kind", "Namespace"}, {"metadata", {{"name", "default"}}}});
  }

  // Applies one object, lets everything happen, and tells what did.
  std::string story(const std::string& api_version, const std::string& kind, const json& spec) {
    const std::string group(model::group_of(api_version));
    cluster.assume_kind(group, kind);
    const CallResult applied =
        cluster.apply({{"apiVersion", api_version},
                       {"kind", kind},
                       {"metadata", {{"name", "x"}, {"namespace", "default"}}},
                       {"spec", spec}},
                      {});
    if (applied.status != CallStatus::Ok) return applied.message;
    std::string text;
    while (const auto next = cluster.next_event()) {
      for (const Change& change : cluster.advance(*next)) {
        if (change.kind != ChangeKind::Updated || change.object.name != "x") continue;
        if (change.note == "changed") continue;
        text += change.note + "; ";
      }
    }
    const auto key = model::intern(
        {.group = group, .kind = kind, .name_space = "default", .name = "x"}, interner);
    const auto health = health::assess(cluster.get(key)->content);
    return text + (health ? std::string(health::name(health->status)) : "none");
  }
};

TEST_CASE("a custom resource that Argo CD can judge becomes healthy, and the trace says how") {
  Pond pond;
  CHECK(pond.story("cert-manager.io/v1", "Certificate", {{"secretName", "tls"}}) ==
        "healthy (status made up); Healthy");
  CHECK(pond.story("kustomize.toolkit.fluxcd.io/v1", "Kustomization", json::object()) ==
        "healthy (status made up); Healthy");
}

TEST_CASE("what has no check, or is healthy without a status, is left alone") {
  Pond pond;
  CHECK(pond.story("example.com/v1", "Widget", json::object()) == "none");
  CHECK(pond.story("ec2.aws.crossplane.io/v1", "VPC", json::object()) == "Healthy");
}

TEST_CASE("where no healthy status is known, the object stays as it is and the trace says so") {
  Pond pond;
  CHECK(pond.story("core.gardener.cloud/v1", "Shoot", json::object()) ==
        "its controller is not modelled: its status stays as it is; Progressing");
  CHECK(pond.story("kustomize.toolkit.fluxcd.io/v1", "Kustomization", {{"suspend", true}}) ==
        "its controller is not modelled: its status stays as it is; Suspended");
}

TEST_CASE("a custom resource fails or hangs when the scenario says so") {
  Pond failing({{.kind = "certificate", .name = "*", .behavior = {.outcome = Outcome::Fail}},
                {.kind = "tenant", .name = "*", .behavior = {.outcome = Outcome::Fail}},
                {.kind = "logstash", .name = "*", .behavior = {.outcome = Outcome::Hang}}});
  CHECK(failing.story("cert-manager.io/v1", "Certificate", json::object()) ==
        "failed (status made up); Degraded");
  CHECK(failing.story("logstash.k8s.elastic.co/v1", "Logstash", json::object()) == "Progressing");
}

TEST_CASE("a new spec makes it reconcile once more") {
  Pond pond;
  pond.story("pulumi.com/v1", "Stack", {{"stack", "a"}});
  CHECK(pond.story("pulumi.com/v1", "Stack", {{"stack", "b"}}) ==
        "healthy (status made up); Healthy");
}

}  // namespace
}  // namespace wavetank::cluster
