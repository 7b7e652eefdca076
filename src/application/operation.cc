#include "application/operation.h"

#include <fmt/format.h>

#include <algorithm>

#include "health/health.h"
#include "health/object_view.h"
#include "model/annotation.h"
#include "sync/message.h"

namespace wavetank::application {

using nlohmann::json;

namespace {

bool same(const sync::SyncState& a, const sync::SyncState& b) {
  if (a.phase != b.phase || a.message != b.message || a.results.size() != b.results.size()) {
    return false;
  }
  return std::equal(a.results.begin(), a.results.end(), b.results.begin(),
                    [](const sync::Result& x, const sync::Result& y) {
                      return x.key == y.key && x.phase == y.phase && x.status == y.status &&
                             x.state == y.state && x.message == y.message;
                    });
}

bool is_write(sync::RequestKind kind) {
  switch (kind) {
    case sync::RequestKind::Apply:
    case sync::RequestKind::Create:
    case sync::RequestKind::Replace:
    case sync::RequestKind::Update: return true;
    case sync::RequestKind::GetNamespace:
    case sync::RequestKind::Get:
    case sync::RequestKind::Prune:
    case sync::RequestKind::Delete:
    case sync::RequestKind::Unfinalize:
    case sync::RequestKind::WaveHook: return false;
  }
  WAVETANK_CHECK(false);
}

// Whether everything that `wanted` names stands in `present` as well.
bool contains(const json& present, const json& wanted) {
  if (!wanted.is_object()) return present == wanted;
  if (!present.is_object()) return false;
  return std::all_of(wanted.items().begin(), wanted.items().end(), [&](const auto& item) {
    return present.contains(item.key()) && contains(present.at(item.key()), item.value());
  });
}

}  // namespace

Operation::Operation(const Targets& targets, sync::Operation settings, cluster::Cluster& cluster,
                     base::Interner& interner)
    : targets_(targets), operation_(std::move(settings)), cluster_(cluster), interner_(interner) {
  for (const TargetObject& target : targets_.objects) target_keys_.insert(target.facts.key);
}

bool Operation::is_target_key(const model::Key& key) const { return target_keys_.contains(key); }

bool Operation::manages(const cluster::StoredObject& object) const {
  if (is_target_key(object.key)) return true;
  if (!health::list(object.content, "/metadata/ownerReferences").empty()) return false;
  const json& annotations = health::at(object.content, "/metadata/annotations");
  if (!annotations.is_object()) return false;
  const auto found = annotations.find(std::string(model::kTrackingId));
  return found != annotations.end() && found->is_string() &&
         found->get<std::string>().starts_with(targets_.application + ":");
}

sync::KindCheck Operation::check(const model::ObjectFacts& facts) {
  const cluster::KindLookup found =
      cluster_.lookup(interner_.text(facts.key.group), interner_.text(facts.key.kind));
  std::string message = found.message;
  if (found.is_group_failure) {
    const auto group = interner_.text(facts.key.group);
    message = sync::discovery_error(
        operation_.version,
        fmt::format("{}{}{}", group, group.empty() ? "" : "/", interner_.text(facts.version)),
        message);
  }
  sync::KindCheck result{.message = interner_.intern(message)};
  switch (found.status) {
    case cluster::KindLookup::Status::Served: break;
    case cluster::KindLookup::Status::NotFound: result.discovery = sync::Discovery::NotFound; break;
    case cluster::KindLookup::Status::Failed: result.discovery = sync::Discovery::Failed; break;
  }
  return result;
}

sync::LiveObject Operation::live_object(const cluster::StoredObject& object) {
  facts_.push_back(object.facts);
  const model::ObjectFacts& facts = facts_.back();
  sync::LiveObject live{.facts = &facts,
                        .check = check(facts),
                        .deleting = object.deleting,
                        .has_hook_finalizer = facts.has_hook_finalizer,
                        .uid = interner_.intern(object.uid),
                        .resource_version = object.resource_version};
  if (const auto health = health::assess(object.content, operation_.version)) {
    live.health = health->status;
    live.health_failed = health->is_error;
    live.health_message = interner_.intern(health->message);
    if (health->is_error && health->by_script &&
        model::behaves(operation_.version, model::Behavior::WrappedErrors)) {
      // gitops-engine/pkg/health/health.go wraps the errors of scripts only.
      live.health_message = interner_.intern(fmt::format(
          "failed to get resource health for {}/{}: {}", interner_.text(facts.key.name_space),
          interner_.text(facts.key.name), health->message));
    }
  }
  return live;
}

bool Operation::is_modified(const TargetObject& target) const {
  const cluster::StoredObject* object = cluster_.get(target.facts.key);
  return object == nullptr || !contains(object->content, target.manifest);
}

PassReport Operation::pass() {
  facts_.clear();
  std::vector<sync::Target> targets;
  for (const TargetObject& target : targets_.objects) {
    const model::Key& key = target.facts.key;
    targets.push_back({.facts = &target.facts,
                       .scope = cluster_.scope(interner_.text(key.group), interner_.text(key.kind)),
                       .check = check(target.facts),
                       .modified = is_modified(target)});
  }
  std::vector<sync::LiveObject> live;
  for (const cluster::StoredObject* object : cluster_.objects()) {
    if (manages(*object)) live.push_back(live_object(*object));
  }
  const sync::PassInput input{.operation = &operation_, .targets = targets, .live = live};
  sync::Pass pass(interner_);
  pass.start(input, state_);
  PassReport report;
  std::vector<sync::Answer> answers;
  for (auto requests = pass.resume({}); !requests.empty(); requests = pass.resume(answers)) {
    answers.clear();
    for (const sync::Request& request : requests) {
      answers.push_back(answer(request, report));
      if (!is_process_ended_) continue;
      is_process_ended_ = false;
      report.ended_process = true;
      return report;
    }
  }
  report.reasons.assign(pass.reasons().begin(), pass.reasons().end());
  report.changed_state = !same(state_, pass.state());
  state_ = pass.state();
  return report;
}

sync::Answer Operation::answer_of(const cluster::CallResult& result) {
  sync::Answer answer{.message = interner_.intern(result.message)};
  switch (result.status) {
    case cluster::CallStatus::Ok: break;
    case cluster::CallStatus::NotFound: answer.status = sync::AnswerStatus::NotFound; break;
    case cluster::CallStatus::Conflict: answer.status = sync::AnswerStatus::Conflict; break;
    case cluster::CallStatus::Error: answer.status = sync::AnswerStatus::Error; break;
    case cluster::CallStatus::ProcessEnded:
      answer.status = sync::AnswerStatus::Error;
      is_process_ended_ = true;
      break;
  }
  return answer;
}

json Operation::manifest_of(const sync::Request& request) const {
  json manifest;
  if (request.target.valid()) {
    manifest = targets_.objects[request.target.index()].manifest;
  } else {
    manifest = {{"apiVersion", "v1"}, {"kind", "Namespace"}, {"metadata", json::object()}};
  }
  json& meta = manifest["metadata"];
  meta["name"] = std::string(interner_.text(request.key.name));
  const std::string_view name_space = interner_.text(request.key.name_space);
  if (!name_space.empty()) meta["namespace"] = std::string(name_space);
  if (request.add_hook_finalizer) {
    json finalizers = health::list(manifest, "/metadata/finalizers");
    if (std::find(finalizers.begin(), finalizers.end(), model::kHookFinalizer) ==
        finalizers.end()) {
      finalizers.push_back(std::string(model::kHookFinalizer));
    }
    meta["finalizers"] = std::move(finalizers);
  }
  return manifest;
}

sync::Answer Operation::write(const sync::Request& request) {
  const json manifest = manifest_of(request);
  const cluster::WriteOptions options{.dry_run = request.dry_run,
                                      .force = request.force,
                                      .validate = request.validate,
                                      .server_side = request.server_side};
  switch (request.kind) {
    case sync::RequestKind::Create: return answer_of(cluster_.create(manifest, options));
    case sync::RequestKind::Replace: return answer_of(cluster_.replace(manifest, options));
    case sync::RequestKind::Update: return answer_of(cluster_.update(manifest, options));
    case sync::RequestKind::Apply:
    case sync::RequestKind::GetNamespace:
    case sync::RequestKind::Get:
    case sync::RequestKind::Prune:
    case sync::RequestKind::Delete:
    case sync::RequestKind::Unfinalize:
    case sync::RequestKind::WaveHook: break;
  }
  return answer_of(cluster_.apply(manifest, options));
}

sync::Answer Operation::answer(const sync::Request& request, PassReport& report) {
  const auto record = [&](const sync::Answer& answer, bool existed) {
    report.calls.push_back({.at = cluster_.now(),
                            .request = request,
                            .status = answer.status,
                            .message = std::string(interner_.text(answer.message)),
                            .existed = existed});
    return answer;
  };
  const cluster::StoredObject* object = cluster_.get(request.key);
  if (is_write(request.kind)) {
    const bool existed = object != nullptr;
    const sync::Answer result = write(request);
    if (request.dry_run && result.status == sync::AnswerStatus::Ok) return result;
    return record(result, existed);
  }
  switch (request.kind) {
    case sync::RequestKind::GetNamespace:
    case sync::RequestKind::Get:
      if (object == nullptr) return {.status = sync::AnswerStatus::NotFound};
      return {.live = live_object(*object)};
    case sync::RequestKind::Prune: {
      // kubectl's deletion of what is gone already is an error, unlike that of a hook.
      return record(answer_of(cluster_.remove(request.key, request.propagation)), true);
    }
    case sync::RequestKind::Delete:
      return record(answer_of(cluster_.remove(request.key, request.propagation)), true);
    case sync::RequestKind::Unfinalize:
      return record(answer_of(cluster_.remove_finalizer(request.key, model::kHookFinalizer,
                                                        request.resource_version)),
                    true);
    case sync::RequestKind::WaveHook: {
      if (request.final) return {};
      const sync::Answer answer = record({}, false);
      const auto changes = cluster_.advance(cluster_.now() + kWaveDelay);
      report.changes.insert(report.changes.end(), changes.begin(), changes.end());
      return answer;
    }
    case sync::RequestKind::Apply:
    case sync::RequestKind::Create:
    case sync::RequestKind::Replace:
    case sync::RequestKind::Update: break;
  }
  WAVETANK_CHECK(false);
}

}  // namespace wavetank::application
