#include "commands/exit_code.h"

#include <algorithm>

namespace wavetank::commands {

ExitCode gravest(std::initializer_list<ExitCode> codes) {
  for (const ExitCode code : {ExitCode::Internal, ExitCode::Usage, ExitCode::Input,
                              ExitCode::Findings, ExitCode::Inconclusive}) {
    if (std::find(codes.begin(), codes.end(), code) != codes.end()) return code;
  }
  return ExitCode::Ok;
}

}  // namespace wavetank::commands
