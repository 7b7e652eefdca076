#include "base/glob.h"

#include <optional>
#include <string>

namespace wavetank::base {

namespace {

// The length of a `[...]` class at the start of `pattern`, and whether it holds `c`.
struct ClassMatch {
  std::size_t length = 0;
  bool holds = false;
};

std::optional<ClassMatch> match_class(std::string_view pattern, char c) {
  std::size_t at = 1;
  const bool negated = at < pattern.size() && (pattern[at] == '!' || pattern[at] == '^');
  if (negated) ++at;
  bool holds = false;
  for (bool first = true;; first = false) {
    if (at >= pattern.size()) return std::nullopt;
    if (pattern[at] == ']' && !first) break;
    if (pattern[at] == '\\' && at + 1 < pattern.size()) ++at;
    const char low = pattern[at++];
    char high = low;
    if (at + 1 < pattern.size() && pattern[at] == '-' && pattern[at + 1] != ']') {
      high = pattern[at + 1];
      at += 2;
    }
    holds = holds || (low <= c && c <= high);
  }
  return ClassMatch{.length = at + 1, .holds = holds != negated};
}

// Matches a pattern without braces. Backtracks over the last star only, and over the last double
// star, so the time is bounded by the product of the lengths.
bool matches(std::string_view pattern, std::string_view path) {
  std::size_t p = 0;
  std::size_t t = 0;
  struct Retry {
    std::size_t pattern = std::string_view::npos;
    std::size_t path = 0;
  };
  Retry star;
  Retry double_star;
  const auto retry = [&] {
    if (star.pattern != std::string_view::npos && star.path < path.size() &&
        path[star.path] != '/') {
      p = star.pattern;
      t = ++star.path;
      return true;
    }
    if (double_star.pattern != std::string_view::npos && double_star.path < path.size()) {
      p = double_star.pattern;
      t = ++double_star.path;
      star = {};
      return true;
    }
    return false;
  };
  while (true) {
    if (p < pattern.size() && pattern.substr(p, 2) == "**") {
      p += 2;
      if (p < pattern.size() && pattern[p] == '/' && (p < 3 || pattern[p - 3] == '/')) {
        // "a/**/b" also matches "a/b": the slash belongs to the parts that may be missing.
        const std::string_view rest = pattern.substr(p + 1);
        if (matches(rest, path.substr(t))) return true;
      }
      double_star = {.pattern = p, .path = t};
      star = {};
      continue;
    }
    if (p < pattern.size() && pattern[p] == '*') {
      star = {.pattern = ++p, .path = t};
      continue;
    }
    if (t == path.size()) {
      if (p == pattern.size()) return true;
      return false;
    }
    bool same = false;
    std::size_t step = 1;
    if (p < pattern.size()) {
      if (pattern[p] == '?') {
        same = path[t] != '/';
      } else if (pattern[p] == '[') {
        const auto found = match_class(pattern.substr(p), path[t]);
        if (!found) return false;
        same = found->holds && path[t] != '/';
        step = found->length;
      } else if (pattern[p] == '\\' && p + 1 < pattern.size()) {
        same = pattern[p + 1] == path[t];
        step = 2;
      } else {
        same = pattern[p] == path[t];
      }
    }
    if (same) {
      p += step;
      ++t;
    } else if (!retry()) {
      return false;
    }
  }
}

}  // namespace

bool plain_glob_matches(std::string_view pattern, std::string_view path) {
  return matches(pattern, path);
}

bool glob_matches(std::string_view pattern, std::string_view path) {
  const auto open = pattern.find('{');
  if (open == std::string_view::npos) return matches(pattern, path);
  const auto close = pattern.find('}', open);
  if (close == std::string_view::npos) return false;
  std::string_view options = pattern.substr(open + 1, close - open - 1);
  while (true) {
    const auto comma = options.find(',');
    std::string chosen(pattern.substr(0, open));
    chosen += options.substr(0, comma);
    chosen += pattern.substr(close + 1);
    if (glob_matches(chosen, path)) return true;
    if (comma == std::string_view::npos) return false;
    options.remove_prefix(comma + 1);
  }
}

}  // namespace wavetank::base
