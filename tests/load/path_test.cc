// Paths as text.
#include "load/path.h"

#include <catch2/catch.hpp>

namespace wavetank::load {
namespace {

TEST_CASE("the way from a directory climbs where it has to") {
  CHECK(way_to("/work/found/one", "/work/app") == "../../app");
  CHECK(way_to("/work", "/work/app/a.yaml") == "app/a.yaml");
  CHECK(way_to("/work/app", "/work") == "..");
  CHECK(way_to("/work", "/work") == ".");
  CHECK(way_to("/work/apps", "/work/app") == "../app");
  CHECK(way_to("/", "/a/b") == "a/b");
  CHECK(way_to("/a//b/.", "/a/c/../d") == "../d");
}

TEST_CASE("what is below a directory is seen from it, anything else is absolute") {
  CHECK(relative_to("/work", "/work/sub", "a.yaml") == "sub/a.yaml");
  CHECK(relative_to("/work", "/work", ".") == ".");
  CHECK(relative_to("/work/sub", "/work", "a.yaml") == "/work/a.yaml");
}

}  // namespace
}  // namespace wavetank::load
