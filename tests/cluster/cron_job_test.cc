// CronJobs: when their Jobs start, and which of them stay.
#include <catch2/catch.hpp>

#include "cluster/controller_manager/cron_times.h"
#include "job_bench.h"

namespace wavetank::cluster {
namespace {

using api::at;
using api::list;
using api::text;
using nlohmann::json;

class CronBench : public JobBench {
 public:
  void make_cron_job(const std::string& spec) {
    make("{apiVersion: batch/v1, kind: CronJob, metadata: {name: tick, namespace: demo}, spec: {" +
         spec +
         ", jobTemplate: {metadata: {labels: {app: tick}}, spec: {template: {spec: {restartPolicy: "
         "Never, containers: [{name: main, image: busybox}]}}}}}}");
  }
  static ObjectKey tick() { return key("batch", "CronJob", "tick"); }
  [[nodiscard]] json tick_status() const { return at(find(tick()), "/status"); }
  [[nodiscard]] std::size_t active() const {
    const json status = tick_status();
    return list(status, "/active").size();
  }
  [[nodiscard]] std::vector<std::string> jobs() const {
    std::vector<std::string> names;
    for (const auto& [each, entry] : store.entries()) {
      if (each.kind == "Job") names.push_back(each.name);
    }
    return names;
  }
};

// 2024-01-01T00:00:00Z in minutes.
constexpr std::int64_t kStart = 28401120;

std::string tick_at(std::int64_t minute) { return "tick-" + std::to_string(kStart + minute); }
using Names = std::vector<std::string>;

TEST_CASE("a CronJob starts a Job at each moment of its schedule, named by the minute") {
  CronBench bench;
  bench.make_cron_job("schedule: '*/5 * * * *'");
  bench.pass(300);
  CHECK(bench.jobs().empty());
  bench.pass(1);
  CHECK(bench.jobs() == Names{tick_at(5)});
  bench.pass(300);
  CHECK(bench.jobs() == Names{tick_at(5), tick_at(10)});
  CHECK(bench.active() == 2);
  CHECK(text(bench.tick_status(), "/lastScheduleTime") == "2024-01-01T00:10:00Z");
}

TEST_CASE("the Job of a CronJob has what its template says, and the time it stands for") {
  CronBench bench;
  bench.make_cron_job("schedule: '0 3 * * *', timeZone: Asia/Kolkata");
  bench.pass(22 * 3600);
  REQUIRE(bench.jobs() == Names{tick_at(21 * 60 + 30)});
  const json job = bench.find(JobBench::key("batch", "Job", bench.jobs().at(0)));
  CHECK(at(job, "/metadata/labels").at("app") == "tick");
  CHECK(at(job, "/metadata/annotations").at("batch.kubernetes.io/cronjob-scheduled-timestamp") ==
        "2024-01-02T03:00:00+05:30");
  CHECK(text(job["metadata"]["ownerReferences"][0], "/name") == "tick");
}

TEST_CASE("a Job that has ended is no longer active, and its success is remembered") {
  CronBench bench;
  bench.make_cron_job("schedule: '*/5 * * * *'");
  bench.pass(302);
  bench.succeed(bench.running().at(0));
  bench.pass(2);
  CHECK(bench.active() == 0);
  CHECK(text(bench.tick_status(), "/lastSuccessfulTime") == "2024-01-01T00:05:03Z");
}

TEST_CASE("Forbid skips a start while a Job is active") {
  CronBench bench;
  bench.make_cron_job("schedule: '*/5 * * * *', concurrencyPolicy: Forbid");
  bench.pass(602);
  CHECK(bench.jobs() == Names{tick_at(5)});
  bench.succeed(bench.running().at(0));
  bench.pass(2);
  // The start that was skipped is made up for as soon as nothing is active.
  CHECK(bench.jobs() == Names{tick_at(5), tick_at(10)});
}

TEST_CASE("Replace deletes the Job that is active") {
  CronBench bench;
  bench.make_cron_job("schedule: '*/5 * * * *', concurrencyPolicy: Replace");
  bench.pass(602);
  CHECK(bench.jobs() == Names{tick_at(10)});
  CHECK(bench.active() == 1);
}

TEST_CASE("a start that is too late is left out") {
  CronBench bench;
  bench.make_cron_job("schedule: '0 * * * *', startingDeadlineSeconds: 60, suspend: true");
  bench.pass(3700);
  bench.edit(CronBench::tick(), {{"spec", {{"suspend", false}}}});
  bench.pass(10);
  CHECK(bench.jobs().empty());
  bench.pass(3600);
  CHECK(bench.jobs() == Names{tick_at(120)});
}

TEST_CASE("of starts that were missed only the last is made up for") {
  CronBench bench;
  bench.make_cron_job("schedule: '*/5 * * * *', suspend: true");
  bench.pass(3700);
  CHECK(bench.jobs().empty());
  bench.edit(CronBench::tick(), {{"spec", {{"suspend", false}}}});
  bench.pass(1);
  CHECK(bench.jobs() == Names{tick_at(60)});
}

TEST_CASE("of finished Jobs only the last few stay") {
  CronBench bench;
  bench.make_cron_job("schedule: '*/5 * * * *', successfulJobsHistoryLimit: 2");
  for (int i = 0; i < 4; ++i) {
    bench.pass(302);
    bench.succeed(bench.running().at(0));
  }
  bench.pass(2);
  CHECK(bench.jobs() == Names{tick_at(15), tick_at(20)});
}

TEST_CASE("a new schedule holds from its next moment on") {
  CronBench bench;
  bench.make_cron_job("schedule: '0 0 1 1 *'");
  bench.pass(630);
  bench.edit(CronBench::tick(), {{"spec", {{"schedule", "*/5 * * * *"}}}});
  bench.pass(1);
  CHECK(bench.jobs().empty());
  bench.pass(300);
  CHECK(bench.jobs() == Names{tick_at(15)});
}

TEST_CASE("a day that never comes starts nothing, and the CronJob comes to rest") {
  CronBench bench;
  bench.make_cron_job("schedule: '0 0 31 2 *'");
  bench.pass(10);
  CHECK(bench.jobs().empty());
  CHECK_FALSE(bench.manager.next().has_value());
}

TEST_CASE("the Jobs of a CronJob go with it") {
  CronBench bench;
  bench.make_cron_job("schedule: '*/5 * * * *'");
  bench.pass(302);
  bench.remove(CronBench::tick());
  bench.pass(1);
  CHECK(bench.jobs().empty());
  CHECK(bench.all_pods().empty());
}

json every(const std::string& schedule) {
  return {{"metadata", {{"creationTimestamp", "2024-01-01T00:00:00Z"}}},
          {"spec", {{"schedule", schedule}}}};
}

base::Duration first_wait(const std::string& schedule) {
  const auto times = CronTimes::of(every(schedule));
  REQUIRE(times.has_value());
  return times->until_next(wall_time(base::Instant{}));
}

TEST_CASE("words and distances are schedules as well") {
  using namespace std::chrono_literals;
  CHECK(first_wait("@hourly") == 1h + 100ms);
  CHECK(first_wait("@daily") == 24h + 100ms);
  CHECK(first_wait("@every 90s") == 90s + 100ms);
  CHECK_FALSE(CronTimes::of(every("@sometimes")).has_value());
}

TEST_CASE("many missed starts are found without going through them") {
  const auto times = CronTimes::of(every("30 6-16/4 * * 1-5"));
  REQUIRE(times.has_value());
  const auto monday = model::parse_rfc3339("2026-07-13T15:00:00Z").value();
  CHECK(model::format_rfc3339(times->unmet(monday).value()) == "2026-07-13T14:30:00Z");
  // Where the last one is gets guessed from the first two; a weekend makes the guess wrong.
  const auto sunday = model::parse_rfc3339("2026-07-12T12:00:00Z").value();
  CHECK_FALSE(times->unmet(sunday).has_value());
}

}  // namespace
}  // namespace wavetank::cluster
