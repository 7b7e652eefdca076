#include "sync/message.h"

#include <algorithm>

namespace wavetank::sync {

namespace {

void append_name(Text& text, const Task& task, const base::Interner& interner) {
  append(text, "{}/{}/{}", interner.text(task.key.group), interner.text(task.key.kind),
         interner.text(task.key.name));
}

// Argo CD never uses the singular.
void append_others(Text& text, std::size_t count, std::string_view what) {
  if (count > 1) append(text, " and {} more {}", count - 1, what);
}

void append_distinct(Text& text, std::span<std::string_view> parts, std::string_view separator) {
  std::sort(parts.begin(), parts.end());
  const auto end = std::unique(parts.begin(), parts.end());
  for (auto part = parts.begin(); part != end; ++part) {
    if (part != parts.begin()) text.append(separator);
    text.append(*part);
  }
}

}  // namespace

base::Symbol waiting_message(TaskRefs tasks, Awaited awaited, base::Interner& interner) {
  if (tasks.empty()) return base::kEmptySymbol;
  const auto is_hook = [](const Task* task) { return task->is_hook; };
  const auto hook = std::find_if(tasks.begin(), tasks.end(), is_hook);
  const bool names_hook = awaited != Awaited::Confirmation && hook != tasks.end();
  const Task& first = names_hook ? **hook : *tasks.front();
  std::string_view what;
  switch (awaited) {
    case Awaited::Completion: what = names_hook ? "completion of hook" : "healthy state of"; break;
    case Awaited::Deletion: what = names_hook ? "deletion of hook" : "deletion of"; break;
    case Awaited::Confirmation: what = "pruning confirmation of"; break;
  }
  Text text;
  append(text, "waiting for {} ", what);
  append_name(text, first, interner);
  // Argo CD says "resources" as soon as one of the tasks is no hook.
  append_others(text, tasks.size(),
                std::all_of(tasks.begin(), tasks.end(), is_hook) ? "hooks" : "resources");
  return intern(text, interner);
}

base::Symbol first_waiting_message(TaskRefs tasks, Awaited awaited, base::Interner& interner) {
  if (tasks.empty()) return base::kEmptySymbol;
  const Task& first = *tasks.front();
  std::string_view what = first.is_hook ? "completion of hook" : "healthy state of";
  if (awaited == Awaited::Deletion) what = "deletion of";
  Text text;
  append(text, "waiting for {} ", what);
  append_name(text, first, interner);
  append_others(text, tasks.size(), first.is_hook ? "hooks" : "resources");
  return intern(text, interner);
}

base::Symbol confirmation_message(TaskRefs tasks, base::Interner& interner) {
  const Task& first = *tasks.front();
  const std::string_view group = interner.text(first.key.group);
  Text text;
  append(text, "Waiting for pruning confirmation of {}{}{}/{}/{}", group, group.empty() ? "" : "/",
         interner.text(first.object->version), interner.text(first.key.kind),
         interner.text(first.key.name));
  append_others(text, tasks.size(), "resources");
  return intern(text, interner);
}

void append_with_reasons(Text& text, std::string_view words, TaskRefs tasks,
                         const base::Interner& interner, base::Arena& scratch) {
  text.append(words);
  if (tasks.empty()) return;
  const auto messages = scratch.array<std::string_view>(tasks.size());
  for (std::size_t i = 0; i < tasks.size(); ++i) messages[i] = interner.text(tasks[i]->message);
  append(text, ", reason: ");
  append_distinct(text, messages, ",");
}

void append_invalid_tasks(Text& text, std::string_view words, std::span<const Result> results,
                          const base::Interner& interner, base::Arena& scratch) {
  text.append(words);
  const auto messages = scratch.array<std::string_view>(results.size());
  std::size_t count = 0;
  bool any = false;
  for (const Result& result : results) {
    if (result.status != ResultStatus::SyncFailed) continue;
    messages[count++] = interner.text(result.message);
    any = any || result.message != base::kEmptySymbol;
  }
  if (!any) return;
  append(text, ": ");
  append_distinct(text, messages.first(count), "; ");
}

std::string discovery_error(model::ArgocdVersion version, std::string_view group_version,
                            std::string_view cause) {
  if (!model::behaves(version, model::Behavior::WrappedErrors)) return std::string(cause);
  return fmt::format("failed to discover server resources for group version {}: {}", group_version,
                     cause);
}

}  // namespace wavetank::sync
