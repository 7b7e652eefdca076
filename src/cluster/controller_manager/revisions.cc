#include "cluster/controller_manager/revisions.h"

#include <algorithm>

#include "cluster/api/object/json_access.h"
#include "cluster/controller_manager/owned_pods.h"

namespace wavetank::cluster {

using api::at;
using api::number;
using api::text;
using model::ObjectKey;
using nlohmann::json;

namespace {

constexpr OwnerKind kRevision{"apps", "ControllerRevision"};
constexpr const char* kHistoryHash = "controller.kubernetes.io/hash";
constexpr std::size_t kLongestPrefix = 223;
constexpr const char* kPatch = "$patch";

const char* label_name(HashLabel label) {
  switch (label) {
    case HashLabel::OfHistory: return kHistoryHash;
    case HashLabel::OfDaemonSets: return kRevisionLabel;
  }
  return kHistoryHash;
}

Revision read(const ObjectKey& key, const json& object, const char* label) {
  Revision revision{.name = key.name,
                    .hash = "",
                    .number = number(object, "/revision"),
                    .pod_template = at(object, "/data/spec/template")};
  revision.hash = api::label(object, label);
  if (revision.pod_template.is_object()) revision.pod_template.erase(kPatch);
  return revision;
}

}  // namespace

Revisions::Revisions(Context& context, const ObjectKey& owner, HashLabel label)
    : context_(context), owner_(owner), label_(label), object_(*context.find(owner)) {
  collisions_ = number(object_, "/status/collisionCount");
  for (const ObjectKey& key : claim(context_, owner_, at(object_, "/spec/selector"), kRevision)) {
    all_.push_back(read(key, *context_.find(key), label_name(label_)));
  }
  std::stable_sort(all_.begin(), all_.end(),
                   [](const Revision& a, const Revision& b) { return a.number < b.number; });
}

ObjectKey Revisions::key_of(std::string_view name) const {
  return {.group = std::string(kRevision.group),
          .kind = std::string(kRevision.kind),
          .name_space = owner_.name_space,
          .name = std::string(name)};
}

const Revision* Revisions::find(std::string_view name) const {
  const auto found = std::find_if(all_.begin(), all_.end(),
                                  [&](const Revision& each) { return each.name == name; });
  return found == all_.end() ? nullptr : &*found;
}

std::optional<Revision> Revisions::of_present() {
  const json& wanted = at(object_, "/spec/template");
  const std::int64_t newest = all_.empty() ? 0 : all_.back().number;
  const auto equal = std::find_if(all_.rbegin(), all_.rend(), [&](const Revision& each) {
    return each.pod_template == wanted;
  });
  if (equal == all_.rend()) return create(newest + 1);
  if (equal == all_.rbegin()) return *equal;
  // A template that comes back is the newest again.
  Revision present = *equal;
  present.number = newest + 1;
  const api::Reply reply = context_.edit(
      key_of(present.name), [&](json& object) { object["revision"] = present.number; });
  if (!reply.ok()) return std::nullopt;
  std::rotate(std::prev(equal.base()), equal.base(), all_.end());
  all_.back() = present;
  return present;
}

std::optional<Revision> Revisions::create(std::int64_t number) {
  const json pod_template = at(object_, "/spec/template");
  json patched = pod_template;
  patched[kPatch] = "replace";
  for (;;) {
    const std::string hash = template_hash(pod_template, collisions_);
    json labels = at(pod_template, "/metadata/labels");
    labels[label_name(label_)] = hash;
    json object = {{"apiVersion", "apps/v1"},
                   {"kind", kRevision.kind},
                   {"metadata",
                    {{"name", owner_.name.substr(0, kLongestPrefix) + "-" + hash},
                     {"namespace", owner_.name_space},
                     {"labels", std::move(labels)},
                     {"ownerReferences", json::array({controller_reference(owner_, object_)})}}},
                   {"data", {{"spec", {{"template", patched}}}}},
                   {"revision", number}};
    if (const json& annotations = at(object_, "/metadata/annotations"); !annotations.is_null()) {
      object["metadata"]["annotations"] = annotations;
    }
    const std::string name = text(object, "/metadata/name");
    const api::Reply reply = context_.create(object);
    if (reply.ok()) {
      all_.push_back({.name = name, .hash = hash, .number = number, .pod_template = pod_template});
      return all_.back();
    }
    // The same revision of somebody else is right as well; a different one asks for another hash.
    const json* existing = context_.find(key_of(name));
    if (reply.error->reason != "AlreadyExists" || existing == nullptr) return std::nullopt;
    const Revision found = read(key_of(name), *existing, label_name(label_));
    if (found.pod_template == pod_template) return found;
    ++collisions_;
  }
}

void Revisions::clean_up(const std::set<std::string>& names_in_use) {
  std::vector<std::string> idle;
  for (const Revision& each : all_) {
    if (!names_in_use.contains(each.name)) idle.push_back(each.name);
  }
  const auto limit = static_cast<std::size_t>(
      std::max<std::int64_t>(number(object_, "/spec/revisionHistoryLimit", 10), 0));
  for (std::size_t i = 0; i + limit < idle.size(); ++i) context_.remove(key_of(idle[i]));
}

}  // namespace wavetank::cluster
