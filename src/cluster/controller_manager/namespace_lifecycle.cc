// Namespaces that are deleted: first their pods go, then all else, then the namespace itself.
//
// Source: pkg/controller/namespace/{namespace_controller,deletion/namespaced_resources_deleter,
// deletion/status_condition_utils}.go of Kubernetes 1.36.

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "cluster/api/object/json_access.h"
#include "cluster/controller_manager/conditions.h"
#include "cluster/controller_manager/controllers.h"
#include "cluster/controller_manager/owned_pods.h"

namespace wavetank::cluster {

using api::has;
using api::list;
using api::number;
using api::text;
using model::ObjectKey;
using nlohmann::json;

namespace {

// Between a change of a namespace that is being deleted and the look at it.
constexpr base::Duration kPause = std::chrono::seconds(5);
// How long objects with finalizers are thought to take; half of it and a second is waited.
constexpr std::int64_t kFinalizerEstimate = 15;
constexpr base::Duration kNextLook = std::chrono::seconds(kFinalizerEstimate / 2 + 1);

ObjectKey namespace_key(const std::string& name) {
  return {.group = "", .kind = "Namespace", .name_space = "", .name = name};
}

// One look at a namespace that is being deleted.
class Emptying {
 public:
  Emptying(Context& context, const ObjectKey& key) : context_(context), key_(key) {}
  SyncResult run();

 private:
  using Kind = std::pair<std::string, std::string>;  // group, kind

  [[nodiscard]] std::set<Kind> kinds() const;
  void delete_all_of(const Kind& kind);
  [[nodiscard]] std::int64_t grace_of_pods() const;
  void write_conditions();

  Context& context_;
  const ObjectKey& key_;
  std::int64_t estimate_ = 0;                     // seconds until it is worth another look
  std::map<std::string, std::size_t> remaining_;  // by "<resource>.<group>"
  std::map<std::string, std::size_t> finalizers_;
  std::vector<std::string> errors_;
  std::vector<std::string> undiscovered_;  // "<group>/<version>"
};

std::set<Emptying::Kind> Emptying::kinds() const {
  std::set<Kind> found;
  for (const auto& [key, entry] : context_.store().entries()) {
    if (key.name_space == key_.name) found.emplace(key.group, key.kind);
  }
  return found;
}

// The longest grace of a pod that runs, unless the namespace is being deleted for longer.
std::int64_t Emptying::grace_of_pods() const {
  std::int64_t longest = 0;
  for (const ObjectKey& key : context_.all_of("", "Pod", key_.name)) {
    const json& pod = *context_.find(key);
    if (has_ended(pod)) continue;
    longest = std::max(longest, number(pod, "/spec/terminationGracePeriodSeconds"));
  }
  const auto deleted = instant_of(text(*context_.find(key_), "/metadata/deletionTimestamp"));
  const bool is_over = deleted && context_.now() - *deleted >= std::chrono::seconds(longest);
  return is_over ? 0 : longest;
}

void Emptying::delete_all_of(const Kind& kind) {
  const api::KindInfo* info = context_.server().find_kind(kind.first, kind.second);
  if (info == nullptr) return;
  const bool is_pod = info->is("", "Pod");
  const std::int64_t grace = is_pod ? grace_of_pods() : 0;
  for (const ObjectKey& key : context_.all_of(kind.first, kind.second, key_.name)) {
    context_.remove(key);
  }
  std::size_t left = 0;
  bool has_finalizers = false;
  for (const ObjectKey& key : context_.all_of(kind.first, kind.second, key_.name)) {
    ++left;
    for (const json& finalizer : list(*context_.find(key), "/metadata/finalizers")) {
      if (!finalizer.is_string()) continue;
      has_finalizers = true;
      ++finalizers_[finalizer.get<std::string>()];
    }
  }
  if (left == 0) return;
  remaining_[fmt::format("{}.{}", info->resource, info->group)] = left;
  if (grace != 0) {
    estimate_ = std::max(estimate_, grace);
  } else if (has_finalizers) {
    estimate_ = std::max(estimate_, kFinalizerEstimate);
  } else {
    errors_.push_back(
        fmt::format("unexpected items still remain in namespace: {} for gvr: {}/{}, "
                    "Resource={}",
                    key_.name, info->group, info->version, info->resource));
  }
}

template <class Map, class Format>
std::string joined(const Map& map, const Format& format) {
  std::vector<std::string> parts;
  parts.reserve(map.size());
  for (const auto& [name, count] : map) parts.push_back(format(name, count));
  return fmt::format("{}", fmt::join(parts, ", "));
}

void Emptying::write_conditions() {
  std::vector<Condition> conditions{
      {.type = "NamespaceDeletionDiscoveryFailure",
       .status = "False",
       .reason = "ResourcesDiscovered",
       .message = "All resources successfully discovered"},
      {.type = "NamespaceDeletionGroupVersionParsingFailure",
       .status = "False",
       .reason = "ParsedGroupVersions",
       .message = "All legacy kube types successfully parsed"},
      {.type = "NamespaceDeletionContentFailure",
       .status = "False",
       .reason = "ContentDeleted",
       .message = "All content successfully deleted, may be waiting on finalization"},
      {.type = "NamespaceContentRemaining",
       .status = "False",
       .reason = "ContentRemoved",
       .message = "All content successfully removed"},
      {.type = "NamespaceFinalizersRemaining",
       .status = "False",
       .reason = "ContentHasNoFinalizers",
       .message = "All content-preserving finalizers finished"}};
  const auto hold = [&](std::size_t index, const char* reason, std::string message) {
    conditions[index].status = "True";
    conditions[index].reason = reason;
    conditions[index].message = std::move(message);
  };
  if (!undiscovered_.empty()) {
    std::vector<std::string> reasons;
    for (const std::string& each : undiscovered_) {
      reasons.push_back(fmt::format("{0}: stale GroupVersion discovery: {0}", each));
    }
    hold(
        0, "DiscoveryFailed",
        fmt::format("Discovery failed for some groups, {} failing: unable to retrieve the complete "
                    "list of server APIs: {}",
                    reasons.size(), fmt::join(reasons, ", ")));
  }
  if (!errors_.empty()) {
    std::sort(errors_.begin(), errors_.end());
    hold(2, "ContentDeletionFailed",
         fmt::format("Failed to delete all resource types, {} remaining: {}", errors_.size(),
                     fmt::join(errors_, ", ")));
  }
  if (!remaining_.empty()) {
    hold(3, "SomeResourcesRemain",
         "Some resources are remaining: " +
             joined(remaining_, [](const std::string& resource, std::size_t count) {
               return fmt::format("{} has {} resource instances", resource, count);
             }));
  }
  if (!finalizers_.empty()) {
    hold(4, "SomeFinalizersRemain",
         "Some content in the namespace has finalizers remaining: " +
             joined(finalizers_, [](const std::string& finalizer, std::size_t count) {
               return fmt::format("{} in {} resource instances", finalizer, count);
             }));
  }
  context_.edit_status(key_, [&](json& changed) {
    json& all = changed["status"]["conditions"];
    if (!all.is_array()) all = json::array();
    for (const Condition& each : conditions) replace_condition(all, each, context_.time());
  });
}

SyncResult Emptying::run() {
  undiscovered_ = unavailable_apis(context_.store());
  delete_all_of({"", "Pod"});
  if (remaining_.empty()) {
    for (const Kind& kind : kinds()) delete_all_of(kind);
  }
  write_conditions();
  // Objects of kinds that nobody can list may be left: the namespace stays.
  if (!errors_.empty() || !undiscovered_.empty()) return SyncResult::Again;
  if (estimate_ > 0) {
    // Looking again would find the same until something changes, which `notice` sees; only the
    // grace of pods ends by itself.
    if (estimate_ != kFinalizerEstimate) {
      context_.wake(key_, std::chrono::seconds(estimate_ / 2 + 1));
    }
    return SyncResult::Done;
  }
  const api::Reply reply = context_.edit_spec_finalizers(key_, [](json& object) {
    json kept = json::array();
    for (const json& each : list(object, "/spec/finalizers")) {
      if (each != "kubernetes") kept.push_back(each);
    }
    object["spec"]["finalizers"] = std::move(kept);
  });
  return reply.ok() ? SyncResult::Done : SyncResult::Again;
}

bool is_being_emptied(const json& object) {
  return has(object, "/metadata/deletionTimestamp") && !list(object, "/spec/finalizers").empty();
}

SyncResult sync(Context& context, const ObjectKey& key) {
  const json* object = context.find(key);
  if (object == nullptr || !is_being_emptied(*object)) return SyncResult::Done;
  return Emptying(context, key).run();
}

// A real controller looks every 8 seconds while objects are left. Here it skips the looks before
// which nothing has changed.
void notice(Context& context, const Notice& notice) {
  const bool is_namespace = notice.key.group.empty() && notice.key.kind == "Namespace";
  if (!is_namespace && notice.key.name_space.empty()) return;
  const ObjectKey key = is_namespace ? notice.key : namespace_key(notice.key.name_space);
  const json* object = context.find(key);
  if (object == nullptr || !is_being_emptied(*object)) return;
  if (is_namespace) {
    context.wake(key, kPause);
    return;
  }
  const auto deleted = instant_of(text(*object, "/metadata/deletionTimestamp"));
  if (!deleted) return;
  const base::Duration age = context.now() - (*deleted + kPause);
  if (age < base::Duration::zero()) return;  // the first look is still to come
  context.wake(key, kNextLook - age % kNextLook);
}

}  // namespace

const Controller kNamespaceLifecycle{"namespace-controller", notice, sync};

}  // namespace wavetank::cluster
