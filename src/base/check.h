// Always-on checks for our own mistakes, and the two portability macros of the project.
//
// A check that fails means that wavetank is wrong, never that the user's input is: it prints where
// and ends the process with exit code 3 (internal error). User mistakes become diagnostics instead.
#pragma once

namespace wavetank::base {

// Prints the failed condition and its place to standard error and exits with code 3.
[[noreturn]] void check_failed(const char* condition, const char* file, int line);

}  // namespace wavetank::base

// One condition per check; evaluated in every build.
#define WAVETANK_CHECK(condition) \
  ((condition) ? void() : ::wavetank::base::check_failed(#condition, __FILE__, __LINE__))

// Marks a function whose result points into an argument or into *this.
#if defined(__clang__)
#define WAVETANK_LIFETIMEBOUND [[clang::lifetimebound]]
#else
#define WAVETANK_LIFETIMEBOUND
#endif
