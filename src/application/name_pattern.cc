#include "application/name_pattern.h"

#include "application/name_syntax.h"
#include "application/name_tree.h"

namespace wavetank::application {

bool matches_name(std::string_view pattern, std::string_view name) {
  const auto syntax = parse_name_pattern(pattern);
  return syntax && passes(build_test(*syntax), name);
}

}  // namespace wavetank::application
