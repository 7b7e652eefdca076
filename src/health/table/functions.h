// The functions that checks of the health table may call.
#pragma once

#include "health/table/program.h"
#include "health/table/value.h"

namespace wavetank::health::table {

// `second` is nil for functions of one argument.
[[nodiscard]] Value call(Function function, const Value& first, const Value& second,
                         Failure& failure);

}  // namespace wavetank::health::table
