#include "cli/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

extern char** environ;

namespace wavetank::cli {

namespace {

// Takes what comes out of two pipes until both are closed.
void drain(int out, int err, ProgramOutput& output) {
  std::array<pollfd, 2> ends{pollfd{.fd = out, .events = POLLIN, .revents = 0},
                             pollfd{.fd = err, .events = POLLIN, .revents = 0}};
  std::array<char, 65536> buffer{};
  while (ends[0].fd >= 0 || ends[1].fd >= 0) {
    if (::poll(ends.data(), ends.size(), -1) < 0) break;
    for (std::size_t i = 0; i < ends.size(); ++i) {
      if (ends.at(i).fd < 0 || ends.at(i).revents == 0) continue;
      const ssize_t got = ::read(ends.at(i).fd, buffer.data(), buffer.size());
      if (got > 0) {
        (i == 0 ? output.out : output.err).append(buffer.data(), static_cast<std::size_t>(got));
      } else {
        ends.at(i).fd = -1;
      }
    }
  }
  ::close(out);
  ::close(err);
}

}  // namespace

tl::expected<ProgramOutput, std::string> run_program(std::vector<std::string> arguments) {
  std::array<int, 2> out{};
  std::array<int, 2> err{};
  if (::pipe2(out.data(), O_CLOEXEC) != 0 || ::pipe2(err.data(), O_CLOEXEC) != 0) {
    return tl::unexpected(std::string(std::strerror(errno)));
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err[1], STDERR_FILENO);
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  pid_t child = 0;
  const int failed = posix_spawnp(&child, argv.front(), &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(out[1]);
  ::close(err[1]);
  if (failed != 0) {
    ::close(out[0]);
    ::close(err[0]);
    return tl::unexpected(
        fmt::format("cannot run {}: {}", arguments.front(), std::strerror(failed)));
  }
  ProgramOutput output;
  drain(out[0], err[0], output);
  int status = 0;
  ::waitpid(child, &status, 0);
  output.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return output;
}

std::string git_message(const ProgramOutput& output) {
  std::string message = output.err.substr(0, output.err.find('\n'));
  for (const char* prefix : {"fatal: ", "error: "}) {
    if (message.starts_with(prefix)) message.erase(0, std::strlen(prefix));
  }
  return message.empty() ? "git failed" : message;
}

}  // namespace wavetank::cli
