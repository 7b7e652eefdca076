#include "model/target_names.h"

#include <catch2/catch.hpp>

namespace wavetank::model {
namespace {

TargetName named(const char* name, const char* generate_name = "") {
  return {.key = {.kind = "ConfigMap", .name_space = "demo", .name = name},
          .generate_name = generate_name};
}

TEST_CASE("only objects that are not cluster-scoped get the destination's namespace") {
  CHECK(target_namespace(Scope::Cluster, "x", {.name_space = "demo"}).empty());
  CHECK(target_namespace(Scope::Namespaced, "", {.name_space = "demo"}) == "demo");
  CHECK(target_namespace(Scope::Unknown, "x", {.name_space = "demo"}) == "x");
}

TEST_CASE("the last of several objects with one key is kept and their number told") {
  const auto distinct = distinct_targets(std::vector{named("a"), named("b"), named("a")});
  CHECK(distinct.kept == std::vector<std::size_t>{1, 2});
  REQUIRE(distinct.repetitions.size() == 1);
  CHECK(distinct.repetitions.front().key.name == "a");
  CHECK(distinct.repetitions.front().count == 2);
}

TEST_CASE("objects with a generateName are told apart by their position") {
  CHECK(distinct_targets(std::vector{named("", "a-"), named("", "a-")}).kept.size() == 2);
  CHECK(distinct_targets(std::vector{named("", "a-"), named("a-0")}).kept ==
        std::vector<std::size_t>{1});
}

TEST_CASE("objects without any name are one object") {
  CHECK(distinct_targets(std::vector{named(""), named("")}).kept == std::vector<std::size_t>{1});
}

}  // namespace
}  // namespace wavetank::model
