// Running programs in tests: a shell command with its output, and a directory to run it in.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace wavetank::support {

struct Ended {
  int code = -1;       // the exit code; -1 when a signal ended it
  std::string output;  // standard output and standard error

  [[nodiscard]] bool says(std::string_view text) const {
    return output.find(text) != std::string::npos;
  }
};

// A name that a shell command may use for a program.
struct ProgramName {
  std::string_view name;
  std::string_view path;
};

// Runs `command` in `directory`.
[[nodiscard]] Ended shell(const std::string& command, const std::string& directory,
                          ProgramName program);

// A directory of its own for one test; gone with it.
class Workshop {
 public:
  explicit Workshop(ProgramName program);
  ~Workshop();
  Workshop(const Workshop&) = delete;
  Workshop& operator=(const Workshop&) = delete;

  Workshop& file(const std::string& path, const std::string& text);
  [[nodiscard]] Ended run(const std::string& command) const;
  [[nodiscard]] const std::filesystem::path& root() const { return root_; }

 private:
  ProgramName program_;
  std::filesystem::path root_;
};

}  // namespace wavetank::support
