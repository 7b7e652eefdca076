// DaemonSets: one pod on every node that it fits.
//
// Source: pkg/controller/daemon/{daemon_controller,update}.go and util/daemonset_util.go of
// Kubernetes 1.36. Where a real controller goes through nodes in random order, here they are in
// the order of their names.

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "cluster/api/object/json_access.h"
#include "cluster/controller_manager/conditions.h"
#include "cluster/controller_manager/controllers.h"
#include "cluster/controller_manager/node_fit.h"
#include "cluster/controller_manager/owned_pods.h"
#include "cluster/controller_manager/revisions.h"
#include "cluster/controller_manager/shares.h"

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

constexpr OwnerKind kDaemonSet{"apps", "DaemonSet"};
constexpr OwnerKind kPod{"", "Pod"};
// A failed pod is replaced at once, but not more often than this. Kubernetes doubles the pause with
// every failure on a node, up to 15 minutes, from memory that dies with its controller.
constexpr base::Duration kFailurePause = std::chrono::seconds(1);

struct Tolerated {
  const char* key;
  const char* effect;
};
constexpr Tolerated kTolerated[] = {
    {"node.kubernetes.io/not-ready", "NoExecute"},
    {"node.kubernetes.io/unreachable", "NoExecute"},
    {"node.kubernetes.io/disk-pressure", "NoSchedule"},
    {"node.kubernetes.io/memory-pressure", "NoSchedule"},
    {"node.kubernetes.io/pid-pressure", "NoSchedule"},
    {"node.kubernetes.io/unschedulable", "NoSchedule"},
};
constexpr Tolerated kToleratedOnHostNetwork{"node.kubernetes.io/network-unavailable", "NoSchedule"};

void add_toleration(json& spec, const Tolerated& tolerated) {
  json& all = spec["tolerations"];
  if (!all.is_array()) all = json::array();
  const json added = {{"key", tolerated.key}, {"operator", "Exists"}, {"effect", tolerated.effect}};
  for (json& each : all) {
    // One for the same key, operator and effect takes its place.
    if (text(each, "/key") == tolerated.key && text(each, "/effect") == tolerated.effect &&
        text(each, "/operator") == "Exists" && text(each, "/value").empty()) {
      each = added;
      return;
    }
  }
  all.push_back(added);
}

// One look at a set.
class Round {
 public:
  Round(Context& context, const ObjectKey& key)
      : context_(context),
        key_(key),
        set_(*context.find(key)),
        revisions_(context, key, HashLabel::OfDaemonSets) {
    min_ready_ = number(set_, "/spec/minReadySeconds");
    spec_ = at(set_, "/spec/template/spec");
    for (const Tolerated& each : kTolerated) add_toleration(spec_, each);
    if (flag(spec_, "/hostNetwork")) add_toleration(spec_, kToleratedOnHostNetwork);
  }

  SyncResult run();

 private:
  using Pods = std::vector<ObjectKey>;  // of one node, the oldest first
  // May a pod be made there, may one that is there stay.
  struct Fit {
    bool can_start = false;
    bool can_stay = false;
  };
  // The pods of a node that counts as being updated; none of a revision: null.
  struct Pair {
    const ObjectKey* fresh = nullptr;
    const ObjectKey* old = nullptr;
    bool is_clean = true;  // at most one of each
  };
  struct Work {
    std::vector<std::string> nodes;  // that need a pod
    std::vector<ObjectKey> pods;     // to delete
  };

  [[nodiscard]] const json& pod(const ObjectKey& key) const { return *context_.find(key); }
  [[nodiscard]] bool is_updated(const ObjectKey& key) const {
    return api::label(pod(key), kRevisionLabel) == present_.hash;
  }
  bool is_available_now(const ObjectKey& key);
  [[nodiscard]] Fit fit(const json& node) const;
  void sort_pods();
  [[nodiscard]] bool surges() const { return max_surge_ != 0; }
  void count_allowance();

  [[nodiscard]] Work needed();
  void look_at_node(const Pods& pods, Work& work);
  void choose_among(const Pods& running, Work& work);
  [[nodiscard]] Pair pair_on(const Pods& pods) const;
  [[nodiscard]] Work update_by_deleting();
  [[nodiscard]] Work update_by_surging();
  bool carry_out(const Work& work);
  [[nodiscard]] json new_pod(const std::string& node) const;
  void write_status();

  Context& context_;
  const ObjectKey& key_;
  const json set_;
  Revisions revisions_;
  Revision present_;
  json spec_;  // of the pods, with what they tolerate
  std::int64_t min_ready_ = 0;
  std::int64_t max_surge_ = 0;
  std::int64_t max_unavailable_ = 0;
  std::map<std::string, Fit> nodes_;
  std::map<std::string, Pods> pods_;  // by node
  std::optional<base::Duration> wait_;
};

bool Round::is_available_now(const ObjectKey& key) {
  base::Duration left{};
  if (is_available(pod(key), min_ready_, context_.now(), &left)) return true;
  if (left > base::Duration::zero()) wait_ = std::min(wait_.value_or(left), left);
  return false;
}

Round::Fit Round::fit(const json& node) const {
  const std::string wanted = text(spec_, "/nodeName");
  if (!wanted.empty() && wanted != text(node, "/metadata/name")) return {};
  if (!node_matches(spec_, node)) return {};
  Fit result{.can_start = true, .can_stay = true};
  for (const json& taint : list(node, "/spec/taints")) {
    const std::string effect = text(taint, "/effect");
    if (effect == "PreferNoSchedule" || tolerates(spec_, taint)) continue;
    result.can_start = false;
    if (effect == "NoExecute") result.can_stay = false;
  }
  return result;
}

void Round::sort_pods() {
  nodes_.clear();
  for (const ObjectKey& node : context_.all_of("", "Node", "")) {
    nodes_.emplace(node.name, fit(*context_.find(node)));
  }
  pods_.clear();
  for (const ObjectKey& key : claim(context_, key_, at(set_, "/spec/selector"), kPod)) {
    const json& each = pod(key);
    if (has_ended(each) && is_going(each)) continue;
    pods_[target_node(each)].push_back(key);
  }
  for (auto& [node, pods] : pods_) {
    std::stable_sort(pods.begin(), pods.end(), [&](const ObjectKey& a, const ObjectKey& b) {
      const auto rank = [&](const ObjectKey& each) {
        return std::tuple(text(pod(each), "/spec/nodeName").empty(),
                          context_.store().find(each)->object.created);
      };
      return rank(a) < rank(b);
    });
  }
}

// Of the nodes that should run a pod; shares of them are rounded up.
void Round::count_allowance() {
  const json& strategy = at(set_, "/spec/updateStrategy");
  if (text(strategy, "/type") != "RollingUpdate") return;
  const auto wanted = std::count_if(nodes_.begin(), nodes_.end(),
                                    [](const auto& each) { return each.second.can_start; });
  max_unavailable_ = share(at(strategy, "/rollingUpdate/maxUnavailable"), wanted, Rounding::Up);
  max_surge_ = share(at(strategy, "/rollingUpdate/maxSurge"), wanted, Rounding::Up);
  if (wanted > 0 && max_unavailable_ == 0 && max_surge_ == 0) max_unavailable_ = 1;
}

// What is missing and what is too much, without regard to updates.
Round::Work Round::needed() {
  Work work;
  for (const auto& [node, fit] : nodes_) {
    const auto found = pods_.find(node);
    if (found == pods_.end()) {
      if (fit.can_start) work.nodes.push_back(node);
    } else if (fit.can_stay) {
      look_at_node(found->second, work);
    } else {
      for (const ObjectKey& key : found->second) {
        if (!is_going(pod(key))) work.pods.push_back(key);
      }
    }
  }
  // Pods that wait for a node that is gone.
  for (const auto& [node, pods] : pods_) {
    if (nodes_.contains(node)) continue;
    for (const ObjectKey& key : pods) {
      if (text(pod(key), "/spec/nodeName").empty() && !is_going(pod(key))) {
        work.pods.push_back(key);
      }
    }
  }
  return work;
}

void Round::look_at_node(const Pods& pods, Work& work) {
  Pods running;
  for (const ObjectKey& key : pods) {
    const json& each = pod(key);
    if (is_going(each)) continue;
    const std::string phase = text(each, "/status/phase");
    if (phase == "Failed") {
      const base::Instant allowed = context_.store().find(key)->object.created + kFailurePause;
      if (allowed > context_.now()) {
        wait_ = std::min(wait_.value_or(base::Duration::max()), allowed - context_.now());
      } else {
        work.pods.push_back(key);
      }
    } else if (phase == "Succeeded") {
      work.pods.push_back(key);
    } else {
      running.push_back(key);
    }
  }
  choose_among(running, work);
}

// One pod stays on a node, the oldest; while surging, an old one that is ready stays beside the
// new one until that is available.
void Round::choose_among(const Pods& running, Work& work) {
  if (running.size() <= 1) return;
  if (!surges()) {
    work.pods.insert(work.pods.end(), running.begin() + 1, running.end());
    return;
  }
  const ObjectKey* fresh = nullptr;
  const ObjectKey* old = nullptr;
  for (const ObjectKey& key : running) {
    const ObjectKey*& oldest = is_updated(key) ? fresh : old;
    if (oldest == nullptr) {
      oldest = &key;
    } else {
      work.pods.push_back(key);
    }
  }
  if (fresh == nullptr || old == nullptr) return;
  if (!is_ready(pod(*old)) || is_available_now(*fresh)) work.pods.push_back(*old);
}

Round::Pair Round::pair_on(const Pods& pods) const {
  Pair pair;
  for (const ObjectKey& key : pods) {
    if (is_going(pod(key))) continue;
    const ObjectKey*& place = is_updated(key) ? pair.fresh : pair.old;
    if (place != nullptr) pair.is_clean = false;
    place = &key;
  }
  return pair;
}

// Deletes as many old pods as may be unavailable; what replaces them is made later.
Round::Work Round::update_by_deleting() {
  std::int64_t unavailable = 0;
  std::vector<ObjectKey> free;  // not available anyway
  std::vector<ObjectKey> candidates;
  for (const auto& [node, pods] : pods_) {
    const Pair pair = pair_on(pods);
    if (!pair.is_clean || (pair.fresh == nullptr) == (pair.old == nullptr)) {
      ++unavailable;
    } else if (pair.fresh != nullptr) {
      if (!is_available_now(*pair.fresh)) ++unavailable;
    } else if (!is_available_now(*pair.old)) {
      free.push_back(*pair.old);
      ++unavailable;
    } else if (unavailable < max_unavailable_) {
      candidates.push_back(*pair.old);
    }
  }
  const auto room =
      static_cast<std::size_t>(std::max<std::int64_t>(max_unavailable_ - unavailable, 0));
  Work work{.nodes = {}, .pods = std::move(free)};
  for (std::size_t i = 0; i < std::min(room, candidates.size()); ++i) {
    work.pods.push_back(candidates[i]);
  }
  return work;
}

// Makes as many new pods beside old ones as may be too many.
Round::Work Round::update_by_surging() {
  Work work;
  std::vector<std::string> candidates;
  std::int64_t surged = 0;
  for (const auto& [node, pods] : pods_) {
    const Pair pair = pair_on(pods);
    const bool has_both = pair.fresh != nullptr && pair.old != nullptr;
    if (!pair.is_clean || (has_both && !is_available_now(*pair.fresh))) {
      ++surged;
    } else if (has_both) {
      work.pods.push_back(*pair.old);
    } else if (pair.old != nullptr) {
      const auto known = nodes_.find(node);
      if (known == nodes_.end() || !known->second.can_start) continue;
      if (!is_available_now(*pair.old)) {
        work.nodes.push_back(node);
      } else if (surged < max_surge_) {
        candidates.push_back(node);
      }
    }
  }
  const auto room = static_cast<std::size_t>(std::max<std::int64_t>(max_surge_ - surged, 0));
  for (std::size_t i = 0; i < std::min(room, candidates.size()); ++i) {
    work.nodes.push_back(candidates[i]);
  }
  return work;
}

json Round::new_pod(const std::string& node) const {
  json pod_template = at(set_, "/spec/template");
  pod_template["spec"] = spec_;
  json pod = pod_from_template(key_, set_, pod_template);
  pod["metadata"]["generateName"] = key_.name + "-";
  pod["metadata"]["labels"][kRevisionLabel] = present_.hash;
  // The scheduler binds it to this node and no other, whatever affinity the template has.
  pod["spec"]["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"] = {
      {"nodeSelectorTerms",
       json::array({{{"matchFields", json::array({{{"key", "metadata.name"},
                                                   {"operator", "In"},
                                                   {"values", json::array({node})}}})}}})}};
  return pod;
}

// Creates in batches of 1, 2, 4 ... until one fails, as ReplicaSets do.
bool Round::carry_out(const Work& work) {
  bool is_ok = true;
  std::size_t end = 1;
  for (std::size_t i = 0, batch = 1; i < work.nodes.size(); ++i) {
    is_ok = context_.create(new_pod(work.nodes[i])).ok() && is_ok;
    if (i + 1 < end) continue;
    if (!is_ok) break;
    batch *= 2;
    end += batch;
  }
  for (const ObjectKey& key : work.pods) {
    const api::Reply reply = context_.remove(key);
    is_ok = (reply.ok() || reply.error->reason == "NotFound") && is_ok;
  }
  return is_ok;
}

void Round::write_status() {
  sort_pods();
  std::int64_t desired = 0;
  std::int64_t scheduled = 0;
  std::int64_t ready = 0;
  std::int64_t available = 0;
  std::int64_t updated = 0;
  std::int64_t misscheduled = 0;
  for (const auto& [node, fit] : nodes_) {
    const auto found = pods_.find(node);
    if (!fit.can_start) {
      if (found != pods_.end()) ++misscheduled;
      continue;
    }
    ++desired;
    if (found == pods_.end()) continue;
    ++scheduled;
    const ObjectKey& oldest = found->second.front();
    if (is_ready(pod(oldest))) ++ready;
    if (is_available_now(oldest)) ++available;
    if (is_updated(oldest)) ++updated;
  }
  context_.edit_status(key_, [&](json& changed) {
    json& status = changed["status"];
    status["currentNumberScheduled"] = scheduled;
    status["desiredNumberScheduled"] = desired;
    status["numberMisscheduled"] = misscheduled;
    status["numberReady"] = ready;
    status["observedGeneration"] = number(set_, "/metadata/generation");
    set_count(status, "updatedNumberScheduled", updated);
    set_count(status, "numberAvailable", available);
    set_count(status, "numberUnavailable", desired - available);
    if (revisions_.collisions() != 0) status["collisionCount"] = revisions_.collisions();
  });
}

SyncResult Round::run() {
  if (has(set_, "/metadata/deletionTimestamp")) return SyncResult::Done;
  const std::optional<Revision> present = revisions_.of_present();
  if (!present) return SyncResult::Again;
  present_ = *present;
  sort_pods();
  count_allowance();
  Work work = needed();
  bool is_ok = carry_out(work);
  // An update goes on only when what was asked for has been seen to happen.
  if (work.nodes.empty() && work.pods.empty() &&
      text(set_, "/spec/updateStrategy/type") == "RollingUpdate") {
    work = surges() ? update_by_surging() : update_by_deleting();
    is_ok = carry_out(work);
  }
  write_status();
  std::set<std::string> in_use{present_.name};
  for (const auto& [node, pods] : pods_) {
    for (const ObjectKey& key : pods) {
      in_use.insert(key_.name + "-" + api::label(pod(key), kRevisionLabel));
    }
  }
  revisions_.clean_up(in_use);
  if (wait_) context_.wake(key_, *wait_);
  return is_ok ? SyncResult::Done : SyncResult::Again;
}

SyncResult sync(Context& context, const ObjectKey& key) {
  if (context.find(key) == nullptr) return SyncResult::Done;
  return Round(context, key).run();
}

void notice(Context& context, const Notice& notice) {
  wake_owners(context, notice, kDaemonSet, kPod);
  if (notice.key.group.empty() && notice.key.kind == "Node") {
    for (const auto& [key, entry] : context.store().everywhere(kDaemonSet.group, kDaemonSet.kind)) {
      context.wake(key);
    }
  }
}

}  // namespace

const Controller kDaemonSetController{"daemonset-controller", notice, sync};

}  // namespace wavetank::cluster
