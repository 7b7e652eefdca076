#include "load/project.h"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "support/memory_files.h"

namespace wavetank::load {
namespace {

using support::MemoryFiles;

const std::string kConfigMap =
    "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata: {}\n";

std::string_view word(FileStatus status) {
  switch (status) {
    case FileStatus::Checked: return "checked";
    case FileStatus::Support: return "support";
    case FileStatus::NoKubernetes: return "no-kubernetes";
    case FileStatus::Empty: return "empty";
    case FileStatus::Template: return "template";
    case FileStatus::Unreadable: return "unreadable";
    case FileStatus::NotText: return "not-text";
    case FileStatus::SyntaxError: return "syntax-error";
    case FileStatus::OverLimit: return "over-limit";
    case FileStatus::Missing: return "missing";
  }
  return "";
}

// Files with their status and objects, then diagnostics, then applications with their objects.
std::string describe(const Project& project) {
  std::string text;
  for (const FileReport& file : project.files) {
    text += fmt::format("{}: {} {}\n", file.path, word(file.status), file.objects);
  }
  for (const auto& diagnostic : project.diagnostics) {
    const source::Span span = diagnostic.primary.span;
    const auto place = span.valid() ? project.sources.begin(span) : source::Position{0, 0};
    text +=
        fmt::format("{} {}:{}:{}\n", diagnostic.code, diagnostic.subject, place.line, place.column);
  }
  for (const model::Bundle& bundle : project.bundles) {
    text += fmt::format("[{}{}] {}:", bundle.name, bundle.is_application ? "" : ", alone",
                        bundle.settings.destination_namespace);
    for (const auto& resource : bundle.resources) {
      text += fmt::format(" {}", model::full_name(resource.key));
    }
    text += '\n';
  }
  return text;
}

std::string load(const MemoryFiles& files, std::vector<std::string> paths = {}) {
  return describe(load_project(files, {.paths = std::move(paths)}));
}

TEST_CASE("directories are searched, other files are not read") {
  const MemoryFiles files(
      {{"a/cm.yaml", kConfigMap},
       {"a/notes.txt", "kind: Nonsense"},
       {"a/b/more.json", R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"}})"},
       {".git/config", "kind: x"}});
  CHECK(load(files) ==
        "a/b/more.json: checked 1\na/cm.yaml: checked 1\n"
        "[a] default: /ConfigMap/default/settings\n[a/b] default: /Secret/default/s\n");
}

TEST_CASE("a file that is named is read whatever it is called, and is an application of its own") {
  const MemoryFiles files({{"manifest.txt", kConfigMap}});
  CHECK(load(files, {"manifest.txt"}) ==
        "manifest.txt: checked 1\n[manifest.txt] default: /ConfigMap/default/settings\n");
}

TEST_CASE("ignored files are left out unless they are named") {
  const MemoryFiles files({{".gitignore", "secret.yaml\nbuild/\n"},
                           {"cm.yaml", kConfigMap},
                           {"secret.yaml", kConfigMap},
                           {"build/out.yaml", kConfigMap}});
  CHECK(load(files) == "cm.yaml: checked 1\n[.] default: /ConfigMap/default/settings\n");
  CHECK(load(files, {"secret.yaml"}) ==
        "secret.yaml: checked 1\n[secret.yaml] default: /ConfigMap/default/settings\n");
}

TEST_CASE("a symbolic link that leads back is followed once") {
  MemoryFiles files({{"a/cm.yaml", kConfigMap}});
  files.link("a/loop", "a");
  CHECK(load(files, {"a"}) == "a/cm.yaml: checked 1\n[a] default: /ConfigMap/default/settings\n");
}

TEST_CASE("a List is unwrapped") {
  const MemoryFiles files({{"list.yaml",
                            "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: "
                            "Secret\n  metadata: {name: a}\n"
                            "- apiVersion: v1\n  kind: Secret\n  metadata: {name: b}\n"}});
  CHECK(load(files) == "list.yaml: checked 2\n[.] default: /Secret/default/a /Secret/default/b\n");
}

TEST_CASE("a broken document is placed and does not hide the others") {
  const MemoryFiles files({{"x.yaml", kConfigMap + "---\na: b: c\n---\n" + kConfigMap}});
  CHECK(load(files) ==
        "x.yaml: syntax-error 2\nIN003 x.yaml:7:5\n"
        "[.] default: /ConfigMap/default/settings /ConfigMap/default/settings\n");
}

TEST_CASE("templates are counted, not reported as broken") {
  const MemoryFiles files({{"chart/Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n"},
                           {"chart/values.yaml", "replicas: 1\n"},
                           {"chart/templates/a.yaml", "{{- if .x }}\na: 1\n{{- end }}\n"},
                           {"chart/templates/b.yaml", kConfigMap}});
  CHECK(load(files) ==
        "chart/Chart.yaml: support 0\nchart/templates/a.yaml: template 0\n"
        "chart/templates/b.yaml: checked 1\nchart/values.yaml: support 0\n"
        "[chart/templates] default: /ConfigMap/default/settings\n");
}

TEST_CASE("what is empty, binary, unreadable or missing is said") {
  MemoryFiles files({{"binary.yaml", std::string("a\0b", 3)},
                     {"empty.yaml", "# nothing\n"},
                     {"latin.yaml", "name: caf\xE9\n"},
                     {"locked.yaml", kConfigMap},
                     {"other.yaml", "just: data\n"}});
  files.lock("locked.yaml");
  CHECK(load(files, {".", "gone"}) ==
        "binary.yaml: not-text 0\nempty.yaml: empty 0\ngone: missing 0\nlatin.yaml: not-text 0\n"
        "locked.yaml: unreadable 0\nother.yaml: no-kubernetes 0\n"
        "IN008 gone:0:0\nIN002 binary.yaml:0:0\nIN002 latin.yaml:0:0\nIN001 locked.yaml:0:0\n");
}

TEST_CASE("no manifest at all is an error of its own") {
  CHECK(load(MemoryFiles({{"a.txt", "x"}}), {"."}) == "IN007 :0:0\n");
}

TEST_CASE("deep nesting and alias bombs are limits, not crashes") {
  std::string bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n";
  for (char c = 'b'; c <= 'i'; ++c) {
    bomb += fmt::format("{0}: &{0} [*{1},*{1},*{1},*{1},*{1},*{1},*{1},*{1},*{1}]\n", c,
                        static_cast<char>(c - 1));
  }
  const MemoryFiles files(
      {{"bomb.yaml", bomb}, {"deep.yaml", "a: " + std::string(10'500, '[') + "\n"}});
  CHECK(load(files) ==
        "bomb.yaml: over-limit 0\ndeep.yaml: over-limit 0\n"
        "IN004 bomb.yaml:4:17\nIN004 deep.yaml:1:10003\n");
}

TEST_CASE("unusual but legal texts are read") {
  std::string wide = "\xFF\xFE";
  for (const char c : kConfigMap) wide += {c, '\0'};
  std::string crlf;
  for (const char c : kConfigMap) crlf += c == '\n' ? std::string("\r\n") : std::string(1, c);
  const MemoryFiles files({{"bom.yaml", "\xEF\xBB\xBF" + kConfigMap},
                           {"crlf.yaml", crlf},
                           {"duplicate.yaml", "kind: Nonsense\n" + kConfigMap},
                           {"tab.yaml", "apiVersion:\tv1\nkind:\tSecret\nmetadata: {\tname: s }\n"},
                           {"utf16.yaml", wide}});
  CHECK(load(files) ==
        "bom.yaml: checked 1\ncrlf.yaml: checked 1\nduplicate.yaml: checked 1\n"
        "tab.yaml: checked 1\nutf16.yaml: checked 1\n"
        "[.] default: /ConfigMap/default/settings /ConfigMap/default/settings "
        "/ConfigMap/default/settings /Secret/default/s /ConfigMap/default/settings\n");
}

std::string application(const std::string& spec) {
  return "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: shop\n"
         "  namespace: argocd\nspec:\n  destination: {namespace: store}\n" +
         spec;
}

const std::string kSource =
    "  source:\n    repoURL: https://example.com/team/repo.git\n    path: manifests\n";
const std::string kOrigin = "[remote \"origin\"]\n\turl = git@example.com:team/repo\n";

TEST_CASE("an Application names the directory, its namespace and its options") {
  const MemoryFiles files({{".git/config", kOrigin},
                           {"apps/shop.yaml", application(kSource)},
                           {"manifests/cm.yaml", kConfigMap},
                           {"manifests/below/cm.yaml", kConfigMap}});
  CHECK(load(files) ==
        "apps/shop.yaml: checked 1\nmanifests/below/cm.yaml: checked 1\n"
        "manifests/cm.yaml: checked 1\n"
        "[apps] default: argoproj.io/Application/argocd/shop\n"
        "[manifests/below] default: /ConfigMap/default/settings\n"
        "[shop] store: /ConfigMap/store/settings\n");
}

TEST_CASE("a recursive directory source takes what lies below") {
  const MemoryFiles files(
      {{".git/config", kOrigin},
       {"apps/shop.yaml", application(kSource + "    directory: {recurse: true}\n")},
       {"manifests/below/cm.yaml", kConfigMap}});
  CHECK(load(files, {"."}).find("[shop] store: /ConfigMap/store/settings\n") != std::string::npos);
}

TEST_CASE("an Application of another repository is only noted") {
  const MemoryFiles files(
      {{".git/config", "[remote \"origin\"]\n\turl = https://example.com/x/y\n"},
       {"apps/shop.yaml", application(kSource)}});
  const Project project = load_project(files, {});
  CHECK(project.diagnostics.empty());
  REQUIRE(project.notes.size() == 1);
  CHECK(project.notes.front().code == "IN010");
}

TEST_CASE("an Application whose path is missing is an error if the repository is this one") {
  const MemoryFiles files({{".git/config", kOrigin}, {"apps/shop.yaml", application(kSource)}});
  const Project project = load_project(files, {});
  REQUIRE(project.diagnostics.size() == 1);
  CHECK(project.diagnostics.front().code == "IN009");
  CHECK(project.diagnostics.front().severity == source::Severity::Error);
  CHECK(project.sources.begin(project.diagnostics.front().primary.span).line == 10);
}

TEST_CASE("a missing path of a repository that is not known is a warning, once") {
  const MemoryFiles files(
      {{"apps/a.yaml", application(kSource)}, {"apps/b.yaml", application(kSource)}});
  const Project project = load_project(files, {});
  REQUIRE(project.diagnostics.size() == 1);
  CHECK(project.diagnostics.front().severity == source::Severity::Warning);
  CHECK(
      project.diagnostics.front().message ==
      "the path `manifests` of Application `shop` does not exist here, nor do the paths of 1 more "
      "of its repository");
}

TEST_CASE(
    "a kustomization takes what it lists, with its patches; a base is checked as part of it") {
  const MemoryFiles files(
      {{"over/kustomization.yaml",
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: prod\n"
        "resources: [../base, extra.yaml]\npatches: [{path: patch.yaml}]\n"},
       {"over/extra.yaml", kConfigMap},
       {"over/patch.yaml", kConfigMap},
       {"base/kustomization.yaml", "resources: [cm.yaml]\n"},
       {"base/cm.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n"}});
  CHECK(load(files) ==
        "base/cm.yaml: checked 1\nbase/kustomization.yaml: support 0\nover/extra.yaml: checked 1\n"
        "over/kustomization.yaml: support 0\nover/patch.yaml: checked 1\n"
        "[over] prod: /Secret/prod/s /ConfigMap/prod/settings\n");
}

TEST_CASE("a scenario beside manifests is understood, and no object of the cluster") {
  const MemoryFiles files({{"all.yaml", kConfigMap},
                           {"scenario.yaml",
                            "apiVersion: wavetank.dev/v1\nkind: Scenario\n"
                            "metadata: {name: story}\n"}});
  CHECK(load(files) ==
        "all.yaml: checked 1\nscenario.yaml: support 0\n[.] default: "
        "/ConfigMap/default/settings\n");
}

TEST_CASE("cluster-scoped objects lose their namespace, kinds of a CRD follow its scope") {
  const MemoryFiles files(
      {{"all.yaml",
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: r, "
        "namespace: x}\n"
        "---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
        "metadata: {name: widgets.example.com}\n"
        "spec: {group: example.com, scope: Cluster, names: {kind: Widget}}\n"
        "---\napiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\n"}});
  CHECK(load(files).find("[.] default: rbac.authorization.k8s.io/ClusterRole//r "
                         "apiextensions.k8s.io/CustomResourceDefinition//widgets.example.com "
                         "example.com/Widget//w\n") != std::string::npos);
}

TEST_CASE("a document of 50 MB is read") {
  std::string big = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: big\ndata:\n";
  big.reserve(51'000'000);
  for (int i = 0; big.size() < 50'000'000; ++i) {
    big += fmt::format("  key-{}: {}\n", i, std::string(900, 'x'));
  }
  const MemoryFiles files({{"big.yaml", std::move(big)}});
  CHECK(load(files) == "big.yaml: checked 1\n[.] default: /ConfigMap/default/big\n");
}

}  // namespace
}  // namespace wavetank::load
