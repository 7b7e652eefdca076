#include "model/annotation.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace wavetank::model {
namespace {

using Items = std::vector<std::string_view>;

TEST_CASE("list annotations are trimmed, without empty and repeated items") {
  CHECK(list_items("a,b") == Items{"a", "b"});
  CHECK(list_items(" a ,\tb\n,,a") == Items{"a", "b"});
  CHECK(list_items("").empty());
  CHECK(list_items(" , ").empty());
}

TEST_CASE("white space beyond ASCII is trimmed, too") {
  CHECK(trim("\xC2\xA0\xE2\x80\x83 a\xC3\xA9\xE3\x80\x80\xC2\x85") == "a\xC3\xA9");
  CHECK(trim("\xE2\x80\x8B").size() == 3);
  CHECK(trim(" \xC2\xA0 ").empty());
}

TEST_CASE("one annotation that is no text hides all of them, null is an empty text") {
  using nlohmann::json;
  const json with_null = {{"metadata", {{"annotations", {{"a", "1"}, {"b", nullptr}}}}}};
  CHECK(annotations_of(with_null) == Annotations{{"a", "1"}, {"b", ""}});
  const json with_number = {{"metadata", {{"annotations", {{"a", "1"}, {"b", 2}}}}}};
  CHECK(annotations_of(with_number).empty());
}

TEST_CASE("the value of an option stands behind its whole key") {
  CHECK(option_value("Prune=a=b", "Prune") == "a=b");
  CHECK(option_value("Prune=", "Prune") == "");
  CHECK_FALSE(option_value("PruneLast=true", "Prune"));
  CHECK_FALSE(option_value("Prune", "Prune"));
}

TEST_CASE("blanks inside an item stay") { CHECK(list_items("a b , c") == Items{"a b", "c"}); }

}  // namespace
}  // namespace wavetank::model
