#include "conformance/scripted_server.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/annotation.h"
#include "sync/message.h"

namespace wavetank::conformance {

using nlohmann::json;

namespace {

constexpr std::string_view kDeletionTime = "2026-01-01T00:00:00Z";

std::vector<std::string> split_key(const std::string& key) {
  std::vector<std::string> parts(1);
  for (const char c : key) {
    if (c == '/' && parts.size() < 4) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  parts.resize(4);
  return parts;
}

std::string join_key(std::string_view group, std::string_view kind, std::string_view name_space,
                     std::string_view name) {
  return fmt::format("{}/{}/{}/{}", group, kind, name_space, name);
}

bool is_deleting(const json& object) { return object["metadata"].contains("deletionTimestamp"); }

std::vector<std::string> finalizers(const json& object) {
  return object["metadata"].value("finalizers", std::vector<std::string>{});
}

void set_finalizers(json& object, const std::vector<std::string>& values) {
  if (values.empty()) {
    object["metadata"].erase("finalizers");
  } else {
    object["metadata"]["finalizers"] = values;
  }
}

Reply failure(std::string message) { return {.code = 422, .message = std::move(message)}; }

Reply printed(const json& object, std::string_view verb, WriteFlags flags) {
  std::string kind = object.value("kind", "");
  std::transform(kind.begin(), kind.end(), kind.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  const std::string api_version = object.value("apiVersion", "");
  const auto group = model::group_of(api_version);
  return {.message = fmt::format("{}{}{}/{} {}{}", kind, group.empty() ? "" : ".", group,
                                 object["metadata"].value("name", ""), verb,
                                 flags.dry ? " (dry run)" : "")};
}

std::optional<std::string> refused_finalizers(const json& live, const json& target) {
  if (!is_deleting(live)) return std::nullopt;
  const auto have = finalizers(live);
  std::vector<std::string> added;
  for (const auto& finalizer : finalizers(target)) {
    if (std::find(have.begin(), have.end(), finalizer) == have.end()) {
      added.push_back(fmt::format("\"{}\"", finalizer));
    }
  }
  if (added.empty()) return std::nullopt;
  const std::string api_version = target.value("apiVersion", "");
  const auto group = model::group_of(api_version);
  return fmt::format(
      "{}{}{} \"{}\" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if "
      "the object is being deleted, found new finalizers []string{{{}}}",
      target.value("kind", ""), group.empty() ? "" : ".", group,
      target["metadata"].value("name", ""), fmt::join(added, ", "));
}

std::optional<std::string> immutable_change(const json& live, const json& target) {
  if (target.value("kind", "") != "Job") return std::nullopt;
  const json::json_pointer path("/spec/template");
  const json before = live.contains(path) ? live.at(path) : json::object();
  const json after = target.contains(path) ? target.at(path) : json::object();
  if (before == after) return std::nullopt;
  return fmt::format(
      "Job.batch \"{}\" is invalid: spec.template: Invalid value: field is immutable",
      target["metadata"].value("name", ""));
}

std::string flag_words(WriteFlags flags) {
  std::string words;
  if (flags.force) words += " force";
  if (!flags.validate) words += " novalidate";
  if (flags.server_side) words += " serverside";
  return words;
}

}  // namespace

ScriptedServer::ScriptedServer(const json& world, model::ArgocdVersion version,
                               base::Interner& interner)
    : world_(world), version_(version), interner_(interner) {
  for (const json& initial : world_.value("objects", json::array())) {
    const json& object = initial.at("object");
    const std::string key = key_of(object);
    insert(key, object, !initial.value("foreign", false));
    if (initial.value("deleting", false)) {
      Entry& entry = store_.at(key);
      entry.object["metadata"]["deletionTimestamp"] = kDeletionTime;
      changed(entry);
      schedule_deletion(key);
    }
  }
}

std::vector<KindRow> ScriptedServer::kinds() const {
  static const std::vector<KindRow> kBuiltIn{
      {"", "v1", "ConfigMap", "configmaps", true},
      {"", "v1", "Secret", "secrets", true},
      {"", "v1", "Service", "services", true},
      {"", "v1", "ServiceAccount", "serviceaccounts", true},
      {"", "v1", "Pod", "pods", true},
      {"", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", true},
      {"", "v1", "Namespace", "namespaces", false},
      {"apps", "v1", "Deployment", "deployments", true},
      {"apps", "v1", "StatefulSet", "statefulsets", true},
      {"apps", "v1", "DaemonSet", "daemonsets", true},
      {"batch", "v1", "Job", "jobs", true},
      {"batch", "v1", "CronJob", "cronjobs", true},
      {"networking.k8s.io", "v1", "Ingress", "ingresses", true},
      {"rbac.authorization.k8s.io", "v1", "Role", "roles", true},
      {"rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings", true},
      {"rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", false},
      {"rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings", false},
      {"autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", true},
      {"apiregistration.k8s.io", "v1", "APIService", "apiservices", false},
      {"apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions",
       false},
      {"argoproj.io", "v1alpha1", "Workflow", "workflows", true},
      {"probe.example.com", "v1", "Probe", "probes", true},
  };
  std::vector<KindRow> rows = kBuiltIn;
  constexpr std::string_view kPrefix = "apiextensions.k8s.io/CustomResourceDefinition/";
  for (auto it = store_.lower_bound(std::string(kPrefix)); it != store_.end(); ++it) {
    if (!it->first.starts_with(kPrefix)) break;
    const json spec = it->second.object.value("spec", json::object());
    const json names = spec.value("names", json::object());
    rows.push_back({.group = spec.value("group", ""),
                    .version = "v1",
                    .kind = names.value("kind", ""),
                    .plural = names.value("plural", ""),
                    .namespaced = spec.value("scope", "") != "Cluster"});
  }
  return rows;
}

std::optional<KindRow> ScriptedServer::kind(std::string_view group, std::string_view kind) const {
  for (const KindRow& row : kinds()) {
    if (row.group == group && row.kind == kind) return row;
  }
  return std::nullopt;
}

model::Scope ScriptedServer::scope(std::string_view group, std::string_view kind_name) const {
  const auto row = kind(group, kind_name);
  if (!row) return model::Scope::Unknown;
  return row->namespaced ? model::Scope::Namespaced : model::Scope::Cluster;
}

std::string ScriptedServer::key_of(const json& object) const {
  const std::string api_version = object.value("apiVersion", "");
  const std::string kind_name = object.value("kind", "");
  const auto group = model::group_of(api_version);
  const bool cluster = scope(group, kind_name) == model::Scope::Cluster;
  return join_key(group, kind_name, cluster ? "" : object["metadata"].value("namespace", ""),
                  object["metadata"].value("name", ""));
}

std::string ScriptedServer::key_of(const model::Key& key) const {
  const auto group = interner_.text(key.group);
  const auto kind_name = interner_.text(key.kind);
  const bool cluster = scope(group, kind_name) == model::Scope::Cluster;
  return join_key(group, kind_name, cluster ? "" : interner_.text(key.name_space),
                  interner_.text(key.name));
}

const Entry* ScriptedServer::find(const std::string& key) const {
  const auto found = store_.find(key);
  return found == store_.end() ? nullptr : &found->second;
}

void ScriptedServer::changed(Entry& entry) {
  entry.resource_version = ++resource_version_;
  entry.facts = model::facts_of(entry.object, interner_);
}

void ScriptedServer::insert(const std::string& key, json object, bool owned) {
  if (split_key(key)[2].empty()) object["metadata"].erase("namespace");
  Entry entry{.created = tick_, .incarnation = ++incarnations_[key], .owned = owned};
  object["metadata"]["uid"] = fmt::format("{}#{}", key, entry.incarnation);
  entry.object = std::move(object);
  changed(entry);
  store_[key] = std::move(entry);
}

void ScriptedServer::schedule_deletion(const std::string& key) {
  Entry& entry = store_.at(key);
  const json lags = world_.value("deleteLag", json::object());
  entry.gone_at = tick_ + std::max(0, lags.value(key, 0));
  const json ticks = world_.value("finalizerTicks", json::object());
  if (ticks.contains(key)) entry.finalizers_gone_at = tick_ + ticks.at(key).get<int>();
}

void ScriptedServer::mark_deleted(const std::string& key) {
  Entry& entry = store_.at(key);
  if (!is_deleting(entry.object)) {
    entry.object["metadata"]["deletionTimestamp"] = kDeletionTime;
    changed(entry);
    schedule_deletion(key);
  }
  reap(key);
}

void ScriptedServer::reap(const std::string& key) {
  const Entry* entry = find(key);
  if (entry == nullptr || !is_deleting(entry->object)) return;
  if (finalizers(entry->object).empty() && tick_ >= entry->gone_at) store_.erase(key);
}

void ScriptedServer::release_foreign_finalizers(Entry& entry) {
  const auto all = finalizers(entry.object);
  std::vector<std::string> kept;
  for (const auto& finalizer : all) {
    if (finalizer.starts_with("argocd.argoproj.io/")) kept.push_back(finalizer);
  }
  if (kept.size() == all.size()) return;
  set_finalizers(entry.object, kept);
  changed(entry);
}

void ScriptedServer::advance(int tick) {
  tick_ = tick;
  play_events(When::Early);
  std::vector<std::string> keys;
  for (const auto& item : store_) keys.push_back(item.first);
  for (const auto& key : keys) {
    Entry& entry = store_.at(key);
    if (entry.finalizers_gone_at >= 0 && tick >= entry.finalizers_gone_at) {
      release_foreign_finalizers(entry);
    }
    reap(key);
  }
  if (!world_.contains("statuses")) return;
  for (const json& rule : world_.at("statuses")) {
    const auto found = store_.find(rule.at("key").get<std::string>());
    if (found == store_.end()) continue;
    Entry& entry = found->second;
    const int incarnation = rule.value("incarnation", 0);
    if (incarnation != 0 && incarnation != entry.incarnation) continue;
    if (tick - entry.created < rule.value("after", 0)) continue;
    const json& status = rule.at("status");
    if (entry.object.contains("status") && entry.object.at("status") == status) continue;
    entry.object["status"] = status;
    changed(entry);
  }
}

void ScriptedServer::play_events(When when) {
  if (!world_.contains("events")) return;
  for (const json& event : world_.at("events")) {
    if (event.value("tick", 0) != tick_ || event.value("late", false) != (when == When::Late)) {
      continue;
    }
    const std::string operation = event.at("op");
    const std::string key = event.value("key", "");
    if (operation == "create") {
      const json& object = event.at("object");
      const std::string new_key = key_of(object);
      if (find(new_key) == nullptr) insert(new_key, object, !event.value("foreign", false));
    } else if (find(key) == nullptr) {
      continue;
    } else if (operation == "delete") {
      mark_deleted(key);
    } else if (operation == "touch") {
      changed(store_.at(key));
    } else if (operation == "vanish") {
      store_.erase(key);
    }
  }
}

const json* ScriptedServer::scripted_error(std::string_view operation, std::string_view key) const {
  if (!world_.contains("errors")) return nullptr;
  for (const json& rule : world_.at("errors")) {
    const int to = rule.value("to", 0);
    if (rule.at("op") == operation && rule.at("key") == key && tick_ >= rule.value("from", 0) &&
        (to < 0 || tick_ <= to)) {
      return &rule;
    }
  }
  return nullptr;
}

namespace {

Reply reply_of(const json& rule) {
  return {.code = rule.value("code", 500),
          .reason = rule.value("reason", ""),
          .message = rule.value("message", "")};
}

bool is_not_found(const Reply& reply) { return reply.code == 404 || reply.reason == "NotFound"; }

}  // namespace

sync::KindCheck ScriptedServer::discover(std::string_view group, std::string_view version,
                                         std::string_view kind_name) const {
  const std::string group_version =
      group.empty() ? std::string(version) : fmt::format("{}/{}", group, version);
  const auto error = [&](std::string_view cause) {
    return interner_.intern(sync::discovery_error(version_, group_version, cause));
  };
  const auto lacks_kind = [&] {
    return sync::KindCheck{
        .discovery = sync::Discovery::NotFound,
        .message = interner_.intern(
            fmt::format("{}{}{} \"\" not found", kind_name, group.empty() ? "" : ".", group))};
  };
  if (const json* rule = scripted_error("discovery", group_version)) {
    const Reply reply = reply_of(*rule);
    // client-go takes a core group that is not found for one without kinds (discovery_client.go).
    if (group_version == "v1" && is_not_found(reply)) return lacks_kind();
    return {.discovery = is_not_found(reply) ? sync::Discovery::NotFound : sync::Discovery::Failed,
            .message = error(reply.message)};
  }
  bool known = false;
  for (const KindRow& row : kinds()) {
    if (row.group != group || row.version != version) continue;
    if (row.kind == kind_name) return {};
    known = true;
  }
  if (!known) {
    return {.discovery = sync::Discovery::NotFound,
            .message = error("the server could not find the requested resource")};
  }
  return lacks_kind();
}

std::string ScriptedServer::qualified(const std::string& key) const {
  const auto parts = split_key(key);
  const auto row = kind(parts[0], parts[1]);
  const std::string plural = row ? row->plural : parts[1];
  return parts[0].empty() ? plural : plural + "." + parts[0];
}

Reply ScriptedServer::not_found(const std::string& key) const {
  return {.code = 404,
          .reason = "NotFound",
          .message = fmt::format("{} \"{}\" not found", qualified(key), split_key(key)[3])};
}

Reply ScriptedServer::get_namespace(const std::string& key) const {
  if (const json* rule = scripted_error("getNamespace", key)) {
    return {.code = 500, .message = rule->value("message", "")};
  }
  return find(key) == nullptr ? not_found(key) : Reply{};
}

Reply ScriptedServer::get(const std::string& key) const {
  if (const json* rule = scripted_error("get", key)) return reply_of(*rule);
  return find(key) == nullptr ? not_found(key) : Reply{};
}

Reply ScriptedServer::put_without_finalizer(const std::string& key,
                                            std::uint64_t resource_version) {
  const std::string text = "unfinalize " + key;
  if (const json* rule = scripted_error("put", key)) {
    record("unfinalize", text + " -> error");
    return reply_of(*rule);
  }
  const auto found = store_.find(key);
  if (found == store_.end()) {
    record("unfinalize", text + " -> notfound");
    return not_found(key);
  }
  Entry& entry = found->second;
  bool conflict = entry.resource_version != resource_version;
  const json scripted = world_.value("conflicts", json::array());
  for (std::size_t i = 0; i < scripted.size(); ++i) {
    if (scripted[i].at("key") != key || scripted[i].value("tick", 0) != tick_) continue;
    if (conflicts_[i] >= scripted[i].value("count", 0)) continue;
    ++conflicts_[i];
    conflict = true;
  }
  if (conflict) {
    record("unfinalize", text + " -> conflict");
    return {.code = 409,
            .reason = "Conflict",
            .message = fmt::format("Operation cannot be fulfilled on {} \"{}\": the object has "
                                   "been modified; please apply your changes to the latest "
                                   "version and try again",
                                   qualified(key), split_key(key)[3])};
  }
  auto kept = finalizers(entry.object);
  kept.erase(std::remove(kept.begin(), kept.end(), model::kHookFinalizer), kept.end());
  set_finalizers(entry.object, kept);
  changed(entry);
  record("unfinalize", text);
  reap(key);
  return {};
}

Reply ScriptedServer::remove(const std::string& key, std::string_view policy) {
  const std::string text = "delete " + key;
  if (const json* rule = scripted_error("delete", key)) {
    record("delete", text + " -> error");
    return reply_of(*rule);
  }
  if (find(key) == nullptr) {
    record("delete", text + " -> notfound");
    return not_found(key);
  }
  record("delete", fmt::format("{} {}", text, policy));
  mark_deleted(key);
  return {};
}

Reply ScriptedServer::prune(const std::string& key, std::string_view policy) {
  const std::string text = "prune " + key;
  if (const json* rule = scripted_error("prune", key)) {
    record("prune", text + " -> error");
    return failure(rule->value("message", ""));
  }
  if (find(key) == nullptr) {
    record("prune", text + " -> notfound");
    const auto parts = split_key(key);
    return failure(fmt::format("{} \"{}\" not found", parts[1], parts[3]));
  }
  record("prune", fmt::format("{} {}", text, policy));
  mark_deleted(key);
  return {};
}

Reply ScriptedServer::write(std::string_view operation, json object, WriteFlags flags) {
  const std::string key = key_of(object);
  const std::string kind_name = object.value("kind", "");
  const Reply reply = do_write(operation, key, std::move(object), flags);
  record((flags.dry ? "dry " : "write ") + kind_name,
         fmt::format("{}{} {}{}{}", flags.dry ? "dry-" : "", operation, key, flag_words(flags),
                     reply.ok() ? "" : " -> error"));
  return reply;
}

Reply ScriptedServer::do_write(std::string_view operation, const std::string& key, json object,
                               WriteFlags flags) {
  if (const json* rule = scripted_error(flags.dry ? "dryrun" : operation, key)) {
    return failure(rule->value("message", ""));
  }
  const auto parts = split_key(key);
  const auto row = kind(parts[0], parts[1]);
  if (!row) {
    return failure(fmt::format("no matches for kind \"{}\" in version \"{}\"", parts[1],
                               object.value("apiVersion", "")));
  }
  const bool exists = find(key) != nullptr;
  if (flags.dry) {
    std::string_view verb = "created";
    if (operation == "replace") verb = "replaced";
    if (operation == "update") verb = "updated";
    if (operation == "apply" && exists) verb = "configured";
    return printed(object, verb, flags);
  }
  if (row->namespaced) {
    const std::string name_space = object["metadata"].value("namespace", "");
    const Entry* found = find("/Namespace//" + name_space);
    if (found == nullptr) return failure(fmt::format("namespaces \"{}\" not found", name_space));
    if (is_deleting(found->object) && !exists) {
      return failure(
          fmt::format("{} \"{}\" is forbidden: unable to create new content in "
                      "namespace {} because it is being terminated",
                      qualified(key), parts[3], name_space));
    }
  } else {
    object["metadata"].erase("namespace");
  }
  object.erase("status");
  if (operation == "apply") return apply(key, std::move(object), flags);
  if (operation != "create") return replace(key, std::move(object), operation, flags);
  if (exists) {
    return failure(fmt::format("{}{} \"{}\" already exists",
                               is_deleting(find(key)->object) ? "object is being deleted: " : "",
                               qualified(key), parts[3]));
  }
  const Reply reply = printed(object, "created", flags);
  insert(key, std::move(object), targets_.contains(key));
  return reply;
}

Reply ScriptedServer::apply(const std::string& key, json object, WriteFlags flags) {
  if (flags.force && flags.server_side) return failure("--force cannot be used with --server-side");
  const auto found = store_.find(key);
  if (found == store_.end()) {
    const Reply reply =
        printed(object, flags.server_side ? "serverside-applied" : "created", flags);
    insert(key, std::move(object), targets_.contains(key));
    return reply;
  }
  Entry& entry = found->second;
  if (const auto refused = refused_finalizers(entry.object, object)) return failure(*refused);
  if (const auto refused = immutable_change(entry.object, object)) {
    if (!flags.force) return failure(*refused);
    const Reply reply = printed(object, "configured", flags);
    insert(key, std::move(object), entry.owned || targets_.contains(key));
    return reply;
  }
  const json copy = object;
  const bool did_change = merge_onto(entry, std::move(object), true);
  entry.owned = entry.owned || targets_.contains(key);
  if (flags.server_side) return printed(copy, "serverside-applied", flags);
  return printed(copy, did_change ? "configured" : "unchanged", flags);
}

Reply ScriptedServer::replace(const std::string& key, json object, std::string_view operation,
                              WriteFlags flags) {
  const auto found = store_.find(key);
  if (found == store_.end()) {
    return failure(fmt::format("{} \"{}\" not found", qualified(key), split_key(key)[3]));
  }
  Entry& entry = found->second;
  const Reply reply = printed(object, "replaced", flags);
  const bool owned = entry.owned || targets_.contains(key);
  if (operation == "replace" && flags.force) {
    insert(key, std::move(object), owned);
    return reply;
  }
  if (const auto refused = refused_finalizers(entry.object, object)) return failure(*refused);
  if (const auto refused = immutable_change(entry.object, object)) return failure(*refused);
  merge_onto(entry, std::move(object), false);
  entry.owned = owned;
  return reply;
}

bool ScriptedServer::merge_onto(Entry& entry, json object, bool join_finalizers) {
  json& meta = object["metadata"];
  const json& old_meta = entry.object["metadata"];
  for (const char* field : {"uid", "deletionTimestamp"}) {
    if (old_meta.contains(field)) {
      meta[field] = old_meta[field];
    } else {
      meta.erase(field);
    }
  }
  if (entry.object.contains("status")) object["status"] = entry.object["status"];
  if (join_finalizers) {
    auto joined = finalizers(entry.object);
    for (const auto& finalizer : finalizers(object)) {
      if (std::find(joined.begin(), joined.end(), finalizer) == joined.end()) {
        joined.push_back(finalizer);
      }
    }
    if (!joined.empty()) set_finalizers(object, joined);
  }
  if (entry.object == object) return false;
  entry.object = std::move(object);
  changed(entry);
  return true;
}

void ScriptedServer::record(std::string group, std::string text) {
  actions_.push_back({.group = std::move(group), .text = std::move(text)});
}

json ScriptedServer::take_actions() {
  json groups = json::array();
  for (std::size_t begin = 0; begin < actions_.size();) {
    std::size_t end = begin;
    std::vector<std::string> texts;
    while (end < actions_.size() && actions_[end].group == actions_[begin].group) {
      texts.push_back(actions_[end++].text);
    }
    std::sort(texts.begin(), texts.end());
    groups.push_back(texts);
    begin = end;
  }
  actions_.clear();
  return groups;
}

}  // namespace wavetank::conformance
