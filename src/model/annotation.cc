#include "model/annotation.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/utf8.h"

namespace wavetank::model {

std::string_view trim(std::string_view text) {
  while (!text.empty()) {
    const base::Rune rune = base::first_rune(text);
    if (!base::is_space(rune.value)) break;
    text.remove_prefix(rune.width);
  }
  // White space ends either here or with the last byte of a rune that is at most three bytes wide.
  for (std::size_t width = 1; width <= 3 && width <= text.size();) {
    const base::Rune rune = base::first_rune(text.substr(text.size() - width));
    const bool ends = rune.width == width && base::is_space(rune.value);
    if (ends) text.remove_suffix(width);
    width = ends ? 1 : width + 1;
  }
  return text;
}

std::vector<std::string_view> list_items(std::string_view value) {
  std::vector<std::string_view> items;
  while (true) {
    const auto comma = value.find(',');
    const auto item = trim(value.substr(0, comma));
    if (!item.empty() && std::find(items.begin(), items.end(), item) == items.end()) {
      items.push_back(item);
    }
    if (comma == std::string_view::npos) return items;
    value.remove_prefix(comma + 1);
  }
}

std::optional<std::string_view> option_value(std::string_view item, std::string_view key) {
  if (!item.starts_with(key) || !item.substr(key.size()).starts_with('=')) return std::nullopt;
  return item.substr(key.size() + 1);
}

Annotations annotations_of(const nlohmann::json& object) {
  Annotations annotations;
  if (!object.is_object()) return annotations;
  const auto metadata = object.find("metadata");
  if (metadata == object.end() || !metadata->is_object()) return annotations;
  const auto written = metadata->find("annotations");
  if (written == metadata->end() || !written->is_object()) return annotations;
  for (const auto& [key, value] : written->items()) {
    if (!value.is_string() && !value.is_null()) return {};
    annotations[key] = value.is_null() ? "" : value.get<std::string>();
  }
  return annotations;
}

std::optional<std::string_view> find(const Annotations& annotations, std::string_view key) {
  const auto found = annotations.find(key);
  if (found == annotations.end()) return std::nullopt;
  return found->second;
}

}  // namespace wavetank::model
