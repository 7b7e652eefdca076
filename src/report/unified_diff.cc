#include "report/unified_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace wavetank::report {

namespace {

constexpr std::size_t kContext = 3;
// Beyond so many changed lines a shortest diff is not worth its time: everything counts as changed.
constexpr std::ptrdiff_t kChangesMax = 1500;

// The lines of a text, each with its line break.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto newline = text.find('\n');
    const auto length = newline == std::string_view::npos ? text.size() : newline + 1;
    lines.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return lines;
}

enum class Step : std::uint8_t { Keep, Remove, Add };

using Lines = std::vector<std::string_view>;

// The steps from one list of lines to another, by Myers' greedy algorithm.
class Comparison {
 public:
  Comparison(const Lines& before, const Lines& after) : before_(before), after_(after) {}

  std::vector<Step> steps() {
    const auto n = static_cast<std::ptrdiff_t>(before_.size());
    const auto m = static_cast<std::ptrdiff_t>(after_.size());
    const std::ptrdiff_t limit = std::min(n + m, kChangesMax);
    furthest_.assign(static_cast<std::size_t>(2 * limit + 3), 0);
    middle_ = limit + 1;
    for (std::ptrdiff_t changes = 0; changes <= limit; ++changes) {
      rounds_.push_back(furthest_);
      for (std::ptrdiff_t k = -changes; k <= changes; k += 2) {
        std::ptrdiff_t x =
            goes_down(furthest_, k, changes) ? at(furthest_, k + 1) : at(furthest_, k - 1) + 1;
        std::ptrdiff_t y = x - k;
        while (x < n && y < m && same(x, y)) ++x, ++y;
        at(furthest_, k) = x;
        if (x >= n && y >= m) return way_back(changes);
      }
    }
    std::vector<Step> all(before_.size(), Step::Remove);
    all.insert(all.end(), after_.size(), Step::Add);
    return all;
  }

 private:
  using Round = std::vector<std::ptrdiff_t>;

  [[nodiscard]] std::ptrdiff_t& at(Round& round, std::ptrdiff_t k) const {
    return round[static_cast<std::size_t>(k + middle_)];
  }
  [[nodiscard]] bool goes_down(Round& round, std::ptrdiff_t k, std::ptrdiff_t changes) const {
    return k == -changes || (k != changes && at(round, k - 1) < at(round, k + 1));
  }
  [[nodiscard]] bool same(std::ptrdiff_t x, std::ptrdiff_t y) const {
    return before_[static_cast<std::size_t>(x)] == after_[static_cast<std::size_t>(y)];
  }

  std::vector<Step> way_back(std::ptrdiff_t changes) {
    std::vector<Step> steps;
    auto x = static_cast<std::ptrdiff_t>(before_.size());
    auto y = static_cast<std::ptrdiff_t>(after_.size());
    for (; changes > 0; --changes) {
      Round& round = rounds_[static_cast<std::size_t>(changes)];
      const std::ptrdiff_t k = x - y;
      const bool down = goes_down(round, k, changes);
      const std::ptrdiff_t from = down ? k + 1 : k - 1;
      const std::ptrdiff_t from_x = at(round, from);
      const std::ptrdiff_t from_y = from_x - from;
      for (; x > from_x && y > from_y; --x, --y) steps.push_back(Step::Keep);
      steps.push_back(down ? Step::Add : Step::Remove);
      x = from_x;
      y = from_y;
    }
    steps.insert(steps.end(), static_cast<std::size_t>(x), Step::Keep);
    std::reverse(steps.begin(), steps.end());
    return steps;
  }

  const Lines& before_;
  const Lines& after_;
  std::ptrdiff_t middle_ = 0;
  Round furthest_;             // the furthest line of `before` on each diagonal
  std::vector<Round> rounds_;  // … before each number of changes
};

std::vector<Step> steps_between(const Lines& before, const Lines& after) {
  std::size_t head = 0;
  const std::size_t shorter = std::min(before.size(), after.size());
  while (head < shorter && before[head] == after[head]) ++head;
  std::size_t tail = 0;
  while (tail < shorter - head &&
         before[before.size() - 1 - tail] == after[after.size() - 1 - tail])
    ++tail;
  const auto middle = [&](const Lines& lines) {
    return Lines(lines.begin() + static_cast<std::ptrdiff_t>(head),
                 lines.end() - static_cast<std::ptrdiff_t>(tail));
  };
  const Lines old_middle = middle(before);
  const Lines new_middle = middle(after);
  std::vector<Step> steps(head, Step::Keep);
  const std::vector<Step> inner = Comparison(old_middle, new_middle).steps();
  steps.insert(steps.end(), inner.begin(), inner.end());
  steps.insert(steps.end(), tail, Step::Keep);
  return steps;
}

// As git writes the names of files: quoted if anything in them could be misread.
std::string written_name(std::string_view side, std::string_view name) {
  const bool is_absolute = name.starts_with('/');
  std::string whole = is_absolute ? std::string(name) : fmt::format("{}/{}", side, name);
  const bool is_plain = std::none_of(whole.begin(), whole.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\' || c == 0x7F;
  });
  if (is_plain) return whole;
  std::string quoted = "\"";
  for (const char c : whole) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      quoted += fmt::format("\\{}", c);
    } else if (byte < 0x20 || byte == 0x7F) {
      quoted += fmt::format("\\{:03o}", byte);
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

// "12,3"; the line before an empty range, as diff counts.
std::string range(std::size_t begin, std::size_t count) {
  if (count == 1) return fmt::format("{}", begin + 1);
  return fmt::format("{},{}", count == 0 ? begin : begin + 1, count);
}

class Writer {
 public:
  Writer(const Lines& before, const Lines& after, const std::vector<Step>& steps, Colour colour)
      : before_(before), after_(after), steps_(steps), colour_(colour) {}

  std::string hunks() {
    std::string out;
    std::size_t from = 0;
    while (true) {
      while (from < steps_.size() && steps_[from] == Step::Keep) ++from;
      if (from == steps_.size()) return out;
      const std::size_t begin = from - std::min(from, kContext);
      std::size_t last = from;  // the last change of the hunk
      for (std::size_t i = from; i < steps_.size() && i <= last + 2 * kContext + 1; ++i) {
        if (steps_[i] != Step::Keep) last = i;
      }
      const std::size_t end = std::min(last + kContext + 1, steps_.size());
      out += hunk(begin, end);
      from = end;
    }
  }

 private:
  std::string hunk(std::size_t begin, std::size_t end) {
    while (step_ < begin) advance();
    const std::size_t old_begin = old_;
    const std::size_t new_begin = new_;
    std::string body;
    for (; step_ < end;) {
      const Step step = steps_[step_];
      const std::string_view line = step == Step::Add ? after_[new_] : before_[old_];
      body += line_of(step, line);
      advance();
    }
    const std::string head = fmt::format("@@ -{} +{} @@", range(old_begin, old_ - old_begin),
                                         range(new_begin, new_ - new_begin));
    return paint(head, Ink::Blue, colour_) + "\n" + body;
  }

  void advance() {
    if (steps_[step_] != Step::Add) ++old_;
    if (steps_[step_] != Step::Remove) ++new_;
    ++step_;
  }

  [[nodiscard]] std::string line_of(Step step, std::string_view line) const {
    const bool is_open = !line.ends_with('\n');
    if (!is_open) line.remove_suffix(1);
    const char sign = step == Step::Keep ? ' ' : step == Step::Add ? '+' : '-';
    const Ink ink = step == Step::Keep ? Ink::Plain : step == Step::Add ? Ink::Green : Ink::Red;
    const std::string text = colour_ == Colour::On ? escaped(line) : std::string(line);
    std::string out = paint(fmt::format("{}{}", sign, text), ink, colour_) + "\n";
    if (is_open) out += "\\ No newline at end of file\n";
    return out;
  }

  const Lines& before_;
  const Lines& after_;
  const std::vector<Step>& steps_;
  Colour colour_;
  std::size_t step_ = 0;
  std::size_t old_ = 0;
  std::size_t new_ = 0;
};

}  // namespace

std::string unified_diff(const TextChange& change, Colour colour) {
  if (change.before == change.after) return "";
  const Lines before = lines_of(change.before);
  const Lines after = lines_of(change.after);
  const std::vector<Step> steps = steps_between(before, after);
  const std::string head = fmt::format("--- {}\n+++ {}\n", written_name("a", change.name),
                                       written_name("b", change.name));
  return head + Writer(before, after, steps, colour).hunks();
}

}  // namespace wavetank::report
