#include "lint/checks/words.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text_distance.h"
#include "model/annotation.h"

namespace wavetank::lint::checks {

std::vector<WordAt> words_of(const model::MetadataEntry& entry, const source::SourceMap& sources) {
  std::vector<WordAt> words;
  const std::string_view written = sources.text(entry.value_span);
  std::size_t from = 0;
  for (const std::string_view item : model::list_items(entry.value)) {
    source::Span span = entry.value_span;
    if (const auto at = written.find(item, from); at != std::string_view::npos) {
      span.begin = entry.value_span.begin + static_cast<std::uint32_t>(at);
      span.end = span.begin + static_cast<std::uint32_t>(item.size());
      from = at + item.size();
    }
    words.push_back({.text = item, .span = span});
  }
  return words;
}

bool same_but_for_spelling(std::string_view a, std::string_view b) {
  const auto plain = [](std::string_view text) {
    std::string result;
    for (const char c : text) {
      if (c == '-' || c == '_' || c == ' ') continue;
      result += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
    return result;
  };
  return plain(a) == plain(b);
}

std::string_view meant_word(std::string_view word, std::span<const std::string_view> valid) {
  const auto same = std::find_if(valid.begin(), valid.end(), [&](std::string_view candidate) {
    return same_but_for_spelling(word, candidate);
  });
  return same != valid.end() ? *same : base::nearest(word, valid);
}

bool is_placeholder(std::string_view value) {
  for (const std::string_view mark : {"${", "$(", "{{"}) {
    if (value.find(mark) != std::string_view::npos) return true;
  }
  return value.starts_with('$') || (value.starts_with('<') && value.ends_with('>'));
}

std::string suggestion(std::string_view meant) {
  return meant.empty() ? "" : fmt::format("did you mean `{}`?", meant);
}

source::Span value_span(const model::MetadataEntry& entry) {
  return entry.value_span.begin < entry.value_span.end ? entry.value_span : entry.key_span;
}

}  // namespace wavetank::lint::checks
