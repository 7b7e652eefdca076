#include "conformance/yaml_case.h"

#include <fmt/format.h>

#include <optional>
#include <vector>

#include "support/recorded.h"
#include "yaml/json.h"
#include "yaml/parser.h"

namespace wavetank::conformance {

using nlohmann::json;

namespace {

struct Reading {
  std::vector<std::string> documents;  // up to the first error, as Argo CD stops there
  bool failed = false;
  std::uint32_t line = 0;
};

Reading read(const std::string& text) {
  Reading reading;
  for (const yaml::Document& document : yaml::parse_documents(source::FileId{0}, text)) {
    if (document.error) {
      reading.failed = true;
      reading.line = document.error->line_in_argocd;
      break;
    }
    if (!document.is_empty()) {
      reading.documents.push_back(yaml::canonical_json(document.tree, document.tree.root()));
    }
  }
  return reading;
}

// The line that an error text names; 0 when it names none.
std::uint32_t line_of(const std::string& error) {
  const std::string mark = "yaml: line ";
  const auto at = error.find(mark);
  return at == std::string::npos
             ? 0
             : static_cast<std::uint32_t>(std::stoul(error.substr(at + mark.size())));
}

// The recorder wrote bytes that are no UTF-8 as U+FFFD, since JSON cannot hold them.
std::string with_invalid_bytes(std::string text) {
  const std::string replacement = "\xEF\xBF\xBD";
  for (auto at = text.find(replacement); at != std::string::npos; at = text.find(replacement)) {
    text.replace(at, replacement.size(), "\xFF");
  }
  return text;
}

std::vector<std::string> strings(const json& vector, const char* name) {
  const auto found = vector.find(name);
  if (found == vector.end() || found->is_null()) return {};
  return found->get<std::vector<std::string>>();
}

// Only that there is an error is compared, and the line where the recorded text names one.
Verdict compare(const json& vector, std::vector<std::string> expected,
                std::vector<std::string> actual, const Reading& reading) {
  const std::string error = vector.value("error", "");
  const std::uint32_t line = line_of(error);
  const auto end = [](bool failed, std::uint32_t where) {
    if (!failed) return std::string("no error");
    return where == 0 ? std::string("error") : fmt::format("error in line {}", where);
  };
  expected.push_back(end(!error.empty(), line));
  actual.push_back(end(reading.failed, line == 0 ? 0 : reading.line));
  Verdict verdict{.id = vector.value("id", vector.value("path", ""))};
  if (expected == actual) return verdict;
  verdict.difference = {.where = "", .expected = std::move(expected), .actual = std::move(actual)};
  return verdict;
}

}  // namespace

bool is_yaml_text_case(const json& vector) {
  return vector.is_object() && vector.contains("text") && vector.contains("docs");
}

bool is_yaml_file_case(const json& vector) {
  return vector.is_object() && vector.contains("path") && !vector.contains("docs");
}

Verdict check_yaml_text(const json& vector) {
  const Reading reading = read(with_invalid_bytes(vector.at("text").get<std::string>()));
  return compare(vector, strings(vector, "docs"), reading.documents, reading);
}

Verdict check_yaml_file(const json& vector, const std::string& text) {
  const Reading reading = read(text);
  std::vector<std::string> hashes;
  for (const auto& document : reading.documents) {
    hashes.push_back(support::sha256_prefix(document));
  }
  return compare(vector, strings(vector, "sha256"), std::move(hashes), reading);
}

}  // namespace wavetank::conformance
