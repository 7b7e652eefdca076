// How a check tells what it found: the place, the values for the holes of its texts, what is
// related.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lint/catalogue.h"
#include "lint/context.h"
#include "lint/finding.h"

namespace wavetank::lint {

struct Report {
  const model::Resource* resource = nullptr;  // the object it is about
  source::Span span;
  std::string variant;                        // which words of the rule; empty: the default
  std::optional<source::Severity> severity;   // where it differs from the rule's
  std::map<std::string, std::string> values;  // for the {holes}
  std::vector<source::Label> related;
  std::vector<source::Label> plan;
  std::vector<Fix> fixes;
};

class Reporter {
 public:
  Reporter(const Rule& rule, const Context& context, std::vector<Finding>& findings)
      : rule_(rule), context_(context), findings_(findings) {}

  void add(Report report);

 private:
  const Rule& rule_;
  const Context& context_;
  std::vector<Finding>& findings_;
};

// `text` with every {name} replaced by its value. REQUIRES: every hole has a value.
[[nodiscard]] std::string filled(std::string_view text,
                                 const std::map<std::string, std::string>& values);

}  // namespace wavetank::lint
