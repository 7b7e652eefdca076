#include "report/plan/why_live.h"

#include <fmt/format.h>

#include <algorithm>

#include "health/health.h"
#include "health/object_view.h"
#include "report/paint.h"
#include "report/plan/plan_waits.h"

namespace wavetank::report {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

bool is_called(std::string_view name, const model::Resource& resource) {
  return resource.key.name.empty() ? name.starts_with(resource.generate_name)
                                   : name == resource.key.name;
}

// Namespaces are compared where both sides know one.
bool is_same(std::string_view group, std::string_view kind, std::string_view name_space,
             std::string_view name, const model::Resource& resource) {
  const model::ObjectKey& key = resource.key;
  const bool is_near = name_space.empty() || key.name_space.empty() || name_space == key.name_space;
  return group == key.group && kind == key.kind && is_near && is_called(name, resource);
}

std::string with_message(std::string words, const std::string& message) {
  return message.empty() ? words : fmt::format("{}: {}", words, message);
}

class Dump {
 public:
  explicit Dump(const LiveQuestion& question) : question_(question), view_(*question.view) {
    const std::string& name = view_.bundle->settings.name;
    for (const json& object : *question.objects) {
      const bool is_application = health::text(object, "/kind") == "Application" &&
                                  group_of(object) == "argoproj.io" &&
                                  health::text(object, "/metadata/name") == name;
      if (is_application) application_ = &object;
    }
  }

  [[nodiscard]] std::string operation() const {
    const json& state = operation_state();
    const std::string phase = health::text(state, "/phase");
    if (phase.empty()) return "";
    const std::string started = health::text(state, "/startedAt");
    return with_message(started.empty() ? phase : fmt::format("{} since {}", phase, started),
                        health::text(state, "/message"));
  }
  // A dump without the Application says nothing about that: then the objects alone decide.
  [[nodiscard]] bool is_at_work() const {
    const std::string phase = health::text(operation_state(), "/phase");
    return application_ == nullptr || phase == "Running" || phase == "Terminating" ||
           health::has(*application_, "/operation");
  }

  [[nodiscard]] const json* find(const model::Resource& resource) const {
    for (const json& object : *question_.objects) {
      if (is_same(group_of(object), health::text(object, "/kind"),
                  health::text(object, "/metadata/namespace"),
                  health::text(object, "/metadata/name"), resource)) {
        return &object;
      }
    }
    return nullptr;
  }
  [[nodiscard]] std::string state_of(const model::Resource& resource) const {
    const json* object = find(resource);
    if (object == nullptr) return "not there";
    const auto health = health::assess(*object, question_.version);
    if (!health) return "there";
    return with_message(std::string(health::name(health->status)), health->message);
  }

  [[nodiscard]] std::vector<std::string> parts(const model::Resource& resource) const {
    std::vector<std::string> lines;
    for (const json& entry : results()) {
      if (!is_result(entry, resource)) continue;
      const std::string hook = health::text(entry, "/hookPhase");
      const std::string status = health::text(entry, "/status");
      lines.push_back(with_message(
          fmt::format("{}{}{}{}", health::text(entry, "/syncPhase"), status.empty() ? "" : ", ",
                      status, hook.empty() ? "" : ", " + hook),
          health::text(entry, "/message")));
    }
    return lines;
  }

  // What is still to come of a task; empty when it is done.
  [[nodiscard]] std::string open(std::uint32_t task) const {
    const sync::PlanTask& planned = view_.plan.tasks[task];
    if (planned.target == UINT32_MAX) return "";
    const model::Resource& resource = view_.bundle->resources[view_.resources[planned.target]];
    const json* result = nullptr;
    for (const json& entry : results()) {
      const bool is_phase = health::text(entry, "/syncPhase") == model::name(planned.phase);
      if (is_phase && is_result(entry, resource)) result = &entry;
    }
    if (result == nullptr && !operation().empty()) return "not applied yet";
    const std::string hook = result == nullptr ? "" : health::text(*result, "/hookPhase");
    // A hook that is done may be deleted; of a resource the phase says that it was applied.
    if (planned.is_hook && !hook.empty()) {
      return hook == "Succeeded" ? "" : with_message(hook, health::text(*result, "/message"));
    }
    const json* object = find(resource);
    if (object == nullptr) return "not there";
    const auto health = health::assess(*object, question_.version);
    const bool is_done = !health || health->status == health::Status::Healthy;
    return is_done ? "" : state_of(resource);
  }

 private:
  [[nodiscard]] static std::string group_of(const json& object) {
    return std::string(model::group_of(health::text(object, "/apiVersion")));
  }
  [[nodiscard]] const json& operation_state() const {
    static const json kNone;
    return application_ == nullptr ? kNone : health::at(*application_, "/status/operationState");
  }
  [[nodiscard]] const json& results() const {
    return health::list(operation_state(), "/syncResult/resources");
  }
  [[nodiscard]] static bool is_result(const json& entry, const model::Resource& resource) {
    return is_same(health::text(entry, "/group"), health::text(entry, "/kind"),
                   health::text(entry, "/namespace"), health::text(entry, "/name"), resource);
  }

  const LiveQuestion& question_;
  const PlanView& view_;
  const json* application_ = nullptr;
};

std::string deletion_of(const json* object) {
  if (object == nullptr) return "";
  const std::string since = health::text(*object, "/metadata/deletionTimestamp");
  if (since.empty()) return "";
  const std::vector<std::string> held = health::texts(*object, "/metadata/finalizers");
  return held.empty() ? fmt::format("since {}", since)
                      : fmt::format("since {}, held by {}", since, fmt::join(held, ", "));
}

void add_once(std::vector<std::string>& lines, std::string line) {
  if (std::find(lines.begin(), lines.end(), line) == lines.end()) lines.push_back(std::move(line));
}

// Only a sync that is at work waits.
void add_waits(const LiveQuestion& question, const Dump& dump, LiveAnswer& answer) {
  const PlanView& view = *question.view;
  for (std::uint32_t task = 0; task < view.plan.tasks.size(); ++task) {
    const std::uint32_t target = view.plan.tasks[task].target;
    if (target == UINT32_MAX || view.resources[target] != question.resource) continue;
    if (dump.open(task).empty()) continue;  // nobody waits any more
    for (const std::uint32_t other : waited_for(view.plan, task)) {
      const std::string open = dump.open(other);
      if (open.empty()) continue;
      add_once(answer.waits_for, fmt::format("{} ({})", task_label(view, other), open));
    }
    for (const std::uint32_t other : waiting_for(view.plan, task)) {
      add_once(answer.waited_by, task_label(view, other));
    }
  }
}

std::string joined(const std::vector<std::string>& names) {
  return names.empty() ? "nothing" : escaped(fmt::format("{}", fmt::join(names, ", ")));
}

}  // namespace

LiveAnswer live_answer(const LiveQuestion& question) {
  const Dump dump(question);
  const model::Resource& resource = question.view->bundle->resources[question.resource];
  LiveAnswer answer{.state = dump.state_of(resource),
                    .deletion = deletion_of(dump.find(resource)),
                    .operation = dump.operation(),
                    .parts = dump.parts(resource),
                    .waits_for = {},
                    .waited_by = {}};
  if (dump.is_at_work()) add_waits(question, dump, answer);
  return answer;
}

std::string live_text(const LiveAnswer& answer) {
  std::string out = "\n  in the cluster\n";
  out += fmt::format("    it is         {}\n", escaped(answer.state));
  if (!answer.deletion.empty()) {
    out += fmt::format("    being deleted {}\n", escaped(answer.deletion));
  }
  out += fmt::format("    the sync      {}\n",
                     answer.operation.empty() ? "the dump shows none" : escaped(answer.operation));
  for (const std::string& part : answer.parts) {
    out += fmt::format("    its part      {}\n", escaped(part));
  }
  out += fmt::format("    waits now for {}\n", joined(answer.waits_for));
  return out + fmt::format("    holds up now  {}\n", joined(answer.waited_by));
}

ordered_json live_json(const LiveAnswer& answer) {
  return {{"state", answer.state},        {"deletion", answer.deletion},
          {"sync", answer.operation},     {"parts", answer.parts},
          {"waitsFor", answer.waits_for}, {"waitedForBy", answer.waited_by}};
}

}  // namespace wavetank::report
