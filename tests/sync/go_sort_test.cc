// The expected hashes were computed with Go's sort.Sort (Go 1.26) on the same inputs: the inputs
// are generated here as there, by one linear congruential generator.
#include "sync/go_sort.h"

#include <catch2/catch.hpp>

#include <rapidcheck.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace wavetank::sync {
namespace {

struct Item {
  std::uint64_t value = 0;
  std::uint64_t place = 0;  // before sorting
};

class Generator {
 public:
  explicit Generator(std::uint64_t n) : state_(n * 2654435761U + 12345U) {}
  std::uint64_t next() {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return state_ >> 11U;
  }

 private:
  std::uint64_t state_;
};

std::vector<Item> items_of(std::string_view pattern, std::uint64_t n) {
  Generator chance(n);
  std::vector<Item> items;
  for (std::uint64_t i = 0; i < n; ++i) {
    std::uint64_t value = 7;
    if (pattern == "random") value = chance.next();
    if (pattern == "ties") value = chance.next() % 5;
    if (pattern == "ascending") value = i;
    if (pattern == "descending") value = n - i;
    if (pattern == "almost") {
      value = i;
      if (chance.next() % 10 == 0) value = chance.next() % n;
    }
    if (pattern == "pipe") value = i > n / 2 ? n - i : i;
    if (pattern == "circle") value = chance.next() << 11U;
    items.push_back({.value = value, .place = i});
  }
  return items;
}

std::uint64_t hash_of(const std::vector<Item>& items) {
  std::uint64_t hash = 14695981039346656037U;
  for (const Item& item : items) hash = (hash ^ item.place) * 1099511628211U;
  return hash;
}

// Compares like waves do, by a difference that wraps around.
bool is_below(const Item& a, const Item& b) {
  return static_cast<std::int64_t>(a.value - b.value) < 0;
}

struct Golden {
  std::string_view pattern;
  std::uint64_t length;
  std::uint64_t hash;
};

constexpr Golden kGolden[] = {
    {"random", 12, 0x232F0DC1D8ED2BC9U},      {"random", 13, 0xB0D52F2EEB59D475U},
    {"random", 49, 0x34CE5CECEB5B015FU},      {"random", 50, 0xD00E183EF1FFC764U},
    {"random", 200, 0xD7E9885190F1AE1DU},     {"random", 3000, 0x0329EA9C515290D3U},
    {"ties", 12, 0xE724FCC5196DB383U},        {"ties", 13, 0xE42B7B74BFE11F91U},
    {"ties", 49, 0x40400839EC3FDA21U},        {"ties", 50, 0x9FBFCB9C5AEF7588U},
    {"ties", 200, 0xCC098C0B371F00BDU},       {"ties", 3000, 0x62B3C2DB3C8BE653U},
    {"equal", 12, 0x2D7D4819416D7FB9U},       {"equal", 13, 0xB96137EA2D10008FU},
    {"equal", 49, 0x360A5C9D3B1BF95FU},       {"equal", 50, 0xEF94CD2B7088D5EAU},
    {"equal", 200, 0x43CFA8023695D3BDU},      {"equal", 3000, 0x1ADF8641D47B5FEDU},
    {"ascending", 12, 0x2D7D4819416D7FB9U},   {"ascending", 13, 0xB96137EA2D10008FU},
    {"ascending", 49, 0x360A5C9D3B1BF95FU},   {"ascending", 50, 0xEF94CD2B7088D5EAU},
    {"ascending", 200, 0x43CFA8023695D3BDU},  {"ascending", 3000, 0x1ADF8641D47B5FEDU},
    {"descending", 12, 0xA033525A4DC863F9U},  {"descending", 13, 0x1D2FA5645D0DEC3FU},
    {"descending", 49, 0x33BB9373B5503E3FU},  {"descending", 50, 0x03420AD05BE53744U},
    {"descending", 200, 0x816C8D99FA876835U}, {"descending", 3000, 0x888CFB739D354275U},
    {"almost", 12, 0x2D7D4819416D7FB9U},      {"almost", 13, 0xD917C8594929A459U},
    {"almost", 49, 0x1CE3A76708B134B1U},      {"almost", 50, 0x3E45DF8CB2F2350EU},
    {"almost", 200, 0x7C094FDF27428E33U},     {"almost", 3000, 0x60B45B0AB540F90DU},
    {"pipe", 12, 0x88087F268DB802CFU},        {"pipe", 13, 0x505D57419AA7370BU},
    {"pipe", 49, 0x91DD0784AB63EC7FU},        {"pipe", 50, 0xE9D35320D0DB7CD2U},
    {"pipe", 200, 0x1D37E69AC3C4F19DU},       {"pipe", 3000, 0x5068462A704E16FDU},
    {"circle", 12, 0xCC8F1AF39AEBB88BU},      {"circle", 13, 0xB0D52F2EEB59D475U},
    {"circle", 49, 0xC93016BB10C9B82FU},      {"circle", 50, 0xEBD8208FA54350A2U},
    {"circle", 200, 0x5D426C6694E6C4A5U},     {"circle", 3000, 0x0A0494BA8C1D0F57U},
};

TEST_CASE("every pattern ends in the order in which Go leaves it") {
  for (const Golden& golden : kGolden) {
    CAPTURE(golden.pattern, golden.length);
    std::vector<Item> items = items_of(golden.pattern, golden.length);
    go_sort(std::span(items), is_below);
    CHECK(hash_of(items) == golden.hash);
  }
}

// Decides how large an item is only when it has to, so that every pivot turns out to be the worst
// (McIlroy, "A killer adversary for quicksort"): the way to scattering and to the heap sort.
class Adversary {
 public:
  explicit Adversary(std::uint64_t n) : gas_(n - 1), values_(n, n - 1) {}

  bool is_below(std::uint64_t a, std::uint64_t b) {
    if (values_[a] == gas_ && values_[b] == gas_) values_[a == candidate_ ? a : b] = solid_++;
    if (values_[a] == gas_) {
      candidate_ = a;
    } else if (values_[b] == gas_) {
      candidate_ = b;
    }
    return values_[a] < values_[b];
  }

 private:
  std::uint64_t gas_;
  std::uint64_t solid_ = 0;
  std::uint64_t candidate_ = 0;
  std::vector<std::uint64_t> values_;
};

TEST_CASE("bad pivots lead to the heap sort when they do in Go") {
  constexpr Golden kAdversary[] = {
      {"adversary", 13, 0x8408B4D0DAA6E87BU},
      {"adversary", 50, 0x5A52653FD9D8CC5EU},
      {"adversary", 200, 0xE438B72008FB2003U},
      {"adversary", 3000, 0x9EC8F873E0E017A7U},
  };
  for (const Golden& golden : kAdversary) {
    CAPTURE(golden.length);
    Adversary adversary(golden.length);
    std::vector<Item> items = items_of("equal", golden.length);
    go_sort(std::span(items),
            [&](const Item& a, const Item& b) { return adversary.is_below(a.place, b.place); });
    CHECK(hash_of(items) == golden.hash);
  }
}

TEST_CASE("up to twelve items that compare equal keep their order") {
  for (std::uint64_t n = 0; n <= 12; ++n) {
    std::vector<Item> items = items_of("ties", n);
    std::vector<Item> stable = items;
    go_sort(std::span(items), is_below);
    std::stable_sort(stable.begin(), stable.end(), is_below);
    CHECK(hash_of(items) == hash_of(stable));
  }
}

TEST_CASE("any numbers come out sorted, and none is lost") {
  CHECK(rc::check([](std::vector<int> numbers) {
    std::vector<int> expected = numbers;
    std::sort(expected.begin(), expected.end());
    go_sort(std::span(numbers), std::less<>{});
    RC_ASSERT(numbers == expected);
  }));
}

}  // namespace
}  // namespace wavetank::sync
