#include "conformance/api_case.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <regex>
#include <set>

#include "base/interner.h"
#include "cluster/api/kubectl/kubectl.h"
#include "cluster/api/object/json_access.h"
#include "cluster/api/object/merge.h"
#include "cluster/api/server.h"
#include "cluster/controller_manager/manager.h"
#include "cluster/store.h"

namespace wavetank::conformance {

using nlohmann::json;
namespace api = cluster::api;
using api::at;
using api::has;
using api::list;
using api::text;

namespace {

constexpr const char* kIndex = "batch.kubernetes.io/job-completion-index";

base::Duration seconds_of(const json& value) {
  const double seconds = value.is_number() ? value.get<double>() : 0;
  return std::chrono::milliseconds(static_cast<std::int64_t>(std::llround(seconds * 1000)));
}

// The value at a JSON pointer that may lead through lists.
const json& value_at(const json& object, std::string_view pointer) {
  static const json none;
  const json* current = &object;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const std::string name(pointer.substr(0, pointer.find('/')));
    pointer.remove_prefix(name.size());
    if (current->is_object() && current->contains(name)) {
      current = &current->at(name);
    } else if (current->is_array() && !name.empty() &&
               name.find_first_not_of("0123456789") == std::string::npos &&
               std::stoul(name) < current->size()) {
      current = &current->at(std::stoul(name));
    } else {
      return none;
    }
  }
  return *current;
}

// Runs of 900 or more `x` are written short in recordings.
std::string with_short_runs(const std::string& value) {
  std::string result;
  for (std::size_t i = 0; i < value.size();) {
    std::size_t end = i;
    while (end < value.size() && value[end] == 'x') ++end;
    if (end - i >= 900) {
      result += fmt::format("@repeat:x:{}", end - i);
      i = end;
    } else {
      end = std::max(end, i + 1);
      result.append(value, i, end - i);
      i = end;
    }
  }
  return result;
}

// What stands for a word of chance: random ends of names, hashes of templates.
using Masks = std::map<std::string, std::string>;

std::string masked(const std::string& value, const Masks& masks) {
  static const std::regex kUid("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
  static const std::regex kTime("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z");
  static const std::regex kAddress("10\\.96\\.[0-9]+\\.[0-9]+");
  std::string result = with_short_runs(value);
  if (result.size() > 100000) return result;
  result = std::regex_replace(result, kUid, "<uid>");
  result = std::regex_replace(result, kTime, "<time>");
  result = std::regex_replace(result, kAddress, "<ip>");
  // Words that begin with a dash hold a mask themselves, so they come last.
  std::vector<std::pair<std::string, std::string>> ordered(masks.begin(), masks.end());
  std::stable_partition(ordered.begin(), ordered.end(),
                        [](const auto& each) { return each.first.front() != '-'; });
  for (const auto& [word, mask] : ordered) {
    for (auto found = result.find(word); found != std::string::npos; found = result.find(word)) {
      result.replace(found, word.size(), mask);
    }
  }
  return result;
}

json masked(const json& value, const Masks& masks) {
  if (value.is_string()) return masked(value.get<std::string>(), masks);
  if (value.is_array()) {
    json result = json::array();
    for (const json& each : value) result.push_back(masked(each, masks));
    return result;
  }
  if (!value.is_object()) return value;
  json result = json::object();
  for (const auto& [key, each] : value.items()) {
    result[masked(key, masks)] = masked(each, masks);
  }
  return result;
}

// Without the server's internal structures and the diffs of specs.
std::string comparable_error(std::string error) {
  static const std::regex kStructure("Invalid value: [\\[{][^\n]*?[\\]}]: (?=[a-zA-Z`'])");
  static const std::regex kDuplicate("Duplicate value: \\{[^}]*\\}");
  if (error.size() > 100000) return error;
  for (const char* marker :
       {"is immutable after creation except resources.requests and volumeAttributesClassName for "
        "bound claims",
        "spec.persistentvolumesource is immutable after creation",
        "(allow it to be set to 1 if it was previously negative)"}) {
    // Where the diff ends cannot be told, so what follows it is not compared, either.
    const auto found = error.find(marker);
    if (found != std::string::npos) error.erase(found + std::string_view(marker).size());
  }
  error = std::regex_replace(error, kStructure, "Invalid value: {}: ");
  return std::regex_replace(error, kDuplicate, "Duplicate value: {}");
}

std::vector<std::string> sorted_lines(const json& values) {
  std::vector<std::string> lines;
  for (const json& value : values) lines.push_back(value.dump());
  std::sort(lines.begin(), lines.end());
  return lines;
}

// The first two parts of `<field>|<type>|<message>`.
std::set<std::string> cause_kinds(const json& causes) {
  std::set<std::string> kinds;
  for (const json& cause : causes) {
    std::string line = cause.is_string() ? cause.get<std::string>() : "";
    const auto first = line.find('|');
    const auto second = first == std::string::npos ? first : line.find('|', first + 1);
    kinds.insert(line.substr(0, second));
  }
  return kinds;
}

// Conditions are a set without times; why a Deployment progresses right after a change is chance.
json comparable_status(json status) {
  if (!status.is_object() || !status.contains("conditions")) return status;
  json& conditions = status["conditions"];
  if (!conditions.is_array()) return status;
  for (json& condition : conditions) {
    if (!condition.is_object()) continue;
    for (const char* time :
         {"lastTransitionTime", "lastUpdateTime", "lastProbeTime", "lastHeartbeatTime"}) {
      condition.erase(time);
    }
    const std::string reason = condition.value("reason", "");
    if (reason == "NewReplicaSetCreated" || reason == "ReplicaSetUpdated") {
      condition["reason"] = "<progress>";
      condition.erase("message");
    }
  }
  std::sort(conditions.begin(), conditions.end(),
            [](const json& a, const json& b) { return a.dump() < b.dump(); });
  return status;
}

class Player {
 public:
  explicit Player(const json& recorded) : recorded_(recorded), store_(interner_), server_(store_) {
    server_.on_suffix = [this](const std::string& suffix) { masks_[suffix] = "<rand>"; };
    server_.wait = [this](base::Duration time) { manager_.wait(time); };
    for (const char* name : {"default", "kube-system", "kube-public", "kube-node-lease", "demo"}) {
      // All but the last are made by the API server itself.
      const bool is_own = std::string_view(name) != "demo";
      make("v1", "Namespace", "", name, is_own ? "kube-apiserver" : "");
    }
    make("v1", "ServiceAccount", "demo", "default");
    make("v1", "ConfigMap", "demo", "kube-root-ca.crt");
  }

  ApiVerdict play();

 private:
  struct Outcome {
    std::string output;
    std::optional<std::string> error;
    std::optional<api::ApiError> status;
    std::vector<std::string> warnings;
    int driven = 0;
  };

  void make(const char* api_version, const char* kind, const char* name_space, const char* name,
            const char* manager = "") {
    const api::KindInfo* info = server_.find_kind("", kind);
    json object = {{"apiVersion", api_version}, {"kind", kind}, {"metadata", {{"name", name}}}};
    (void)server_.create({.kind = info, .name_space = name_space, .name = name}, std::move(object),
                         {.caller = {.user = "", .manager = manager}});
  }

  // Controllers act up to and at this moment.
  void let_pass(base::Instant until) {
    manager_.run(until);
    server_.now = std::max(server_.now, until);
  }

  // Numbers the hashes of templates as they appear.
  void number_hashes() {
    for (const auto& [key, entry] : store_.entries()) {
      for (const char* name :
           {"pod-template-hash", "controller-revision-hash", "controller.kubernetes.io/hash"}) {
        const std::string value = api::label(entry.object.content, name);
        if (value.empty()) continue;
        const std::string hash = value.substr(value.rfind('-') + 1);
        if (masks_.contains(hash)) continue;
        masks_[hash] = fmt::format("<hash{}>", ++hashes_);
        // Where a name was cut, in front of a random end.
        for (std::size_t cut = 1; cut < hash.size(); ++cut) {
          masks_["-" + hash.substr(0, cut) + "<rand>"] =
              fmt::format("-<hash{}:{}><rand>", hashes_, cut);
        }
      }
    }
  }

  json expand(const json& value) const;
  Outcome run(const json& step);
  Outcome run_engine(const json& step, const std::string& op, const json& object);
  Outcome run_other(const json& step, const std::string& op, const json& object);
  Outcome run_pods(const json& step, const std::string& op);
  Outcome drive_pod(const model::ObjectKey& key, const json& step);
  std::vector<model::ObjectKey> chosen_pods(const json& step) const;
  std::string stale_version(const model::ObjectKey& key) const;

  static Outcome from(const api::Printed& printed) {
    return {.output = printed.output,
            .error = printed.error,
            .status = printed.error ? printed.status : std::nullopt,
            .warnings = printed.warnings};
  }
  static Outcome from(const api::Reply& reply) {
    Outcome outcome{.warnings = reply.warnings};
    if (reply.error) {
      outcome.error = reply.error->message;
      outcome.status = reply.error;
    }
    return outcome;
  }

  api::Target target_of(const json& ref) {
    const api::Ref parsed{.group = std::string(model::group_of(text(ref, "/apiVersion"))),
                          .version = std::string(model::version_of(text(ref, "/apiVersion"))),
                          .kind = text(ref, "/kind"),
                          .name_space = text(ref, "/namespace"),
                          .name = text(ref, "/name")};
    const api::KindInfo* kind = server_.find_kind(parsed.group, parsed.version, parsed.kind);
    return {.kind = kind,
            .name_space = kind != nullptr && kind->is_namespaced ? parsed.name_space : "",
            .name = parsed.name};
  }

  static json ref_of(const json& object) {
    json ref = {{"apiVersion", text(object, "/apiVersion")},
                {"kind", text(object, "/kind")},
                {"name", text(object, "/metadata/name")}};
    if (has(object, "/metadata/namespace")) ref["namespace"] = at(object, "/metadata/namespace");
    return ref;
  }

  json facts_of(const json& ref, const json& expected, const json& show);
  json lists_of();
  json list_entry(const model::ObjectKey& key, const json& object);
  json result_of(const json& step, const Outcome& outcome, const json& expected);
  static bool is_exact(const json& expected, const json& actual);
  static bool is_same_kind(const json& expected, const json& actual);

  const json& recorded_;
  base::Interner interner_;
  cluster::Store store_;
  api::Server server_;
  cluster::Manager manager_{server_, cluster::built_in_controllers()};
  api::Discovery discovery_;
  Masks masks_;
  int hashes_ = 0;                                                 // seen
  std::map<std::string, std::string> seen_uid_;                    // by ref
  std::map<std::string, std::uint64_t> seen_version_;              // by ref
  std::map<model::ObjectKey, std::vector<std::string>> versions_;  // that steps made
};

json Player::expand(const json& value) const {
  if (value.is_string()) {
    const auto& content = value.get_ref<const std::string&>();
    if (content == "@NOW") return cluster::timestamp(server_.now);
    if (content == "@AGO1H") return cluster::timestamp(server_.now - std::chrono::hours(1));
    if (content.starts_with("@repeat:x:")) return std::string(std::stoul(content.substr(10)), 'x');
    return value;
  }
  if (value.is_array()) {
    json result = json::array();
    for (const json& each : value) result.push_back(expand(each));
    return result;
  }
  if (!value.is_object()) return value;
  json result = json::object();
  for (const auto& [key, each] : value.items()) result[key] = expand(each);
  return result;
}

std::string Player::stale_version(const model::ObjectKey& key) const {
  const auto found = versions_.find(key);
  if (found == versions_.end() || found->second.size() < 2) return "1";
  return found->second[found->second.size() - 2];
}

Player::Outcome Player::run_engine(const json& step, const std::string& op, const json& object) {
  api::Kubectl kubectl(server_, discovery_, step.value("as", ""));
  const std::string dry = step.value("dryRun", "");
  const api::DryRunMode dry_run = dry == "client"   ? api::DryRunMode::Client
                                  : dry == "server" ? api::DryRunMode::Server
                                                    : api::DryRunMode::None;
  const bool force = step.value("force", false);
  if (op == "apply") {
    return from(kubectl.apply(object, {.dry_run = dry_run,
                                       .force = force,
                                       .server_side = step.value("serverSide", false),
                                       .manager = step.value("manager", "argocd-controller")}));
  }
  if (op == "replace") return from(kubectl.replace(object, dry_run, force));
  if (op == "create") return from(kubectl.create(object, dry_run));
  if (op == "update") {
    json manifest = object;
    const api::Target target = target_of(ref_of(object));
    const std::string which = step.value("resourceVersion", "live");
    const cluster::Entry* live = target.kind == nullptr ? nullptr : store_.find(target.key());
    if (which == "stale") {
      manifest["metadata"]["resourceVersion"] = stale_version(target.key());
    } else if (which == "live" && live != nullptr) {
      manifest["metadata"]["resourceVersion"] =
          at(live->object.content, "/metadata/resourceVersion");
    }
    return from(kubectl.update(manifest));
  }
  const json ref = step.contains("ref") ? step["ref"] : ref_of(object);
  api::Ref parsed = api::ref_of(
      {{"apiVersion", text(ref, "/apiVersion")},
       {"kind", text(ref, "/kind")},
       {"metadata", {{"name", text(ref, "/name")}, {"namespace", text(ref, "/namespace")}}}});
  if (op == "migrate") return from(kubectl.migrate(parsed));
  if (op == "finalizers") {
    const bool stale = step.value("resourceVersion", "") == "stale";
    const api::Target target = target_of(ref);
    return from(kubectl.change_finalizers(
        parsed, {.add = step.value("add", std::vector<std::string>{}),
                 .remove = step.value("remove", std::vector<std::string>{}),
                 .resource_version = stale ? stale_version(target.key()) : ""}));
  }
  const std::string policy = step.value("policy", "Foreground");
  return from(kubectl.remove(parsed, policy == "Background" ? api::DeletePolicy::Background
                                     : policy == "Orphan"   ? api::DeletePolicy::Orphan
                                                            : api::DeletePolicy::Foreground));
}

Player::Outcome Player::run_other(const json& step, const std::string& op, const json& object) {
  const json ref = step.contains("ref") ? step["ref"] : ref_of(object);
  const api::Target target = target_of(ref);
  const api::WriteRequest write{
      .caller = {.user = step.value("as", ""), .manager = step.value("manager", "editor")},
      .subresource = step.value("subresource", "")};
  const json patch = expand(step.value("patch", json()));
  if (target.kind == nullptr) {
    return {.error = "the server could not find the requested resource"};
  }
  if (op == "rawcreate") {
    const api::Reply reply = server_.create(target, object, write);
    Outcome outcome = from(reply);
    if (reply.ok() && has(object, "/metadata/generateName")) {
      outcome.output = "created " + text(reply.object, "/metadata/name");
    }
    return outcome;
  }
  const cluster::Entry* live = store_.find(target.key());
  if (op == "rawupdate") {
    json body = object;
    if (live != nullptr) {
      body["metadata"]["resourceVersion"] = at(live->object.content, "/metadata/resourceVersion");
    }
    return from(server_.update(target, std::move(body), write));
  }
  if (op == "rawdelete") {
    api::DeleteRequest request{.caller = {.user = step.value("as", "")}};
    const std::string policy = step.value("policy", "");
    if (policy == "Foreground") request.policy = api::DeletePolicy::Foreground;
    if (policy == "Background") request.policy = api::DeletePolicy::Background;
    if (policy == "Orphan") request.policy = api::DeletePolicy::Orphan;
    if (step.contains("grace")) request.grace_seconds = step["grace"].get<std::int64_t>();
    return from(server_.remove(target, request));
  }
  if (op == "otherapply") {
    api::ApplyRequest request{.write = write, .force = step.value("force", false)};
    request.write.caller.manager = "other";
    return from(server_.apply(target, object, request));
  }
  const std::string type = step.value("patchType", "merge");
  const api::Patch change = [&](const json& before) {
    api::Patched patched;
    if (op == "ownby") {
      const api::Target owner = target_of(at(patch, "/owner"));
      const cluster::Entry* entry = owner.kind == nullptr ? nullptr : store_.find(owner.key());
      json reference = {{"apiVersion", text(patch, "/owner/apiVersion")},
                        {"kind", text(patch, "/owner/kind")},
                        {"name", text(patch, "/owner/name")},
                        {"uid", entry == nullptr ? "" : entry->object.uid}};
      if (has(patch, "/block")) reference["blockOwnerDeletion"] = at(patch, "/block");
      if (has(patch, "/controller")) reference["controller"] = at(patch, "/controller");
      patched.object = before;
      patched.object["metadata"]["ownerReferences"].push_back(std::move(reference));
    } else if (type == "json") {
      const auto result = api::json_patch(before, patch);
      if (!result) patched.error = api::bad_request_error("the patch does not fit");
      patched.object = result.value_or(before);
    } else if (type == "strategic") {
      patched.object = api::strategic_merge(target.kind->type, before, patch);
    } else {
      patched.object = api::merge_patch(before, patch);
    }
    return patched;
  };
  return from(server_.patch(target, change, write));
}

std::vector<model::ObjectKey> Player::chosen_pods(const json& step) const {
  const auto phases = step.value("phases", std::vector<std::string>{"Pending", "Running"});
  const auto has_phase = [&](const std::string& phase) {
    return std::find(phases.begin(), phases.end(), phase) != phases.end();
  };
  const json select = step.value("select", json::object());
  std::vector<model::ObjectKey> keys;
  for (const auto& [key, entry] : store_.entries()) {
    if (!key.group.empty() || key.kind != "Pod" || key.name_space != "demo") continue;
    const json& pod = entry.object.content;
    const bool wanted =
        entry.object.deleting ? has_phase("terminating") : has_phase(text(pod, "/status/phase"));
    const json& labels = at(pod, "/metadata/labels");
    const bool matches =
        std::all_of(select.items().begin(), select.items().end(), [&](const auto& each) {
          return labels.is_object() && labels.contains(each.key()) &&
                 labels.at(each.key()) == each.value();
        });
    if (wanted && matches) keys.push_back(key);
  }
  // By completion index, age in seconds, name.
  const auto place = [&](const model::ObjectKey& key) {
    const cluster::Entry* pod = store_.find(key);
    const std::string index = api::annotation(pod->object.content, kIndex);
    return std::tuple(index.empty() ? 0 : std::stoi(index),
                      text(pod->object.content, "/metadata/creationTimestamp"));
  };
  std::stable_sort(
      keys.begin(), keys.end(),
      [&](const model::ObjectKey& a, const model::ObjectKey& b) { return place(a) < place(b); });
  const auto take = step.value("take", 0U);
  if (take != 0 && keys.size() > take) keys.resize(take);
  return keys;
}

Player::Outcome Player::drive_pod(const model::ObjectKey& key, const json& step) {
  const api::Target target{
      .kind = server_.find_kind("", "Pod"), .name_space = key.name_space, .name = key.name};
  const std::string how = step.value("subresource", "");
  const json patch = expand(step.value("patch", json::object()));
  if (how == "delete") {
    api::DeleteRequest request;
    if (step.contains("grace")) request.grace_seconds = step["grace"].get<std::int64_t>();
    return from(server_.remove(target, request));
  }
  api::WriteRequest write{.caller = {.user = "", .manager = "editor"}};
  if (how.empty()) write.subresource = "status";
  const api::Patch change = [&](const json& before) {
    json whole = patch;
    if (how.empty()) whole = {{"status", patch}};
    if (how == "relabel") whole = {{"metadata", {{"labels", patch}}}};
    return api::Patched{.object = api::merge_patch(before, whole)};
  };
  return from(server_.patch(target, change, write));
}

Player::Outcome Player::run_pods(const json& step, const std::string& op) {
  Outcome outcome;
  if (op == "releasepods") {
    std::vector<model::ObjectKey> keys;
    for (const auto& [key, entry] : store_.entries()) {
      const json& finalizers = list(entry.object.content, "/metadata/finalizers");
      if (key.kind == "Pod" && key.name_space == "demo" &&
          std::find(finalizers.begin(), finalizers.end(), "example.com/hold") != finalizers.end()) {
        keys.push_back(key);
      }
    }
    for (const model::ObjectKey& key : keys) {
      const api::Target target{
          .kind = server_.find_kind("", "Pod"), .name_space = key.name_space, .name = key.name};
      (void)server_.patch(target,
                          [](const json& before) {
                            api::Patched patched{.object = before};
                            json kept = json::array();
                            for (const json& each : list(before, "/metadata/finalizers")) {
                              if (each != "example.com/hold") kept.push_back(each);
                            }
                            patched.object["metadata"]["finalizers"] = std::move(kept);
                            return patched;
                          },
                          {.caller = {.user = "", .manager = "editor"}});
      ++outcome.driven;
    }
    return outcome;
  }
  for (const model::ObjectKey& key : chosen_pods(step)) {
    const Outcome one = drive_pod(key, step);
    // A pod may have gone since it was chosen.
    const bool is_gone = one.status && one.status->reason == "NotFound";
    if (one.error && !is_gone) outcome.error = one.error;
    // Controllers act in between; while they write, about two more calls are made.
    if (++outcome.driven % 2 == 1) let_pass(server_.now);
  }
  return outcome;
}

Player::Outcome Player::run(const json& step) {
  const std::string op = step.value("op", "");
  const json object = expand(step.value("object", json()));
  if (op == "sleep" || op == "observe" || op == "until" || op == "waitgone") return {};
  if (op == "pods" || op == "releasepods") return run_pods(step, op);
  static const std::set<std::string> kEngine{"apply",  "replace",    "create", "update",
                                             "delete", "finalizers", "migrate"};
  return kEngine.contains(op) ? run_engine(step, op, object) : run_other(step, op, object);
}

json Player::facts_of(const json& ref, const json& expected, const json& show) {
  const api::Target target = target_of(ref);
  const std::string name = expected.value("ref", "");
  json facts = {{"ref", name}};
  const cluster::Entry* entry = target.kind == nullptr ? nullptr : store_.find(target.key());
  facts["exists"] = entry != nullptr;
  if (entry == nullptr) return facts;
  const json& object = entry->object.content;
  if (entry->object.deleting) facts["deleting"] = true;
  if (!list(object, "/metadata/finalizers").empty()) {
    facts["finalizers"] = list(object, "/metadata/finalizers");
  }
  if (api::number(object, "/metadata/generation") != 0) {
    facts["generation"] = at(object, "/metadata/generation");
  }
  const auto seen = seen_uid_.find(name);
  facts["uid"] = seen == seen_uid_.end()             ? "first"
                 : seen->second == entry->object.uid ? "same"
                                                     : "changed";
  if (expected.contains("write")) {
    facts["write"] = seen_version_[name] == entry->object.resource_version ? "none" : "changed";
  }
  seen_uid_[name] = entry->object.uid;
  seen_version_[name] = entry->object.resource_version;
  const auto owners = list(object, "/metadata/ownerReferences").size();
  if (owners != 0) facts["owners"] = owners;
  if (api::has_annotation(object, "kubectl.kubernetes.io/last-applied-configuration")) {
    facts["lastApplied"] = true;
  }
  std::set<std::string> managers;
  for (const api::FieldOwner& owner : entry->owners) {
    if (!owner.subresource.empty() || owner.manager == "kube-controller-manager") continue;
    managers.insert(fmt::format("{} {}", owner.manager, owner.applies ? "Apply" : "Update"));
  }
  if (!managers.empty()) facts["managers"] = managers;
  for (const json& pointer : show) {
    std::string path = pointer.get<std::string>();
    const bool only_whether = path.ends_with('?');
    if (only_whether) path.pop_back();
    const json& value = value_at(object, path);
    json shown = value;
    if (only_whether) {
      shown = value.is_null() ? "<absent>" : "<set>";
    } else if (value.is_null()) {
      shown = "<absent>";
    }
    facts["show"][pointer.get<std::string>()] = std::move(shown);
  }
  if (recorded_.value("status", false) && has(object, "/status")) {
    facts["status"] = at(object, "/status");
  }
  return facts;
}

json Player::list_entry(const model::ObjectKey& key, const json& object) {
  json entry = {{"name", key.name}};
  if (has(object, "/metadata/deletionTimestamp")) entry["deleting"] = true;
  for (const json& owner : list(object, "/metadata/ownerReferences")) {
    entry["owners"].push_back(text(owner, "/kind") + "/" + text(owner, "/name"));
  }
  if (!list(object, "/metadata/finalizers").empty()) {
    entry["finalizers"] = list(object, "/metadata/finalizers");
  }
  if (key.kind == "Pod") {
    entry["phase"] = text(object, "/status/phase");
    entry["image"] = value_at(object, "/spec/containers/0/image");
    const json& revision = api::member(object, "/metadata/labels", "controller-revision-hash");
    if (!revision.is_null()) entry["revision"] = revision;
    const json& index = api::member(object, "/metadata/annotations", kIndex);
    if (!index.is_null()) entry["index"] = index;
    for (const json& condition : list(object, "/status/conditions")) {
      if (text(condition, "/type") == "Ready" && text(condition, "/status") == "True") {
        entry["ready"] = true;
      }
    }
  }
  if (key.kind == "ReplicaSet") {
    entry["replicas"] = at(object, "/spec/replicas");
    entry["revision"] = api::annotation(object, "deployment.kubernetes.io/revision");
    if (has(object, "/status")) entry["status"] = at(object, "/status");
  }
  if (key.kind == "Job" && has(object, "/status")) entry["status"] = at(object, "/status");
  if (key.kind == "PersistentVolumeClaim") entry["phase"] = text(object, "/status/phase");
  return entry;
}

json Player::lists_of() {
  json lists = json::object();
  for (const json& kind : recorded_.value("lists", json::array())) {
    const std::string full = kind.get<std::string>();
    const auto slash = full.rfind('/');
    const std::string name = full.substr(slash + 1);
    const std::string group = std::string(model::group_of(full.substr(0, slash)));
    std::map<std::string, int> entries;
    for (const auto& [key, entry] : store_.entries()) {
      if (key.group != group || key.kind != name || key.name_space != "demo") continue;
      if (key.name == "kube-root-ca.crt" || (name == "ServiceAccount" && key.name == "default")) {
        continue;
      }
      ++entries[masked(list_entry(key, entry.object.content), masks_).dump()];
    }
    lists[name] = json::array();
    for (const auto& [dumped, count] : entries) {
      json entry = json::parse(dumped);
      if (count > 1) entry["count"] = count;
      lists[name].push_back(std::move(entry));
    }
  }
  return lists;
}

json Player::result_of(const json& step, const Outcome& outcome, const json& expected) {
  json result = json::object();
  if (!outcome.error && !outcome.output.empty()) result["output"] = outcome.output;
  if (outcome.error) result["error"] = *outcome.error;
  if (outcome.error && outcome.status) {
    json status = {{"code", outcome.status->code}};
    if (!outcome.status->reason.empty()) status["reason"] = outcome.status->reason;
    for (const api::Cause& cause : outcome.status->causes) {
      status["causes"].push_back(cause.field + "|" + cause.type);
    }
    result["status"] = std::move(status);
  }
  if (!outcome.warnings.empty()) result["warnings"] = outcome.warnings;
  if (outcome.driven != 0) result["driven"] = outcome.driven;
  json refs = json::array();
  if (step.contains("ref")) {
    refs.push_back(step["ref"]);
  } else if (step.contains("object")) {
    refs.push_back(ref_of(step["object"]));
  }
  for (const json& also : step.value("also", json::array())) refs.push_back(also);
  const json expected_facts = expected.value("facts", json::array());
  json facts = json::array();
  for (std::size_t i = 0; i < refs.size() && i < expected_facts.size(); ++i) {
    facts.push_back(facts_of(refs[i], expected_facts[i], step.value("show", json::array())));
  }
  if (!facts.empty()) result["facts"] = std::move(facts);
  if (recorded_.contains("lists")) result["lists"] = lists_of();
  return masked(result, masks_);
}

json comparable_facts(const json& result) {
  json facts = result.value("facts", json::array());
  for (json& each : facts) {
    if (each.contains("status")) each["status"] = comparable_status(each["status"]);
    if (!each.value("exists", false)) {
      each.erase("exists");
    }
  }
  return facts;
}

bool Player::is_exact(const json& expected, const json& actual) {
  if (!is_same_kind(expected, actual)) return false;
  const auto text_of = [](const json& result, const char* name) { return result.value(name, ""); };
  if (text_of(expected, "output") != text_of(actual, "output")) return false;
  if (comparable_error(text_of(expected, "error")) != comparable_error(text_of(actual, "error"))) {
    return false;
  }
  const json left = expected.value("status", json::object());
  const json right = actual.value("status", json::object());
  if (left.value("reason", "") != right.value("reason", "")) return false;
  // How often a cause is told is a matter of the server's double validation.
  if (cause_kinds(left.value("causes", json::array())) !=
      cause_kinds(right.value("causes", json::array()))) {
    return false;
  }
  if (expected.value("warnings", json::array()) != actual.value("warnings", json::array())) {
    return false;
  }
  if (expected.value("driven", 0) != actual.value("driven", 0)) return false;
  const json lists = expected.value("lists", json::object());
  const json our_lists = actual.value("lists", json::object());
  for (const auto& [kind, entries] : lists.items()) {
    json ours = our_lists.value(kind, json::array());
    json theirs = entries;
    for (json* side : {&ours, &theirs}) {
      for (json& entry : *side) {
        if (entry.contains("status")) entry["status"] = comparable_status(entry["status"]);
      }
    }
    if (sorted_lines(theirs) != sorted_lines(ours)) return false;
  }
  return true;
}

bool Player::is_same_kind(const json& expected, const json& actual) {
  if (expected.contains("error") != actual.contains("error")) return false;
  const json left = expected.value("status", json::object());
  const json right = actual.value("status", json::object());
  if (left.value("code", 0) != right.value("code", 0)) return false;
  if (cause_kinds(left.value("causes", json::array())) !=
      cause_kinds(right.value("causes", json::array()))) {
    return false;
  }
  return comparable_facts(expected) == comparable_facts(actual);
}

std::vector<std::string> rendered(const json& step, const json& result) {
  std::vector<std::string> lines;
  std::string about = step.value("op", "");
  for (const char* flag : {"serverSide", "force"}) {
    if (step.value(flag, false)) about += std::string(" ") + flag;
  }
  lines.push_back(about);
  for (const auto& [name, value] : result.items()) {
    if (name == "requests" || name == "time" || name == "trace") continue;
    if (value.is_string()) {
      lines.push_back(name + ": " + value.get<std::string>());
    } else if (name == "facts") {
      for (const json& each : value) lines.push_back("facts: " + each.dump());
    } else {
      lines.push_back(name + ": " + value.dump());
    }
  }
  return lines;
}

ApiVerdict Player::play() {
  ApiVerdict verdict{.exact = true, .same_kind = true};
  for (const json& step : recorded_.value("steps", json::array())) {
    const json expected = step.value("result", json::object());
    const json& time = at(expected, "/time");
    const bool is_timed = time.is_array() && time.size() > 1;
    // What the controllers still had to do after the last step.
    let_pass(is_timed ? std::max(server_.now, base::Instant{} + seconds_of(time[0])) : server_.now);
    const Outcome outcome = run(step);
    // Without a time, controllers get two seconds to come to rest, or none.
    const auto settle = step.value("settle", recorded_.value("settle", 0));
    base::Instant until = server_.now;
    if (is_timed) {
      until = std::max(until, base::Instant{} + seconds_of(time[1]));
    } else if (settle > 0) {
      until += std::chrono::seconds(2);
    }
    if (is_timed || settle > 0) {
      let_pass(until);
    } else {
      // The call takes time enough for a first reaction.
      manager_.react();
    }
    number_hashes();
    for (const auto& [key, entry] : store_.entries()) {
      auto& versions = versions_[key];
      std::string version = std::to_string(entry.object.resource_version);
      if (versions.empty() || versions.back() != version) versions.push_back(std::move(version));
    }
    const json actual = result_of(step, outcome, expected);
    const bool exact = is_exact(expected, actual);
    if (!exact && verdict.expected.empty()) {
      verdict.expected = rendered(step, expected);
      verdict.actual = rendered(step, actual);
    }
    verdict.exact = verdict.exact && exact;
    verdict.same_kind = verdict.same_kind && is_same_kind(expected, actual);
  }
  return verdict;
}

}  // namespace

bool is_api_case(const json& recorded) {
  return recorded.is_object() && recorded.contains("steps") && recorded.contains("category");
}

ApiVerdict check_api_case(const json& recorded) {
  Player player(recorded);
  ApiVerdict verdict = player.play();
  verdict.category = recorded.value("category", "");
  return verdict;
}

}  // namespace wavetank::conformance
