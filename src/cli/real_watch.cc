#include "cli/real_watch.h"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <string>

namespace wavetank::cli {

namespace {

constexpr auto kBetweenShows = std::chrono::milliseconds(200);

std::atomic<bool> is_interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler writes it");

void interrupt(int signal) {
  is_interrupted = true;
  std::signal(signal, SIG_DFL);
}

void erase_line() { std::fputs("\r\x1b[K", stderr); }

}  // namespace

RealWatch::RealWatch(std::optional<base::Duration> limit)
    : began_(Clock::now()), limit_(limit), is_terminal_(isatty(STDERR_FILENO) == 1) {
  is_interrupted = false;
  std::signal(SIGINT, interrupt);
}

RealWatch::~RealWatch() {
  std::signal(SIGINT, SIG_DFL);
  if (has_shown_) erase_line();
}

explore::Interruption RealWatch::interruption() {
  if (is_interrupted) return explore::Interruption::Signal;
  if (limit_ && Clock::now() - began_ >= *limit_) return explore::Interruption::TimeLimit;
  return explore::Interruption::None;
}

void RealWatch::progress(std::uint64_t played, std::uint64_t wanted) {
  if (!is_terminal_ || played == 0) return;
  const auto now = Clock::now();
  if (now - began_ < kBetweenShows || (has_shown_ && now - shown_ < kBetweenShows)) return;
  shown_ = now;
  has_shown_ = true;
  const double seconds = std::chrono::duration<double>(now - began_).count();
  const double left = seconds / static_cast<double>(played) * static_cast<double>(wanted - played);
  erase_line();
  fmt::print(stderr, "{} of {} runs, about {:.0f} s left", played, wanted, left);
  std::fflush(stderr);
}

}  // namespace wavetank::cli
