// Small facts about one object that several rules ask for.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lint/catalogue.h"
#include "lint/context.h"
#include "model/resource.h"

namespace wavetank::lint::checks {

// The annotation that decides about the hook, and about its deletion; null when there is none.
[[nodiscard]] const model::MetadataEntry* hook_entry(const model::Resource& resource);
[[nodiscard]] const model::MetadataEntry* policy_entry(const model::Resource& resource);
// The annotation that gives the wave; null when there is none.
[[nodiscard]] const model::MetadataEntry* wave_entry(const model::Resource& resource);
// The value of an annotation to point at; the object's name where there is none.
[[nodiscard]] source::Span span_or_name(const model::Resource& resource,
                                        const model::MetadataEntry* entry);

[[nodiscard]] bool is_kind(const model::Resource& resource, std::string_view group,
                           std::string_view kind);
// A hook of some phase of a sync.
[[nodiscard]] bool runs_in_sync(const model::Resource& resource);
// … that runs to completion.
[[nodiscard]] bool is_completion_hook(const model::Resource& resource);
// Takes part in syncs without being a hook.
[[nodiscard]] bool is_plain(const model::Resource& resource);
// A kind of a group that no Kubernetes API has.
[[nodiscard]] bool is_custom(const model::Resource& resource);

// … of which nothing is made that others wait for (rules/data/passive-custom-kinds.yaml).
[[nodiscard]] bool is_passive_custom(const model::Resource& resource);

// A name that carries a version or a hash changes with every release, so it seldom collides.
[[nodiscard]] bool embeds_version(std::string_view name);
[[nodiscard]] std::string policies_text(const model::DeletePolicies& policies);
// The resource-level sync options, and the items as written.
[[nodiscard]] model::ResourceOptions options_of(const model::Resource& resource);
[[nodiscard]] std::vector<std::string_view> option_items(const model::Resource& resource);
[[nodiscard]] bool has_option(const model::Resource& resource, std::string_view item);

// The first task and step of an object in the plan; nothing for what takes no part.
[[nodiscard]] std::optional<std::uint32_t> task_of(const Context& context,
                                                   const model::Resource& resource);
[[nodiscard]] std::optional<std::uint32_t> step_of(const Context& context,
                                                   const model::Resource& resource);

// The row "group/Kind" of a data table; null when there is none.
[[nodiscard]] const DataRow* row_of(std::string_view table, const model::ObjectKey& key);

// The words of `plain`, `-` between them, lower case: "db-migrate" -> {"db", "migrate"}.
[[nodiscard]] std::vector<std::string_view> name_parts(std::string_view name);

}  // namespace wavetank::lint::checks
