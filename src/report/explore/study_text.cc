#include "report/explore/study_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "explore/visited.h"
#include "report/explore/words.h"

namespace wavetank::report {

using explore::Coverage;
using explore::Property;
using explore::Study;

namespace {

constexpr std::size_t kShown = 12;

std::string faults_words(std::size_t count) { return counted(count, "fault", "faults"); }

std::string set_text(const Study& study, std::span<const explore::Strike> strikes) {
  if (strikes.empty()) return "no fault at all";
  std::string text;
  for (const explore::Strike& strike : strikes) {
    text += text.empty() ? "" : " + ";
    text += explore::describe(*study.model, {.slot = strike.slot, .kind = strike.kind});
  }
  return escaped(text);
}

// Only what is not simply so is said.
std::string truth_text(const explore::Truth& truth, Colour colour) {
  switch (truth.verdict) {
    case explore::Verdict::Confirmed: return "";
    case explore::Verdict::Different:
      return paint(
          fmt::format("  [not confirmed: the simulator ends {}]", sim::name(truth.outcome)),
          Ink::Yellow, colour);
    case explore::Verdict::NotPlayable:
      return paint("  [not confirmed: the simulator has no such fault]", Ink::Dim, colour);
    case explore::Verdict::NotPlayed: return paint("  [not played]", Ink::Dim, colour);
  }
  WAVETANK_CHECK(false);
}

// "no set of up to 2 faults leads there".
std::string never(const Study& study) {
  if (study.cut_sets.coverage == Coverage::Complete) return "no faults lead there";
  if (study.cut_sets.coverage != Coverage::CompleteUpToBudget) return "not found; see below";
  if (study.faults_max == 0) return "not without faults";
  return fmt::format("no set of up to {} leads there", faults_words(study.faults_max));
}

std::string property_text(const Study& study, const explore::PropertyReport& report,
                          Colour colour) {
  std::string text = fmt::format("{} ({}): ", paint(words(report.property), Ink::Bold, colour),
                                 name(report.property));
  if (report.causes.empty()) return text + paint(never(study), Ink::Green, colour) + "\n";
  if (report.causes.front().strikes.empty()) {
    return text + paint("without any fault", Ink::Red, colour) +
           truth_text(report.causes.front().truth, colour) + "\n";
  }
  text += counted(report.causes.size(), "minimal set", "minimal sets") + "\n";
  for (std::size_t i = 0; i < std::min(kShown, report.causes.size()); ++i) {
    const explore::Cause& cause = report.causes[i];
    text += "    " + set_text(study, cause.strikes) + truth_text(cause.truth, colour) + "\n";
  }
  if (report.causes.size() > kShown) {
    text += fmt::format("    and {} more (--format json has all)\n", report.causes.size() - kShown);
  }
  return text;
}

std::string left_text(const Study& study, const explore::Ending& ending) {
  std::string hooks;
  std::string bad;
  for (const explore::Left& left : ending.left) {
    const std::string name = study.model->name(left.slot);
    if (study.model->slot(left.slot).is_hook) hooks += (hooks.empty() ? "" : ", ") + name;
    const bool is_well = !left.health || left.health == health::Status::Healthy;
    if (is_well && !left.deleting) continue;
    bad += fmt::format(
        "{}{} {}", bad.empty() ? "" : ", ", name,
        left.deleting ? "still being deleted" : std::string(health::name(*left.health)));
  }
  std::string text = counted(ending.left.size(), "object left", "objects left");
  if (!hooks.empty()) text += "; hooks left: " + hooks;
  if (!bad.empty()) text += "; " + bad;
  return escaped(text);
}

std::string endings_text(const Study& study, Colour colour) {
  std::string text =
      fmt::format("{}\n", counted(study.endings.size(), "distinct ending", "distinct endings"));
  for (std::size_t i = 0; i < std::min(kShown, study.endings.size()); ++i) {
    const explore::EndingReport& ending = study.endings[i];
    const sim::Outcome outcome = ending.found.ending.outcome;
    const Ink ink = outcome == sim::Outcome::Succeeded ? Ink::Green : Ink::Red;
    text += fmt::format("    {}  {}: {}{}\n",
                        paint(fmt::format("{:<12}", sim::name(outcome)), ink, colour),
                        set_text(study, ending.found.strikes),
                        left_text(study, ending.found.ending), truth_text(ending.truth, colour));
  }
  if (study.endings.size() > kShown) {
    text += fmt::format("    and {} more (--format json has all)\n", study.endings.size() - kShown);
  }
  return text;
}

// Who can hold the sync for ever, and what would end that.
std::string waits_text(const Study& study) {
  const auto hangs =
      std::find_if(study.properties.begin(), study.properties.end(),
                   [](const auto& report) { return report.property == Property::SyncHangs; });
  if (hangs == study.properties.end() || hangs->causes.empty()) return "";
  std::string text = "    what would end it: somebody terminates the operation";
  if (!study.model->has_timeout) text += ", or a sync timeout (controller.sync.timeout.seconds)";
  const bool has_job =
      std::any_of(hangs->causes.begin(), hangs->causes.end(), [&](const explore::Cause& cause) {
        return std::any_of(cause.strikes.begin(), cause.strikes.end(), [&](const auto& strike) {
          const auto& key = study.model->slot(strike.slot).key;
          return strike.kind == explore::FaultKind::Hang &&
                 study.model->interner.text(key.kind) == "Job";
        });
      });
  if (has_job) text += ", or activeDeadlineSeconds of a Job";
  text += study.model->retry.limit != 0 ? "; retries come only after an end\n" : "\n";
  return text;
}

std::string coverage_text(const Study& study) {
  const explore::Exploration& found = study.exploration;
  std::string what;
  switch (found.coverage) {
    case Coverage::Complete: what = "complete: more faults would lead nowhere else"; break;
    case Coverage::CompleteUpToBudget:
      what = fmt::format("complete up to {}", faults_words(study.faults_max));
      break;
    case Coverage::States: what = "stopped at the limit of states"; break;
    case Coverage::Depth: what = "stopped at the limit of depth"; break;
    case Coverage::Memory: what = "stopped at the limit of memory"; break;
  }
  return fmt::format(
      "{}: {} states of {} objects, {} passes of the engine, every order of events; "
      "two states taken for one: less likely than 1e{}\n",
      what, found.states + study.cut_sets.states, study.model->slots.size(), found.passes,
      explore::omission_exponent(found.states + study.cut_sets.states));
}

}  // namespace

std::string study_text(const Study& study, Colour colour) {
  std::string kinds;
  for (const explore::FaultKind kind : explore::kFaultKinds) {
    if (study.kinds.has(kind)) kinds += fmt::format("{}{}", kinds.empty() ? "" : ", ", name(kind));
  }
  std::string text = fmt::format(
      "{}: up to {}{}\n\n", paint(escaped(study.application), Ink::Bold, colour),
      faults_words(study.faults_max), study.faults_max == 0 ? "" : fmt::format(" ({})", kinds));
  for (const explore::PropertyReport& report : study.properties) {
    text += property_text(study, report, colour);
    if (report.property == Property::SyncHangs) text += waits_text(study);
  }
  text += "\n" + endings_text(study, colour);
  if (study.exploration.has_loop) {
    text += fmt::format("it can go round for ever: {}\n",
                        set_text(study, study.exploration.loop_strikes));
  }
  return text + "\n" + coverage_text(study);
}

}  // namespace wavetank::report
