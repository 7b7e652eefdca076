// How the tests of name_tree.h are put to a text.
#include <algorithm>

#include "application/name_tree.h"
#include "base/utf8.h"

namespace wavetank::application {

namespace {

using Kind = NameTest::Kind;
// Lengths in bytes, ascending.
using Lengths = std::vector<std::size_t>;

// The first part of a text that passes: where it begins, and how long it may be.
struct Place {
  std::size_t begin = 0;
  Lengths lengths;
};

bool contains(std::string_view name, std::string_view text) {
  return name.find(text) != std::string_view::npos;
}

bool passes_rune(const NameTest& test, char32_t rune) {
  if (test.kind == Kind::Single) return true;
  if (test.kind == Kind::Range) {
    return (rune >= test.low && rune <= test.high) != test.is_negated;
  }
  bool listed = false;
  for (std::string_view rest = test.text; !rest.empty();) {
    const base::Rune one = base::first_rune(rest);
    listed = listed || one.value == rune;
    rest.remove_prefix(one.width);
  }
  return listed != test.is_negated;
}

// The library takes a broken rune, which it can leave behind when it cuts, for a written U+FFFD.
std::size_t assumed_width(const base::Rune& rune) { return rune.is_invalid() ? 3 : rune.width; }

// `start`, and `start` plus the beginning of every later rune and the end.
Lengths rune_borders(std::string_view text, std::size_t start) {
  Lengths borders{start};
  for (std::size_t at = 0; at < text.size();) {
    at += base::first_rune(text.substr(at)).width;
    borders.push_back(start + at);
  }
  return borders;
}

// `start`, and `start` plus the assumed end of every rune.
Lengths rune_ends(std::string_view text, std::size_t start) {
  Lengths ends{start};
  for (std::size_t at = 0; at < text.size();) {
    const base::Rune rune = base::first_rune(text.substr(at));
    ends.push_back(start + at + assumed_width(rune));
    at += rune.width;
  }
  return ends;
}

// The parts in turn, each over as many runes as it is long; what lies behind them does not matter.
// A part's text ends with the first byte of its last rune, so longer runes never pass.
bool passes_row(const NameTest& row, std::string_view name) {
  for (const NameTest& part : row.parts) {
    const std::size_t length = part.length.value_or(0);
    std::size_t runes = 0;
    std::size_t last = 0;
    for (std::size_t at = 0; at < name.size();) {
      last = at;
      if (++runes == length) break;
      at += base::first_rune(name.substr(at)).width;
    }
    // Where the text is used up, a part of length 0 makes the library fail.
    if (runes < length || last + 1 > name.size()) return false;
    if (!passes(part, name.substr(0, last + 1))) return false;
    name.remove_prefix(last + 1);
  }
  return true;
}

std::optional<Place> find(const NameTest& test, std::string_view name);

std::optional<Place> find_any(const NameTest& test, std::string_view name) {
  std::optional<Place> first;
  for (const NameTest& part : test.parts) {
    const auto place = find(part, name);
    if (!place) continue;
    if (!first || place->begin < first->begin) {
      first = place;
    } else if (place->begin == first->begin) {
      Lengths merged;
      std::set_union(first->lengths.begin(), first->lengths.end(), place->lengths.begin(),
                     place->lengths.end(), std::back_inserter(merged));
      first->lengths = std::move(merged);
    }
  }
  return first;
}

std::optional<Place> find_every(const NameTest& test, std::string_view name) {
  Place result;
  std::size_t offset = 0;
  for (std::size_t i = 0; i < test.parts.size(); ++i) {
    const auto place = find(test.parts[i], name.substr(result.begin));
    if (!place) return std::nullopt;
    const std::size_t begin = place->begin + offset;
    if (i == 0) {
      result.lengths = place->lengths;
    } else {
      Lengths common;
      for (const std::size_t length : result.lengths) {
        if (std::find(place->lengths.begin(), place->lengths.end(),
                      length + result.begin - begin) != place->lengths.end()) {
          common.push_back(length + result.begin - begin);
        }
      }
      if (common.empty()) return std::nullopt;
      result.lengths = std::move(common);
    }
    result.begin = begin;
    offset += place->begin;
  }
  return result;
}

std::optional<Place> find_prefix_suffix(const NameTest& test, std::string_view name) {
  const auto begin = name.find(test.text);
  if (begin == std::string_view::npos) return std::nullopt;
  Place place{.begin = begin};
  std::string_view rest = name.substr(begin);
  while (true) {
    const auto at = rest.rfind(test.suffix);
    if (at == std::string_view::npos) break;
    place.lengths.push_back(at + test.suffix.size());
    rest = rest.substr(0, at);
  }
  if (place.lengths.empty()) return std::nullopt;
  std::reverse(place.lengths.begin(), place.lengths.end());
  return place;
}

std::optional<Place> find_rune(const NameTest& test, std::string_view name) {
  for (std::size_t at = 0; at < name.size();) {
    const base::Rune rune = base::first_rune(name.substr(at));
    if (passes_rune(test, rune.value)) return Place{.begin = at, .lengths = {assumed_width(rune)}};
    at += rune.width;
  }
  return std::nullopt;
}

// Its length counts runes where bytes are meant.
std::optional<Place> find_row(const NameTest& test, std::string_view name) {
  const std::size_t length = test.length.value_or(0);
  for (std::size_t at = 0; at < name.size(); at += base::first_rune(name.substr(at)).width) {
    if (name.size() - at < length) break;
    if (passes_row(test, name.substr(at))) return Place{.begin = at, .lengths = {length}};
  }
  return std::nullopt;
}

std::optional<Place> find_min(const NameTest& test, std::string_view name) {
  if (name.size() < test.limit) return std::nullopt;
  Lengths ends = rune_ends(name, 0);
  if (ends.size() <= test.limit) return std::nullopt;
  ends.erase(ends.begin(), ends.begin() + static_cast<std::ptrdiff_t>(test.limit));
  return Place{.lengths = std::move(ends)};
}

std::optional<Place> find_max(const NameTest& test, std::string_view name) {
  Lengths ends = rune_ends(name, 0);
  ends.resize(std::min(ends.size(), test.limit + 1));
  return Place{.lengths = std::move(ends)};
}

std::optional<Place> find(const NameTest& test, std::string_view name) {
  const auto at = name.find(test.text);
  const bool found = at != std::string_view::npos;
  const std::size_t size = test.text.size();
  switch (test.kind) {
    case Kind::Nothing: return Place{.lengths = {0}};
    case Kind::Text:
      if (!found) return std::nullopt;
      return Place{.begin = at, .lengths = {size}};
    case Kind::Super: return Place{.lengths = rune_borders(name, 0)};
    case Kind::Single:
    case Kind::List:
    case Kind::Range: return find_rune(test, name);
    case Kind::Min: return find_min(test, name);
    case Kind::Max: return find_max(test, name);
    case Kind::Lacks: return Place{.lengths = rune_borders(name.substr(0, at), 0)};
    case Kind::Contains:
      if (!found) return std::nullopt;
      return Place{.lengths = rune_borders(name.substr(at + size), at + size)};
    case Kind::Prefix:
      if (!found) return std::nullopt;
      return Place{.begin = at, .lengths = rune_ends(name.substr(at + size), size)};
    case Kind::Suffix:
      if (!found) return std::nullopt;
      return Place{.lengths = {at + size}};
    case Kind::PrefixSuffix: return find_prefix_suffix(test, name);
    case Kind::EveryOf: return find_every(test, name);
    case Kind::AnyOf: return find_any(test, name);
    case Kind::Row: return find_row(test, name);
    case Kind::Around: return std::nullopt;  // the library never finds one inside a text
  }
  return std::nullopt;
}

bool passes_side(const std::vector<NameTest>& side, std::string_view text) {
  return side.empty() ? text.empty() : passes(side.front(), text);
}

// Every place of the middle, from the left; at each its longest length first.
bool passes_around(const NameTest& test, std::string_view name) {
  if (test.length && *test.length > name.size()) return false;
  std::size_t offset = 0;
  std::size_t limit = name.size();
  if (!test.left.empty()) offset = test.left.front().length.value_or(0);
  if (!test.right.empty()) limit -= std::min(limit, test.right.front().length.value_or(0));
  while (offset < limit) {
    const auto place = find(test.parts.front(), name.substr(offset, limit - offset));
    if (!place) return false;
    const std::size_t begin = offset + place->begin;
    if (passes_side(test.left, name.substr(0, begin))) {
      for (auto length = place->lengths.rbegin(); length != place->lengths.rend(); ++length) {
        const std::size_t end = std::min(begin + *length, name.size());
        if (passes_side(test.right, name.substr(end))) return true;
      }
    }
    const std::size_t step = base::first_rune(name.substr(begin)).width;
    if (step == 0) return false;
    offset = begin + step;
  }
  return false;
}

}  // namespace

bool passes(const NameTest& test, std::string_view name) {
  switch (test.kind) {
    case Kind::Nothing: return name.empty();
    case Kind::Text: return name == test.text;
    case Kind::Super: return true;
    case Kind::Single:
    case Kind::List:
    case Kind::Range: {
      // The empty text counts as U+FFFD.
      const base::Rune rune = base::first_rune(name);
      return rune.width == name.size() && passes_rune(test, rune.value);
    }
    case Kind::Min: return base::count_runes(name) >= test.limit;
    case Kind::Max: return base::count_runes(name) <= test.limit;
    case Kind::Lacks: return !contains(name, test.text);
    case Kind::Contains: return contains(name, test.text);
    case Kind::Prefix: return name.starts_with(test.text);
    case Kind::Suffix: return name.ends_with(test.text);
    case Kind::PrefixSuffix: return name.starts_with(test.text) && name.ends_with(test.suffix);
    case Kind::EveryOf:
      return std::all_of(test.parts.begin(), test.parts.end(),
                         [&](const NameTest& part) { return passes(part, name); });
    case Kind::AnyOf:
      return std::any_of(test.parts.begin(), test.parts.end(),
                         [&](const NameTest& part) { return passes(part, name); });
    case Kind::Row: return base::count_runes(name) == test.length && passes_row(test, name);
    case Kind::Around: return passes_around(test, name);
  }
  return false;
}

}  // namespace wavetank::application
