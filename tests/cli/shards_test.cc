// Explorations over several processes: all parts together are the undivided result.

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <string>

#include "support/recorded.h"
#include "support/workshop.h"

namespace {

using wavetank::support::Ended;

constexpr wavetank::support::ProgramName kProgram{.name = "wavetank", .path = WAVETANK_PROGRAM};

// A copy of one application, and its exploration in parts.
struct Workshop : wavetank::support::Workshop {
  Workshop() : wavetank::support::Workshop(kProgram) {
    const std::string from =
        wavetank::support::in_repository("scenarios/no-delete-policy/manifests");
    (void)run("cp -r '" + from + "' app");
  }
  void explore_in_parts(int count, const std::string& flags) const {
    for (int i = 1; i <= count; ++i) {
      const Ended part =
          run(fmt::format("wavetank explore app {} --shard {}/{} --format json > part-{}.json",
                          flags, i, count, i));
      CHECK(part.code == 0);
    }
  }
};

TEST_CASE("eight shards merged are the undivided exploration, byte for byte") {
  const Workshop workshop;
  for (const char* flags :
       {"--sample 20 --seed 3 --fault-rate 10%", "--faults 2 --plays 5", "--sample 5 -j 2"}) {
    CAPTURE(flags);
    workshop.explore_in_parts(8, flags);
    for (const char* format : {"text", "json"}) {
      const Ended whole =
          workshop.run(fmt::format("wavetank explore app {} --format {}", flags, format));
      const Ended merged =
          workshop.run(fmt::format("wavetank merge part-*.json --format {}", format));
      CHECK(merged.output == whole.output);
      CHECK(merged.code == whole.code);
    }
  }
}

TEST_CASE("parts that do not belong together are refused") {
  Workshop workshop;
  workshop.explore_in_parts(3, "--sample 6");
  const auto refused = [&](const std::string& files, const std::string& why) {
    const Ended ended = workshop.run("wavetank merge " + files);
    CHECK(ended.code == 2);
    CAPTURE(ended.output);
    CHECK(ended.says(why));
  };
  refused("part-1.json part-3.json", "shard 2 of 3 is missing");
  refused("part-1.json part-2.json", "shard 3 of 3 is missing");
  refused("part-1.json part-2.json part-2.json", "are both shard 2");
  const auto other = [&](const std::string& flags, const std::string& why) {
    CHECK(workshop.run("wavetank explore app " + flags + " --format json > other.json").code == 0);
    refused("part-1.json other.json part-3.json", why);
  };
  other("--sample 6 --seed 2 --shard 2/3", "another --seed than part-1.json");
  other("--sample 7 --shard 2/3", "another --sample than part-1.json");
  other("--sample 6 --shard 2/4", "another number of shards");
  other("--sample 6 --argocd-version 3.0 --shard 2/3", "another version of Argo CD");
  other("--faults 1 --shard 2/3", "another ");
  other("--sample 6", "it is no part");
  workshop.file("app/more.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: more}\n");
  other("--sample 6 --shard 2/3", "another input");
  workshop.file("bad.json", R"({"part": {"shard": 1, "of": 1}})");
  refused("bad.json", "no part that this program prints");
  workshop.file("bad.json", "{");
  CHECK(workshop.run("wavetank merge bad.json").code == 4);
  CHECK(workshop.run("wavetank merge missing.json").code == 4);
}

TEST_CASE("sampling flags that make no sense are refused") {
  const Workshop workshop;
  for (const char* flags :
       {"--sample 5 --faults 2", "--sample 5 --write x", "--run 3 --plays 5", "--seed 9", "-j 3",
        "--confidence 99%", "--shard 0/3 --format json", "--shard 4/3 --format json", "--shard 1/3",
        "--sample 5 --run 1", "--sample 0", "--width 1%", "--sample 5 --width 0%",
        "--sample 5 --confidence 100%", "--sample 5 --fault-rate finalizer=1%",
        "--sample 5 --fault-rate fail=60% --fault-rate hang=60%", "--sample 5 --fault-rate x=1%",
        "--sample 5 --time-limit never", "--sample 5 --width 1% --shard 1/2 --format json"}) {
    CAPTURE(flags);
    CHECK(workshop.run(fmt::format("wavetank explore app {}", flags)).code == 2);
  }
}

// What cannot fail by itself: else a run in which it does decides the exit code.
constexpr const char* kCalm = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: calm}\n";

TEST_CASE("a sampling out of time is inconclusive and says so") {
  Workshop workshop;
  workshop.file("calm/a.yaml", kCalm);
  const Ended ended = workshop.run("wavetank explore calm --sample 1000000 --time-limit 200ms");
  CHECK(ended.code == 5);
  CHECK(ended.says("stopped by --time-limit after"));
}

TEST_CASE("an interrupted sampling tells what is known so far") {
  Workshop workshop;
  workshop.file("calm/a.yaml", kCalm);
  const Ended ended = workshop.run("timeout --preserve-status -s INT 4 '" WAVETANK_PROGRAM
                                   "' explore calm --sample 1000000 -j 2");
  CHECK(ended.code == 5);
  CHECK(ended.says("interrupted after"));
}

}  // namespace
