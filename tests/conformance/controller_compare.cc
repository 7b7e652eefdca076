// Comparisons of manifests with live objects, and what an operation makes of them for the engine.
#include "application/comparison.h"

#include <algorithm>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "application/normalize.h"
#include "application/sync_settings.h"
#include "conformance/controller_answers.h"
#include "conformance/controller_json.h"
#include "health/application_health.h"

namespace wavetank::conformance {

using nlohmann::json;
namespace app = wavetank::application;

namespace {

model::Scope scope_of(const model::ObjectKey& key) {
  const bool is_cluster_scoped = key.kind == "Namespace" || key.kind == "ClusterRole" ||
                                 key.kind == "CustomResourceDefinition";
  return is_cluster_scoped ? model::Scope::Cluster : model::Scope::Namespaced;
}

// Everything that git says stands in the live object, too; what else is there does not matter.
bool holds(const json& live, const json& target) {
  if (!target.is_object()) return live == target;
  return live.is_object() &&
         std::all_of(target.items().begin(), target.items().end(), [&](const auto& member) {
           return live.contains(member.key()) && holds(live[member.key()], member.value());
         });
}

bool differs(const app::Comparand& target, const app::Comparand& live) {
  return !holds(*live.object, *target.object);
}

// The objects of a case, and where they lie.
struct Compared {
  std::deque<json> objects;
  std::vector<app::Comparand> targets;
  std::vector<app::Comparand> live;
  app::ComparisonSettings settings;
  std::vector<std::string> repeated;
  app::Comparison result;
};

app::Comparand& add(Compared& compared, std::vector<app::Comparand>& list, json object) {
  compared.objects.push_back(std::move(object));
  list.push_back(app::comparand(compared.objects.back()));
  list.back().scope = scope_of(list.back().key);
  return list.back();
}

void read_targets(const json& in, const Texts& denied, Compared& compared) {
  std::vector<app::Manifest> manifests;
  for (const json& object : at(in, "manifests")) {
    manifests.push_back(
        {.key = key_of(object), .generate_name = text(at(object, "metadata"), "generateName")});
    manifests.back().scope = scope_of(manifests.back().key);
  }
  const auto normal = app::normalize(manifests, {.name_space = "demo"});
  compared.repeated = normal.repeated;
  for (const app::KeptManifest& kept : normal.kept) {
    json object = at(in, "manifests")[kept.index];
    if (kept.name_space.empty()) {
      object["metadata"].erase("namespace");
    } else {
      object["metadata"]["namespace"] = kept.name_space;
    }
    app::Comparand& target = add(compared, compared.targets, std::move(object));
    target.is_kind_permitted = std::find(denied.begin(), denied.end(),
                                         target.key.group + "/" + target.key.kind) == denied.end();
  }
}

void read_live(const json& in, const Texts& denied, Compared& compared) {
  const Texts namespaces = texts(in, "namespaces");
  std::map<model::ObjectKey, json> by_key;
  for (const json& object : at(in, "live")) by_key[key_of(object)] = object;
  for (auto& [key, object] : by_key) {
    const bool is_denied =
        std::find(denied.begin(), denied.end(), key.group + "/" + key.kind) != denied.end();
    const bool is_elsewhere =
        !namespaces.empty() && !key.name_space.empty() &&
        std::find(namespaces.begin(), namespaces.end(), key.name_space) == namespaces.end();
    if (!is_denied && !is_elsewhere) add(compared, compared.live, std::move(object));
  }
}

// What the operation would make of `managedNamespaceMetadata`.
json managed_namespace(const json& metadata) {
  json object{{"apiVersion", "v1"}, {"kind", "Namespace"}, {"metadata", {{"name", "demo"}}}};
  if (at(metadata, "labels").is_object()) object["metadata"]["labels"] = at(metadata, "labels");
  json annotations = at(metadata, "annotations");
  if (!annotations.is_object()) annotations = json::object();
  annotations["argocd.argoproj.io/sync-options"] = "ServerSideApply=true";
  object["metadata"]["annotations"] = std::move(annotations);
  return object;
}

void run(const json& in, Compared& compared) {
  const json& metadata = at(in, "managedNamespaceMetadata");
  const Texts denied = texts(in, "denied");
  compared.settings = {.application = "shop",
                       .qualified_name = "fake-argocd-ns/shop",
                       .name_space = "demo",
                       .options = texts(in, "syncOptions"),
                       .has_managed_namespace_metadata = metadata.is_object()};
  compared.settings.has_changed_namespace_metadata =
      metadata.is_object() && flag(in, "hasSyncResult") &&
      metadata != at(in, "lastManagedNamespaceMetadata");
  if (flag(in, "badManifest")) {
    compared.settings.load_errors = {
        "Failed to load local manifests: unexpected end of JSON input"};
  } else {
    read_targets(in, denied, compared);
  }
  read_live(in, denied, compared);
  if (app::needs_managed_namespace(compared.targets, compared.live, compared.settings)) {
    add(compared, compared.targets, managed_namespace(metadata));
  }
  compared.result = app::compare(compared.targets, compared.live, compared.settings, differs);
  for (const std::string& message : compared.repeated) {
    compared.result.conditions.push_back({.type = "RepeatedResourceWarning", .message = message});
  }
  std::sort(compared.result.conditions.begin(), compared.result.conditions.end());
}

health::ApplicationHealth health_of(const Compared& compared) {
  std::vector<health::ManagedResource> resources;
  for (const app::ComparisonRow& row : compared.result.rows) {
    resources.push_back({.live = row.live ? compared.live[*row.live].object : nullptr,
                         .target = row.target ? compared.targets[*row.target].object : nullptr});
  }
  return health::assess_application(
      resources, {.application = {.name = "shop", .name_space = "fake-argocd-ns", .uid = "app"}});
}

json describe(const app::ComparisonRow& row, const std::optional<health::Health>& health) {
  json out{{"key", model::full_name(row.resource.key)},
           {"status", app::name(row.resource.status)},
           {"health", json()}};
  if (health) out["health"] = health::name(health->status);
  if (row.is_hook) out["hook"] = true;
  if (row.resource.requires_pruning) out["requiresPruning"] = true;
  if (row.requires_confirmation) out["requiresDeletionConfirmation"] = true;
  if (row.wave != 0) out["syncWave"] = row.wave;
  return out;
}

std::vector<std::string> hook_keys(const Compared& compared) {
  std::vector<std::string> keys;
  for (const std::size_t index : compared.result.hooks) {
    keys.push_back(model::full_name(compared.targets[index].key));
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

}  // namespace

json answer_compare(const json& in) {
  Compared compared;
  run(in, compared);
  const health::ApplicationHealth health = health_of(compared);
  json resources = json::array();
  for (std::size_t i = 0; i < compared.result.rows.size(); ++i) {
    resources.push_back(describe(compared.result.rows[i], health.resources[i]));
  }
  std::sort(resources.begin(), resources.end(),
            [](const json& a, const json& b) { return a["key"] < b["key"]; });
  json conditions = json::array();
  for (const app::Condition& condition : compared.result.conditions) {
    conditions.push_back(app::text(condition));
  }
  return {{"status", app::name(compared.result.status)},
          {"health", health::name(health.status)},
          {"resources", std::move(resources)},
          {"conditions", std::move(conditions)},
          {"hooks", hook_keys(compared)},
          {"hasPreDelete", compared.result.has_pre_delete_hooks},
          {"hasPostDelete", compared.result.has_post_delete_hooks}};
}

namespace {

json ended(std::string_view phase, const std::string& message) {
  return {{"ended", {{"phase", phase}, {"message", message}}}};
}

json describe_resources(const Compared& compared, const app::SyncOperation& sync,
                        const sync::Settings& settings) {
  json resources = json::object();
  for (const app::ComparisonRow& row : compared.result.rows) {
    json& entry = resources[model::full_name(row.resource.key)];
    entry = {{"target", row.target.has_value()},
             {"live", row.live.has_value()},
             {"selected", app::takes_part(row, compared.targets, compared.live, sync,
                                          compared.settings.method)}};
    if (settings.apply_out_of_sync_only) entry["modified"] = row.is_modified;
  }
  return resources;
}

}  // namespace

json answer_settings(const json& in) {
  const model::WallTime now = moment("2025-06-02T12:00:00Z");
  if (flag(in, "unknownCluster")) {
    return ended("Error", app::missing_cluster_message("https://gone.example.com"));
  }
  const app::SyncOperation sync = read_sync(at(in, "sync"));
  Compared compared;
  run(in, compared);
  if (const auto end = app::ends_before_engine(sync, compared.result.conditions)) {
    return ended(app::name(end->phase), end->message);
  }
  const app::EngineSettings engine =
      app::engine_settings(sync, now.plus(-seconds(in, "startedAgo").count()),
                           {.deletion_approved = text(in, "approved"),
                            .migration_manager = text(in, "migrationManager")});
  const sync::Settings& settings = engine.settings;
  return {{"namespace", compared.settings.name_space},
          {"revision", sync.revision},
          {"phase", flag(in, "terminating") ? "Terminating" : "Running"},
          {"results", 0},
          {"prune", settings.prune},
          {"pruneLast", settings.prune_last},
          {"defaultPruneOption", engine.default_prune ? json(*engine.default_prune) : json()},
          {"force", settings.force},
          {"replace", settings.replace},
          {"serverSideApply", settings.server_side_apply},
          {"skipHooks", settings.skip_hooks},
          {"dryRun", settings.dry_run},
          {"skipDryRunOnMissingResource", settings.skip_dry_run_on_missing_resource},
          {"applyOutOfSyncOnly", settings.apply_out_of_sync_only},
          {"createNamespace", settings.create_namespace},
          {"validate", !settings.no_validate},
          {"prunePropagationPolicy", model::name(settings.propagation)},
          {"pruneConfirmed", engine.is_prune_confirmed},
          {"serverSideApplyManager", app::kServerSideApplyManager},
          {"clientSideApplyMigration", engine.migrates_client_side_apply},
          {"clientSideApplyMigrationManager", engine.migration_manager},
          {"resources", describe_resources(compared, sync, settings)},
          {"hooks", hook_keys(compared)}};
}

}  // namespace wavetank::conformance
