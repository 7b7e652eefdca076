#include "application/controller/application_spec.h"

#include "health/object_view.h"
#include "model/annotation.h"

namespace wavetank::application {

using nlohmann::json;

namespace {

constexpr std::string_view kDeletionApproved = "argocd.argoproj.io/deletion-approved";
constexpr std::string_view kMigrationManager =
    "argocd.argoproj.io/client-side-apply-migration-manager";
constexpr std::string_view kSkipReconcile = "argocd.argoproj.io/skip-reconcile";

// A boolean that is true where it is absent.
bool unless_false(const json& object, std::string_view path) {
  const json& value = health::at(object, path);
  return !value.is_boolean() || value.get<bool>();
}

// Go's strconv.ParseBool, as far as it says yes.
bool says_true(std::string_view text) {
  return text == "1" || text == "t" || text == "T" || text == "true" || text == "TRUE" ||
         text == "True";
}

void read_sources(const json& spec, ApplicationSpec& result) {
  const json& many = health::list(spec, "/sources");
  result.has_multiple_sources = !many.empty();
  std::vector<json> sources(many.begin(), many.end());
  if (sources.empty()) sources.push_back(health::at(spec, "/source"));
  result.path = health::text(sources.front(), "/path");
  result.target_revision = health::text(sources.front(), "/targetRevision");
  for (const json& source : sources) result.sources.push_back(source.dump());
}

}  // namespace

model::ObjectKey ApplicationSpec::key() const {
  return {.group = std::string(kApplicationGroup),
          .kind = std::string(kApplicationKind),
          .name_space = name_space,
          .name = name};
}

RetryStrategy read_retry(const json& retry) {
  RetryStrategy strategy{.limit = health::number(retry, "/limit"),
                         .refresh = health::flag(retry, "/refresh")};
  if (const json& backoff = health::at(retry, "/backoff"); backoff.is_object()) {
    strategy.backoff = Backoff{.duration = health::text(backoff, "/duration"),
                               .max_duration = health::text(backoff, "/maxDuration")};
    if (health::has(backoff, "/factor")) {
      strategy.backoff->factor = health::number(backoff, "/factor");
    }
  }
  return strategy;
}

SyncPolicy read_sync_policy(const json& policy) {
  SyncPolicy result{.options = health::texts(policy, "/syncOptions")};
  if (const json& automated = health::at(policy, "/automated"); automated.is_object()) {
    result.automated = AutomatedPolicy{.enabled = unless_false(automated, "/enabled"),
                                       .prune = health::flag(automated, "/prune"),
                                       .self_heal = health::flag(automated, "/selfHeal"),
                                       .allow_empty = health::flag(automated, "/allowEmpty")};
  }
  if (const json& retry = health::at(policy, "/retry"); retry.is_object()) {
    result.retry = read_retry(retry);
  }
  return result;
}

std::vector<IgnoredDifference> read_ignored(const json& list) {
  std::vector<IgnoredDifference> result;
  for (const json& item : list) {
    result.push_back({.group = health::text(item, "/group"),
                      .kind = health::text(item, "/kind"),
                      .name = health::text(item, "/name"),
                      .name_space = health::text(item, "/namespace"),
                      .pointers = health::texts(item, "/jsonPointers"),
                      .managers = health::texts(item, "/managedFieldsManagers")});
  }
  return result;
}

std::vector<ResourceSelector> read_selectors(const json& list) {
  std::vector<ResourceSelector> result;
  for (const json& item : list) {
    result.push_back({.key = {.group = health::text(item, "/group"),
                              .kind = health::text(item, "/kind"),
                              .name_space = health::text(item, "/namespace"),
                              .name = health::text(item, "/name")}});
  }
  return result;
}

ApplicationSpec read_application(const json& object) {
  const json& spec = health::at(object, "/spec");
  const auto annotations = model::annotations_of(object);
  const auto annotation = [&](std::string_view key) {
    return std::string(model::find(annotations, key).value_or(""));
  };
  ApplicationSpec result{
      .name = health::text(object, "/metadata/name"),
      .name_space = health::text(object, "/metadata/namespace"),
      .uid = health::text(object, "/metadata/uid"),
      .project = health::text(spec, "/project"),
      .destination_namespace = health::text(spec, "/destination/namespace"),
      .policy = read_sync_policy(health::at(spec, "/syncPolicy")),
      .namespace_metadata = health::at(spec, "/syncPolicy/managedNamespaceMetadata"),
      .history_limit = health::number(spec, "/revisionHistoryLimit", 10),
      .ignored = read_ignored(health::list(spec, "/ignoreDifferences")),
      .is_skipped = says_true(annotation(kSkipReconcile)),
      .annotations = {.deletion_approved = annotation(kDeletionApproved),
                      .migration_manager = annotation(kMigrationManager)},
      .finalizers = Finalizers(health::texts(object, "/metadata/finalizers")),
      .deleted_at = model::parse_rfc3339(health::text(object, "/metadata/deletionTimestamp"))};
  if (result.project.empty()) result.project = "default";
  read_sources(spec, result);
  return result;
}

bool is_application(const model::ObjectKey& key) {
  return key.group == kApplicationGroup && key.kind == kApplicationKind;
}

}  // namespace wavetank::application
