// The small language in which scenarios ask about the world.
#include "sim/scenario/predicate.h"

#include <catch2/catch.hpp>

#include "model/key.h"

namespace wavetank::sim {
namespace {

std::string error_of(std::string_view text) {
  const auto predicate = parse_predicate(text);
  if (predicate) return "none";
  return std::to_string(predicate.error().offset) + ": " + predicate.error().message;
}

TEST_CASE("conditions about objects and applications are understood") {
  for (const char* text :
       {"health(Deployment/api) == Healthy", "health(shop) != Degraded",
        "op(shop) in (Succeeded | Failed)", "not exists(Job/shop/migrate) and quiescent",
        "ready(StatefulSet/db) >= 2 or (faulted and not deleting(Pod/web-*))",
        "count(kind=Pod phase=Running) < 3", "live(Deployment/api .spec.replicas) == 3",
        "writes(ConfigMap/shared last=10m) <= 6", "retries(shop) > 0"}) {
    CAPTURE(text);
    CHECK(error_of(text) == "none");
  }
}

TEST_CASE("a mistake is said at its place, with what may have been meant") {
  CHECK(error_of("helth(Job/a) == Healthy") ==
        "0: `helth` is no condition; did you mean `health`?");
  CHECK(error_of("exists(Job/a) and") == "17: a condition is expected here");
  CHECK(error_of("exists(Job/a) exists(Job/b)") == "14: `and`, `or` or the end is expected here");
  CHECK(error_of("health(Job/a)") ==
        "13: a comparison such as `==` is expected after `health(Job/a)`");
  CHECK(error_of("health(Job/a) >= Healthy") == "16: `health(Job/a)` is no number");
  CHECK(error_of("ready(Pod/a) >= some") == "16: `some` is no number");
  CHECK(error_of("op(Job/a) == Running") == "3: `Job/a` is no application");
  CHECK(error_of("exists(shop)") == "7: `shop` is no object such as Job/migrate");
  CHECK(error_of("live(Job/a) == 3") ==
        "5: a path such as .spec.replicas is expected after the object");
  CHECK(error_of("op(shop) in Succeeded") == "12: `(A | B)` is expected after `in`");
  CHECK(error_of("(exists(Job/a)") == "14: `)` is missing");
}

TEST_CASE("nesting has an end") {
  CHECK(error_of(std::string(100, '(')).find("nested too deeply") != std::string::npos);
  CHECK(error_of("not not not exists(Job/a)") == "none");
}

TEST_CASE("a reference matches by kind without case, name, and namespace if it is given") {
  const model::ObjectKey key{
      .group = "batch", .kind = "Job", .name_space = "shop", .name = "migrate-1"};
  CHECK(parse_object_ref("job/migrate-1")->matches(key));
  CHECK(parse_object_ref("Job/migrate-*")->matches(key));
  CHECK(parse_object_ref("Job/shop/migrate-1")->matches(key));
  CHECK_FALSE(parse_object_ref("Job/other/migrate-1")->matches(key));
  CHECK_FALSE(parse_object_ref("Job/migrate")->matches(key));
  CHECK_FALSE(parse_object_ref("Job").has_value());
  CHECK_FALSE(parse_object_ref("Job/").has_value());
  CHECK_FALSE(parse_object_ref("a/b/c/d").has_value());
}

TEST_CASE("events are of objects, or of applications with a detail") {
  Event event{.kind = EventKind::PhaseStarted,
              .application = "shop",
              .phase = model::Phase::PostSync,
              .wave = 2};
  CHECK(parse_event("phaseStarted(shop PostSync)")->matches(event));
  CHECK(parse_event("waveStarted(shop 2)")->matches(event));
  CHECK_FALSE(parse_event("waveStarted(other 2)")->matches(event));
  event = {.kind = EventKind::HookFailed, .object = {.kind = "Job", .name = "migrate"}};
  CHECK(parse_event("hookCompleted(Job/migrate)")->matches(event));
  CHECK(parse_event("failed(Job/migrate)")->matches(event));
  CHECK_FALSE(parse_event("healthy(Job/migrate)")->matches(event));
  CHECK(parse_event("appleid(Job/a)").error().message ==
        "`appleid` is no event; did you mean `applied`?");
  CHECK_FALSE(parse_event("waveStarted(shop)").has_value());
  CHECK_FALSE(parse_event("opEnded(shop 1)").has_value());
}

}  // namespace
}  // namespace wavetank::sim
