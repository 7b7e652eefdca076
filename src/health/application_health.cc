#include "health/application_health.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "health/object_view.h"
#include "health/status_word.h"
#include "model/annotation.h"
#include "model/facts.h"
#include "model/key.h"

namespace wavetank::health {

using nlohmann::json;

namespace {

model::HookFacts hook_facts_of(const json& object) {
  const auto annotations = model::annotations_of(object);
  return model::hook_facts(model::hook_annotations(annotations));
}

bool ignores_health(const json& object) {
  const auto annotations = model::annotations_of(object);
  return model::find(annotations, model::kIgnoreHealthCheck) == "true";
}

model::ObjectKey key_of(const json& object) {
  return {.group = std::string(model::group_of(text(object, "/apiVersion"))),
          .kind = text(object, "/kind"),
          .name_space = text(object, "/metadata/namespace"),
          .name = text(object, "/metadata/name")};
}

bool is_application(const model::ObjectKey& key) {
  return key.group == "argoproj.io" && key.kind == "Application";
}

bool is_itself(const json& live, const ApplicationIdentity& application) {
  const model::ObjectKey key = key_of(live);
  return is_application(key) && key.name == application.name &&
         key.name_space == application.name_space && text(live, "/metadata/uid") == application.uid;
}

// The check that Argo CD's documentation gives for Applications.
Health check_child(const json& live) {
  const json& health = at(live, "/status/health");
  if (health.is_null()) return {.status = Status::Progressing};
  if (const auto status = status_of(text(health, "/status"))) {
    return {.status = *status, .message = text(health, "/message")};
  }
  return {.status = Status::Unknown, .message = "Lua returned an invalid health status"};
}

std::string name_cause(const model::ObjectKey& key) {
  return fmt::format("{}{}{}:{}{}{}", key.group, key.group.empty() ? "" : "/", key.kind,
                     key.name_space, key.name_space.empty() ? "" : "/", key.name);
}

std::string name_causes(const std::vector<model::ObjectKey>& causes) {
  constexpr std::size_t kShownMax = 3;
  if (causes.empty()) return {};
  std::string message = "Caused by ";
  for (std::size_t i = 0; i < std::min(causes.size(), kShownMax); ++i) {
    message += (i > 0 ? ", " : "") + name_cause(causes[i]);
  }
  if (causes.size() > kShownMax) message += fmt::format(" and {} more", causes.size() - kShownMax);
  return message;
}

// The names of kinds and objects hold nothing that Go's %q would escape.
std::string check_error(const model::ObjectKey& key, const Health& health) {
  return fmt::format(
      "failed to get resource health for \"{}\" with name \"{}\" in namespace \"{}\": {}", key.kind,
      key.name, key.name_space, health.message);
}

// The running worst of all resources, and who made it so.
struct Worst {
  Status status = Status::Healthy;
  std::vector<model::ObjectKey> causes;

  void add(Status other, const model::ObjectKey& key) {
    if (other > status) {
      status = other;
      causes = {key};
    } else if (other == status && status != Status::Healthy) {
      causes.push_back(key);
    }
  }
};

bool is_left_out(const ManagedResource& resource) {
  return (resource.target != nullptr && hook_facts_of(*resource.target).is_skip) ||
         (resource.live != nullptr && hook_facts_of(*resource.live).is_hook);
}

}  // namespace

std::optional<Health> assess_live(const json& live, const ApplicationHealthSettings& settings) {
  auto health = assess(live, settings.version, settings.custom);
  if (!health && settings.child_check == ChildCheck::OfStatus && is_application(key_of(live))) {
    return check_child(live);
  }
  return health;
}

ApplicationHealth assess_application(std::span<const ManagedResource> resources,
                                     const ApplicationHealthSettings& settings) {
  const bool is_stored = settings.place == HealthPlace::Status;
  ApplicationHealth result;
  result.resources.resize(resources.size());
  result.source = is_stored ? "" : "appTree";
  bool has_resources = false;
  bool has_live = false;
  Worst worst;
  for (std::size_t i = 0; i < resources.size(); ++i) {
    const ManagedResource& resource = resources[i];
    const json* const live = resource.live;
    const json* const object = live != nullptr ? live : resource.target;
    if (object == nullptr || is_left_out(resource)) continue;
    has_resources = true;
    has_live = has_live || live != nullptr;
    if (live != nullptr && (ignores_health(*live) || is_itself(*live, settings.application))) {
      continue;
    }
    const model::ObjectKey key = key_of(*object);
    const std::optional<Health> health =
        live != nullptr ? assess_live(*live, settings) : Health{.status = Status::Missing};
    if (!health) continue;
    if (health->is_error && !result.error) result.error = check_error(key, *health);
    if (is_stored) result.resources[i] = health;
    if (live == nullptr) continue;
    const bool is_absent = health->status == Status::Missing || health->status == Status::Unknown;
    if (is_application(key) && is_absent) continue;
    worst.add(health->status, key);
  }
  if (has_resources && !has_live && Status::Missing > worst.status) {
    worst = {.status = Status::Missing};
  }
  result.status = worst.status;
  result.message = name_causes(worst.causes);
  return result;
}

}  // namespace wavetank::health
