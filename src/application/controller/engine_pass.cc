#include "application/controller/engine_pass.h"

#include <fmt/format.h>

#include <algorithm>

#include "application/controller/namespace_metadata.h"
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

}  // namespace

EnginePass::EnginePass(const EngineView& view, PassSettings settings, const sync::SyncState& before,
                       cluster::Cluster& cluster, base::Interner& interner)
    : settings_(std::move(settings)),
      before_(before),
      cluster_(cluster),
      interner_(interner),
      pass_(interner) {
  for (const ParticipatingTarget& each : view.targets) {
    const model::ObjectFacts& facts = each.object->facts;
    manifests_.push_back(each.manifest ? &*each.manifest : &each.object->manifest);
    targets_.push_back(
        {.facts = &facts,
         .scope = cluster_.scope(interner_.text(facts.key.group), interner_.text(facts.key.kind)),
         .check = check(facts, each.participation.denied),
         .selected = each.participation.is_selected,
         .modified = each.participation.is_modified});
  }
  for (const ParticipatingLive& each : view.live) {
    live_.push_back(live_object(*each.object, each.participation));
  }
  const sync::PassInput input{.operation = &settings_.operation,
                              .targets = targets_,
                              .live = live_,
                              .prune_confirmed = settings_.is_prune_confirmed,
                              .terminate = settings_.terminates};
  pass_.start(input, before_);
  requests_ = pass_.resume({});
}

sync::KindCheck EnginePass::check(const model::ObjectFacts& facts, const std::string& denied) {
  const cluster::KindLookup found =
      cluster_.lookup(interner_.text(facts.key.group), interner_.text(facts.key.kind));
  std::string message = found.message;
  if (found.is_group_failure) {
    const auto group = interner_.text(facts.key.group);
    message = sync::discovery_error(
        settings_.operation.version,
        fmt::format("{}{}{}", group, group.empty() ? "" : "/", interner_.text(facts.version)),
        message);
  }
  sync::KindCheck result{.message = interner_.intern(message)};
  switch (found.status) {
    case cluster::KindLookup::Status::Served: break;
    case cluster::KindLookup::Status::NotFound: result.discovery = sync::Discovery::NotFound; break;
    case cluster::KindLookup::Status::Failed: result.discovery = sync::Discovery::Failed; break;
  }
  if (result.discovery != sync::Discovery::Served || denied.empty()) return result;
  return {.discovery = sync::Discovery::Denied, .message = interner_.intern(denied)};
}

sync::LiveObject EnginePass::live_object(const cluster::StoredObject& object,
                                         const Participation& participation) {
  facts_.push_back(object.facts);
  const model::ObjectFacts& facts = facts_.back();
  const model::ArgocdVersion version = settings_.operation.version;
  sync::LiveObject live{.facts = &facts,
                        .check = check(facts, participation.denied),
                        .selected = participation.is_selected,
                        .modified = participation.is_modified,
                        .deleting = object.deleting,
                        .has_hook_finalizer = facts.has_hook_finalizer,
                        .uid = interner_.intern(object.uid),
                        .resource_version = object.resource_version};
  const auto health = health::assess_live(object.content, health_settings(*settings_.installation));
  if (health) {
    live.health = health->status;
    live.health_failed = health->is_error;
    live.health_message = interner_.intern(health->message);
    if (health->is_error && health->by_script &&
        model::behaves(version, model::Behavior::WrappedErrors)) {
      // gitops-engine/pkg/health/health.go wraps the errors of scripts only.
      live.health_message = interner_.intern(fmt::format(
          "failed to get resource health for {}/{}: {}", interner_.text(facts.key.name_space),
          interner_.text(facts.key.name), health->message));
    }
  }
  return live;
}

EnginePass::Progress EnginePass::run() {
  is_asleep_ = false;
  while (!requests_.empty()) {
    while (answers_.size() < requests_.size()) {
      answers_.push_back(answer(requests_[answers_.size()]));
      if (is_process_ended_) return Progress::ProcessEnded;
      if (is_asleep_) return Progress::Asleep;
    }
    requests_ = pass_.resume(answers_);
    answers_.clear();
  }
  report_.reasons.assign(pass_.reasons().begin(), pass_.reasons().end());
  report_.changed_state = !same(before_, pass_.state());
  return Progress::Done;
}

sync::Answer EnginePass::answer_of(const cluster::CallResult& result) {
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

json EnginePass::manifest_of(const sync::Request& request) const {
  json manifest;
  if (request.target.valid()) {
    manifest = *manifests_[request.target.index()];
  } else {
    manifest = managed_namespace("", settings_.namespace_metadata);
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

sync::Answer EnginePass::write(const sync::Request& request) {
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

sync::Answer EnginePass::answer(const sync::Request& request) {
  const auto record = [&](const sync::Answer& answer, bool existed) {
    report_.calls.push_back({.at = cluster_.now(),
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
      return {.live = live_object(*object, {})};
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
      wakes_at_ = cluster_.now() + kWaveDelay;
      is_asleep_ = true;
      return record({}, false);
    }
    case sync::RequestKind::Apply:
    case sync::RequestKind::Create:
    case sync::RequestKind::Replace:
    case sync::RequestKind::Update: break;
  }
  WAVETANK_CHECK(false);
}

}  // namespace wavetank::application
