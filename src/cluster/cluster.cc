#include "cluster/cluster.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "base/check.h"
#include "cluster/api/kubectl/kubectl.h"
#include "cluster/api/server.h"
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

// Where an object stood before a call, to tell what the call did to it.
struct Mark {
  bool exists = false;
  std::uint32_t incarnation = 0;
  std::uint64_t resource_version = 0;
  std::string uid;
  json spec;
};

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
      furnish(name);
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
    context_.store.changed(key, *entry);
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
    if (key.group.empty() && key.kind == "Namespace") furnish(key.name);
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

  [[nodiscard]] Mark mark(const ObjectKey& key) const {
    const Entry* entry = context_.store.find(key);
    if (entry == nullptr) return {};
    return {.exists = true,
            .incarnation = entry->object.incarnation,
            .resource_version = entry->object.resource_version,
            .uid = entry->object.uid,
            .spec = health::at(entry->object.content, "/spec")};
  }

  // What every namespace has from the start, because its pods need it.
  void furnish(const std::string& name_space) {
    for (const auto& [kind, name] :
         {std::pair{"ServiceAccount", "default"}, std::pair{"ConfigMap", "kube-root-ca.crt"}}) {
      const ObjectKey key{.group = "", .kind = kind, .name_space = name_space, .name = name};
      if (context_.store.find(key) != nullptr) continue;
      context_.store.insert(key,
                            {{"apiVersion", "v1"},
                             {"kind", kind},
                             {"metadata", {{"name", name}, {"namespace", name_space}}}},
                            context_.now);
    }
  }

  CallResult answer(const api::Printed& printed) const {
    if (!printed.error) return ok(printed.output);
    CallResult result{.status = CallStatus::Error, .message = *printed.error};
    if (printed.status && printed.status->reason == "NotFound") {
      result.status = CallStatus::NotFound;
    }
    return result;
  }

  api::Printed call(Verb verb, const json& manifest, const WriteOptions& options);
  void follow(const ObjectKey& key, const Mark& before);
  void assume_unknown(const json& manifest, const ObjectKey& key);

  base::Interner& interner_;
  Context context_;
  api::Server server_{context_.store};
  api::Discovery discovery_;
  std::set<std::pair<std::string, std::string>> assumed_;  // group and kind
};

// Kinds that come without a definition in the store: assumed ones, Argo CD's own, and those whose
// definition is not established yet; a sync does not wait for that here.
void Cluster::Impl::assume_unknown(const json& manifest, const ObjectKey& key) {
  const std::string api_version = health::text(manifest, "/apiVersion");
  const std::string_view version = model::version_of(api_version);
  if (server_.find_kind(key.group, version, key.kind) != nullptr) return;
  const model::Scope known = scope(key.group, key.kind);
  if (known == model::Scope::Unknown || api::built_in_kind(key.group, key.kind) != nullptr) return;
  server_.assume({.group = key.group,
                  .version = std::string(version),
                  .kind = key.kind,
                  .resource = api::guessed_resource(key.kind),
                  .is_namespaced = known == model::Scope::Namespaced});
}

api::Printed Cluster::Impl::call(Verb verb, const json& manifest, const WriteOptions& options) {
  api::Kubectl kubectl(server_, discovery_);
  const auto dry_run = options.dry_run ? api::DryRunMode::Client : api::DryRunMode::None;
  switch (verb) {
    case Verb::Apply:
      return kubectl.apply(manifest, {.dry_run = dry_run,
                                      .force = options.force && !options.dry_run,
                                      .server_side = options.server_side && !options.dry_run});
    case Verb::Create: return kubectl.create(manifest, dry_run);
    case Verb::Replace: return kubectl.replace(manifest, dry_run, options.force);
    case Verb::Update: return kubectl.update(manifest);
  }
  return {};
}

// What a write sets in motion: controllers take notice, dependents of what was replaced go.
void Cluster::Impl::follow(const ObjectKey& key, const Mark& before) {
  const Mark after = mark(key);
  const bool is_new = after.exists && (!before.exists || after.incarnation != before.incarnation);
  if (before.exists && (is_new || !after.exists)) {
    for (const ObjectKey& dependent : context_.store.dependents(before.uid)) {
      context_.remove(dependent, model::Propagation::Background);
    }
  }
  if (!after.exists) {
    if (before.exists) context_.note(key, ChangeKind::Removed, "gone");
    return;
  }
  if (is_new) {
    context_.note(key, ChangeKind::Created, "created");
    if (key.group.empty() && key.kind == "Namespace") furnish(key.name);
    on_written(context_, key);
  } else if (after.resource_version != before.resource_version) {
    context_.note(key, ChangeKind::Updated, "changed");
    if (after.spec != before.spec) on_written(context_, key);
    context_.reap(key);
  }
}

CallResult Cluster::Impl::write(Verb verb, const json& raw, WriteOptions options) {
  const json manifest = cleaned(raw);
  const ObjectKey key = key_of(manifest);
  assume_unknown(manifest, key);
  if (!options.dry_run && context_.behavior_of(key).denied) {
    return error(
        "admission webhook \"deny.wavetank.dev\" denied the request: denied by the "
        "simulation");
  }
  server_.now = context_.now;
  const Mark before = mark(key);
  const CallResult result = answer(call(verb, manifest, options));
  follow(key, before);
  return result;
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
