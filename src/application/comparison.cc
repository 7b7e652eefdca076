#include "application/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "application/hook_view.h"
#include "model/annotation.h"
#include "model/facts.h"

namespace wavetank::application {

namespace {

using LiveByKey = std::map<model::ObjectKey, std::size_t>;

bool is_managed_namespace(const Comparand& object, const ComparisonSettings& settings) {
  return settings.has_managed_namespace_metadata && object.key.kind == "Namespace" &&
         object.key.name == settings.name_space;
}

bool requires_confirmation(const Comparand& object, const SyncOptions& options) {
  const auto is_confirm = [&](const std::optional<std::string>& own, std::string_view key) {
    return (own ? own : option_value(options, key)) == "confirm";
  };
  return is_confirm(object.delete_option, "Delete") || is_confirm(object.prune_option, "Prune");
}

// One object that the API server shows in several groups counts once, if git does not name it.
// Argo CD leaves it to chance which of several stays; here it is the last by key.
void drop_duplicates(std::span<const Comparand> targets, std::span<const std::size_t> plain,
                     std::span<const Comparand> live, LiveByKey& by_key) {
  std::map<std::string, std::vector<model::ObjectKey>> by_uid;
  for (const auto& [key, index] : by_key) {
    if (!live[index].uid.empty()) by_uid[live[index].uid].push_back(key);
  }
  for (const auto& [uid, keys] : by_uid) {
    std::size_t left = keys.size();
    for (const model::ObjectKey& key : keys) {
      if (left == 1) break;
      const bool is_wanted = std::any_of(
          plain.begin(), plain.end(), [&](std::size_t index) { return targets[index].key == key; });
      if (is_wanted) continue;
      by_key.erase(key);
      --left;
    }
  }
}

// Takes the live object of a target away from the rest.
std::optional<std::size_t> take_live(const Comparand& target, const ComparisonSettings& settings,
                                     LiveByKey& by_key) {
  model::ObjectKey key = target.key;
  const auto take = [&]() -> std::optional<std::size_t> {
    const auto found = by_key.find(key);
    if (found == by_key.end()) return std::nullopt;
    const std::size_t index = found->second;
    by_key.erase(found);
    return index;
  };
  if (target.scope != model::Scope::Cluster) {
    if (key.name_space.empty()) key.name_space = settings.name_space;
    if (const auto index = take()) return index;
  }
  // What may be of either scope is looked for in both.
  key.name_space.clear();
  return target.scope == model::Scope::Namespaced ? std::nullopt : take();
}

// A missing or unusual mark names nobody.
std::vector<Condition> shared_objects(std::span<const Comparand> live,
                                      const ComparisonSettings& settings) {
  std::vector<Condition> conditions;
  for (const Comparand& object : live) {
    if (object.tracked_by.empty() || object.tracked_by == settings.application) continue;
    std::string other = object.tracked_by;
    std::replace(other.begin(), other.end(), '_', '/');
    conditions.push_back(
        {.type = "SharedResourceWarning",
         .message = fmt::format("{}/{} is part of applications {} and {}", object.key.kind,
                                object.key.name, settings.qualified_name, other)});
  }
  return conditions;
}

class Comparing {
 public:
  Comparing(std::span<const Comparand> targets, std::span<const Comparand> live,
            const ComparisonSettings& settings, const DiffersFunction& differs)
      : targets_(targets), live_(live), settings_(settings), differs_(differs) {}

  Comparison run() {
    const std::vector<std::size_t> plain = split_targets();
    LiveByKey by_key;
    for (std::size_t i = 0; i < live_.size(); ++i) by_key.insert_or_assign(live_[i].key, i);
    result_.conditions = shared_objects(live_, settings_);
    drop_duplicates(targets_, plain, live_, by_key);
    result_.status = SyncStatus::Synced;
    for (const std::size_t index : plain) {
      add_row(index, take_live(targets_[index], settings_, by_key));
    }
    for (const auto& [key, index] : by_key) add_row(std::nullopt, index);
    if (!settings_.load_errors.empty()) {
      result_.status = SyncStatus::Unknown;
    } else if (settings_.has_changed_namespace_metadata) {
      result_.status = SyncStatus::OutOfSync;
    }
    for (const std::string& error : settings_.load_errors) {
      result_.conditions.push_back({.type = "ComparisonError", .message = error});
    }
    std::sort(result_.conditions.begin(), result_.conditions.end());
    return std::move(result_);
  }

 private:
  // The targets that are no hooks; notes the others.
  std::vector<std::size_t> split_targets() {
    std::vector<std::size_t> plain;
    for (std::size_t i = 0; i < targets_.size(); ++i) {
      const model::HookFacts& hook = targets_[i].hook;
      if (declares_pre_delete(hook)) result_.has_pre_delete_hooks = true;
      if (declares_post_delete(hook)) result_.has_post_delete_hooks = true;
      if (!takes_part_in_sync(hook) || hook.is_ignored) continue;
      (hook.is_hook ? result_.hooks : plain).push_back(i);
    }
    return plain;
  }

  void add_row(std::optional<std::size_t> target_index, std::optional<std::size_t> live_index) {
    const Comparand* target = target_index ? &targets_[*target_index] : nullptr;
    const Comparand* live = live_index ? &live_[*live_index] : nullptr;
    const Comparand& shown = live != nullptr ? *live : *target;
    const bool is_own = refers_to_itself({.live = live != nullptr ? live->object : nullptr,
                                          .target = target != nullptr ? target->object : nullptr},
                                         settings_.method);
    ComparisonRow row;
    row.target = target_index;
    row.live = live_index;
    row.version = shown.version;
    row.resource.key = shown.key;
    row.resource.requires_pruning = target == nullptr && is_own;
    row.is_hook = is_shown_as_hook(shown.hook);
    row.requires_confirmation =
        (target != nullptr && requires_confirmation(*target, settings_.options)) ||
        (live != nullptr && requires_confirmation(*live, settings_.options));
    row.wave = target != nullptr ? target->wave : wave_of_hook(shown, row.is_hook);
    row.is_modified = target != nullptr && (live == nullptr || differs_(*target, *live));
    row.resource.status = status_of(row, target, shown, is_own);
    if (shown.scope == model::Scope::Namespaced && shown.key.name_space.empty()) {
      add_missing_namespace(shown);
    }
    result_.rows.push_back(std::move(row));
  }

  // A live hook has the wave of the hook in git.
  [[nodiscard]] std::int64_t wave_of_hook(const Comparand& live, bool is_hook) const {
    if (!is_hook) return 0;
    for (const std::size_t index : result_.hooks) {
      const model::ObjectKey& key = targets_[index].key;
      const bool is_same = key.name == live.key.name && key.kind == live.key.kind &&
                           key.name_space == live.key.name_space;
      if (is_same) return targets_[index].wave;
    }
    return 0;
  }

  SyncStatus status_of(const ComparisonRow& row, const Comparand* target, const Comparand& shown,
                       bool is_own) {
    const bool is_skipped = target != nullptr && target->hook.is_skip;
    const bool has_none = row.is_hook || shown.hook.is_ignored || is_skipped || !is_own;
    // A namespace that the operation is going to create does not count as missing.
    const bool will_be_created =
        target != nullptr && !row.live && is_managed_namespace(*target, settings_);
    const bool is_out_of_sync =
        !has_none && !will_be_created && (row.is_modified || target == nullptr);
    if (is_out_of_sync && (target != nullptr || !shown.ignores_extraneous)) {
      result_.status = SyncStatus::OutOfSync;
    }
    if (!shown.is_kind_permitted || !settings_.load_errors.empty()) return SyncStatus::Unknown;
    if (has_none) return SyncStatus::None;
    return is_out_of_sync ? SyncStatus::OutOfSync : SyncStatus::Synced;
  }

  void add_missing_namespace(const Comparand& object) {
    const model::ObjectKey& key = object.key;
    result_.conditions.push_back(
        {.type = "InvalidSpecError",
         .message = fmt::format("Namespace for {} {}/{}, Kind={} is missing.", key.name, key.group,
                                object.version, key.kind)});
  }

  std::span<const Comparand> targets_;
  std::span<const Comparand> live_;
  const ComparisonSettings& settings_;
  const DiffersFunction& differs_;
  Comparison result_;
};

}  // namespace

Comparand comparand(const nlohmann::json& object) {
  const auto annotations = model::annotations_of(object);
  const auto text = [](const nlohmann::json& value, const char* key) {
    const auto found = value.is_object() ? value.find(key) : value.end();
    return found != value.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  const nlohmann::json metadata =
      object.contains("metadata") ? object["metadata"] : nlohmann::json::object();
  const std::string api_version = text(object, "apiVersion");
  Comparand result{.key = {.group = std::string(model::group_of(api_version)),
                           .kind = text(object, "kind"),
                           .name_space = text(metadata, "namespace"),
                           .name = text(metadata, "name")},
                   .version = std::string(model::version_of(api_version)),
                   .hook = model::hook_facts(model::hook_annotations(annotations)),
                   .wave = model::wave_of(model::find(annotations, model::kSyncWave),
                                          model::find(annotations, model::kHelmHookWeight)),
                   .uid = text(metadata, "uid"),
                   .object = &object};
  if (const auto options = model::find(annotations, model::kSyncOptions)) {
    const auto items = model::list_items(*options);
    result.delete_option = option_value(items, "Delete");
    result.prune_option = option_value(items, "Prune");
  }
  if (const auto options = model::find(annotations, model::kCompareOptions)) {
    result.ignores_extraneous = has_option(model::list_items(*options), "IgnoreExtraneous");
  }
  if (const auto mark = model::find(annotations, model::kTrackingId)) {
    if (const auto tracked = parse_tracking_id(*mark)) result.tracked_by = tracked->application;
  }
  return result;
}

Comparison compare(std::span<const Comparand> targets, std::span<const Comparand> live,
                   const ComparisonSettings& settings, const DiffersFunction& differs) {
  return Comparing(targets, live, settings, differs).run();
}

bool needs_managed_namespace(std::span<const Comparand> targets, std::span<const Comparand> live,
                             const ComparisonSettings& settings) {
  const auto is_managed = [&](const Comparand& object) {
    return is_managed_namespace(object, settings);
  };
  return std::any_of(live.begin(), live.end(), is_managed) &&
         std::none_of(targets.begin(), targets.end(), is_managed);
}

std::string joined(std::span<const Condition> conditions) {
  std::string all;
  for (const Condition& condition : conditions) {
    if (!all.empty()) all += ";";
    all += text(condition);
  }
  return all;
}

}  // namespace wavetank::application
