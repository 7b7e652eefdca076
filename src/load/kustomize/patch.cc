#include "load/kustomize/patch.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace wavetank::load::kustomize {

namespace {

// By which key the items of a list are told apart. Source: the patchMergeKey tags of k8s.io/api.
std::string_view merge_key_of(std::string_view list, const Value& items) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 13> kKeys{{
      {"containers", "name"},
      {"initContainers", "name"},
      {"ephemeralContainers", "name"},
      {"env", "name"},
      {"volumes", "name"},
      {"imagePullSecrets", "name"},
      {"secrets", "name"},
      {"volumeMounts", "mountPath"},
      {"volumeDevices", "devicePath"},
      {"hostAliases", "ip"},
      {"webhooks", "name"},
      {"topologySpreadConstraints", "topologyKey"},
      {"ownerReferences", "uid"},
  }};
  if (list == "ports") {
    const bool is_container =
        std::any_of(items.children.begin(), items.children.end(),
                    [](const Value& item) { return find(item, "containerPort") != nullptr; });
    return is_container ? "containerPort" : "port";
  }
  const auto found =
      std::find_if(kKeys.begin(), kKeys.end(), [&](const auto& row) { return row.first == list; });
  return found == kKeys.end() ? std::string_view{} : found->second;
}

// A patch as a value of its own: directives and nulls are no content.
Value content_of(const Value& patch) {
  Value value = patch;
  value.children.clear();
  if (patch.is_mapping()) {
    for (std::size_t i = 0; i + 1 < patch.children.size(); i += 2) {
      const Value& item = patch.children[i + 1];
      if (patch.children[i].text().starts_with("$") || item.is_null()) continue;
      value.children.push_back(patch.children[i]);
      value.children.push_back(content_of(item));
    }
    return value;
  }
  for (const Value& item : patch.children) {
    if (text_at(item, {"$patch"}).empty()) value.children.push_back(content_of(item));
  }
  return value;
}

void merge_value(Value& target, const Value& patch, Lists lists, std::string_view name);

void merge_list(Value& target, const Value& patch, Lists lists, std::string_view name) {
  const std::string_view key =
      lists == Lists::ByKey ? merge_key_of(name, patch) : std::string_view{};
  const bool replaces =
      std::any_of(patch.children.begin(), patch.children.end(), [](const Value& item) {
        return item.is_mapping() && text_at(item, {"$patch"}) == "replace";
      });
  if (name == "finalizers" && lists == Lists::ByKey) {
    for (const Value& item : patch.children) {
      const bool has = std::any_of(target.children.begin(), target.children.end(),
                                   [&](const Value& each) { return each.text() == item.text(); });
      if (!has) target.children.push_back(item);
    }
    return;
  }
  if (key.empty() || replaces) {
    target = content_of(patch);
    return;
  }
  for (const Value& item : patch.children) {
    const std::string_view id = text_at(item, {key});
    const auto same = std::find_if(target.children.begin(), target.children.end(),
                                   [&](const Value& each) { return text_at(each, {key}) == id; });
    if (text_at(item, {"$patch"}) == "delete") {
      if (same != target.children.end()) target.children.erase(same);
    } else if (same == target.children.end()) {
      target.children.push_back(content_of(item));
    } else {
      merge_value(*same, item, lists, "");
    }
  }
}

void merge_value(Value& target, const Value& patch, Lists lists, std::string_view name) {
  if (patch.is_sequence() && target.is_sequence()) return merge_list(target, patch, lists, name);
  if (!patch.is_mapping() || !target.is_mapping() || text_at(patch, {"$patch"}) == "replace") {
    target = content_of(patch);
    return;
  }
  for (std::size_t i = 0; i + 1 < patch.children.size(); i += 2) {
    const Value& key = patch.children[i];
    const Value& value = patch.children[i + 1];
    if (key.text().starts_with("$")) continue;
    Value* old = find(target, key.text());
    if (value.is_null() || (value.is_mapping() && text_at(value, {"$patch"}) == "delete")) {
      remove(target, key.text());
    } else if (old == nullptr || value.is_scalar()) {
      set(target, key, content_of(value));
    } else {
      merge_value(*old, value, lists, key.text());
    }
  }
}

// "a~1b" -> "a/b"
std::string unescaped(std::string_view part) {
  std::string result;
  for (std::size_t i = 0; i < part.size(); ++i) {
    const bool escapes = part[i] == '~' && i + 1 < part.size();
    if (escapes && part[i + 1] == '1') {
      result += '/';
      ++i;
    } else if (escapes && part[i + 1] == '0') {
      result += '~';
      ++i;
    } else {
      result += part[i];
    }
  }
  return result;
}

// The index that a part of a path names; the size for "-"; beyond it for what is none.
std::size_t index_in(const Value& list, std::string_view part) {
  if (part == "-") return list.children.size();
  std::size_t index = 0;
  const auto read = std::from_chars(part.data(), part.data() + part.size(), index);
  if (read.ec != std::errc{} || read.ptr != part.data() + part.size()) {
    return list.children.size() + 1;
  }
  return index;
}

Value* child_of(Value& value, const std::string& part) {
  if (value.is_mapping()) return find(value, part);
  const std::size_t index = index_in(value, part);
  return value.is_sequence() && index < value.children.size() ? &value.children[index] : nullptr;
}

bool apply(Value& object, const Value& operation) {
  const std::string_view name = text_at(operation, {"op"});
  const Value* path = find(operation, "path");
  const Value* value = find(operation, "value");
  if (path == nullptr || !path->text().starts_with("/")) return false;
  if (name == "test") return true;
  std::vector<std::string> parts;
  for (std::string_view rest = path->text().substr(1);;) {
    const auto slash = rest.find('/');
    parts.push_back(unescaped(rest.substr(0, slash)));
    if (slash == std::string_view::npos) break;
    rest.remove_prefix(slash + 1);
  }
  Value* at = &object;
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    at = child_of(*at, parts[i]);
    if (at == nullptr) return false;
  }
  const std::string& last = parts.back();
  Value* old = child_of(*at, last);
  if (name == "remove") {
    if (old == nullptr) return false;
    if (at->is_mapping()) {
      remove(*at, last);
    } else {
      at->children.erase(at->children.begin() + (old - at->children.data()));
    }
    return true;
  }
  if ((name != "add" && name != "replace") || value == nullptr) return false;
  if (name == "replace" && old == nullptr) return false;
  if (at->is_mapping()) {
    // The key stands in the path.
    set(*at, text_value(last, path->node.span), *value);
    return true;
  }
  if (!at->is_sequence()) return false;
  if (name == "replace") {
    *old = *value;
    return true;
  }
  const std::size_t index = index_in(*at, last);
  if (index > at->children.size()) return false;
  at->children.insert(at->children.begin() + static_cast<std::ptrdiff_t>(index), *value);
  return true;
}

}  // namespace

bool deletes_object(const Value& patch) { return text_at(patch, {"$patch"}) == "delete"; }

void merge(Value& object, const Value& patch, Lists lists) {
  Value rest = patch;
  for (const std::string_view key : {"apiVersion", "kind"}) remove(rest, key);
  if (Value* metadata = find(rest, "metadata")) {
    for (const std::string_view key : {"name", "namespace"}) remove(*metadata, key);
  }
  merge_value(object, rest, lists, "");
}

bool apply_operations(Value& object, const Value& operations) {
  return std::all_of(operations.children.begin(), operations.children.end(),
                     [&](const Value& each) { return apply(object, each); });
}

}  // namespace wavetank::load::kustomize
