#include "cluster/api/server.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/check.h"
#include "base/stable_hash.h"
#include "cluster/api/admission/admission.h"
#include "cluster/api/deletion.h"
#include "cluster/api/object/decode.h"
#include "cluster/api/object/json_access.h"
#include "cluster/api/rules/defaults.h"
#include "cluster/api/rules/names.h"
#include "cluster/api/rules/prepare.h"
#include "cluster/api/rules/validate.h"

namespace wavetank::cluster::api {

using nlohmann::json;

namespace {

constexpr std::string_view kOwnManager = "argocd-application-controller";
constexpr std::size_t kRequestMax = 3145728;

std::string manager_of(const Caller& caller) {
  return caller.manager.empty() ? std::string(kOwnManager) : caller.manager;
}

// Source: AllowCreateOnUpdate of the strategies in pkg/registry.
bool creates_on_update(const KindInfo& kind) {
  static constexpr std::array<std::string_view, 9> kKinds{
      "RuntimeClass", "RoleBinding", "ClusterRoleBinding", "Role", "ClusterRole", "Lease",
      "LimitRange",   "Service",     "Endpoints"};
  return !kind.is_custom && std::find(kKinds.begin(), kKinds.end(), kind.kind) != kKinds.end();
}

// Source: AllowUnconditionalUpdate of the strategies in pkg/registry.
bool needs_resource_version(const KindInfo& kind) {
  static constexpr std::array<std::string_view, 13> kKinds{"RuntimeClass",
                                                           "PodDisruptionBudget",
                                                           "CSIDriver",
                                                           "CSIStorageCapacity",
                                                           "VolumeAttachment",
                                                           "CSINode",
                                                           "Lease",
                                                           "ValidatingAdmissionPolicy",
                                                           "ValidatingAdmissionPolicyBinding",
                                                           "MutatingWebhookConfiguration",
                                                           "ValidatingWebhookConfiguration",
                                                           "CustomResourceDefinition",
                                                           "APIService"};
  return kind.is_custom || std::find(kKinds.begin(), kKinds.end(), kind.kind) != kKinds.end();
}

Reply refused(ApiError error) {
  Reply reply;
  reply.code = error.code;
  reply.error = std::move(error);
  reply.changed = false;
  return reply;
}

ApiError undecodable(const KindInfo& kind, const std::string& why) {
  return bad_request_error(fmt::format("{} in version \"{}\" cannot be handled as a {}: {}",
                                       kind.kind, kind.version, kind.kind, why));
}

// Source: apiserver, webhook/errors/statuserror.go.
ApiError denial() {
  return {.code = 400,
          .reason = "",
          .message =
              "admission webhook \"deny.wavetank.dev\" denied the request: denied by the "
              "simulation"};
}

// What server-side apply says of fields that others own. Source: managedfields, conflict.go.
ApiError ownership_error(const std::vector<OwnershipConflict>& conflicts) {
  ApiError error{.code = 409, .reason = "Conflict"};
  std::size_t total = 0;
  for (const OwnershipConflict& conflict : conflicts) {
    total += conflict.fields.size();
    for (const std::string& field : conflict.fields) {
      error.causes.push_back({field, "FieldManagerConflict"});
    }
  }
  error.message = fmt::format("Apply failed with {} conflict{}: ", total, total == 1 ? "" : "s");
  std::vector<std::string> parts;
  for (const OwnershipConflict& conflict : conflicts) {
    const std::string with =
        fmt::format("\"{}\"{}", conflict.manager,
                    conflict.subresource.empty()
                        ? ""
                        : fmt::format(" with subresource \"{}\"", conflict.subresource));
    if (conflict.fields.size() == 1) {
      parts.push_back(fmt::format("conflict with {}: {}", with, conflict.fields.front()));
    } else {
      parts.push_back(
          fmt::format("conflicts with {}:\n- {}", with, fmt::join(conflict.fields, "\n- ")));
    }
  }
  error.message += fmt::format("{}", fmt::join(parts, "\n"));
  return error;
}

// The size of a request, as far as texts make it up.
std::size_t size_of(const json& value) {
  if (value.is_string()) return value.get_ref<const std::string&>().size();
  std::size_t total = 8;
  if (value.is_array() || value.is_object()) {
    for (const json& each : value) total += size_of(each);
  }
  return total;
}

std::optional<ApiError> too_large(const json& body) {
  if (size_of(body) <= kRequestMax) return std::nullopt;
  return too_large_error(fmt::format("Request entity too large: limit is {}", kRequestMax));
}

// Five characters of Kubernetes' alphabet for names, by a number.
std::string random_suffix(std::uint64_t number) {
  std::string suffix;
  std::uint64_t state = number * 0x9e3779b97f4a7c15U + 0x632be59bd9b4e019U;
  for (int i = 0; i < 5; ++i) {
    state ^= state >> 29U;
    state *= 0xbf58476d1ce4e5b9U;
    suffix += kNameLetters[(state >> 33U) % kNameLetters.size()];
  }
  return suffix;
}

// Names that make bad host names are pointed out. Source: WarningsOnCreate of the strategies.
void warn_of_name(const KindInfo& kind, const std::string& name,
                  std::vector<std::string>& warnings) {
  const bool is_workload = kind.is("apps", "Deployment") || kind.is("apps", "ReplicaSet") ||
                           kind.is("batch", "Job") || kind.is("batch", "CronJob") ||
                           kind.is("", "ReplicationController");
  if (!is_workload && !kind.is("", "Pod")) return;
  const Complaints complaints = check_dns_label(name);
  if (complaints.empty()) return;
  warnings.push_back(fmt::format(
      "metadata.name: this is used in {}, which can result in surprising behavior; a DNS label is "
      "recommended: [{}]",
      is_workload ? "Pod names and hostnames" : "the Pod's hostname", fmt::join(complaints, " ")));
}

bool equal_but_version(const json& a, const json& b) {
  json left = a;
  json right = b;
  left["metadata"].erase("resourceVersion");
  right["metadata"].erase("resourceVersion");
  return left == right;
}

}  // namespace

// One write on its way through the stages.
class Write {
 public:
  Write(Server& server, const Target& target, const WriteRequest& request)
      : server_(server), target_(target), request_(request) {}

  Reply create(json body, bool applies, FieldOwners owners);
  Reply update(const json& wanted, const Entry& entry, const FieldOwners* applied);
  void warn(std::vector<std::string> warnings) {
    warnings_.insert(warnings_.end(), warnings.begin(), warnings.end());
  }

 private:
  [[nodiscard]] Admission admission(Operation operation, std::string_view name) const {
    return {.store = server_.store_,
            .kind = *target_.kind,
            .operation = operation,
            .name_space = target_.name_space,
            .name = name,
            .user = request_.caller.user,
            .subresource = request_.subresource,
            .is_dry_run = request_.dry_run == DryRun::Yes};
  }
  [[nodiscard]] Stamps stamps(const model::ObjectKey& key) const;
  Reply store_update(json object, const Entry& entry, FieldOwners owners);
  Reply finish(Reply reply) {
    reply.warnings = std::move(warnings_);
    return reply;
  }

  Server& server_;
  const Target& target_;
  const WriteRequest& request_;
  std::vector<std::string> warnings_;
};

Stamps Write::stamps(const model::ObjectKey& key) const {
  Stamps stamps{.uid = server_.store_.next_uid(key), .now = timestamp(server_.now)};
  // Addresses and ports follow from the name, so that no object depends on unrelated ones.
  const std::uint64_t number = base::stable_hash(model::full_name(key));
  stamps.cluster_ip = fmt::format("10.96.{}.{}", number / 250 % 250 + 1, number % 250 + 2);
  stamps.node_port = 30000 + static_cast<int>(number % 2700);
  return stamps;
}

Reply Write::create(json body, bool applies, FieldOwners owners) {
  const KindInfo& kind = *target_.kind;
  if (auto error = too_large(body)) return refused(*error);
  Decoded decoded = decode(kind, body);
  if (!decoded.type_error.empty()) return refused(undecodable(kind, decoded.type_error));
  warn(std::move(decoded.warnings));
  json object = std::move(decoded.object);
  json& meta = object["metadata"];
  if (kind.is_namespaced) {
    meta["namespace"] = target_.name_space;
  } else {
    meta.erase("namespace");
  }
  object["apiVersion"] = kind.api_version();
  object["kind"] = kind.kind;
  const std::string prefix = text(object, "/metadata/generateName");
  if (text(object, "/metadata/name").empty() && !prefix.empty()) {
    // Source: names.SimpleNameGenerator; 63 less the five that follow.
    model::ObjectKey base = target_.key();
    base.name = prefix.substr(0, 58);
    const std::string suffix = random_suffix(server_.store_.next_number(base));
    if (server_.on_suffix) server_.on_suffix(suffix);
    meta["name"] = base.name + suffix;
  }
  const std::string name = text(object, "/metadata/name");
  model::ObjectKey key = target_.key();
  key.name = name;
  set_defaults(kind, object);
  const Admission create = admission(Operation::Create, name);
  if (auto error = admit(create, object, warnings_)) return finish(refused(*error));
  if (server_.is_denied && server_.is_denied(key)) return finish(refused(denial()));
  json sent = object;
  if (kind.has_status) sent.erase("status");
  prepare_create(kind, object, stamps(key));
  const FieldErrors errors = validate_create(kind, object);
  if (!errors.empty()) return finish(refused(invalid_error(kind, name, errors)));
  warn_of_name(kind, name, warnings_);
  if (auto error = check_escalation(create, object, json())) return finish(refused(*error));
  if (auto error = admit_valid(create, object, json(), warnings_)) return finish(refused(*error));
  if (const Entry* existing = server_.store_.find(key)) {
    return finish(refused(existing->object.deleting ? being_deleted_error(kind, name)
                                                    : already_exists_error(kind, name)));
  }
  if (!applies && kind.type != nullptr) {
    owners = owners_after_update({}, *kind.type, json(), sent, manager_of(request_.caller), "");
  }
  Reply reply;
  reply.code = 201;
  reply.object = object;
  if (request_.dry_run == DryRun::Yes) return finish(std::move(reply));
  Entry& entry = server_.store_.add(key, std::move(object), server_.now);
  entry.owners = std::move(owners);
  reply.object = entry.object.content;
  return finish(std::move(reply));
}

Reply Write::update(const json& wanted, const Entry& entry, const FieldOwners* applied) {
  const KindInfo& kind = *target_.kind;
  const json& live = entry.object.content;
  json object = wanted;
  object["apiVersion"] = kind.api_version();
  object["kind"] = kind.kind;
  if (kind.is_namespaced) {
    object["metadata"]["namespace"] = target_.name_space;
  } else {
    object["metadata"].erase("namespace");
  }
  const std::string& name = target_.name;
  set_defaults(kind, object);
  json sent = object;
  const Admission update = admission(Operation::Update, name);
  if (auto error = admit(update, object, warnings_)) return finish(refused(*error));
  if (request_.subresource.empty() && server_.is_denied && server_.is_denied(target_.key())) {
    return finish(refused(denial()));
  }
  if (request_.subresource == "status") {
    prepare_status_update(kind, object, live);
  } else if (request_.subresource == "finalize") {
    prepare_finalize(object, live);
  } else {
    prepare_update(kind, object, live);
    if (kind.is("", "Service")) allocate_service(object, stamps(target_.key()));
  }
  object["metadata"]["resourceVersion"] = at(live, "/metadata/resourceVersion");
  if (request_.subresource.empty()) count_generation(kind, object, live);
  if (request_.subresource.empty()) {
    const FieldErrors errors = validate_update(kind, object, live);
    if (!errors.empty()) return finish(refused(invalid_error(kind, name, errors)));
    if (auto error = check_escalation(update, object, live)) return finish(refused(*error));
  }
  if (auto error = admit_valid(update, object, live, warnings_)) return finish(refused(*error));
  FieldOwners owners = entry.owners;
  if (applied != nullptr) {
    owners = *applied;
  } else if (kind.type != nullptr) {
    // Ownership goes by what was sent, before the server put back what is its own.
    json before = live;
    if (kind.has_status && request_.subresource.empty()) {
      sent.erase("status");
      before.erase("status");
    } else if (request_.subresource == "status") {
      sent = object;
    }
    owners = owners_after_update(entry.owners, *kind.type, before, sent,
                                 manager_of(request_.caller), request_.subresource);
  }
  return finish(store_update(std::move(object), entry, std::move(owners)));
}

Reply Write::store_update(json object, const Entry& entry, FieldOwners owners) {
  Reply reply;
  reply.object = object;
  if (equal_but_version(object, entry.object.content) && owners == entry.owners) {
    reply.changed = false;
    return reply;
  }
  if (request_.dry_run == DryRun::Yes) return reply;
  const model::ObjectKey key = target_.key();
  // The last finalizer of an object that is being deleted takes the object with it.
  if (entry.object.deleting && is_released(object)) {
    server_.store_.erase(key);
    return reply;
  }
  Entry* stored = server_.store_.find(key);
  stored->object.content = std::move(object);
  stored->owners = std::move(owners);
  server_.store_.changed(key, *stored);
  reply.object = stored->object.content;
  return reply;
}

void Server::refresh_definitions() {
  if (definitions_at_ == store_.version() && definitions_at_ != 0) return;
  definitions_at_ = store_.version();
  std::erase_if(definitions_, [&](const auto& each) { return store_.find(each.first) == nullptr; });
  for (const auto& [key, entry] :
       store_.of_kind("apiextensions.k8s.io", "CustomResourceDefinition")) {
    Definition& definition = definitions_[key];
    if (definition.resource_version == entry.object.resource_version) continue;
    definition.resource_version = entry.object.resource_version;
    definition.schema = Schema();
    definition.kinds.clear();
    bool is_established = false;
    for (const json& condition : list(entry.object.content, "/status/conditions")) {
      is_established = is_established || (text(condition, "/type") == "Established" &&
                                          text(condition, "/status") == "True");
    }
    if (is_established) {
      definition.kinds = custom_kinds(entry.object.content, definition.schema);
    }
  }
}

void Server::assume(KindInfo kind) {
  nlohmann::json definition = {{"spec",
                                {{"group", kind.group},
                                 {"names", {{"kind", kind.kind}, {"plural", kind.resource}}},
                                 {"scope", kind.is_namespaced ? "Namespaced" : "Cluster"},
                                 {"versions", {{{"name", kind.version}, {"served", true}}}}}}};
  for (KindInfo& each : custom_kinds(definition, assumed_.schema)) {
    assumed_.kinds.push_back(std::move(each));
  }
}

const KindInfo* Server::find_kind(std::string_view group, std::string_view version,
                                  std::string_view kind) {
  for (const KindInfo& each : built_in_kinds()) {
    if (each.is(group, kind) && each.version == version) return &each;
  }
  refresh_definitions();
  for (const auto& [key, definition] : definitions_) {
    for (const KindInfo& each : definition.kinds) {
      if (each.is(group, kind) && each.version == version) return &each;
    }
  }
  for (const KindInfo& each : assumed_.kinds) {
    if (each.is(group, kind) && each.version == version) return &each;
  }
  return nullptr;
}

const KindInfo* Server::find_kind(std::string_view group, std::string_view kind) {
  if (const KindInfo* found = built_in_kind(group, kind)) return found;
  refresh_definitions();
  for (const auto& [key, definition] : definitions_) {
    for (const KindInfo& each : definition.kinds) {
      if (each.is(group, kind)) return &each;
    }
  }
  for (const KindInfo& each : assumed_.kinds) {
    if (each.is(group, kind)) return &each;
  }
  return nullptr;
}

bool Server::serves_group_version(std::string_view group, std::string_view version) {
  const auto& kinds = built_in_kinds();
  const auto serves = [&](const KindInfo& each) {
    return each.group == group && each.version == version;
  };
  if (std::any_of(kinds.begin(), kinds.end(), serves)) return true;
  refresh_definitions();
  return std::any_of(definitions_.begin(), definitions_.end(), [&](const auto& each) {
    return std::any_of(each.second.kinds.begin(), each.second.kinds.end(), serves);
  });
}

Reply Server::get(const Target& target, const Caller& caller) {
  if (auto error = authorize(store_, *target.kind,
                             {.user = caller.user,
                              .verb = "get",
                              .name_space = target.name_space,
                              .name = target.name})) {
    return refused(*error);
  }
  const Entry* entry = store_.find(target.key());
  if (entry == nullptr) return refused(not_found_error(*target.kind, target.name));
  Reply reply;
  reply.object = entry->object.content;
  reply.object["apiVersion"] = target.kind->api_version();
  return reply;
}

Reply Server::create(const Target& target, json body, const WriteRequest& request) {
  if (auto error = authorize(store_, *target.kind,
                             {.user = request.caller.user,
                              .verb = "create",
                              .name_space = target.name_space,
                              .name = ""})) {
    return refused(*error);
  }
  return Write(*this, target, request).create(std::move(body), false, {});
}

Reply Server::update(const Target& target, json body, const WriteRequest& request) {
  const KindInfo& kind = *target.kind;
  if (auto error = authorize(store_, kind,
                             {.user = request.caller.user,
                              .verb = "update",
                              .name_space = target.name_space,
                              .name = target.name})) {
    return refused(*error);
  }
  if (auto error = too_large(body)) return refused(*error);
  Decoded decoded = decode(kind, body);
  if (!decoded.type_error.empty()) return refused(undecodable(kind, decoded.type_error));
  Write write(*this, target, request);
  const Entry* entry = store_.find(target.key());
  if (entry == nullptr) {
    if (!creates_on_update(kind)) return refused(not_found_error(kind, target.name));
    decoded.object["metadata"].erase("resourceVersion");
    return write.create(std::move(decoded.object), false, {});
  }
  write.warn(std::move(decoded.warnings));
  const std::string version = text(decoded.object, "/metadata/resourceVersion");
  if (version.empty() && needs_resource_version(kind)) {
    ApiError error =
        invalid_error(kind, target.name,
                      {invalid("metadata.resourceVersion", 0, "must be specified for an update")});
    // The store names the resource where validation names the kind.
    error.message = resource_name(kind) + error.message.substr(kind_name(kind).size());
    return refused(std::move(error));
  }
  if (!version.empty() && version != text(entry->object.content, "/metadata/resourceVersion")) {
    return refused(conflict_error(kind, target.name, kModifiedText));
  }
  return write.update(decoded.object, *entry, nullptr);
}

Reply Server::patch(const Target& target, const Patch& patch, const WriteRequest& request) {
  const KindInfo& kind = *target.kind;
  if (auto error = authorize(store_, kind,
                             {.user = request.caller.user,
                              .verb = "patch",
                              .name_space = target.name_space,
                              .name = target.name})) {
    return refused(*error);
  }
  const Entry* entry = store_.find(target.key());
  if (entry == nullptr) return refused(not_found_error(kind, target.name));
  Patched patched = patch(entry->object.content);
  if (patched.error) return refused(*patched.error);
  Decoded decoded = decode(kind, patched.object);
  if (!decoded.type_error.empty()) return refused(bad_patch_error("", decoded.convert_error));
  Write write(*this, target, request);
  write.warn(std::move(decoded.warnings));
  const std::string version = text(decoded.object, "/metadata/resourceVersion");
  if (version != text(entry->object.content, "/metadata/resourceVersion")) {
    return refused(conflict_error(kind, target.name, kModifiedText));
  }
  return write.update(decoded.object, *entry, nullptr);
}

Reply Server::apply(const Target& target, const json& body, const ApplyRequest& request) {
  const KindInfo& kind = *target.kind;
  const Caller& caller = request.write.caller;
  if (auto error = authorize(store_, kind,
                             {.user = caller.user,
                              .verb = "patch",
                              .name_space = target.name_space,
                              .name = target.name})) {
    return refused(*error);
  }
  if (auto error = too_large(body)) return refused(*error);
  const auto errors = typed_errors(*kind.type, body);
  if (!errors.empty()) {
    const std::string told = errors.size() == 1
                                 ? errors.front()
                                 : fmt::format("errors:\n  {}", fmt::join(errors, "\n  "));
    return refused(
        {.code = 500,
         .reason = "",
         .message = fmt::format("failed to create typed patch object ({}/{}; {}, "
                                "Kind={}): {}",
                                target.name_space, target.name,
                                kind.group.empty() ? "/" + kind.version : kind.api_version(),
                                kind.kind, told)});
  }
  if (const Decoded sent = decode(kind, body); !sent.convert_error.empty()) {
    const std::string of_kind = fmt::format(
        "{}, Kind={}", kind.group.empty() ? "/" + kind.version : kind.api_version(), kind.kind);
    return refused({.code = 500,
                    .reason = "",
                    .message = fmt::format("failed to convert new object ({}/{}; {}) to proper "
                                           "version: unable to convert unstructured object to {}: "
                                           "{}",
                                           target.name_space, target.name, of_kind, of_kind,
                                           sent.convert_error)});
  }
  const Entry* entry = store_.find(target.key());
  Write write(*this, target, request.write);
  const std::string manager = manager_of(caller);
  if (entry == nullptr) {
    if (auto error = authorize(store_, kind,
                               {.user = caller.user,
                                .verb = "create",
                                .name_space = target.name_space,
                                .name = target.name})) {
      return refused(*error);
    }
    Applied applied = apply_fields({}, *kind.type, json(), body, manager);
    return write.create(std::move(applied.object), true, std::move(applied.owners));
  }
  const std::string version = text(body, "/metadata/resourceVersion");
  if (!version.empty() && version != text(entry->object.content, "/metadata/resourceVersion")) {
    return refused(conflict_error(kind, target.name, kModifiedText));
  }
  Applied applied = apply_fields(entry->owners, *kind.type, entry->object.content, body, manager);
  if (!request.force && !applied.conflicts.empty()) {
    return refused(ownership_error(applied.conflicts));
  }
  const Decoded decoded = decode(kind, applied.object);
  return write.update(decoded.object, *entry, &applied.owners);
}

void Server::write_status(const model::ObjectKey& key, json status, const json* annotations) {
  Entry* entry = store_.find(key);
  WAVETANK_CHECK(entry != nullptr);
  json& object = entry->object.content;
  if (annotations != nullptr) object["metadata"]["annotations"] = *annotations;
  object["status"] = std::move(status);
  store_.changed(key, *entry);
}

void Server::bind(const model::ObjectKey& pod, const std::string& node, json status) {
  Entry* entry = store_.find(pod);
  WAVETANK_CHECK(entry != nullptr);
  entry->object.content["spec"]["nodeName"] = node;
  entry->object.content["status"] = std::move(status);
  store_.changed(pod, *entry);
}

Reply Server::remove(const Target& target, const DeleteRequest& request) {
  const KindInfo& kind = *target.kind;
  if (auto error = authorize(store_, kind,
                             {.user = request.caller.user,
                              .verb = "delete",
                              .name_space = target.name_space,
                              .name = target.name})) {
    return refused(*error);
  }
  Entry* entry = store_.find(target.key());
  if (entry == nullptr) return refused(not_found_error(kind, target.name));
  const Admission admission{.store = store_,
                            .kind = kind,
                            .operation = Operation::Delete,
                            .name_space = target.name_space,
                            .name = target.name,
                            .user = request.caller.user};
  if (kind.is("", "Namespace") &&
      (target.name == "default" || target.name == "kube-system" || target.name == "kube-public")) {
    return refused(forbidden_error(kind, target.name, "this namespace may not be deleted"));
  }
  if (auto error = call_webhooks(admission, entry->object.content, false)) return refused(*error);
  Reply reply;
  reply.object = entry->object.content;
  if (kind.is("batch", "Job") && request.policy == DeletePolicy::Default) {
    reply.warnings.emplace_back(
        "child pods are preserved by default when jobs are deleted; set "
        "propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress "
        "this warning");
  }
  const json before = entry->object.content;
  if (!mark_deleted(kind, *entry, request, now)) {
    store_.erase(target.key());
  } else if (entry->object.content != before) {
    store_.changed(target.key(), *entry);
  }
  return reply;
}

}  // namespace wavetank::cluster::api
