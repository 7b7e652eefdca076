// What a rule found: the diagnostic, how sure the rule is, and the fix, if there is one.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "model/key.h"
#include "source/diagnostic.h"

namespace wavetank::lint {

enum class Confidence : std::uint8_t { Low, Medium, High };
enum class FixSafety : std::uint8_t { Safe, Unsafe };

// Replace the bytes of `span` by `text`.
struct Edit {
  source::Span span;
  std::string text;
};

struct Fix {
  FixSafety safety = FixSafety::Unsafe;
  std::string title;  // an imperative: "write PreSync"
  std::vector<Edit> edits;
};

struct Finding {
  source::Diagnostic diagnostic;
  Confidence confidence = Confidence::High;
  std::string application;  // the Bundle's name
  model::ObjectKey object;  // the object it is about
  std::vector<Fix> fixes;   // at most one today
};

}  // namespace wavetank::lint
