#include "base/interner.h"

namespace wavetank::base {

Interner::Interner() { intern(""); }

Symbol Interner::intern(std::string_view text) {
  if (const auto found = symbols_.find(text); found != symbols_.end()) return found->second;
  const auto symbol = Symbol::from(texts_.size());
  texts_.emplace_back(text);
  symbols_.emplace(texts_.back(), symbol);
  return symbol;
}

std::string_view Interner::text(Symbol symbol) const {
  WAVETANK_CHECK(symbol.value < texts_.size());
  return texts_[symbol.index()];
}

}  // namespace wavetank::base
