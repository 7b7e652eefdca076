#include "report/explore/study_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "report/explore/study_json.h"
#include "report/explore/words.h"

namespace wavetank::report {

using json = nlohmann::ordered_json;

namespace {

constexpr std::size_t kShown = 12;

std::string text_of(const json& object, const char* key) {
  return object.at(key).get<std::string>();
}

std::uint64_t number_of(const json& object, const char* key) {
  return object.at(key).get<std::uint64_t>();
}

std::string faults_words(std::uint64_t count) { return counted(count, "fault", "faults"); }

std::string set_text(const json& faults) {
  if (faults.empty()) return "no fault at all";
  std::string text;
  for (const json& fault : faults) {
    text += text.empty() ? "" : " + ";
    text += explore::describe(text_of(fault, "fault"), text_of(fault, "object"));
  }
  return escaped(text);
}

// Only what is not simply so is said.
std::string truth_text(const json& truth, Colour colour) {
  const std::string verdict = text_of(truth, "verdict");
  if (verdict == explore::name(explore::Verdict::Confirmed)) return "";
  if (verdict == explore::name(explore::Verdict::Different)) {
    return paint(
        fmt::format("  [not confirmed: the simulator ends {}]", escaped(text_of(truth, "outcome"))),
        Ink::Yellow, colour);
  }
  return paint("  [not played]", Ink::Dim, colour);
}

// "no set of up to 2 faults leads there".
std::string never(const json& study) {
  const std::string coverage = text_of(study, "faultSetCoverage");
  const std::uint64_t most = number_of(study, "faultsMax");
  if (coverage == "complete") return "no faults lead there";
  if (coverage != "completeUpToBudget") return "not found; see below";
  if (most == 0) return "not without faults";
  return fmt::format("no set of up to {} leads there", faults_words(most));
}

std::string property_text(const json& study, const json& report, Colour colour) {
  const std::string property = text_of(report, "property");
  const json& sets = report.at("minimalFaultSets");
  std::string text =
      fmt::format("{} ({}): ", paint(words_for(property), Ink::Bold, colour), escaped(property));
  if (sets.empty()) return text + paint(never(study), Ink::Green, colour) + "\n";
  const json& least = sets.at(0);
  if (least.at("faults").empty()) {
    return text + paint("without any fault", Ink::Red, colour) +
           truth_text(least.at("simulator"), colour) + "\n";
  }
  text += counted(sets.size(), "minimal set", "minimal sets") + "\n";
  for (std::size_t i = 0; i < std::min(kShown, sets.size()); ++i) {
    const json& set = sets.at(i);
    text += "    " + set_text(set.at("faults")) + truth_text(set.at("simulator"), colour) + "\n";
  }
  if (sets.size() > kShown) {
    text += fmt::format("    and {} more (--format json has all)\n", sets.size() - kShown);
  }
  return text;
}

std::string left_text(const json& objects) {
  std::vector<explore::NamedLeft> left;
  for (const json& object : objects) {
    left.push_back({.object = text_of(object, "object"),
                    .is_hook = object.at("hook").get<bool>(),
                    .deleting = object.at("deleting").get<bool>(),
                    .health = object.value("health", "")});
  }
  return left_words(left);
}

std::string endings_text(const json& endings, Colour colour) {
  std::string text =
      fmt::format("{}\n", counted(endings.size(), "distinct ending", "distinct endings"));
  for (std::size_t i = 0; i < std::min(kShown, endings.size()); ++i) {
    const json& ending = endings.at(i);
    const std::string outcome = text_of(ending, "outcome");
    const Ink ink = outcome == sim::name(sim::Outcome::Succeeded) ? Ink::Green : Ink::Red;
    text += fmt::format("    {}  {}: {}{}\n",
                        paint(fmt::format("{:<12}", escaped(outcome)), ink, colour),
                        set_text(ending.at("faults")), left_text(ending.at("left")),
                        truth_text(ending.at("simulator"), colour));
  }
  if (endings.size() > kShown) {
    text += fmt::format("    and {} more (--format json has all)\n", endings.size() - kShown);
  }
  return text;
}

// What would end a wait for ever.
std::string waits_text(const json& study, const json& report) {
  const json& sets = report.at("minimalFaultSets");
  if (sets.empty()) return "";
  std::string text = "    what would end it: somebody terminates the operation";
  if (!study.at("hasSyncTimeout").get<bool>()) {
    text += ", or a sync timeout (controller.sync.timeout.seconds)";
  }
  const bool has_job = std::any_of(sets.begin(), sets.end(), [](const json& set) {
    const json& faults = set.at("faults");
    return std::any_of(faults.begin(), faults.end(), [](const json& fault) {
      return text_of(fault, "fault") == explore::name(explore::FaultKind::Hang) &&
             text_of(fault, "object").starts_with("Job/");
    });
  });
  if (has_job) text += ", or activeDeadlineSeconds of a Job";
  return text + (study.at("hasRetries").get<bool>() ? "; retries come only after an end\n" : "\n");
}

std::string coverage_text(const json& study) {
  const std::string coverage = text_of(study, "coverage");
  std::string what = "stopped at the limit of memory";
  if (coverage == "complete") what = "complete: more faults would lead nowhere else";
  if (coverage == "completeUpToBudget") {
    what = fmt::format("complete up to {}", faults_words(number_of(study, "faultsMax")));
  }
  if (coverage == "stoppedAtStates") what = "stopped at the limit of states";
  if (coverage == "stoppedAtDepth") what = "stopped at the limit of depth";
  return fmt::format(
      "{}: {} states of {} objects, {} passes of the engine, every order of events; "
      "two states taken for one: less likely than 1e{}\n",
      what, number_of(study, "states"), number_of(study, "objects"), number_of(study, "passes"),
      study.at("omissionExponent").get<int>());
}

}  // namespace

std::string study_text(const json& study, Colour colour) {
  std::string kinds;
  for (const json& kind : study.at("faultKinds")) {
    kinds += fmt::format("{}{}", kinds.empty() ? "" : ", ", escaped(kind.get<std::string>()));
  }
  const std::uint64_t most = number_of(study, "faultsMax");
  std::string text = fmt::format("{}: up to {}{}\n\n",
                                 paint(escaped(text_of(study, "application")), Ink::Bold, colour),
                                 faults_words(most), most == 0 ? "" : fmt::format(" ({})", kinds));
  for (const json& report : study.at("properties")) {
    text += property_text(study, report, colour);
    if (text_of(report, "property") == explore::name(explore::Property::SyncHangs)) {
      text += waits_text(study, report);
    }
  }
  text += "\n" + endings_text(study.at("endings"), colour);
  if (study.at("hasLoop").get<bool>()) {
    text += fmt::format("it can go round for ever: {}\n", set_text(study.at("loopFaults")));
  }
  return text + "\n" + coverage_text(study);
}

std::string study_text(const explore::Study& study, Colour colour) {
  return study_text(study_json(study), colour);
}

}  // namespace wavetank::report
