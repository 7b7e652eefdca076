#include "conformance/vectors.h"

#include <fmt/format.h>

#include "source/span.h"
#include "support/recorded.h"
#include "yaml/json.h"
#include "yaml/parser.h"

namespace wavetank::conformance {

using nlohmann::json;

namespace {

bool read_lines(const std::string& text, VectorFile& file, std::string& error) {
  std::size_t line = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    ++line;
    const auto end = std::min(text.find('\n', begin), text.size());
    const std::string_view content = std::string_view(text).substr(begin, end - begin);
    begin = end + 1;
    if (content.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    json vector = json::parse(content, nullptr, false);
    if (vector.is_discarded()) {
      error = fmt::format("line {} is no JSON", line);
      return false;
    }
    file.vectors.push_back(std::move(vector));
    file.lines.push_back(line);
  }
  return true;
}

void take_vectors(json document, VectorFile& file) {
  if (!document.is_array()) document = json::array({std::move(document)});
  for (json& vector : document) {
    file.vectors.push_back(std::move(vector));
    file.lines.push_back(1);
  }
}

bool read_yaml(const std::string& text, VectorFile& file, std::string& error) {
  for (const yaml::Document& part : yaml::parse_documents(source::FileId{0}, text)) {
    if (part.error) {
      error = part.error->message;
      return false;
    }
    if (!part.is_empty()) take_vectors(yaml::to_json(part.tree, part.tree.root()), file);
  }
  return true;
}

}  // namespace

std::optional<VectorFile> read_vectors(const std::string& path, std::string& error) {
  const auto text = support::read_file(path);
  if (!text) {
    error = "the file cannot be read";
    return std::nullopt;
  }
  std::string_view name = path;
  if (name.ends_with(".gz")) name.remove_suffix(3);
  VectorFile file;
  if (name.ends_with(".jsonl")) {
    if (!read_lines(*text, file, error)) return std::nullopt;
    return file;
  }
  if (name.ends_with(".yaml") || name.ends_with(".yml")) {
    if (!read_yaml(*text, file, error)) return std::nullopt;
    return file;
  }
  if (!name.ends_with(".json")) {
    error = "not .jsonl, .json or .yaml, plain or with .gz";
    return std::nullopt;
  }
  json document = json::parse(*text, nullptr, false);
  if (document.is_discarded()) {
    error = "the file is no JSON";
    return std::nullopt;
  }
  take_vectors(std::move(document), file);
  return file;
}

}  // namespace wavetank::conformance
