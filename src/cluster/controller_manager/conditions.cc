#include "cluster/controller_manager/conditions.h"

#include "cluster/api/object/json_access.h"

namespace wavetank::cluster {

using api::list;
using api::text;
using nlohmann::json;

const json* find_condition(const json& status, std::string_view type) {
  for (const json& condition : list(status, "/conditions")) {
    if (text(condition, "/type") == type) return &condition;
  }
  return nullptr;
}

void set_condition(json& status, const Condition& condition, const std::string& time) {
  std::string transition = time;
  if (const json* old = find_condition(status, condition.type)) {
    const bool is_same_status = text(*old, "/status") == condition.status;
    if (is_same_status && text(*old, "/reason") == condition.reason) return;
    if (is_same_status) transition = text(*old, "/lastTransitionTime");
  }
  remove_condition(status, condition.type);
  json added = {
      {"type", condition.type}, {"status", condition.status}, {"lastTransitionTime", transition}};
  if (condition.type == "Progressing" || condition.type == "Available") {
    added["lastUpdateTime"] = time;
  }
  if (!condition.reason.empty()) added["reason"] = condition.reason;
  if (!condition.message.empty()) added["message"] = condition.message;
  status["conditions"].push_back(std::move(added));
}

void replace_condition(json& conditions, const Condition& condition, const std::string& time) {
  json wanted = {{"type", condition.type},
                 {"status", condition.status},
                 {"lastTransitionTime", time},
                 {"reason", condition.reason},
                 {"message", condition.message}};
  for (json& each : conditions) {
    if (text(each, "/type") != condition.type) continue;
    if (text(each, "/status") == condition.status && each.contains("lastTransitionTime")) {
      wanted["lastTransitionTime"] = each["lastTransitionTime"];
    }
    each.update(wanted);
    return;
  }
  conditions.push_back(std::move(wanted));
}

void remove_condition(json& status, std::string_view type) {
  if (find_condition(status, type) == nullptr) return;
  json kept = json::array();
  for (const json& each : list(status, "/conditions")) {
    if (text(each, "/type") != type) kept.push_back(each);
  }
  if (kept.empty()) {
    status.erase("conditions");
  } else {
    status["conditions"] = std::move(kept);
  }
}

void set_count(json& status, const char* name, std::int64_t count) {
  if (count != 0) {
    status[name] = count;
  } else {
    status.erase(name);
  }
}

}  // namespace wavetank::cluster
