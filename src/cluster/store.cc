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

Entry& Store::insert(const model::ObjectKey& key, json content, base::Instant now) {
  Entry entry;
  entry.object.key = model::intern(key, interner_);
  entry.object.incarnation = ++incarnations_[key];
  entry.object.created = now;
  entry.object.uid = fmt::format("{}#{}", model::full_name(key), entry.object.incarnation);
  json& meta = content["metadata"];
  meta["uid"] = entry.object.uid;
  meta["creationTimestamp"] = timestamp(now);
  meta["generation"] = 1;
  meta.erase("deletionTimestamp");
  content.erase("status");
  entry.object.content = std::move(content);
  Entry& stored = entries_[key] = std::move(entry);
  changed(stored);
  return stored;
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
