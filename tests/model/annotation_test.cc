#include "model/annotation.h"

#include <catch2/catch.hpp>

namespace wavetank::model {
namespace {

using Items = std::vector<std::string_view>;

TEST_CASE("list annotations are trimmed, without empty and repeated items") {
  CHECK(list_items("a,b") == Items{"a", "b"});
  CHECK(list_items(" a ,\tb\n,,a") == Items{"a", "b"});
  CHECK(list_items("").empty());
  CHECK(list_items(" , ").empty());
}

TEST_CASE("blanks inside an item stay") { CHECK(list_items("a b , c") == Items{"a b", "c"}); }

}  // namespace
}  // namespace wavetank::model
