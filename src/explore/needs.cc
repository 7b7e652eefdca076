#include "explore/needs.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "health/object_view.h"

namespace wavetank::explore {

using nlohmann::json;

namespace {

// Kinds that something else can be unable to do without.
constexpr std::array<std::string_view, 13> kNeeded{"ConfigMap",
                                                   "Secret",
                                                   "ServiceAccount",
                                                   "PersistentVolumeClaim",
                                                   "PersistentVolume",
                                                   "StorageClass",
                                                   "PriorityClass",
                                                   "RuntimeClass",
                                                   "IngressClass",
                                                   "Namespace",
                                                   "Deployment",
                                                   "StatefulSet",
                                                   "CustomResourceDefinition"};
// Kinds that scale another one, and nothing else that names it needs it.
constexpr std::array<std::string_view, 2> kScalers{"HorizontalPodAutoscaler",
                                                   "PodDisruptionBudget"};
// More than any real manifest names; each costs recordings.
constexpr std::size_t kCandidatesMax = 24;

bool is_one_of(std::span<const std::string_view> kinds, std::string_view kind) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

void collect_texts(const json& value, std::set<std::string_view>& texts) {
  if (value.is_string()) texts.insert(value.get_ref<const std::string&>());
  if (!value.is_structured()) return;
  for (const json& each : value) collect_texts(each, texts);
}

// What the manifest says, but for its own identity.
std::set<std::string_view> texts_of(const Subject& subject) {
  std::set<std::string_view> texts;
  for (const auto& [field, value] : subject.manifest.items()) {
    if (field != "metadata" && field != "kind" && field != "apiVersion") {
      collect_texts(value, texts);
    }
  }
  return texts;
}

class Finder {
 public:
  explicit Finder(std::span<const Subject> subjects) : subjects_(subjects) {
    for (std::uint32_t i = 0; i < subjects.size(); ++i) {
      const Subject& subject = subjects[i];
      if (is_one_of(kNeeded, subject.key.kind)) by_name_[subject.key.name].push_back(i);
      if (subject.facts.is_crd) {
        definitions_[{health::text(subject.manifest, "/spec/group"),
                      health::text(subject.manifest, "/spec/names/kind")}] = i;
      }
    }
  }

  std::vector<Candidate> of(std::uint32_t index) {
    const Subject& subject = subjects_[index];
    std::vector<Candidate> found;
    const auto add = [&](std::uint32_t other) {
      if (found.size() < kCandidatesMax) found.push_back({.any_of = {other}});
    };
    if (const auto definition = definitions_.find({subject.key.group, subject.key.kind});
        definition != definitions_.end()) {
      add(definition->second);
    }
    for_each_named(subject.key.name_space, [&](std::uint32_t other) {
      if (subjects_[other].key.kind == "Namespace") add(other);
    });
    for (const std::string_view text : texts_of(subject)) {
      for_each_named(text, [&](std::uint32_t other) {
        if (other != index && can_need(subject, subjects_[other])) add(other);
      });
    }
    return found;
  }

 private:
  template <class Visit>
  void for_each_named(std::string_view name, Visit visit) const {
    const auto named = by_name_.find(name);
    if (named == by_name_.end()) return;
    for (const std::uint32_t other : named->second) visit(other);
  }

  [[nodiscard]] static bool can_need(const Subject& subject, const Subject& other) {
    const bool is_near =
        other.key.name_space.empty() || other.key.name_space == subject.key.name_space;
    const bool is_scaled = other.key.group == "apps";
    return is_near && other.key.kind != "Namespace" && !other.facts.is_crd &&
           (!is_scaled || is_one_of(kScalers, subject.key.kind));
  }

  std::span<const Subject> subjects_;
  std::map<std::string_view, std::vector<std::uint32_t>, std::less<>> by_name_;
  std::map<std::pair<std::string, std::string>, std::uint32_t> definitions_;
};

// A claim may wait for its first consumer: whoever names it.
void add_consumers(std::span<const Subject> subjects,
                   std::vector<std::vector<Candidate>>& candidates) {
  std::map<std::uint32_t, Candidate> consumers;
  for (std::uint32_t i = 0; i < subjects.size(); ++i) {
    for (const Candidate& candidate : candidates[i]) {
      for (const std::uint32_t other : candidate.any_of) {
        if (subjects[other].key.kind != "PersistentVolumeClaim") continue;
        Candidate& group = consumers[other];
        group.is_consumer = true;
        group.any_of.push_back(i);
      }
    }
  }
  for (auto& [claim, group] : consumers) candidates[claim].push_back(std::move(group));
}

}  // namespace

std::vector<std::vector<Candidate>> find_candidates(std::span<const Subject> subjects) {
  Finder finder(subjects);
  std::vector<std::vector<Candidate>> candidates;
  for (std::uint32_t i = 0; i < subjects.size(); ++i) candidates.push_back(finder.of(i));
  add_consumers(subjects, candidates);
  return candidates;
}

}  // namespace wavetank::explore
