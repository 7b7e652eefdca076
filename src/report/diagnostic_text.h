// One diagnostic as text: a headline, the lines of the source with what is wrong underlined, and
// what Argo CD will do about it.
#pragma once

#include <string>

#include "report/paint.h"
#include "source/diagnostic.h"
#include "source/source_map.h"

namespace wavetank::report {

[[nodiscard]] std::string diagnostic_text(const source::Diagnostic& diagnostic,
                                          const source::SourceMap& sources, Colour colour);

}  // namespace wavetank::report
