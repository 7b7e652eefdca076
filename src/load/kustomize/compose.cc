#include "load/kustomize/compose.h"

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <optional>
#include <regex>
#include <utility>

#include "load/kustomize/names.h"
#include "load/kustomize/patch.h"
#include "load/kustomize/value.h"
#include "load/path.h"
#include "model/key.h"
#include "model/kinds.h"
#include "yaml/parser.h"

namespace wavetank::load::kustomize {

namespace {

struct Identity {
  std::string name;
  std::string name_space;
  friend bool operator==(const Identity&, const Identity&) = default;
};

// An object on its way through kustomizations.
struct Item {
  const model::Resource* original = nullptr;  // null for a generated one
  std::string group;
  std::string version;
  std::string kind;
  Identity now;
  std::vector<Identity> before;  // what it was called, first to last
  std::optional<Value> value;    // once something changes it

  Value& changed() {
    if (!value) value = value_of(*original->tree, original->root);
    return *value;
  }
  [[nodiscard]] bool was(const Identity& identity) const {
    return std::find(before.begin(), before.end(), identity) != before.end();
  }
  void set_now(Identity identity) {
    if (identity == now) return;
    before.push_back(std::exchange(now, std::move(identity)));
  }
};

bool is_cluster_scoped(const Item& item) {
  return model::scope_of(item.group, item.kind) == model::Scope::Cluster;
}

std::string effective(std::string_view name_space) {
  return name_space.empty() ? "default" : std::string(name_space);
}

std::string version_of(std::string_view api_version) {
  const auto slash = api_version.find('/');
  return std::string(slash == std::string_view::npos ? api_version : api_version.substr(slash + 1));
}

// A selector's pattern has to match all of a text, as in kustomize; an empty one matches anything.
bool selects(std::string_view pattern, const std::string& text) {
  if (pattern.empty()) return true;
  try {
    return std::regex_match(text, std::regex(std::string(pattern)));
  } catch (const std::regex_error&) {
    return false;
  }
}

// "a=b,c!=d"; nothing for what else Kubernetes knows.
std::optional<bool> selects_entries(std::string_view selector, const Value* entries) {
  bool all = true;
  while (!selector.empty()) {
    const auto comma = std::min(selector.find(','), selector.size());
    std::string_view part = selector.substr(0, comma);
    selector.remove_prefix(std::min(comma + 1, selector.size()));
    const auto equals = part.find('=');
    if (equals == std::string_view::npos || part.find('(') != std::string_view::npos) {
      return std::nullopt;
    }
    std::string_view key = part.substr(0, equals);
    std::string_view wanted = part.substr(equals + 1);
    if (wanted.starts_with('=')) wanted.remove_prefix(1);
    const bool is_not = key.ends_with('!');
    if (is_not) key.remove_suffix(1);
    const Value* found = entries == nullptr ? nullptr : find(*entries, key);
    all = all && (found != nullptr && found->text() == wanted) != is_not;
  }
  return all;
}

// Where each byte of a block scalar's content stands in the file: its lines are the file's without
// their indentation.
class InnerPlaces {
 public:
  InnerPlaces(std::string_view content, std::string_view written, source::Span span) : span_(span) {
    const auto newline = written.find('\n');
    std::size_t at = newline == std::string_view::npos ? written.size() : newline + 1;
    std::size_t inner = 0;
    while (inner < content.size()) {
      const auto end = std::min(content.find('\n', inner), content.size());
      const std::string_view line = content.substr(inner, end - inner);
      const auto written_end = std::min(written.find('\n', at), written.size());
      if (at > written.size()) break;
      const auto found = written.substr(at, written_end - at).find(line);
      if (found == std::string_view::npos) break;
      lines_.emplace_back(inner, span.begin + at + found);
      at = written_end + 1;
      inner = end + 1;
    }
    is_exact_ = inner >= content.size();
  }

  [[nodiscard]] source::Span operator()(source::Span inner) const {
    if (!is_exact_ || lines_.empty()) return span_;
    return {.file = span_.file, .begin = place(inner.begin), .end = place(inner.end)};
  }

 private:
  [[nodiscard]] std::uint32_t place(std::uint32_t offset) const {
    auto line = std::upper_bound(lines_.begin(), lines_.end(), offset,
                                 [](std::size_t at, const auto& each) { return at < each.first; });
    if (line != lines_.begin()) --line;
    return std::min(static_cast<std::uint32_t>(line->second + (offset - line->first)), span_.end);
  }

  source::Span span_;
  std::vector<std::pair<std::size_t, std::size_t>> lines_;  // begin within, begin in the file
  bool is_exact_ = false;
};

void place(Value& value, const InnerPlaces& places) {
  value.node.span = places(value.node.span);
  if (value.is_scalar() && !value.is_own) value.set_text(std::string(value.node.text));
  for (Value& child : value.children) place(child, places);
}

struct PatchText {
  std::vector<Value> documents;
  std::string path;  // canonical; empty for one that stands in the kustomization
  bool is_known = false;
};

class Composer {
 public:
  Composer(const Sources& sources, Project& project) : sources_(sources), project_(project) {
    for (const yaml::Tree& tree : project.trees) trees_[tree.file()].push_back(&tree);
  }

  Composition take(const std::string& directory) {
    std::vector<Item> items;
    accumulate(directory, items);
    for (Item& item : items) result_.resources.push_back(finished(item));
    return std::move(result_);
  }

 private:
  void unknown(const yaml::Tree& tree, yaml::NodeId node) {
    result_.unknown.push_back(tree.node(node).span);
  }

  model::Resource finished(Item& item) {
    if (!item.value) return *item.original;
    const source::FileId file =
        item.original == nullptr ? item.value->node.span.file : item.original->span.file;
    project_.composed.push_back(tree_of(*item.value, file));
    const yaml::Tree& tree = project_.composed.back();
    model::Resource resource = model::read_resource(tree, tree.root());
    if (item.original != nullptr) resource.document = item.original->document;
    return resource;
  }

  static Item item_of(const model::Resource& resource) {
    return {.original = &resource,
            .group = resource.key.group,
            .version = version_of(resource.api_version),
            .kind = resource.key.kind,
            .now = {.name = resource.key.name, .name_space = resource.written_namespace}};
  }

  // Objects of a directory's kustomization, after all that it does to them.
  void accumulate(const std::string& directory, std::vector<Item>& items) {
    const Kustomization* kustomization = sources_.kustomization(directory);
    if (kustomization == nullptr || !open_.insert(directory).second) return;
    const yaml::Tree& tree = *kustomization->tree;
    std::vector<Item> own;
    // A component changes what is there already.
    if (kustomization->is_component) own.swap(items);
    for (const std::string_view key : {"resources", "bases"}) {
      for (const yaml::NodeId entry : tree.items(tree.find(kustomization->root, key))) {
        if (!tree.is_scalar(entry)) continue;
        const std::string path = path_of(*kustomization, tree.node(entry).text);
        if (const ReadFile* file = sources_.file(path)) {
          for (const model::Resource& each : file->resources) own.push_back(item_of(each));
        } else if (sources_.kustomization(path) != nullptr) {
          std::vector<Item> below;
          accumulate(path, below);
          std::move(below.begin(), below.end(), std::back_inserter(own));
        }
      }
    }
    generate(*kustomization, "configMapGenerator", "ConfigMap", own);
    generate(*kustomization, "secretGenerator", "Secret", own);
    for (const yaml::NodeId entry : tree.items(tree.find(kustomization->root, "components"))) {
      if (!tree.is_scalar(entry)) continue;
      const std::string path = path_of(*kustomization, tree.node(entry).text);
      const Kustomization* component = sources_.kustomization(path);
      if (component != nullptr && component->is_component) accumulate(path, own);
    }
    transform(*kustomization, own);
    std::move(own.begin(), own.end(), std::back_inserter(items));
    open_.erase(directory);
  }

  [[nodiscard]] std::string path_of(const Kustomization& kustomization,
                                    std::string_view path) const {
    return sources_.canonical(join(kustomization.directory, path));
  }

  void generate(const Kustomization& kustomization, std::string_view key, std::string_view kind,
                std::vector<Item>& items) {
    const yaml::Tree& tree = *kustomization.tree;
    const yaml::NodeId common = tree.find(kustomization.root, "generatorOptions");
    for (const yaml::NodeId entry : tree.items(tree.find(kustomization.root, key))) {
      const yaml::NodeId name = tree.find(entry, "name");
      if (!tree.is_scalar(name)) continue;
      const std::string_view behaviour = tree.string(entry, {"behavior"});
      Identity identity{.name = std::string(tree.node(name).text),
                        .name_space = std::string(tree.string(entry, {"namespace"}))};
      const source::Span span = tree.node(entry).span;
      const yaml::NodeId own_options = tree.find(entry, "options");
      if (behaviour == "merge" || behaviour == "replace") {
        for (Item& item : items) {
          if (item.kind != kind || (item.now.name != identity.name && !item.was(identity))) {
            continue;
          }
          for (const std::string_view map : {"labels", "annotations"}) {
            add_entries(tree, tree.find(own_options, map), map, item);
          }
        }
        continue;
      }
      Value object = empty_mapping(span);
      set(object, text_value("apiVersion", span), text_value("v1", span));
      set(object, text_value("kind", span), text_value(std::string(kind), span));
      Value& metadata = mapping_at(object, "metadata", span);
      set(metadata, text_value("name", span), value_of(tree, name));
      if (const auto space = tree.find(entry, "namespace"); tree.is_scalar(space)) {
        set(metadata, text_value("namespace", span), value_of(tree, space));
      }
      Item item{.version = "v1",
                .kind = std::string(kind),
                .now = std::move(identity),
                .value = std::move(object)};
      for (const yaml::NodeId options : {common, own_options}) {
        for (const std::string_view map : {"labels", "annotations"}) {
          add_entries(tree, tree.find(options, map), map, item);
        }
      }
      items.push_back(std::move(item));
    }
  }

  // Sets entries of metadata.labels or metadata.annotations.
  static void add_entries(const yaml::Tree& tree, yaml::NodeId map, std::string_view where,
                          Item& item) {
    const auto entries = tree.entries(map);
    if (entries.empty()) return;
    Value& object = item.changed();
    Value& metadata = mapping_at(object, "metadata", object.node.span);
    Value& target = mapping_at(metadata, where, tree.node(map).span);
    for (const yaml::Entry& entry : entries) {
      set(target, value_of(tree, entry.key), value_of(tree, entry.value));
    }
  }

  // The order is that of kustomize's built-in transformers.
  void transform(const Kustomization& kustomization, std::vector<Item>& items) {
    const yaml::Tree& tree = *kustomization.tree;
    const yaml::NodeId root = kustomization.root;
    for (const yaml::NodeId entry : tree.items(tree.find(root, "patchesStrategicMerge"))) {
      patch(kustomization, entry, entry, {}, items);
    }
    for (const yaml::NodeId entry : tree.items(tree.find(root, "patches"))) {
      patch(kustomization, entry, text_node(tree, entry), tree.find(entry, "target"), items);
    }
    set_namespace(tree, tree.find(root, "namespace"), items);
    rename(tree.string(root, {"namePrefix"}), tree.string(root, {"nameSuffix"}), items);
    label(tree, tree.find(root, "commonLabels"), true, true, items);
    for (const yaml::NodeId entry : tree.items(tree.find(root, "labels"))) {
      const bool selectors = tree.boolean(tree.find(entry, "includeSelectors")).value_or(false);
      const bool templates = tree.boolean(tree.find(entry, "includeTemplates")).value_or(false);
      label(tree, tree.find(entry, "pairs"), selectors, selectors || templates, items);
    }
    const yaml::NodeId annotations = tree.find(root, "commonAnnotations");
    for (Item& item : items) add_entries(tree, annotations, "annotations", item);
    for (const yaml::NodeId entry : tree.items(tree.find(root, "patchesJson6902"))) {
      patch(kustomization, entry, text_node(tree, entry), tree.find(entry, "target"), items);
    }
    refer(items);
  }

  // `patch` or `path` of an entry.
  static yaml::NodeId text_node(const yaml::Tree& tree, yaml::NodeId entry) {
    const yaml::NodeId inline_patch = tree.find(entry, "patch");
    return inline_patch.valid() ? inline_patch : tree.find(entry, "path");
  }

  // The documents of a patch: those of a file, or a text that is one itself.
  PatchText read_patch(const Kustomization& kustomization, yaml::NodeId node) {
    const yaml::Tree& tree = *kustomization.tree;
    PatchText result;
    if (!tree.is_scalar(node)) return result;
    const std::string_view text = tree.node(node).text;
    if (text.find('\n') == std::string_view::npos && text.find(": ") == std::string_view::npos &&
        !text.starts_with('[') && !text.starts_with('{')) {
      result.path = path_of(kustomization, text);
      const ReadFile* file = sources_.file(result.path);
      if (file == nullptr || !file->report.file.valid()) return result;
      for (const yaml::Tree* each : trees_[file->report.file]) {
        result.documents.push_back(value_of(*each, each->root()));
      }
      result.is_known = !result.documents.empty();
      return result;
    }
    const source::Span span = tree.node(node).span;
    const bool is_block = tree.node(node).style == yaml::ScalarStyle::Literal;
    const InnerPlaces places(text, is_block ? project_.sources.text(span) : std::string_view{},
                             span);
    for (const yaml::Document& document : yaml::parse_documents(span.file, text)) {
      if (document.error) return result;
      if (document.is_empty()) continue;
      result.documents.push_back(value_of(document.tree, document.tree.root()));
      place(result.documents.back(), places);
    }
    result.is_known = !result.documents.empty();
    return result;
  }

  void patch(const Kustomization& kustomization, yaml::NodeId entry, yaml::NodeId text_at_node,
             yaml::NodeId target, std::vector<Item>& items) {
    const yaml::Tree& tree = *kustomization.tree;
    const PatchText text = read_patch(kustomization, text_at_node);
    bool applied = text.is_known;
    for (const Value& document : text.documents) {
      applied = apply_patch(tree, document, target, items) && applied;
    }
    if (!applied) {
      unknown(tree, entry);
    } else if (!text.path.empty()) {
      result_.patches.insert(text.path);
    }
  }

  bool apply_patch(const yaml::Tree& tree, const Value& document, yaml::NodeId target,
                   std::vector<Item>& items) {
    std::vector<Item*> chosen;
    if (tree.is_mapping(target)) {
      for (Item& item : items) {
        const auto is_chosen = matches(tree, target, item);
        if (!is_chosen) return false;
        if (*is_chosen) chosen.push_back(&item);
      }
      // kustomize takes a selector that selects nothing for granted.
      if (chosen.empty()) return true;
    } else if (document.is_mapping()) {
      if (Item* item = patched_by(document, items)) chosen.push_back(item);
    }
    if (chosen.empty()) return false;
    std::set<const Item*> deleted;
    for (Item* item : chosen) {
      if (document.is_sequence()) {
        if (!apply_operations(item->changed(), document)) return false;
      } else if (deletes_object(document)) {
        deleted.insert(item);
        continue;
      } else {
        const bool is_built_in = model::scope_of(item->group, item->kind) != model::Scope::Unknown;
        merge(item->changed(), document, is_built_in ? Lists::ByKey : Lists::Whole);
      }
      const Value& now = *item->value;
      item->kind = text_at(now, {"kind"});
      item->set_now({.name = std::string(text_at(now, {"metadata", "name"})),
                     .name_space = std::string(text_at(now, {"metadata", "namespace"}))});
    }
    std::vector<Item> left;
    for (Item& item : items) {
      if (!deleted.contains(&item)) left.push_back(std::move(item));
    }
    items = std::move(left);
    return true;
  }

  // Nothing when the selector says more than is understood here.
  static std::optional<bool> matches(const yaml::Tree& tree, yaml::NodeId target,
                                     const Item& item) {
    if (!selects(tree.string(target, {"group"}), item.group) ||
        !selects(tree.string(target, {"version"}), item.version) ||
        !selects(tree.string(target, {"kind"}), item.kind)) {
      return false;
    }
    const std::string_view name = tree.string(target, {"name"});
    const std::string_view space = tree.string(target, {"namespace"});
    const auto is_called = [&](const Identity& identity) {
      return selects(name, identity.name) && (selects(space, identity.name_space) ||
                                              selects(space, effective(identity.name_space)));
    };
    if (!is_called(item.now) && std::none_of(item.before.begin(), item.before.end(), is_called)) {
      return false;
    }
    bool all = true;
    for (const auto& [key, map] :
         {std::pair{"labelSelector", "labels"}, std::pair{"annotationSelector", "annotations"}}) {
      const std::string_view selector = tree.string(target, {key});
      if (selector.empty()) continue;
      const Value object =
          item.value ? *item.value : value_of(*item.original->tree, item.original->root);
      const Value* metadata = find(object, "metadata");
      const auto fits =
          selects_entries(selector, metadata == nullptr ? nullptr : find(*metadata, map));
      if (!fits) return std::nullopt;
      all = all && *fits;
    }
    return all;
  }

  // The object that a strategic merge patch names; null when there is not exactly one.
  static Item* patched_by(const Value& document, std::vector<Item>& items) {
    const Identity wanted{.name = std::string(text_at(document, {"metadata", "name"})),
                          .name_space = effective(text_at(document, {"metadata", "namespace"}))};
    const std::string group(model::group_of(text_at(document, {"apiVersion"})));
    const std::string_view kind = text_at(document, {"kind"});
    const auto is_same = [&](const Identity& each) {
      return each.name == wanted.name && effective(each.name_space) == wanted.name_space;
    };
    for (const bool now : {true, false}) {
      std::vector<Item*> found;
      for (Item& item : items) {
        if (item.group != group || item.kind != kind) continue;
        const bool fits =
            now ? is_same(item.now) : std::any_of(item.before.begin(), item.before.end(), is_same);
        if (fits) found.push_back(&item);
      }
      if (found.size() == 1) return found.front();
      if (found.size() > 1) return nullptr;
    }
    return nullptr;
  }

  static void set_namespace(const yaml::Tree& tree, yaml::NodeId node, std::vector<Item>& items) {
    if (!tree.is_scalar(node) || tree.node(node).text.empty()) return;
    const std::string name_space(tree.node(node).text);
    const Value value = value_of(tree, node);
    for (Item& item : items) {
      if (item.kind == "RoleBinding" || item.kind == "ClusterRoleBinding") {
        set_subjects(value, items, item);
      }
      if (item.kind == "Namespace" && item.group.empty()) {
        if (item.now.name == name_space) continue;
        Value& object = item.changed();
        Value& metadata = mapping_at(object, "metadata", object.node.span);
        set(metadata, text_value("name", value.node.span), value);
        item.set_now({.name = name_space});
        continue;
      }
      if (is_cluster_scoped(item) || item.now.name_space == name_space) continue;
      Value& object = item.changed();
      Value& metadata = mapping_at(object, "metadata", object.node.span);
      set(metadata, text_value("namespace", value.node.span), value);
      item.set_now({.name = item.now.name, .name_space = name_space});
    }
  }

  // The service accounts of a binding move with it: `default`, and those that are here.
  static void set_subjects(const Value& name_space, const std::vector<Item>& items, Item& item) {
    Value& object = item.changed();
    Value* subjects = find(object, "subjects");
    if (subjects == nullptr) return;
    for (Value& subject : subjects->children) {
      if (text_at(subject, {"kind"}) != "ServiceAccount") continue;
      const std::string_view name = text_at(subject, {"name"});
      const bool is_here = std::any_of(items.begin(), items.end(), [&](const Item& each) {
        return each.kind == "ServiceAccount" && each.now.name == name;
      });
      if (name != "default" && !is_here) continue;
      set(subject, text_value("namespace", name_space.node.span), name_space);
    }
  }

  static void rename(std::string_view prefix, std::string_view suffix, std::vector<Item>& items) {
    if (prefix.empty() && suffix.empty()) return;
    for (Item& item : items) {
      if (item.kind == "CustomResourceDefinition" || item.kind == "APIService" ||
          item.kind == "Namespace" || item.now.name.empty()) {
        continue;
      }
      const std::string name = std::string(prefix) + item.now.name + std::string(suffix);
      Value& object = item.changed();
      Value* metadata = find(object, "metadata");
      Value* written = metadata == nullptr ? nullptr : find(*metadata, "name");
      if (written == nullptr) continue;
      written->set_text(name);
      item.set_now({.name = name, .name_space = item.now.name_space});
    }
  }

  static void label(const yaml::Tree& tree, yaml::NodeId pairs, bool selectors, bool templates,
                    std::vector<Item>& items) {
    const auto entries = tree.entries(pairs);
    if (entries.empty()) return;
    const auto add = [&](Value& map) {
      for (const yaml::Entry& entry : entries) {
        set(map, value_of(tree, entry.key), value_of(tree, entry.value));
      }
    };
    constexpr std::array<std::string_view, 5> kWorkloads{"Deployment", "ReplicaSet", "DaemonSet",
                                                         "StatefulSet", "Job"};
    for (Item& item : items) {
      add_entries(tree, pairs, "labels", item);
      Value* spec = find(item.changed(), "spec");
      if (spec == nullptr || !spec->is_mapping()) continue;
      const bool is_workload =
          std::find(kWorkloads.begin(), kWorkloads.end(), item.kind) != kWorkloads.end();
      if (selectors && item.kind == "Service") {
        add(mapping_at(*spec, "selector", tree.node(pairs).span));
      }
      Value* selector = find(*spec, "selector");
      const bool has_labels = selector != nullptr && find(*selector, "matchLabels") != nullptr;
      if (selectors && (item.kind == "PodDisruptionBudget" || is_workload) && has_labels) {
        add(mapping_at(*selector, "matchLabels", tree.node(pairs).span));
      }
      Value* pod = find(*spec, "template");
      if (templates && is_workload && pod != nullptr && pod->is_mapping()) {
        Value& metadata = mapping_at(*pod, "metadata", tree.node(pairs).span);
        add(mapping_at(metadata, "labels", tree.node(pairs).span));
      }
    }
  }

  // Names of others follow what they name.
  static void refer(std::vector<Item>& items) {
    struct Known {
      std::string name;  // now
      std::size_t count = 0;
    };
    std::map<std::tuple<std::string, std::string>, Known> renamed;  // kind, earlier name
    std::set<std::tuple<std::string, std::string>> names;           // kind, name now
    for (const Item& item : items) {
      names.insert({item.kind, item.now.name});
      for (const Identity& each : item.before) {
        if (each.name == item.now.name) continue;
        Known& known = renamed[{item.kind, each.name}];
        if (known.name != item.now.name) ++known.count;
        known.name = item.now.name;
      }
    }
    if (renamed.empty()) return;
    for (Item& item : items) {
      // Only what does change is taken apart.
      Value copy = item.value ? *item.value : value_of(*item.original->tree, item.original->root);
      bool changes = false;
      visit_names(item.kind, copy, [&](const NameUse& use) {
        const std::tuple key(std::string(use.kind), std::string(use.name.text()));
        const auto found = renamed.find(key);
        if (found == renamed.end() || found->second.count > 1 || names.contains(key)) return;
        use.name.set_text(found->second.name);
        changes = true;
      });
      if (changes) item.value = std::move(copy);
    }
  }

  const Sources& sources_;
  Project& project_;
  std::map<source::FileId, std::vector<const yaml::Tree*>> trees_;
  std::set<std::string> open_;  // directories that are being accumulated
  Composition result_;
};

bool changes(const Sources& sources, const std::string& directory, std::set<std::string>& seen) {
  const Kustomization* kustomization = sources.kustomization(directory);
  if (kustomization == nullptr || !seen.insert(directory).second) return false;
  constexpr std::array<std::string_view, 12> kChanging{
      "namespace",       "namePrefix",         "nameSuffix",      "labels",
      "commonLabels",    "commonAnnotations",  "patches",         "patchesStrategicMerge",
      "patchesJson6902", "configMapGenerator", "secretGenerator", "components"};
  const yaml::Tree& tree = *kustomization->tree;
  if (std::any_of(kChanging.begin(), kChanging.end(), [&](std::string_view key) {
        return tree.find(kustomization->root, key).valid();
      })) {
    return true;
  }
  return std::any_of(kustomization->resources.begin(), kustomization->resources.end(),
                     [&](const std::string& path) {
                       return changes(
                           sources, sources.canonical(join(kustomization->directory, path)), seen);
                     });
}

}  // namespace

bool changes_anything(const Sources& sources, const std::string& directory) {
  std::set<std::string> seen;
  return changes(sources, directory, seen);
}

Composition compose(const Sources& sources, const std::string& directory, Project& project) {
  return Composer(sources, project).take(directory);
}

}  // namespace wavetank::load::kustomize
