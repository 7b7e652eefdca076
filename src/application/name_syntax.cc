#include "application/name_syntax.h"

#include <utility>

#include "base/utf8.h"

namespace wavetank::application {

namespace {

class Parser {
 public:
  explicit Parser(std::string_view pattern) : rest_(pattern) {}

  std::optional<Syntax> parse() {
    Syntax sequence = parse_sequence(0);
    if (failed_) return std::nullopt;
    return sequence;
  }

 private:
  [[nodiscard]] bool at_end() const { return failed_ || rest_.empty(); }
  [[nodiscard]] char front() const { return rest_.front(); }
  void skip() { rest_.remove_prefix(1); }

  char32_t take_rune() {
    const base::Rune rune = base::first_rune(rest_);
    // The library takes a written U+FFFD for broken UTF-8.
    if (rune.value == U'\uFFFD') failed_ = true;
    rest_.remove_prefix(rune.width);
    return rune.value;
  }

  // Up to the end, or within braces up to their comma or end.
  Syntax parse_sequence(int depth) {
    using Kind = Syntax::Kind;
    Syntax sequence{.kind = Kind::Sequence};
    while (!at_end()) {
      const char c = front();
      if (depth > 0 && (c == ',' || c == '}')) break;
      if (c == '{') {
        skip();
        sequence.parts.push_back(parse_choice(depth + 1));
      } else if (c == '[') {
        skip();
        sequence.parts.push_back(parse_class());
      } else if (c == '?') {
        skip();
        sequence.parts.push_back({.kind = Kind::Single});
      } else if (rest_.starts_with("**")) {
        rest_.remove_prefix(2);
        sequence.parts.push_back({.kind = Kind::Super});
      } else if (c == '*') {
        skip();
        sequence.parts.push_back({.kind = Kind::Any});
      } else {
        std::string text = parse_text(depth > 0 ? "?*[{}," : "?*[{");
        if (!text.empty()) sequence.parts.push_back({.kind = Kind::Text, .text = std::move(text)});
      }
    }
    return sequence;
  }

  Syntax parse_choice(int depth) {
    Syntax choice{.kind = Syntax::Kind::Choice};
    while (true) {
      choice.parts.push_back(parse_sequence(depth));
      if (at_end()) return choice;
      const bool is_last = front() == '}';
      skip();
      if (is_last) return choice;
    }
  }

  // Behind the opening bracket: one range, or characters; nothing can follow either.
  Syntax parse_class() {
    Syntax node{.kind = Syntax::Kind::List};
    if (!at_end() && front() == '!') {
      node.is_negated = true;
      skip();
    }
    const std::size_t first = base::first_rune(rest_).width;
    if (first > 0 && rest_.size() > first && rest_[first] == '-') {
      node.kind = Syntax::Kind::Range;
      node.low = take_rune();
      skip();
      node.high = take_rune();
      if (node.high < node.low) failed_ = true;
    } else {
      node.text = parse_text("]");
      if (node.text.empty()) failed_ = true;
    }
    if (at_end() || front() != ']') {
      failed_ = true;
    } else {
      skip();
    }
    return node;
  }

  std::string parse_text(std::string_view stops) {
    std::string text;
    bool is_escaped = false;
    while (!at_end()) {
      const char c = front();
      if (!is_escaped && c == '\\') {
        is_escaped = true;
        skip();
        continue;
      }
      if (!is_escaped && stops.find(c) != std::string_view::npos) break;
      is_escaped = false;
      text += base::encode(take_rune());
    }
    return text;
  }

  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace

std::optional<Syntax> parse_name_pattern(std::string_view pattern) {
  return Parser(pattern).parse();
}

}  // namespace wavetank::application
