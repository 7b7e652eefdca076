#include "cluster/api/object/field_owners.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>

namespace wavetank::cluster::api {

using nlohmann::json;

namespace {

constexpr char kJoint = '\x1f';

std::string below(const std::string& path, const std::string& element) {
  return path.empty() ? element : path + kJoint + element;
}

// The keys of an item of a keyed list, with the one default that keys have.
json item_keys(const Type& type, const json& item) {
  json keys = json::object();
  for (const std::string& key : type.keys) {
    if (item.is_object() && item.contains(key)) {
      keys[key] = item.at(key);
    } else if (key == "protocol") {
      keys[key] = "TCP";
    }
  }
  return keys;
}

std::string item_element(const Type& type, const json& item) {
  return type.is_set ? "v:" + item.dump() : "k:" + item_keys(type, item).dump();
}

// What belongs to the server, not to managers. Source: fieldmanager's stripmeta.go and the
// ResetFields of the strategies.
bool is_stripped(const std::string& path) {
  static constexpr std::array<std::string_view, 11> kStripped{"f:apiVersion",
                                                              "f:kind",
                                                              "f:metadata",
                                                              "f:metadata\x1f"
                                                              "f:name",
                                                              "f:metadata\x1f"
                                                              "f:namespace",
                                                              "f:metadata\x1f"
                                                              "f:uid",
                                                              "f:metadata\x1f"
                                                              "f:resourceVersion",
                                                              "f:metadata\x1f"
                                                              "f:generation",
                                                              "f:metadata\x1f"
                                                              "f:creationTimestamp",
                                                              "f:metadata\x1f"
                                                              "f:deletionTimestamp",
                                                              "f:metadata\x1f"
                                                              "f:deletionGracePeriodSeconds"};
  return std::find(kStripped.begin(), kStripped.end(), path) != kStripped.end() ||
         path.starts_with(
             "f:metadata\x1f"
             "f:managedFields");
}

// How a map treats its members: known fields are mere steps, members of real maps are fields
// themselves.
enum class Nodes : std::uint8_t {
  Applied,  // what a manifest names: leaves, items, members of maps
  All,      // also the maps and lists that hold them, as plain writes own them
};

class Flattener {
 public:
  explicit Flattener(Nodes nodes) : nodes_(nodes) {}

  void visit(const Type* type, const json& value, const std::string& path) {
    const Shape shape = type == nullptr ? Shape::Any : type->shape;
    const bool is_atomic = type != nullptr && type->is_atomic && !path.empty();
    if (value.is_object() && !is_atomic && shape != Shape::List) {
      visit_object(type, shape, value, path);
    } else if (value.is_array() && shape == Shape::List && !is_atomic) {
      if (nodes_ == Nodes::All) leaf(path, json());
      for (const json& item : value) {
        const std::string item_path = below(path, item_element(*type, item));
        leaf(item_path, type->is_set ? item : json());
        if (!type->is_set) visit(type->element, item, item_path);
      }
    } else {
      leaf(path, value);
    }
  }

  std::map<std::string, json> take() { return std::move(leaves_); }

 private:
  void visit_object(const Type* type, Shape shape, const json& value, const std::string& path) {
    const bool is_map = shape == Shape::Map || shape == Shape::Any;
    // Structs of custom resources may be absent, so that having one is a field as well.
    const bool is_optional = is_map || (type != nullptr && !type->rules.is_null());
    if (value.empty() || (is_optional && nodes_ == Nodes::All)) leaf(path, json());
    for (const auto& [name, member] : value.items()) {
      const std::string member_path = below(path, "f:" + name);
      if (is_map) {
        if (member.is_object()) leaf(member_path, json());
        visit(shape == Shape::Map ? type->element : nullptr, member, member_path);
        continue;
      }
      const Field* field = type->field(name);
      visit(field == nullptr ? nullptr : field->type, member, member_path);
    }
  }

  void leaf(const std::string& path, const json& value) {
    if (!path.empty() && !is_stripped(path)) leaves_.emplace(path, value);
  }

  Nodes nodes_;
  std::map<std::string, json> leaves_;
};

std::map<std::string, json> flatten(const Type& type, const json& object, Nodes nodes) {
  Flattener flattener(nodes);
  if (object.is_object()) flattener.visit(&type, object, "");
  return flattener.take();
}

FieldSet keys_of(const std::map<std::string, json>& leaves) {
  FieldSet set;
  for (const auto& [path, value] : leaves) set.insert(set.end(), path);
  return set;
}

struct Difference {
  FieldSet changed;  // added or of another value
  FieldSet removed;
};

Difference compare(const Type& type, const json& before, const json& after) {
  const auto old_leaves = flatten(type, before, Nodes::All);
  const auto new_leaves = flatten(type, after, Nodes::All);
  Difference difference;
  for (const auto& [path, value] : new_leaves) {
    const auto found = old_leaves.find(path);
    if (found == old_leaves.end() || found->second != value) difference.changed.insert(path);
  }
  for (const auto& [path, value] : old_leaves) {
    if (!new_leaves.contains(path)) difference.removed.insert(path);
  }
  return difference;
}

void subtract(FieldSet& from, const FieldSet& what) {
  for (const std::string& path : what) from.erase(path);
}

FieldOwner* find_owner(FieldOwners& owners, std::string_view manager, bool applies,
                       std::string_view subresource) {
  for (FieldOwner& owner : owners) {
    if (owner.manager == manager && owner.applies == applies && owner.subresource == subresource) {
      return &owner;
    }
  }
  return nullptr;
}

FieldOwner& owner_of(FieldOwners& owners, std::string_view manager, bool applies,
                     std::string_view subresource) {
  if (FieldOwner* found = find_owner(owners, manager, applies, subresource)) return *found;
  owners.push_back({.manager = std::string(manager),
                    .applies = applies,
                    .subresource = std::string(subresource)});
  return owners.back();
}

void drop_empty(FieldOwners& owners) {
  std::erase_if(owners, [](const FieldOwner& owner) { return owner.fields.empty(); });
}

// Whether `set` holds `path` or anything below it.
bool touches(const FieldSet& set, const std::string& path) {
  const auto found = set.lower_bound(path);
  return found != set.end() &&
         (*found == path || (found->starts_with(path) && (*found)[path.size()] == kJoint));
}

// The typed merge of an apply: what the manifest names wins, keyed items meet by their keys.
json merge_applied(const Type* type, const json& live, const json& manifest) {
  const Shape shape = type == nullptr ? Shape::Any : type->shape;
  const bool is_atomic = type != nullptr && type->is_atomic;
  if (manifest.is_object() && live.is_object() && !is_atomic && shape != Shape::List) {
    json result = live;
    for (const auto& [name, value] : manifest.items()) {
      const Field* field = shape == Shape::Struct ? type->field(name) : nullptr;
      const Type* member =
          shape == Shape::Map ? type->element : (field == nullptr ? nullptr : field->type);
      result[name] = result.contains(name) ? merge_applied(member, result[name], value) : value;
    }
    return result;
  }
  if (!manifest.is_array() || !live.is_array() || shape != Shape::List || is_atomic) {
    return manifest;
  }
  // Items in the order of the manifest; those of others stay in front of what they preceded.
  const auto find = [&](const json& items, const std::string& element) {
    return std::find_if(items.begin(), items.end(),
                        [&](const json& each) { return item_element(*type, each) == element; });
  };
  json result = json::array();
  std::size_t left = 0;
  std::size_t right = 0;
  while (left < live.size() || right < manifest.size()) {
    if (left < live.size() && find(manifest, item_element(*type, live[left])) == manifest.end()) {
      result.push_back(live[left++]);
    } else if (right < manifest.size()) {
      const json& item = manifest[right++];
      const auto found = find(live, item_element(*type, item));
      const bool merges = found != live.end() && !type->is_set;
      result.push_back(merges ? merge_applied(type->element, *found, item) : item);
      if (found != live.end() && left < live.size() && *found == live[left]) ++left;
    } else {
      ++left;
    }
  }
  return result;
}

// Removes the fields of `gone` from `value`; what becomes empty by it goes, too.
void remove_fields(const Type* type, json& value, const std::string& path, const FieldSet& gone,
                   const FieldSet& kept) {
  const Shape shape = type == nullptr ? Shape::Any : type->shape;
  if (type != nullptr && type->is_atomic && !path.empty()) return;
  if (value.is_object() && shape != Shape::List) {
    for (auto member = value.begin(); member != value.end();) {
      const std::string member_path = below(path, "f:" + member.key());
      if (!touches(gone, member_path)) {
        ++member;
        continue;
      }
      const Field* field = shape == Shape::Struct ? type->field(member.key()) : nullptr;
      const Type* member_type =
          shape == Shape::Map ? type->element : (field == nullptr ? nullptr : field->type);
      const bool is_held = touches(kept, member_path);
      bool goes = gone.contains(member_path) && !is_held;
      if (!goes) {
        remove_fields(member_type, *member, member_path, gone, kept);
        goes = (member->is_object() || member->is_array()) && member->empty() && !is_held;
      }
      member = goes ? value.erase(member) : std::next(member);
    }
  } else if (value.is_array() && shape == Shape::List) {
    for (auto item = value.begin(); item != value.end();) {
      const std::string item_path = below(path, item_element(*type, *item));
      if (gone.contains(item_path) && !touches(kept, item_path)) {
        item = value.erase(item);
        continue;
      }
      if (!type->is_set) remove_fields(type->element, *item, item_path, gone, kept);
      ++item;
    }
  }
}

// ".spec.template.spec.containers[name=\"main\"].image"
std::string readable(const std::string& path) {
  std::string result;
  std::string_view rest = path;
  while (!rest.empty()) {
    const auto joint = std::min(rest.find(kJoint), rest.size());
    const std::string_view element = rest.substr(0, joint);
    rest.remove_prefix(std::min(joint + 1, rest.size()));
    const std::string_view content = element.substr(2);
    if (element.front() == 'f') {
      result += "." + std::string(content);
    } else if (element.front() == 'v') {
      result += "[=" + std::string(content) + "]";
    } else {
      const json keys = json::parse(content, nullptr, false);
      std::vector<std::string> parts;
      for (const auto& [name, value] : keys.items()) parts.push_back(name + "=" + value.dump());
      result += fmt::format("[{}]", fmt::join(parts, ","));
    }
  }
  return result;
}

class TypedChecker {
 public:
  std::vector<std::string> errors;

  void visit(const Type* type, const json& value, const std::string& path) {
    if (type == nullptr || value.is_null()) return;
    switch (type->shape) {
      case Shape::Struct: visit_struct(*type, value, path); return;
      case Shape::Map:
        if (!expects(value.is_object(), "map", value, path)) return;
        for (const auto& [name, member] : value.items()) {
          visit(type->element, member, path + "." + name);
        }
        return;
      case Shape::List: visit_list(*type, value, path); return;
      case Shape::String:
      case Shape::Bytes:
        if (!value.is_string()) {
          add(path, fmt::format("expected string, got &value.valueUnstructured{{Value:{}}}",
                                go_syntax(value)));
        }
        return;
      case Shape::Int32:
      case Shape::Int64:
      case Shape::Number:
        if (!value.is_number()) {
          add(path, fmt::format("expected numeric (int or float), got {}", go_name(value)));
        }
        return;
      case Shape::Bool:
        if (!value.is_boolean()) {
          add(path, fmt::format("expected boolean, got &{{{}}}", plain(value)));
        }
        return;
      case Shape::Time:
      case Shape::Quantity:
      case Shape::IntOrString:
      case Shape::Any: return;
    }
  }

 private:
  static std::string plain(const json& value) {
    return value.is_string() ? value.get<std::string>() : value.dump();
  }
  static std::string_view go_name(const json& value) {
    if (value.is_string()) return "string";
    if (value.is_boolean()) return "bool";
    if (value.is_array()) return "[]interface {}";
    if (value.is_object()) return "map[string]interface {}";
    return value.is_number_float() ? "float64" : "int64";
  }
  static std::string go_syntax(const json& value) {
    if (value.is_array()) {
      std::vector<std::string> items;
      for (const json& item : value) items.push_back(go_syntax(item));
      return fmt::format("[]interface {{}}{{{}}}", fmt::join(items, ", "));
    }
    if (value.is_object()) {
      std::vector<std::string> members;
      for (const auto& [name, member] : value.items()) {
        members.push_back(fmt::format("\"{}\":{}", name, go_syntax(member)));
      }
      return fmt::format("map[string]interface {{}}{{{}}}", fmt::join(members, ", "));
    }
    return value.is_null() ? "interface {}(nil)" : value.dump();
  }

  void add(const std::string& path, std::string_view text) {
    errors.push_back(fmt::format("{}: {}", path, text));
  }

  bool expects(bool holds, std::string_view what, const json& value, const std::string& path) {
    if (holds) return true;
    std::vector<std::string> items;
    if (value.is_array()) {
      for (const json& item : value) items.push_back(plain(item));
      add(path, fmt::format("expected {}, got &{{[{}]}}", what, fmt::join(items, " ")));
    } else {
      add(path, fmt::format("expected {}, got &{{{}}}", what, plain(value)));
    }
    return false;
  }

  void visit_struct(const Type& type, const json& value, const std::string& path) {
    if (!expects(value.is_object(), "map", value, path)) return;
    for (const auto& [name, member] : value.items()) {
      const Field* field = type.field(name);
      if (field != nullptr) {
        visit(field->type, member, path + "." + name);
      } else if (!type.preserves_unknown) {
        add(path + "." + name, "field not declared in schema");
      }
    }
  }

  void visit_list(const Type& type, const json& value, const std::string& path) {
    if (!expects(value.is_array(), "list", value, path)) return;
    std::set<std::string> seen;
    std::set<std::string> told;
    for (std::size_t i = 0; i < value.size(); ++i) {
      std::string element = fmt::format("[{}]", i);
      if (!type.is_atomic) {
        const std::string id = item_element(type, value[i]);
        element = readable(id);
        if (!seen.insert(id).second && told.insert(id).second) {
          add(path, "duplicate entries for key " + element);
        }
      }
      visit(type.element, value[i], path + element);
    }
  }
};

}  // namespace

FieldOwners owners_after_update(const FieldOwners& owners, const Type& type, const json& before,
                                const json& after, std::string_view manager,
                                std::string_view subresource) {
  const Difference difference = compare(type, before, after);
  if (difference.changed.empty() && difference.removed.empty()) return owners;
  // Objects that nobody owned fields of are not tracked until somebody applies.
  if (owners.empty() && !before.is_null()) return owners;
  FieldOwners result = owners;
  for (FieldOwner& owner : result) {
    subtract(owner.fields, difference.changed);
    subtract(owner.fields, difference.removed);
  }
  FieldOwner& ours = owner_of(result, manager, false, subresource);
  ours.fields.insert(difference.changed.begin(), difference.changed.end());
  drop_empty(result);
  return result;
}

Applied apply_fields(const FieldOwners& owners, const Type& type, const json& live,
                     const json& manifest, std::string_view manager) {
  Applied result;
  const FieldSet wanted = keys_of(flatten(type, manifest, Nodes::Applied));
  FieldSet kept = wanted;
  FieldSet last;
  FieldOwners known = owners;
  if (owners.empty() && live.is_object()) {
    known.push_back(
        {.manager = "before-first-apply", .fields = keys_of(flatten(type, live, Nodes::All))});
  }
  for (const FieldOwner& owner : known) {
    if (owner.applies && owner.manager == manager && owner.subresource.empty()) {
      last = owner.fields;
    } else {
      kept.insert(owner.fields.begin(), owner.fields.end());
    }
  }
  subtract(last, wanted);
  result.object = live.is_object() ? merge_applied(&type, live, manifest) : manifest;
  if (!last.empty()) remove_fields(&type, result.object, "", last, kept);

  const Difference difference = compare(type, live, result.object);
  result.owners = std::move(known);
  for (FieldOwner& owner : result.owners) {
    if (owner.applies && owner.manager == manager && owner.subresource.empty()) continue;
    OwnershipConflict conflict{
        .manager = owner.manager, .applies = owner.applies, .subresource = owner.subresource};
    for (const std::string& path : owner.fields) {
      if (difference.changed.contains(path)) conflict.fields.push_back(readable(path));
    }
    if (!conflict.fields.empty()) result.conflicts.push_back(std::move(conflict));
    subtract(owner.fields, difference.changed);
    subtract(owner.fields, difference.removed);
  }
  owner_of(result.owners, manager, true, "").fields = wanted;
  drop_empty(result.owners);
  return result;
}

bool migrate_owner(FieldOwners& owners, std::string_view from, std::string_view to) {
  const FieldOwner* old = find_owner(owners, from, false, "");
  if (old == nullptr) return false;
  const FieldSet fields = old->fields;
  std::erase_if(owners, [&](const FieldOwner& owner) {
    return owner.manager == from && !owner.applies && owner.subresource.empty();
  });
  FieldOwner& applied = owner_of(owners, to, true, "");
  applied.fields.insert(fields.begin(), fields.end());
  return true;
}

const FieldOwner* update_owner_of(const FieldOwners& owners, std::string_view path) {
  for (const FieldOwner& owner : owners) {
    if (!owner.applies && owner.fields.contains(std::string(path))) return &owner;
  }
  return nullptr;
}

std::vector<std::string> typed_errors(const Type& type, const json& manifest) {
  TypedChecker checker;
  checker.visit(&type, manifest, "");
  return std::move(checker.errors);
}

namespace {

std::string pointer_token(std::string token) {
  std::string escaped;
  for (const char c : token) {
    if (c == '~')
      escaped += "~0";
    else if (c == '/')
      escaped += "~1";
    else
      escaped += c;
  }
  return escaped;
}

// The index of the item of a list that an element names, by its keys or its value.
std::optional<std::size_t> item_index(const json& list, std::string_view element) {
  const json wanted = json::parse(element.substr(2), nullptr, false);
  if (!list.is_array() || wanted.is_discarded()) return std::nullopt;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (element.starts_with("v:") && list[i] == wanted) return i;
    if (!element.starts_with("k:") || !list[i].is_object()) continue;
    const bool fits =
        std::all_of(wanted.items().begin(), wanted.items().end(), [&](const auto& key) {
          return list[i].contains(key.key()) && list[i].at(key.key()) == key.value();
        });
    if (fits) return i;
  }
  return std::nullopt;
}

// Nothing when `live` has no such field.
std::optional<std::string> pointer_of(std::string_view path, const json& live) {
  std::string pointer;
  const json* current = &live;
  while (!path.empty()) {
    const auto end = std::min(path.find('\x1f'), path.size());
    const std::string_view element = path.substr(0, end);
    path.remove_prefix(std::min(end + 1, path.size()));
    std::string token;
    if (element.starts_with("f:")) {
      token = element.substr(2);
      if (!current->is_object() || !current->contains(token)) return std::nullopt;
      current = &current->at(token);
    } else {
      const auto index = item_index(*current, element);
      if (!index) return std::nullopt;
      token = std::to_string(*index);
      current = &current->at(*index);
    }
    pointer += "/" + pointer_token(token);
  }
  return pointer;
}

}  // namespace

std::vector<std::string> owned_pointers(const FieldOwners& owners, std::string_view manager,
                                        const json& live) {
  std::vector<std::string> pointers;
  for (const FieldOwner& owner : owners) {
    if (owner.manager != manager) continue;
    for (const std::string& path : owner.fields) {
      if (auto pointer = pointer_of(path, live)) pointers.push_back(std::move(*pointer));
    }
  }
  return pointers;
}

}  // namespace wavetank::cluster::api
