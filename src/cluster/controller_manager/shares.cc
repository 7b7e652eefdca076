#include "cluster/controller_manager/shares.h"

#include <cstdlib>
#include <string>

namespace wavetank::cluster {

std::int64_t share(const nlohmann::json& value, std::int64_t whole, Rounding rounding) {
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (!value.is_string()) return 0;
  const auto& text = value.get_ref<const std::string&>();
  const std::int64_t percent = std::strtoll(text.c_str(), nullptr, 10);
  switch (rounding) {
    case Rounding::Up: return (percent * whole + 99) / 100;
    case Rounding::Down: return percent * whole / 100;
  }
  return 0;
}

}  // namespace wavetank::cluster
