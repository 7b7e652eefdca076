#include "support/workshop.h"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

namespace wavetank::support {

namespace fs = std::filesystem;

Ended shell(const std::string& command, const std::string& directory, ProgramName program) {
  const std::string line = fmt::format("cd '{}' && {}() {{ '{}' \"$@\"; }}; {{ {}; }} 2>&1",
                                       directory, program.name, program.path, command);
  Ended ended;
  std::FILE* pipe = popen(line.c_str(), "r");
  if (pipe == nullptr) return ended;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) {
    ended.output += static_cast<char>(c);
  }
  const int status = pclose(pipe);
  ended.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ended;
}

Workshop::Workshop(ProgramName program)
    : program_(program),
      root_(fs::temp_directory_path() / fmt::format("wavetank-test-{}", ::getpid())) {
  fs::remove_all(root_);
  fs::create_directories(root_);
}

Workshop::~Workshop() { fs::remove_all(root_); }

Workshop& Workshop::file(const std::string& path, const std::string& text) {
  fs::create_directories((root_ / path).parent_path());
  std::ofstream(root_ / path, std::ios::binary) << text;
  return *this;
}

Ended Workshop::run(const std::string& command) const {
  return shell(command, root_.string(), program_);
}

}  // namespace wavetank::support
