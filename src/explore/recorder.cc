#include "explore/recorder.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "health/object_view.h"
#include "model/annotation.h"

namespace wavetank::explore {

using nlohmann::json;

namespace {

// Longer than any default of Kubernetes: the progress deadline of a Deployment is ten minutes, the
// back-off of a Job's six retries eleven.
constexpr base::Duration kHorizon = std::chrono::hours(24);
// What has not come to rest after so many events goes round: a crash loop, a CronJob.
constexpr int kEventsMax = 4000;
constexpr std::size_t kStagesMax = 200;  // a byte counts them
constexpr std::size_t kTouchesMax = 64;

std::string signature_of(const json& manifest) {
  const std::string name = health::text(manifest, "/metadata/name");
  json copy = manifest;
  json& annotations = copy["metadata"]["annotations"];
  if (annotations.is_object()) {
    // What only Argo CD reads.
    for (const auto own :
         {model::kTrackingId, model::kHook, model::kHookDeletePolicy, model::kSyncWave}) {
      annotations.erase(std::string(own));
    }
  }
  std::vector<json*> open{&copy};
  while (!open.empty()) {
    json& value = *open.back();
    open.pop_back();
    if (value.is_string()) {
      if (!name.empty() && value.get_ref<const std::string&>() == name) value = "\x01";
    } else if (value.is_structured()) {
      for (json& each : value) open.push_back(&each);
    }
  }
  return copy.dump();
}

}  // namespace

Subject make_subject(json manifest, base::Interner& interner) {
  Subject subject;
  subject.facts = model::facts_of(manifest, interner);
  subject.key = model::resolve(subject.facts.key, interner);
  subject.is_hook = subject.facts.hook.is_hook;
  subject.signature = signature_of(manifest);
  subject.manifest = std::move(manifest);
  return subject;
}

const Recording& Recorder::record(const Play& play) {
  std::string key = fmt::format("{}\n{}", static_cast<int>(play.fate), play.subject->signature);
  if (!behaviors_.empty()) key += "\nnamed " + play.subject->key.name;
  if (play.before != nullptr) key += "\nafter " + play.before->signature;
  for (const Subject* other : play.others) {
    key += other == play.hanging ? "\nhanging " : "\nwith ";
    key += other->signature;
    // Its name is what the subject calls it by, unless the subject bears it, too.
    if (other->key.name != play.subject->key.name) key += other->key.name;
  }
  const auto found = taken_.find(key);
  if (found != taken_.end()) return found->second;
  return taken_.emplace(std::move(key), take(play)).first->second;
}

// As the engine does (sync/run.cc, write_request), but for the hook's finalizer: what it changes is
// the compact world's business.
cluster::CallResult Recorder::write(cluster::Cluster& cluster, const Subject& subject) const {
  const sync::Settings& settings = operation_.settings;
  const model::ResourceOptions& own = subject.facts.options;
  const bool replaces = settings.replace || own.replace;
  const bool forces = settings.force || own.force;
  cluster::WriteOptions options{.validate = !settings.no_validate && !own.no_validate};
  if (replaces) {
    if (cluster.get(subject.facts.key) == nullptr) return cluster.create(subject.manifest, options);
    options.validate = true;
    if (subject.key.kind == "Namespace" || subject.facts.is_crd) {
      return cluster.update(subject.manifest, options);
    }
    options.force = forces;
    return cluster.replace(subject.manifest, options);
  }
  options.force = forces;
  options.server_side =
      !own.no_server_side_apply && (settings.server_side_apply || own.server_side_apply);
  return cluster.apply(subject.manifest, options);
}

Look Recorder::look(const cluster::Cluster& cluster, const Subject& subject) const {
  const cluster::StoredObject* object = cluster.get(subject.facts.key);
  if (object == nullptr) return {.present = false};
  Look look{.deleting = object->deleting};
  if (const auto health = health::assess(object->content, operation_.version)) {
    look.health = health->status;
    look.health_failed = health->is_error;
    look.message = interner_.intern(health->message);
  }
  return look;
}

Life Recorder::follow(cluster::Cluster& cluster, const Subject& subject) const {
  const base::Instant start = cluster.now();
  Life life{.stages = {{.look = look(cluster, subject)}}};
  const auto see = [&](const std::vector<cluster::Change>& changes) {
    const base::Duration since = cluster.now() - start;
    const bool is_touched =
        std::any_of(changes.begin(), changes.end(),
                    [&](const cluster::Change& change) { return change.object == subject.key; });
    if (is_touched && life.touches.size() < kTouchesMax) life.touches.push_back(since);
    const Look now = look(cluster, subject);
    if (now.acts_like(life.stages.back().look)) {
      life.stages.back().look.message = now.message;
      return;
    }
    if (since == base::Duration::zero()) {
      life.stages.back() = {.look = now};  // what the write sets off at once
      return;
    }
    if (life.stages.size() == kStagesMax) return;
    life.stages.push_back({.since_write = since, .look = now});
    if (life.touches.empty() || life.touches.back() != since) life.touches.push_back(since);
  };
  see(cluster.advance(cluster.now()));
  for (int events = 0;; ++events) {
    const auto next = cluster.next_event();
    if (!next) break;
    if (*next > start + kHorizon || events == kEventsMax) {
      life.is_restless = true;
      break;
    }
    see(cluster.advance(*next));
  }
  return life;
}

WriteAnswer Recorder::write_again(cluster::Cluster& cluster, const Subject& subject) const {
  const cluster::StoredObject* object = cluster.get(subject.facts.key);
  if (object == nullptr) return {};
  const std::string uid = object->uid;
  const cluster::CallResult result = write(cluster, subject);
  WriteAnswer answer{.is_refused = result.status != cluster::CallStatus::Ok,
                     .message = interner_.intern(result.message)};
  object = cluster.get(subject.facts.key);
  answer.restarts = object == nullptr || object->uid != uid;
  return answer;
}

Recording Recorder::take(const Play& play) {
  const Subject& subject = *play.subject;
  cluster::Cluster cluster(interner_, chooser_);
  (void)sim::furnish(application_, cluster, interner_);
  const auto come_to_rest = [&] {
    const base::Instant end = cluster.now() + kHorizon;
    for (int i = 0; i < kEventsMax; ++i) {
      const auto next = cluster.next_event();
      if (!next || *next > end) return;
      (void)cluster.advance(*next);
    }
  };
  const auto rule = [](const Subject& whom, cluster::Outcome outcome) {
    return cluster::BehaviorRule{
        .kind = whom.key.kind, .name = whom.key.name, .behavior = {.outcome = outcome}};
  };
  std::vector<cluster::BehaviorRule> rules = behaviors_;
  if (play.hanging != nullptr) rules.push_back(rule(*play.hanging, cluster::Outcome::Hang));
  cluster.behave(rules);
  for (const Subject* other : play.others) (void)write(cluster, *other);
  if (play.before != nullptr) (void)write(cluster, *play.before);
  come_to_rest();
  if (play.fate == Fate::Fail) rules.push_back(rule(subject, cluster::Outcome::Fail));
  if (play.fate == Fate::Hang) rules.push_back(rule(subject, cluster::Outcome::Hang));
  cluster.behave(std::move(rules));

  Recording recording;
  const cluster::StoredObject* old = cluster.get(subject.facts.key);
  const std::string old_uid = old == nullptr ? "" : old->uid;
  const cluster::CallResult dry = cluster.apply(subject.manifest, {.dry_run = true});
  const cluster::CallResult result = write(cluster, subject);
  const cluster::StoredObject* made = cluster.get(subject.facts.key);
  recording.answer = {.is_refused = result.status != cluster::CallStatus::Ok,
                      .dry_run_refused = dry.status != cluster::CallStatus::Ok,
                      .restarts = made == nullptr || made->uid != old_uid,
                      .message = interner_.intern(result.message)};
  recording.life = follow(cluster, subject);
  if (!recording.life.stages.back().look.present) {
    // Gone by itself: what deleting it earlier takes is not known, and never long.
    recording.life.removal = base::Duration::zero();
    return recording;
  }
  recording.again = write_again(cluster, subject);
  const base::Instant asked = cluster.now();
  (void)cluster.remove(subject.facts.key, operation_.settings.propagation);
  come_to_rest();
  if (cluster.get(subject.facts.key) == nullptr) recording.life.removal = cluster.now() - asked;
  return recording;
}

}  // namespace wavetank::explore
