// Which row of the health table judges an object.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "health/table/program.h"

namespace wavetank::health::table {

// By group and kind exactly, else by the first wildcard that fits, as util/lua/lua.go searches its
// directories. Null when none is for this kind in this version.
[[nodiscard]] const Row* row_of(const nlohmann::json& object, model::ArgocdVersion version);

}  // namespace wavetank::health::table
