#include "support/recorded.h"

#include <fmt/format.h>
#include <zlib.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <filesystem>

namespace wavetank::support {

std::optional<std::string> read_file(const std::string& path) {
  gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) return std::nullopt;
  std::string text;
  std::vector<char> buffer(1U << 16U);
  int count = 0;
  while ((count = gzread(file, buffer.data(), static_cast<unsigned>(buffer.size()))) > 0) {
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
  gzclose(file);
  if (count != 0) return std::nullopt;
  return text;
}

std::vector<nlohmann::json> read_json_lines(const std::string& path) {
  std::vector<nlohmann::json> lines;
  const std::string text = read_file(path).value_or("");
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    if (end > begin) lines.push_back(nlohmann::json::parse(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  return lines;
}

std::string in_repository(const std::string& path) {
  return std::string(WAVETANK_ROOT) + "/" + path;
}

std::optional<std::string> shared_folder() {
  const char* named = std::getenv("WAVETANK_SHARED");
  const std::string path = named != nullptr ? named : in_repository("../shared");
  if (!std::filesystem::is_directory(path + "/conformance")) return std::nullopt;
  return path;
}

std::map<std::string, std::string> read_archive(const std::string& path) {
  constexpr std::size_t kBlock = 512;
  std::map<std::string, std::string> files;
  const std::string data = read_file(path).value_or("");
  std::string long_name;
  for (std::size_t at = 0; at + kBlock <= data.size();) {
    const std::string header = data.substr(at, kBlock);
    std::string name = header.substr(0, 100).c_str();
    if (name.empty()) break;
    const std::string prefix = header.substr(345, 155).c_str();
    if (header.compare(257, 5, "ustar") == 0 && !prefix.empty() && header[262] == '\0') {
      name = prefix + "/" + name;
    }
    if (!long_name.empty()) name = std::exchange(long_name, {});
    const std::size_t size = std::strtoull(header.substr(124, 12).c_str(), nullptr, 8);
    std::string content = data.substr(at + kBlock, size);
    at += kBlock + (size + kBlock - 1) / kBlock * kBlock;
    const char type = header[156];
    if (type == 'L') {
      long_name = content.c_str();
    } else if (type == 'x') {
      const auto found = content.find(" path=");
      if (found != std::string::npos) {
        long_name = content.substr(found + 6, content.find('\n', found) - found - 6);
      }
    } else if (type == '0' || type == '\0') {
      files[name] = std::move(content);
    }
  }
  return files;
}

namespace {

std::uint32_t rotate(std::uint32_t value, unsigned count) {
  return (value >> count) | (value << (32U - count));
}

// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
constexpr std::array<std::uint32_t, 64> kRound{
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

void compress(std::array<std::uint32_t, 8>& state, const unsigned char* block) {
  std::array<std::uint32_t, 64> w{};
  for (std::size_t i = 0; i < 16; ++i) {
    w[i] = (std::uint32_t{block[4 * i]} << 24U) | (std::uint32_t{block[4 * i + 1]} << 16U) |
           (std::uint32_t{block[4 * i + 2]} << 8U) | block[4 * i + 3];
  }
  for (std::size_t i = 16; i < 64; ++i) {
    const auto s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ (w[i - 15] >> 3U);
    const auto s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ (w[i - 2] >> 10U);
    w[i] = w[i - 16] + s0 + w[i - 7] + s1;
  }
  auto [a, b, c, d, e, f, g, h] = state;
  for (std::size_t i = 0; i < 64; ++i) {
    const auto s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const auto t1 = h + s1 + ((e & f) ^ (~e & g)) + kRound[i] + w[i];
    const auto s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const auto t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = d + t1;
    d = c;
    c = b;
    b = a;
    a = t1 + t2;
  }
  const std::array<std::uint32_t, 8> add{a, b, c, d, e, f, g, h};
  for (std::size_t i = 0; i < 8; ++i) state[i] += add[i];
}

}  // namespace

std::string sha256_prefix(const std::string& text) {
  std::array<std::uint32_t, 8> state{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                     0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::string padded = text + '\x80';
  while (padded.size() % 64 != 56) padded += '\0';
  const std::uint64_t bits = std::uint64_t{text.size()} * 8;
  for (unsigned shift = 64; shift > 0; shift -= 8) {
    padded += static_cast<char>((bits >> (shift - 8)) & 0xFFU);
  }
  for (std::size_t at = 0; at < padded.size(); at += 64) {
    compress(state, reinterpret_cast<const unsigned char*>(padded.data()) + at);
  }
  return fmt::format("{:08x}{:08x}", state[0], state[1]);
}

}  // namespace wavetank::support
