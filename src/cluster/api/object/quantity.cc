#include "cluster/api/object/quantity.h"

#include <algorithm>
#include <array>

namespace wavetank::cluster::api {

namespace {

using Nano = Quantity::Nano;
constexpr std::int64_t kNano = 1'000'000'000;

struct Suffix {
  std::string_view text;
  Nano factor;  // in billionths
  QuantityFormat format;
};

constexpr Nano power(Nano base, int exponent) {
  Nano result = 1;
  for (int i = 0; i < exponent; ++i) result *= base;
  return result;
}

constexpr std::array kSuffixes{
    Suffix{"Ki", power(1024, 1) * kNano, QuantityFormat::Binary},
    Suffix{"Mi", power(1024, 2) * kNano, QuantityFormat::Binary},
    Suffix{"Gi", power(1024, 3) * kNano, QuantityFormat::Binary},
    Suffix{"Ti", power(1024, 4) * kNano, QuantityFormat::Binary},
    Suffix{"Pi", power(1024, 5) * kNano, QuantityFormat::Binary},
    Suffix{"Ei", power(1024, 6) * kNano, QuantityFormat::Binary},
    Suffix{"n", 1, QuantityFormat::Decimal},
    Suffix{"u", 1000, QuantityFormat::Decimal},
    Suffix{"m", 1'000'000, QuantityFormat::Decimal},
    Suffix{"", kNano, QuantityFormat::Decimal},
    Suffix{"k", power(1000, 1) * kNano, QuantityFormat::Decimal},
    Suffix{"M", power(1000, 2) * kNano, QuantityFormat::Decimal},
    Suffix{"G", power(1000, 3) * kNano, QuantityFormat::Decimal},
    Suffix{"T", power(1000, 4) * kNano, QuantityFormat::Decimal},
    Suffix{"P", power(1000, 5) * kNano, QuantityFormat::Decimal},
    Suffix{"E", power(1000, 6) * kNano, QuantityFormat::Decimal},
};

std::string digits(Nano value) {
  if (value == 0) return "0";
  const bool negative = value < 0;
  if (negative) value = -value;
  std::string text;
  for (; value > 0; value /= 10) text += static_cast<char>('0' + static_cast<int>(value % 10));
  if (negative) text += '-';
  std::reverse(text.begin(), text.end());
  return text;
}

// "1e3", "2E-3": the factor of ten behind the number.
std::optional<Nano> exponent_factor(std::string_view suffix) {
  if (suffix.size() < 2 || (suffix.front() != 'e' && suffix.front() != 'E')) return std::nullopt;
  suffix.remove_prefix(1);
  const bool negative = suffix.front() == '-';
  if (negative || suffix.front() == '+') suffix.remove_prefix(1);
  if (suffix.empty() || suffix.size() > 2) return std::nullopt;
  int exponent = 0;
  for (char c : suffix) {
    if (c < '0' || c > '9') return std::nullopt;
    exponent = exponent * 10 + (c - '0');
  }
  if (exponent > 18 || (negative && exponent > 9)) return std::nullopt;
  return negative ? kNano / power(10, exponent) : kNano * power(10, exponent);
}

struct Number {
  Nano value = 0;
  Nano scale = 1;  // a power of ten: the value's denominator
};

// Digits with at most one dot; at least one digit.
std::optional<Number> parse_number(std::string_view text) {
  Number number;
  bool any = false;
  bool fraction = false;
  for (char c : text) {
    if (c == '.') {
      if (fraction) return std::nullopt;
      fraction = true;
      continue;
    }
    any = true;
    if (number.value > power(10, 24) || number.scale > power(10, 12)) return std::nullopt;
    number.value = number.value * 10 + (c - '0');
    if (fraction) number.scale *= 10;
  }
  if (!any) return std::nullopt;
  return number;
}

}  // namespace

std::int64_t Quantity::units() const {
  const Nano whole = nano / kNano;
  return static_cast<std::int64_t>(nano % kNano > 0 ? whole + 1 : whole);
}

std::optional<Quantity> parse_quantity(std::string_view text) {
  if (text.empty()) return std::nullopt;
  bool negative = false;
  if (text.front() == '-' || text.front() == '+') {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  const auto end = std::min(text.find_first_not_of("0123456789."), text.size());
  const auto number = parse_number(text.substr(0, end));
  if (!number) return std::nullopt;
  const std::string_view rest = text.substr(end);
  Quantity quantity;
  std::optional<Nano> factor;
  for (const Suffix& suffix : kSuffixes) {
    if (suffix.text != rest) continue;
    factor = suffix.factor;
    quantity.format = suffix.format;
  }
  if (!factor) {
    factor = exponent_factor(rest);
    quantity.format = QuantityFormat::Exponent;
  }
  if (!factor) return std::nullopt;
  const Nano product = number->value * *factor;
  quantity.nano = product / number->scale + (product % number->scale > 0 ? 1 : 0);
  if (negative) quantity.nano = -quantity.nano;
  return quantity;
}

std::string to_text(const Quantity& quantity) {
  if (quantity.nano == 0) return "0";
  const Nano magnitude = quantity.nano < 0 ? -quantity.nano : quantity.nano;
  const Suffix* best = nullptr;
  // The largest suffix that leaves a whole number; binary ones only from one Ki on.
  const bool binary = quantity.format == QuantityFormat::Binary && magnitude % kNano == 0 &&
                      magnitude >= Nano{1024} * kNano;
  for (const Suffix& suffix : kSuffixes) {
    const bool fits = (suffix.format == QuantityFormat::Binary) == binary || suffix.text.empty();
    if (fits && magnitude % suffix.factor == 0 &&
        (best == nullptr || suffix.factor > best->factor)) {
      best = &suffix;
    }
  }
  return best == nullptr ? digits(quantity.nano) + "n"
                         : digits(quantity.nano / best->factor) + std::string(best->text);
}

std::string canonical_quantity(std::string_view text) {
  const auto quantity = parse_quantity(text);
  return quantity && quantity->format != QuantityFormat::Exponent ? to_text(*quantity)
                                                                  : std::string(text);
}

}  // namespace wavetank::cluster::api
