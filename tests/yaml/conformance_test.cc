// Every recorded text and file must read as Argo CD's own reader read it.

#include <catch2/catch.hpp>
#include <string>

#include "conformance/yaml_case.h"
#include "support/recorded.h"

namespace wavetank::yaml {
namespace {

std::string describe(const conformance::Verdict& verdict) {
  if (verdict.agrees()) return "agrees";
  std::string text;
  for (const auto& line : verdict.difference->expected) text += "- " + line + "\n";
  for (const auto& line : verdict.difference->actual) text += "+ " + line + "\n";
  return text;
}

TEST_CASE("every recorded text reads as Argo CD reads it") {
  const auto cases =
      support::read_json_lines(support::in_repository("tests/data/yaml/texts.jsonl.gz"));
  REQUIRE(cases.size() == 377);
  for (const auto& recorded : cases) {
    CAPTURE(recorded.at("id").get<std::string>(),
            recorded.at("text").get<std::string>().substr(0, 200));
    CHECK(describe(conformance::check_yaml_text(recorded)) == "agrees");
  }
}

TEST_CASE("every file of the corpus reads as Argo CD reads it") {
  const auto shared = support::shared_folder();
  if (!shared) {
    WARN("skipped: the corpus is not here");
    return;
  }
  const auto files = support::read_archive(*shared + "/corpus/visible.tar.gz");
  std::size_t total = 0;
  std::size_t agree = 0;
  for (const auto& recorded :
       support::read_json_lines(*shared + "/conformance/yaml/files.jsonl.gz")) {
    const std::string path = recorded.at("path");
    const auto found = files.find(path);
    CAPTURE(path);
    REQUIRE(found != files.end());
    const auto verdict = conformance::check_yaml_file(recorded, found->second);
    ++total;
    agree += verdict.agrees() ? 1U : 0U;
    if (!verdict.agrees()) CHECK(describe(verdict) == "agrees");
  }
  CHECK(total > 7000);
  CHECK(agree == total);
}

}  // namespace
}  // namespace wavetank::yaml
