#include "application/name_tree.h"

#include <algorithm>
#include <utility>

#include "base/utf8.h"

namespace wavetank::application {

namespace {

using Kind = NameTest::Kind;
using Tests = std::vector<NameTest>;

NameTest of_length(NameTest test, std::size_t length) {
  test.length = length;
  return test;
}

NameTest text_test(std::string text) {
  const std::size_t length = base::count_runes(text);
  return of_length({.kind = Kind::Text, .text = std::move(text)}, length);
}

// An alternative without a fixed length at the beginning is overlooked.
std::optional<std::size_t> common_length(const Tests& tests) {
  std::optional<std::size_t> length;
  for (const NameTest& test : tests) {
    if (!length) {
      length = test.length;
    } else if (length != test.length) {
      return std::nullopt;
    }
  }
  return length;
}

NameTest around(NameTest middle, Tests left, Tests right) {
  NameTest test{.kind = Kind::Around};
  std::optional<std::size_t> length = middle.length;
  for (const Tests* side : {&left, &right}) {
    if (side->empty() || !length) continue;
    const auto more = side->front().length;
    length = more ? std::optional(*length + *more) : std::nullopt;
  }
  test.length = length;
  test.parts.push_back(std::move(middle));
  test.left = std::move(left);
  test.right = std::move(right);
  return test;
}

bool is_only(const Tests& side, Kind kind) { return !side.empty() && side.front().kind == kind; }

// A text with nothing or everything beside it is searched directly.
NameTest simplified_around(NameTest test) {
  const NameTest& middle = test.parts.front();
  if (middle.kind != Kind::Text) return test;
  const Tests& left = test.left;
  const Tests& right = test.right;
  if (left.empty() && right.empty()) return middle;
  if (is_only(left, Kind::Super) && is_only(right, Kind::Super)) {
    return {.kind = Kind::Contains, .text = middle.text};
  }
  if (is_only(left, Kind::Super) && right.empty()) {
    return {.kind = Kind::Suffix, .text = middle.text};
  }
  if (left.empty() && is_only(right, Kind::Super)) {
    return {.kind = Kind::Prefix, .text = middle.text};
  }
  if (left.empty() && is_only(right, Kind::Suffix)) {
    return {.kind = Kind::PrefixSuffix, .text = middle.text, .suffix = right.front().text};
  }
  if (is_only(left, Kind::Prefix) && right.empty()) {
    return {.kind = Kind::PrefixSuffix, .text = left.front().text, .suffix = middle.text};
  }
  return test;
}

NameTest simplified(NameTest test) {
  if (test.kind == Kind::AnyOf && test.parts.size() == 1) {
    NameTest only = std::move(test.parts.front());
    return only;
  }
  if (test.kind == Kind::List && !test.is_negated && base::count_runes(test.text) == 1) {
    return text_test(test.text);
  }
  if (test.kind == Kind::Around) {
    for (Tests* side : {&test.left, &test.right}) {
      if (!side->empty()) side->front() = simplified(std::move(side->front()));
    }
    return simplified_around(std::move(test));
  }
  return test;
}

// Neighbours that only count runes. Of negated lists the characters are afterwards looked for as
// one text, not one by one.
std::optional<NameTest> joined_counts(const Tests& tests, std::size_t begin, std::size_t end) {
  bool has_super = false;
  std::size_t singles = 0;
  std::optional<std::string> excluded;
  for (std::size_t i = begin; i < end; ++i) {
    const NameTest& test = tests[i];
    std::string without;
    if (test.kind == Kind::Super) {
      has_super = true;
    } else if (test.kind == Kind::Single) {
      ++singles;
    } else if (test.kind == Kind::List && test.is_negated) {
      ++singles;
      without = test.text;
    } else {
      return std::nullopt;
    }
    if (!excluded) excluded = without;
    if (*excluded != without) return std::nullopt;
  }
  if (has_super && singles == 0) return NameTest{.kind = Kind::Super};
  if (has_super && excluded->empty()) return NameTest{.kind = Kind::Min, .limit = singles};
  NameTest every{.kind = Kind::EveryOf};
  every.parts.push_back({.kind = Kind::Min, .limit = singles});
  if (!has_super) every.parts.push_back({.kind = Kind::Max, .limit = singles});
  if (!excluded->empty()) every.parts.push_back({.kind = Kind::Lacks, .text = *excluded});
  return every;
}

std::optional<NameTest> joined_row(const Tests& tests, std::size_t begin, std::size_t end) {
  NameTest row{.kind = Kind::Row};
  std::size_t length = 0;
  for (std::size_t i = begin; i < end; ++i) {
    if (!tests[i].length) return std::nullopt;
    length += *tests[i].length;
    row.parts.push_back(tests[i]);
  }
  return of_length(std::move(row), length);
}

std::optional<NameTest> joined(const Tests& tests, std::size_t begin, std::size_t end) {
  if (end - begin <= 1) return std::nullopt;
  if (auto counts = joined_counts(tests, begin, end)) return counts;
  return joined_row(tests, begin, end);
}

// Joins the longest run of neighbours that can be joined, again and again.
Tests minimized(Tests tests) {
  while (true) {
    std::optional<NameTest> best;
    std::size_t best_begin = 0;
    std::size_t best_end = 0;
    for (std::size_t begin = 0; begin < tests.size(); ++begin) {
      for (std::size_t end = tests.size(); end > begin; --end) {
        auto candidate = joined(tests, begin, end);
        if (!candidate) continue;
        const bool is_better =
            !best || (best->length && candidate->length && *candidate->length > *best->length) ||
            best_end - best_begin < end - begin;
        if (!is_better) continue;
        best = std::move(candidate);
        best_begin = begin;
        best_end = end;
      }
    }
    if (!best) return tests;
    const auto at = tests.begin() + static_cast<std::ptrdiff_t>(best_begin);
    tests.erase(at, tests.begin() + static_cast<std::ptrdiff_t>(best_end));
    tests.insert(tests.begin() + static_cast<std::ptrdiff_t>(best_begin), std::move(*best));
  }
}

// REQUIRES: not empty. The last of the longest fixed parts is the middle.
NameTest assembled(const Tests& tests) {
  if (tests.size() == 1) return tests.front();
  if (auto all = joined(tests, 0, tests.size())) return *all;
  std::optional<std::size_t> middle;
  for (std::size_t i = 0; i < tests.size(); ++i) {
    if (tests[i].length && (!middle || *tests[i].length >= *tests[*middle].length)) middle = i;
  }
  const auto side = [&](std::size_t begin, std::size_t end) {
    Tests part(tests.begin() + static_cast<std::ptrdiff_t>(begin),
               tests.begin() + static_cast<std::ptrdiff_t>(end));
    return part.empty() ? Tests{} : Tests{assembled(part)};
  };
  const std::size_t at = middle.value_or(0);
  return around(tests[at], side(0, at), side(at + 1, tests.size()));
}

struct CommonEnds {
  std::size_t left = 0;
  std::size_t right = 0;
};

// What all alternatives begin and end with.
CommonEnds common_ends(const std::vector<Syntax>& alternatives) {
  CommonEnds common;
  if (alternatives.size() <= 1) return common;
  const auto shortest = std::min_element(
      alternatives.begin(), alternatives.end(),
      [](const Syntax& a, const Syntax& b) { return a.parts.size() < b.parts.size(); });
  const std::size_t size = shortest->parts.size();
  bool left_ended = false;
  bool right_ended = false;
  for (std::size_t i = 0; i < size; ++i) {
    if (common.left + common.right >= size || (left_ended && right_ended)) break;
    const std::size_t j = size - 1 - i;
    for (auto other = alternatives.begin(); other != alternatives.end(); ++other) {
      if (left_ended && right_ended) break;
      if (other == shortest) continue;
      left_ended = left_ended || shortest->parts[i] != other->parts[i];
      right_ended = right_ended || (!left_ended && j <= i) ||
                    shortest->parts[j] != other->parts[j + other->parts.size() - size];
    }
    if (!left_ended) ++common.left;
    if (!right_ended) ++common.right;
  }
  return common;
}

Syntax sequence_of(const std::vector<Syntax>& parts, std::size_t begin, std::size_t end) {
  Syntax sequence{.kind = Syntax::Kind::Sequence};
  sequence.parts.assign(parts.begin() + static_cast<std::ptrdiff_t>(begin),
                        parts.begin() + static_cast<std::ptrdiff_t>(end));
  return sequence;
}

// A choice whose alternatives begin or end alike becomes a sequence around a smaller choice.
std::optional<Syntax> factored(const Syntax& choice) {
  for (const Syntax& part : choice.parts) {
    if (part.kind != Syntax::Kind::Sequence) return std::nullopt;
  }
  const CommonEnds common = common_ends(choice.parts);
  if (common.left == 0 && common.right == 0) return std::nullopt;
  const std::vector<Syntax>& first = choice.parts.front().parts;
  Syntax result{.kind = Syntax::Kind::Sequence};
  if (common.left > 0) result.parts.push_back(sequence_of(first, 0, common.left));
  Syntax rest{.kind = Syntax::Kind::Choice};
  for (const Syntax& part : choice.parts) {
    Syntax middle = sequence_of(part.parts, common.left, part.parts.size() - common.right);
    if (middle.parts.empty()) middle.kind = Syntax::Kind::Nothing;
    if (std::find(rest.parts.begin(), rest.parts.end(), middle) == rest.parts.end()) {
      rest.parts.push_back(std::move(middle));
    }
  }
  if (rest.parts.size() > 1) {
    result.parts.push_back(std::move(rest));
  } else if (rest.parts.front().kind != Syntax::Kind::Nothing) {
    result.parts.push_back(std::move(rest.parts.front()));
  }
  if (common.right > 0) {
    result.parts.push_back(sequence_of(first, first.size() - common.right, first.size()));
  }
  return result;
}

Tests build_parts(const Syntax& syntax) {
  Tests tests;
  for (const Syntax& part : syntax.parts) tests.push_back(simplified(build_test(part)));
  return tests;
}

}  // namespace

NameTest build_test(const Syntax& syntax) {
  switch (syntax.kind) {
    case Syntax::Kind::Nothing: return of_length({.kind = Kind::Nothing}, 0);
    case Syntax::Kind::Text: return text_test(syntax.text);
    case Syntax::Kind::Any:
    case Syntax::Kind::Super: return {.kind = Kind::Super};
    case Syntax::Kind::Single: return of_length({.kind = Kind::Single}, 1);
    case Syntax::Kind::List:
      return simplified(
          of_length({.kind = Kind::List, .text = syntax.text, .is_negated = syntax.is_negated}, 1));
    case Syntax::Kind::Range:
      return of_length({.kind = Kind::Range,
                        .is_negated = syntax.is_negated,
                        .low = syntax.low,
                        .high = syntax.high},
                       1);
    case Syntax::Kind::Choice: {
      if (const auto sequence = factored(syntax)) return build_test(*sequence);
      NameTest any{.kind = Kind::AnyOf, .parts = build_parts(syntax)};
      any.length = common_length(any.parts);
      return any;
    }
    case Syntax::Kind::Sequence: {
      if (syntax.parts.empty()) return of_length({.kind = Kind::Nothing}, 0);
      return simplified(assembled(minimized(build_parts(syntax))));
    }
  }
  return {};
}

}  // namespace wavetank::application
