#include "cluster/controller_manager/owned_pods.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <tuple>

#include "base/stable_hash.h"
#include "cluster/api/object/json_access.h"
#include "cluster/api/rules/selector.h"
#include "cluster/controller_manager/finalizers.h"

namespace wavetank::cluster {

using api::at;
using api::flag;
using api::has;
using api::list;
using api::number;
using api::text;
using model::ObjectKey;
using nlohmann::json;

void wake_owners(Context& context, const Notice& notice, OwnerKind owner, OwnerKind owned) {
  const ObjectKey& key = notice.key;
  if (key.group == owner.group && key.kind == owner.kind) {
    if (!notice.is_removed) context.wake(key);
    return;
  }
  if (key.group != owned.group || key.kind != owned.kind) return;
  for (const ObjectKey* each : {&notice.controller, &notice.old_controller}) {
    if (each->group == owner.group && each->kind == owner.kind) context.wake(*each);
  }
  if (!notice.controller.kind.empty() || notice.is_removed) return;
  for (const ObjectKey& each : context.all_of(owner.group, owner.kind, key.name_space)) {
    context.wake(each);
  }
}

std::vector<ObjectKey> claim(Context& context, const ObjectKey& owner, const json& selector,
                             OwnerKind owned, const std::function<bool(const json& object)>& wanted,
                             std::string_view finalizer) {
  const json* found = context.find(owner);
  if (found == nullptr) return {};
  const json object = *found;
  const std::string uid = text(object, "/metadata/uid");
  const bool is_going = has(object, "/metadata/deletionTimestamp");
  std::vector<ObjectKey> mine;
  const auto free = context.store().uncontrolled(owned.group, owned.kind, owner.name_space);
  std::vector<ObjectKey> candidates(free.begin(), free.end());
  for (ObjectKey& key : context.store().dependents(uid)) {
    if (key.group == owned.group && key.kind == owned.kind) candidates.push_back(std::move(key));
  }
  std::sort(candidates.begin(), candidates.end());
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  for (const ObjectKey& key : candidates) {
    const json& each = *context.find(key);
    if (wanted && !wanted(each)) continue;
    const json& references = list(each, "/metadata/ownerReferences");
    const auto controller =
        std::find_if(references.begin(), references.end(),
                     [](const json& reference) { return flag(reference, "/controller"); });
    const bool matches = api::selector_matches(selector, at(each, "/metadata/labels"));
    if (controller != references.end()) {
      if (text(*controller, "/uid") != uid) continue;
      if (matches) {
        mine.push_back(key);
      } else if (!is_going) {
        context.edit(key, [&](json& changed) {
          json kept = json::array();
          for (const json& reference : list(changed, "/metadata/ownerReferences")) {
            if (text(reference, "/uid") != uid) kept.push_back(reference);
          }
          changed["metadata"]["ownerReferences"] = std::move(kept);
          if (!finalizer.empty()) drop_finalizer(changed, finalizer);
        });
      }
      continue;
    }
    if (is_going || !matches || has(each, "/metadata/deletionTimestamp")) continue;
    const api::Reply reply = context.edit(key, [&](json& changed) {
      changed["metadata"]["ownerReferences"].push_back(controller_reference(owner, object));
      if (!finalizer.empty()) add_finalizer(changed, finalizer);
    });
    if (reply.ok()) mine.push_back(key);
  }
  return mine;
}

json controller_reference(const ObjectKey& owner, const json& object) {
  return {{"apiVersion", text(object, "/apiVersion")},
          {"kind", owner.kind},
          {"name", owner.name},
          {"uid", text(object, "/metadata/uid")},
          {"controller", true},
          {"blockOwnerDeletion", true}};
}

std::vector<ObjectKey> pods_on(const Store& store, const std::string& node) {
  std::vector<ObjectKey> pods;
  for (const auto& [key, entry] : store.everywhere("", "Pod")) {
    if (text(entry.object.content, "/spec/nodeName") == node) pods.push_back(key);
  }
  return pods;
}

bool is_going(const json& object) { return has(object, "/metadata/deletionTimestamp"); }

bool has_ended(const json& pod) {
  const std::string phase = text(pod, "/status/phase");
  return phase == "Succeeded" || phase == "Failed";
}

namespace {

std::int64_t most_restarts(const json& pod) {
  std::int64_t most = 0;
  for (const char* statuses : {"/status/initContainerStatuses", "/status/containerStatuses"}) {
    for (const json& status : list(pod, statuses)) {
      most = std::max(most, number(status, "/restartCount"));
    }
  }
  return most;
}

}  // namespace

bool is_active(const json& pod) { return !has_ended(pod) && !is_going(pod); }

bool is_terminating(const json& pod) { return !has_ended(pod) && is_going(pod); }

bool goes_before(const json& a, const json& b) {
  const auto rank = [](const json& pod) {
    const std::string phase = text(pod, "/status/phase");
    const auto since = ready_since(pod);
    return std::tuple(!text(pod, "/spec/nodeName").empty(),
                      phase == "Pending"   ? 0
                      : phase == "Running" ? 2
                                           : 1,
                      is_ready(pod),
                      // Ready for a shorter time, then restarted more often, then younger.
                      since ? -since->time_since_epoch().count() : 0, -most_restarts(pod));
  };
  if (rank(a) != rank(b)) return rank(a) < rank(b);
  return text(a, "/metadata/creationTimestamp") > text(b, "/metadata/creationTimestamp");
}

namespace {

const json* ready_condition(const json& pod) {
  for (const json& condition : list(pod, "/status/conditions")) {
    if (text(condition, "/type") == "Ready") {
      return text(condition, "/status") == "True" ? &condition : nullptr;
    }
  }
  return nullptr;
}

}  // namespace

bool is_ready(const json& pod) { return ready_condition(pod) != nullptr; }

std::optional<base::Instant> ready_since(const json& pod) {
  const json* condition = ready_condition(pod);
  if (condition == nullptr) return std::nullopt;
  return instant_of(text(*condition, "/lastTransitionTime"));
}

bool is_available(const json& pod, std::int64_t min_ready_seconds, base::Instant now,
                  base::Duration* wait) {
  if (!is_ready(pod)) return false;
  if (min_ready_seconds <= 0) return true;
  const auto since = ready_since(pod);
  if (!since) return false;
  const base::Instant available = *since + std::chrono::seconds(min_ready_seconds);
  if (available <= now) return true;
  if (wait != nullptr) *wait = available - now;
  return false;
}

json pod_from_template(const ObjectKey& owner, const json& object, const json& pod_template) {
  json pod = {{"apiVersion", "v1"}, {"kind", "Pod"}};
  json& meta = pod["metadata"] = json::object();
  for (const char* each : {"labels", "annotations", "finalizers"}) {
    const json& value = at(pod_template, fmt::format("/metadata/{}", each));
    if (!value.is_null()) meta[each] = value;
  }
  meta["namespace"] = owner.name_space;
  meta["ownerReferences"] = json::array({controller_reference(owner, object)});
  pod["spec"] = at(pod_template, "/spec");
  return pod;
}

std::string template_hash(const json& pod_template, std::int64_t collision_count) {
  std::uint64_t hash =
      base::stable_hash(pod_template.dump(-1, ' ', false, json::error_handler_t::replace));
  if (collision_count > 0) hash = base::stable_hash(std::to_string(collision_count), hash);
  std::string result;
  for (int i = 0; i < 10; ++i) {
    result += api::kNameLetters[hash % api::kNameLetters.size()];
    hash /= api::kNameLetters.size();
  }
  return result;
}

std::optional<base::Instant> instant_of(std::string_view text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  if (text.size() != 20 || std::sscanf(std::string(text).c_str(), "%4d-%2u-%2uT%2d:%2d:%2dZ", &year,
                                       &month, &day, &hour, &minute, &second) != 6) {
    return std::nullopt;
  }
  const auto start = std::chrono::sys_days{std::chrono::year{2024} / 1 / 1};
  const auto date = std::chrono::sys_days{std::chrono::year{year} / static_cast<int>(month) /
                                          static_cast<int>(day)};
  return base::Instant{} + (date - start) + std::chrono::hours(hour) +
         std::chrono::minutes(minute) + std::chrono::seconds(second);
}

}  // namespace wavetank::cluster
