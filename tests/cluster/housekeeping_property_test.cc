// What holds for the controllers that keep house (garbage, namespaces, quotas, schedules, finished
// Jobs), whatever happens.
#include <fmt/format.h>
#include <rapidcheck.h>

#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>
#include <vector>

#include "cluster/api/object/json_access.h"
#include "cluster/control_plane.h"

namespace wavetank::cluster {
namespace {

using api::text;
using nlohmann::json;

// One thing that happens, and a number for the rest.
struct Event {
  enum class Kind : std::uint8_t { Adopt, DropOwner, Finish, Spend, Toggle, Forbid, Wait };
  Kind kind = Kind::Wait;
  int number = 0;
};

void showValue(const Event& event, std::ostream& out) {
  out << static_cast<int>(event.kind) << " " << event.number;
}

std::vector<Event> draw_events() {
  const auto below = [](int end) {
    return rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0, end));
  };
  const auto kind = [](int number) { return static_cast<Event::Kind>(number); };
  return *rc::gen::container<std::vector<Event>>(
      rc::gen::build<Event>(rc::gen::set(&Event::kind, rc::gen::map(below(7), kind)),
                            rc::gen::set(&Event::number, below(3))));
}

constexpr const char* kTemplate =
    "template: {spec: {restartPolicy: Never, containers: [{name: main, image: x}]}}";

class House {
 public:
  House() {
    make("{apiVersion: v1, kind: ConfigMap, metadata: {name: bystander}}");
    make(
        "{apiVersion: v1, kind: ResourceQuota, metadata: {name: few}, spec: {hard: {configmaps: "
        "\"6\", count/jobs.batch: \"5\"}}}");
    make(
        fmt::format("{{apiVersion: batch/v1, kind: CronJob, metadata: {{name: nightly}}, spec: "
                    "{{schedule: '*/7 * * * *', successfulJobsHistoryLimit: 1, jobTemplate: "
                    "{{spec: {{{}}}}}}}}}",
                    kTemplate));
    for (int i = 0; i < 2; ++i) make_owner(i);
  }

  ControlPlane plane;

  void play(const std::vector<Event>& events) {
    for (const Event& event : events) play(event);
  }

  // Until nothing more comes of it but what a schedule brings.
  bool comes_to_rest() {
    for (int steps = 0; !plane.manager.is_at_rest(); ++steps) {
      if (steps == 20000) return false;
      plane.manager.step();
    }
    return true;
  }

 private:
  void make(const std::string& yaml) { RC_ASSERT(plane.write(yaml) == ""); }
  void make_owner(int number) {
    (void)plane.write(
        fmt::format("{{apiVersion: v1, kind: ConfigMap, metadata: {{name: owner-{}}}}}", number));
  }
  [[nodiscard]] const json* owner(int number) const {
    return plane.find("", "ConfigMap", fmt::format("owner-{}", number % 2));
  }
  void play(const Event& event);
};

void House::play(const Event& event) {
  const std::string owner_name = fmt::format("owner-{}", event.number % 2);
  const json* owned_by = owner(event.number);
  switch (event.kind) {
    case Event::Kind::Adopt:
      if (owned_by == nullptr) return make_owner(event.number % 2);
      (void)plane.write(fmt::format(
          "{{apiVersion: v1, kind: ConfigMap, metadata: {{name: child-{}, ownerReferences: "
          "[{{apiVersion: v1, kind: ConfigMap, name: {}, uid: {}, blockOwnerDeletion: true}}]}}}}",
          event.number, owner_name, text(*owned_by, "/metadata/uid")));
      return;
    case Event::Kind::DropOwner: {
      constexpr api::DeletePolicy kPolicies[] = {
          api::DeletePolicy::Background, api::DeletePolicy::Foreground, api::DeletePolicy::Orphan};
      if (owned_by != nullptr) plane.remove("", "ConfigMap", owner_name, kPolicies[event.number]);
      return;
    }
    case Event::Kind::Finish:
      for (const std::string& pod : plane.names("", "Pod")) plane.set_phase(pod, "Succeeded");
      return;
    case Event::Kind::Spend:
      (void)plane.write(
          fmt::format("{{apiVersion: batch/v1, kind: Job, metadata: {{name: job-{}}}, spec: "
                      "{{ttlSecondsAfterFinished: 30, {}}}}}",
                      event.number, kTemplate));
      return;
    case Event::Kind::Toggle:
      RC_ASSERT(plane.patch("batch", "CronJob", "nightly",
                            {{"spec", {{"suspend", event.number == 0}}}}) == "");
      return;
    case Event::Kind::Forbid:
      RC_ASSERT(plane.patch(
                    "", "ResourceQuota", "few",
                    {{"spec", {{"hard", {{"configmaps", std::to_string(event.number)}}}}}}) == "");
      return;
    case Event::Kind::Wait: plane.pass(std::chrono::minutes(3 * event.number)); return;
  }
}

TEST_CASE("the house comes to rest, and what nobody touched is as it was") {
  rc::prop("rest", [] {
    House house;
    ControlPlane& plane = house.plane;
    const auto version = [&] {
      const json* object = plane.find("", "ConfigMap", "bystander");
      return object == nullptr ? std::string("gone") : text(*object, "/metadata/uid");
    };
    const std::string before = version();
    house.play(draw_events());
    RC_ASSERT(house.comes_to_rest());
    RC_ASSERT(version() == before);
    // Nobody is left who names an owner that is gone.
    for (const auto& [key, entry] : plane.store.entries()) {
      for (const json& each : api::list(entry.object.content, "/metadata/ownerReferences")) {
        RC_ASSERT(plane.store.key_of(text(each, "/uid")) != nullptr);
      }
    }
  });
}

TEST_CASE("an emptied namespace goes with all it had, whatever that was") {
  rc::prop("gone", [] {
    House house;
    house.play(draw_events());
    house.plane.remove("", "Namespace", "demo");
    for (int i = 0; i < 40; ++i) {
      // Pods go when their kubelets let them.
      house.plane.pass(std::chrono::seconds(30));
    }
    RC_ASSERT(house.plane.find("", "Namespace", "demo") == nullptr);
    for (const auto& [key, entry] : house.plane.store.entries()) {
      RC_ASSERT(key.name_space != "demo");
    }
  });
}

}  // namespace
}  // namespace wavetank::cluster
