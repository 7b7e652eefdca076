#include "story.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/annotation.h"

namespace wavetank::sync {

using nlohmann::json;

namespace {

std::string api_version(const std::string& kind) {
  if (kind == "Job") return "batch/v1";
  if (kind == "Deployment") return "apps/v1";
  if (kind == "Widget") return "example.com/v1";
  if (kind == "ClusterRole") return "rbac.authorization.k8s.io/v1";
  if (kind == "CustomResourceDefinition") return "apiextensions.k8s.io/v1";
  return "v1";
}

model::Scope scope(const std::string& kind) {
  return kind == "Namespace" || kind == "ClusterRole" || kind == "CustomResourceDefinition"
             ? model::Scope::Cluster
             : model::Scope::Namespaced;
}

bool has_health(const std::string& kind) {
  return kind == "Job" || kind == "Deployment" || kind == "Pod";
}

std::string kind_of(const std::string& name) { return name.substr(0, name.find('/')); }
std::string short_of(const std::string& name) { return name.substr(name.find('/') + 1); }

json manifest(const std::string& name, const Annotations& annotations) {
  const std::string kind = kind_of(name);
  json object = {{"apiVersion", api_version(kind)},
                 {"kind", kind},
                 {"metadata", {{"annotations", json::object()}}}};
  json& meta = object["metadata"];
  if (name.ends_with("-")) {
    meta["generateName"] = short_of(name);
  } else {
    meta["name"] = short_of(name);
  }
  if (scope(kind) == model::Scope::Namespaced) meta["namespace"] = "ns";
  const auto set = [&](std::string_view key, const std::string& value) {
    if (!value.empty()) meta["annotations"][std::string(key)] = value;
  };
  set(model::kHook, annotations.hook);
  set(model::kHookDeletePolicy, annotations.policy);
  set(model::kSyncWave, annotations.wave);
  set(model::kSyncOptions, annotations.options);
  if (kind == "Job" || kind == "Deployment") {
    object["spec"]["template"]["spec"]["containers"] = json::array({{{"image", "run:1"}}});
  }
  if (kind == "CustomResourceDefinition") {
    object["spec"] = {{"group", "example.com"}, {"names", {{"kind", "Widget"}}}};
  }
  return object;
}

}  // namespace

Story::Story() { objects_["Namespace/ns"] = {.content = manifest("Namespace/ns", {})}; }

Story& Story::target(const std::string& name, const Annotations& annotations) {
  drop_target(name);
  targets_.emplace_back(name, manifest(name, annotations));
  return *this;
}

Story& Story::live(const std::string& name, const Annotations& annotations) {
  objects_[name] = {.content = manifest(name, annotations), .managed = true};
  return *this;
}

Story& Story::drop_target(const std::string& name) {
  std::erase_if(targets_, [&, &key = name](const auto& target) { return target.first == key; });
  return *this;
}

Story& Story::health(const std::string& name, health::Status status, const std::string& message) {
  objects_.at(name).health = health::name(status);
  objects_.at(name).message = message;
  return *this;
}

Story& Story::vanish(const std::string& name) {
  objects_.erase(name);
  return *this;
}

Story& Story::fail_writes(const std::string& name, const std::string& error) {
  write_errors_[name] = error;
  return *this;
}

Story& Story::fail_dry_runs(const std::string& name, const std::string& error) {
  dry_run_errors_[name] = error;
  return *this;
}

Story& Story::unknown_kind(const std::string& name) {
  unknown_.insert(kind_of(name));
  return *this;
}

Story& Story::refuse_kind(const std::string& name, Discovery discovery, const std::string& error) {
  refused_[kind_of(name)] = {.discovery = discovery, .message = interner_.intern(error)};
  return *this;
}

Story& Story::fail_health(const std::string& name, const std::string& error) {
  objects_.at(name).health_failed = true;
  objects_.at(name).message = error;
  return *this;
}

Story& Story::answer_with(const std::string& call, AnswerStatus status, const std::string& error,
                          int times) {
  scripted_[call] = {.answer = {.status = status, .message = interner_.intern(error)},
                     .times = times};
  return *this;
}

Story& Story::answer_kind_gone(const std::string& call, AnswerStatus status,
                               const std::string& error) {
  answer_with(call, status, error);
  scripted_.at(call).answer.kind_is_gone = true;
  return *this;
}

Story& Story::with_finalizer(const std::string& name) {
  objects_.at(name).has_finalizer = true;
  return *this;
}

Story& Story::being_deleted(const std::string& name) {
  objects_.at(name).deleting = true;
  return *this;
}

Story& Story::same_uid(const std::string& name, const std::string& other) {
  objects_.at(name).uid = "same";
  objects_.at(other).uid = "same";
  return *this;
}

Story& Story::without_uid(const std::string& name) {
  objects_.at(name).uid = "";
  return *this;
}

Story& Story::unseen(const std::string& name) {
  unseen_.insert(name);
  return *this;
}

Story& Story::unselected(const std::string& name) {
  unselected_.insert(name);
  return *this;
}

Story& Story::unmodified(const std::string& name) {
  unmodified_.insert(name);
  return *this;
}

Story& Story::slow_deletion(const std::string& name) {
  slow_.insert(name);
  return *this;
}

Story& Story::mark_deleted(const std::string& name) {
  objects_.at(name).deleting = true;
  return *this;
}

Story& Story::new_operation() {
  state_ = {};
  return *this;
}

std::string Story::pass() { return play(false); }
std::string Story::terminate() { return play(true); }

KindCheck Story::check(const std::string& name) {
  const std::string kind = kind_of(name);
  if (const auto refused = refused_.find(kind); refused != refused_.end()) return refused->second;
  if (!unknown_.contains(kind)) return {};
  return {.discovery = Discovery::NotFound,
          .message = interner_.intern(kind + ".example.com \"\" not found")};
}

LiveObject Story::live_object(const std::string& name, const Object& object) {
  facts_.push_back(
      std::make_unique<model::ObjectFacts>(model::facts_of(object.content, interner_)));
  LiveObject live{.facts = facts_.back().get(),
                  .check = check(name),
                  .selected = !unselected_.contains(name),
                  .modified = !unmodified_.contains(name),
                  .deleting = object.deleting,
                  .has_hook_finalizer = object.has_finalizer,
                  .uid = interner_.intern(object.uid.value_or(name)),
                  .resource_version = object.resource_version,
                  .health_failed = object.health_failed,
                  .health_message = interner_.intern(object.message)};
  if (!has_health(kind_of(name))) return live;
  live.health = health::Status::Progressing;
  for (auto status = health::Status::Healthy; status <= health::Status::Unknown;
       status = static_cast<health::Status>(static_cast<int>(status) + 1)) {
    if (health::name(status) == object.health) live.health = status;
  }
  return live;
}

std::string Story::play(bool terminate) {
  facts_.clear();
  Operation operation{.version = version,
                      .revision = "FooBarBaz99",
                      .started_at = 1700000000,
                      .name_space = interner_.intern(name_space),
                      .settings = settings};
  std::vector<Target> targets;
  for (const auto& [name, content] : targets_) {
    facts_.push_back(std::make_unique<model::ObjectFacts>(model::facts_of(content, interner_)));
    targets.push_back({.facts = facts_.back().get(),
                       .scope = scope(kind_of(name)),
                       .check = check(name),
                       .selected = !unselected_.contains(name),
                       .modified = !unmodified_.contains(name)});
  }
  std::vector<LiveObject> live;
  for (const auto& [name, object] : objects_) {
    const bool is_target =
        std::any_of(targets_.begin(), targets_.end(),
                    [&, &key = name](const auto& target) { return target.first == key; });
    if (unseen_.contains(name)) continue;
    if (name != "Namespace/ns" || is_target || object.managed)
      live.push_back(live_object(name, object));
  }
  const PassInput input{.operation = &operation,
                        .targets = targets,
                        .live = live,
                        .namespace_check = check("Namespace/ns"),
                        .prune_confirmed = prune_confirmed,
                        .terminate = terminate};
  pass_.start(input, state_);
  std::string log;
  calls_.clear();
  subjects_.clear();
  places_.clear();
  std::vector<Answer> answers;
  for (auto requests = pass_.resume({}); !requests.empty(); requests = pass_.resume(answers)) {
    answers.clear();
    for (const Request& request : requests) {
      note_subject(request, std::string(sync::name(request.kind)), live);
      answers.push_back(answer(request, log));
    }
    calls_ += '\n';
  }
  state_ = pass_.state();
  reasons_.clear();
  for (const Reason& reason : pass_.reasons()) {
    reasons_ += fmt::format("{} {}/{}\n", sync::name(reason.code), interner_.text(reason.key.kind),
                            interner_.text(reason.key.name));
    places_ += fmt::format("{} {} {}/{}\n", model::name(reason.phase), reason.wave,
                           interner_.text(reason.key.kind), interner_.text(reason.key.name));
  }
  return fmt::format("{}-> {}: {}", log, sync::name(state_.phase), interner_.text(state_.message));
}

void Story::note_subject(const Request& request, const std::string& call,
                         std::span<const LiveObject> live) {
  const auto key = [&](const model::Key& of) {
    return fmt::format("{}/{}", interner_.text(of.kind), interner_.text(of.name));
  };
  subjects_ += fmt::format("{} {}:", call, key(request.key));
  if (request.kind == RequestKind::WaveHook) {
    subjects_ += "\n";
    return;
  }
  if (request.target.valid()) subjects_ += fmt::format(" target {},", request.target.index());
  if (request.live.valid()) {
    subjects_ += fmt::format(" live {},", key(live[request.live.index()].facts->key));
  }
  subjects_ += fmt::format(" {} {}", model::name(request.phase), request.wave);
  subjects_ += request.is_hook ? ", hook\n" : "\n";
}

void Story::note_call(const Request& request, const std::string& call) {
  if (!calls_.empty() && !calls_.ends_with('\n')) calls_ += ", ";
  calls_ += call;
  const auto flag = [&](bool is_set, std::string_view word) {
    if (is_set) calls_ += fmt::format(" {}", word);
  };
  switch (request.kind) {
    case RequestKind::WaveHook:
      calls_ += fmt::format(" {} {}", model::name(request.phase), request.wave);
      flag(request.final, "final");
      break;
    case RequestKind::GetNamespace:
    case RequestKind::Get: break;
    case RequestKind::Unfinalize: calls_ += fmt::format(" at {}", request.resource_version); break;
    case RequestKind::Prune:
    case RequestKind::Delete: calls_ += fmt::format(" {}", model::name(request.propagation)); break;
    case RequestKind::Apply:
    case RequestKind::Create:
    case RequestKind::Replace:
    case RequestKind::Update:
      flag(request.dry_run, "dry");
      flag(request.force, "force");
      flag(!request.validate, "novalidate");
      flag(request.server_side, "serverside");
      flag(request.add_hook_finalizer, "finalizer");
  }
}

Answer Story::answer(const Request& request, std::string& log) {
  const std::string name =
      fmt::format("{}/{}", interner_.text(request.key.kind), interner_.text(request.key.name));
  std::string call(sync::name(request.kind));
  if (request.kind != RequestKind::WaveHook) call += " " + name;
  note_call(request, call);
  const std::string short_name = short_of(name);
  const auto found = objects_.find(name);
  const bool exists = found != objects_.end();
  const auto reap = [&] {
    if (found->second.deleting && !found->second.has_finalizer && !slow_.contains(name)) {
      objects_.erase(found);
    }
  };
  const auto scripted = scripted_.find(call);
  if (scripted != scripted_.end() && scripted->second.times > 0 && !request.dry_run) {
    --scripted->second.times;
    if (request.kind != RequestKind::Get) log += fmt::format("{}! ", call);
    return scripted->second.answer;
  }
  switch (request.kind) {
    case RequestKind::WaveHook:
      if (!request.final) log += "zz ";
      return {};
    case RequestKind::Get:
    case RequestKind::GetNamespace:
      if (!exists) return {.status = AnswerStatus::NotFound};
      return {.live = live_object(name, found->second)};
    case RequestKind::Unfinalize:
      log += fmt::format("f {} ", short_name);
      if (!exists) return {.status = AnswerStatus::NotFound};
      found->second.has_finalizer = false;
      ++found->second.resource_version;
      reap();
      return {};
    case RequestKind::Prune:
    case RequestKind::Delete:
      log += fmt::format("-{} ", short_name);
      if (!exists) return {.status = AnswerStatus::NotFound};
      found->second.deleting = true;
      reap();
      return {};
    case RequestKind::Apply:
    case RequestKind::Create:
    case RequestKind::Replace:
    case RequestKind::Update: break;
  }
  const auto& errors = request.dry_run ? dry_run_errors_ : write_errors_;
  if (const auto error = errors.find(name); error != errors.end()) {
    if (!request.dry_run) log += fmt::format("{}! ", short_name);
    return {.status = AnswerStatus::Error, .message = interner_.intern(error->second)};
  }
  if (request.dry_run) return {};
  log += fmt::format("{}{} ", exists ? "~" : "+", short_name);
  if (!exists) {
    json content =
        request.target.valid() ? targets_[request.target.index()].second : manifest(name, {});
    content["metadata"]["name"] = short_name;
    objects_[name] = {.content = std::move(content)};
  }
  objects_.at(name).has_finalizer = objects_.at(name).has_finalizer || request.add_hook_finalizer;
  unknown_.erase(kind_of(name) == "CustomResourceDefinition" ? "Widget" : "");
  return {.message = interner_.intern(exists ? "configured" : "created")};
}

std::string Story::results() const {
  std::string text;
  for (const Result& result : state_.results) {
    text += fmt::format("{} {}/{} {}/{} {}\n", model::name(result.phase),
                        interner_.text(result.key.kind), interner_.text(result.key.name),
                        sync::name(result.status), sync::name(result.state),
                        interner_.text(result.message));
  }
  return text;
}

std::string Story::recorded() const {
  std::string text;
  for (const Result& result : state_.results) {
    text +=
        fmt::format("{}/{} {}{}", interner_.text(result.key.kind), interner_.text(result.key.name),
                    result.is_hook ? "hook " : "", interner_.text(result.version));
    if (result.images != base::kEmptySymbol) {
      std::string images(interner_.text(result.images));
      std::replace(images.begin(), images.end(), '\n', ' ');
      text += " " + images;
    }
    text += '\n';
  }
  return text;
}

}  // namespace wavetank::sync
