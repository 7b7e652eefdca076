// One Kubernetes object as the user wrote it: its identity and its facts, each with the span of the
// text it came from. Rules and reports read Resources; the engine reads `ObjectFacts`.
//
// A Resource points into a yaml::Tree that outlives it (load::Project owns both).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/facts.h"
#include "model/hook.h"
#include "model/key.h"
#include "source/span.h"
#include "yaml/tree.h"

namespace wavetank::model {

// One entry of metadata.annotations or metadata.labels.
struct MetadataEntry {
  std::string_view key;
  std::string_view value;  // the scalar's text, also when it is no string
  bool is_string = true;   // false: the API server would refuse it (and Argo CD reads none at all)
  source::Span key_span;
  source::Span value_span;
};

struct Resource {
  ObjectKey key;                  // namespace as Argo CD normalises it: see `Bundle`
  std::string written_namespace;  // metadata.namespace as it stands in the text
  std::string api_version;
  std::string generate_name;

  const yaml::Tree* tree = nullptr;
  yaml::NodeId root;           // the object's mapping (an item, if it came out of a List)
  std::uint32_t document = 0;  // which document of its file, from 0

  source::Span span;       // the whole object
  source::Span kind_span;  // the value of `kind`
  source::Span name_span;  // the value of metadata.name or generateName; else that of kind

  std::vector<MetadataEntry> annotations;  // effective entries, in written order
  std::vector<MetadataEntry> labels;

  // Facts as Argo CD reads them (string-valued annotations only).
  HookFacts hook;
  DeletePolicies policies;
  std::int64_t wave = 0;

  // Null when there is no such annotation.
  [[nodiscard]] const MetadataEntry* annotation(std::string_view annotation_key) const;
  [[nodiscard]] const MetadataEntry* label(std::string_view label_key) const;

  // Values by path from the object's root, aliases followed; see yaml::Tree.
  [[nodiscard]] yaml::NodeId find(std::initializer_list<std::string_view> path) const {
    return tree->find(root, path);
  }
  [[nodiscard]] std::string_view string(std::initializer_list<std::string_view> path) const {
    return tree->string(root, path);
  }
};

// Reads a mapping as an object. REQUIRES: `root` is a mapping with string apiVersion and kind.
[[nodiscard]] Resource read_resource(const yaml::Tree& tree, yaml::NodeId root);

// The engine's facts of a Resource of a Bundle, whose key is normalised already; the same as those
// of its JSON (facts.h).
[[nodiscard]] ObjectFacts facts_of(const Resource& resource, base::Interner& interner);

}  // namespace wavetank::model
