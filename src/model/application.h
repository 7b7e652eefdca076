// What an Argo CD Application says that matters to a sync: where to, from where, and how.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "source/span.h"
#include "yaml/tree.h"

namespace wavetank::model {

// A text of the manifest with its place.
struct SpannedText {
  std::string text;
  source::Span span;
};

struct ApplicationSource {
  std::string repo_url;
  SpannedText path;      // relative to the repository's root; empty for a chart from a registry
  std::string chart;     // not empty: rendered by Helm from a chart repository
  bool is_helm = false;  // has a `helm` block or a chart
  bool recurse = false;  // directory.recurse
  std::string include;   // directory.include, a glob
  std::string exclude;   // directory.exclude, a glob
};

// The settings of one sync; what an Application, or nothing at all (all defaults), prescribes.
struct ApplicationSettings {
  std::string name;  // of the application
  std::string project;
  std::string destination_namespace;
  std::vector<ApplicationSource> sources;
  std::vector<SpannedText> sync_options;  // whole items; matched as exact strings
  bool automated = false;
  bool prune = false;  // automated.prune
  bool self_heal = false;
  bool has_managed_namespace_metadata = false;  // syncPolicy.managedNamespaceMetadata
  source::Span span;  // of the Application's name; invalid when there is none
  // The Application itself; null when there is none. The tree outlives the settings.
  const yaml::Tree* tree = nullptr;
  yaml::NodeId root;

  // Whether the list holds exactly this item, e.g. "CreateNamespace=true" (no trimming, no commas).
  [[nodiscard]] bool has_option(std::string_view item) const;
  // The value of the first item "key=value" with this key.
  [[nodiscard]] std::optional<std::string_view> option_value(std::string_view key) const;
};

}  // namespace wavetank::model
