#include "sync/message.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace wavetank::sync {

namespace {

std::string task_name(const Task& task, const base::Interner& interner) {
  return fmt::format("{}/{}/{}", interner.text(task.key.group), interner.text(task.key.kind),
                     interner.text(task.key.name));
}

}  // namespace

std::string waiting_message(std::span<Task* const> tasks, Awaited awaited,
                            const base::Interner& interner) {
  if (tasks.empty()) return "";
  const auto hook =
      std::find_if(tasks.begin(), tasks.end(), [](const Task* task) { return task->is_hook; });
  const bool names_hook = awaited != Awaited::Confirmation && hook != tasks.end();
  const Task& first = names_hook ? **hook : *tasks.front();
  std::string_view what;
  switch (awaited) {
    case Awaited::Completion: what = names_hook ? "completion of hook" : "healthy state of"; break;
    case Awaited::Deletion: what = names_hook ? "deletion of hook" : "deletion of"; break;
    case Awaited::Confirmation: what = "pruning confirmation of"; break;
  }
  std::string text = fmt::format("waiting for {} {}", what, task_name(first, interner));
  // Argo CD says "resources" as soon as one of the tasks is no hook, and never uses the singular.
  const bool only_hooks =
      std::all_of(tasks.begin(), tasks.end(), [](const Task* task) { return task->is_hook; });
  if (tasks.size() > 1) {
    text += fmt::format(" and {} more {}", tasks.size() - 1, only_hooks ? "hooks" : "resources");
  }
  return text;
}

std::string first_waiting_message(std::span<Task* const> tasks, Awaited awaited,
                                  const base::Interner& interner) {
  if (tasks.empty()) return "";
  const Task& first = *tasks.front();
  std::string_view what = first.is_hook ? "completion of hook" : "healthy state of";
  if (awaited == Awaited::Deletion) what = "deletion of";
  std::string text = fmt::format("waiting for {} {}", what, task_name(first, interner));
  if (tasks.size() > 1) {
    text += fmt::format(" and {} more {}", tasks.size() - 1, first.is_hook ? "hooks" : "resources");
  }
  return text;
}

std::string confirmation_message(std::span<Task* const> tasks, const base::Interner& interner) {
  const Task& first = *tasks.front();
  const std::string_view group = interner.text(first.key.group);
  std::string text = fmt::format("Waiting for pruning confirmation of {}{}{}/{}/{}", group,
                                 group.empty() ? "" : "/", interner.text(first.object->version),
                                 interner.text(first.key.kind), interner.text(first.key.name));
  if (tasks.size() > 1) text += fmt::format(" and {} more resources", tasks.size() - 1);
  return text;
}

std::string with_reasons(std::string_view text, std::span<Task* const> tasks,
                         const base::Interner& interner) {
  if (tasks.empty()) return std::string(text);
  std::set<std::string_view> messages;
  for (const Task* task : tasks) messages.insert(interner.text(task->message));
  return fmt::format("{}, reason: {}", text, fmt::join(messages, ","));
}

std::string discovery_error(model::ArgocdVersion version, std::string_view group_version,
                            std::string_view cause) {
  if (!model::behaves(version, model::Behavior::WrappedErrors)) return std::string(cause);
  return fmt::format("failed to discover server resources for group version {}: {}", group_version,
                     cause);
}

std::string invalid_task_reasons(std::span<const Result> results, const base::Interner& interner) {
  std::set<std::string_view> messages;
  for (const Result& result : results) {
    if (result.status == ResultStatus::SyncFailed) messages.insert(interner.text(result.message));
  }
  return fmt::format("{}", fmt::join(messages, "; "));
}

}  // namespace wavetank::sync
