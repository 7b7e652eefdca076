#include "yaml/split.h"

#include <algorithm>

#include "yaml/json_reader.h"

namespace wavetank::yaml {

namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

std::size_t skip_space(std::string_view text, std::size_t at) {
  while (at < text.size() && is_space(text[at])) ++at;
  return at;
}

// Up to the first character that is no space, or just behind the first line break.
std::size_t skip_to_line(std::string_view text, std::size_t at) {
  while (at < text.size() && is_space(text[at])) {
    if (text[at++] == '\n') break;
  }
  return at;
}

void split_yaml(std::string_view text, std::size_t begin, std::vector<Chunk>& chunks) {
  std::size_t document = begin;
  bool has_lines = false;  // a separator that comes first belongs to the document behind it
  std::size_t line = begin;
  while (line < text.size()) {
    const std::size_t next = std::min(text.find('\n', line), text.size() - 1) + 1;
    const std::string_view content = text.substr(line, next - line);
    if (content.starts_with("---")) {
      const std::size_t rest = skip_space(content, 3);
      if (rest < content.size() && content[rest] != '#') {
        if (has_lines) chunks.push_back({.begin = document, .end = line});
        chunks.push_back({.syntax = Syntax::BadSeparator, .begin = line, .end = next});
        document = next;
        has_lines = false;
        line = next;
        continue;
      }
      if (has_lines) {
        chunks.push_back({.begin = document, .end = line});
        document = next;
        has_lines = false;
        line = next;
        continue;
      }
    }
    has_lines = true;
    line = next;
  }
  if (has_lines) chunks.push_back({.begin = document, .end = text.size()});
}

}  // namespace

std::vector<Chunk> split_documents(std::string_view text) {
  std::vector<Chunk> chunks;
  std::size_t at = 0;
  const std::size_t first = skip_space(text, 0);
  // Argo CD looks for the brace in the first 4,096 bytes only.
  constexpr std::size_t kLookAhead = 4096;
  if (first < std::min(text.size(), kLookAhead) && text[first] == '{') {
    while (true) {
      const std::size_t begin = skip_space(text, at);
      if (begin == text.size()) return chunks;
      const auto end = json_value_end(text, begin);
      if (!end) break;
      chunks.push_back({.syntax = Syntax::Json, .begin = begin, .end = *end});
      at = *end;
    }
    at = skip_to_line(text, at);
  }
  split_yaml(text, at, chunks);
  return chunks;
}

}  // namespace wavetank::yaml
