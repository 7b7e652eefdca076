#include "cluster/store.h"

#include <fmt/format.h>

#include "health/object_view.h"

namespace wavetank::cluster {

using nlohmann::json;

std::string timestamp(base::Instant at) {
  using std::chrono::duration_cast;
  const auto since = at.time_since_epoch();
  const auto day = duration_cast<std::chrono::days>(since);
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

namespace {

// FNV-1a, 64 bits, from a start of one's own.
std::uint64_t hash(std::string_view text, std::uint64_t state) {
  for (char c : text) {
    state ^= static_cast<unsigned char>(c);
    state *= 0x100000001b3U;
  }
  return state;
}

}  // namespace

std::string Store::next_uid(const model::ObjectKey& key) const {
  const auto found = incarnations_.find(key);
  const std::uint32_t incarnation = found == incarnations_.end() ? 1 : found->second + 1;
  const std::string name = fmt::format("{}#{}", model::full_name(key), incarnation);
  const std::uint64_t high = hash(name, 0xcbf29ce484222325U);
  const std::uint64_t low = hash(name, 0x9e3779b97f4a7c15U);
  return fmt::format("{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}", high >> 32U, high >> 16U & 0xffffU,
                     high & 0xfffU, low >> 52U, low & 0xffffffffffffU);
}

Entry& Store::add(const model::ObjectKey& key, json content, base::Instant now) {
  Entry entry;
  entry.object.key = model::intern(key, interner_);
  entry.object.incarnation = ++incarnations_[key];
  entry.object.created = now;
  entry.object.uid = health::text(content, "/metadata/uid");
  entry.object.content = std::move(content);
  Entry& stored = entries_[key] = std::move(entry);
  changed(stored);
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
  if (entries_.erase(key) != 0) ++resource_version_;
}

void Store::changed(Entry& entry) {
  StoredObject& object = entry.object;
  object.resource_version = ++resource_version_;
  object.content["metadata"]["resourceVersion"] = std::to_string(object.resource_version);
  object.facts = model::facts_of(object.content, interner_);
  object.deleting = health::has(object.content, "/metadata/deletionTimestamp");
}

std::vector<model::ObjectKey> Store::dependents(const std::string& uid) const {
  std::vector<model::ObjectKey> found;
  for (const auto& [key, entry] : entries_) {
    for (const json& owner : health::list(entry.object.content, "/metadata/ownerReferences")) {
      if (health::text(owner, "/uid") == uid) found.push_back(key);
    }
  }
  return found;
}

}  // namespace wavetank::cluster
