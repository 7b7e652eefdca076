#include "cluster/store.h"

#include <fmt/format.h>

#include "base/stable_hash.h"
#include "health/object_view.h"

namespace wavetank::cluster {

using nlohmann::json;

std::string timestamp(base::Instant at) {
  using std::chrono::duration_cast;
  const auto since = at.time_since_epoch();
  const auto day = std::chrono::floor<std::chrono::days>(since);  // there is a time before 2024
  const auto seconds = duration_cast<std::chrono::seconds>(since - day).count();
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::year{2024} / 1 / 1} +
                                         day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     seconds / 3600, seconds / 60 % 60, seconds % 60);
}

Entry* Store::find(const model::ObjectKey& key) {
  const auto found = entries_.find(key);
  return found == entries_.end() ? nullptr : &found->second;
}

const Entry* Store::find(const model::ObjectKey& key) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? nullptr : &found->second;
}

std::uint64_t Store::next_number(const model::ObjectKey& prefix) {
  return base::stable_hash(model::full_name(prefix)) + generated_[prefix]++;
}

std::string Store::next_uid(const model::ObjectKey& key) const {
  const std::string name = fmt::format("{}#{}", model::full_name(key), incarnation(key) + 1);
  const std::uint64_t high = base::stable_hash(name);
  const std::uint64_t low = base::stable_hash(name, 0x9e3779b97f4a7c15U);
  return fmt::format("{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}", high >> 32U, high >> 16U & 0xffffU,
                     high & 0xfffU, low >> 52U, low & 0xffffffffffffU);
}

std::uint32_t Store::incarnation(const model::ObjectKey& key) const {
  const auto found = incarnations_.find(key);
  return found == incarnations_.end() ? 0 : found->second;
}

Entry& Store::add(const model::ObjectKey& key, json content, base::Instant now) {
  Entry entry;
  entry.object.key = model::intern(key, interner_);
  entry.object.incarnation = ++incarnations_[key];
  entry.object.created = now;
  entry.object.uid = health::text(content, "/metadata/uid");
  entry.object.content = std::move(content);
  if (Entry* old = find(key)) {
    by_uid_.erase(old->object.uid);
    forget_owners(key, *old);
  }
  Entry& stored = entries_[key] = std::move(entry);
  by_uid_[stored.object.uid] = key;
  changed(key, stored);
  return stored;
}

Entry& Store::insert(const model::ObjectKey& key, json content, base::Instant now) {
  json& meta = content["metadata"];
  meta["uid"] = next_uid(key);
  meta["creationTimestamp"] = timestamp(now);
  meta["generation"] = 1;
  meta.erase("deletionTimestamp");
  content.erase("status");
  return add(key, std::move(content), now);
}

void Store::erase(const model::ObjectKey& key) {
  const auto found = entries_.find(key);
  if (found == entries_.end()) return;
  ++resource_version_;
  const Entry gone = std::move(found->second);
  forget_owners(key, gone);
  by_uid_.erase(gone.object.uid);
  entries_.erase(found);
  if (!on_change) return;
  on_change({.key = key,
             .controller = gone.controller,
             .old_controller = gone.controller,
             .owner_uids = gone.owner_uids,
             .uid = gone.object.uid,
             .is_removed = true,
             .is_deleting = true});
}

void Store::changed(const model::ObjectKey& key, Entry& entry) {
  StoredObject& object = entry.object;
  Notice notice{.key = key, .old_controller = entry.controller, .owner_uids = entry.owner_uids};
  notice.is_new = object.resource_version == 0;
  object.resource_version = ++resource_version_;
  object.content["metadata"]["resourceVersion"] = std::to_string(object.resource_version);
  object.facts = model::facts_of(object.content, interner_);
  object.deleting = health::has(object.content, "/metadata/deletionTimestamp");
  const std::int64_t generation = health::number(object.content, "/metadata/generation");
  notice.has_new_generation = generation != entry.generation;
  entry.generation = generation;
  const std::vector<std::string> old_owners = entry.owner_uids;
  forget_owners(key, entry);
  index_owners(key, entry);
  notice.has_new_owners = old_owners != entry.owner_uids;
  if (!on_change) return;
  notice.controller = entry.controller;
  notice.owner_uids.insert(notice.owner_uids.end(), entry.owner_uids.begin(),
                           entry.owner_uids.end());
  notice.uid = object.uid;
  notice.is_deleting = object.deleting;
  on_change(notice);
}

void Store::forget_owners(const model::ObjectKey& key, const Entry& entry) {
  uncontrolled_.erase(key);
  for (const std::string& uid : entry.owner_uids) {
    const auto found = dependents_.find(uid);
    if (found == dependents_.end()) continue;
    found->second.erase(key);
    if (found->second.empty()) dependents_.erase(found);
  }
}

void Store::index_owners(const model::ObjectKey& key, Entry& entry) {
  entry.owner_uids.clear();
  entry.controller = {};
  for (const json& owner : health::list(entry.object.content, "/metadata/ownerReferences")) {
    std::string uid = health::text(owner, "/uid");
    dependents_[uid].insert(key);
    entry.owner_uids.push_back(std::move(uid));
    if (!health::flag(owner, "/controller")) continue;
    const std::string api_version = health::text(owner, "/apiVersion");
    entry.controller = {.group = std::string(model::group_of(api_version)),
                        .kind = health::text(owner, "/kind"),
                        .name_space = key.name_space,
                        .name = health::text(owner, "/name")};
  }
  if (entry.controller.kind.empty()) uncontrolled_.insert(key);
}

const model::ObjectKey* Store::key_of(const std::string& uid) const {
  const auto found = by_uid_.find(uid);
  return found == by_uid_.end() ? nullptr : &found->second;
}

namespace {

// The part of a container in order of keys that holds one kind in one namespace.
template <class Keyed>
auto part_of(const Keyed& all, std::string_view group, std::string_view kind,
             std::string_view name_space) {
  model::ObjectKey bound{.group = std::string(group),
                         .kind = std::string(kind),
                         .name_space = std::string(name_space),
                         .name = ""};
  const auto begin = all.lower_bound(bound);
  bound.name_space += '\0';  // the next text in order
  return Part<typename Keyed::const_iterator>{begin, all.lower_bound(bound)};
}

}  // namespace

Part<Store::Entries::const_iterator> Store::of_kind(std::string_view group, std::string_view kind,
                                                    std::string_view name_space) const {
  return part_of(entries_, group, kind, name_space);
}

Part<Store::Entries::const_iterator> Store::everywhere(std::string_view group,
                                                       std::string_view kind) const {
  model::ObjectKey bound{
      .group = std::string(group), .kind = std::string(kind), .name_space = "", .name = ""};
  const auto begin = entries_.lower_bound(bound);
  bound.kind += '\0';  // the next text in order
  return {begin, entries_.lower_bound(bound)};
}

Part<std::set<model::ObjectKey>::const_iterator> Store::uncontrolled(
    std::string_view group, std::string_view kind, std::string_view name_space) const {
  return part_of(uncontrolled_, group, kind, name_space);
}

std::vector<model::ObjectKey> Store::dependents(const std::string& uid) const {
  const auto found = dependents_.find(uid);
  if (found == dependents_.end()) return {};
  return {found->second.begin(), found->second.end()};
}

}  // namespace wavetank::cluster
