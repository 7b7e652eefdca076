// Access to recorded truth: compressed files of the repository and, where they are, the larger ones
// beside it.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace wavetank::support {

// The content of a file, decompressed if it is gzip; nothing when it cannot be read.
[[nodiscard]] std::optional<std::string> read_file(const std::string& path);
// One JSON value per line.
[[nodiscard]] std::vector<nlohmann::json> read_json_lines(const std::string& path);

// A file of the repository.
[[nodiscard]] std::string in_repository(const std::string& path);
// The folder with the recorded truth and the corpus: $WAVETANK_SHARED, else `shared` beside the
// repository; nothing when there is none.
[[nodiscard]] std::optional<std::string> shared_folder();

// The files of a .tar.gz by path.
[[nodiscard]] std::map<std::string, std::string> read_archive(const std::string& path);

// The first 16 hexadecimal digits of the SHA-256 of `text`.
[[nodiscard]] std::string sha256_prefix(const std::string& text);

}  // namespace wavetank::support
