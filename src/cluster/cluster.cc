#include "cluster/cluster.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "base/check.h"
#include "cluster/api/kubectl/kubectl.h"
#include "cluster/api/kubectl/preview.h"
#include "cluster/api/object/decode.h"
#include "cluster/api/object/merge.h"
#include "cluster/api/rules/defaults.h"
#include "cluster/api/server.h"
#include "cluster/api/wording.h"
#include "cluster/controller_manager/conditions.h"
#include "cluster/controller_manager/controllers.h"
#include "cluster/controller_manager/manager.h"
#include "cluster/describe.h"
#include "cluster/node/agents.h"
#include "cluster/surroundings/agents.h"
#include "cluster/surroundings/surroundings.h"
#include "health/object_view.h"

namespace wavetank::cluster {

using model::ObjectKey;
using nlohmann::json;

namespace {

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

CallResult answer(const api::Printed& printed) {
  if (!printed.error) return {.message = printed.output};
  CallResult result = error(*printed.error);
  if (printed.ends_process) result.status = CallStatus::ProcessEnded;
  if (printed.status && printed.status->reason == "NotFound") result.status = CallStatus::NotFound;
  if (printed.status && printed.status->reason == "Conflict") result.status = CallStatus::Conflict;
  return result;
}

// The controllers of a whole cluster: those of the control plane, then those around it.
std::span<const Controller* const> all_controllers() {
  static const std::vector<const Controller*> kAll = [] {
    const auto built_in = built_in_controllers();
    std::vector<const Controller*> all(built_in.begin(), built_in.end());
    for (const Controller* each :
         {&kNodeLifecycle, &kTaintEviction, &kPodCollector, &kScheduler, &kKubelet, &kNodeReporter,
          &kLoadBalancers, &kIngressController, &kProvisioner, &kOperators}) {
      all.push_back(each);
    }
    return all;
  }();
  return kAll;
}

constexpr std::array<std::string_view, 18> kGroups{"apps",
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

}  // namespace

class Cluster::Impl {
 public:
  Impl(base::Interner& interner, base::Chooser& chooser, std::vector<BehaviorRule> rules)
      : interner_(interner),
        store_(interner),
        server_(store_),
        surroundings_(store_, chooser, std::move(rules),
                      [this](const ObjectKey& key, std::string text) { tell(key, text); }),
        manager_(server_, all_controllers(), &surroundings_) {
    // The manager is told first, then the record of changes.
    store_.on_change = [this, manager = store_.on_change](const Notice& notice) {
      manager(notice);
      record(notice);
    };
    server_.is_denied = [this](const ObjectKey& key) { return surroundings_.denies(key); };
    server_.wait = [this](base::Duration time) { manager_.wait(time); };
    furnish();
    manager_.run(server_.now);
    changes_.clear();
  }

  CallResult write(CallVerb verb, const json& raw, WriteOptions options);
  CallResult remove(const ObjectKey& key, model::Propagation propagation);
  CallResult remove_finalizer(const ObjectKey& key, std::string_view finalizer,
                              std::uint64_t resource_version) {
    return struck(CallVerb::RemoveFinalizer, key,
                  [&] { return remove_finalizer_now(key, finalizer, resource_version); });
  }
  void assume_kind(std::string group, std::string kind) {
    assumed_.emplace(std::move(group), std::move(kind));
  }
  void seed(const json& object);
  bool restore(json object);
  CallResult patch(const ObjectKey& key, const json& patch, std::string_view manager);
  CallResult server_side_apply(const json& manifest, std::string_view manager, bool force);
  void set_status(const ObjectKey& key, json status);
  Preview preview(const json& manifest, bool server_side);
  void add_fault(CallFault fault) { faults_.add(std::move(fault)); }
  [[nodiscard]] bool has_struck() const { return faults_.has_struck(); }
  bool make_storage_class(const json& metadata);
  bool lose_node(const std::string& name);
  bool restore_node(const std::string& name);

  [[nodiscard]] base::Instant now() const { return server_.now; }
  void behave(std::vector<BehaviorRule> rules) { surroundings_.behave(std::move(rules)); }
  [[nodiscard]] const Store& store() const { return store_; }
  [[nodiscard]] ObjectKey stored_key(const model::Key& key) const {
    ObjectKey result = model::resolve(key, interner_);
    if (scope(result.group, result.kind) == model::Scope::Cluster) result.name_space.clear();
    return result;
  }
  [[nodiscard]] model::Scope scope(std::string_view group, std::string_view kind) const;
  [[nodiscard]] KindLookup lookup(std::string_view group, std::string_view kind) const;

  [[nodiscard]] std::optional<base::Instant> next_event() const {
    return manager_.is_at_rest() ? std::nullopt : manager_.next();
  }
  std::vector<Change> advance(base::Instant time) {
    WAVETANK_CHECK(time >= server_.now);
    run(time);
    return std::exchange(changes_, {});
  }

 private:
  void furnish();
  void run(base::Instant until) {
    manager_.run(until);
    server_.now = std::max(server_.now, until);
  }
  void record(const Notice& notice);
  void tell(const ObjectKey& key, const std::string& text);
  template <class Call>
  CallResult struck(CallVerb verb, const ObjectKey& key, Call call);
  CallResult remove_now(const ObjectKey& key, model::Propagation propagation);
  CallResult remove_finalizer_now(const ObjectKey& key, std::string_view finalizer,
                                  std::uint64_t resource_version);
  api::Printed call(CallVerb verb, const json& manifest, const WriteOptions& options);
  void assume_unknown(const json& manifest, const ObjectKey& key);
  [[nodiscard]] ObjectKey key_of(const json& manifest) const;
  [[nodiscard]] api::Target target_of(const json& manifest);
  [[nodiscard]] api::Ref ref_of(const ObjectKey& key) const;
  [[nodiscard]] const Entry* find_definition(std::string_view group, std::string_view kind) const;
  [[nodiscard]] bool is_assumed(std::string_view group, std::string_view kind) const {
    return assumed_.contains({std::string(group), std::string(kind)});
  }

  base::Interner& interner_;
  Store store_;
  api::Server server_;
  Surroundings surroundings_;
  Manager manager_;
  api::Discovery discovery_;
  CallFaults faults_;
  std::set<std::pair<std::string, std::string>> assumed_;  // group and kind
  std::vector<Change> changes_;                            // since the last time somebody took them
  std::map<ObjectKey, std::string> told_;  // the state of each object that was told last
};

// What every cluster has: its own namespaces, a node with room for everything, a class of storage.
void Cluster::Impl::furnish() {
  for (const char* name : {"default", "kube-system"}) {
    seed({{"apiVersion", "v1"}, {"kind", "Namespace"}, {"metadata", {{"name", name}}}});
  }
  seed({{"apiVersion", "v1"}, {"kind", "Node"}, {"metadata", {{"name", "node-1"}}}});
  constexpr const char* kDefault = "storageclass.kubernetes.io/is-default-class";
  make_storage_class({{"name", "standard"}, {"annotations", {{kDefault, "true"}}}});
}

bool Cluster::Impl::make_storage_class(const json& metadata) {
  const json made = {{"apiVersion", "storage.k8s.io/v1"},
                     {"kind", "StorageClass"},
                     {"metadata", metadata},
                     {"provisioner", "standard.wavetank.dev"}};
  if (store_.find(key_of(made)) != nullptr) return false;
  seed(made);
  return true;
}

bool Cluster::Impl::lose_node(const std::string& name) {
  const ObjectKey key{.group = "", .kind = "Node", .name_space = "", .name = name};
  if (store_.find(key) == nullptr || surroundings_.silent_since(name)) return false;
  surroundings_.silence(name, server_.now);
  tell(key, "is not heard any more");
  manager_.announce({.key = key});
  manager_.react();
  return true;
}

bool Cluster::Impl::restore_node(const std::string& name) {
  const ObjectKey key{.group = "", .kind = "Node", .name_space = "", .name = name};
  if (!surroundings_.silent_since(name)) return false;
  surroundings_.end_silence(name);
  tell(key, "reports again");
  manager_.announce({.key = key});
  manager_.react();
  return true;
}

ObjectKey Cluster::Impl::key_of(const json& manifest) const {
  const std::string api_version = health::text(manifest, "/apiVersion");
  ObjectKey key{.group = std::string(model::group_of(api_version)),
                .kind = health::text(manifest, "/kind"),
                .name_space = health::text(manifest, "/metadata/namespace"),
                .name = health::text(manifest, "/metadata/name")};
  if (scope(key.group, key.kind) == model::Scope::Cluster) key.name_space.clear();
  return key;
}

// Where the object of a manifest is; no kind: the server does not know it.
api::Target Cluster::Impl::target_of(const json& manifest) {
  const ObjectKey key = key_of(manifest);
  return {.kind = server_.find_kind(key.group, key.kind),
          .name_space = key.name_space,
          .name = key.name};
}

api::Ref Cluster::Impl::ref_of(const ObjectKey& key) const {
  api::Ref ref{
      .group = key.group, .kind = key.kind, .name_space = key.name_space, .name = key.name};
  if (const Entry* entry = store_.find(key)) {
    const std::string api_version = health::text(entry->object.content, "/apiVersion");
    ref.version = model::version_of(api_version);
  }
  return ref;
}

const Entry* Cluster::Impl::find_definition(std::string_view group, std::string_view kind) const {
  for (const auto& [key, entry] :
       store_.of_kind("apiextensions.k8s.io", "CustomResourceDefinition")) {
    const model::ObjectFacts& facts = entry.object.facts;
    if (interner_.text(facts.crd_group) == group && interner_.text(facts.crd_kind) == kind) {
      return &entry;
    }
  }
  return nullptr;
}

model::Scope Cluster::Impl::scope(std::string_view group, std::string_view kind) const {
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

KindLookup Cluster::Impl::lookup(std::string_view group, std::string_view kind) const {
  if (model::scope_of(group, kind) != model::Scope::Unknown ||
      find_definition(group, kind) != nullptr || is_assumed(group, kind)) {
    return {};
  }
  const bool known_group =
      group.empty() || std::find(kGroups.begin(), kGroups.end(), group) != kGroups.end();
  KindLookup result{.status = KindLookup::Status::NotFound};
  result.is_group_failure = !known_group;
  result.message = known_group ? fmt::format("{} \"\" not found", api::kind_name(group, kind))
                               : "the server could not find the requested resource";
  return result;
}

// Every change of the store, told by what it means.
void Cluster::Impl::record(const Notice& notice) {
  const Entry* entry = store_.find(notice.key);
  Change change{.at = server_.now, .object = notice.key, .note = "changed"};
  if (notice.is_removed || entry == nullptr) {
    change.kind = ChangeKind::Removed;
    change.note = "gone";
    told_.erase(notice.key);
    changes_.push_back(std::move(change));
    return;
  }
  change.key = entry->object.key;
  if (notice.is_new) {
    change.kind = ChangeKind::Created;
    change.note = "created";
    changes_.push_back(std::move(change));
    return;
  }
  if (notice.has_new_generation && !notice.is_deleting) told_.erase(notice.key);
  std::string state = describe(notice.key, entry->object.content);
  std::string& told = told_[notice.key];
  if (!state.empty() && state != told) {
    told = state;
    change.note = std::move(state);
  }
  changes_.push_back(std::move(change));
}

void Cluster::Impl::tell(const ObjectKey& key, const std::string& text) {
  std::string& told = told_[key];
  if (told == text) return;
  told = text;
  const Entry* entry = store_.find(key);
  changes_.push_back({.at = server_.now,
                      .kind = ChangeKind::Updated,
                      .key = entry == nullptr ? model::Key{} : entry->object.key,
                      .object = key,
                      .note = text});
}

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

api::Printed Cluster::Impl::call(CallVerb verb, const json& manifest, const WriteOptions& options) {
  api::Kubectl kubectl(server_, discovery_);
  const auto dry_run = options.dry_run ? api::DryRunMode::Client : api::DryRunMode::None;
  switch (verb) {
    case CallVerb::Apply:
      return kubectl.apply(manifest, {.dry_run = dry_run,
                                      .force = options.force && !options.dry_run,
                                      .server_side = options.server_side && !options.dry_run});
    case CallVerb::Create: return kubectl.create(manifest, dry_run);
    case CallVerb::Replace: return kubectl.replace(manifest, dry_run, options.force);
    case CallVerb::Update: return kubectl.update(manifest);
    case CallVerb::Delete:
    case CallVerb::RemoveFinalizer: break;  // no writes of a manifest
  }
  WAVETANK_CHECK(false);
}

// The call, unless a fault comes between it and its answer.
template <class Call>
CallResult Cluster::Impl::struck(CallVerb verb, const ObjectKey& key, Call call) {
  const std::optional<CallFault> fault = faults_.strike(verb, key);
  if (!fault) return call();
  if (fault->is_done) (void)call();
  CallResult result = error(failure_message(fault->failure, key));
  if (fault->failure == CallFailure::Conflict) result.status = CallStatus::Conflict;
  return result;
}

CallResult Cluster::Impl::write(CallVerb verb, const json& raw, WriteOptions options) {
  const json manifest = cleaned(raw);
  const ObjectKey key = key_of(manifest);
  assume_unknown(manifest, key);
  const auto make = [&] { return answer(call(verb, manifest, options)); };
  return options.dry_run ? make() : struck(verb, key, make);
}

CallResult Cluster::Impl::patch(const ObjectKey& key, const json& patch, std::string_view manager) {
  const Entry* entry = store_.find(key);
  if (entry == nullptr) return {.status = CallStatus::NotFound, .message = api::not_found(key)};
  const api::Target target{.kind = server_.find_kind(key.group, key.kind),
                           .name_space = key.name_space,
                           .name = key.name};
  const auto merge = [&](const json& live) {
    return api::Patched{.object = api::merge_patch(live, patch)};
  };
  const api::Reply reply =
      server_.patch(target, merge, {.caller = {.user = "", .manager = std::string(manager)}});
  manager_.react();
  return reply.ok() ? CallResult{} : error(reply.error->message);
}

CallResult Cluster::Impl::server_side_apply(const json& manifest, std::string_view manager,
                                            bool force) {
  const api::Target target = target_of(manifest);
  if (target.kind == nullptr) return error("no such kind");
  const api::Reply reply = server_.apply(
      target, manifest,
      {.write = {.caller = {.user = "", .manager = std::string(manager)}}, .force = force});
  manager_.react();
  return reply.ok() ? CallResult{} : error(reply.error->message);
}

void Cluster::Impl::set_status(const ObjectKey& key, json status) {
  server_.write_status(key, std::move(status), nullptr);
}

Preview Cluster::Impl::preview(const json& manifest, bool server_side) {
  const json cleaned_manifest = cleaned(manifest);
  assume_unknown(cleaned_manifest, key_of(cleaned_manifest));
  const api::Target target = target_of(cleaned_manifest);
  const Entry* entry = store_.find(target.key());
  WAVETANK_CHECK(entry != nullptr);
  const json& live = entry->object.content;
  if (target.kind == nullptr) return {.object = live};
  return api::preview(server_, target, cleaned_manifest, server_side);
}

CallResult Cluster::Impl::remove(const ObjectKey& key, model::Propagation propagation) {
  return struck(CallVerb::Delete, key, [&] { return remove_now(key, propagation); });
}

CallResult Cluster::Impl::remove_now(const ObjectKey& key, model::Propagation propagation) {
  if (store_.find(key) == nullptr) {
    return {.status = CallStatus::NotFound, .message = api::not_found(key)};
  }
  if (surroundings_.holds(key) &&
      !health::has(store_.find(key)->object.content, "/metadata/deletionTimestamp")) {
    (void)api::Kubectl(server_, discovery_)
        .change_finalizers(ref_of(key), {.add = {"example.com/held"}});
  }
  api::DeletePolicy policy = api::DeletePolicy::Foreground;
  if (propagation == model::Propagation::Background) policy = api::DeletePolicy::Background;
  if (propagation == model::Propagation::Orphan) policy = api::DeletePolicy::Orphan;
  const CallResult result = answer(api::Kubectl(server_, discovery_).remove(ref_of(key), policy));
  manager_.react();  // the call takes time enough for a first reaction
  return result;
}

CallResult Cluster::Impl::remove_finalizer_now(const ObjectKey& key, std::string_view finalizer,
                                               std::uint64_t resource_version) {
  if (store_.find(key) == nullptr) {
    return {.status = CallStatus::NotFound, .message = api::not_found(key)};
  }
  const CallResult result = answer(
      api::Kubectl(server_, discovery_)
          .change_finalizers(ref_of(key), {.remove = {std::string(finalizer)},
                                           .resource_version = std::to_string(resource_version)}));
  manager_.react();
  return result;
}

void Cluster::Impl::seed(const json& object) {
  const ObjectKey key = key_of(object);
  if (store_.find(key) != nullptr) return;
  assume_unknown(object, key);
  const api::Target target = target_of(object);
  if (target.kind == nullptr || !server_.create(target, cleaned(object), {}).ok()) {
    store_.insert(key, cleaned(object), server_.now);
  }
  manager_.run(server_.now);
}

bool Cluster::Impl::restore(json object) {
  const ObjectKey key = key_of(object);
  if (store_.find(key) != nullptr) return false;
  assume_unknown(object, key);
  json& meta = object["metadata"];
  meta.erase("managedFields");
  if (!meta.contains("uid")) meta["uid"] = store_.next_uid(key);
  // A real server would have shown them; who writes a dump by hand leaves them out.
  if (const api::KindInfo* kind = server_.find_kind(key.group, key.kind)) {
    api::Decoded decoded = api::decode(*kind, object);
    if (decoded.type_error.empty()) object = std::move(decoded.object);
    api::set_defaults(*kind, object);
  }
  if (key.group.empty() && key.kind == "Node") {
    const json* ready = find_condition(health::at(object, "/status"), "Ready");
    // It was lost when the dump was made.
    if (ready != nullptr && health::text(*ready, "/status") == "Unknown") {
      surroundings_.silence(key.name, server_.now);
    }
  }
  store_.add(key, std::move(object), server_.now);
  return true;
}

Cluster::Cluster(base::Interner& interner, base::Chooser& chooser, std::vector<BehaviorRule> rules)
    : impl_(std::make_unique<Impl>(interner, chooser, std::move(rules))) {}

Cluster::~Cluster() = default;

base::Instant Cluster::now() const { return impl_->now(); }

void Cluster::behave(std::vector<BehaviorRule> rules) { impl_->behave(std::move(rules)); }

CallResult Cluster::apply(const json& manifest, WriteOptions options) {
  return impl_->write(CallVerb::Apply, manifest, options);
}
CallResult Cluster::create(const json& manifest, WriteOptions options) {
  return impl_->write(CallVerb::Create, manifest, options);
}
CallResult Cluster::replace(const json& manifest, WriteOptions options) {
  return impl_->write(CallVerb::Replace, manifest, options);
}
CallResult Cluster::update(const json& manifest, WriteOptions options) {
  return impl_->write(CallVerb::Update, manifest, options);
}

bool Cluster::lose_node(const std::string& name) { return impl_->lose_node(name); }

bool Cluster::restore_node(const std::string& name) { return impl_->restore_node(name); }

void Cluster::assume_kind(std::string group, std::string kind) {
  impl_->assume_kind(std::move(group), std::move(kind));
}

bool Cluster::assume_storage_class(const std::string& name) {
  return impl_->make_storage_class({{"name", name}});
}

void Cluster::seed(const json& object) { impl_->seed(object); }

bool Cluster::restore(json object) { return impl_->restore(std::move(object)); }

CallResult Cluster::patch(const ObjectKey& key, const json& patch, std::string_view manager) {
  return impl_->patch(key, patch, manager);
}

CallResult Cluster::server_side_apply(const json& manifest, std::string_view manager, bool force) {
  return impl_->server_side_apply(manifest, manager, force);
}

void Cluster::set_status(const ObjectKey& key, json status) {
  impl_->set_status(key, std::move(status));
}

void Cluster::add_fault(CallFault fault) { impl_->add_fault(std::move(fault)); }

bool Cluster::has_struck() const { return impl_->has_struck(); }

Preview Cluster::preview(const json& manifest, bool server_side) {
  return impl_->preview(manifest, server_side);
}

CallResult Cluster::remove(const model::Key& key, model::Propagation propagation) {
  return impl_->remove(impl_->stored_key(key), propagation);
}

CallResult Cluster::remove_finalizer(const model::Key& key, std::string_view finalizer,
                                     std::uint64_t resource_version) {
  return impl_->remove_finalizer(impl_->stored_key(key), finalizer, resource_version);
}

std::vector<std::string> Cluster::owned_pointers(const ObjectKey& key,
                                                 std::string_view manager) const {
  const Entry* entry = impl_->store().find(key);
  if (entry == nullptr) return {};
  return api::owned_pointers(entry->owners, manager, entry->object.content);
}

const StoredObject* Cluster::get(const model::Key& key) const {
  const Entry* entry = impl_->store().find(impl_->stored_key(key));
  return entry == nullptr ? nullptr : &entry->object;
}

std::vector<const StoredObject*> Cluster::objects() const {
  std::vector<const StoredObject*> all;
  for (const auto& [key, entry] : impl_->store().entries()) all.push_back(&entry.object);
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
