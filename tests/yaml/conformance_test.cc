// Every recorded text and file must read as Argo CD's own reader read it.

#include <catch2/catch.hpp>
#include <string>

#include "support/recorded.h"
#include "yaml/json.h"
#include "yaml/parser.h"

namespace wavetank::yaml {
namespace {

struct Reading {
  std::vector<std::string> documents;  // up to the first error, as Argo CD stops there
  bool failed = false;
  std::uint32_t line = 0;
};

Reading read(const std::string& text) {
  Reading reading;
  for (const Document& document : parse_documents(source::FileId{0}, text)) {
    if (document.error) {
      reading.failed = true;
      reading.line = document.error->line_in_argocd;
      break;
    }
    if (!document.is_empty()) {
      reading.documents.push_back(canonical_json(document.tree, document.tree.root()));
    }
  }
  return reading;
}

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

TEST_CASE("every recorded text reads as Argo CD reads it") {
  const auto cases =
      support::read_json_lines(support::in_repository("tests/data/yaml/texts.jsonl.gz"));
  REQUIRE(cases.size() == 377);
  for (const auto& recorded : cases) {
    CAPTURE(recorded.at("id").get<std::string>(),
            recorded.at("text").get<std::string>().substr(0, 200));
    const std::string error = recorded.value("error", "");
    const Reading reading = read(with_invalid_bytes(recorded.at("text")));
    CHECK(reading.failed == !error.empty());
    if (const auto line = line_of(error); line != 0) CHECK(reading.line == line);
    const auto& documents = recorded.at("docs");
    CHECK(reading.documents == (documents.is_null() ? std::vector<std::string>{}
                                                    : documents.get<std::vector<std::string>>()));
  }
}

TEST_CASE("every file of the corpus reads as Argo CD reads it") {
  const auto shared = support::shared_folder();
  if (!shared) {
    WARN("skipped: the corpus is not here");
    return;
  }
  const auto files = support::read_archive(*shared + "/corpus/visible.tar.gz");
  std::size_t agree = 0;
  std::size_t total = 0;
  for (const auto& recorded :
       support::read_json_lines(*shared + "/conformance/yaml/files.jsonl.gz")) {
    const std::string path = recorded.at("path");
    const auto found = files.find(path);
    CAPTURE(path);
    REQUIRE(found != files.end());
    const std::string error = recorded.value("error", "");
    const Reading reading = read(found->second);
    std::vector<std::string> hashes;
    for (const auto& document : reading.documents)
      hashes.push_back(support::sha256_prefix(document));
    const std::uint32_t line = line_of(error);
    const bool agrees = reading.failed == !error.empty() &&
                        hashes == recorded.value("sha256", std::vector<std::string>{}) &&
                        (line == 0 || line == reading.line);
    ++total;
    agree += agrees ? 1 : 0;
    if (!agrees) CHECK(path == "agrees");
  }
  CHECK(total > 7000);
  CHECK(agree == total);
}

}  // namespace
}  // namespace wavetank::yaml
