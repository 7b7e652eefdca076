#include "cluster/controllers/context.h"

#include <algorithm>

#include "health/object_view.h"

namespace wavetank::cluster {

using nlohmann::json;

namespace {

bool same_letters(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

constexpr std::string_view kForeground = "foregroundDeletion";

void erase_finalizer(json& content, std::string_view finalizer) {
  json kept = json::array();
  for (const json& each : health::list(content, "/metadata/finalizers")) {
    if (each != finalizer) kept.push_back(each);
  }
  if (kept.empty()) {
    content["metadata"].erase("finalizers");
  } else {
    content["metadata"]["finalizers"] = std::move(kept);
  }
}

}  // namespace

void Context::plan(const model::ObjectKey& key, base::Duration delay, Step step) {
  Entry* entry = store.find(key);
  if (entry == nullptr) return;
  queue.push({.at = now + delay,
              .object = key,
              .number = entry->events++,
              .incarnation = entry->object.incarnation,
              .generation = health::number(entry->object.content, "/metadata/generation"),
              .step = step});
}

void Context::set_status(const model::ObjectKey& key, json status, std::string text) {
  Entry* entry = store.find(key);
  if (entry == nullptr) return;
  if (entry->object.content.contains("status") && entry->object.content["status"] == status) return;
  entry->object.content["status"] = std::move(status);
  store.changed(key, *entry);
  note(key, ChangeKind::Updated, std::move(text));
}

void Context::note(const model::ObjectKey& key, ChangeKind kind, std::string text) {
  const Entry* entry = store.find(key);
  changes.push_back({.at = now,
                     .kind = kind,
                     .key = entry == nullptr ? model::Key{} : entry->object.key,
                     .object = key,
                     .note = std::move(text)});
}

Behavior Context::behavior_of(const model::ObjectKey& key) const {
  Behavior behavior;
  // "*" first, then names: later and more specific rules overwrite what they set.
  const auto apply = [&](const Behavior& rule) {
    if (rule.outcome) behavior.outcome = rule.outcome;
    if (rule.duration) behavior.duration = rule.duration;
    behavior.denied = behavior.denied || rule.denied;
  };
  const auto matches_name = [&](const BehaviorRule& rule) {
    if (rule.name == key.name) return true;
    return rule.name.ends_with('-') && key.name.starts_with(rule.name);
  };
  for (const BehaviorRule& rule : rules_) {
    if (same_letters(rule.kind, key.kind) && rule.name == "*") apply(rule.behavior);
  }
  for (const BehaviorRule& rule : rules_) {
    if (same_letters(rule.kind, key.kind) && matches_name(rule)) apply(rule.behavior);
  }
  return behavior;
}

base::Duration Context::lapse(Lapse what, const model::ObjectKey& key, std::uint32_t occurrence) {
  return draw(what, model::full_name(key), occurrence, chooser_);
}

void Context::create_dependent(const model::ObjectKey& owner, json content) {
  const Entry* parent = store.find(owner);
  if (parent == nullptr) return;
  json& meta = content["metadata"];
  meta["namespace"] = owner.name_space;
  meta["ownerReferences"] =
      json::array({{{"apiVersion", parent->object.content.value("apiVersion", "")},
                    {"kind", owner.kind},
                    {"name", owner.name},
                    {"uid", parent->object.uid},
                    {"controller", true},
                    {"blockOwnerDeletion", true}}});
  const std::string api_version = content.value("apiVersion", "");
  const model::ObjectKey key{.group = std::string(model::group_of(api_version)),
                             .kind = content.value("kind", ""),
                             .name_space = owner.name_space,
                             .name = meta.value("name", "")};
  store.insert(key, std::move(content), now);
  plan(key, base::Duration::zero(), Step::Observe);
}

void Context::remove(const model::ObjectKey& key, model::Propagation propagation) {
  Entry* entry = store.find(key);
  if (entry == nullptr) return;
  json& meta = entry->object.content["metadata"];
  const auto dependents = store.dependents(entry->object.uid);
  if (!entry->object.deleting) {
    meta["deletionTimestamp"] = timestamp(now);
    if (propagation == model::Propagation::Foreground && !dependents.empty()) {
      meta["finalizers"].push_back(kForeground);
    }
    store.changed(key, *entry);
    const bool is_namespace = key.group.empty() && key.kind == "Namespace";
    const bool is_running_pod = key.group.empty() && key.kind == "Pod" &&
                                health::text(entry->object.content, "/status/phase") == "Running";
    if (is_namespace || is_running_pod) {
      entry->is_held = true;
      plan(key, lapse(is_namespace ? Lapse::NamespaceRemoval : Lapse::PodTermination, key, 0),
           Step::Terminate);
    }
    note(key, ChangeKind::DeletionMarked, "marked for deletion");
  }
  if (propagation == model::Propagation::Orphan) {
    for (const auto& dependent : dependents) {
      if (Entry* child = store.find(dependent)) {
        child->object.content["metadata"].erase("ownerReferences");
        store.changed(dependent, *child);
      }
    }
  } else if (propagation == model::Propagation::Foreground) {
    for (const auto& dependent : dependents) remove(dependent, model::Propagation::Background);
  }
  reap(key);
}

void Context::reap(const model::ObjectKey& key) {
  Entry* entry = store.find(key);
  if (entry == nullptr || !entry->object.deleting || entry->is_held) return;
  const std::string uid = entry->object.uid;
  const auto dependents = store.dependents(uid);
  if (dependents.empty()) {
    erase_finalizer(entry->object.content, kForeground);
  }
  if (!health::list(entry->object.content, "/metadata/finalizers").empty()) return;
  std::vector<model::ObjectKey> owners;
  for (const json& owner : health::list(entry->object.content, "/metadata/ownerReferences")) {
    const std::string api_version = health::text(owner, "/apiVersion");
    owners.push_back({.group = std::string(model::group_of(api_version)),
                      .kind = health::text(owner, "/kind"),
                      .name_space = key.name_space,
                      .name = health::text(owner, "/name")});
  }
  note(key, ChangeKind::Removed, "gone");
  store.erase(key);
  // The garbage collector: dependents of a vanished owner go, and a waiting owner may go now.
  for (const auto& dependent : dependents) remove(dependent, model::Propagation::Background);
  for (const auto& owner : owners) reap(owner);
}

void Context::wake_waiting(const std::string& name_space) {
  std::vector<model::ObjectKey> woken;
  for (const auto& key : waiting_) {
    if (key.name_space == name_space) woken.push_back(key);
  }
  for (const auto& key : woken) {
    waiting_.erase(key);
    plan(key, std::chrono::seconds(1), Step::Start);
  }
}

}  // namespace wavetank::cluster
