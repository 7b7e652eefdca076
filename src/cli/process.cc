#include "cli/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

extern char** environ;

namespace wavetank::cli {

namespace {

using Clock = std::chrono::steady_clock;

// How many milliseconds poll() may wait; -1: for ever.
int wait_of(const std::optional<Clock::time_point>& end) {
  if (!end) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*end - Clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 1'000'000));
}

// Takes what comes out of two pipes until both are closed. Returns why the program must be ended.
std::string drain(int out, int err, const ProgramLimits& limits, ProgramOutput& output) {
  std::optional<Clock::time_point> end;
  if (limits.time) end = Clock::now() + *limits.time;
  std::array<pollfd, 2> ends{pollfd{.fd = out, .events = POLLIN, .revents = 0},
                             pollfd{.fd = err, .events = POLLIN, .revents = 0}};
  std::array<char, 65536> buffer{};
  while (ends[0].fd >= 0 || ends[1].fd >= 0) {
    const int ready = ::poll(ends.data(), ends.size(), wait_of(end));
    if (ready < 0 && errno == EINTR) continue;
    if (ready < 0) return std::strerror(errno);
    if (end && Clock::now() >= *end) {
      return fmt::format("it took longer than {} ms", limits.time->count());
    }
    for (std::size_t i = 0; i < ends.size(); ++i) {
      if (ends.at(i).fd < 0 || ends.at(i).revents == 0) continue;
      const ssize_t got = ::read(ends.at(i).fd, buffer.data(), buffer.size());
      if (got > 0) {
        (i == 0 ? output.out : output.err).append(buffer.data(), static_cast<std::size_t>(got));
      } else {
        ends.at(i).fd = -1;
      }
    }
    if (output.out.size() + output.err.size() > limits.output) {
      return fmt::format("it printed more than {} bytes", limits.output);
    }
  }
  return "";
}

// Waits until the program is gone; says so if that takes longer than it may.
bool has_ended(pid_t child, const ProgramLimits& limits, int& status) {
  if (!limits.time) return ::waitpid(child, &status, 0) == child;
  const auto end = Clock::now() + *limits.time;
  while (::waitpid(child, &status, WNOHANG) == 0) {
    if (Clock::now() >= end) return false;
    ::poll(nullptr, 0, 5);
  }
  return true;
}

void close_both(const std::array<int, 2>& pipe) {
  for (const int end : pipe) ::close(end);
}

// A file without a name that holds the text, to be read from its beginning; -1 when that fails.
int input_of(const std::string& text) {
  const int file = ::memfd_create("input", MFD_CLOEXEC);
  if (file < 0) return -1;
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t got = ::write(file, text.data() + at, text.size() - at);
    if (got <= 0) {
      ::close(file);
      return -1;
    }
    at += static_cast<std::size_t>(got);
  }
  ::lseek(file, 0, SEEK_SET);
  return file;
}

}  // namespace

tl::expected<ProgramOutput, std::string> run_program(std::vector<std::string> arguments,
                                                     const ProgramLimits& limits) {
  std::array<int, 2> out{};
  std::array<int, 2> err{};
  if (::pipe2(out.data(), O_CLOEXEC) != 0) return tl::unexpected(std::string(std::strerror(errno)));
  if (::pipe2(err.data(), O_CLOEXEC) != 0) {
    const std::string reason = std::strerror(errno);
    close_both(out);
    return tl::unexpected(reason);
  }
  const int in = limits.input.empty() ? -1 : input_of(limits.input);
  if (!limits.input.empty() && in < 0) {
    const std::string reason = std::strerror(errno);
    close_both(out);
    close_both(err);
    return tl::unexpected(reason);
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (in < 0) {
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  } else {
    posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
  }
  posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err[1], STDERR_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  // What has limits is ended as a whole, so it is a group of its own.
  const bool is_limited = limits.time || limits.output != SIZE_MAX;
  if (is_limited) posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  pid_t child = 0;
  const int failed =
      posix_spawnp(&child, argv.front(), &actions, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  ::close(out[1]);
  ::close(err[1]);
  if (in >= 0) ::close(in);
  if (failed != 0) {
    ::close(out[0]);
    ::close(err[0]);
    return tl::unexpected(
        fmt::format("cannot run {}: {}", arguments.front(), std::strerror(failed)));
  }
  ProgramOutput output;
  int status = 0;
  std::string reason = drain(out[0], err[0], limits, output);
  ::close(out[0]);
  ::close(err[0]);
  if (reason.empty() && !has_ended(child, limits, status)) {
    reason = fmt::format("it took longer than {} ms", limits.time->count());
  }
  if (!reason.empty()) {
    ::kill(is_limited ? -child : child, SIGKILL);
    ::waitpid(child, &status, 0);
    return tl::unexpected(std::move(reason));
  }
  output.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return output;
}

bool is_installed(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::string_view rest = path == nullptr ? std::string_view{} : path;
  while (!rest.empty()) {
    const auto end = std::min(rest.find(':'), rest.size());
    const std::string file = fmt::format("{}/{}", rest.substr(0, end), name);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    struct stat about {};
    if (::stat(file.c_str(), &about) == 0 && S_ISREG(about.st_mode) &&
        ::access(file.c_str(), X_OK) == 0) {
      return true;
    }
  }
  return false;
}

std::string git_message(const ProgramOutput& output) {
  std::string message = output.err.substr(0, output.err.find('\n'));
  for (const char* prefix : {"fatal: ", "error: "}) {
    if (message.starts_with(prefix)) message.erase(0, std::strlen(prefix));
  }
  return message.empty() ? "git failed" : message;
}

}  // namespace wavetank::cli
