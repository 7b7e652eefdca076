#include "report/plan/plan_diff_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "report/escape.h"

namespace wavetank::report {

namespace {

using nlohmann::ordered_json;

constexpr std::size_t kNamesMax = 6;  // more are only counted

std::string list(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kNamesMax); ++i) {
    text += fmt::format("{}{}", i == 0 ? "" : ", ", names[i]);
  }
  if (names.size() > kNamesMax) text += fmt::format(" and {} more", names.size() - kNamesMax);
  return text;
}

std::string change_words(const PlanChange& change) {
  const auto or_none = [](const std::string& text) { return text.empty() ? "none" : text; };
  switch (change.kind) {
    case PlanChangeKind::Added: return change.after;
    case PlanChangeKind::Removed: return fmt::format("{}: {}", change.before, change.note);
    case PlanChangeKind::Moved:
    case PlanChangeKind::NoLongerApplied:
    case PlanChangeKind::NowApplied:
    case PlanChangeKind::Policies:
    case PlanChangeKind::Options:
      return fmt::format("{} -> {}", or_none(change.before), or_none(change.after));
  }
  return "";
}

std::string order_words(const OrderChange& change) {
  const bool many = change.objects.size() > 1;
  std::string text = list(change.objects);
  if (!change.now.empty()) {
    text += fmt::format(" now {} for {}", many ? "wait" : "waits", list(change.now));
  }
  if (!change.no_longer.empty()) {
    text += change.now.empty() ? fmt::format(" no longer {} for {}", many ? "wait" : "waits",
                                             list(change.no_longer))
                               : fmt::format(", and no longer for {}", list(change.no_longer));
  }
  return text;
}

std::string_view presence_words(PlanPresence presence) {
  switch (presence) {
    case PlanPresence::Both: return "";
    case PlanPresence::OnlyBefore: return "  (the new revision does not have this application)";
    case PlanPresence::OnlyAfter: return "  (the old revision does not have this application)";
  }
  return "";
}

Ink ink_of(PlanChangeKind kind) {
  switch (kind) {
    case PlanChangeKind::Added:
    case PlanChangeKind::NowApplied: return Ink::Green;
    case PlanChangeKind::Removed:
    case PlanChangeKind::NoLongerApplied: return Ink::Red;
    case PlanChangeKind::Moved:
    case PlanChangeKind::Policies:
    case PlanChangeKind::Options: return Ink::Yellow;
  }
  return Ink::Plain;
}

std::string summary(const std::vector<PlanDiff>& diffs) {
  std::map<PlanChangeKind, std::size_t> counts;
  std::size_t differing = 0;
  for (const PlanDiff& diff : diffs) {
    if (diff.differs()) ++differing;
    for (const PlanChange& change : diff.changes) ++counts[change.kind];
  }
  std::string text = fmt::format("{} compared, ", counted(diffs.size(), "plan", "plans"));
  if (differing == 0) return text + "no difference";
  std::vector<std::string> parts;
  for (const auto& [kind, count] : counts) parts.push_back(fmt::format("{} {}", count, name(kind)));
  return text +
         fmt::format("{}: {}", counted(differing, "differs", "differ"),
                     parts.empty() ? "the order" : fmt::format("{}", fmt::join(parts, ", ")));
}

}  // namespace

std::string plan_diff_text(const std::vector<PlanDiff>& diffs, Colour colour) {
  std::string out;
  for (const PlanDiff& diff : diffs) {
    if (!diff.differs()) continue;
    out += fmt::format("{}{}\n", paint(escaped(diff.application), Ink::Bold, colour),
                       presence_words(diff.presence));
    std::size_t width = 0;
    for (const PlanChange& change : diff.changes) {
      width = std::max(width, display_width(escaped(model::short_name(change.object))));
    }
    for (const PlanChange& change : diff.changes) {
      const std::string object = escaped(model::short_name(change.object));
      const std::string kind = fmt::format("{:<8}", name(change.kind));
      out += fmt::format("  {}  {}{:{}}  {}\n", paint(kind, ink_of(change.kind), colour), object,
                         "", width - display_width(object), escaped(change_words(change)));
    }
    if (!diff.order.empty()) out += "  order\n";
    for (const OrderChange& change : diff.order) {
      out += fmt::format("    {}\n", escaped(order_words(change)));
    }
    out += '\n';
  }
  return out + summary(diffs) + "\n";
}

ordered_json plan_diff_json(const PlanDiff& diff) {
  ordered_json changes = ordered_json::array();
  for (const PlanChange& change : diff.changes) {
    changes.push_back({{"kind", name(change.kind)},
                       {"object",
                        {{"group", change.object.group},
                         {"kind", change.object.kind},
                         {"namespace", change.object.name_space},
                         {"name", change.object.name}}},
                       {"before", change.before},
                       {"after", change.after},
                       {"note", change.note}});
  }
  ordered_json order = ordered_json::array();
  for (const OrderChange& change : diff.order) {
    order.push_back({{"objects", change.objects},
                     {"waitFor", change.now},
                     {"noLongerWaitFor", change.no_longer}});
  }
  return {{"application", diff.application},
          {"inOld", diff.presence != PlanPresence::OnlyAfter},
          {"inNew", diff.presence != PlanPresence::OnlyBefore},
          {"differs", diff.differs()},
          {"changes", std::move(changes)},
          {"order", std::move(order)}};
}

std::string plan_diff_markdown(const std::vector<PlanDiff>& diffs) {
  std::string out = fmt::format("**wavetank diff**: {}\n", markdown_escaped(summary(diffs)));
  for (const PlanDiff& diff : diffs) {
    if (!diff.differs()) continue;
    out += fmt::format("\n### {}{}\n", markdown_escaped(diff.application),
                       presence_words(diff.presence));
    if (!diff.changes.empty()) out += "\n| | object | what |\n|---|---|---|\n";
    for (const PlanChange& change : diff.changes) {
      out += fmt::format("| {} | {} | {} |\n", name(change.kind),
                         markdown_escaped(model::short_name(change.object)),
                         markdown_escaped(change_words(change)));
    }
    if (!diff.order.empty()) out += "\nThe order:\n\n";
    for (const OrderChange& change : diff.order) {
      out += fmt::format("- {}\n", markdown_escaped(order_words(change)));
    }
  }
  return out;
}

}  // namespace wavetank::report
