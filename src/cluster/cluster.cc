#include "cluster/cluster.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "base/check.h"
#include "cluster/api/merge.h"
#include "cluster/api/update_rules.h"
#include "cluster/api/wording.h"
#include "cluster/controllers/context.h"
#include "cluster/controllers/dispatch.h"
#include "health/health.h"
#include "health/object_view.h"

namespace wavetank::cluster {

using model::ObjectKey;
using nlohmann::json;

namespace {

CallResult ok(std::string message) { return {.message = std::move(message)}; }
CallResult error(std::string message) {
  return {.status = CallStatus::Error, .message = std::move(message)};
}

// What a client sends: without what only the server writes.
json cleaned(json manifest) {
  manifest.erase("status");
  for (const char* field : {"uid", "resourceVersion", "generation", "creationTimestamp",
                            "deletionTimestamp", "managedFields"}) {
    manifest["metadata"].erase(field);
  }
  return manifest;
}

// The defaults that health and controllers look at; the API server fills in many more.
void set_defaults(const ObjectKey& key, json& object) {
  if (!object.contains("spec") || !object["spec"].is_object()) return;
  json& spec = object["spec"];
  if (key.group.empty() && key.kind == "Pod") spec.emplace("restartPolicy", "Always");
  if (key.group != "apps" || key.kind == "DaemonSet") return;
  spec.emplace("replicas", 1);
  if (key.kind == "StatefulSet" && !spec.contains("updateStrategy")) {
    spec["updateStrategy"] = {{"type", "RollingUpdate"}, {"rollingUpdate", {{"partition", 0}}}};
  }
}

// Source: ValidateJob; the rest of the object is taken as valid.
std::optional<std::string> refused_creation(const ObjectKey& key, const json& manifest) {
  if (key.group != "batch" || key.kind != "Job") return std::nullopt;
  if (!health::has(manifest, "/spec/template/spec/containers")) return std::nullopt;
  const std::string policy = health::text(manifest, "/spec/template/spec/restartPolicy");
  if (policy == "Never" || policy == "OnFailure") return std::nullopt;
  return "spec.template.spec.restartPolicy: Unsupported value: \"Always\": supported values: "
         "\"OnFailure\", \"Never\"";
}

}  // namespace

class Cluster::Impl {
 public:
  Impl(base::Interner& interner, base::Chooser& chooser, std::vector<BehaviorRule> rules)
      : interner_(interner), context_(interner, chooser, std::move(rules)) {
    for (const char* name : {"default", "kube-system"}) {
      const ObjectKey key{.group = "", .kind = "Namespace", .name_space = "", .name = name};
      context_.store.insert(
          key, {{"apiVersion", "v1"}, {"kind", "Namespace"}, {"metadata", {{"name", name}}}},
          context_.now);
      context_.set_status(key, {{"phase", "Active"}}, "active");
    }
    context_.changes.clear();
  }

  [[nodiscard]] ObjectKey key_of(const json& manifest) const {
    const std::string api_version = health::text(manifest, "/apiVersion");
    ObjectKey key{.group = std::string(model::group_of(api_version)),
                  .kind = health::text(manifest, "/kind"),
                  .name_space = health::text(manifest, "/metadata/namespace"),
                  .name = health::text(manifest, "/metadata/name")};
    if (scope(key.group, key.kind) == model::Scope::Cluster) key.name_space.clear();
    return key;
  }

  [[nodiscard]] ObjectKey stored_key(const model::Key& key) const {
    ObjectKey result = model::resolve(key, interner_);
    if (scope(result.group, result.kind) == model::Scope::Cluster) result.name_space.clear();
    return result;
  }

  [[nodiscard]] model::Scope scope(std::string_view group, std::string_view kind) const {
    const model::Scope known = model::scope_of(group, kind);
    if (known != model::Scope::Unknown) return known;
    const Entry* definition = find_definition(group, kind);
    if (definition == nullptr) {
      return is_assumed(group, kind) ? model::Scope::Namespaced : model::Scope::Unknown;
    }
    return health::text(definition->object.content, "/spec/scope") == "Cluster"
               ? model::Scope::Cluster
               : model::Scope::Namespaced;
  }

  [[nodiscard]] KindLookup lookup(std::string_view group, std::string_view kind) const {
    if (model::scope_of(group, kind) != model::Scope::Unknown ||
        find_definition(group, kind) != nullptr || is_assumed(group, kind)) {
      return {};
    }
    const bool known_group =
        group.empty() || std::any_of(kGroups.begin(), kGroups.end(),
                                     [&](std::string_view each) { return each == group; });
    KindLookup result{.status = KindLookup::Status::NotFound};
    result.is_group_failure = !known_group;
    result.message = known_group ? fmt::format("{} \"\" not found", api::kind_name(group, kind))
                                 : "the server could not find the requested resource";
    return result;
  }

  enum class Verb : std::uint8_t { Apply, Create, Replace, Update };
  CallResult write(Verb verb, const json& raw, WriteOptions options);

  CallResult remove(const ObjectKey& key, model::Propagation propagation) {
    if (context_.store.find(key) == nullptr) {
      return {.status = CallStatus::NotFound, .message = api::not_found(key)};
    }
    context_.remove(key, propagation);
    return ok("");
  }

  CallResult remove_finalizer(const ObjectKey& key, std::string_view finalizer,
                              std::uint64_t resource_version) {
    Entry* entry = context_.store.find(key);
    if (entry == nullptr) {
      return {.status = CallStatus::NotFound, .message = api::not_found(key)};
    }
    if (entry->object.resource_version != resource_version) {
      return {.status = CallStatus::Conflict,
              .message = fmt::format("Operation cannot be fulfilled on {} \"{}\": the object has "
                                     "been modified; please apply your changes to the latest "
                                     "version and try again",
                                     api::resource_name(key.group, key.kind), key.name)};
    }
    json kept = json::array();
    for (const json& each : health::list(entry->object.content, "/metadata/finalizers")) {
      if (each != finalizer) kept.push_back(each);
    }
    json& meta = entry->object.content["metadata"];
    if (kept.empty()) {
      meta.erase("finalizers");
    } else {
      meta["finalizers"] = std::move(kept);
    }
    context_.store.changed(*entry);
    context_.reap(key);
    return ok("");
  }

  std::vector<Change> advance(base::Instant time) {
    WAVETANK_CHECK(time >= context_.now);
    while (!context_.queue.empty() && context_.queue.top().at <= time) {
      const Event event = context_.queue.pop();
      context_.now = event.at;
      on_event(context_, event);
    }
    context_.now = time;
    return std::exchange(context_.changes, {});
  }

  [[nodiscard]] std::optional<base::Instant> next_event() {
    while (!context_.queue.empty() && is_void(context_.queue.top())) context_.queue.pop();
    if (context_.queue.empty()) return std::nullopt;
    return context_.queue.top().at;
  }

  [[nodiscard]] const Context& context() const { return context_; }

  void assume_kind(std::string group, std::string kind) {
    assumed_.emplace(std::move(group), std::move(kind));
  }

  void seed(const json& object) {
    const ObjectKey key = key_of(object);
    if (context_.store.find(key) != nullptr) return;
    context_.store.insert(key, cleaned(object), context_.now);
    on_written(context_, key);
  }

 private:
  static constexpr std::array<std::string_view, 18> kGroups{"apps",
                                                            "batch",
                                                            "autoscaling",
                                                            "policy",
                                                            "networking.k8s.io",
                                                            "rbac.authorization.k8s.io",
                                                            "coordination.k8s.io",
                                                            "discovery.k8s.io",
                                                            "events.k8s.io",
                                                            "storage.k8s.io",
                                                            "resource.k8s.io",
                                                            "apiextensions.k8s.io",
                                                            "apiregistration.k8s.io",
                                                            "admissionregistration.k8s.io",
                                                            "scheduling.k8s.io",
                                                            "node.k8s.io",
                                                            "flowcontrol.apiserver.k8s.io",
                                                            "certificates.k8s.io"};

  [[nodiscard]] bool is_void(const Event& event) const {
    const Entry* entry = context_.store.find(event.object);
    if (entry == nullptr || entry->object.incarnation != event.incarnation) return true;
    // The deadline of what has ended is nothing to wait for.
    if (event.step != Step::Deadline) return false;
    const auto health = health::assess(entry->object.content);
    return health && health->status != health::Status::Progressing;
  }

  [[nodiscard]] bool is_assumed(std::string_view group, std::string_view kind) const {
    return assumed_.contains({std::string(group), std::string(kind)});
  }

  [[nodiscard]] const Entry* find_definition(std::string_view group, std::string_view kind) const {
    for (const auto& [key, entry] : context_.store.entries()) {
      const model::ObjectFacts& facts = entry.object.facts;
      if (facts.is_crd && interner_.text(facts.crd_group) == group &&
          interner_.text(facts.crd_kind) == kind) {
        return &entry;
      }
    }
    return nullptr;
  }

  [[nodiscard]] std::optional<std::string> refused_namespace(const ObjectKey& key,
                                                             bool exists) const {
    if (key.name_space.empty()) return std::nullopt;
    const Entry* name_space = context_.store.find(
        {.group = "", .kind = "Namespace", .name_space = "", .name = key.name_space});
    if (name_space == nullptr) return fmt::format("namespaces \"{}\" not found", key.name_space);
    if (name_space->object.deleting && !exists) {
      return fmt::format(
          "{} \"{}\" is forbidden: unable to create new content in namespace {} "
          "because it is being terminated",
          api::resource_name(key.group, key.kind), key.name, key.name_space);
    }
    return std::nullopt;
  }

  CallResult insert(const ObjectKey& key, json manifest, std::string message) {
    const json applied = manifest;
    set_defaults(key, manifest);
    Entry& entry = context_.store.insert(key, std::move(manifest), context_.now);
    entry.last_applied = applied;
    context_.note(key, ChangeKind::Created, "created");
    on_written(context_, key);
    return ok(std::move(message));
  }

  CallResult over(Verb verb, Entry& entry, const ObjectKey& key, json manifest,
                  WriteOptions options);

  base::Interner& interner_;
  Context context_;
  std::set<std::pair<std::string, std::string>> assumed_;  // group and kind
};

CallResult Cluster::Impl::write(Verb verb, const json& raw, WriteOptions options) {
  json manifest = cleaned(raw);
  const ObjectKey key = key_of(manifest);
  if (scope(key.group, key.kind) == model::Scope::Unknown) {
    return error(fmt::format("no matches for kind \"{}\" in version \"{}\"", key.kind,
                             health::text(manifest, "/apiVersion")));
  }
  if (key.name.empty()) return error("resource name may not be empty");
  Entry* entry = context_.store.find(key);
  if (options.dry_run) {
    std::string_view done = "created";
    if (verb == Verb::Replace) done = "replaced";
    if (verb == Verb::Apply && entry != nullptr) done = "configured";
    return ok(api::printed(key, done, true));
  }
  if (key.name_space.empty()) manifest["metadata"].erase("namespace");
  if (verb == Verb::Apply && options.force && options.server_side) {
    return error("error validating options: --force cannot be used with --server-side");
  }
  if (const auto refused = refused_namespace(key, entry != nullptr)) return error(*refused);
  if (context_.behavior_of(key).denied) {
    return error(
        "admission webhook \"deny.wavetank.dev\" denied the request: denied by the "
        "simulation");
  }
  if (entry == nullptr) {
    if (verb == Verb::Replace || verb == Verb::Update) return error(api::not_found(key));
    if (const auto refused = refused_creation(key, manifest)) {
      return error(api::invalid(key, *refused));
    }
    const std::string_view done =
        verb == Verb::Apply && options.server_side ? "serverside-applied" : "created";
    return insert(key, std::move(manifest), api::printed(key, done, false));
  }
  if (verb == Verb::Create) return error(api::already_exists(key, entry->object.deleting));
  return over(verb, *entry, key, std::move(manifest), options);
}

// Writes over an existing object.
CallResult Cluster::Impl::over(Verb verb, Entry& entry, const ObjectKey& key, json manifest,
                               WriteOptions options) {
  json& content = entry.object.content;
  if (verb == Verb::Replace && options.force) {
    context_.remove(key, model::Propagation::Background);
    if (context_.store.find(key) != nullptr) return error("timed out waiting for the condition");
    return insert(key, std::move(manifest), api::printed(key, "replaced", false));
  }
  std::optional<std::string> refused = api::refused_finalizers(content, manifest);
  if (!refused) refused = api::refused_change(key, content, manifest);
  if (refused) {
    const std::string text = api::invalid(key, *refused);
    if (verb != Verb::Apply || !options.force) return error(text);
    // A forced apply deletes what it may not change and creates it anew.
    context_.remove(key, model::Propagation::Background);
    if (context_.store.find(key) != nullptr) return error("context deadline exceeded");
    return insert(key, std::move(manifest), api::printed(key, "configured", false));
  }
  json wanted = verb == Verb::Apply ? api::merge(content, entry.last_applied, manifest) : manifest;
  json& meta = wanted["metadata"];
  if (verb != Verb::Apply) {
    for (const char* field :
         {"uid", "creationTimestamp", "generation", "deletionTimestamp", "resourceVersion"}) {
      if (content["metadata"].contains(field)) meta[field] = content["metadata"][field];
    }
    if (content.contains("status")) wanted["status"] = content["status"];
  } else {
    // Finalizers of others stay: the patch adds to the list.
    json finalizers = health::list(content, "/metadata/finalizers");
    for (const json& each : health::list(manifest, "/metadata/finalizers")) {
      if (std::find(finalizers.begin(), finalizers.end(), each) == finalizers.end()) {
        finalizers.push_back(each);
      }
    }
    if (!finalizers.empty()) meta["finalizers"] = std::move(finalizers);
  }
  const bool changed = wanted != content;
  if (changed) {
    const bool new_spec = health::at(wanted, "/spec") != health::at(content, "/spec");
    const bool new_annotations =
        health::at(wanted, "/metadata/annotations") != health::at(content, "/metadata/annotations");
    const bool bumps = new_spec || (new_annotations && key.kind == "Deployment");
    if (bumps) meta["generation"] = health::number(content, "/metadata/generation") + 1;
    content = std::move(wanted);
    entry.last_applied = manifest;
    context_.store.changed(entry);
    context_.note(key, ChangeKind::Updated, "changed");
    if (bumps) on_written(context_, key);
  }
  std::string_view done = changed ? "configured" : "unchanged";
  if (verb == Verb::Apply && options.server_side) done = "serverside-applied";
  if (verb != Verb::Apply) done = "replaced";
  return ok(api::printed(key, done, false));
}

Cluster::Cluster(base::Interner& interner, base::Chooser& chooser, std::vector<BehaviorRule> rules)
    : impl_(std::make_unique<Impl>(interner, chooser, std::move(rules))) {}

Cluster::~Cluster() = default;

base::Instant Cluster::now() const { return impl_->context().now; }

CallResult Cluster::apply(const json& manifest, WriteOptions options) {
  return impl_->write(Impl::Verb::Apply, manifest, options);
}
CallResult Cluster::create(const json& manifest, WriteOptions options) {
  return impl_->write(Impl::Verb::Create, manifest, options);
}
CallResult Cluster::replace(const json& manifest, WriteOptions options) {
  return impl_->write(Impl::Verb::Replace, manifest, options);
}
CallResult Cluster::update(const json& manifest, WriteOptions options) {
  return impl_->write(Impl::Verb::Update, manifest, options);
}

void Cluster::assume_kind(std::string group, std::string kind) {
  impl_->assume_kind(std::move(group), std::move(kind));
}

void Cluster::seed(const json& object) { impl_->seed(object); }

CallResult Cluster::remove(const model::Key& key, model::Propagation propagation) {
  return impl_->remove(impl_->stored_key(key), propagation);
}

CallResult Cluster::remove_finalizer(const model::Key& key, std::string_view finalizer,
                                     std::uint64_t resource_version) {
  return impl_->remove_finalizer(impl_->stored_key(key), finalizer, resource_version);
}

const StoredObject* Cluster::get(const model::Key& key) const {
  const Entry* entry = impl_->context().store.find(impl_->stored_key(key));
  return entry == nullptr ? nullptr : &entry->object;
}

std::vector<const StoredObject*> Cluster::objects() const {
  std::vector<const StoredObject*> all;
  for (const auto& [key, entry] : impl_->context().store.entries()) all.push_back(&entry.object);
  return all;
}

model::Scope Cluster::scope(std::string_view group, std::string_view kind) const {
  return impl_->scope(group, kind);
}

KindLookup Cluster::lookup(std::string_view group, std::string_view kind) const {
  return impl_->lookup(group, kind);
}

std::optional<base::Instant> Cluster::next_event() const { return impl_->next_event(); }

std::vector<Change> Cluster::advance(base::Instant time) { return impl_->advance(time); }

}  // namespace wavetank::cluster
