// What kustomizations make of the files that they list.

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "load/project.h"
#include "load/rendered.h"
#include "support/memory_files.h"

namespace wavetank::load {
namespace {

using support::MemoryFiles;

const std::string kJob =
    "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: migrate\nspec:\n  template:\n    spec:\n"
    "      serviceAccountName: runner\n      containers:\n      - name: main\n        envFrom:\n"
    "        - secretRef: {name: password}\n        - configMapRef: {name: settings}\n";
const std::string kSecret = "apiVersion: v1\nkind: Secret\nmetadata: {name: password}\n";
const std::string kOverlay = "kind: Kustomization\nresources: [../base]\n";

// "[bundle] Kind/namespace/name" with the annotations and the names that its pods need, and where
// the values stand.
std::string describe(const Project& project) {
  std::string text;
  for (const model::Bundle& bundle : project.bundles) {
    for (const model::Resource& resource : bundle.resources) {
      text += fmt::format("[{}] {}", bundle.name, model::full_name(resource.key));
      for (const model::MetadataEntry& entry : resource.annotations) {
        const auto place = project.sources.begin(entry.value_span);
        text += fmt::format(" {}={} ({}:{}:{})", entry.key, entry.value,
                            project.sources.name(entry.value_span.file), place.line, place.column);
      }
      for (const yaml::NodeId source : resource.tree->items(resource.tree->find(
               resource.tree->items(resource.find({"spec", "template", "spec", "containers"}))
                       .empty()
                   ? yaml::NodeId{}
                   : resource.tree->items(resource.find({"spec", "template", "spec", "containers"}))
                         .front(),
               "envFrom"))) {
        text += fmt::format(" {}{}", resource.tree->string(source, {"secretRef", "name"}),
                            resource.tree->string(source, {"configMapRef", "name"}));
      }
      text += '\n';
    }
  }
  for (const auto& note : project.notes) {
    if (note.code == "IN011") text += fmt::format("{}: {}\n", note.code, note.message);
  }
  return text;
}

std::string load(const MemoryFiles& files) { return describe(load_project(files, {})); }

TEST_CASE("namespace, prefix and suffix change names and what refers to them") {
  const MemoryFiles files(
      {{"a/kustomization.yaml",
        "resources: [job.yaml, secret.yaml]\nnamespace: shop\nnamePrefix: a-\nnameSuffix: -z\n"},
       {"a/job.yaml", kJob},
       {"a/secret.yaml", kSecret}});
  CHECK(load(files) ==
        "[a] batch/Job/shop/a-migrate-z a-password-z settings\n[a] /Secret/shop/a-password-z\n");
}

TEST_CASE("two overlays have the same base, each with what it adds, and the place of it") {
  const MemoryFiles files(
      {{"base/kustomization.yaml", "resources: [job.yaml]\n"},
       {"base/job.yaml", kJob},
       {"dev/kustomization.yaml", kOverlay + "namePrefix: dev-\n"},
       {"prod/kustomization.yaml",
        kOverlay + "namePrefix: prod-\ncommonAnnotations:\n  argocd.argoproj.io/hook: Sync\n"}});
  CHECK(load(files) ==
        "[dev] batch/Job/default/dev-migrate password settings\n"
        "[prod] batch/Job/default/prod-migrate argocd.argoproj.io/hook=Sync "
        "(prod/kustomization.yaml:5:28) password settings\n");
}

TEST_CASE("generators make objects that are found under their plain names") {
  const MemoryFiles files(
      {{"a/kustomization.yaml",
        "resources: [job.yaml]\nnamePrefix: a-\nconfigMapGenerator:\n- name: settings\n"
        "  options:\n    annotations: {x: \"1\"}\nsecretGenerator:\n- name: password\n"},
       {"a/job.yaml", kJob}});
  CHECK(load(files) ==
        "[a] batch/Job/default/a-migrate a-password a-settings\n"
        "[a] /ConfigMap/default/a-settings x=1 (a/kustomization.yaml:6:22)\n"
        "[a] /Secret/default/a-password\n");
}

const std::string kPatch =
    "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: migrate\n  annotations:\n    x: \"2\"\n";

TEST_CASE("strategic merge patches of files and in place, each at its own place") {
  const MemoryFiles files(
      {{"base/kustomization.yaml", "resources: [job.yaml]\nnamePrefix: b-\n"},
       {"base/job.yaml", kJob},
       {"a/kustomization.yaml",
        kOverlay + "patches:\n- path: patch.yaml\n- target: {kind: Jo.}\n  patch: |\n"
                   "    kind: Job\n    metadata:\n      name: any\n      annotations:\n"
                   "        y: \"3\"\n"},
       {"a/patch.yaml", kPatch}});
  CHECK(load(files) ==
        "[a] batch/Job/default/b-migrate x=2 (a/patch.yaml:6:8) y=3 (a/kustomization.yaml:11:12) "
        "password settings\n");
}

TEST_CASE("JSON patches add, replace and remove") {
  const MemoryFiles files(
      {{"a/kustomization.yaml",
        "resources: [job.yaml]\npatches:\n- target: {name: migrate}\n  patch: |-\n"
        "    - op: add\n      path: /metadata/annotations\n      value: {a~b: old}\n"
        "    - op: replace\n      path: /metadata/annotations/a~0b\n      value: new\n"
        "    - op: remove\n      path: /spec/template/spec/containers/0/envFrom/1\n"},
       {"a/job.yaml", kJob}});
  CHECK(load(files) ==
        "[a] batch/Job/default/migrate a~b=new (a/kustomization.yaml:10:14) password\n");
}

TEST_CASE("a patch may delete an object, and one that fits nothing is said") {
  const MemoryFiles files(
      {{"a/kustomization.yaml",
        "resources: [job.yaml, secret.yaml]\npatchesStrategicMerge:\n- |\n  apiVersion: v1\n"
        "  kind: Secret\n  metadata: {name: password}\n  $patch: delete\n- other.yaml\n"},
       {"a/job.yaml", kJob},
       {"a/secret.yaml", kSecret},
       {"a/other.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: other}\n"}});
  const std::string text = load(files);
  CHECK(text.find("[a] batch/Job/default/migrate password settings\n") != std::string::npos);
  CHECK(text.find("Secret/default/password") == std::string::npos);
  CHECK(text.find("IN011: this patch could not be applied") != std::string::npos);
}

TEST_CASE("a component changes what is there") {
  const MemoryFiles files(
      {{"a/kustomization.yaml", "resources: [job.yaml]\ncomponents: [../part]\nnamePrefix: a-\n"},
       {"a/job.yaml", kJob},
       {"part/kustomization.yaml",
        "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [s.yaml]\n"
        "commonAnnotations: {x: \"1\"}\n"},
       {"part/s.yaml", kSecret}});
  const std::string text = load(files);
  CHECK(text.find("[a] batch/Job/default/a-migrate x=1 (part/kustomization.yaml:4:24) a-password "
                  "settings\n[a] /Secret/default/a-password x=1") != std::string::npos);
}

TEST_CASE("kustomizations that list each other end") {
  const MemoryFiles files({{"a/kustomization.yaml", "resources: [../b, s.yaml]\nnamePrefix: a-\n"},
                           {"a/s.yaml", kSecret},
                           {"b/kustomization.yaml", "resources: [../a]\nnamePrefix: b-\n"}});
  CHECK_NOTHROW(load(files));
}

TEST_CASE("what Helm printed is divided by its templates") {
  const auto parts = rendered_parts(
      "charts/a",
      "---\n# Source: shop/templates/x.yaml\na: 1\n---\n# Source: shop/templates/y.yaml\n"
      "b: 1\n---\n# Source: shop/templates/x.yaml\nc: 1\n");
  REQUIRE(parts.size() == 2);
  CHECK(parts[0].name == "charts/a/templates/x.yaml (rendered)");
  CHECK(parts[0].text ==
        "---\n# Source: shop/templates/x.yaml\na: 1\n---\n# Source: shop/templates/x.yaml\nc: 1\n");
  CHECK(parts[1].name == "charts/a/templates/y.yaml (rendered)");
  CHECK(path_of_rendered(parts[1].name) == "charts/a/templates/y.yaml");
}

TEST_CASE("a base outside of what was named is told to be unread") {
  const MemoryFiles files({{"over/kustomization.yaml", "resources: [../base, own.yaml]\n"},
                           {"over/own.yaml", kSecret},
                           {"base/kustomization.yaml", "resources: [job.yaml]\n"},
                           {"base/job.yaml", kJob}});
  const std::string part = describe(load_project(files, {.paths = {"over"}}));
  CHECK(part.find("IN011: `../base`, which the kustomization of `over` lists, was not read") !=
        std::string::npos);
  CHECK(load(files).find("was not read") == std::string::npos);
}

}  // namespace
}  // namespace wavetank::load
