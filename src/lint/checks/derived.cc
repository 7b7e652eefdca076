// PH and WV: needs that no reference between two manifests shows, because a controller, a hook or a
// running pod stands between them.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text_distance.h"
#include "lint/checks.h"
#include "lint/checks/facts.h"
#include "lint/checks/producers.h"
#include "lint/checks/words.h"

namespace wavetank::lint::checks {

namespace {

using source::Severity;

const sync::PlanTask& planned(const Context& context, std::uint32_t task) {
  return context.plan().tasks[task];
}

std::string place_of(const Context& context, std::uint32_t task) {
  return fmt::format("{}, wave {}", model::name(planned(context, task).phase),
                     planned(context, task).wave);
}

struct Subject {
  std::string_view name;
  std::string_view name_space;
};

// Whether a binding gives rights to a ServiceAccount.
bool binds(const model::Resource& binding, const Subject& account) {
  const yaml::Tree& tree = *binding.tree;
  const auto subjects = tree.items(binding.find({"subjects"}));
  return std::any_of(subjects.begin(), subjects.end(), [&](yaml::NodeId subject) {
    if (tree.string(subject, {"kind"}) != "ServiceAccount") return false;
    if (tree.string(subject, {"name"}) != account.name) return false;
    const std::string_view in = tree.string(subject, {"namespace"});
    return in.empty() || in == account.name_space;
  });
}

bool is_binding(const model::Resource& resource) {
  return is_kind(resource, "rbac.authorization.k8s.io", "RoleBinding") ||
         is_kind(resource, "rbac.authorization.k8s.io", "ClusterRoleBinding");
}

// Words in the name of a Job that prepares something for the rest.
bool prepares(std::string_view word) {
  constexpr std::array<std::string_view, 7> kWords{"migrat",    "init",    "setup", "seed",
                                                   "bootstrap", "certgen", "schema"};
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](std::string_view each) { return word.starts_with(each); });
}

// An init container that waits for what a Job of this name does.
yaml::NodeId waiting_container(const model::Resource& user, std::string_view job) {
  const yaml::Tree& tree = *user.tree;
  for (const yaml::NodeId item :
       tree.items(tree.find(model::pod_spec_of(user), "initContainers"))) {
    const yaml::NodeId name = tree.find(item, "name");
    if (!tree.is_scalar(name)) continue;
    const auto parts = name_parts(tree.node(name).text);
    if (std::find(parts.begin(), parts.end(), "wait") == parts.end()) continue;
    for (const std::string_view of_job : name_parts(job)) {
      if (!prepares(of_job)) continue;
      const std::string_view stem = of_job.substr(0, 5);
      const bool is_meant = std::any_of(parts.begin(), parts.end(), [&](std::string_view part) {
        return part.starts_with(stem) || stem.starts_with(part.substr(0, 4));
      });
      if (is_meant) return name;
    }
  }
  return {};
}

// The name nearest to a reference among the objects of its kind and namespace; empty: none is near.
std::string_view near_name(const Context& context, const model::Reference& reference,
                           std::string_view name_space) {
  if (reference.name.size() < 5) return {};
  std::string_view best;
  for (const model::Resource& other : context.bundle.resources) {
    if (!other.key.group.empty() || other.key.kind != reference.kind) continue;
    if (other.key.name_space != name_space) continue;
    // Names that differ in a number are siblings, not slips of the finger.
    const auto differs_in_digit = [&] {
      const auto [a, b] = std::mismatch(reference.name.begin(), reference.name.end(),
                                        other.key.name.begin(), other.key.name.end());
      const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
      return (a != reference.name.end() && is_digit(*a)) ||
             (b != other.key.name.end() && is_digit(*b));
    };
    if (base::text_distance(reference.name, other.key.name) <= 2 && !differs_in_digit()) {
      best = other.key.name;
    }
  }
  return best;
}

}  // namespace

void hook_needs_derived_secret(const Context& context, Reporter& reporter) {
  for (const model::Resource& user : context.bundle.resources) {
    const auto task = task_of(context, user);
    if (!task || !user.hook.is_hook) continue;
    for (const model::Reference& reference : context.references_of(user)) {
      if (reference.kind != "Secret") continue;
      if (context.find("Secret", reference.name, user.key.name_space) != nullptr) continue;
      const model::Resource* producer =
          secret_producer(context, reference.name, user.key.name_space);
      const auto made = producer == nullptr ? std::nullopt : task_of(context, *producer);
      if (!made || context.plan().step_of(*made) <= context.plan().step_of(*task)) continue;
      Report report{.resource = &user,
                    .span = reference.span,
                    .values = {{"secret", std::string(reference.name)},
                               {"producer", model::short_name(producer->key)},
                               {"userPlace", place_of(context, *task)},
                               {"place", place_of(context, *made)}},
                    .related = {{.span = producer->name_span,
                                 .text = fmt::format("makes the Secret, applied in {}",
                                                     place_of(context, *made))}},
                    .plan = {context.plan_line(*task), context.plan_line(*made)}};
      if (reference.optional) report.severity = Severity::Warning;
      reporter.add(std::move(report));
      break;
    }
  }
}

void hook_rights_come_later(const Context& context, Reporter& reporter) {
  for (const model::Resource& user : context.bundle.resources) {
    const auto task = task_of(context, user);
    if (!task || !user.hook.is_hook) continue;
    const std::uint32_t step = context.plan().step_of(*task);
    for (const model::Reference& reference : context.references_of(user)) {
      if (reference.kind != "ServiceAccount") continue;
      const model::Resource* account =
          context.find("ServiceAccount", reference.name, user.key.name_space);
      const auto account_step = account == nullptr ? std::nullopt : step_of(context, *account);
      if (!account_step || *account_step > step) break;  // PH001 and PH002 speak of that
      const model::Resource* later = nullptr;
      bool has_rights = false;
      for (const model::Resource& binding : context.bundle.resources) {
        if (!is_binding(binding)) continue;
        const auto bound = step_of(context, binding);
        if (!bound || !binds(binding, {reference.name, user.key.name_space})) continue;
        if (*bound <= step) has_rights = true;
        later = &binding;
      }
      if (has_rights || later == nullptr) break;
      const std::uint32_t bound = *task_of(context, *later);
      reporter.add({.resource = &user,
                    .span = reference.span,
                    .values = {{"account", std::string(reference.name)},
                               {"binding", model::short_name(later->key)},
                               {"place", place_of(context, bound)}},
                    .related = {{.span = later->name_span,
                                 .text = fmt::format("applied in {}", place_of(context, bound))}},
                    .plan = {context.plan_line(*task), context.plan_line(bound)}});
      break;
    }
  }
}

void presync_needs_own_service(const Context& context, Reporter& reporter) {
  for (const model::Resource& user : context.bundle.resources) {
    const auto task = task_of(context, user);
    if (!task || planned(context, *task).phase != model::Phase::PreSync) continue;
    for (const HostMention& mention : hosts_of(user)) {
      const model::Resource* service = context.find("Service", mention.host, user.key.name_space);
      const auto served = service == nullptr ? std::nullopt : task_of(context, *service);
      if (!served || planned(context, *served).phase == model::Phase::PreSync) continue;
      // A Service of type ExternalName stands for something that is there already.
      if (service->string({"spec", "type"}) == "ExternalName") continue;
      reporter.add({.resource = &user,
                    .span = mention.span,
                    .values = {{"service", model::short_name(service->key)},
                               {"place", place_of(context, *served)}},
                    .related = {{.span = service->name_span,
                                 .text = fmt::format("applied in {}", place_of(context, *served))}},
                    .plan = {context.plan_line(*task), context.plan_line(*served)}});
      break;
    }
  }
}

void postsync_migration_deadlock(const Context& context, Reporter& reporter) {
  for (const model::Resource& job : context.bundle.resources) {
    const auto task = task_of(context, job);
    if (!task || !is_completion_hook(job)) continue;
    if (planned(context, *task).phase != model::Phase::PostSync) continue;
    const std::string& name = job.key.name.empty() ? job.generate_name : job.key.name;
    for (const model::Resource& user : context.bundle.resources) {
      if (!is_plain(user) || !context.is_gate(user)) continue;
      const yaml::NodeId container = waiting_container(user, name);
      if (!container.valid()) continue;
      reporter.add(
          {.resource = &job,
           .span = span_or_name(job, hook_entry(job)),
           .values = {{"user", model::short_name(user.key)},
                      {"container", std::string(user.tree->node(container).text)}},
           .related = {{.span = user.tree->node(container).span, .text = "seems to wait for it"}},
           .plan = {context.plan_line(*task_of(context, user)), context.plan_line(*task)}});
      break;
    }
  }
}

void dangling_reference(const Context& context, Reporter& reporter) {
  if (!context.bundle.is_application) return;
  for (const model::Resource& user : context.bundle.resources) {
    if (!runs_in_sync(user)) continue;
    for (const model::Reference& reference : context.references_of(user)) {
      if (reference.optional || reference.name == "default") continue;
      if (is_placeholder(reference.name)) continue;
      if (context.find(reference.kind, reference.name, user.key.name_space) != nullptr) continue;
      if (secret_producer(context, reference.name, user.key.name_space) != nullptr) continue;
      const std::string_view near = near_name(context, reference, user.key.name_space);
      Report report{.resource = &user,
                    .span = reference.span,
                    .variant = near.empty() ? "" : "near",
                    .values = {{"needed", fmt::format("{}/{}", reference.kind, reference.name)},
                               {"near", std::string(near)}}};
      if (!near.empty()) {
        report.severity = Severity::Warning;
        report.fixes.push_back({.safety = FixSafety::Unsafe,
                                .title = fmt::format("write `{}`", near),
                                .edits = {{.span = reference.span, .text = std::string(near)}}});
      }
      reporter.add(std::move(report));
    }
  }
}

void custom_resource_wave_without_health(const Context& context, Reporter& reporter) {
  for (const model::Resource& custom : context.bundle.resources) {
    const auto task = task_of(context, custom);
    if (!task || !is_custom(custom) || custom.key.name.size() < 3) continue;
    if (!is_plain(custom) || is_passive_custom(custom) || context.has_health(custom)) continue;
    const std::uint32_t step = context.plan().step_of(*task);
    // What its controller makes bears its name, perhaps with something behind it.
    const auto is_made_of_it = [&](std::string_view name) {
      return name == custom.key.name || name.starts_with(custom.key.name + "-");
    };
    for (const model::Resource& user : context.bundle.resources) {
      const auto used = task_of(context, user);
      if (!used || context.plan().step_of(*used) <= step) continue;
      if (user.key.name_space != custom.key.name_space) continue;
      source::Span span;
      for (const model::Reference& reference : context.references_of(user)) {
        const bool is_given =
            context.find(reference.kind, reference.name, user.key.name_space) != nullptr ||
            secret_producer(context, reference.name, user.key.name_space) != nullptr;
        // Claims and accounts are seldom made by a controller.
        const bool is_makeable = reference.kind == "Secret" || reference.kind == "ConfigMap";
        if (!is_given && is_makeable && !reference.optional && is_made_of_it(reference.name)) {
          span = reference.span;
        }
      }
      for (const HostMention& mention : hosts_of(user)) {
        const bool is_given = context.find("Service", mention.host, user.key.name_space) != nullptr;
        if (!is_given && is_made_of_it(mention.host)) span = mention.span;
      }
      if (!span.valid()) continue;
      reporter.add({.resource = &custom,
                    .span = span_or_name(custom, wave_entry(custom)),
                    .values = {{"user", model::short_name(user.key)}},
                    .related = {{.span = span, .text = "uses what its controller makes"}},
                    .plan = {context.plan_line(*task), context.plan_line(*used)}});
      break;
    }
  }
}

}  // namespace wavetank::lint::checks
