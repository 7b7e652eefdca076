// One message about the user's text: what is wrong, where, because of what, and what to do.
//
// A Diagnostic decides nothing about its looks; `report` renders it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "source/span.h"

namespace wavetank::source {

enum class Severity : std::uint8_t { Info, Warning, Error };

// A place and the few words to write under it.
struct Label {
  Span span;
  std::string text;
};

struct Diagnostic {
  Severity severity = Severity::Error;
  std::string code;            // "HK001", "IN003"
  std::string slug;            // "named-hook-never-reruns"
  std::string message;         // one sentence without a full stop, values in backticks
  std::string subject;         // a path, where there is no span (IN008 no such path)
  Label primary;               // what is wrong here; the span may be invalid when there is no place
  std::vector<Label> related;  // because of this, possibly in other files
  std::vector<Label> plan;     // the steps of the plan that matter, each with its object's place
  std::string consequence;     // what Argo CD will do, one sentence
  std::string help;            // what to do about it, one imperative sentence
};

}  // namespace wavetank::source
