// Real time and the user's patience: what may stop a long sampling, and how it shows that it works.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

#include "base/time.h"
#include "explore/sample.h"

namespace wavetank::cli {

// While one lives, the first SIGINT only asks to stop; a second one ends the program as usual.
// Progress is shown on standard error if that is a terminal, and gone in the end.
class RealWatch final : public explore::Watch {
 public:
  // Without a limit only the user stops.
  explicit RealWatch(std::optional<base::Duration> limit);
  ~RealWatch() override;
  RealWatch(const RealWatch&) = delete;
  RealWatch& operator=(const RealWatch&) = delete;

  [[nodiscard]] explore::Interruption interruption() override;
  void progress(std::uint64_t played, std::uint64_t wanted) override;

 private:
  using Clock = std::chrono::steady_clock;

  Clock::time_point began_;
  std::optional<base::Duration> limit_;
  bool is_terminal_ = false;
  bool has_shown_ = false;
  Clock::time_point shown_;
};

}  // namespace wavetank::cli
