#include "sim/scenario/expectation.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "base/distribution.h"
#include "sim/world.h"

namespace wavetank::sim {

std::string_view name(Verdict verdict) {
  switch (verdict) {
    case Verdict::Pass: return "pass";
    case Verdict::Fail: return "fail";
    case Verdict::Inconclusive: return "inconclusive";
    case Verdict::Vacuous: return "vacuous";
  }
  WAVETANK_CHECK(false);
}

std::string Expectation::text() const {
  const auto scoped = [&](std::string_view word) {
    std::string all = fmt::format("{} {}", word, predicate->text());
    if (scope) all += " while " + scope->text();
    return all;
  };
  const std::string soon = within ? " within " + base::format_duration(*within) : "";
  switch (kind) {
    case Kind::Outcome: return fmt::format("the last sync ends as {}", sim::name(outcome));
    case Kind::Always: return scoped("always");
    case Kind::Never: return scoped("never");
    case Kind::Eventually: return scoped("eventually") + soon + (stays ? ", and it stays so" : "");
    case Kind::Sometimes: return scoped("sometimes");
    case Kind::Before:
      return fmt::format("{} before {}{}", first->text, then->text, is_strict ? ", both" : "");
    case Kind::LeadsTo:
      return fmt::format("{} leads to {}{}", predicate->text(), target->text(), soon);
    case Kind::Probability:
      return fmt::format("`{}` holds in {} {} of all runs", goal.of,
                         goal.is_at_least ? "at least" : "at most",
                         base::percentage_text(goal.share));
    case Kind::Quantile:
      return fmt::format("{} of the syncs of {} take {} {}", base::percentage_text(goal.quantile),
                         goal.application, goal.is_at_least ? "at least" : "at most",
                         base::format_duration(goal.time));
  }
  WAVETANK_CHECK(false);
}

void Monitor::fail(const Outlook& outlook, std::string found) {
  if (has_failed_) return;
  has_failed_ = true;
  broke_at_ = outlook.world.now();
  found_ = std::move(found);
}

void Monitor::look_at_scope(const Outlook& outlook, bool wanted) {
  if (expectation_.scope && !expectation_.scope->holds(outlook)) return;
  has_occurred_ = true;
  if (expectation_.predicate->holds(outlook) == wanted) return;
  fail(outlook, expectation_.predicate->findings(outlook));
}

void Monitor::look_eventually(const Outlook& outlook) {
  const base::Instant deadline =
      expectation_.within ? base::Instant{} + *expectation_.within : base::Instant::max();
  if (expectation_.predicate->holds(outlook)) {
    if (outlook.world.now() <= deadline) has_occurred_ = true;
    return;
  }
  if (has_occurred_ && expectation_.stays) {
    has_occurred_ = false;  // it may come back, as long as there is time
    if (outlook.world.now() > deadline) fail(outlook, expectation_.predicate->findings(outlook));
  }
  if (!has_occurred_ && outlook.world.now() > deadline) {
    fail(outlook, expectation_.predicate->findings(outlook));
  }
}

void Monitor::look_leads_to(const Outlook& outlook) {
  if (since_ && expectation_.target->holds(outlook)) since_.reset();
  if (!since_ && expectation_.predicate->holds(outlook) && !expectation_.target->holds(outlook)) {
    since_ = outlook.world.now();
    has_occurred_ = true;
  }
  if (since_ && expectation_.within && outlook.world.now() > *since_ + *expectation_.within) {
    fail(outlook, expectation_.target->findings(outlook));
  }
}

void Monitor::look(const Outlook& outlook) {
  switch (expectation_.kind) {
    case Expectation::Kind::Outcome:
    case Expectation::Kind::Before: return;  // judged in the end
    case Expectation::Kind::Probability:
    case Expectation::Kind::Quantile: return;  // not by one run (sample.h)
    case Expectation::Kind::Always: return look_at_scope(outlook, true);
    case Expectation::Kind::Never: return look_at_scope(outlook, false);
    case Expectation::Kind::Eventually: return look_eventually(outlook);
    case Expectation::Kind::LeadsTo: return look_leads_to(outlook);
    case Expectation::Kind::Sometimes:
      if (expectation_.predicate->holds(outlook)) has_occurred_ = true;
      return;
  }
}

Verdict Monitor::judge_events(const Outlook& outlook) {
  bool has_first = false;
  bool has_then = false;
  for (const Event& event : outlook.world.recorder().trace()) {
    if (expectation_.first->matches(event)) has_first = true;
    if (!expectation_.then->matches(event)) continue;
    has_then = true;
    if (has_first) continue;
    broke_at_ = event.at;
    found_ = fmt::format("{} happened first", expectation_.then->text);
    return Verdict::Fail;
  }
  if (expectation_.is_strict && !(has_first && has_then)) {
    found_ = fmt::format("{} never happened",
                         has_first ? expectation_.then->text : expectation_.first->text);
    return Verdict::Fail;
  }
  return has_then ? Verdict::Pass : Verdict::Vacuous;
}

Verdict Monitor::judge(const Outlook& outlook, Rest rest, const std::optional<SyncReport>& last) {
  const Verdict open = rest == Rest::AtRest ? Verdict::Fail : Verdict::Inconclusive;
  if (has_failed_) return Verdict::Fail;
  if (rest == Rest::Limit) {
    found_ = "the world had not come to an end after as many steps as it may make (maxSteps)";
    return Verdict::Inconclusive;
  }
  switch (expectation_.kind) {
    case Expectation::Kind::Outcome: {
      const bool holds = last && last->outcome == expectation_.outcome;
      if (holds) return Verdict::Pass;
      found_ = last ? fmt::format("it ended as {}: {}", name(last->outcome),
                                  last->reason.empty() ? last->message : last->reason)
                    : "there was no sync";
      if (last) broke_at_ = last->ended;
      return last && last->outcome == Outcome::Inconclusive ? Verdict::Inconclusive : Verdict::Fail;
    }
    case Expectation::Kind::Always:
    case Expectation::Kind::Never: return has_occurred_ ? Verdict::Pass : Verdict::Vacuous;
    case Expectation::Kind::Before: return judge_events(outlook);
    case Expectation::Kind::Probability:
    case Expectation::Kind::Quantile: return Verdict::Inconclusive;
    case Expectation::Kind::LeadsTo:
      if (!has_occurred_) return Verdict::Vacuous;
      if (!since_) return Verdict::Pass;
      found_ = expectation_.target->findings(outlook);
      broke_at_ = since_;
      return open;
    case Expectation::Kind::Eventually:
    case Expectation::Kind::Sometimes: break;
  }
  if (has_occurred_) return Verdict::Pass;
  found_ = expectation_.predicate->findings(outlook);
  broke_at_ = outlook.world.now();
  return open;
}

// The events about what the expectation names, and whatever failed, up to the moment it broke.
std::vector<std::string> Monitor::reasons(const Outlook& outlook) const {
  constexpr std::size_t kMost = 6;
  std::vector<ObjectRef> named;
  for (const auto* predicate : {&expectation_.predicate, &expectation_.target}) {
    if (!*predicate) continue;
    const auto objects = (*predicate)->objects();
    named.insert(named.end(), objects.begin(), objects.end());
  }
  for (const auto* event : {&expectation_.first, &expectation_.then}) {
    if (*event && !(*event)->object.kind.empty()) named.push_back((*event)->object);
  }
  std::vector<std::string> lines;
  const Trace& trace = outlook.world.recorder().trace();
  for (auto event = trace.rbegin(); event != trace.rend() && lines.size() < kMost; ++event) {
    if (broke_at_ && event->at > *broke_at_) continue;
    const bool is_named = std::any_of(named.begin(), named.end(), [&](const ObjectRef& ref) {
      return ref.matches(event->object);
    });
    if (!is_named && !is_trouble(event->kind) && event->kind != EventKind::Done) continue;
    lines.push_back(line_of(*event));
  }
  return lines;
}

ExpectationReport Monitor::finish(const Outlook& outlook, Rest rest,
                                  const std::optional<SyncReport>& last) {
  ExpectationReport report{.name = expectation_.name,
                           .expected = expectation_.text(),
                           .verdict = judge(outlook, rest, last),
                           .is_warning = expectation_.is_warning,
                           .line = expectation_.line,
                           .column = expectation_.column};
  if (report.verdict == Verdict::Pass) return report;
  report.broke_at = broke_at_;
  report.found = report.verdict == Verdict::Vacuous ? "its occasion never came" : found_;
  if (report.verdict != Verdict::Vacuous) report.reasons = reasons(outlook);
  return report;
}

}  // namespace wavetank::sim
