// Files of recorded vectors: one JSON object a line (.jsonl), an array of them or a single one
// (.json), or YAML documents of either kind; each also compressed (.gz).
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace wavetank::conformance {

struct VectorFile {
  std::vector<nlohmann::json> vectors;
  std::vector<std::size_t> lines;  // of each vector; 1 where the file is one document
};

// Nothing, with the reason in `error`, when the file cannot be read or parsed.
[[nodiscard]] std::optional<VectorFile> read_vectors(const std::string& path, std::string& error);

}  // namespace wavetank::conformance
