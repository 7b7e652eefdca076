#include "cluster/api/kubectl/kubectl.h"

#include <fmt/format.h>

#include <algorithm>

#include "cluster/api/kubectl/object.h"
#include "cluster/api/kubectl/text.h"
#include "cluster/api/object/decode.h"
#include "cluster/api/object/json_access.h"
#include "cluster/api/object/merge.h"
#include "cluster/api/rules/names.h"
#include "model/key.h"

namespace wavetank::cluster::api {

using nlohmann::json;

namespace {

constexpr const char* kLastApplied = "kubectl.kubernetes.io/last-applied-configuration";
constexpr int kConflictTries = 6;  // one and five again

// The path that owns the annotation of a client-side apply.
std::string last_applied_path() {
  return std::string("f:metadata\x1f") + "f:annotations\x1f" + "f:" + kLastApplied;
}

// JSON as Go writes it: keys sorted, and what HTML would take for markup escaped.
std::string go_json(const json& value) {
  std::string result;
  for (char c : value.dump(-1, ' ', false, json::error_handler_t::replace)) {
    if (c == '<') {
      result += "\\u003c";
    } else if (c == '>') {
      result += "\\u003e";
    } else if (c == '&') {
      result += "\\u0026";
    } else {
      result += c;
    }
  }
  return result;
}

// The manifest with itself in an annotation. Source: kubectl, util.GetModifiedConfiguration.
json with_last_applied(json manifest) {
  json& annotations = manifest["metadata"]["annotations"];
  if (!annotations.is_object()) annotations = json::object();
  annotations.erase(kLastApplied);
  std::string encoded = go_json(manifest) + "\n";
  annotations[kLastApplied] = std::move(encoded);
  return manifest;
}

bool has_last_applied(const json& live) { return has_annotation(live, kLastApplied); }

// What a client of the REST API refuses to put into a path. Source: rest.IsValidPathSegmentName.
std::string path_error(const Target& target) {
  if (target.kind->is_namespaced && target.name_space.empty()) {
    return "an empty namespace may not be set when a resource name is provided";
  }
  if (target.name.empty()) return "resource name may not be empty";
  const Complaints complaints = check_path_segment(target.name);
  if (complaints.empty()) return "";
  return fmt::format("invalid resource name \"{}\": [{}]", target.name, fmt::join(complaints, " "));
}

std::string namespace_of(const json& manifest, const KindInfo& kind) {
  return kind.is_namespaced ? text(manifest, "/metadata/namespace") : "";
}

// What kubectl says of a Status, which the schema knows but no server stores: it is validated
// locally, and its metadata is that of a list.
std::optional<std::string> status_error(const json& manifest) {
  static constexpr std::string_view kListFields[] = {"continue", "remainingItemCount",
                                                     "resourceVersion", "selfLink"};
  std::vector<std::string> unknown;
  const json& meta = at(manifest, "/metadata");
  if (!meta.is_object()) return std::nullopt;
  for (const auto& [field, value] : meta.items()) {
    if (std::find(std::begin(kListFields), std::end(kListFields), field) != std::end(kListFields)) {
      continue;
    }
    unknown.push_back(
        fmt::format("ValidationError(Status.metadata): unknown field \"{}\" in "
                    "io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta",
                    field));
  }
  if (unknown.empty()) return std::nullopt;
  const std::string all = fmt::format("{}", fmt::join(unknown, ", "));
  return "error validating data: " + (unknown.size() == 1 ? all : "[" + all + "]");
}

}  // namespace

json last_applied_of(const json& live) {
  json last = json::parse(annotation(live, kLastApplied), nullptr, false);
  return last.is_discarded() ? json() : last;
}

Ref ref_of(const json& object) {
  const std::string api_version = text(object, "/apiVersion");
  return {.group = std::string(model::group_of(api_version)),
          .version = std::string(model::version_of(api_version)),
          .kind = text(object, "/kind"),
          .name_space = text(object, "/metadata/namespace"),
          .name = text(object, "/metadata/name")};
}

const KindInfo* find_mapping(Server& server, Discovery& discovery, std::string_view api_version,
                             std::string_view kind) {
  const std::string key = fmt::format("{}/{}", api_version, kind);
  if (const KindInfo* found =
          server.find_kind(model::group_of(api_version), model::version_of(api_version), kind)) {
    KindInfo remembered = *found;
    remembered.type = nullptr;
    discovery.kinds.insert_or_assign(key, std::move(remembered));
    return found;
  }
  const auto remembered = discovery.kinds.find(key);
  return remembered == discovery.kinds.end() ? nullptr : &remembered->second;
}

WriteRequest Kubectl::request(std::string_view manager, DryRunMode dry_run) const {
  return {.caller = {.user = user_, .manager = std::string(manager)},
          .dry_run = dry_run == DryRunMode::Server ? DryRun::Yes : DryRun::No};
}

Reply Kubectl::call(Reply reply) {
  if (reply.error) printed_.status = reply.error;
  printed_.warnings.insert(printed_.warnings.end(), reply.warnings.begin(), reply.warnings.end());
  return reply;
}

void Kubectl::print(const Object& object, std::string_view verb, DryRunMode dry_run) {
  std::string_view suffix;
  if (dry_run == DryRunMode::Client) suffix = " (dry run)";
  if (dry_run == DryRunMode::Server) suffix = " (server dry run)";
  const std::string& name = printed_name_.empty() ? object.target.name : printed_name_;
  out_ += fmt::format("{} {}{}\n", printed_name(*object.target.kind, name), verb, suffix);
}

void Kubectl::warn_if_deleting(const json& object) {
  if (!has(object, "/metadata/deletionTimestamp")) return;
  err_ +=
      fmt::format("Warning: Detected changes to resource {} which is currently being deleted.\n",
                  text(object, "/metadata/name"));
}

Printed Kubectl::finish(Printed printed) {
  if (printed.error) {
    *printed.error = cleaned_error(*printed.error);
  } else {
    printed.output = joined_output(out_, err_);
    printed.status.reset();
  }
  printed_ = {};
  printed_name_.clear();
  out_.clear();
  err_.clear();
  return printed;
}

std::optional<std::string> Kubectl::resolve(const json& manifest, Object& object) {
  const std::string api_version = text(manifest, "/apiVersion");
  const std::string kind = text(manifest, "/kind");
  if (api_version.empty()) return "error validating data: apiVersion not set";
  if (kind.empty()) return "error validating data: kind not set";
  if (std::count(api_version.begin(), api_version.end(), '/') > 1) {
    return "error validating data: unexpected GroupVersion string: " + api_version;
  }
  if (api_version == "v1" && kind == "Status") {
    if (auto error = status_error(manifest)) return error;
  }
  const std::string wrong_type = metadata_type_error(manifest);
  if (!wrong_type.empty()) return fmt::format("unable to decode \"{}\": {}", kFile, wrong_type);
  const KindInfo* found = find_mapping(server_, discovery_, api_version, kind);
  if (found == nullptr) {
    return fmt::format(
        "resource mapping not found for name: \"{}\" namespace: \"{}\" from \"{}\": no matches for "
        "kind \"{}\" in version \"{}\"\nensure CRDs are installed first",
        text(manifest, "/metadata/name"), text(manifest, "/metadata/namespace"), kFile, kind,
        api_version);
  }
  object.manifest = manifest;
  for (const char* name : {"annotations", "labels"}) {
    json* values = find_object(object.manifest, std::string("/metadata/") + name);
    if (values == nullptr) continue;
    // Decoded into Go strings, a null is an empty one.
    for (auto& [key, value] : values->items()) {
      if (value.is_null()) value = "";
    }
  }
  object.target = {.kind = found,
                   .name_space = namespace_of(manifest, *found),
                   .name = text(manifest, "/metadata/name")};
  object.is_served = found->type != nullptr;
  if (!found->is_namespaced && object.manifest.contains("metadata")) {
    object.manifest["metadata"].erase("namespace");
  }
  return std::nullopt;
}

std::optional<std::string> Kubectl::post(const Object& object, json body, std::string_view manager,
                                         DryRun dry_run) {
  if (!object.is_served) {
    printed_.status = ApiError{.code = 404};
    return fmt::format("the server could not find the requested resource (post {})",
                       resource_name(*object.target.kind));
  }
  WriteRequest write = request(manager, DryRunMode::None);
  write.dry_run = dry_run;
  const Reply reply = call(server_.create(object.target, std::move(body), write));
  if (reply.ok()) printed_name_ = text(reply.object, "/metadata/name");
  if (!reply.ok()) {
    return fmt::format("error when creating \"{}\": {}", kFile, reply.error->message);
  }
  return std::nullopt;
}

Printed Kubectl::apply(const json& manifest, const ApplyOptions& options) {
  Object object;
  const bool is_rbac = text(manifest, "/apiVersion") == "rbac.authorization.k8s.io/v1";
  std::optional<std::string> error;
  if (!options.server_side && is_rbac) {
    error = resolve(manifest, object);
    if (!error) error = reconcile(object, options.dry_run);
    if (printed_.ends_process) {
      printed_.error =
          "process ended: panic: runtime error: invalid memory address or nil pointer dereference";
      return finish(std::move(printed_));
    }
    if (error) {
      printed_.error = "error running kubectl auth reconcile: " + cleaned_error(*error);
      return finish(std::move(printed_));
    }
    // The texts of both commands follow each other without a separator.
    out_ = joined_output(out_, err_);
    err_.clear();
  }
  if (options.server_side && options.force) {
    error = "error validating options: --force cannot be used with --server-side";
  } else if (options.server_side && options.dry_run == DryRunMode::Client) {
    error =
        "error validating options: --dry-run=client doesn't work with --server-side (did you mean "
        "--dry-run=server instead?)";
  } else if (text(manifest, "/kind") == "List" && text(manifest, "/apiVersion") == "v1") {
    for (const json& item : list(manifest, "/items")) {
      Object each;
      if (!error) error = resolve(item, each);
      if (!error) {
        error = options.server_side ? apply_server_side(each, options)
                                    : apply_client_side(each, options);
      }
    }
  } else {
    error = resolve(manifest, object);
    if (!error) {
      error = options.server_side ? apply_server_side(object, options)
                                  : apply_client_side(object, options);
    }
  }
  printed_.error = std::move(error);
  return finish(std::move(printed_));
}

std::optional<std::string> Kubectl::apply_server_side(const Object& object,
                                                      const ApplyOptions& options) {
  const Target& target = object.target;
  if (target.name.empty() && has(object.manifest, "/metadata/generateName")) {
    return fmt::format("from {}: cannot use generate name with apply",
                       text(object.manifest, "/metadata/generateName"));
  }
  if (target.kind->is_namespaced && target.name_space.empty()) {
    printed_.status = no_such_path_error();
    return printed_.status->message;
  }
  const std::string wrong_path = path_error(target);
  if (!wrong_path.empty()) return wrong_path;
  if (!object.is_served) {
    printed_.status = ApiError{.code = 404};
    return fmt::format("the server could not find the requested resource (patch {} {})",
                       resource_name(*target.kind), target.name);
  }
  const ApplyRequest apply{.write = request(options.manager, options.dry_run), .force = true};
  Reply reply = call(server_.apply(target, object.manifest, apply));
  if (!reply.ok()) {
    std::string message = reply.error->message;
    if (reply.error->reason == "Conflict") message += kConflictHelp;
    return message;
  }
  // What the annotation's owner applied from the client becomes part of this apply; the second
  // request then drops the annotation. Source: apply.go, migrateToSSAIfNecessary.
  if (Entry* entry = server_.store().find(target.key());
      entry != nullptr && options.dry_run == DryRunMode::None) {
    const FieldOwner* owner = update_owner_of(entry->owners, last_applied_path());
    if (owner != nullptr) {
      const std::string from = owner->manager;
      migrate_owner(entry->owners, from, options.manager);
      server_.store().changed(target.key(), *entry);
      reply = call(server_.apply(target, object.manifest, apply));
      if (!reply.ok()) return reply.error->message;
    }
  }
  warn_if_deleting(reply.object);
  print(object, "serverside-applied", options.dry_run);
  return std::nullopt;
}

std::optional<std::string> Kubectl::apply_client_side(const Object& object,
                                                      const ApplyOptions& options) {
  const Target& target = object.target;
  if (target.name.empty() && has(object.manifest, "/metadata/generateName")) {
    return fmt::format("from {}: cannot use generate name with apply",
                       text(object.manifest, "/metadata/generateName"));
  }
  const json modified = with_last_applied(object.manifest);
  const auto retrieving = [&](const std::string& why) {
    const KindInfo& kind = *target.kind;
    return fmt::format(
        "error when retrieving current configuration of:\nResource: \"{0}/{1}, Resource={2}\", "
        "GroupVersionKind: \"{0}/{1}, Kind={3}\"\nName: \"{4}\", Namespace: \"{5}\"\nfrom server "
        "for: \"{6}\": {7}",
        kind.group, kind.version, kind.resource, kind.kind, target.name, target.name_space, kFile,
        why);
  };
  const std::string wrong_path = path_error(target);
  if (!wrong_path.empty()) return retrieving(wrong_path);
  Reply live;
  if (object.is_served) {
    live = call(server_.get(target, {.user = user_}));
    if (!live.ok() && live.error->code != 404) return retrieving(live.error->message);
  }
  if (!object.is_served || !live.ok()) {
    if (options.dry_run != DryRunMode::Client) {
      const DryRun dry = options.dry_run == DryRunMode::Server ? DryRun::Yes : DryRun::No;
      if (auto error = post(object, modified, options.manager, dry)) return error;
    }
    print(object, "created", options.dry_run);
    return std::nullopt;
  }
  if (options.dry_run == DryRunMode::Client) {
    print(object, "configured", options.dry_run);
    return std::nullopt;
  }
  if (!has_last_applied(live.object)) {
    err_ += fmt::format(
        "Warning: resource {}/{} is missing the {} annotation which is required by  apply.  apply "
        "should only be used on resources created declaratively by either  create --save-config "
        "or  apply. The missing annotation will be patched automatically.\n",
        target.kind->resource, target.name, kLastApplied);
  }
  bool is_changed = false;
  json patched;
  if (auto error = patch_live(object, modified, options, is_changed, patched)) return error;
  warn_if_deleting(patched);
  print(object, is_changed ? "configured" : "unchanged", options.dry_run);
  return std::nullopt;
}

std::optional<std::string> Kubectl::patch_live(const Object& object, const json& modified,
                                               const ApplyOptions& options, bool& is_changed,
                                               json& patched) {
  const Target& target = object.target;
  const Type* type = target.kind->is_custom ? nullptr : target.kind->type;
  Reply reply;
  for (int tries = 0; tries < kConflictTries; ++tries) {
    const Reply live = call(server_.get(target, {.user = user_}));
    if (!live.ok()) return live.error->message;
    const ThreeWay merged =
        three_way_merge(type, last_applied_of(live.object), modified, live.object);
    is_changed = merged.is_changed;
    patched = live.object;
    if (!merged.is_changed) return std::nullopt;
    const Patch patch = [&](const json&) { return Patched{.object = merged.object}; };
    reply = call(server_.patch(target, patch, request(options.manager, options.dry_run)));
    if (reply.ok()) {
      patched = reply.object;
      return std::nullopt;
    }
    if (reply.error->reason != "Conflict") break;
  }
  const bool yields_to_force =
      reply.error->reason == "Conflict" || reply.error->reason == "Invalid";
  if (options.force && yields_to_force) {
    return replace_by_force(object, modified, patched, options);
  }
  return fmt::format("error when patching \"{}\": {}", kFile, reply.error->message);
}

// Source: patcher.go, deleteAndCreate. Argo CD gives it no time, so what does not vanish at once is
// an error, and the object is left marked.
std::optional<std::string> Kubectl::replace_by_force(const Object& object, const json& modified,
                                                     const json& live,
                                                     const ApplyOptions& options) {
  const Target& target = object.target;
  const Reply removed =
      call(server_.remove(target, {.caller = {.user = user_}, .policy = DeletePolicy::Background}));
  if (!removed.ok()) return removed.error->message;
  if (server_.wait) server_.wait(base::Duration::zero());
  if (server_.get(target, {.user = user_}).ok()) return "context deadline exceeded";
  const WriteRequest write = request(options.manager, DryRunMode::None);
  const Reply made = call(server_.create(target, modified, write));
  if (made.ok()) return std::nullopt;
  json original = live;
  original["metadata"].erase("resourceVersion");
  const Reply restored = call(server_.create(target, std::move(original), write));
  if (restored.ok()) return made.error->message;
  return fmt::format(
      "An error occurred force-replacing the existing object with the newly provided "
      "one:\n\n{}.\n\nAdditionally, an error occurred attempting to restore the original "
      "object:\n\n{}",
      made.error->message, restored.error->message);
}

Printed Kubectl::create(const json& manifest, DryRunMode dry_run) {
  Object object;
  std::optional<std::string> error = resolve(manifest, object);
  if (!error && object.target.kind->is_namespaced && object.target.name_space.empty()) {
    object.target.name_space = "default";
  }
  if (!error && dry_run != DryRunMode::Client) {
    error =
        post(object, object.manifest, "", dry_run == DryRunMode::Server ? DryRun::Yes : DryRun::No);
  }
  if (!error) print(object, "created", dry_run);
  printed_.error = std::move(error);
  return finish(std::move(printed_));
}

Printed Kubectl::replace(const json& manifest, DryRunMode dry_run, bool force) {
  Object object;
  std::optional<std::string> error = resolve(manifest, object);
  if (!error) {
    const std::string wrong_path = path_error(object.target);
    if (!wrong_path.empty()) {
      error = object.target.name.empty()
                  ? wrong_path
                  : fmt::format("error when replacing \"{}\": {}", kFile, wrong_path);
    }
  }
  if (!error && dry_run == DryRunMode::Client) {
    print(object, "replaced", dry_run);
  } else if (!error && force) {
    error = replace_forced(object);
  } else if (!error) {
    const auto wrap = [](const std::string& why) {
      return fmt::format("error when replacing \"{}\": {}", kFile, why);
    };
    json body = object.manifest;
    const Reply live =
        object.is_served ? call(server_.get(object.target, {.user = user_})) : Reply{};
    if (!object.is_served) {
      printed_.status = ApiError{.code = 404};
      error = wrap(fmt::format("the server could not find the requested resource (put {} {})",
                               resource_name(*object.target.kind), object.target.name));
    } else {
      // A version in the manifest is kept; otherwise the live one is taken.
      if (live.ok() && text(body, "/metadata/resourceVersion").empty()) {
        body["metadata"]["resourceVersion"] = at(live.object, "/metadata/resourceVersion");
      }
      const Reply reply =
          call(server_.update(object.target, std::move(body), request("", dry_run)));
      if (!reply.ok()) error = wrap(reply.error->message);
      if (!error) print(object, "replaced", dry_run);
    }
  }
  printed_.error = std::move(error);
  return finish(std::move(printed_));
}

// Source: replace.go, forceReplace.
std::optional<std::string> Kubectl::replace_forced(const Object& object) {
  const Target& target = object.target;
  const Reply removed =
      call(server_.remove(target, {.caller = {.user = user_}, .policy = DeletePolicy::Background}));
  if (!removed.ok()) {
    return fmt::format("error when deleting \"{}\": {}", kFile, removed.error->message);
  }
  const std::string singular = printed_name(*target.kind, "");
  out_ += fmt::format(
      "{} \"{}\" deleted{}\n", singular.substr(0, singular.size() - 1), target.name,
      target.name_space.empty() ? "" : fmt::format(" from {} namespace", target.name_space));
  // It looks once a second, for five minutes.
  for (int looks = 0; looks < 300 && server_.get(target, {.user = user_}).ok(); ++looks) {
    if (!server_.wait) break;
    server_.wait(std::chrono::seconds(1));
  }
  if (server_.get(target, {.user = user_}).ok()) return "timed out waiting for the condition";
  const Reply made = call(server_.create(target, object.manifest, request("", DryRunMode::None)));
  if (!made.ok()) return made.error->message;
  print(object, "replaced", DryRunMode::None);
  return std::nullopt;
}

Printed Kubectl::update(const json& manifest) {
  const Ref ref = ref_of(manifest);
  const KindInfo* kind = server_.find_kind(ref.group, ref.version, ref.kind);
  if (kind == nullptr) {
    const std::string api_version = text(manifest, "/apiVersion");
    printed_.error =
        server_.serves_group_version(ref.group, ref.version)
            ? fmt::format("error creating discovery client for config: {} \"\" not found",
                          ref.group.empty() ? ref.kind : ref.kind + "." + ref.group)
            : fmt::format(
                  "error creating discovery client for config: failed to discover server "
                  "resources for group version {}: the server could not find the "
                  "requested resource",
                  api_version);
    return finish(std::move(printed_));
  }
  const Target target{.kind = kind, .name_space = namespace_of(manifest, *kind), .name = ref.name};
  if (ref.name.empty()) {
    printed_.error = "name is required";
    return finish(std::move(printed_));
  }
  json body = manifest;
  if (!kind->is_namespaced) body["metadata"].erase("namespace");
  const Reply reply = call(server_.update(target, std::move(body), request("", DryRunMode::None)));
  if (!reply.ok()) printed_.error = reply.error->message;
  return finish(std::move(printed_));
}

Printed Kubectl::remove(const Ref& ref, DeletePolicy policy) {
  const KindInfo* kind = server_.find_kind(ref.group, ref.version, ref.kind);
  if (kind == nullptr) {
    const std::string api_version = ref.group.empty() ? ref.version : ref.group + "/" + ref.version;
    printed_.error = server_.serves_group_version(ref.group, ref.version)
                         ? fmt::format("failed to get api resource: {} \"\" not found",
                                       ref.group.empty() ? ref.kind : ref.kind + "." + ref.group)
                         : fmt::format(
                               "failed to get api resource: failed to discover server "
                               "resources for group version {}: the server could not find "
                               "the requested resource",
                               api_version);
    return finish(std::move(printed_));
  }
  const Target target{
      .kind = kind, .name_space = kind->is_namespaced ? ref.name_space : "", .name = ref.name};
  const Reply reply = call(server_.remove(target, {.caller = {.user = user_}, .policy = policy}));
  if (!reply.ok()) printed_.error = reply.error->message;
  return finish(std::move(printed_));
}

Printed Kubectl::change_finalizers(const Ref& ref, const FinalizerChange& change) {
  const KindInfo* kind = server_.find_kind(ref.group, ref.version, ref.kind);
  const Target target{.kind = kind,
                      .name_space = kind != nullptr && kind->is_namespaced ? ref.name_space : "",
                      .name = ref.name};
  const Reply live = kind == nullptr ? Reply{} : call(server_.get(target, {.user = user_}));
  if (kind == nullptr || !live.ok()) {
    printed_.error = "live object not found";
    if (printed_.status && printed_.status->code == 404) printed_.status.reset();
    return finish(std::move(printed_));
  }
  json object = live.object;
  json finalizers = json::array();
  for (const json& each : list(object, "/metadata/finalizers")) {
    const std::string name = each.is_string() ? each.get<std::string>() : "";
    if (std::find(change.remove.begin(), change.remove.end(), name) == change.remove.end()) {
      finalizers.push_back(each);
    }
  }
  for (const std::string& name : change.add) finalizers.push_back(name);
  object["metadata"]["finalizers"] = std::move(finalizers);
  if (!change.resource_version.empty()) {
    object["metadata"]["resourceVersion"] = change.resource_version;
  }
  const Reply reply =
      call(server_.update(target, std::move(object), request("", DryRunMode::None)));
  if (!reply.ok()) printed_.error = reply.error->message;
  return finish(std::move(printed_));
}

Printed Kubectl::migrate(const Ref& ref) {
  const KindInfo* kind = server_.find_kind(ref.group, ref.version, ref.kind);
  Entry* entry = nullptr;
  model::ObjectKey key;
  if (kind != nullptr) {
    key = {.group = ref.group,
           .kind = ref.kind,
           .name_space = kind->is_namespaced ? ref.name_space : "",
           .name = ref.name};
    entry = server_.store().find(key);
  }
  if (entry != nullptr &&
      migrate_owner(entry->owners, "kubectl-client-side-apply", "argocd-controller")) {
    server_.store().changed(key, *entry);
  } else {
    out_ = "nothing to migrate";
  }
  return finish(std::move(printed_));
}

}  // namespace wavetank::cluster::api
