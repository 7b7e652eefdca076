#include "lint/checks/facts.h"

#include <fmt/format.h>

#include <algorithm>

#include "lint/checks/words.h"
#include "model/annotation.h"
#include "model/kinds.h"

namespace wavetank::lint::checks {

const model::MetadataEntry* hook_entry(const model::Resource& resource) {
  const model::MetadataEntry* argo = resource.annotation(model::kHook);
  return argo != nullptr && !resource.hook.from_helm ? argo : resource.annotation(model::kHelmHook);
}

const model::MetadataEntry* policy_entry(const model::Resource& resource) {
  const model::MetadataEntry* argo = resource.annotation(model::kHookDeletePolicy);
  return argo != nullptr ? argo : resource.annotation(model::kHelmHookDeletePolicy);
}

const model::MetadataEntry* wave_entry(const model::Resource& resource) {
  const model::MetadataEntry* wave = resource.annotation(model::kSyncWave);
  return wave != nullptr ? wave : resource.annotation(model::kHelmHookWeight);
}

source::Span span_or_name(const model::Resource& resource, const model::MetadataEntry* entry) {
  return entry == nullptr ? resource.name_span : value_span(*entry);
}

bool is_kind(const model::Resource& resource, std::string_view group, std::string_view kind) {
  return resource.key.group == group && resource.key.kind == kind;
}

bool runs_in_sync(const model::Resource& resource) {
  return resource.hook.is_hook && !resource.hook.phases.empty();
}

bool is_completion_hook(const model::Resource& resource) {
  return runs_in_sync(resource) && model::runs_to_completion(resource.key.group, resource.key.kind);
}

bool is_plain(const model::Resource& resource) {
  return !resource.hook.is_hook && !resource.hook.is_skip;
}

bool is_custom(const model::Resource& resource) {
  return resource.key.group.find('.') != std::string::npos &&
         !resource.key.group.ends_with(".k8s.io") &&
         model::scope_of(resource.key.group, resource.key.kind) == model::Scope::Unknown;
}

bool is_passive_custom(const model::Resource& resource) {
  const auto rows = data_table("passive-custom-kinds");
  return std::any_of(rows.begin(), rows.end(), [&](const DataRow& row) {
    return row.key == resource.key.group &&
           (row.values.empty() ||
            std::find(row.values.begin(), row.values.end(), resource.key.kind) != row.values.end());
  });
}

bool embeds_version(std::string_view name) {
  const auto dash = name.rfind('-');
  if (dash == std::string_view::npos) return false;
  const std::string_view tail = name.substr(dash + 1);
  const auto digits =
      std::count_if(tail.begin(), tail.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits >= 2 || tail.find('.') != std::string_view::npos;
}

std::string policies_text(const model::DeletePolicies& policies) {
  std::string text;
  const auto add = [&](bool holds, std::string_view word) {
    if (holds) text += fmt::format("{}{}", text.empty() ? "" : ",", word);
  };
  add(policies.before_hook_creation, "BeforeHookCreation");
  add(policies.hook_succeeded, "HookSucceeded");
  add(policies.hook_failed, "HookFailed");
  return text;
}

std::vector<std::string_view> option_items(const model::Resource& resource) {
  const model::MetadataEntry* options = resource.annotation(model::kSyncOptions);
  if (options == nullptr || !options->is_string) return {};
  return model::list_items(options->value);
}

bool has_option(const model::Resource& resource, std::string_view item) {
  const auto items = option_items(resource);
  return std::find(items.begin(), items.end(), item) != items.end();
}

model::ResourceOptions options_of(const model::Resource& resource) {
  const model::MetadataEntry* options = resource.annotation(model::kSyncOptions);
  if (options == nullptr || !options->is_string) return {};
  return model::resource_options(options->value);
}

std::optional<std::uint32_t> task_of(const Context& context, const model::Resource& resource) {
  const auto& tasks = context.tasks_of(resource);
  if (tasks.empty()) return std::nullopt;
  return tasks.front();
}

std::optional<std::uint32_t> step_of(const Context& context, const model::Resource& resource) {
  const auto task = task_of(context, resource);
  if (!task) return std::nullopt;
  return context.plan().step_of(*task);
}

const DataRow* row_of(std::string_view table, const model::ObjectKey& key) {
  const auto rows = data_table(table);
  const std::string full = fmt::format("{}/{}", key.group, key.kind);
  const auto row =
      std::find_if(rows.begin(), rows.end(), [&](const DataRow& each) { return each.key == full; });
  return row == rows.end() ? nullptr : &*row;
}

std::vector<std::string_view> name_parts(std::string_view name) {
  std::vector<std::string_view> parts;
  while (!name.empty()) {
    const auto end = std::min(name.find_first_of("-._"), name.size());
    if (end > 0) parts.push_back(name.substr(0, end));
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  return parts;
}

}  // namespace wavetank::lint::checks
