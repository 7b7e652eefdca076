#include "support/engine/small_world.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/check.h"
#include "model/annotation.h"

namespace wavetank::support {

using nlohmann::json;
using sync::Answer;
using sync::AnswerStatus;
using sync::RequestKind;

namespace {

constexpr int kSlowDeletion = 2;  // passes

bool is_generated(const Item& item) { return item.name.ends_with("-"); }

bool is_plain(const Item& item) {
  return item.annotations.hook.empty() || item.annotations.hook == "Skip";
}

json manifest(const Item& item, const Annotations& annotations) {
  const KindRow& row = kind_row(item.kind);
  json meta = {{is_generated(item) ? "generateName" : "name", item.name}};
  if (const std::string name_space = name_space_of(item); !name_space.empty()) {
    meta["namespace"] = name_space;
  }
  const auto set = [&](std::string_view key, const std::string& value) {
    if (!value.empty()) meta["annotations"][std::string(key)] = value;
  };
  set(model::kHook, annotations.hook);
  set(model::kHookDeletePolicy, annotations.policy);
  set(model::kSyncWave, annotations.wave);
  set(model::kSyncOptions, annotations.options);
  json object = {{"apiVersion", row.group.empty() ? row.version : row.group + "/" + row.version},
                 {"kind", row.kubernetes_kind},
                 {"metadata", meta}};
  if (item.kind == "CustomResourceDefinition") {
    object["spec"] = {{"group", "example.com"}, {"names", {{"kind", "Widget"}}}};
  }
  if (item.kind == "Job" || item.kind == "Deployment") {
    object["spec"] = {
        {"template", {{"spec", {{"containers", {{{"image", "image-of-" + item.name}}}}}}}}};
  }
  return object;
}

}  // namespace

std::string name_space_of(const Item& item) {
  if (kind_row(item.kind).is_cluster_scoped) return "";
  return item.name_space.empty() ? kDestination : item.name_space;
}

const model::ObjectFacts& FactsCache::of(const Item& item, const Annotations& annotations) {
  std::string key = item.kind;
  for (const std::string* part : {&item.name, &item.name_space, &annotations.hook,
                                  &annotations.policy, &annotations.wave, &annotations.options}) {
    key += '|';
    key += *part;
  }
  auto& facts = facts_[key];
  if (facts == nullptr) {
    facts = std::make_unique<model::ObjectFacts>(
        model::facts_of(manifest(item, annotations), interner_));
  }
  return *facts;
}

SmallWorld::SmallWorld(const Application& application, FactsCache& cache)
    : application_(application), cache_(cache), interner_(cache.interner()) {
  nobody_.kind = "Namespace";
  nobody_.name = kDestination;
  for (const Item& item : application.items) {
    // Hooks with one generateName are all kept; of plain objects without a name, which share a
    // key, Argo CD keeps one.
    if (!is_generated(item) || is_plain(item)) {
      std::erase_if(items_, [&](const Item* other) {
        return other->kind == item.kind && other->name == item.name &&
               name_space_of(*other) == name_space_of(item) &&
               (!is_generated(item) || is_plain(*other));
      });
    }
    items_.push_back(&item);
  }
  for (const Item* item : items_) target_facts_.push_back(&cache_.of(*item, item->annotations));
  if (application.destination_exists) {
    const auto& facts = cache_.of(nobody_, {});
    insert({.key = facts.key, .item = items_.size(), .facts = &facts, .was_there = true});
  }
  for (std::size_t i = 0; i < items_.size(); ++i) {
    if (!items_[i]->before || is_generated(*items_[i])) continue;
    const Before& before = *items_[i]->before;
    const auto& facts = cache_.of(*items_[i], before.annotations);
    insert({.key = facts.key,
            .item = i,
            .facts = &facts,
            .managed = !before.foreign,
            .was_there = true,
            .deleting = before.deleting,
            .has_finalizer = before.has_finalizer});
  }
}

SmallWorld::Object& SmallWorld::insert(Object object) {
  const Item& item = object.item < items_.size() ? *items_[object.item] : nobody_;
  const bool shares = object.was_there && item.before && item.before->shares_uid;
  object.uid = interner_.intern(shares ? "shared" : std::to_string(++incarnations_));
  std::erase_if(objects_, [&](const Object& other) { return other.key == object.key; });
  const auto place = std::lower_bound(
      objects_.begin(), objects_.end(), object.key,
      [&](const Object& a, const model::Key& b) { return model::less(a.key, b, interner_); });
  return *objects_.insert(place, object);
}

const Fate& SmallWorld::fate(const Object& object) const {
  return (object.item < items_.size() ? *items_[object.item] : nobody_).fate;
}

const Fate& SmallWorld::fate(const sync::Request& request) const {
  if (request.target.valid()) return item_of(request.target).fate;
  const model::Key key = store_key(request.key);
  for (const Object& object : objects_) {
    if (object.key == key) return fate(object);
  }
  return nobody_.fate;
}

const Item& SmallWorld::item_of(sync::TargetId target) const {
  return *items_[target_items_[target.index()]];
}

bool SmallWorld::is_in_git(const Item& item) const {
  switch (item.in_git) {
    case InGit::Always: return true;
    case InGit::OnlyFirstSync: return sync_ == 0;
    case InGit::OnlyLaterSyncs: return sync_ > 0;
    case InGit::Never: return false;
  }
  return false;
}

sync::KindCheck SmallWorld::check(const Item& item) {
  const KindRow& row = kind_row(item.kind);
  const std::string kind = fmt::format("{}.{}", row.kubernetes_kind, row.group);
  switch (item.fate.kind) {
    case KindIs::Served: break;
    case KindIs::NotFound:
      return {sync::Discovery::NotFound, intern(fmt::format("{} \"\" not found", kind))};
    case KindIs::DiscoveryFails:
      return {sync::Discovery::Failed, intern(fmt::format("discovery of {} fails", kind))};
    case KindIs::Denied:
      return {sync::Discovery::Denied, intern(fmt::format("{} is not permitted", kind))};
  }
  const bool is_defined =
      item.kind != "Widget" || std::any_of(objects_.begin(), objects_.end(), [](const Object& o) {
        return o.facts->is_crd && !o.deleting;
      });
  if (is_defined) return {};
  return {sync::Discovery::NotFound, intern(fmt::format("{} \"\" not found", kind))};
}

model::Scope SmallWorld::scope(const Item& item) {
  if (check(item).discovery == sync::Discovery::NotFound) return model::Scope::Unknown;
  return kind_row(item.kind).is_cluster_scoped ? model::Scope::Cluster : model::Scope::Namespaced;
}

void SmallWorld::begin_sync(std::size_t number) {
  sync_ = number;
  const SyncScript& script = application_.syncs[number];
  operation_ = {.version = model::kNewestVersion,
                .revision = script.revision,
                .started_at = script.started_at,
                .name_space = interner_.intern(kDestination),
                .settings = script.settings};
}

sync::KindCheck SmallWorld::namespace_check(const SyncScript& script) {
  if (!script.namespace_denied) return {};
  return {sync::Discovery::Denied, intern("no namespaces here")};
}

const sync::PassInput& SmallWorld::look(int pass) {
  targets_.clear();
  target_items_.clear();
  live_.clear();
  for (std::size_t i = 0; i < items_.size(); ++i) {
    const std::size_t at = order_ == Order::AsWritten ? i : items_.size() - 1 - i;
    const Item& item = *items_[at];
    if (!is_in_git(item)) continue;
    targets_.push_back({.facts = target_facts_[at],
                        .scope = scope(item),
                        .check = check(item),
                        .selected = item.selected,
                        .modified = item.modified});
    target_items_.push_back(at);
  }
  for (const Object& object : objects_) {
    if (is_visible(object)) live_.push_back(live_object(object));
  }
  const SyncScript& script = application_.syncs[sync_];
  input_ = {.operation = &operation_,
            .targets = targets_,
            .live = live_,
            .namespace_check = namespace_check(script),
            .prune_confirmed = script.confirmed_from && pass >= *script.confirmed_from,
            .terminate = script.terminate_at && pass == *script.terminate_at};
  return input_;
}

bool SmallWorld::is_visible(const Object& object) const {
  if (!object.was_there && object.age < fate(object).seen_after) return false;
  if (object.managed) return true;
  return std::any_of(targets_.begin(), targets_.end(),
                     [&](const sync::Target& target) { return target.facts->key == object.key; });
}

sync::LiveObject SmallWorld::live_object(const Object& object) {
  const Item& item = object.item < items_.size() ? *items_[object.item] : nobody_;
  sync::LiveObject live{.facts = object.facts,
                        .check = check(item),
                        .selected = item.selected,
                        .modified = item.modified,
                        .deleting = object.deleting,
                        .has_hook_finalizer = object.has_finalizer,
                        .uid = object.uid,
                        .resource_version = object.resource_version};
  add_health(live, object);
  return live;
}

void SmallWorld::add_health(sync::LiveObject& live, const Object& object) {
  const auto set = [&](health::Status status, const std::string& message) {
    live.health = status;
    live.health_message = intern(message);
  };
  if (object.deleting && !object.has_finalizer) {
    set(health::Status::Progressing, "Pending deletion");
    return;
  }
  const Item& item = object.item < items_.size() ? *items_[object.item] : nobody_;
  if (!kind_row(item.kind).has_health) return;
  if (!object.was_there && object.age < item.fate.takes) {
    set(health::Status::Progressing, "");
    return;
  }
  switch (item.fate.end) {
    case End::Healthy:
      set(health::Status::Healthy, item.kind == "Job" ? "Reached expected number" : "");
      break;
    case End::Degraded: set(health::Status::Degraded, "broken: " + item.name); break;
    case End::Progressing: set(health::Status::Progressing, "still at it"); break;
    case End::Suspended: set(health::Status::Suspended, "suspended"); break;
    case End::Unknown: set(health::Status::Unknown, "nobody knows"); break;
    case End::Missing: set(health::Status::Missing, "missing"); break;
    case End::NoHealth: break;
    case End::CheckFails:
      set(health::Status::Unknown, "failed to get resource health for " + item.name);
      live.health_failed = true;
      break;
  }
}

model::Key SmallWorld::store_key(model::Key key) const {
  for (const KindRow& row : kind_rows()) {
    if (row.is_cluster_scoped && interner_.text(key.kind) == row.kubernetes_kind &&
        interner_.text(key.group) == row.group) {
      key.name_space = base::kEmptySymbol;
    }
  }
  return key;
}

SmallWorld::Object* SmallWorld::find(const model::Key& key) {
  const model::Key wanted = store_key(key);
  const auto found = std::find_if(objects_.begin(), objects_.end(),
                                  [&](const Object& object) { return object.key == wanted; });
  return found == objects_.end() ? nullptr : &*found;
}

bool SmallWorld::may_go(const Object& object) const {
  if (!object.deleting || object.has_finalizer) return false;
  return fate(object).deletion != Deletion::Slow || object.deleting_for >= kSlowDeletion;
}

void SmallWorld::reap(const model::Key& key) {
  std::erase_if(objects_,
                [&](const Object& object) { return object.key == key && may_go(object); });
}

void SmallWorld::step() {
  for (Object& object : objects_) {
    ++object.age;
    if (object.deleting) ++object.deleting_for;
  }
  std::erase_if(objects_, [&](const Object& object) {
    const bool vanishes = !object.was_there && object.age == fate(object).vanishes_after;
    return vanishes || may_go(object);
  });
}

bool SmallWorld::is_idle() const {
  return std::all_of(objects_.begin(), objects_.end(), [&](const Object& object) {
    const Fate& own = fate(object);
    const int last = std::max({own.takes, own.seen_after, own.vanishes_after});
    const bool stays = !object.deleting || object.has_finalizer;
    return (object.was_there || object.age >= last) && stays;
  });
}

std::string SmallWorld::name_text(const model::Key& key) const {
  return fmt::format("{}/{}", interner_.text(key.kind), interner_.text(key.name));
}

Answer SmallWorld::failure(AnswerStatus status, const std::string& text) {
  return {.status = status, .message = intern(text)};
}

Answer SmallWorld::answer(const sync::Request& request) {
  switch (request.kind) {
    case RequestKind::WaveHook: {
      const auto& fails = application_.syncs[sync_].wave_hook_fails_after;
      if (!fails || *fails != request.wave) return {};
      return failure(AnswerStatus::Error, "no sleep");
    }
    case RequestKind::GetNamespace: return get_namespace(request);
    case RequestKind::Get: return get(request);
    case RequestKind::Apply:
    case RequestKind::Create:
    case RequestKind::Replace:
    case RequestKind::Update: return write(request);
    case RequestKind::Prune:
    case RequestKind::Delete: return remove(request);
    case RequestKind::Unfinalize: return unfinalize(request);
  }
  return {};
}

Answer SmallWorld::get_namespace(const sync::Request& request) {
  if (application_.syncs[sync_].namespace_lookup_fails) {
    return failure(AnswerStatus::Error, "no answer");
  }
  const Object* object = find(request.key);
  if (object == nullptr) return failure(AnswerStatus::NotFound, "not found");
  Answer result;
  result.live = live_object(*object);
  return result;
}

Answer SmallWorld::get(const sync::Request& request) {
  switch (fate(request).reading) {
    case Reading::Works: break;
    case Reading::Fails:
      return failure(AnswerStatus::Error, "cannot read " + name_text(request.key));
    case Reading::KindIsGone: {
      Answer gone = failure(AnswerStatus::Error, "no such kind");
      gone.kind_is_gone = true;
      return gone;
    }
  }
  const Object* object = find(request.key);
  if (object == nullptr) return failure(AnswerStatus::NotFound, "not found");
  Answer result;
  result.live = live_object(*object);
  return result;
}

Answer SmallWorld::remove(const sync::Request& request) {
  Object* object = find(request.key);
  switch (fate(request).deletion) {
    case Deletion::AtOnce:
    case Deletion::Slow: break;
    case Deletion::Refused: return failure(AnswerStatus::Error, name_text(request.key) + " stays");
    case Deletion::FindsNothing:
      if (object != nullptr) objects_.erase(objects_.begin() + (object - objects_.data()));
      return failure(AnswerStatus::NotFound, name_text(request.key) + " not found");
    case Deletion::KindIsGone: {
      Answer gone = failure(AnswerStatus::Error, "no such kind");
      gone.kind_is_gone = true;
      return gone;
    }
  }
  if (object == nullptr) {
    return failure(AnswerStatus::NotFound, name_text(request.key) + " not found");
  }
  if (!object->deleting) ++object->resource_version;
  object->deleting = true;
  reap(object->key);
  return {};
}

Answer SmallWorld::unfinalize(const sync::Request& request) {
  const Put put = fate(request).put;
  if (put == Put::Refused) {
    return failure(AnswerStatus::Error, "cannot write " + name_text(request.key));
  }
  if (put == Put::FindsNothing) return failure(AnswerStatus::NotFound, "not found");
  if (put == Put::KindIsGone) {
    Answer gone = failure(AnswerStatus::NotFound, "no such kind");
    gone.kind_is_gone = true;
    return gone;
  }
  Object* object = find(request.key);
  if (object == nullptr) return failure(AnswerStatus::NotFound, "not found");
  const bool scripted =
      put == Put::OnlyConflicts || (put == Put::OneConflict && !object->had_conflict);
  if (scripted || object->resource_version != request.resource_version) {
    object->had_conflict = true;
    return failure(AnswerStatus::Conflict, "somebody else wrote " + name_text(request.key));
  }
  object->has_finalizer = false;
  ++object->resource_version;
  reap(object->key);
  return {};
}

Answer SmallWorld::write(const sync::Request& request) {
  const Write write = fate(request).write;
  const std::string name = name_text(request.key);
  if (request.dry_run) {
    if (write == Write::RefusedInDryRun || request.key.name == base::kEmptySymbol) {
      return failure(AnswerStatus::Error, name + " is refused in a dry run");
    }
    return failure(AnswerStatus::Ok, name + " created (dry run)");
  }
  if (write == Write::Refused || (write == Write::RefusedInFirstSync && sync_ == 0) ||
      request.key.name == base::kEmptySymbol) {
    return failure(AnswerStatus::Error, name + " is refused");
  }
  if (request.target.valid() &&
      check(item_of(request.target)).discovery == sync::Discovery::NotFound) {
    return failure(AnswerStatus::Error, "no matches for the kind of " + name);
  }
  Object* object = find(request.key);
  if (object == nullptr) {
    if (request.kind == RequestKind::Replace || request.kind == RequestKind::Update) {
      return failure(AnswerStatus::Error, name + " not found");
    }
    Object created{
        .key = store_key(request.key),
        .item = request.target.valid() ? target_items_[request.target.index()] : items_.size(),
        .facts = nullptr,
        .managed = request.target.valid(),
        .has_finalizer = request.add_hook_finalizer};
    const Item& item = request.target.valid() ? item_of(request.target) : nobody_;
    created.facts = &cache_.of(item, item.annotations);
    if (is_generated(item)) {
      named_facts_.push_back(*created.facts);
      named_facts_.back().key.name = request.key.name;
      created.facts = &named_facts_.back();
    }
    insert(created);
    return failure(AnswerStatus::Ok, name + " created");
  }
  if (request.kind == RequestKind::Create) {
    return failure(AnswerStatus::Error, name + " already exists");
  }
  if (object->deleting && request.add_hook_finalizer && !object->has_finalizer) {
    return failure(AnswerStatus::Error, name + " is being deleted: no new finalizers");
  }
  if (request.kind == RequestKind::Replace && request.force) {
    object->was_there = false;
    object->deleting = false;
    object->age = 0;
  }
  ++object->resource_version;
  object->managed = object->managed || request.target.valid();
  object->has_finalizer = object->has_finalizer || request.add_hook_finalizer;
  if (request.target.valid() && !is_generated(item_of(request.target))) {
    object->item = target_items_[request.target.index()];
    object->facts = targets_[request.target.index()].facts;
  }
  return failure(AnswerStatus::Ok, name + " configured");
}

Played play_engine(const sync::PassInput& input, const sync::SyncState& before,
                   base::Interner& interner, const Call& call) {
  sync::Pass pass(input, before, interner);
  std::vector<Answer> answers;
  for (auto requests = pass.resume({}); !requests.empty(); requests = pass.resume(answers)) {
    answers.clear();
    for (const sync::Request& request : requests) answers.push_back(call(request));
  }
  return {.state = pass.state(), .reasons = {pass.reasons().begin(), pass.reasons().end()}};
}

namespace {

std::string key_text(const model::Key& key, const base::Interner& interner) {
  const auto text = [&](base::Symbol symbol) {
    return symbol.valid() ? interner.text(symbol) : std::string_view("?");
  };
  return fmt::format("{}/{}/{}/{}", text(key.group), text(key.kind), text(key.name_space),
                     text(key.name));
}

}  // namespace

std::string to_text(const sync::Request& request, const base::Interner& interner) {
  std::string text =
      fmt::format("{} {} ({}, wave {})", sync::name(request.kind), key_text(request.key, interner),
                  model::name(request.phase), request.wave);
  const auto word = [&](const char* what, bool value) {
    if (value) text += fmt::format(" {}", what);
  };
  word("hook", request.is_hook);
  word("dry", request.dry_run);
  word("force", request.force);
  word("novalidate", !request.validate);
  word("serverside", request.server_side);
  word("finalizer", request.add_hook_finalizer);
  word("final", request.final);
  if (request.target.valid()) text += fmt::format(" target {}", request.target.index());
  if (request.live.valid()) text += fmt::format(" live {}", request.live.index());
  if (request.resource_version != 0) text += fmt::format(" at {}", request.resource_version);
  if (request.kind == RequestKind::Prune || request.kind == RequestKind::Delete) {
    text += fmt::format(" {}", model::name(request.propagation));
  }
  return text;
}

std::string to_text(const Answer& answer, const base::Interner& interner) {
  const char* status = "ok";
  if (answer.status == AnswerStatus::NotFound) status = "not found";
  if (answer.status == AnswerStatus::Conflict) status = "conflict";
  if (answer.status == AnswerStatus::Error) status = "error";
  return fmt::format("{}: {}", status, interner.text(answer.message));
}

std::string to_text(const sync::Result& result, const base::Interner& interner) {
  return fmt::format("{} {} {} {}/{} \"{}\" {}", key_text(result.key, interner),
                     model::name(result.phase), result.is_hook ? "hook" : "resource",
                     sync::name(result.status), sync::name(result.state),
                     interner.text(result.message), interner.text(result.version));
}

std::string to_text(const sync::SyncState& state, const base::Interner& interner) {
  std::string text = fmt::format("{}: {}\n", sync::name(state.phase), interner.text(state.message));
  for (const auto& result : state.results) {
    text += fmt::format("  {}\n", to_text(result, interner));
  }
  return text;
}

}  // namespace wavetank::support
