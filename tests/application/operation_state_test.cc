#include "application/operation_state.h"

#include <rapidcheck.h>

#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>
#include <limits>
#include <utility>

namespace wavetank::application {
namespace {

using std::chrono::seconds;

model::WallTime at(const std::string& time) {
  return model::parse_rfc3339("2025-06-02T" + time + "Z").value();
}

// One operation and the engine that a test plays for it.
class Story {
 public:
  explicit Story(OperationRequest request, StepSettings settings = {})
      : view_{.request = std::move(request)}, settings_(settings) {}

  std::vector<SyncWindow> windows;

  StepOutcome step(const std::string& time, OperationPhase phase, const std::string& message,
                   Meanwhile meanwhile = Meanwhile::Nothing) {
    BegunStep begun = begin_step(view_, settings_, at(time));
    called = false;
    if (!begun.ended && prepare_attempt(begun, windows, at(time)) == Attempt::Runs) {
      called = true;
      revision = begun.state.request.sync->revision;
      if (begun.state.phase == OperationPhase::Terminating) {
        end_attempt(begun, OperationPhase::Failed, "Operation terminated");
      } else {
        end_attempt(begun, phase, message);
      }
    }
    StepOutcome outcome =
        begun.ended ? *begun.ended : finish_step(std::move(begun), meanwhile, at(time));
    view_.state = outcome.state;
    return outcome;
  }

  StepOutcome run(const std::string& time) {
    return step(time, OperationPhase::Running, "waiting");
  }
  StepOutcome fail(const std::string& time) { return step(time, OperationPhase::Failed, "boom"); }

  void terminate() { view_.state->phase = OperationPhase::Terminating; }

  bool called = false;   // was the engine called in the last step
  std::string revision;  // that it was called with

 private:
  OperationView view_;
  StepSettings settings_;
};

OperationRequest request(std::int64_t limit) {
  return {.sync = SyncOperation{.revision = "abc"}, .retry = {.limit = limit}};
}

TEST_CASE("an operation that succeeds is taken away and asks for a refresh") {
  Story story(request(0));
  const StepOutcome outcome = story.step("12:00:00", OperationPhase::Succeeded, "done");
  CHECK_FALSE(outcome.keeps_operation);
  CHECK(outcome.state.finished_at == at("12:00:00"));
  CHECK(outcome.refresh == RefreshRequest::ResolveRevisionAnew);
  REQUIRE(outcome.events.size() == 1);
  CHECK(text(outcome.events[0]) == "Normal OperationCompleted: Sync operation to abc succeeded");
}

TEST_CASE("an automated operation does not look up the revision again") {
  OperationRequest automated = request(0);
  automated.trigger = Trigger::Automatic;
  Story story(automated);
  CHECK(story.fail("12:00:00").refresh == RefreshRequest::CompareLatest);
}

TEST_CASE("a dry run asks for no refresh") {
  OperationRequest dry = request(0);
  dry.sync->dry_run = true;
  Story story(dry);
  CHECK(story.fail("12:00:00").refresh == RefreshRequest::None);
}

TEST_CASE("a failed attempt announces its retry one factor too early") {
  Story story(request(2));
  const StepOutcome announced = story.fail("12:00:55");
  CHECK(announced.keeps_operation);
  CHECK(announced.state.phase == OperationPhase::Running);
  CHECK(announced.state.message == "boom. Retrying attempt #1 at 12:01PM.");
  // 5 seconds are announced, 10 are waited for.
  const StepOutcome early = story.run("12:01:00");
  CHECK_FALSE(story.called);
  CHECK_FALSE(early.was_written);
  CHECK(early.again_after == seconds(5));
  (void)story.run("12:01:05");
  CHECK(story.called);
}

TEST_CASE("retries end at the limit, and the message counts them") {
  Story story(request(1));
  (void)story.fail("12:00:00");
  const StepOutcome last = story.fail("12:01:00");
  CHECK_FALSE(last.keeps_operation);
  CHECK(last.state.message == "boom (retried 1 times).");
}

TEST_CASE("a negative limit never ends") {
  Story story(request(-1));
  for (const char* time : {"12:00:00", "12:10:00", "12:20:00"}) {
    CHECK(story.fail(time).keeps_operation);
  }
}

TEST_CASE("a retry begins without the results of the attempt before") {
  Story story(request(1));
  StepOutcome failed = story.fail("12:00:00");
  CHECK(failed.state.result);
  BegunStep retry = begin_step({.request = request(1), .state = failed.state}, {}, at("12:01:00"));
  CHECK_FALSE(retry.state.result);
  CHECK_FALSE(retry.state.finished_at);
  CHECK(retry.state.message == "Retrying operation. Attempt #1");
}

TEST_CASE("a refreshing retry forgets the revision") {
  OperationRequest refreshing = request(1);
  refreshing.retry.refresh = true;
  Story story(refreshing);
  (void)story.fail("12:00:00");
  CHECK(story.revision == "abc");
  (void)story.run("12:01:00");
  CHECK(story.revision.empty());
}

TEST_CASE("a wait that cannot be computed ends the operation") {
  OperationRequest bad = request(3);
  bad.retry.backoff = Backoff{.duration = "soon"};
  Story story(bad);
  const StepOutcome outcome = story.fail("12:00:00");
  CHECK_FALSE(outcome.keeps_operation);
  CHECK(outcome.state.phase == OperationPhase::Error);
  CHECK(outcome.state.message == "boom (failed to retry: unable to parse soon as a duration)");
}

TEST_CASE("somebody who terminates during a step is heard in the next one") {
  Story story(request(3));
  const StepOutcome during =
      story.step("12:00:00", OperationPhase::Running, "waiting", Meanwhile::Terminated);
  CHECK(during.state.phase == OperationPhase::Terminating);
  CHECK(during.state.message == "operation is terminating");
  const StepOutcome after = story.run("12:00:05");
  CHECK_FALSE(after.keeps_operation);
  CHECK(after.state.message == "Operation terminated");
}

TEST_CASE("a termination is overheard when the step ends the attempt anyway") {
  Story story(request(1));
  const StepOutcome outcome =
      story.step("12:00:00", OperationPhase::Failed, "boom", Meanwhile::Terminated);
  CHECK(outcome.state.phase == OperationPhase::Running);
  CHECK(outcome.state.retry_count == 1);
}

TEST_CASE("the time limit terminates, and says so, without a retry") {
  Story story(request(5), {.sync_timeout = seconds(60)});
  CHECK(story.run("12:00:00").again_after == seconds(30));
  CHECK(story.run("12:00:50").again_after == seconds(10));
  CHECK(story.run("12:01:00").keeps_operation);  // not yet: only after the limit
  const StepOutcome over = story.run("12:01:01");
  CHECK_FALSE(over.keeps_operation);
  CHECK(over.state.message == "Operation terminated, triggered by controller sync timeout");
}

TEST_CASE("the time limit strikes while an operation waits for its retry") {
  OperationRequest slow = request(5);
  slow.retry.backoff = Backoff{.duration = "10m", .max_duration = "1h"};
  Story story(slow, {.sync_timeout = seconds(60)});
  (void)story.fail("12:00:00");
  CHECK_FALSE(story.run("12:02:00").keeps_operation);
}

TEST_CASE("a window that blocks leaves the operation as it is, and holds its termination back") {
  Story story(request(0));
  story.windows = {
      {.kind = "deny", .schedule = "0 12 * * *", .duration = "1h", .applications = {"*"}}};
  CHECK(story.run("12:00:01").state.message == "Sync operation blocked by sync window");
  CHECK_FALSE(story.called);
  story.terminate();
  CHECK(story.run("12:30:00").state.phase == OperationPhase::Terminating);
  CHECK_FALSE(story.called);
  CHECK_FALSE(story.run("13:00:01").keeps_operation);
}

TEST_CASE("the first step judges windows as if the operation were automated") {
  Story story(request(0));
  story.windows = {{.kind = "deny",
                    .schedule = "0 12 * * *",
                    .duration = "1h",
                    .applications = {"*"},
                    .manual_sync = true}};
  (void)story.run("12:00:01");
  CHECK_FALSE(story.called);
  (void)story.run("12:00:02");
  CHECK(story.called);
}

TEST_CASE("an operation that asks for nothing is an error") {
  Story story(OperationRequest{});
  const StepOutcome outcome = story.run("12:00:00");
  CHECK(outcome.state.message == "Invalid operation request: no operation specified");
  CHECK(outcome.refresh == RefreshRequest::None);
  CHECK(text(outcome.events.at(0)) ==
        "Warning OperationCompleted: Sync operation failed: Invalid operation request: no "
        "operation specified");
}

TEST_CASE("a breakdown of the controller is the end, whatever attempts are left") {
  const BegunStep begun = begin_step({.request = request(5)}, {}, at("12:00:00"));
  const StepOutcome outcome = crash_step(begun, "index out of range", at("12:00:00"));
  CHECK_FALSE(outcome.keeps_operation);
  CHECK(outcome.state.phase == OperationPhase::Error);
  CHECK(outcome.state.message == "index out of range");
  CHECK(outcome.refresh == RefreshRequest::None);
}

TEST_CASE("a partial operation is called so when it ends") {
  OperationRequest partial = request(0);
  partial.sync->resources = {{.key = {.kind = "ConfigMap", .name = "a"}}};
  Story story(partial);
  CHECK(text(story.fail("12:00:00").events.at(0)) ==
        "Warning OperationCompleted: Partial sync operation to abc failed: boom");
}

TEST_CASE("a step that changes nothing writes nothing") {
  Story story(request(0));
  CHECK(story.run("12:00:00").was_written);
  CHECK_FALSE(story.run("12:00:30").was_written);
  CHECK(story.step("12:01:00", OperationPhase::Running, "waiting for another").was_written);
}

TEST_CASE("times of day are told as in Go's kitchen") {
  CHECK(kitchen_time(at("00:05:00")) == "12:05AM");
  CHECK(kitchen_time(at("12:00:00")) == "12:00PM");
  CHECK(kitchen_time(at("23:59:59")) == "11:59PM");
}

TEST_CASE("the time between two moments runs into the ends of 64 bits") {
  constexpr std::int64_t kFar = std::int64_t{1} << 60;
  CHECK(between({.seconds = 0}, {.seconds = kFar}) == base::Duration::max());
  CHECK(between({.seconds = kFar}, {.seconds = 0}) == base::Duration::min());
  CHECK(between({.seconds = 1, .nanoseconds = 5}, {.seconds = 2}) == base::Duration(999'999'995));
}

TEST_CASE("an operation is attempted once more than its limit, and no step keeps it beyond") {
  rc::prop("attempts", [] {
    const std::int64_t limit = *rc::gen::inRange<std::int64_t>(0, 6);
    OperationView view{.request = request(limit)};
    model::WallTime now = at("12:00:00");
    std::int64_t attempts = 0;
    while (true) {
      BegunStep begun = begin_step(view, {}, now);
      StepOutcome outcome;
      if (begun.ended) {
        outcome = *begun.ended;
        RC_ASSERT(outcome.again_after > base::Duration::zero());
      } else {
        RC_ASSERT(prepare_attempt(begun, {}, now) == Attempt::Runs);
        ++attempts;
        end_attempt(begun, OperationPhase::Failed, "boom");
        outcome = finish_step(std::move(begun), Meanwhile::Nothing, now);
      }
      view.state = outcome.state;
      if (!outcome.keeps_operation) break;
      now = now.plus(*rc::gen::inRange<std::int64_t>(1, 40) * 1'000'000'000);
    }
    RC_ASSERT(attempts == limit + 1);
    RC_ASSERT(view.state->retry_count == limit);
    RC_ASSERT(is_completed(view.state->phase));
    RC_ASSERT(view.state->started_at == at("12:00:00"));
  });
}

}  // namespace
}  // namespace wavetank::application
