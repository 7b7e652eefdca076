// StatefulSets: pods with fixed names, in order, each with its own claims.
//
// Source: pkg/controller/statefulset/{stateful_set_control,stateful_pod_control,stateful_set_utils}
// .go of Kubernetes 1.36 with its default feature gates (MaxUnavailableStatefulSet is off).

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "cluster/api/object/json_access.h"
#include "cluster/controller_manager/conditions.h"
#include "cluster/controller_manager/controllers.h"
#include "cluster/controller_manager/owned_pods.h"
#include "cluster/controller_manager/revisions.h"

namespace wavetank::cluster {

using api::at;
using api::flag;
using api::has;
using api::list;
using api::number;
using api::text;
using model::ObjectKey;
using nlohmann::json;

namespace {

constexpr OwnerKind kStatefulSet{"apps", "StatefulSet"};
constexpr OwnerKind kPod{"", "Pod"};
constexpr const char* kNameLabel = "statefulset.kubernetes.io/pod-name";
constexpr const char* kIndexLabel = "apps.kubernetes.io/pod-index";

// What follows the last dash of a pod's name when it is a number and the rest is the set's name.
std::optional<std::int64_t> ordinal_of(std::string_view pod, std::string_view set) {
  const auto dash = pod.rfind('-');
  if (dash == std::string_view::npos || pod.substr(0, dash) != set) return std::nullopt;
  const std::string_view digits = pod.substr(dash + 1);
  std::int32_t ordinal = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), ordinal);
  if (digits.empty() || digits[0] == '-' || error != std::errc() ||
      end != digits.data() + digits.size()) {
    return std::nullopt;
  }
  return ordinal;
}

std::string revision_of(const json& pod) { return api::label(pod, kRevisionLabel); }

bool is_running_and_ready(const json& pod) {
  return text(pod, "/status/phase") == "Running" && is_ready(pod);
}

// Whether an owner reference leads to an object of this kind and name.
bool refers_to(const json& reference, std::string_view kind, std::string_view name) {
  return text(reference, "/kind") == kind && text(reference, "/name") == name;
}

// One look at a set.
class Round {
 public:
  Round(Context& context, const ObjectKey& key)
      : context_(context),
        key_(key),
        set_(*context.find(key)),
        revisions_(context, key, HashLabel::OfHistory) {
    start_ = number(set_, "/spec/ordinals/start");
    wanted_ = number(set_, "/spec/replicas", 1);
    min_ready_ = number(set_, "/spec/minReadySeconds");
    is_ordered_ = text(set_, "/spec/podManagementPolicy") != "Parallel";
  }

  SyncResult run();

 private:
  // Pods stay as they were when the look began, as the controller's copies do; one that is still
  // to be made has no status.
  struct Member {
    std::int64_t ordinal = 0;
    json pod;
    [[nodiscard]] bool exists() const { return !text(pod, "/status/phase").empty(); }
  };
  enum class Step : std::uint8_t { GoOn, Wait, Failed };
  using Work = Step (Round::*)(const Member& member);

  [[nodiscard]] ObjectKey pod_key(std::int64_t ordinal) const {
    return {.group = "",
            .kind = "Pod",
            .name_space = key_.name_space,
            .name = fmt::format("{}-{}", key_.name, ordinal)};
  }
  [[nodiscard]] ObjectKey claim_key(const json& claim_template, std::int64_t ordinal) const {
    return {.group = "",
            .kind = "PersistentVolumeClaim",
            .name_space = key_.name_space,
            .name = fmt::format("{}-{}-{}", text(claim_template, "/metadata/name"), key_.name,
                                ordinal)};
  }
  [[nodiscard]] bool is_in_range(std::int64_t ordinal) const {
    return ordinal >= start_ && ordinal < start_ + wanted_;
  }
  bool is_available_now(const json& pod);
  bool is_unavailable(const json& pod) { return !is_available_now(pod) || is_going(pod); }

  void sort_members();
  [[nodiscard]] json new_pod(std::int64_t ordinal) const;
  [[nodiscard]] bool needs_current(std::int64_t ordinal) const;
  Step for_all(const std::vector<Member>& members, Work work);
  Step advance();
  Step keep_replica(const Member& member);
  Step remove_condemned(const Member& member);
  Step keep_claims(const Member& member);
  Step replace_outdated();
  void find_first_unavailable();
  Step restore_identity(const Member& member);
  [[nodiscard]] bool has_stale_claim(const Member& member) const;
  bool create_claims(const Member& member);
  bool fit_claim_owners(const Member& member);
  [[nodiscard]] json claim_owners(const json& claim, const Member& member) const;
  void write_status();

  Context& context_;
  const ObjectKey& key_;
  const json set_;
  Revisions revisions_;
  Revision current_;
  Revision update_;
  bool is_ordered_ = true;
  std::int64_t start_ = 0;
  std::int64_t wanted_ = 1;
  std::int64_t min_ready_ = 0;
  std::vector<Member> replicas_;   // by ordinal, one for each that is wanted
  std::vector<Member> condemned_;  // the highest ordinal first
  std::optional<std::int64_t> first_unavailable_;
  std::int64_t given_up_ = 0;  // pods of the current revision that were deleted in this look
  std::optional<base::Duration> wait_;
};

bool Round::is_available_now(const json& pod) {
  if (!is_running_and_ready(pod)) return false;
  base::Duration left{};
  if (is_available(pod, min_ready_, context_.now(), &left)) return true;
  if (left > base::Duration::zero()) wait_ = std::min(wait_.value_or(left), left);
  return false;
}

void Round::sort_members() {
  for (std::int64_t i = 0; i < wanted_; ++i)
    replicas_.push_back({.ordinal = start_ + i, .pod = {}});
  const auto is_member = [&](const json& pod) {
    return ordinal_of(text(pod, "/metadata/name"), key_.name).has_value();
  };
  for (const ObjectKey& pod : claim(context_, key_, at(set_, "/spec/selector"), kPod, is_member)) {
    const std::int64_t ordinal = *ordinal_of(pod.name, key_.name);
    if (is_in_range(ordinal)) {
      replicas_[static_cast<std::size_t>(ordinal - start_)].pod = *context_.find(pod);
    } else {
      condemned_.push_back({.ordinal = ordinal, .pod = *context_.find(pod)});
    }
  }
  for (Member& member : replicas_) {
    if (member.pod.is_null()) member.pod = new_pod(member.ordinal);
  }
  std::stable_sort(condemned_.begin(), condemned_.end(),
                   [](const Member& a, const Member& b) { return a.ordinal > b.ordinal; });
}

// Whether a missing pod comes back with the template that is on its way out: it does below the
// partition or, without a `rollingUpdate` block, among the first that were not replaced yet.
bool Round::needs_current(std::int64_t ordinal) const {
  const json& strategy = at(set_, "/spec/updateStrategy");
  if (text(strategy, "/type") != "RollingUpdate") return false;
  const std::int64_t kept = has(strategy, "/rollingUpdate")
                                ? number(strategy, "/rollingUpdate/partition")
                                : number(set_, "/status/currentReplicas");
  return ordinal < start_ + kept;
}

json Round::new_pod(std::int64_t ordinal) const {
  const Revision& revision = needs_current(ordinal) ? current_ : update_;
  json pod = pod_from_template(key_, set_, revision.pod_template);
  const std::string name = pod_key(ordinal).name;
  json& meta = pod["metadata"];
  meta["name"] = name;
  meta["generateName"] = key_.name + "-";
  meta["labels"][kNameLabel] = name;
  meta["labels"][kIndexLabel] = std::to_string(ordinal);
  meta["labels"][kRevisionLabel] = revision.name;
  json& spec = pod["spec"];
  spec["hostname"] = name;
  if (has(set_, "/spec/serviceName")) spec["subdomain"] = at(set_, "/spec/serviceName");
  json volumes = json::array();
  const json& claims = list(set_, "/spec/volumeClaimTemplates");
  for (const json& each : claims) {
    volumes.push_back({{"name", text(each, "/metadata/name")},
                       {"persistentVolumeClaim", {{"claimName", claim_key(each, ordinal).name}}}});
  }
  for (const json& volume : list(revision.pod_template, "/spec/volumes")) {
    const bool is_replaced = std::any_of(claims.begin(), claims.end(), [&](const json& each) {
      return text(each, "/metadata/name") == text(volume, "/name");
    });
    if (!is_replaced) volumes.push_back(volume);
  }
  if (!volumes.empty()) spec["volumes"] = std::move(volumes);
  return pod;
}

// In order, until one has to be waited for; or, when the set is parallel, in batches of 1, 2, 4 ...
// until one fails.
Round::Step Round::for_all(const std::vector<Member>& members, Work work) {
  std::size_t end = is_ordered_ ? 0 : 1;
  std::size_t batch = 1;
  bool has_failed = false;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const Step step = (this->*work)(members[i]);
    if (is_ordered_ && step != Step::GoOn) return step;
    has_failed = has_failed || step == Step::Failed;
    if (is_ordered_ || i + 1 < end) continue;
    if (has_failed) return Step::Failed;
    batch *= 2;
    end += batch;
  }
  return has_failed ? Step::Failed : Step::GoOn;
}

void Round::find_first_unavailable() {
  for (const Member& member : replicas_) {
    if (!first_unavailable_ && is_unavailable(member.pod)) first_unavailable_ = member.ordinal;
  }
  for (auto each = condemned_.rbegin(); each != condemned_.rend(); ++each) {
    if (!first_unavailable_ && is_unavailable(each->pod)) first_unavailable_ = each->ordinal;
  }
}

// Scaling comes before updating, and what is missing before what is too many.
Round::Step Round::advance() {
  find_first_unavailable();
  if (has(set_, "/metadata/deletionTimestamp")) return Step::GoOn;
  for (const auto& [members, work] :
       {std::pair{&replicas_, &Round::keep_replica}, std::pair{&condemned_, &Round::keep_claims},
        std::pair{&condemned_, &Round::remove_condemned}}) {
    const Step step = for_all(*members, work);
    if (step != Step::GoOn) return step;
  }
  if (text(set_, "/spec/updateStrategy/type") == "OnDelete") return Step::GoOn;
  return replace_outdated();
}

Round::Step Round::keep_replica(const Member& member) {
  const json& pod = member.pod;
  if (has_ended(pod)) {
    // The next one is made when this one is gone.
    if (is_going(pod)) return Step::Wait;
    return context_.remove(pod_key(member.ordinal)).ok() ? Step::Wait : Step::Failed;
  }
  if (!member.exists()) {
    if (has_stale_claim(member)) return Step::Wait;
    if (!create_claims(member) || !fit_claim_owners(member)) return Step::Failed;
    if (!context_.create(pod).ok()) return Step::Failed;
    return is_ordered_ ? Step::Wait : Step::GoOn;
  }
  if (text(pod, "/status/phase") == "Pending" && !create_claims(member)) return Step::Failed;
  if (is_ordered_ && is_unavailable(pod)) return Step::Wait;
  return restore_identity(member);
}

// Puts back what makes a pod a member: its labels, its volumes, the owners of its claims.
Round::Step Round::restore_identity(const Member& member) {
  const ObjectKey key = pod_key(member.ordinal);
  const api::Reply reply = context_.edit(key, [&](json& pod) {
    pod["metadata"]["labels"][kNameLabel] = key.name;
    pod["metadata"]["labels"][kIndexLabel] = std::to_string(member.ordinal);
  });
  return reply.ok() && fit_claim_owners(member) ? Step::GoOn : Step::Failed;
}

Round::Step Round::keep_claims(const Member& member) {
  return fit_claim_owners(member) ? Step::GoOn : Step::Failed;
}

Round::Step Round::remove_condemned(const Member& member) {
  if (is_going(member.pod)) return is_ordered_ ? Step::Wait : Step::GoOn;
  if (is_ordered_ && !is_available_now(member.pod) && first_unavailable_ != member.ordinal) {
    return Step::Wait;
  }
  return context_.remove(pod_key(member.ordinal)).ok() ? Step::Wait : Step::Failed;
}

// From the highest ordinal down to the partition: deletes one pod of another revision, and goes on
// when its successor is available.
Round::Step Round::replace_outdated() {
  const std::int64_t partition = number(set_, "/spec/updateStrategy/rollingUpdate/partition");
  for (std::int64_t i = wanted_ - 1; i >= partition; --i) {
    const Member& member = replicas_[static_cast<std::size_t>(i)];
    if (revision_of(member.pod) != update_.name && !is_going(member.pod)) {
      const api::Reply reply = context_.remove(pod_key(member.ordinal));
      if (!reply.ok() && reply.error->reason != "NotFound") return Step::Failed;
      ++given_up_;
      return Step::Wait;
    }
    if (is_unavailable(member.pod)) return Step::Wait;
  }
  return Step::GoOn;
}

// A claim that still belongs to an earlier pod of this name will be deleted with it.
bool Round::has_stale_claim(const Member& member) const {
  for (const json& each : list(set_, "/spec/volumeClaimTemplates")) {
    const json* claim = context_.find(claim_key(each, member.ordinal));
    if (claim == nullptr) continue;
    for (const json& owner : list(*claim, "/metadata/ownerReferences")) {
      if (refers_to(owner, kPod.kind, pod_key(member.ordinal).name)) return true;
    }
  }
  return false;
}

bool Round::create_claims(const Member& member) {
  bool are_all_there = true;
  for (const json& each : list(set_, "/spec/volumeClaimTemplates")) {
    const ObjectKey key = claim_key(each, member.ordinal);
    if (const json* existing = context_.find(key)) {
      are_all_there = are_all_there && !has(*existing, "/metadata/deletionTimestamp");
      continue;
    }
    json claim = {{"apiVersion", "v1"}, {"kind", key.kind}, {"metadata", at(each, "/metadata")}};
    json& meta = claim["metadata"];
    meta["name"] = key.name;
    meta["namespace"] = key.name_space;
    const json& labels = at(set_, "/spec/selector/matchLabels");
    if (labels.is_object()) {
      if (!meta["labels"].is_object()) meta["labels"] = json::object();
      meta["labels"].update(labels);
    }
    claim["spec"] = at(each, "/spec");
    are_all_there = context_.create(claim).ok() && are_all_there;
  }
  return are_all_there;
}

// The owners a claim should have by the retention policy: the set when claims go with it, the pod
// when claims go with a pod that is too many. Claims with another controller, or that somebody has
// given these owners by hand, are left alone.
json Round::claim_owners(const json& claim, const Member& member) const {
  const json& policy = at(set_, "/spec/persistentVolumeClaimRetentionPolicy");
  const bool goes_with_set = text(policy, "/whenDeleted") == "Delete";
  const bool goes_with_pod =
      text(policy, "/whenScaled") == "Delete" && !is_in_range(member.ordinal);
  const std::string pod_name = pod_key(member.ordinal).name;
  const json& owners = list(claim, "/metadata/ownerReferences");
  json kept = json::array();
  for (const json& owner : owners) {
    const bool is_ours =
        refers_to(owner, kStatefulSet.kind, key_.name) || refers_to(owner, kPod.kind, pod_name);
    if (is_ours != flag(owner, "/controller")) return owners;
    if (!is_ours) kept.push_back(owner);
  }
  if (goes_with_pod) {
    const ObjectKey key = pod_key(member.ordinal);
    if (has(member.pod, "/metadata/uid")) kept.push_back(controller_reference(key, member.pod));
  } else if (goes_with_set) {
    kept.push_back(controller_reference(key_, set_));
  }
  return kept;
}

bool Round::fit_claim_owners(const Member& member) {
  for (const json& each : list(set_, "/spec/volumeClaimTemplates")) {
    const ObjectKey key = claim_key(each, member.ordinal);
    const json* claim = context_.find(key);
    if (claim == nullptr) continue;
    const json owners = claim_owners(*claim, member);
    if (owners == list(*claim, "/metadata/ownerReferences")) continue;
    const api::Reply reply =
        context_.edit(key, [&](json& object) { object["metadata"]["ownerReferences"] = owners; });
    if (!reply.ok()) return false;
  }
  return true;
}

void Round::write_status() {
  std::int64_t replicas = 0;
  std::int64_t ready = 0;
  std::int64_t available = 0;
  std::int64_t of_current = -given_up_;
  std::int64_t of_update = 0;
  for (const auto* members : {&replicas_, &condemned_}) {
    for (const Member& member : *members) {
      if (!member.exists()) continue;
      ++replicas;
      if (is_running_and_ready(member.pod)) ++ready;
      if (is_available_now(member.pod)) ++available;
      if (is_going(member.pod)) continue;
      if (revision_of(member.pod) == current_.name) ++of_current;
      if (revision_of(member.pod) == update_.name) ++of_update;
    }
  }
  std::string current = current_.name;
  // A finished update makes its revision the current one.
  if (text(set_, "/spec/updateStrategy/type") == "RollingUpdate" && of_update == wanted_ &&
      ready == wanted_ && replicas == wanted_) {
    of_current = of_update;
    current = update_.name;
  }
  context_.edit_status(key_, [&](json& changed) {
    json status = {{"observedGeneration", number(set_, "/metadata/generation")},
                   {"replicas", replicas},
                   {"availableReplicas", available},
                   {"currentRevision", current},
                   {"updateRevision", update_.name},
                   {"collisionCount", revisions_.collisions()}};
    set_count(status, "readyReplicas", ready);
    set_count(status, "currentReplicas", of_current);
    set_count(status, "updatedReplicas", of_update);
    changed["status"] = std::move(status);
  });
}

SyncResult Round::run() {
  const std::optional<Revision> update = revisions_.of_present();
  if (!update) return SyncResult::Again;
  update_ = *update;
  const Revision* current = revisions_.find(text(set_, "/status/currentRevision"));
  current_ = current == nullptr ? update_ : *current;
  sort_members();
  const Step step = advance();
  write_status();
  std::set<std::string> in_use{current_.name, update_.name};
  for (const auto* members : {&replicas_, &condemned_}) {
    for (const Member& member : *members) in_use.insert(revision_of(member.pod));
  }
  revisions_.clean_up(in_use);
  if (wait_) context_.wake(key_, *wait_);
  return step == Step::Failed ? SyncResult::Again : SyncResult::Done;
}

SyncResult sync(Context& context, const ObjectKey& key) {
  if (context.find(key) == nullptr) return SyncResult::Done;
  return Round(context, key).run();
}

void notice(Context& context, const Notice& notice) {
  wake_owners(context, notice, kStatefulSet, kPod);
}

}  // namespace

const Controller kStatefulSetController{"statefulset-controller", notice, sync};

}  // namespace wavetank::cluster
