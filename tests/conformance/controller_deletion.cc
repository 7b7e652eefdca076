// The deletion of an application in a scripted world whose objects take steps to vanish.
#include "application/deletion.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "conformance/controller_answers.h"
#include "conformance/controller_json.h"
#include "model/facts.h"

namespace wavetank::conformance {

using nlohmann::json;
namespace app = wavetank::application;

namespace {

constexpr int kNever = -1;
constexpr std::int64_t kSecondsPerStep = 10;

struct ScriptedObject {
  json object;
  std::int64_t lag = 0;
  std::int64_t born = 0;
  std::optional<std::int64_t> deleted = {};  // at this step
};

bool is_cluster_scoped(const model::ObjectKey& key) {
  return key.kind == "Namespace" || key.kind == "ClusterRole" ||
         key.kind == "CustomResourceDefinition";
}

class ScriptedDeletion : public app::DeletionWorld {
 public:
  explicit ScriptedDeletion(const json& in) : in_(in) {
    for (const json& one : at(in, "live")) {
      const json& object = at(one, "object");
      ScriptedObject scripted{.object = object, .lag = number(one, "lag")};
      if (at(object, "metadata").contains("deletionTimestamp")) {
        // Its finalizer keeps it until it is told to vanish.
        scripted.deleted = 0;
        scripted.lag = kNever;
      }
      objects_.insert_or_assign(key_of(object), std::move(scripted));
    }
  }

  void begin_step(std::int64_t step) {
    step_ = step;
    actions_.clear();
    for (auto it = objects_.begin(); it != objects_.end();) {
      it = is_over(it->first, it->second) ? objects_.erase(it) : std::next(it);
    }
    for (auto& [key, scripted] : objects_) {
      for (const json& rule : at(in_, "statuses")) {
        const bool fits = text(rule, "key") == model::full_name(key) &&
                          step - scripted.born >= number(rule, "after");
        if (fits) scripted.object["status"] = at(rule, "status");
      }
    }
  }

  // What was done in this step, sorted.
  std::vector<std::string> actions() const {
    std::vector<std::string> sorted = actions_;
    std::sort(sorted.begin(), sorted.end());
    return sorted;
  }

  std::vector<std::string> left() const {
    std::vector<std::string> keys;
    for (const auto& [key, scripted] : objects_) keys.push_back(model::full_name(key));
    std::sort(keys.begin(), keys.end());
    return keys;
  }

  std::vector<app::OwnedObject> objects() override {
    const Texts confirm = texts(in_, "confirm");
    std::vector<app::OwnedObject> owned;
    for (const auto& [key, scripted] : objects_) {
      if (!is_permitted(key)) continue;
      owned.push_back(app::owned_object(
          scripted.object, {.name = "shop", .name_space = "fake-argocd-ns", .uid = "u1"}));
      owned.back().requires_confirmation =
          std::find(confirm.begin(), confirm.end(), model::full_name(key)) != confirm.end();
    }
    return owned;
  }

  tl::expected<std::vector<app::DeleteHookManifest>, std::string> manifests() override {
    if (const auto error = error_of("manifests", "")) return tl::unexpected(*error);
    std::vector<app::DeleteHookManifest> manifests;
    for (const json& object : at(in_, "manifests")) {
      const auto annotations = model::annotations_of(object);
      manifests.push_back(
          {.key = key_of(object), .hook = model::hook_facts(model::hook_annotations(annotations))});
    }
    return manifests;
  }

  app::CreateAnswer create(std::size_t manifest, const model::ObjectKey& key) override {
    json object = at(in_, "manifests").at(manifest);
    model::ObjectKey stored = key;
    if (is_cluster_scoped(key)) stored.name_space.clear();
    const std::string action = "create " + model::full_name(stored);
    if (const auto error = error_of("create", model::full_name(key))) {
      actions_.push_back(action + " -> error");
      return tl::unexpected(*error);
    }
    if (objects_.contains(stored)) {
      actions_.push_back(action + " -> exists");
      return app::CreateStatus::Exists;
    }
    actions_.push_back(action);
    object["metadata"]["namespace"] = stored.name_space;
    objects_.emplace(
        stored,
        ScriptedObject{.object = std::move(object), .lag = number(in_, "hookLag"), .born = step_});
    return app::CreateStatus::Created;
  }

  app::DeleteAnswer remove(const model::ObjectKey& key,
                           std::optional<model::Propagation> policy) override {
    const std::string action = "delete " + model::full_name(key) + " " +
                               std::string(policy ? model::name(*policy) : "default");
    if (const auto error = error_of("delete", model::full_name(key))) {
      actions_.push_back(action + " -> error");
      return tl::unexpected(app::DeleteError{.message = *error});
    }
    const auto found = objects_.find(key);
    if (found == objects_.end()) {
      actions_.push_back(action + " -> notfound");
      return tl::unexpected(app::DeleteError{.message = "not found", .is_not_found = true});
    }
    actions_.push_back(action);
    if (found->second.lag == 0) {
      objects_.erase(found);
    } else if (!found->second.deleted) {
      found->second.deleted = step_;
      found->second.object["metadata"]["deletionTimestamp"] = "2025-06-02T12:00:00Z";
    }
    return {};
  }

 private:
  [[nodiscard]] bool is_over(const model::ObjectKey& key, const ScriptedObject& scripted) const {
    if (!scripted.deleted) return false;
    for (const json& one : at(in_, "vanish")) {
      if (text(one, "key") == model::full_name(key) && step_ >= number(one, "at")) return true;
    }
    return scripted.lag != kNever && step_ >= *scripted.deleted + scripted.lag;
  }

  [[nodiscard]] bool is_permitted(const model::ObjectKey& key) const {
    if (key.name_space.empty()) return !flag(in_, "clusterKindsDenied");
    const Texts permitted = texts(in_, "namespaces");
    return permitted.empty() ||
           std::find(permitted.begin(), permitted.end(), key.name_space) != permitted.end();
  }

  [[nodiscard]] std::optional<std::string> error_of(std::string_view operation,
                                                    const std::string& key) const {
    for (const json& error : at(in_, "errors")) {
      const bool fits = text(error, "op") == operation && text(error, "key") == key &&
                        step_ >= number(error, "from") && step_ <= number(error, "to");
      if (fits) return text(error, "message");
    }
    return std::nullopt;
  }

  const json& in_;
  std::int64_t step_ = 0;
  std::map<model::ObjectKey, ScriptedObject> objects_;
  std::vector<std::string> actions_;
};

}  // namespace

json answer_deletion(const json& in) {
  const model::WallTime start = moment("2025-06-02T12:00:00Z");
  const model::WallTime deleted{.seconds = start.seconds - 60};
  constexpr int kIdleMax = 5;
  ScriptedDeletion world(in);
  app::DeletionSettings settings{.name_space = "demo",
                                 .knows_cluster = !flag(in, "unknownCluster"),
                                 .options = texts(in, "syncOptions")};
  std::string approved = text(in, "approved");
  app::Finalizers finalizers(texts(in, "finalizers"));
  std::vector<app::Condition> conditions;
  json steps = json::array();
  int repeated = 0;
  for (std::int64_t step = 0; step < number(in, "maxSteps"); ++step) {
    const model::WallTime now{.seconds = start.seconds + step * kSecondsPerStep};
    world.begin_step(step);
    if (step > 0 && step == number(in, "approveAt")) approved = model::format_rfc3339(now);
    settings.is_confirmed = app::is_deletion_confirmed(approved, deleted);
    const auto events = app::step_deletion(settings, world, finalizers, conditions);
    json& out = steps.emplace_back();
    add_texts(out, "actions", world.actions());
    out["finalizers"] = finalizers.names();
    for (const app::Condition& condition : conditions) {
      out["conditions"].push_back(app::text(condition));
    }
    add_events(out, events);
    out["left"] = world.left();
    const bool is_like_last = steps.size() > 1 && out == steps[steps.size() - 2];
    repeated = is_like_last ? repeated + 1 : 1;
    if (!world.actions().empty()) repeated = 0;
    if (finalizers.names().empty() || repeated == kIdleMax) break;
  }
  return {{"steps", std::move(steps)}};
}

}  // namespace wavetank::conformance
