#include "yaml/json_reader.h"

#include <cstdint>
#include <string>
#include <vector>

namespace wavetank::yaml {

namespace {

// Walks one JSON value without recursion and tells a sink what it meets.
template <class Sink>
class Walker {
 public:
  Walker(std::string_view text, std::size_t begin, Sink& sink)
      : text_(text), at_(begin), sink_(sink) {}

  // The end of the value, or nothing.
  std::optional<std::size_t> walk() {
    do {
      if (!step()) return std::nullopt;
    } while (!open_.empty());
    return at_;
  }

 private:
  static constexpr std::size_t kDepthMax = 10'000;  // as Go's decoder

  void skip_space() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) {
      ++at_;
    }
  }

  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  // Reads one value up to its opening bracket or whole, and what follows it up to the next value.
  bool step() {
    skip_space();
    const std::size_t begin = at_;
    const char c = peek();
    if (c == '{' || c == '[') {
      if (open_.size() >= kDepthMax) return false;
      ++at_;
      open_.push_back(c);
      sink_.open(c == '{', begin);
      skip_space();
      if (peek() == (c == '{' ? '}' : ']')) return close() && after_value();
      return c == '[' || key();
    }
    if (c == '"' ? !string() : !literal()) return false;
    return after_value();
  }

  bool close() {
    ++at_;
    open_.pop_back();
    sink_.close(at_);
    return true;
  }

  // Behind a value: closing brackets, or a comma before the next one.
  bool after_value() {
    while (!open_.empty()) {
      skip_space();
      const char c = peek();
      if (c == (open_.back() == '{' ? '}' : ']')) {
        close();
        continue;
      }
      if (c != ',') return false;
      ++at_;
      skip_space();
      return open_.back() == '[' || key();
    }
    return true;
  }

  bool key() {
    skip_space();
    if (peek() != '"' || !string()) return false;
    skip_space();
    if (peek() != ':') return false;
    ++at_;
    return true;
  }

  bool literal() {
    const std::size_t begin = at_;
    for (const std::string_view word : {"true", "false", "null"}) {
      if (text_.substr(at_).starts_with(word)) {
        at_ += word.size();
        sink_.literal(begin, at_, word == "null" ? ScalarType::Null : ScalarType::Bool);
        return true;
      }
    }
    if (peek() == '-') ++at_;
    if (peek() == '0') {
      ++at_;
    } else if (!digits()) {
      return false;
    }
    bool is_float = false;
    if (peek() == '.') {
      is_float = true;
      ++at_;
      if (!digits()) return false;
    }
    if (peek() == 'e' || peek() == 'E') {
      is_float = true;
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      if (!digits()) return false;
    }
    sink_.literal(begin, at_, is_float ? ScalarType::Float : ScalarType::Int);
    return true;
  }

  bool digits() {
    const std::size_t begin = at_;
    while (peek() >= '0' && peek() <= '9') ++at_;
    return at_ > begin;
  }

  bool string() {
    const std::size_t begin = at_++;
    bool has_escape = false;
    while (true) {
      if (at_ >= text_.size()) return false;
      const char c = text_[at_++];
      if (c == '"') break;
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c != '\\') continue;
      has_escape = true;
      const char kind = peek();
      ++at_;
      if (kind == 'u') {
        for (int i = 0; i < 4; ++i, ++at_) {
          const char d = peek();
          if (!((d >= '0' && d <= '9') || (d >= 'a' && d <= 'f') || (d >= 'A' && d <= 'F'))) {
            return false;
          }
        }
      } else if (std::string_view("\"\\/bfnrt").find(kind) == std::string_view::npos) {
        return false;
      }
    }
    sink_.string(begin, at_, has_escape);
    return true;
  }

  std::string_view text_;
  std::size_t at_;
  Sink& sink_;
  std::vector<char> open_;
};

struct Nothing {
  void open(bool, std::size_t) {}
  void close(std::size_t) {}
  void literal(std::size_t, std::size_t, ScalarType) {}
  void string(std::size_t, std::size_t, bool) {}
};

std::uint32_t hex4(std::string_view text) {
  std::uint32_t value = 0;
  for (const char c : text.substr(0, 4)) {
    value = value * 16 + static_cast<std::uint32_t>(c <= '9'   ? c - '0'
                                                    : c >= 'a' ? c - 'a' + 10
                                                               : c - 'A' + 10);
  }
  return value;
}

void append_utf8(std::string& text, std::uint32_t value) {
  const auto add = [&](std::uint32_t byte) { text.push_back(static_cast<char>(byte)); };
  if (value < 0x80) return add(value);
  if (value < 0x800) {
    add(0xC0U | (value >> 6U));
  } else {
    if (value < 0x10000) {
      add(0xE0U | (value >> 12U));
    } else {
      add(0xF0U | (value >> 18U));
      add(0x80U | ((value >> 12U) & 0x3FU));
    }
    add(0x80U | ((value >> 6U) & 0x3FU));
  }
  add(0x80U | (value & 0x3FU));
}

// The value of a valid JSON string without its quotes; lone surrogates become U+FFFD, as in Go.
std::string unescape(std::string_view text) {
  constexpr std::uint32_t kReplacement = 0xFFFD;
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      result += text[i];
      continue;
    }
    const char kind = text[++i];
    switch (kind) {
      case 'b': result += '\b'; break;
      case 'f': result += '\f'; break;
      case 'n': result += '\n'; break;
      case 'r': result += '\r'; break;
      case 't': result += '\t'; break;
      case 'u': {
        std::uint32_t value = hex4(text.substr(i + 1));
        i += 4;
        if (value >= 0xD800 && value < 0xE000) {
          std::uint32_t low = 0;
          if (value < 0xDC00 && text.substr(i + 1).starts_with("\\u")) {
            low = hex4(text.substr(i + 3));
          }
          if (low >= 0xDC00 && low < 0xE000) {
            value = 0x10000 + ((value - 0xD800) << 10U) + (low - 0xDC00);
            i += 6;
          } else {
            value = kReplacement;
          }
        }
        append_utf8(result, value);
        break;
      }
      default: result += kind;
    }
  }
  return result;
}

class Building {
 public:
  Building(std::string_view text, TreeBuilder& builder) : text_(text), builder_(builder) {}

  void open(bool is_mapping, std::size_t begin) {
    builder_.open({.kind = is_mapping ? NodeKind::Mapping : NodeKind::Sequence,
                   .flow = true,
                   .span = {.begin = offset(begin)}});
  }
  void close(std::size_t end) { builder_.close(offset(end)); }
  void literal(std::size_t begin, std::size_t end, ScalarType type) {
    builder_.add({.type = type,
                  .span = {.begin = offset(begin), .end = offset(end)},
                  .text = text_.substr(begin, end - begin)});
  }
  void string(std::size_t begin, std::size_t end, bool has_escape) {
    const std::string_view inner = text_.substr(begin + 1, end - begin - 2);
    builder_.add({.style = ScalarStyle::DoubleQuoted,
                  .type = ScalarType::String,
                  .span = {.begin = offset(begin), .end = offset(end)},
                  .text = has_escape ? builder_.keep(unescape(inner)) : inner});
  }

 private:
  static std::uint32_t offset(std::size_t at) { return static_cast<std::uint32_t>(at); }

  std::string_view text_;
  TreeBuilder& builder_;
};

}  // namespace

std::optional<std::size_t> json_value_end(std::string_view text, std::size_t begin) {
  Nothing sink;
  return Walker<Nothing>(text, begin, sink).walk();
}

void read_json(std::string_view text, std::size_t begin, TreeBuilder& builder) {
  Building sink(text, builder);
  Walker<Building>(text, begin, sink).walk();
}

}  // namespace wavetank::yaml
