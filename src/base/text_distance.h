// How alike two words are, for "did you mean", and whether they are the same but for case.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace wavetank::base {

// Damerau-Levenshtein distance with adjacent transpositions, ASCII letters compared without case.
[[nodiscard]] std::size_t text_distance(std::string_view a, std::string_view b);

// Whether two words differ at most in the case of ASCII letters.
[[nodiscard]] bool same_letters(std::string_view a, std::string_view b);

// The nearest candidate, the first of equally near ones; empty when none is near enough: at most a
// third of the word's letters (and at least one) may differ.
[[nodiscard]] std::string_view nearest(std::string_view word,
                                       std::span<const std::string_view> candidates);

}  // namespace wavetank::base
