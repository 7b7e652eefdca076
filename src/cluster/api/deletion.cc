#include "cluster/api/deletion.h"

#include <algorithm>

#include "cluster/api/object/json_access.h"

namespace wavetank::cluster::api {

using nlohmann::json;

namespace {

constexpr const char* kForeground = "foregroundDeletion";
constexpr const char* kOrphan = "orphan";
constexpr const char* kDefinitionCleanup = "customresourcecleanup.apiextensions.k8s.io";

// Finalizers after a DELETE with this policy. Source: deletionFinalizersForGarbageCollection.
json finalizers_after(const KindInfo& kind, const json& object, DeletePolicy policy) {
  json kept = json::array();
  bool orphans = false;
  bool foreground = false;
  for (const json& finalizer : list(object, "/metadata/finalizers")) {
    if (finalizer == kOrphan) {
      orphans = true;
    } else if (finalizer == kForeground) {
      foreground = true;
    } else {
      kept.push_back(finalizer);
    }
  }
  switch (policy) {
    case DeletePolicy::Orphan:
      orphans = true;
      foreground = false;
      break;
    case DeletePolicy::Foreground:
      orphans = false;
      foreground = true;
      break;
    case DeletePolicy::Background: orphans = foreground = false; break;
    case DeletePolicy::Default:
      // Without a wish of the caller or a finalizer that says it, old kinds orphan.
      if (!orphans && !foreground) {
        orphans = kind.is("batch", "Job") || kind.is("", "ReplicationController");
      }
      break;
  }
  if (orphans) kept.push_back(kOrphan);
  if (foreground) kept.push_back(kForeground);
  if (kind.is("apiextensions.k8s.io", "CustomResourceDefinition") &&
      std::find(kept.begin(), kept.end(), kDefinitionCleanup) == kept.end()) {
    kept.push_back(kDefinitionCleanup);
  }
  return kept;
}

// Seconds that a pod gets to end. Source: podStrategy.CheckGracefulDelete.
std::int64_t grace_of(const KindInfo& kind, const json& object, const DeleteRequest& request) {
  if (!kind.is("", "Pod")) return 0;
  const std::string phase = text(object, "/status/phase");
  if (text(object, "/spec/nodeName").empty() || phase == "Succeeded" || phase == "Failed") return 0;
  if (request.grace_seconds) return std::max<std::int64_t>(*request.grace_seconds, 0);
  return number(object, "/spec/terminationGracePeriodSeconds");
}

}  // namespace

bool mark_deleted(const KindInfo& kind, Entry& entry, const DeleteRequest& request,
                  base::Instant now) {
  json& object = entry.object.content;
  json& meta = object["metadata"];
  const bool is_namespace = kind.is("", "Namespace");
  const std::int64_t grace = grace_of(kind, object, request);
  json finalizers = is_namespace ? list(object, "/metadata/finalizers")
                                 : finalizers_after(kind, object, request.policy);
  const bool was_deleting = has(object, "/metadata/deletionTimestamp");
  const std::int64_t old_grace = number(meta, "/deletionGracePeriodSeconds");
  if (finalizers.empty() && grace == 0 && !is_namespace) return false;
  if (finalizers.empty()) {
    meta.erase("finalizers");
  } else {
    meta["finalizers"] = std::move(finalizers);
  }
  if (!was_deleting) {
    meta["deletionTimestamp"] = timestamp(now + std::chrono::seconds(grace));
    if (!is_namespace) meta["deletionGracePeriodSeconds"] = grace;
    const bool is_definition = kind.is("apiextensions.k8s.io", "CustomResourceDefinition");
    if (has(meta, "/generation") && !is_definition)
      meta["generation"] = number(meta, "/generation") + 1;
    if (is_namespace) object["status"]["phase"] = "Terminating";
    if (is_definition) {
      object["status"]["conditions"].push_back(
          {{"type", "Terminating"},
           {"status", "True"},
           {"lastTransitionTime", timestamp(now)},
           {"reason", "InstanceDeletionInProgress"},
           {"message", "CustomResource deletion is in progress"}});
    }
  } else if (grace < old_grace) {
    // A second DELETE can only shorten the grace.
    meta["deletionTimestamp"] = timestamp(now + std::chrono::seconds(grace));
    meta["deletionGracePeriodSeconds"] = grace;
  }
  entry.object.deleting = true;
  return is_namespace || !is_released(object);
}

bool is_released(const json& object) {
  return list(object, "/metadata/finalizers").empty() && list(object, "/spec/finalizers").empty() &&
         number(object, "/metadata/deletionGracePeriodSeconds") == 0;
}

}  // namespace wavetank::cluster::api
