// Notation of the type table: a line per type, `Name field:type ...`; continuation lines begin with
// a blank. Types: s string, y bytes, t time, q quantity, x int or string, i int32, l int64,
// n number, b boolean, * anything, `[T` list of T, `<T` map of T, otherwise the name of a type.
// Behind a type: `{a,b}` a list keyed by a and b for server-side apply, `{}` a set, `!` atomic,
// `~key` merged by key in strategic merges (`~` alone: as a set), `@` retainKeys, `+` required.
#include "cluster/api/schema/schema.h"

#include <algorithm>

#include "health/object_view.h"

namespace wavetank::cluster::api {

extern const std::string_view kTypeTable;

namespace {

using nlohmann::json;

class TableReader {
 public:
  explicit TableReader(Schema& schema) : schema_(schema) {
    for (int i = 0; i < 128; ++i) scalars_[i] = nullptr;
    const auto scalar = [&](char letter, Shape shape) {
      scalars_[static_cast<int>(letter)] = &schema_.make(shape);
    };
    scalar('s', Shape::String);
    scalar('y', Shape::Bytes);
    scalar('t', Shape::Time);
    scalar('q', Shape::Quantity);
    scalar('x', Shape::IntOrString);
    scalar('i', Shape::Int32);
    scalar('l', Shape::Int64);
    scalar('n', Shape::Number);
    scalar('b', Shape::Bool);
    scalar('*', Shape::Any);
  }

  void read(std::string_view table) {
    while (!table.empty()) {
      const auto end = std::min(table.find('\n'), table.size() - 1);
      std::string_view line = table.substr(0, end);
      table.remove_prefix(end + 1);
      if (line.empty()) continue;
      if (line.front() != ' ') begin_type(next_word(line));
      while (!line.empty()) {
        const std::string_view word = next_word(line);
        if (!word.empty()) add_field(word);
      }
    }
  }

 private:
  static std::string_view next_word(std::string_view& line) {
    while (!line.empty() && line.front() == ' ') line.remove_prefix(1);
    const auto end = std::min(line.find(' '), line.size());
    const std::string_view word = line.substr(0, end);
    line.remove_prefix(end);
    return word;
  }

  void begin_type(std::string_view word) {
    const bool atomic = word.ends_with('!');
    if (atomic) word.remove_suffix(1);
    current_ = &schema_.define(std::string(word));
    current_->shape = Shape::Struct;
    current_->is_atomic = atomic;
    const auto dot = word.rfind('.');
    current_->name = std::string(dot == std::string_view::npos ? word : word.substr(dot + 1));
  }

  void add_field(std::string_view word) {
    const auto colon = word.find(':');
    Field field{.name = std::string(word.substr(0, colon))};
    std::string_view rest = word.substr(colon + 1);
    field.type = read_type(rest);
    while (!rest.empty()) {
      const char flag = rest.front();
      rest.remove_prefix(1);
      if (flag == '+') field.is_required = true;
      if (flag == '@') field.retains_keys = true;
      if (flag == '~') {
        field.merges = true;
        const auto end = std::min(rest.find_first_of("+@"), rest.size());
        field.merge_key = std::string(rest.substr(0, end));
        rest.remove_prefix(end);
      }
    }
    current_->fields.push_back(std::move(field));
  }

  const Type* read_type(std::string_view& rest) {
    const char first = rest.front();
    if (first == '[' || first == '<') {
      rest.remove_prefix(1);
      Type& type = schema_.make(first == '[' ? Shape::List : Shape::Map);
      type.element = read_type(rest);
      type.is_atomic = first == '[';
      read_list_flags(rest, type);
      return &type;
    }
    const auto end = std::min(rest.find_first_of("{!~+@"), rest.size());
    const std::string_view name = rest.substr(0, end);
    rest.remove_prefix(end);
    if (name.size() == 1) return scalars_[static_cast<int>(name.front())];
    Type& named = schema_.define(std::string(name));
    if (!rest.empty() && rest.front() == '!') rest.remove_prefix(1);
    return &named;
  }

  static void read_list_flags(std::string_view& rest, Type& type) {
    if (rest.empty()) return;
    if (rest.front() == '!') {
      type.is_atomic = true;
      rest.remove_prefix(1);
      return;
    }
    if (rest.front() != '{') return;
    type.is_atomic = false;
    const auto close = rest.find('}');
    std::string_view keys = rest.substr(1, close - 1);
    rest.remove_prefix(close + 1);
    type.is_set = keys.empty();
    while (!keys.empty()) {
      const auto comma = std::min(keys.find(','), keys.size());
      type.keys.emplace_back(keys.substr(0, comma));
      keys.remove_prefix(std::min(comma + 1, keys.size()));
    }
  }

  Schema& schema_;
  Type* current_ = nullptr;
  const Type* scalars_[128];
};

Schema parse_table() {
  Schema schema;
  TableReader(schema).read(kTypeTable);
  return schema;
}

Shape scalar_shape(const json& open_api, std::string_view type) {
  if (health::flag(open_api, "/x-kubernetes-int-or-string")) return Shape::IntOrString;
  if (type == "string") return Shape::String;
  if (type == "integer") return Shape::Int64;
  if (type == "number") return Shape::Number;
  if (type == "boolean") return Shape::Bool;
  return Shape::Any;
}

void read_custom_list(Schema& schema, Type& type, const json& open_api) {
  type.shape = Shape::List;
  type.element = custom_type(schema, health::at(open_api, "/items"));
  const std::string list_type = health::text(open_api, "/x-kubernetes-list-type");
  type.is_atomic = list_type.empty() || list_type == "atomic";
  type.is_set = list_type == "set";
  if (list_type != "map") return;
  for (const json& key : health::list(open_api, "/x-kubernetes-list-map-keys")) {
    if (key.is_string()) type.keys.push_back(key.get<std::string>());
  }
}

}  // namespace

const Field* Type::field(std::string_view field_name) const {
  const auto found =
      std::lower_bound(fields.begin(), fields.end(), field_name,
                       [](const Field& each, std::string_view n) { return each.name < n; });
  return found != fields.end() && found->name == field_name ? &*found : nullptr;
}

Type& Schema::make(Shape shape) {
  nodes_.emplace_back();
  nodes_.back().shape = shape;
  return nodes_.back();
}

const Type* Schema::find(std::string_view name) const {
  const auto found = named_.find(name);
  return found == named_.end() ? nullptr : found->second;
}

Type& Schema::define(std::string name) {
  const auto found = named_.find(name);
  if (found != named_.end()) return *found->second;
  Type& type = make(Shape::Struct);
  named_.emplace(std::move(name), &type);
  return type;
}

const Schema& built_in_schema() {
  static const Schema schema = parse_table();
  return schema;
}

const Type* custom_type(Schema& schema, const json& open_api) {
  Type& type = schema.make(Shape::Any);
  if (!open_api.is_object()) {
    type.preserves_unknown = true;
    return &type;
  }
  type.rules = open_api;
  const std::string kind = health::text(open_api, "/type");
  type.preserves_unknown = health::flag(open_api, "/x-kubernetes-preserve-unknown-fields") ||
                           health::flag(open_api, "/x-kubernetes-embedded-resource");
  if (kind == "array") {
    read_custom_list(schema, type, open_api);
    return &type;
  }
  if (kind != "object") {
    type.shape = scalar_shape(open_api, kind);
    return &type;
  }
  type.is_atomic = health::text(open_api, "/x-kubernetes-map-type") == "atomic";
  if (open_api.contains("additionalProperties") && open_api["additionalProperties"].is_object()) {
    type.shape = Shape::Map;
    type.element = custom_type(schema, open_api["additionalProperties"]);
    return &type;
  }
  type.shape = Shape::Struct;
  const json& required = health::list(open_api, "/required");
  const json& properties = health::at(open_api, "/properties");
  if (!properties.is_object()) return &type;
  for (const auto& [name, property] : properties.items()) {
    type.fields.push_back(
        {.name = name,
         .type = custom_type(schema, property),
         .is_required = std::find(required.begin(), required.end(), name) != required.end()});
  }
  return &type;
}

}  // namespace wavetank::cluster::api
