#include "application/deletion.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "application/refresh.h"
#include "model/annotation.h"
#include "model/facts.h"

namespace wavetank::application {

namespace {

// A stage is done, or the next step goes on with it, or it failed.
enum class Stage : std::uint8_t { Done, Waits };
using StageResult = tl::expected<Stage, std::string>;

constexpr std::string_view kHelmResourcePolicy = "helm.sh/resource-policy";

bool is_hook_of(DeleteHook type, const model::HookFacts& hook) {
  return type == DeleteHook::PreDelete ? hook.pre_delete : hook.post_delete;
}

// What has no check counts as healthy.
health::Status health_of(const OwnedObject& object) {
  return object.health ? object.health->status : health::Status::Healthy;
}

std::vector<OwnedObject> hooks_of(DeleteHook type, std::vector<OwnedObject> objects) {
  objects.erase(
      std::remove_if(objects.begin(), objects.end(),
                     [&](const OwnedObject& object) { return !is_hook_of(type, object.hook); }),
      objects.end());
  return objects;
}

// The text of the first check that could not be made.
std::optional<std::string> health_error(const std::vector<OwnedObject>& hooks) {
  for (const OwnedObject& hook : hooks) {
    if (hook.health && hook.health->is_error) return hook.health->message;
  }
  return std::nullopt;
}

// Every manifest without a namespace gets that of the destination, those of cluster-scoped kinds,
// too. Such a hook never equals its live object, and is created again in every step.
StageResult create_missing(DeleteHook type, const DeletionSettings& settings,
                           const std::vector<OwnedObject>& running, DeletionWorld& world) {
  const auto manifests = world.manifests();
  if (!manifests) return tl::unexpected(manifests.error());
  std::map<model::ObjectKey, std::size_t> missing;
  for (std::size_t i = 0; i < manifests->size(); ++i) {
    const DeleteHookManifest& manifest = (*manifests)[i];
    if (!is_hook_of(type, manifest.hook)) continue;
    model::ObjectKey key = manifest.key;
    if (key.name_space.empty()) key.name_space = settings.name_space;
    const bool is_running =
        std::any_of(running.begin(), running.end(),
                    [&](const OwnedObject& object) { return object.key == key; });
    if (!is_running) missing.insert_or_assign(std::move(key), i);
  }
  Stage stage = Stage::Done;
  for (const auto& [key, index] : missing) {
    const CreateAnswer answer = world.create(index, key);
    if (!answer) return tl::unexpected(answer.error());
    if (*answer == CreateStatus::Created) stage = Stage::Waits;
  }
  return stage;
}

StageResult run_hooks(DeleteHook type, const DeletionSettings& settings, DeletionWorld& world) {
  const std::vector<OwnedObject> running = hooks_of(type, world.objects());
  StageResult created = create_missing(type, settings, running, world);
  if (!created || *created == Stage::Waits) return created;
  if (const auto error = health_error(running)) return tl::unexpected(*error);
  bool is_progressing = false;
  std::vector<const OwnedObject*> failed;
  for (const OwnedObject& hook : running) {
    // Suspended and unknown ones count as done.
    if (health_of(hook) == health::Status::Progressing) is_progressing = true;
    if (health_of(hook) == health::Status::Degraded) failed.push_back(&hook);
  }
  if (failed.empty()) return is_progressing ? Stage::Waits : Stage::Done;
  // They go, to be created again, maybe from a corrected manifest.
  std::vector<std::string> names;
  for (const OwnedObject* hook : failed) {
    names.push_back(hook->key.name_space + "/" + hook->key.name);
    (void)world.remove(hook->key, std::nullopt);  // Argo CD only logs an error here
  }
  std::sort(names.begin(), names.end());  // Argo CD's order changes from run to run
  return tl::unexpected(fmt::format("{} hook(s) failed: {}", name(type), fmt::join(names, ", ")));
}

health::Status worst_health(const std::vector<OwnedObject>& hooks) {
  health::Status worst = health::Status::Healthy;
  for (const OwnedObject& hook : hooks) {
    // The empty status of a script is as good as healthy.
    const health::Status status = health_of(hook);
    if (status != health::Status::None && status > worst) worst = status;
  }
  return worst;
}

// A hook goes if its policy fits the worst health of all of them. Without a policy it is treated
// like one with BeforeHookCreation, and stays.
StageResult clean_up_hooks(DeleteHook type, DeletionWorld& world) {
  const std::vector<OwnedObject> hooks = hooks_of(type, world.objects());
  if (const auto error = health_error(hooks)) return tl::unexpected(*error);
  const health::Status worst = worst_health(hooks);
  Stage stage = Stage::Done;
  for (const OwnedObject& hook : hooks) {
    const bool goes = (hook.policies.hook_failed && worst == health::Status::Degraded) ||
                      (hook.policies.hook_succeeded && worst == health::Status::Healthy);
    if (!goes) continue;
    stage = Stage::Waits;
    if (hook.is_being_deleted) continue;
    const DeleteAnswer answer = world.remove(hook.key, std::nullopt);
    if (!answer && !answer.error().is_not_found) {
      return tl::unexpected(answer.error().message);
    }
  }
  return stage;
}

std::vector<OwnedObject> deletable(std::vector<OwnedObject> objects, const SyncOptions& options) {
  objects.erase(
      std::remove_if(objects.begin(), objects.end(),
                     [&](const OwnedObject& object) { return !is_deletable(object, options); }),
      objects.end());
  return objects;
}

// Deletes the objects of the highest wave, unless some object is still being deleted or waits for a
// confirmation.
StageResult cascade(const DeletionSettings& settings, model::Propagation policy,
                    DeletionWorld& world) {
  std::vector<OwnedObject> all = world.objects();
  for (const OwnedObject& object : all) {
    if (object.is_being_deleted) return Stage::Waits;
  }
  const std::vector<OwnedObject> objects = deletable(std::move(all), settings.options);
  std::int64_t wave = 0;
  for (const OwnedObject& object : objects) {
    if (object.requires_confirmation && !settings.is_confirmed) return Stage::Waits;
    if (&object == &objects.front() || object.wave > wave) wave = object.wave;
  }
  std::optional<std::string> error;  // all are tried
  for (const OwnedObject& object : objects) {
    if (object.wave != wave) continue;
    const DeleteAnswer answer = world.remove(object.key, policy);
    if (!answer && !error) error = answer.error().message;
  }
  if (error) return tl::unexpected(*error);
  const bool is_empty = deletable(world.objects(), settings.options).empty();
  return is_empty ? Stage::Done : Stage::Waits;
}

// The error text of a step, if it failed.
using StepResult = std::optional<std::string>;

StepResult forget_cluster(Finalizers& finalizers) {
  finalizers.remove_cascade();
  finalizers.remove_all(DeleteHook::PostDelete);
  finalizers.remove_all(DeleteHook::PreDelete);
  return std::nullopt;
}

StepResult finalize(const DeletionSettings& settings, DeletionWorld& world,
                    Finalizers& finalizers) {
  if (!settings.knows_cluster) return forget_cluster(finalizers);
  if (finalizers.has(DeleteHook::PreDelete, DeleteStage::Run)) {
    const StageResult hooks = run_hooks(DeleteHook::PreDelete, settings, world);
    if (!hooks) return "error executing pre-delete hooks: " + hooks.error();
    if (*hooks == Stage::Waits) return std::nullopt;
    // The objects' turn comes within the same step.
    finalizers.remove(DeleteHook::PreDelete, DeleteStage::Run);
  }
  if (const auto policy = finalizers.cascade()) {
    const StageResult objects = cascade(settings, *policy, world);
    if (!objects) return objects.error();
    if (*objects == Stage::Done) finalizers.remove_cascade();
    return std::nullopt;
  }
  if (finalizers.has(DeleteHook::PostDelete, DeleteStage::Run)) {
    const StageResult hooks = run_hooks(DeleteHook::PostDelete, settings, world);
    if (!hooks) return hooks.error();
    if (*hooks == Stage::Done) finalizers.remove(DeleteHook::PostDelete, DeleteStage::Run);
    return std::nullopt;
  }
  for (const DeleteHook type : {DeleteHook::PreDelete, DeleteHook::PostDelete}) {
    if (!finalizers.has(type, DeleteStage::Cleanup)) continue;
    const StageResult hooks = clean_up_hooks(type, world);
    const bool is_pre = type == DeleteHook::PreDelete;
    if (!hooks) return (is_pre ? "error cleaning up pre-delete hooks: " : "") + hooks.error();
    if (*hooks == Stage::Done) finalizers.remove(type, DeleteStage::Cleanup);
    return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

OwnedObject owned_object(const nlohmann::json& live,
                         const health::ApplicationIdentity& application) {
  const auto annotations = model::annotations_of(live);
  const model::HookAnnotations hook = model::hook_annotations(annotations);
  const auto text = [](const nlohmann::json& object, const char* key) {
    const auto found = object.is_object() ? object.find(key) : object.end();
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  const nlohmann::json metadata =
      live.contains("metadata") ? live["metadata"] : nlohmann::json::object();
  OwnedObject object{.key = {.group = std::string(model::group_of(text(live, "apiVersion"))),
                             .kind = text(live, "kind"),
                             .name_space = text(metadata, "namespace"),
                             .name = text(metadata, "name")},
                     .hook = model::hook_facts(hook),
                     .policies = model::delete_policies(hook),
                     .wave = model::wave_of(model::find(annotations, model::kSyncWave),
                                            model::find(annotations, model::kHelmHookWeight)),
                     .health = health::assess(live),
                     .is_being_deleted = !text(metadata, "deletionTimestamp").empty()};
  const model::ObjectKey& key = object.key;
  object.is_crd = key.group == "apiextensions.k8s.io" && key.kind == "CustomResourceDefinition";
  object.is_the_application =
      key.group == "argoproj.io" && key.kind == "Application" && key.name == application.name &&
      key.name_space == application.name_space && text(metadata, "uid") == application.uid;
  if (const auto policy = model::find(annotations, kHelmResourcePolicy)) {
    object.is_kept = has_option(model::list_items(*policy), "keep");
  }
  if (const auto options = model::find(annotations, model::kSyncOptions)) {
    object.delete_option = option_value(model::list_items(*options), "Delete");
  }
  return object;
}

bool is_deletion_confirmed(std::string_view approved, model::WallTime since) {
  const auto time = model::parse_rfc3339(approved);
  return time && *time >= since;
}

bool is_deletable(const OwnedObject& object, const SyncOptions& options) {
  const auto option = object.delete_option ? object.delete_option : option_value(options, "Delete");
  return !object.is_crd && !object.is_the_application && !object.is_kept && option != "false";
}

std::vector<Event> step_deletion(const DeletionSettings& settings, DeletionWorld& world,
                                 Finalizers& finalizers, std::vector<Condition>& conditions) {
  constexpr std::array<std::string_view, 1> kDeletionError{"DeletionError"};
  const StepResult error = finalize(settings, world, finalizers);
  if (!error) return {};
  const std::array instead{Condition{.type = "DeletionError", .message = *error}};
  set_conditions(conditions, instead, kDeletionError);
  return {{.kind = Event::Kind::Warning,
           .reason = "StatusRefreshed",
           .message = "Unable to delete application resources: " + *error}};
}

}  // namespace wavetank::application
