#include "report/plan/why_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "health/object_view.h"
#include "report/diagnostic_json.h"
#include "report/plan/plan_waits.h"
#include "report/plan/plan_words.h"
#include "report/sim/simulation_text.h"

namespace wavetank::report {

namespace {

using nlohmann::ordered_json;
using sim::EventKind;

// Everything that is said of one task of the object.
struct TaskAnswer {
  std::string place;
  std::size_t step = 0;  // from 1
  std::string reason;
  std::string neighbours;
  std::vector<std::string> waits_for;
  std::vector<std::string> waited_by;
  std::string deletion;
  std::string on_failure;
};

// What a simulation adds.
struct Moment {
  base::Instant at;
  std::string what;
};
struct Course {
  std::vector<Moment> waited;         // what it waited for, and when that was done
  std::vector<Moment> events;         // what happened to it
  std::vector<std::string> not_done;  // what it still waits for: it was never applied
  std::string end;
  std::string outcome;
};

struct Answer {
  const model::Resource* resource = nullptr;
  std::vector<TaskAnswer> tasks;
  std::string left_out;
  std::optional<Course> course;
};

std::vector<std::string> labels(const PlanView& view, const std::vector<std::uint32_t>& tasks) {
  std::vector<std::string> result;
  for (const std::uint32_t task : tasks) result.push_back(task_label(view, task));
  return result;
}

// Who stands beside it in its step, and which of kind and name decides.
std::string neighbour_words(const PlanView& view, std::uint32_t task) {
  const sync::Plan& plan = view.plan;
  const sync::PlanStep& step = plan.steps[plan.step_of(task)];
  const auto decides = [&](std::uint32_t a, std::uint32_t b) {
    if (plan.tasks[a].kind_rank != plan.tasks[b].kind_rank) return "by kind";
    return plan.tasks[a].key.kind == plan.tasks[b].key.kind ? "by name" : "by name of the kind";
  };
  std::string words;
  if (task > step.first) {
    words = fmt::format("after {} ({})", task_label(view, task - 1), decides(task - 1, task));
  }
  if (task + 1 < step.last) {
    words += fmt::format("{}before {} ({})", words.empty() ? "" : ", ", task_label(view, task + 1),
                         decides(task, task + 1));
  }
  return words;
}

// Source: gitops-engine/pkg/sync/sync_context.go: a failed task fails the operation; SyncFail
// hooks run then.
std::string failure_words(const PlanView& view, std::uint32_t task) {
  if (view.plan.tasks[task].phase == model::Phase::SyncFail) return "the sync fails, as it did";
  std::vector<std::string> hooks;
  for (std::uint32_t other = 0; other < view.plan.tasks.size(); ++other) {
    if (view.plan.tasks[other].phase == model::Phase::SyncFail) {
      hooks.push_back(task_label(view, other));
    }
  }
  const std::size_t later = waiting_for(view.plan, task).size();
  std::string words = "the sync fails";
  if (later > 0) words += fmt::format("; {} not applied", counted(later, "task is", "tasks are"));
  if (!hooks.empty()) words += fmt::format("; SyncFail runs {}", fmt::join(hooks, ", "));
  return words;
}

TaskAnswer answer_of(const PlanView& view, std::uint32_t task) {
  const sync::PlanTask& entry = view.plan.tasks[task];
  TaskAnswer answer{.place = task_place(entry),
                    .step = view.plan.step_of(task) + 1,
                    .reason = place_words(view, entry),
                    .neighbours = neighbour_words(view, task),
                    .waits_for = labels(view, waited_for(view.plan, task)),
                    .waited_by = labels(view, waiting_for(view.plan, task)),
                    .deletion = "",
                    .on_failure = failure_words(view, task)};
  if (entry.is_hook) answer.deletion = deletion_words(view.facts[entry.target].policies);
  return answer;
}

// Names made from a generateName differ from run to run.
bool is_object(const sim::Event& event, const model::Resource& resource) {
  const model::ObjectKey& key = event.object;
  if (key.kind != resource.key.kind || key.group != resource.key.group ||
      key.name_space != resource.key.name_space) {
    return false;
  }
  return resource.key.name.empty() ? key.name.starts_with(resource.generate_name)
                                   : key.name == resource.key.name;
}

bool is_done(EventKind kind) {
  return kind == EventKind::HookSucceeded || kind == EventKind::ResourceHealthy;
}

// When a task was done before `until`; nothing when it was not.
std::optional<base::Instant> done_at(const sim::Trace& trace, const model::Resource& resource,
                                     base::Instant until) {
  std::optional<base::Instant> at;
  for (const sim::Event& event : trace) {
    if (event.at > until) break;
    if (is_object(event, resource) && is_done(event.kind)) at = event.at;
  }
  return at;
}

Course course_of(const WhyQuestion& question) {
  const PlanView& view = *question.view;
  const sim::Simulation& simulation = *question.simulation;
  const model::Resource& resource = view.bundle->resources[question.resource];
  Course course;
  std::optional<base::Instant> applied;
  for (const sim::Event& event : simulation.trace) {
    if (!is_object(event, resource)) continue;
    if (event.kind == EventKind::Applied && !applied) applied = event.at;
    course.events.push_back({.at = event.at,
                             .what = fmt::format("{}{}{}", sim::name(event.kind),
                                                 event.text.empty() ? "" : ": ", event.text)});
  }
  const base::Instant until = applied.value_or(base::Instant::max());
  for (std::uint32_t task = 0; task < view.plan.tasks.size(); ++task) {
    if (view.plan.tasks[task].target == UINT32_MAX ||
        view.resources[view.plan.tasks[task].target] != question.resource) {
      continue;
    }
    for (const std::uint32_t other : waited_for(view.plan, task)) {
      if (view.plan.tasks[other].target == UINT32_MAX) continue;
      const auto& held = view.bundle->resources[view.resources[view.plan.tasks[other].target]];
      if (const auto at = done_at(simulation.trace, held, until)) {
        course.waited.push_back({.at = *at, .what = task_label(view, other)});
      } else if (!applied) {
        course.not_done.push_back(task_label(view, other));
      }
    }
    break;  // the first task: it is what the first Applied is about
  }
  std::stable_sort(course.waited.begin(), course.waited.end(),
                   [](const Moment& a, const Moment& b) { return a.at < b.at; });
  course.end = applied ? "gone" : "never applied";
  for (const sim::ObjectReport& object : simulation.objects) {
    if (!is_object({.object = object.key}, resource)) continue;
    course.end = object.health ? std::string(health::name(object.health->status)) : "there";
    if (object.health && !object.health->message.empty()) {
      course.end += ": " + object.health->message;
    }
  }
  const sim::SyncReport& last = simulation.last();
  course.outcome = fmt::format("{}: {}", sim::name(last.outcome), last.message);
  return course;
}

Answer answer(const WhyQuestion& question) {
  const PlanView& view = *question.view;
  Answer result{.resource = &view.bundle->resources[question.resource]};
  for (std::uint32_t task = 0; task < view.plan.tasks.size(); ++task) {
    const std::uint32_t target = view.plan.tasks[task].target;
    if (target != UINT32_MAX && view.resources[target] == question.resource) {
      result.tasks.push_back(answer_of(view, task));
    }
  }
  if (result.tasks.empty()) {
    const auto targets = view.bundle->targets();
    const bool is_target =
        std::find(targets.begin(), targets.end(), question.resource) != targets.end();
    result.left_out = is_target ? left_out_words(result.resource->hook)
                                : "another object of the same name takes its place";
  }
  if (question.simulation != nullptr) result.course = course_of(question);
  return result;
}

std::string joined(const std::vector<std::string>& names) {
  return names.empty() ? "nothing" : escaped(fmt::format("{}", fmt::join(names, ", ")));
}

std::string name_of(const model::Resource& resource) {
  const std::string& name = resource.key.name.empty() ? resource.generate_name : resource.key.name;
  return fmt::format("{}/{}", resource.key.kind, name);
}

std::string course_text(const Course& course) {
  std::string out = "\n  in the simulation\n";
  for (const Moment& moment_of : course.waited) {
    out += fmt::format("    {:>9}  waited for {}, done then\n", moment(moment_of.at),
                       escaped(moment_of.what));
  }
  for (const Moment& moment_of : course.events) {
    out += fmt::format("    {:>9}  {}\n", moment(moment_of.at), escaped(moment_of.what));
  }
  if (!course.not_done.empty()) {
    out += fmt::format("    waits to the end for {}\n", joined(course.not_done));
  }
  out += fmt::format("    ends as {}\n", escaped(course.end));
  return out + fmt::format("    the sync: {}\n", escaped(course.outcome));
}

}  // namespace

std::string why_text(const WhyQuestion& question, const source::SourceMap& sources, Colour colour) {
  const Answer all = answer(question);
  const auto begin = sources.begin(all.resource->name_span);
  std::string out = fmt::format("{}  ({}:{}:{}, application {})\n",
                                paint(escaped(name_of(*all.resource)), Ink::Bold, colour),
                                escaped(sources.name(all.resource->name_span.file)), begin.line,
                                begin.column, escaped(question.view->bundle->name));
  if (!all.left_out.empty()) {
    out += fmt::format("\n  not in this sync: {}\n", escaped(all.left_out));
  }
  for (const TaskAnswer& task : all.tasks) {
    out += fmt::format("\n  {}: step {} of {}\n", paint(task.place, Ink::Blue, colour), task.step,
                       question.view->plan.steps.size());
    out += fmt::format("    because       {}\n", escaped(task.reason));
    if (!task.neighbours.empty()) {
      out += fmt::format("    in its step   {}\n", escaped(task.neighbours));
    }
    out += fmt::format("    waits for     {}\n", joined(task.waits_for));
    out += fmt::format("    waits for it  {}\n", joined(task.waited_by));
    out += fmt::format("    if it fails   {}\n", escaped(task.on_failure));
    if (!task.deletion.empty()) out += fmt::format("    as a hook     {}\n", task.deletion);
  }
  if (question.live != nullptr) out += live_text(*question.live);
  if (all.course) out += course_text(*all.course);
  return out;
}

ordered_json why_json(const WhyQuestion& question, const source::SourceMap& sources) {
  const Answer all = answer(question);
  const model::ObjectKey& key = all.resource->key;
  ordered_json tasks = ordered_json::array();
  for (const TaskAnswer& task : all.tasks) {
    tasks.push_back({{"place", task.place},
                     {"step", task.step},
                     {"reason", task.reason},
                     {"inItsStep", task.neighbours},
                     {"waitsFor", task.waits_for},
                     {"waitedForBy", task.waited_by},
                     {"ifItFails", task.on_failure},
                     {"deletion", task.deletion}});
  }
  ordered_json json = {{"application", question.view->bundle->name},
                       {"object",
                        {{"group", key.group},
                         {"kind", key.kind},
                         {"namespace", key.name_space},
                         {"name", key.name.empty() ? all.resource->generate_name : key.name}}},
                       {"location", span_json(all.resource->name_span, sources)},
                       {"steps", question.view->plan.steps.size()},
                       {"tasks", std::move(tasks)},
                       {"leftOut", all.left_out},
                       {"live", nullptr},
                       {"simulation", nullptr}};
  if (question.live != nullptr) json["live"] = live_json(*question.live);
  if (!all.course) return json;
  const auto moments = [](const std::vector<Moment>& list) {
    ordered_json result = ordered_json::array();
    for (const Moment& each : list) {
      result.push_back({{"at", moment(each.at)}, {"what", each.what}});
    }
    return result;
  };
  json["simulation"] = {{"waitedFor", moments(all.course->waited)},
                        {"events", moments(all.course->events)},
                        {"waitsToTheEndFor", all.course->not_done},
                        {"end", all.course->end},
                        {"sync", all.course->outcome}};
  return json;
}

}  // namespace wavetank::report
