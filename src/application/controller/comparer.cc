#include "application/controller/comparer.h"

#include <algorithm>
#include <set>

#include "application/controller/namespace_metadata.h"
#include "base/glob.h"
#include "health/object_view.h"

namespace wavetank::application {

using nlohmann::json;

namespace {

bool is_named(const IgnoredDifference& rule, const model::ObjectKey& key) {
  return base::plain_glob_matches(rule.group, key.group) &&
         base::plain_glob_matches(rule.kind, key.kind) &&
         (rule.name.empty() || rule.name == key.name) &&
         (rule.name_space.empty() || rule.name_space == key.name_space);
}

void remove_at(json& object, const std::string& pointer) {
  if (pointer.empty() || pointer.front() != '/') return;
  const json::json_pointer path(pointer);
  if (!object.contains(path)) return;
  json& parent = object[path.parent_pointer()];
  if (parent.is_object()) parent.erase(path.back());
  if (parent.is_array()) parent.erase(std::stoul(path.back()));
}

// What changes with every write.
void remove_bookkeeping(json& object) {
  for (const char* field : {"resourceVersion", "generation", "managedFields"}) {
    object["metadata"].erase(field);
  }
  remove_at(object, "/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration");
}

// Takes over from `live` what stands at the pointer, or that nothing does.
void take_over(json& manifest, const json& live, const std::string& pointer) {
  if (pointer.empty() || pointer.front() != '/') return;
  const json::json_pointer path(pointer);
  if (live.contains(path)) {
    if (manifest.contains(path.parent_pointer())) manifest[path] = live[path];
  } else {
    remove_at(manifest, pointer);
  }
}

}  // namespace

bool Comparer::is_excluded(const model::ObjectKey& key) const {
  const auto& kinds = installation_.excluded_kinds;
  return std::find(kinds.begin(), kinds.end(), key.kind) != kinds.end();
}

bool Comparer::is_marked(const cluster::StoredObject& object,
                         const std::string& application) const {
  return marked_application(object.content, installation_.tracking) == application &&
         health::list(object.content, "/metadata/ownerReferences").empty();
}

void Comparer::gather(const CompareRequest& request, Compare& result) const {
  std::set<model::ObjectKey> wanted;
  const auto add = [&](const TargetObject& target) {
    Comparand comparand = application::comparand(target.manifest);
    if (is_excluded(comparand.key)) return;
    comparand.scope = cluster_.scope(comparand.key.group, comparand.key.kind);
    comparand.is_kind_permitted =
        is_kind_permitted(*request.project, comparand.key, comparand.scope);
    wanted.insert(comparand.key);
    result.targets.push_back(&target);
    result.target_comparands.push_back(std::move(comparand));
  };
  if (request.targets != nullptr) {
    for (const TargetObject& target : request.targets->objects) add(target);
    for (const TargetObject& target : request.targets->delete_hooks) add(target);
  }
  for (const cluster::StoredObject* object : cluster_.objects()) {
    model::ObjectKey key = model::resolve(object->key, interner_);
    if (!wanted.contains(key) && !is_marked(*object, request.spec->name)) continue;
    if (is_excluded(key)) continue;
    const model::Scope scope = cluster_.scope(key.group, key.kind);
    if (!permission_error(*request.project, key, scope).empty()) continue;
    Comparand comparand = application::comparand(object->content);
    comparand.scope = scope;
    comparand.tracked_by = marked_application(object->content, installation_.tracking);
    result.live.push_back(object);
    result.live_comparands.push_back(std::move(comparand));
  }
}

Compare Comparer::compare(const CompareRequest& request) {
  const ApplicationSpec& spec = *request.spec;
  Compare result;
  gather(request, result);
  const ComparisonSettings settings{
      .application = spec.name,
      .qualified_name = spec.name_space + "/" + spec.name,
      .name_space = spec.destination_namespace,
      .options = spec.policy.options,
      .method = installation_.tracking.method,
      .has_managed_namespace_metadata = spec.namespace_metadata.is_object(),
      .has_changed_namespace_metadata = request.has_changed_namespace_metadata,
      .load_errors = request.load_errors};
  if (needs_managed_namespace(result.target_comparands, result.live_comparands, settings)) {
    result.managed_namespace = std::make_unique<TargetObject>(TargetObject{
        .manifest = managed_namespace(spec.destination_namespace, spec.namespace_metadata)});
    TargetObject& target = *result.managed_namespace;
    target.facts = model::facts_of(target.manifest, interner_);
    result.targets.push_back(&target);
    result.target_comparands.push_back(application::comparand(target.manifest));
    result.target_comparands.back().scope = model::Scope::Cluster;
  }
  const bool is_deep = request.depth == CompareRequest::Depth::Differences;
  result.comparison =
      application::compare(result.target_comparands, result.live_comparands, settings,
                           [&](const Comparand& target, const Comparand& live) {
                             return is_deep && differs(target, live, spec);
                           });
  if (result.managed_namespace) {
    answers_.erase(&result.managed_namespace->manifest);  // lives no longer than the result
  }
  result.respectful.resize(result.targets.size());
  if (request.respects_ignored) respect_ignored(spec, result);
  return result;
}

std::vector<std::string> Comparer::ignored_pointers(const model::ObjectKey& key,
                                                    const ApplicationSpec& spec) const {
  std::vector<std::string> pointers;
  for (const auto* rules : {&installation_.ignored, &spec.ignored}) {
    for (const IgnoredDifference& rule : *rules) {
      if (!is_named(rule, key)) continue;
      pointers.insert(pointers.end(), rule.pointers.begin(), rule.pointers.end());
      for (const std::string& manager : rule.managers) {
        const auto owned = cluster_.owned_pointers(key, manager);
        pointers.insert(pointers.end(), owned.begin(), owned.end());
      }
    }
  }
  return pointers;
}

// Source: controller/sync.go, normalizeTargetResources.
void Comparer::respect_ignored(const ApplicationSpec& spec, Compare& compare) const {
  for (const ComparisonRow& row : compare.comparison.rows) {
    if (!row.target || !row.live) continue;
    const std::vector<std::string> pointers =
        ignored_pointers(compare.live_comparands[*row.live].key, spec);
    if (pointers.empty()) continue;
    nlohmann::json& manifest =
        compare.respectful[*row.target].emplace(compare.targets[*row.target]->manifest);
    for (const std::string& pointer : pointers) {
      take_over(manifest, *compare.live_comparands[*row.live].object, pointer);
    }
  }
}

bool Comparer::differs(const Comparand& target, const Comparand& live,
                       const ApplicationSpec& spec) {
  const auto version = health::text(*live.object, "/metadata/resourceVersion");
  Answer& answer = answers_[target.object];
  const std::uint64_t number = version.empty() ? 0 : std::stoull(version);
  if (number != 0 && answer.resource_version == number) return answer.differs;
  const bool server_side = has_option(spec.policy.options, "ServerSideApply=true");
  const cluster::Preview preview = cluster_.preview(*target.object, server_side);
  answer = {.resource_version = number, .differs = preview.is_changed};
  const std::vector<std::string> pointers = ignored_pointers(live.key, spec);
  if (preview.is_changed && !pointers.empty()) {
    json after = preview.object;
    json before = *live.object;
    for (json* each : {&after, &before}) {
      remove_bookkeeping(*each);
      for (const std::string& pointer : pointers) remove_at(*each, pointer);
    }
    answer.differs = after != before;
  }
  return answer.differs;
}

health::ApplicationHealth Comparer::health(const Compare& compare,
                                           const ApplicationSpec& spec) const {
  std::vector<health::ManagedResource> resources;
  for (const ComparisonRow& row : compare.comparison.rows) {
    resources.push_back(
        {.live = row.live ? compare.live_comparands[*row.live].object : nullptr,
         .target = row.target ? compare.target_comparands[*row.target].object : nullptr});
  }
  return health::assess_application(
      resources,
      health_settings(installation_,
                      {.name = spec.name, .name_space = spec.name_space, .uid = spec.uid}));
}

}  // namespace wavetank::application
