#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace wavetank::base {

void check_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "wavetank: internal error: `%s` does not hold (%s:%d); please report this\n",
               condition, file, line);
  std::fflush(nullptr);
  std::_Exit(3);
}

}  // namespace wavetank::base
