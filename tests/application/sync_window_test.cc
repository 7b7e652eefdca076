#include "application/sync_window.h"

#include <rapidcheck.h>

#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>

namespace wavetank::application {
namespace {

model::WallTime at(const std::string& time) {
  return model::parse_rfc3339("2025-06-02T" + time + "Z").value();
}

// Open from 10 to 12 o'clock, for all applications.
SyncWindow window(const std::string& kind) {
  return {.kind = kind, .schedule = "0 10 * * *", .duration = "2h", .applications = {"*"}};
}

// "yes", "no", or the error.
std::string answer(const std::vector<SyncWindow>& windows, const SyncRequest& request) {
  const auto result = can_sync(windows, request);
  if (!result) return result.error();
  return *result ? "yes" : "no";
}

std::string automatic(const std::vector<SyncWindow>& windows, const std::string& time) {
  return answer(windows, {.trigger = Trigger::Automatic, .now = at(time)});
}

std::string manual(const std::vector<SyncWindow>& windows, const std::string& time) {
  return answer(windows, {.trigger = Trigger::Manual, .now = at(time)});
}

std::string running(const std::vector<SyncWindow>& windows, const std::string& started,
                    const std::string& now) {
  return answer(windows, {.trigger = Trigger::Automatic, .now = at(now), .started = at(started)});
}

bool matches(const SyncWindow& window, const WindowSubject& subject) {
  return !matching_windows(std::vector{window}, subject).empty();
}

bool is_open(const SyncWindow& window, const std::string& time) {
  return is_active(window, {.at = at(time), .now = at(time)}).value();
}

TEST_CASE("without windows a sync may start at any time") {
  CHECK(automatic({}, "11:00:00") == "yes");
}

TEST_CASE("neither the first nor the last moment of a window belongs to it") {
  CHECK_FALSE(is_open(window("allow"), "10:00:00"));
  CHECK(is_open(window("allow"), "10:00:01"));
  CHECK(is_open(window("allow"), "11:59:59"));
  CHECK_FALSE(is_open(window("allow"), "12:00:00"));
}

TEST_CASE("the time zone of a window shifts its schedule") {
  SyncWindow tokyo = window("allow");
  tokyo.time_zone = "Asia/Tokyo";
  CHECK(is_open(tokyo, "02:00:00"));
  CHECK_FALSE(is_open(tokyo, "11:00:00"));
}

TEST_CASE("an unknown time zone counts as UTC") {
  SyncWindow nowhere = window("allow");
  nowhere.time_zone = "Mars/Olympus";
  CHECK(is_open(nowhere, "11:00:00"));
}

TEST_CASE("the shift is that of now, also for another moment") {
  SyncWindow berlin = window("allow");
  berlin.time_zone = "Europe/Berlin";
  const model::WallTime winter = model::parse_rfc3339("2025-01-15T08:30:00Z").value();
  CHECK(is_active(berlin, {.at = winter, .now = at("11:00:00")}).value());
  CHECK_FALSE(is_active(berlin, {.at = winter, .now = winter}).value());
}

TEST_CASE("a window whose schedule never fires is always open") {
  SyncWindow never = window("deny");
  never.schedule = "0 0 30 2 *";
  never.duration = "0s";
  CHECK(is_open(never, "03:00:00"));
}

TEST_CASE("an open allow window allows, a closed one forbids") {
  CHECK(automatic({window("allow")}, "11:00:00") == "yes");
  CHECK(automatic({window("allow")}, "13:00:00") == "no");
}

TEST_CASE("an open deny window forbids, even beside an open allow window") {
  CHECK(automatic({window("deny")}, "11:00:00") == "no");
  CHECK(automatic({window("deny")}, "13:00:00") == "yes");
  CHECK(automatic({window("allow"), window("deny")}, "11:00:00") == "no");
}

TEST_CASE("one open allow window is enough") {
  SyncWindow night = window("allow");
  night.schedule = "0 22 * * *";
  CHECK(automatic({window("allow"), night}, "11:00:00") == "yes");
}

TEST_CASE("a sync by hand passes if all windows that block permit it") {
  SyncWindow lenient = window("deny");
  lenient.manual_sync = true;
  CHECK(manual({lenient}, "11:00:00") == "yes");
  CHECK(automatic({lenient}, "11:00:00") == "no");
  CHECK(manual({lenient, window("deny")}, "11:00:00") == "no");
  SyncWindow closed = window("allow");
  closed.manual_sync = true;
  CHECK(manual({closed}, "13:00:00") == "yes");
}

TEST_CASE("a running operation may overrun a window that permits it, if it was allowed to start") {
  SyncWindow deny = window("deny");
  CHECK(running({deny}, "09:30:00", "11:00:00") == "no");
  deny.sync_overrun = true;
  CHECK(running({deny}, "09:30:00", "11:00:00") == "yes");
  CHECK(running({deny}, "10:30:00", "11:00:00") == "no");
  SyncWindow allow = window("allow");
  allow.sync_overrun = true;
  CHECK(running({allow}, "11:30:00", "12:30:00") == "yes");
  CHECK(running({allow}, "12:10:00", "12:30:00") == "no");
}

TEST_CASE("all windows that block must permit the overrun") {
  SyncWindow lenient = window("deny");
  lenient.sync_overrun = true;
  CHECK(running({lenient, window("deny")}, "09:30:00", "11:00:00") == "no");
}

TEST_CASE("a window of another kind has no effect, but must be readable") {
  SyncWindow odd = window("Deny");
  CHECK(automatic({odd}, "11:00:00") == "yes");
  odd.duration = "1d";
  CHECK(automatic({odd}, "11:00:00") ==
        "invalid sync windows: cannot parse duration '1d': time: unknown unit \"d\" in duration "
        "\"1d\"");
}

TEST_CASE("of several invalid windows the first is named, its schedule before its duration") {
  SyncWindow first = window("allow");
  first.duration = "x";
  first.schedule = "bad";
  SyncWindow second = window("allow");
  second.duration = "y";
  CHECK(automatic({window("allow"), first, second}, "11:00:00") ==
        "invalid sync windows: cannot parse schedule 'bad': expected exactly 5 fields, found 1: "
        "[bad]");
}

TEST_CASE("a window matches by application, cluster or namespace") {
  const WindowSubject shop{.application = "shop",
                           .name_space = "prod",
                           .server = "https://10.0.0.1:6443",
                           .cluster_name = ""};
  CHECK(matches({.applications = {"s*"}}, shop));
  CHECK(matches({.clusters = {"https://10.*"}}, shop));
  CHECK(matches({.namespaces = {"dev", "prod"}}, shop));
  CHECK_FALSE(matches({.applications = {"web"}, .namespaces = {"dev"}, .clusters = {"x"}}, shop));
  CHECK_FALSE(matches({}, shop));
}

TEST_CASE("with the and operator all lists that are given must match") {
  const WindowSubject shop{.application = "shop", .name_space = "prod"};
  CHECK(matches({.applications = {"shop"}, .namespaces = {"prod"}, .and_operator = true}, shop));
  CHECK_FALSE(
      matches({.applications = {"shop"}, .namespaces = {"dev"}, .and_operator = true}, shop));
  CHECK_FALSE(matches({.and_operator = true}, shop));
}

TEST_CASE("even a star needs a cluster to match, but no namespace") {
  CHECK_FALSE(matches({.clusters = {"*"}}, {.application = "shop"}));
  CHECK(matches({.namespaces = {"*"}}, {.application = "shop"}));
}

TEST_CASE("saving a project complains about kind, schedule, duration and description in turn") {
  SyncWindow bad{.kind = "block", .schedule = "x", .duration = "y"};
  bad.description = std::string(256, 'd');
  CHECK(complaint_about(bad) == "kind 'block' mismatch: can only be allow or deny");
  bad.kind = "deny";
  CHECK(complaint_about(bad) ==
        "cannot parse schedule 'x': expected exactly 5 fields, found 1: [x]");
  bad.schedule = "* * * * *";
  CHECK(complaint_about(bad) == "cannot parse duration 'y': time: invalid duration \"y\"");
  bad.duration = "1h";
  CHECK(complaint_about(bad) == "description must not exceed 255 characters");
  bad.description.pop_back();
  CHECK_FALSE(complaint_about(bad));
}

SyncWindow draw_window() {
  SyncWindow drawn = window(*rc::gen::element<std::string>("allow", "deny"));
  drawn.schedule = std::to_string(*rc::gen::inRange(0, 60)) + " " +
                   std::to_string(*rc::gen::inRange(0, 24)) + " * * *";
  drawn.duration = std::to_string(*rc::gen::inRange(1, 30)) + "h";
  drawn.manual_sync = *rc::gen::arbitrary<bool>();
  drawn.sync_overrun = *rc::gen::arbitrary<bool>();
  return drawn;
}

TEST_CASE("what an automated sync may do, one by hand may do as well") {
  rc::prop("manual is weaker", [] {
    std::vector<SyncWindow> windows;
    for (int i = *rc::gen::inRange(0, 4); i > 0; --i) windows.push_back(draw_window());
    const model::WallTime now{.seconds =
                                  *rc::gen::inRange<std::int64_t>(1'700'000'000, 1'800'000'000)};
    const model::WallTime started{.seconds = now.seconds - *rc::gen::inRange(0, 100'000)};
    const auto ask = [&](Trigger trigger, std::optional<model::WallTime> since) {
      return can_sync(windows, {.trigger = trigger, .now = now, .started = since}).value();
    };
    if (ask(Trigger::Automatic, std::nullopt)) RC_ASSERT(ask(Trigger::Manual, std::nullopt));
    if (ask(Trigger::Automatic, started)) RC_ASSERT(ask(Trigger::Manual, started));
    if (ask(Trigger::Automatic, std::nullopt)) RC_ASSERT(ask(Trigger::Automatic, started));
  });
}

TEST_CASE("the order of windows does not matter") {
  rc::prop("permutation", [] {
    std::vector<SyncWindow> windows;
    for (int i = *rc::gen::inRange(0, 5); i > 0; --i) windows.push_back(draw_window());
    const model::WallTime now{.seconds =
                                  *rc::gen::inRange<std::int64_t>(1'700'000'000, 1'800'000'000)};
    const SyncRequest request{.trigger = Trigger::Manual, .now = now};
    const bool before = can_sync(windows, request).value();
    std::reverse(windows.begin(), windows.end());
    RC_ASSERT(can_sync(windows, request).value() == before);
  });
}

}  // namespace
}  // namespace wavetank::application
