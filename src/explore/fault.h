// What may go wrong, as an exploration counts it: one mishap of one object.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "explore/model.h"

namespace wavetank::explore {

enum class FaultKind : std::uint8_t {
  Fail,         // it fails once it runs: a Job's pods end badly, a workload's crash
  Hang,         // nothing becomes of it
  WriteError,   // the API server fails one write of it
  RemoveError,  // … one deletion
  Stuck,        // a finalizer of others keeps it when it is deleted
};
inline constexpr std::array kFaultKinds{FaultKind::Fail, FaultKind::Hang, FaultKind::WriteError,
                                        FaultKind::RemoveError, FaultKind::Stuck};
// As on the command line: "fail", "hang", "api-error", "delete-error", "finalizer".
[[nodiscard]] std::string_view name(FaultKind kind);

// The how-manieth time that it could happen to the object, from 1: its incarnations, its writes.
struct Fault {
  SlotId slot;
  FaultKind kind = FaultKind::Fail;
  std::uint8_t occurrence = 1;

  // NOLINTNEXTLINE(modernize-use-nullptr): a false alarm of clang-tidy 14 where `<` is used
  friend auto operator<=>(const Fault&, const Fault&) = default;
};

// Sorted, without repetitions.
using FaultSet = std::vector<Fault>;

// "hang of Job/db-migration".
[[nodiscard]] std::string describe(const Model& model, const Fault& fault);
// The same by name: "hang", "Job/db-migration". A kind that is none is told as it is.
[[nodiscard]] std::string describe(std::string_view kind, std::string_view object);

class FaultKinds {
 public:
  constexpr void add(FaultKind kind) { bits_ |= 1U << static_cast<unsigned>(kind); }
  constexpr void remove(FaultKind kind) { bits_ &= ~(1U << static_cast<unsigned>(kind)); }
  [[nodiscard]] constexpr bool has(FaultKind kind) const {
    return (bits_ >> static_cast<unsigned>(kind) & 1U) != 0;
  }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  [[nodiscard]] static constexpr FaultKinds all() {
    FaultKinds kinds;
    for (const FaultKind kind : kFaultKinds) kinds.add(kind);
    return kinds;
  }

 private:
  unsigned bits_ = 0;
};

}  // namespace wavetank::explore
