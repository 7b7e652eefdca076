#include "cluster/api/object/merge.h"

#include <algorithm>

#include "health/object_view.h"

namespace wavetank::cluster::api {

using nlohmann::json;

namespace {

const json& member(const json& object, const std::string& name) {
  static const json null;
  if (!object.is_object()) return null;
  const auto found = object.find(name);
  return found == object.end() ? null : *found;
}

// The item of `items` with the same `key`; -1 when there is none.
std::ptrdiff_t index_of(const json& items, const std::string& key, const json& value) {
  if (!items.is_array()) return -1;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (key.empty() ? items[i] == value : member(items[i], key) == value) {
      return static_cast<std::ptrdiff_t>(i);
    }
  }
  return -1;
}

const json& identity(const json& item, const std::string& key) {
  return key.empty() ? item : member(item, key);
}

bool all_have_key(const json& items, const std::string& key) {
  return std::all_of(items.begin(), items.end(),
                     [&](const json& item) { return item.is_object() && item.contains(key); });
}

class Merger {
 public:
  bool is_changed = false;

  json merge(const Type* type, bool retains_keys, const json& last, const json& manifest,
             const json& live) {
    if (!manifest.is_object() || !live.is_object()) {
      is_changed = is_changed || manifest != live;
      return without_nulls(manifest);
    }
    const bool outer = std::exchange(is_changed, false);
    json result = live;
    for (const auto& [name, value] : manifest.items()) {
      merge_member(type, last, name, value, result);
    }
    if (last.is_object()) {
      for (const auto& [name, value] : last.items()) {
        if (!manifest.contains(name) && result.contains(name)) {
          result.erase(name);
          is_changed = true;
        }
      }
    }
    // retainKeys: once anything is patched, only what the manifest names stays.
    if (retains_keys && is_changed) {
      for (const auto& [name, value] : live.items()) {
        if (!manifest.contains(name)) result.erase(name);
      }
    }
    is_changed = is_changed || outer;
    return result;
  }

 private:
  static json without_nulls(const json& value) {
    if (!value.is_object()) return value;
    json result = json::object();
    for (const auto& [name, each] : value.items()) {
      if (!each.is_null()) result[name] = without_nulls(each);
    }
    return result;
  }

  void merge_member(const Type* type, const json& last, const std::string& name, const json& value,
                    json& result) {
    if (value.is_null()) {
      result.erase(name);
      is_changed = true;
      return;
    }
    const auto present = result.find(name);
    if (present == result.end() || present->is_null()) {
      result[name] = without_nulls(value);
      is_changed = true;
      return;
    }
    const Field* field =
        type != nullptr && type->shape == Shape::Struct ? type->field(name) : nullptr;
    const Type* below = field != nullptr ? field->type : nullptr;
    if (type != nullptr && type->shape == Shape::Map) below = type->element;
    if (value.is_array() && present->is_array()) {
      *present = merge_list(field, member(last, name), value, *present);
    } else {
      *present = merge(below, field != nullptr && field->retains_keys && value.is_object(),
                       member(last, name), value, *present);
    }
  }

  json merge_list(const Field* field, const json& last, const json& manifest, const json& live) {
    const bool keyed = field != nullptr && field->merges &&
                       (field->merge_key.empty() || (all_have_key(manifest, field->merge_key) &&
                                                     all_have_key(live, field->merge_key)));
    if (!keyed) {
      is_changed = is_changed || manifest != live;
      return manifest;
    }
    const bool outer = std::exchange(is_changed, false);
    json result = merge_items(*field, last, manifest, live);
    // kubectl sends the order of the items whenever there are more or fewer of them, so that an
    // item of somebody else makes every apply a patch. Source: strategicpatch.isOrderSame.
    is_changed = is_changed || (!field->merge_key.empty() && manifest.size() != live.size());
    if (is_changed) result = in_order(field->merge_key, manifest, live, result);
    is_changed = is_changed || outer;
    return result;
  }

  json merge_items(const Field& field, const json& last, const json& manifest, const json& live) {
    const std::string& key = field.merge_key;
    json result = json::array();
    for (const json& item : live) {
      const json& id = identity(item, key);
      const bool was_applied = index_of(last, key, id) >= 0;
      if (was_applied && index_of(manifest, key, id) < 0) {
        is_changed = true;
      } else {
        result.push_back(item);
      }
    }
    std::ptrdiff_t position = -1;
    for (std::size_t i = 0; i < manifest.size(); ++i) {
      const json& id = identity(manifest[i], key);
      const bool is_repeated = index_of(manifest, key, id) < static_cast<std::ptrdiff_t>(i);
      const auto found = index_of(result, key, id);
      if (found < 0) {
        result.push_back(without_nulls(manifest[i]));
        is_changed = true;
        continue;
      }
      // Items in another order than the live ones are a change, too.
      if (found < position || is_repeated) is_changed = true;
      position = std::max(position, found);
      // Of items with equal keys the first one wins, silently; it was measured.
      if (key.empty() || is_repeated) continue;
      json& item = result[static_cast<std::size_t>(found)];
      const auto old = index_of(last, key, id);
      item = merge(field.type->element, field.retains_keys,
                   old < 0 ? json() : last[static_cast<std::size_t>(old)], manifest[i], item);
    }
    return result;
  }

  // Items of the manifest in its order, those of others where they stood between them.
  // Source: strategicpatch.mergeSortedSlice.
  static json in_order(const std::string& key, const json& manifest, const json& live,
                       const json& merged) {
    json ours = json::array();
    json others = json::array();
    for (const json& item : manifest) {
      const auto found = index_of(merged, key, identity(item, key));
      if (found >= 0 && index_of(ours, key, identity(item, key)) < 0) {
        ours.push_back(merged[static_cast<std::size_t>(found)]);
      }
    }
    for (const json& item : merged) {
      if (index_of(manifest, key, identity(item, key)) < 0) others.push_back(item);
    }
    json result = json::array();
    std::size_t left = 0;
    std::size_t right = 0;
    while (left < others.size() || right < ours.size()) {
      bool takes_left = right >= ours.size();
      if (!takes_left && left < others.size()) {
        const auto a = index_of(live, key, identity(others[left], key));
        const auto b = index_of(live, key, identity(ours[right], key));
        takes_left = a >= 0 && b >= 0 && a < b;
      }
      result.push_back(takes_left ? others[left++] : ours[right++]);
    }
    return result;
  }
};

void strategic_list(const Field& field, json& live, const json& patch) {
  for (const json& item : patch) {
    const json& id = identity(item, field.merge_key);
    const auto found = index_of(live, field.merge_key, id);
    const std::string directive = health::text(item, "/$patch");
    if (directive == "delete") {
      if (found >= 0) live.erase(live.begin() + found);
    } else if (found < 0) {
      live.push_back(item);
    } else if (!field.merge_key.empty()) {
      json& target = live[static_cast<std::size_t>(found)];
      target = strategic_merge(field.type->element, std::move(target), item);
    }
  }
}

}  // namespace

ThreeWay three_way_merge(const Type* type, const json& last, const json& manifest,
                         const json& live) {
  Merger merger;
  ThreeWay result;
  result.object = merger.merge(type, false, last, manifest, live);
  result.is_changed = merger.is_changed;
  return result;
}

json merge_patch(json object, const json& patch) {
  if (!patch.is_object()) return patch;
  if (!object.is_object()) object = json::object();
  for (const auto& [name, value] : patch.items()) {
    if (value.is_null()) {
      object.erase(name);
    } else {
      json old = object.contains(name) ? std::move(object[name]) : json();
      object[name] = merge_patch(std::move(old), value);
    }
  }
  return object;
}

json strategic_merge(const Type* type, json object, const json& patch) {
  if (!patch.is_object()) return patch;
  if (!object.is_object()) object = json::object();
  for (const auto& [name, value] : patch.items()) {
    if (name.starts_with('$')) continue;
    const Field* field =
        type != nullptr && type->shape == Shape::Struct ? type->field(name) : nullptr;
    if (value.is_null()) {
      object.erase(name);
    } else if (value.is_array() && field != nullptr && field->merges && object.contains(name) &&
               object[name].is_array()) {
      strategic_list(*field, object[name], value);
    } else {
      json old = object.contains(name) ? std::move(object[name]) : json();
      object[name] =
          strategic_merge(field != nullptr ? field->type : nullptr, std::move(old), value);
    }
  }
  return object;
}

namespace {

// nlohmann's own `patch` reports failure by exceptions; these walk the pointer by hand.
struct Place {
  json* parent = nullptr;
  std::string name;
};

std::optional<Place> find_place(json& object, std::string_view pointer) {
  Place place{&object, ""};
  bool first = true;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const auto slash = pointer.find('/');
    std::string name(pointer.substr(0, slash));
    for (auto at = name.find('~'); at != std::string::npos; at = name.find('~', at + 1)) {
      name.replace(at, 2, name.compare(at, 2, "~1") == 0 ? "/" : "~");
    }
    pointer = slash == std::string_view::npos ? std::string_view{} : pointer.substr(slash);
    if (!first) {
      json& parent = *place.parent;
      if (parent.is_object() && parent.contains(place.name)) {
        place.parent = &parent[place.name];
      } else if (parent.is_array() && !place.name.empty() &&
                 place.name.find_first_not_of("0123456789") == std::string::npos &&
                 place.name.size() < 9 && std::stoul(place.name) < parent.size()) {
        place.parent = &parent[std::stoul(place.name)];
      } else {
        return std::nullopt;
      }
    }
    first = false;
    place.name = std::move(name);
  }
  return place;
}

bool apply_operation(json& object, const json& operation) {
  const std::string op = health::text(operation, "/op");
  const auto place = find_place(object, health::text(operation, "/path"));
  if (!place) return false;
  json& parent = *place->parent;
  const json value = health::at(operation, "/value");
  if (parent.is_array()) {
    const bool is_end = place->name == "-";
    const bool is_index = !place->name.empty() && place->name.size() < 9 &&
                          place->name.find_first_not_of("0123456789") == std::string::npos;
    const std::size_t index = is_index ? std::stoul(place->name) : parent.size();
    if (!is_end && !is_index) return false;
    if (op == "add" && index <= parent.size()) {
      parent.insert(parent.begin() + static_cast<std::ptrdiff_t>(index), value);
      return true;
    }
    if (index >= parent.size()) return false;
    if (op == "remove") {
      parent.erase(parent.begin() + static_cast<std::ptrdiff_t>(index));
    } else if (op == "replace") {
      parent[index] = value;
    }
    return op == "remove" || op == "replace" || (op == "test" && parent[index] == value);
  }
  if (!parent.is_object()) return false;
  if (op == "add") {
    parent[place->name] = value;
    return true;
  }
  if (!parent.contains(place->name)) return false;
  if (op == "remove") {
    parent.erase(place->name);
    return true;
  }
  if (op == "replace") {
    parent[place->name] = value;
    return true;
  }
  return op == "test" && parent[place->name] == value;
}

}  // namespace

std::optional<json> json_patch(json object, const json& patch) {
  if (!patch.is_array()) return std::nullopt;
  for (const json& operation : patch) {
    if (!operation.is_object() || !apply_operation(object, operation)) return std::nullopt;
  }
  return object;
}

}  // namespace wavetank::cluster::api
