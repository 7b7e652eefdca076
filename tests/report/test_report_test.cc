// What a run of scenarios came to, for people and for CI servers.
#include "report/sim/test_report.h"

#include <catch2/catch.hpp>

namespace wavetank::report {
namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TestSummary one(TestCase test) {
  TestSummary summary;
  summary.cases.push_back(std::move(test));
  summary.found = 1;
  return summary;
}

TEST_CASE("JUnit: one suite, counted, and a case for each scenario") {
  TestSummary summary;
  summary.cases.push_back({.name = "good", .file = "s/good/scenario.yaml"});
  summary.cases.push_back({.name = "bad", .file = "s/bad", .outcome = TestOutcome::Failed});
  summary.cases.push_back({.name = "open", .file = "s/open", .outcome = TestOutcome::Inconclusive});
  summary.cases.push_back({.name = "none", .file = "s/none", .outcome = TestOutcome::Unusable});
  summary.found = 6;
  const std::string xml = test_junit(summary);
  CHECK(xml.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"));
  CHECK(has(xml,
            "<testsuite name=\"wavetank\" tests=\"6\" failures=\"1\" errors=\"2\" "
            "skipped=\"2\">\n"));
  CHECK(has(xml,
            "<testcase name=\"good\" classname=\"scenario\" "
            "file=\"s/good/scenario.yaml\"/>\n"));
  CHECK(has(xml, "<failure message=\"failed\"></failure>\n"));
  CHECK(has(xml, "<error message=\"inconclusive\"></error>\n"));
  CHECK(has(xml, "<error message=\"unusable\"></error>\n"));
  CHECK(xml.ends_with("</testsuite>\n</testsuites>\n"));
}

TEST_CASE("JUnit: names and details stay text, whatever is in them") {
  const std::string xml = test_junit(one({.name = "a \"b\" <c> & \xff\x1b[31m\nd",
                                          .file = "s/<x>\r\n",
                                          .outcome = TestOutcome::Failed,
                                          .details = "one\n]]></failure>\x01\xc3(\ntwo"}));
  CHECK(has(xml, "name=\"a &quot;b&quot; &lt;c&gt; &amp; \xEF\xBF\xBD\\x1b[31m&#10;d\""));
  CHECK(has(xml, "file=\"s/&lt;x&gt;&#13;&#10;\""));
  CHECK(has(xml, "]]&gt;&lt;/failure&gt;\\x01\xEF\xBF\xBD("));
  for (const char character : xml) {
    const auto byte = static_cast<unsigned char>(character);
    CHECK((byte >= 0x20 || byte == '\n'));
  }
  // No line of the details begins an element.
  CHECK(xml.find("</failure>") == xml.rfind("</failure>"));
}

TEST_CASE("text: a name breaks no line and paints nothing") {
  const std::string text = test_text(one({.name = "a\nb\x1b[31m"}), false, Colour::Off);
  CHECK(has(text, "a\\x0ab\\x1b[31m (0 expectations)\n"));
}

TEST_CASE("coverage counts what scenarios name and lists the rules that none does") {
  TestSummary summary = one({.name = "x", .covers = {"HK001", "S3"}});
  summary.cases.push_back({.name = "y", .covers = {"HK001"}});
  summary.rules = {"HK001", "HK002", "HK003"};
  const std::string text = test_text(summary, true, Colour::Off);
  CHECK(has(text, "covered: HK001 (2x) S3\n1 of 3 rules are covered; not HK002 HK003\n"));
  const auto json = test_json(summary);
  CHECK(json.at("covered").at("HK001") == 2);
  CHECK(json.at("rulesNotCovered").size() == 2);
}

}  // namespace
}  // namespace wavetank::report
