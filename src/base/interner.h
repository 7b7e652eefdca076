// Text as small integers: every distinct string gets one Symbol, and keeps it.
//
// The engine and the simulator compare and copy Symbols; only a report turns them back into text.
// Symbol numbers depend on the order of interning, so they must never decide an order that a user
// can see: compare `text()` for that. The empty string is always `kEmptySymbol`.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/check.h"
#include "base/strong_id.h"

namespace wavetank::base {

struct SymbolTag;
using Symbol = StrongId<SymbolTag>;

inline constexpr Symbol kEmptySymbol{0};

class Interner {
 public:
  Interner();
  Interner(const Interner&) = delete;
  Interner& operator=(const Interner&) = delete;

  // The Symbol of `text`; allocates only when the text is new.
  Symbol intern(std::string_view text);

  // REQUIRES: the Symbol came from this interner. The view stays valid as long as the interner.
  [[nodiscard]] std::string_view text(Symbol symbol) const WAVETANK_LIFETIMEBOUND;

  [[nodiscard]] std::size_t size() const { return texts_.size(); }

 private:
  std::deque<std::string> texts_;  // a deque never moves its elements, so views into it stay valid
  std::unordered_map<std::string_view, Symbol> symbols_;
};

}  // namespace wavetank::base
