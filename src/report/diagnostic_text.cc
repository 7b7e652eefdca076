#include "report/diagnostic_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

namespace wavetank::report {

namespace {

using source::Diagnostic;
using source::Label;
using source::Severity;
using source::SourceMap;

Ink ink_of(Severity severity) {
  switch (severity) {
    case Severity::Error: return Ink::Red;
    case Severity::Warning: return Ink::Yellow;
    case Severity::Info: return Ink::Blue;
  }
  return Ink::Plain;
}

std::string_view word(Severity severity) {
  switch (severity) {
    case Severity::Error: return "error";
    case Severity::Warning: return "warning";
    case Severity::Info: return "info";
  }
  return "";
}

struct Mark {
  const Label* label;
  bool is_primary;
};

// The labels of one file, by line. Labels on one line are underlined one below the other.
class Frame {
 public:
  Frame(const SourceMap& sources, source::FileId file, std::size_t gutter, Ink ink, Colour colour)
      : sources_(sources), file_(file), gutter_(gutter), ink_(ink), colour_(colour) {}

  void add(Mark mark) { lines_[sources_.begin(mark.label->span).line].push_back(mark); }

  [[nodiscard]] std::string text(source::Position where) const {
    std::string out = fmt::format("{:>{}}{} {}:{}:{}\n", "", gutter_, bar("-->"),
                                  escaped(sources_.name(file_)), where.line, where.column);
    out += fmt::format("{:>{}} {}\n", "", gutter_, bar("|"));
    std::uint32_t last = 0;
    for (const auto& [number, marks] : lines_) {
      if (last != 0 && number > last + 1) out += fmt::format("{:>{}}\n", "…", gutter_);
      last = number;
      out += fmt::format("{} {} {}\n", bar(fmt::format("{:>{}}", number, gutter_)), bar("|"),
                         clipped(sources_.line(file_, number)));
      std::vector<Mark> sorted = marks;
      std::stable_sort(sorted.begin(), sorted.end(), [](const Mark& a, const Mark& b) {
        return a.label->span.begin < b.label->span.begin;
      });
      for (const Mark& mark : sorted) out += underline(mark, number);
    }
    return out;
  }

 private:
  static constexpr std::size_t kWidthMax = 200;  // longer lines are cut; data files have them

  [[nodiscard]] std::string bar(std::string_view text) const {
    return paint(text, Ink::Blue, colour_);
  }

  [[nodiscard]] static std::string clipped(std::string_view line) {
    if (line.size() <= kWidthMax) return escaped(line);
    std::size_t end = kWidthMax;
    while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U) --end;
    return escaped(line.substr(0, end)) + "…";
  }

  [[nodiscard]] std::string underline(const Mark& mark, std::uint32_t number) const {
    const std::string_view line = sources_.line(file_, number);
    const std::string_view all = sources_.text(file_);
    const auto line_begin = static_cast<std::size_t>(line.data() - all.data());
    const std::size_t begin = std::min(mark.label->span.begin - line_begin, line.size());
    const std::size_t end =
        std::clamp<std::size_t>(mark.label->span.end - line_begin, begin, line.size());
    const std::size_t indent = std::min(display_width(escaped(line.substr(0, begin))), kWidthMax);
    const std::size_t width = std::clamp<std::size_t>(
        display_width(escaped(line.substr(begin, end - begin))), 1, kWidthMax);
    const std::string mark_text(width, mark.is_primary ? '^' : '-');
    return fmt::format(
        "{:>{}} {} {:>{}}{}\n", "", gutter_, bar("|"), "", indent,
        paint(mark.label->text.empty() ? mark_text
                                       : fmt::format("{} {}", mark_text, escaped(mark.label->text)),
              mark.is_primary ? ink_ : Ink::Blue, colour_));
  }

  const SourceMap& sources_;
  source::FileId file_;
  std::size_t gutter_;
  Ink ink_;
  Colour colour_;
  std::map<std::uint32_t, std::vector<Mark>> lines_;
};

std::size_t gutter_of(const Diagnostic& diagnostic, const SourceMap& sources) {
  std::uint32_t last = sources.begin(diagnostic.primary.span).line;
  for (const Label& label : diagnostic.related) {
    if (label.span.valid()) last = std::max(last, sources.begin(label.span).line);
  }
  return std::to_string(last).size();
}

std::string frames(const Diagnostic& diagnostic, const SourceMap& sources, std::size_t gutter,
                   Colour colour) {
  const Ink ink = ink_of(diagnostic.severity);
  const source::FileId file = diagnostic.primary.span.file;
  Frame first(sources, file, gutter, ink, colour);
  first.add({.label = &diagnostic.primary, .is_primary = true});
  std::map<source::FileId, Frame> others;
  std::map<source::FileId, source::Position> places;
  for (const Label& label : diagnostic.related) {
    if (!label.span.valid()) continue;
    if (label.span.file == file) {
      first.add({.label = &label, .is_primary = false});
      continue;
    }
    const auto found =
        others.try_emplace(label.span.file, sources, label.span.file, gutter, ink, colour).first;
    found->second.add({.label = &label, .is_primary = false});
    places.try_emplace(label.span.file, sources.begin(label.span));
  }
  std::string out = first.text(sources.begin(diagnostic.primary.span));
  for (const auto& [other, frame] : others) out += frame.text(places.at(other));
  return out;
}

}  // namespace

std::string diagnostic_text(const Diagnostic& diagnostic, const SourceMap& sources, Colour colour) {
  const bool has_place = diagnostic.primary.span.valid();
  const std::string head = fmt::format("{}[{}]", word(diagnostic.severity), diagnostic.code);
  std::string out =
      fmt::format("{} {}: {}\n", paint(head, ink_of(diagnostic.severity), colour), diagnostic.slug,
                  paint(escaped(diagnostic.message), Ink::Bold, colour));
  std::size_t gutter = 1;
  if (has_place) {
    gutter = gutter_of(diagnostic, sources);
    out += frames(diagnostic, sources, gutter, colour);
  } else if (!diagnostic.subject.empty()) {
    out += fmt::format("{:>{}}{} {}\n", "", gutter, paint("-->", Ink::Blue, colour),
                       escaped(diagnostic.subject));
  }
  const auto note = [&](std::string_view title, std::string_view text) {
    out += fmt::format("{:>{}} {} {} {}\n", "", gutter, paint("=", Ink::Blue, colour),
                       paint(title, Ink::Bold, colour), escaped(text));
  };
  for (std::size_t i = 0; i < diagnostic.plan.size(); ++i) {
    note(i == 0 ? "plan:" : "     ", diagnostic.plan[i].text);
  }
  if (!diagnostic.consequence.empty()) note("Argo CD:", diagnostic.consequence);
  if (!diagnostic.help.empty()) note("help:", diagnostic.help);
  return out;
}

}  // namespace wavetank::report
