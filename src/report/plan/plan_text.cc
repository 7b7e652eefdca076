#include "report/plan/plan_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/plan/plan_words.h"

namespace wavetank::report {

namespace {

std::string task_line(const PlanView& view, const sync::PlanTask& task, std::size_t width) {
  std::string line = fmt::format("     {:<{}}", escaped(task_name(view, task)), width);
  if (task.is_hook) {
    const auto& policies = view.facts[task.target].policies;
    line += fmt::format("  hook, {}", deletion_words(policies));
  } else if (task.target == UINT32_MAX) {
    line += "  made by Argo CD";
  }
  while (line.ends_with(' ')) line.pop_back();
  return line + "\n";
}

}  // namespace

std::string plan_text(const PlanView& view, Detail detail, Colour colour) {
  const sync::Plan& plan = view.plan;
  std::string out = fmt::format(
      "{}  (namespace {}, {}, {})\n", paint(escaped(view.bundle->name), Ink::Bold, colour),
      escaped(view.bundle->settings.destination_namespace),
      counted(plan.tasks.size(), "task", "tasks"), counted(plan.steps.size(), "step", "steps"));
  std::size_t width = 0;
  for (const auto& task : plan.tasks) {
    width = std::max(width, display_width(escaped(task_name(view, task))));
  }
  std::size_t number = 0;
  for (const sync::PlanStep& step : plan.steps) {
    const bool on_failure = step.phase == model::Phase::SyncFail;
    const std::string place = on_failure
                                  ? std::string("SyncFail")
                                  : fmt::format("{}, wave {}", model::name(step.phase), step.wave);
    out += fmt::format("\n{:>3}  {}", ++number, paint(place, Ink::Blue, colour));
    if (on_failure) out += "  (only if the sync fails, all at once)";
    out += '\n';
    for (std::uint32_t i = step.first; i < step.last; ++i) {
      out += task_line(view, plan.tasks[i], width);
      if (detail == Detail::Order) {
        out += fmt::format("       because {}\n", escaped(place_words(view, plan.tasks[i])));
      }
    }
    if (on_failure) continue;
    if (const std::string gate = gate_words(view, step); !gate.empty()) {
      out += fmt::format("     {}\n", paint("-> " + gate, Ink::Dim, colour));
    }
  }
  if (!plan.left_out.empty() || !view.delete_hooks.empty()) {
    out += "\n  not in this sync\n";
    for (const std::uint32_t target : plan.left_out) {
      const auto& resource = view.bundle->resources[view.resources[target]];
      out += fmt::format("     {}  {}\n", escaped(model::short_name(resource.key)),
                         left_out_words(resource.hook));
    }
    for (const std::size_t index : view.delete_hooks) {
      const auto& resource = view.bundle->resources[index];
      out += fmt::format("     {}  {}\n", escaped(model::short_name(resource.key)),
                         left_out_words(resource.hook));
    }
  }
  return out;
}

}  // namespace wavetank::report
