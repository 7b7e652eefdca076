#include "health/table/select.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "health/object_view.h"
#include "model/key.h"

namespace wavetank::health::table {

namespace {

// One `*` stands for any text, also for none.
bool fits(std::string_view pattern, std::string_view text) {
  const auto star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == text;
  const std::string_view end = pattern.substr(star + 1);
  return text.size() + 1 >= pattern.size() && text.starts_with(pattern.substr(0, star)) &&
         text.ends_with(end) && text.find('/') == std::string_view::npos;
}

bool is_for(const Row& row, model::ArgocdVersion version) {
  return row.since <= version && version < row.before;
}

}  // namespace

const Row* row_of(const nlohmann::json& object, model::ArgocdVersion version) {
  const std::string api_version = text(object, "/apiVersion");
  const std::string kind = text(object, "/kind");
  const std::string_view group = model::group_of(api_version);
  const std::pair key(group, std::string_view(kind));
  const auto rows = program().exact;
  auto found = std::lower_bound(rows.begin(), rows.end(), key, [](const Row& row, const auto& k) {
    return std::pair(row.group, row.kind) < k;
  });
  for (; found != rows.end() && std::pair(found->group, found->kind) == key; ++found) {
    if (is_for(*found, version)) return &*found;
  }
  for (const Row& row : program().wildcards) {
    if (is_for(row, version) && fits(row.group, group) && fits(row.kind, kind)) return &row;
  }
  return nullptr;
}

}  // namespace wavetank::health::table
