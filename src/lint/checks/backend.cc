// WV: objects that are of no use before the workload behind them runs: webhooks, API services, and
// the custom resources of an operator.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lint/checks.h"
#include "lint/checks/facts.h"

namespace wavetank::lint::checks {

namespace {

constexpr std::array<std::string_view, 3> kWorkloads{"Deployment", "StatefulSet", "DaemonSet"};

bool is_workload(const model::Resource& resource) {
  return resource.key.group == "apps" &&
         std::find(kWorkloads.begin(), kWorkloads.end(), resource.key.kind) != kWorkloads.end();
}

// Whether a Service selects the pods of a workload.
bool selects(const model::Resource& service, const model::Resource& workload) {
  const yaml::Tree& tree = *service.tree;
  const auto wanted = tree.entries(service.find({"spec", "selector"}));
  const yaml::NodeId labels =
      workload.tree->find(model::pod_template_of(workload), {"metadata", "labels"});
  return !wanted.empty() &&
         std::all_of(wanted.begin(), wanted.end(), [&](const yaml::Entry& entry) {
           const std::string_view key = tree.node(tree.resolve(entry.key)).text;
           const yaml::NodeId label = workload.tree->find(labels, key);
           return workload.tree->is_scalar(label) &&
                  workload.tree->node(label).text == tree.node(tree.resolve(entry.value)).text;
         });
}

struct ServiceName {
  std::string_view name;
  std::string_view name_space;
};

// The workload behind a Service of this application; null when it has none.
const model::Resource* backend_of(const Context& context, const ServiceName& name) {
  const model::Resource* service = context.find("Service", name.name, name.name_space);
  if (service == nullptr) return nullptr;
  for (const model::Resource& workload : context.bundle.resources) {
    if (!is_workload(workload) || workload.key.name_space != service->key.name_space) continue;
    if (step_of(context, workload) && selects(*service, workload)) return &workload;
  }
  return nullptr;
}

bool lists(const yaml::Tree& tree, yaml::NodeId sequence, std::string_view word) {
  const auto items = tree.items(sequence);
  return std::any_of(items.begin(), items.end(), [&](yaml::NodeId item) {
    return tree.is_scalar(item) && (tree.node(item).text == word || tree.node(item).text == "*");
  });
}

// The plural of a kind as most of them have it.
std::string plural_of(std::string_view kind) {
  std::string word(kind);
  std::transform(word.begin(), word.end(), word.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (word.ends_with("s") || word.ends_with("x") || word.ends_with("ch")) return word + "es";
  if (word.ends_with("y") && !word.ends_with("ey") && !word.ends_with("ay")) {
    return word.substr(0, word.size() - 1) + "ies";
  }
  return word + "s";
}

// Whether a webhook is asked before this object is created. Selectors are not understood: with one,
// nothing is certain.
bool covers(const model::Resource& configuration, yaml::NodeId webhook,
            const model::Resource& object) {
  const yaml::Tree& tree = *configuration.tree;
  for (const std::string_view selector : {"namespaceSelector", "objectSelector"}) {
    if (!tree.entries(tree.find(webhook, selector)).empty()) return false;
  }
  const auto rules = tree.items(tree.find(webhook, "rules"));
  return std::any_of(rules.begin(), rules.end(), [&](yaml::NodeId rule) {
    return lists(tree, tree.find(rule, "operations"), "CREATE") &&
           lists(tree, tree.find(rule, "apiGroups"), object.key.group) &&
           lists(tree, tree.find(rule, "resources"), plural_of(object.key.kind));
  });
}

bool is_webhook_configuration(const model::Resource& resource) {
  return is_kind(resource, "admissionregistration.k8s.io", "ValidatingWebhookConfiguration") ||
         is_kind(resource, "admissionregistration.k8s.io", "MutatingWebhookConfiguration");
}

// The first object that a webhook must let through before its backend can answer.
const model::Resource* refused_object(const Context& context, const model::Resource& configuration,
                                      yaml::NodeId webhook, const model::Resource& backend) {
  const std::uint32_t active = *step_of(context, configuration);
  const std::uint32_t ready = *step_of(context, backend);
  for (const model::Resource& object : context.bundle.resources) {
    const auto task = task_of(context, object);
    if (!task || &object == &configuration || !covers(configuration, webhook, object)) continue;
    const std::uint32_t step = context.plan().step_of(*task);
    // Within a step objects follow one another without a wait, the configuration among them.
    const bool is_behind =
        step > active || (step == active && *task > *task_of(context, configuration));
    if (is_behind && step <= ready) return &object;
  }
  return nullptr;
}

// Whether the pods of a workload reconcile objects of an API group: their account may write the
// status or the finalizers of them.
bool reconciles(const Context& context, const model::Resource& workload, std::string_view group) {
  const std::string_view account =
      workload.tree->string(model::pod_spec_of(workload), {"serviceAccountName"});
  if (account.empty()) return false;
  for (const model::Resource& binding : context.bundle.resources) {
    if (!binding.key.kind.ends_with("RoleBinding")) continue;
    const yaml::Tree& tree = *binding.tree;
    const auto subjects = tree.items(binding.find({"subjects"}));
    const bool is_bound = std::any_of(subjects.begin(), subjects.end(), [&](yaml::NodeId subject) {
      return tree.string(subject, {"name"}) == account;
    });
    if (!is_bound) continue;
    for (const model::Resource& role : context.bundle.resources) {
      if (role.key.name != binding.string({"roleRef", "name"})) continue;
      if (role.key.kind != binding.string({"roleRef", "kind"})) continue;
      const auto rules = role.tree->items(role.find({"rules"}));
      const bool writes = std::any_of(rules.begin(), rules.end(), [&](yaml::NodeId rule) {
        const auto resources = role.tree->items(role.tree->find(rule, "resources"));
        const bool has_part =
            std::any_of(resources.begin(), resources.end(), [&](yaml::NodeId item) {
              const std::string_view text =
                  role.tree->is_scalar(item) ? role.tree->node(item).text : std::string_view{};
              return text == "*" || text.ends_with("/status") || text.ends_with("/finalizers");
            });
        return has_part && lists(*role.tree, role.tree->find(rule, "apiGroups"), group);
      });
      if (writes) return true;
    }
  }
  return false;
}

// Whether the name of a workload says that it is the operator of a group: "widget-operator" and
// "widget.acme.io".
bool is_named_after(const model::Resource& workload, std::string_view group) {
  const auto parts = name_parts(workload.key.name);
  const bool is_operator = std::any_of(parts.begin(), parts.end(), [](std::string_view part) {
    return part == "operator" || part == "controller" || part == "manager";
  });
  if (!is_operator) return false;
  const auto of_group = name_parts(group);
  return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) {
    return part.size() >= 4 && part != "operator" && part != "controller" && part != "manager" &&
           std::find(of_group.begin(), of_group.end(), part) != of_group.end();
  });
}

}  // namespace

void operator_after_its_objects(const Context& context, Reporter& reporter) {
  for (const model::Resource& custom : context.bundle.resources) {
    const auto task = task_of(context, custom);
    if (!task || !is_custom(custom) || !is_plain(custom)) continue;
    for (const model::Resource& workload : context.bundle.resources) {
      const auto runs = is_workload(workload) ? task_of(context, workload) : std::nullopt;
      if (!runs || !is_plain(workload)) continue;
      if (context.plan().step_of(*runs) <= context.plan().step_of(*task)) continue;
      if (!reconciles(context, workload, custom.key.group) &&
          !is_named_after(workload, custom.key.group)) {
        continue;
      }
      reporter.add({.resource = &custom,
                    .span = span_or_name(custom, wave_entry(custom)),
                    .values = {{"operator", model::short_name(workload.key)}},
                    .related = {{.span = workload.name_span, .text = "its operator comes later"}},
                    .plan = {context.plan_line(*task), context.plan_line(*runs)}});
      break;
    }
  }
}

void webhook_before_backend(const Context& context, Reporter& reporter) {
  for (const model::Resource& configuration : context.bundle.resources) {
    if (!is_webhook_configuration(configuration) || !step_of(context, configuration)) continue;
    const yaml::Tree& tree = *configuration.tree;
    for (const yaml::NodeId webhook : tree.items(configuration.find({"webhooks"}))) {
      if (tree.string(webhook, {"failurePolicy"}) == "Ignore") continue;
      const yaml::NodeId service = tree.find(webhook, {"clientConfig", "service"});
      const model::Resource* backend = backend_of(
          context, {tree.string(service, {"name"}), tree.string(service, {"namespace"})});
      if (backend == nullptr) continue;
      const model::Resource* refused = refused_object(context, configuration, webhook, *backend);
      if (refused == nullptr) continue;
      reporter.add({.resource = &configuration,
                    .span = configuration.name_span,
                    .values = {{"webhook", std::string(tree.string(webhook, {"name"}))},
                               {"backend", model::short_name(backend->key)},
                               {"refused", model::short_name(refused->key)}},
                    .related = {{.span = backend->name_span, .text = "answers the webhook"},
                                {.span = refused->name_span, .text = "must pass it before"}},
                    .plan = {context.plan_line(*task_of(context, configuration)),
                             context.plan_line(*task_of(context, *refused)),
                             context.plan_line(*task_of(context, *backend))}});
      break;
    }
  }
}

void apiservice_before_backend(const Context& context, Reporter& reporter) {
  for (const model::Resource& service : context.bundle.resources) {
    if (!is_kind(service, "apiregistration.k8s.io", "APIService")) continue;
    const auto task = task_of(context, service);
    if (!task || !context.is_awaited(*task)) continue;
    const model::Resource* backend =
        backend_of(context, {service.string({"spec", "service", "name"}),
                             service.string({"spec", "service", "namespace"})});
    const auto runs = backend == nullptr ? std::nullopt : task_of(context, *backend);
    if (!runs || context.plan().step_of(*runs) <= context.plan().step_of(*task)) continue;
    reporter.add({.resource = &service,
                  .span = span_or_name(service, wave_entry(service)),
                  .values = {{"backend", model::short_name(backend->key)}},
                  .related = {{.span = backend->name_span, .text = "serves this API, but later"}},
                  .plan = {context.plan_line(*task), context.plan_line(*runs)}});
  }
}

}  // namespace wavetank::lint::checks
