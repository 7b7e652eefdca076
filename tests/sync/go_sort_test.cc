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
    if (values_[a] == gas_ && values_[b] == gas_) values_[b == candidate_ ? b : a] = solid_++;
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
      {"adversary", 13, 0x5F154006E0B4EDEDU},
      {"adversary", 50, 0x35D033B986A2EB72U},
      {"adversary", 200, 0xA5F204D34E580E6DU},
      {"adversary", 3000, 0x7BAB4D5D0C87611DU},
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

std::uint64_t mixed(std::uint64_t a, std::uint64_t b) {
  std::uint64_t x = a * 0x9E3779B97F4A7C15U + b * 0xC2B2AE3D27D4EB4FU;
  x ^= x >> 29U;
  x *= 0xBF58476D1CE4E5B9U;
  return x ^ x >> 32U;
}

// Answers to "is a below b?", most of which are no order at all: each sends the sort another way.
bool answer(std::string_view kind, std::uint64_t a, std::uint64_t b) {
  const std::uint64_t chance = mixed(a, b);
  if (kind == "always") return true;
  if (kind == "coin") return chance % 2 == 0;
  if (kind == "mostly") return chance % 8 != 0;
  if (kind == "seldom") return chance % 8 == 0;
  if (kind == "ties") return a % 4 < b % 4;
  if (kind == "heavy") return mixed(a, 1) % 3 < mixed(b, 1) % 3;
  if (kind == "shuffled") return mixed(a, 2) < mixed(b, 2);
  if (kind == "nearly") {
    const std::uint64_t x = mixed(a, 3) % 16 == 0 ? a + 8 : a;
    const std::uint64_t y = mixed(b, 3) % 16 == 0 ? b + 8 : b;
    return x < y;
  }
  return false;
}

// Hashes of all questions that Go's sort asked, in order, and of what came out.
constexpr Golden kQuestions[] = {
    {"always", 12, 0x55967FCC4C4D8001U},    {"always", 13, 0x3FCF5A482F9842FBU},
    {"always", 20, 0x13820C1DE09670F8U},    {"always", 49, 0x9F538B67E56216BBU},
    {"always", 50, 0x508C6D665A618104U},    {"always", 51, 0xEF8BA6D059017FD4U},
    {"always", 97, 0xE40F71EF2ABEB94FU},    {"always", 200, 0xE6C78D3DC53884F4U},
    {"always", 600, 0xE43038787CB32BE1U},   {"never", 12, 0xF7902DA949603C1CU},
    {"never", 13, 0x768A2F4278D75476U},     {"never", 20, 0xCA074C63C302F50DU},
    {"never", 49, 0x0D3D25CB5C41DA83U},     {"never", 50, 0xEFADEA7AA8569326U},
    {"never", 51, 0x01662CAFADBC14ABU},     {"never", 97, 0x6E01F5480AEBA384U},
    {"never", 200, 0x6437B2AC62DE4E0FU},    {"never", 600, 0x656E80846C0EB5DBU},
    {"coin", 12, 0xF192957903392BE4U},      {"coin", 13, 0xC805346D8F2A7EE6U},
    {"coin", 20, 0xA6B2F95E2F93BCD4U},      {"coin", 49, 0xC5EF03A9B2B19B69U},
    {"coin", 50, 0xDC9721051FBB89D0U},      {"coin", 51, 0xF99EBFA0E405A74CU},
    {"coin", 97, 0x93D8FEB2674E1EE2U},      {"coin", 200, 0x10D78C52BB9D009DU},
    {"coin", 600, 0x338387CE3448A8B6U},     {"mostly", 12, 0x4C861FE84FDD8F64U},
    {"mostly", 13, 0x06AD7CB9F1C31B34U},    {"mostly", 20, 0xE53AFB08313F1DB1U},
    {"mostly", 49, 0x7C4B936FBFC678CDU},    {"mostly", 50, 0x72DCF77DF66A0E1CU},
    {"mostly", 51, 0x064AF6D1D12D0DB4U},    {"mostly", 97, 0x485CC14ED6DCE8DEU},
    {"mostly", 200, 0x75AF76457FDB01A6U},   {"mostly", 600, 0x6F4DDF9A27A99425U},
    {"seldom", 12, 0x69F5149974E4C711U},    {"seldom", 13, 0x4C6A79E143B7F3D7U},
    {"seldom", 20, 0x5A94C96C085E1BC5U},    {"seldom", 49, 0x63D6C1E9D46E30A7U},
    {"seldom", 50, 0xD32B6150E7E032B0U},    {"seldom", 51, 0x9B86AEFA9EEBE308U},
    {"seldom", 97, 0x1A6BAF21B786751EU},    {"seldom", 200, 0x531B78A1EBB5B9EBU},
    {"seldom", 600, 0xEE7B3D6733FB3154U},   {"ties", 12, 0x5B3C721689CD3018U},
    {"ties", 13, 0x909A209E360FA1CFU},      {"ties", 20, 0x2034CA323F708B24U},
    {"ties", 49, 0xB6B67DAFCC47A165U},      {"ties", 50, 0xFB669EDC310AB858U},
    {"ties", 51, 0x0A92F03FC8C02FDCU},      {"ties", 97, 0x3C8FD163C9633B9BU},
    {"ties", 200, 0x4F607E1D463D47C2U},     {"ties", 600, 0xA1143CCFCBA38036U},
    {"heavy", 12, 0x267014FE13A02D23U},     {"heavy", 13, 0x870A9A3DEC87DE3AU},
    {"heavy", 20, 0xEB34C80D82834EADU},     {"heavy", 49, 0x79B18FA61BE26E8EU},
    {"heavy", 50, 0x2FA1B739339BF518U},     {"heavy", 51, 0x4B2FA41B2D4B1971U},
    {"heavy", 97, 0x9DAA928EA5C4E5F6U},     {"heavy", 200, 0x86DF7A33087CC975U},
    {"heavy", 600, 0x0CD998D3F4B1ED81U},    {"shuffled", 12, 0xCF774DE2FED3A606U},
    {"shuffled", 13, 0x9C40241B0BFB656EU},  {"shuffled", 20, 0x0F06EBC4D0B11B02U},
    {"shuffled", 49, 0x701F5E73241A4113U},  {"shuffled", 50, 0xD72E3DE0EC649FC9U},
    {"shuffled", 51, 0x3C6875BECFD4B977U},  {"shuffled", 97, 0xBA969F3F9CCB7048U},
    {"shuffled", 200, 0x4CAE1D7E10F1F399U}, {"shuffled", 600, 0x2F6F51B2171CB923U},
    {"nearly", 12, 0x82170DBEA52D3D0EU},    {"nearly", 13, 0xC0F0AD12B3CE933CU},
    {"nearly", 20, 0x3098827E4AE79957U},    {"nearly", 49, 0x847F521B342C973BU},
    {"nearly", 50, 0x2BC023D5420E0DA1U},    {"nearly", 51, 0x5F6693FC56DF4122U},
    {"nearly", 97, 0xCEC1FDF9D94123B9U},    {"nearly", 200, 0x803E644A9F049C49U},
    {"nearly", 600, 0x3FA74E7FAC39F22DU},
};

TEST_CASE("every comparison is the one that Go makes") {
  for (const Golden& golden : kQuestions) {
    CAPTURE(golden.pattern, golden.length);
    std::uint64_t hash = 14695981039346656037U;
    const auto add = [&](std::uint64_t value) { hash = (hash ^ value) * 1099511628211U; };
    std::vector<std::uint64_t> items(golden.length);
    for (std::uint64_t i = 0; i < golden.length; ++i) items[i] = i;
    go_sort(std::span(items), [&](std::uint64_t a, std::uint64_t b) {
      add(a);
      add(b);
      return answer(golden.pattern, a, b);
    });
    for (const std::uint64_t item : items) add(item);
    CHECK(hash == golden.hash);
  }
}

}  // namespace
}  // namespace wavetank::sync
