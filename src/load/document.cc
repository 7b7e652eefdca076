#include "load/document.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "load/path.h"
#include "source/decode.h"
#include "yaml/parser.h"

namespace wavetank::load {

namespace {

using source::Diagnostic;
using source::Severity;

Diagnostic problem(Severity severity, std::string code, std::string slug, std::string message) {
  return {.severity = severity,
          .code = std::move(code),
          .slug = std::move(slug),
          .message = std::move(message)};
}

bool is_object(const yaml::Tree& tree, yaml::NodeId root) {
  return tree.is_mapping(root) && !tree.string(root, {"apiVersion"}).empty() &&
         !tree.string(root, {"kind"}).empty();
}

// A scenario of ours describes a cluster; it is no object of one.
bool is_scenario(const yaml::Tree& tree, yaml::NodeId root) {
  return tree.string(root, {"apiVersion"}).starts_with("wavetank.dev/");
}

bool is_list(const yaml::Tree& tree, yaml::NodeId root) {
  return tree.string(root, {"kind"}).ends_with("List") &&
         tree.is_sequence(tree.find(root, "items"));
}

bool is_kustomization(const yaml::Tree& tree, yaml::NodeId root, std::string_view name) {
  if (!tree.is_mapping(root)) return false;
  if (tree.string(root, {"apiVersion"}).starts_with("kustomize.config.k8s.io/")) return true;
  const std::string_view kind = tree.string(root, {"kind"});
  // kustomize fills in what is missing.
  const bool may_be = kind.empty() || (tree.string(root, {"apiVersion"}).empty() &&
                                       (kind == "Kustomization" || kind == "Component"));
  return (name == "kustomization.yaml" || name == "kustomization.yml") && may_be;
}

model::SpannedText spanned(const yaml::Tree& tree, yaml::NodeId node) {
  if (!tree.is_scalar(node)) return {};
  return {.text = std::string(tree.node(node).text), .span = tree.node(node).span};
}

model::ApplicationSource read_source(const yaml::Tree& tree, yaml::NodeId node) {
  const yaml::NodeId directory = tree.find(node, "directory");
  model::ApplicationSource result;
  result.repo_url = tree.string(node, {"repoURL"});
  result.path = spanned(tree, tree.find(node, "path"));
  result.chart = tree.string(node, {"chart"});
  result.is_helm = !result.chart.empty() || tree.find(node, "helm").valid();
  result.recurse = tree.boolean(tree.find(directory, "recurse")).value_or(false);
  result.include = tree.string(directory, {"include"});
  result.exclude = tree.string(directory, {"exclude"});
  return result;
}

// Source: pkg/apis/application/v1alpha1/types.go.
ApplicationObject read_application(const model::Resource& resource, const std::string& file) {
  const yaml::Tree& tree = *resource.tree;
  ApplicationObject result{.file = file};
  model::ApplicationSettings& settings = result.settings;
  settings.name = resource.key.name.empty() ? resource.generate_name : resource.key.name;
  settings.span = resource.name_span;
  settings.tree = resource.tree;
  settings.root = resource.root;
  settings.project = resource.string({"spec", "project"});
  settings.destination_namespace = resource.string({"spec", "destination", "namespace"});
  const yaml::NodeId policy = resource.find({"spec", "syncPolicy"});
  for (const yaml::NodeId option : tree.items(tree.find(policy, "syncOptions"))) {
    settings.sync_options.push_back(spanned(tree, option));
  }
  const yaml::NodeId automated = tree.find(policy, "automated");
  settings.automated =
      tree.is_mapping(automated) && tree.boolean(tree.find(automated, "enabled")).value_or(true);
  settings.prune = tree.boolean(tree.find(automated, "prune")).value_or(false);
  settings.self_heal = tree.boolean(tree.find(automated, "selfHeal")).value_or(false);
  settings.has_managed_namespace_metadata =
      tree.is_mapping(tree.find(policy, "managedNamespaceMetadata"));
  if (const yaml::NodeId source = resource.find({"spec", "source"}); tree.is_mapping(source)) {
    settings.sources.push_back(read_source(tree, source));
  }
  for (const yaml::NodeId source : tree.items(resource.find({"spec", "sources"}))) {
    settings.sources.push_back(read_source(tree, source));
  }
  result.has_template = std::any_of(settings.sources.begin(), settings.sources.end(),
                                    [](const model::ApplicationSource& each) {
                                      return each.path.text.find("{{") != std::string::npos;
                                    });
  return result;
}

bool is_remote(std::string_view path) {
  return path.find("://") != std::string_view::npos || path.starts_with("github.com/") ||
         path.starts_with("git@") || path.find("?ref=") != std::string_view::npos;
}

Kustomization read_kustomization(const yaml::Tree& tree, yaml::NodeId root,
                                 const std::string& file) {
  Kustomization result{
      .directory = parent_of(file), .span = tree.node(root).span, .tree = &tree, .root = root};
  result.name_space = tree.string(root, {"namespace"});
  result.is_component = tree.string(root, {"kind"}) == "Component";
  for (const std::string_view key : {"resources", "bases", "components"}) {
    for (const yaml::NodeId item : tree.items(tree.find(root, key))) {
      if (!tree.is_scalar(item)) continue;
      const std::string path(tree.node(item).text);
      if (is_remote(path)) {
        result.has_remote = true;
      } else {
        result.resources.push_back(path);
      }
    }
  }
  constexpr std::array<std::string_view, 6> kTransforming{
      "helmCharts", "helmChartInflationGenerator", "generators", "transformers", "replacements",
      "vars"};
  result.transforms =
      std::any_of(kTransforming.begin(), kTransforming.end(),
                  [&](std::string_view key) { return tree.find(root, key).valid(); });
  return result;
}

// A file beside Chart.yaml, or one that is named like values, is no manifest.
bool is_chart_support(std::string_view name, const yaml::Tree& tree, yaml::NodeId root) {
  if (name == "Chart.yaml" || name == "Chart.lock" || name == "requirements.yaml") return true;
  const bool looks_like_values =
      name.starts_with("values") || name.find("-values.") != std::string_view::npos;
  return looks_like_values && tree.is_mapping(root) && tree.string(root, {"kind"}).empty();
}

class Reader {
 public:
  Reader(std::string name, Project& project) : project_(project), path_(std::move(name)) {
    result_.report.path = path_;
  }

  Reader(const FoundFile& found, const LoadOptions& options, Project& project) : project_(project) {
    path_ = found.path == "-" ? options.stdin_filename : found.path;
    result_.report.path = path_;
    result_.is_named = found.is_named;
    result_.report.is_named = found.is_named && found.path != "-";
  }

  ReadFile read(const base::FileSystem& files, const std::string& path) {
    auto bytes = files.read(path);
    if (!bytes) {
      fail(FileStatus::Unreadable,
           problem(Severity::Error, "IN001", "unreadable",
                   fmt::format("cannot read it: {}", bytes.error().reason)));
      return std::move(result_);
    }
    return read_bytes(std::move(*bytes));
  }

  ReadFile read_bytes(std::string bytes) {
    if (bytes.size() >= UINT32_MAX) {
      fail(FileStatus::OverLimit,
           problem(Severity::Error, "IN004", "over-limit", "the file is larger than 4 GiB"));
      return std::move(result_);
    }
    auto text = source::decode_text(std::move(bytes));
    if (!text) {
      fail(FileStatus::NotText, problem(Severity::Error, "IN002", "not-text",
                                        fmt::format("this is no text: {} (at byte {})",
                                                    text.error().reason, text.error().offset)));
      return std::move(result_);
    }
    const source::FileId file = project_.sources.add(path_, std::move(*text));
    result_.report.file = file;
    read_documents(yaml::parse_documents(file, project_.sources.text(file)),
                   project_.sources.text(file));
    return std::move(result_);
  }

 private:
  void fail(FileStatus status, Diagnostic diagnostic) {
    diagnostic.subject = path_;
    result_.report.status = status;
    project_.diagnostics.push_back(std::move(diagnostic));
  }

  void note(std::string code, std::string slug, std::string message, source::Span span) {
    Diagnostic diagnostic =
        problem(Severity::Info, std::move(code), std::move(slug), std::move(message));
    diagnostic.subject = path_;
    diagnostic.primary.span = span;
    project_.notes.push_back(std::move(diagnostic));
  }

  void read_documents(std::vector<yaml::Document> documents, std::string_view text) {
    const bool has_error =
        std::any_of(documents.begin(), documents.end(),
                    [](const yaml::Document& each) { return each.error.has_value(); });
    if (has_error && text.find("{{") != std::string_view::npos) {
      result_.report.status = FileStatus::Template;
      note("IN006", "template", "this is a template, not a manifest: it was not checked", {});
      return;
    }
    bool is_support = false;
    FileStatus worst = FileStatus::Checked;
    std::uint32_t number = 0;
    for (yaml::Document& document : documents) {
      if (document.error) {
        worst = std::max(worst, error_of(*document.error));
        ++result_.report.documents;
      } else if (!document.is_empty()) {
        ++result_.report.documents;
        project_.trees.push_back(std::move(document.tree));
        is_support = read_document(project_.trees.back(), number) || is_support;
      }
      ++number;
    }
    if (worst != FileStatus::Checked) {
      result_.report.status = worst;
    } else if (result_.report.objects > 0) {
      result_.report.status = FileStatus::Checked;
    } else if (is_support) {
      result_.report.status = FileStatus::Support;
    } else {
      const bool empty = result_.report.documents == 0;
      result_.report.status = empty ? FileStatus::Empty : FileStatus::NoKubernetes;
      note("IN005", "no-kubernetes-object",
           empty ? "the file holds no document" : "the file holds no Kubernetes object", {});
    }
  }

  FileStatus error_of(const yaml::ParseError& error) {
    const bool over = error.kind == yaml::ErrorKind::OverLimit;
    Diagnostic diagnostic = problem(Severity::Error, over ? "IN004" : "IN003",
                                    over ? "over-limit" : "yaml-syntax", error.message);
    diagnostic.subject = path_;
    diagnostic.primary = {.span = error.span, .text = over ? "here" : "noticed here"};
    diagnostic.consequence =
        "Argo CD cannot generate manifests from a directory with this file; the sync fails";
    project_.diagnostics.push_back(std::move(diagnostic));
    return over ? FileStatus::OverLimit : FileStatus::SyntaxError;
  }

  // Returns whether the document is understood although it is no manifest.
  bool read_document(const yaml::Tree& tree, std::uint32_t number) {
    const yaml::NodeId root = tree.root();
    const std::string_view name = file_name(path_);
    if (is_kustomization(tree, root, name)) {
      result_.kustomizations.push_back(read_kustomization(tree, root, path_));
      return true;
    }
    if (is_chart_support(name, tree, root) || is_scenario(tree, root)) return true;
    if (is_list(tree, root)) {
      for (const yaml::NodeId item : tree.items(tree.find(root, "items"))) {
        if (is_object(tree, item)) add(tree, item, number);
      }
      return true;
    }
    if (!is_object(tree, root)) return false;
    add(tree, root, number);
    return true;
  }

  void add(const yaml::Tree& tree, yaml::NodeId root, std::uint32_t number) {
    model::Resource resource = model::read_resource(tree, root);
    resource.document = number;
    ++result_.report.objects;
    if (resource.key.group == "argoproj.io") {
      if (resource.key.kind == "Application") {
        result_.applications.push_back(read_application(resource, path_));
      } else if (resource.key.kind == "ApplicationSet") {
        note("IN011", "not-rendered",
             fmt::format("the ApplicationSet `{}` was not expanded", resource.key.name),
             resource.name_span);
      }
    }
    result_.resources.push_back(std::move(resource));
  }

  Project& project_;
  std::string path_;
  ReadFile result_;
};

}  // namespace

ReadFile read_file(const base::FileSystem& files, const FoundFile& found,
                   const LoadOptions& options, Project& project) {
  return Reader(found, options, project).read(files, found.path);
}

ReadFile read_text(const std::string& name, std::string text, Project& project) {
  return Reader(name, project).read_bytes(std::move(text));
}

}  // namespace wavetank::load
