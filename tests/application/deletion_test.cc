#include "application/deletion.h"

#include <rapidcheck.h>

#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

namespace wavetank::application {
namespace {

using Names = std::vector<std::string>;
using nlohmann::json;

const std::string kCascade = "resources-finalizer.argocd.argoproj.io";
const std::string kPre = "pre-delete-finalizer.argocd.argoproj.io";
const std::string kPost = "post-delete-finalizer.argocd.argoproj.io";
const std::string kPostCleanup = "post-delete-finalizer.argocd.argoproj.io/cleanup";

OwnedObject owned(const std::string& name, std::int64_t wave = 0) {
  return {.key = {.kind = "ConfigMap", .name_space = "demo", .name = name}, .wave = wave};
}

OwnedObject hook(const std::string& name, health::Status status) {
  OwnedObject object = owned(name);
  object.hook.post_delete = true;
  object.hook.pre_delete = true;
  object.health = health::Health{.status = status};
  return object;
}

// Deletes at once, unless the test says otherwise.
class World : public DeletionWorld {
 public:
  std::map<std::string, OwnedObject> live;
  std::vector<DeleteHookManifest> git;
  Names calls;
  bool is_slow = false;      // a deleted object gets a mark and stays
  std::string delete_error;  // of every deletion
  std::string manifests_error;

  void add(const OwnedObject& object) { live[object.key.name] = object; }
  void add_hook_manifest(const std::string& name) {
    DeleteHookManifest manifest{.key = {.kind = "Job", .name = name}};
    manifest.hook.pre_delete = true;
    manifest.hook.post_delete = true;
    git.push_back(manifest);
  }

  std::vector<OwnedObject> objects() override {
    std::vector<OwnedObject> all;
    for (const auto& [name, object] : live) all.push_back(object);
    return all;
  }
  tl::expected<std::vector<DeleteHookManifest>, std::string> manifests() override {
    if (!manifests_error.empty()) return tl::unexpected(manifests_error);
    return git;
  }
  CreateAnswer create(std::size_t manifest, const model::ObjectKey& key) override {
    calls.push_back("create " + key.name_space + "/" + key.name);
    if (live.contains(key.name)) return CreateStatus::Exists;
    OwnedObject object = hook(key.name, health::Status::Progressing);
    object.key = key;
    object.hook = git.at(manifest).hook;
    add(object);
    return CreateStatus::Created;
  }
  DeleteAnswer remove(const model::ObjectKey& key,
                      std::optional<model::Propagation> policy) override {
    calls.push_back("delete " + key.name + (policy ? " " + std::string(name(*policy)) : ""));
    if (!delete_error.empty()) return tl::unexpected(DeleteError{.message = delete_error});
    if (is_slow) {
      live.at(key.name).is_being_deleted = true;
    } else {
      live.erase(key.name);
    }
    return {};
  }
};

// One application on its way out.
struct Story {
  explicit Story(Names names) : finalizers(std::move(names)) {}

  World world;
  Finalizers finalizers;
  DeletionSettings settings{.name_space = "demo"};
  std::vector<Condition> conditions;

  Names step() {
    world.calls.clear();
    events = step_deletion(settings, world, finalizers, conditions);
    return world.calls;
  }
  std::vector<Event> events;
};

TEST_CASE("the highest wave goes first, and the next one when nothing is being deleted") {
  Story story({kCascade});
  story.world.is_slow = true;
  story.world.add(owned("a", -1));
  story.world.add(owned("b", 5));
  story.world.add(owned("c", 5));
  CHECK(story.step() == Names{"delete b Foreground", "delete c Foreground"});
  CHECK(story.step().empty());
  story.world.live.erase("b");
  story.world.live.erase("c");
  CHECK(story.step() == Names{"delete a Foreground"});
  CHECK(story.finalizers.names() == Names{kCascade});
  story.world.live.clear();
  CHECK(story.step().empty());
  CHECK(story.finalizers.names().empty());
}

TEST_CASE("objects that vanish at once let the finalizer go in the same step") {
  Story story({kCascade + "/background"});
  story.world.add(owned("a"));
  CHECK(story.step() == Names{"delete a Background"});
  CHECK(story.finalizers.names().empty());
}

TEST_CASE("what is to be kept is neither deleted nor waited for") {
  Story story({kCascade});
  OwnedObject object = owned("a");
  SECTION("a definition") { object.is_crd = true; }
  SECTION("the application itself") { object.is_the_application = true; }
  SECTION("kept by Helm") { object.is_kept = true; }
  SECTION("by its own option") { object.delete_option = "false"; }
  SECTION("by the application's option") { story.settings.options = {"Delete=false"}; }
  story.world.add(object);
  CHECK(story.step().empty());
  CHECK(story.finalizers.names().empty());
}

TEST_CASE("an object's option wins over the application's") {
  OwnedObject object = owned("a");
  object.delete_option = "true";
  CHECK(is_deletable(object, {"Delete=false"}));
}

TEST_CASE("even an object to keep holds the cascade while it is being deleted") {
  Story story({kCascade});
  OwnedObject kept = owned("kept");
  kept.is_kept = true;
  kept.is_being_deleted = true;
  story.world.add(kept);
  story.world.add(owned("a"));
  CHECK(story.step().empty());
}

TEST_CASE("one object that needs confirmation holds back all") {
  Story story({kCascade});
  OwnedObject object = owned("a");
  object.requires_confirmation = true;
  story.world.add(object);
  story.world.add(owned("b", 5));
  CHECK(story.step().empty());
  story.settings.is_confirmed = true;
  CHECK(story.step() == Names{"delete b Foreground"});
}

TEST_CASE("a deletion is confirmed by a time that is not before it") {
  const model::WallTime since = model::parse_rfc3339("2025-06-02T12:00:00Z").value();
  CHECK(is_deletion_confirmed("2025-06-02T12:00:00Z", since));
  CHECK(is_deletion_confirmed("2025-06-02T14:00:00+02:00", since));
  CHECK_FALSE(is_deletion_confirmed("2025-06-02T11:59:59Z", since));
  CHECK_FALSE(is_deletion_confirmed("yes", since));
}

TEST_CASE("hooks are created in the destination's namespace, and waited for") {
  Story story({kPost});
  story.world.add_hook_manifest("post");
  CHECK(story.step() == Names{"create demo/post"});
  CHECK(story.step().empty());
  CHECK(story.finalizers.names() == Names{kPost});
  story.world.live.at("post").health->status = health::Status::Healthy;
  CHECK(story.step().empty());
  CHECK(story.finalizers.names().empty());
}

TEST_CASE("hooks that are suspended, unknown or without a check count as done") {
  Story story({kPost});
  story.world.add_hook_manifest("post");
  (void)story.step();
  SECTION("suspended") { story.world.live.at("post").health->status = health::Status::Suspended; }
  SECTION("unknown") { story.world.live.at("post").health->status = health::Status::Unknown; }
  SECTION("no check") { story.world.live.at("post").health.reset(); }
  (void)story.step();
  CHECK(story.finalizers.names().empty());
}

TEST_CASE("a failed hook is deleted, reported, and created again") {
  Story story({kPre});
  story.world.add_hook_manifest("pre");
  (void)story.step();
  story.world.live.at("pre").health->status = health::Status::Degraded;
  CHECK(story.step() == Names{"delete pre"});
  CHECK(text(story.events.at(0)) ==
        "Warning StatusRefreshed: Unable to delete application resources: error executing "
        "pre-delete hooks: PreDelete hook(s) failed: demo/pre");
  CHECK(text(story.conditions.at(0)) ==
        "DeletionError: error executing pre-delete hooks: PreDelete hook(s) failed: demo/pre");
  CHECK(story.step() == Names{"create demo/pre"});
  CHECK(story.events.empty());
  CHECK(story.conditions.size() == 1);  // it stays
}

TEST_CASE("finished PreDelete hooks and the first objects share a step") {
  Story story({kPre, kCascade});
  story.world.add(hook("pre", health::Status::Healthy));
  story.world.add(owned("a"));
  CHECK(story.step() == Names{"delete a Foreground", "delete pre Foreground"});
  CHECK(story.finalizers.names().empty());
}

TEST_CASE("a source that cannot be read fails the step") {
  Story story({kPost});
  story.world.manifests_error = "repository not reachable";
  CHECK(story.step().empty());
  CHECK(text(story.conditions.at(0)) == "DeletionError: repository not reachable");
}

TEST_CASE("an error of one deletion does not spare the others") {
  Story story({kCascade});
  story.world.delete_error = "forbidden";
  story.world.add(owned("a"));
  story.world.add(owned("b"));
  CHECK(story.step().size() == 2);
  CHECK(text(story.conditions.at(0)) == "DeletionError: forbidden");
  CHECK(story.finalizers.names() == Names{kCascade});
}

TEST_CASE("clean-up deletes hooks whose policy fits the worst health of all") {
  Story story({kPostCleanup});
  OwnedObject good = hook("good", health::Status::Healthy);
  OwnedObject bad = hook("bad", health::Status::Degraded);
  good.policies.hook_succeeded = true;
  bad.policies.hook_failed = true;
  story.world.add(good);
  SECTION("all healthy: HookSucceeded") { CHECK(story.step() == Names{"delete good"}); }
  SECTION("one degraded: HookFailed") {
    story.world.add(bad);
    CHECK(story.step() == Names{"delete bad"});
  }
}

TEST_CASE("hooks without a policy that fits are left behind by the clean-up") {
  Story story({kPostCleanup});
  OwnedObject left = hook("left", health::Status::Healthy);
  left.policies.before_hook_creation = true;
  story.world.add(left);
  CHECK(story.step().empty());
  CHECK(story.finalizers.names().empty());
}

TEST_CASE("without its cluster an application loses Argo CD's finalizers only") {
  Story story({kCascade, kPre, "example.com/other", kPostCleanup});
  story.settings.knows_cluster = false;
  story.world.add(owned("a"));
  CHECK(story.step().empty());
  CHECK(story.finalizers.names() == Names{"example.com/other"});
}

TEST_CASE("a live object is read with all that its deletion depends on") {
  const health::ApplicationIdentity shop{.name = "shop", .name_space = "argocd", .uid = "u1"};
  const OwnedObject object =
      owned_object(json::parse(R"({"apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
        "metadata": {"name": "shop", "namespace": "argocd", "uid": "u1",
          "deletionTimestamp": "2025-06-02T12:00:00Z",
          "annotations": {"argocd.argoproj.io/sync-wave": "3", "helm.sh/hook": "post-delete",
            "helm.sh/resource-policy": "other, keep",
            "argocd.argoproj.io/sync-options": "Prune=false, Delete=confirm"}}})"),
                   shop);
  CHECK(object.is_the_application);
  CHECK(object.is_being_deleted);
  CHECK(object.wave == 3);
  CHECK(object.hook.post_delete);
  CHECK(object.is_kept);
  CHECK(object.delete_option == "confirm");
  CHECK_FALSE(object.is_crd);
}

TEST_CASE(
    "a deletion without obstacles ends, from high waves to low ones, and keeps what it must") {
  rc::prop("waves", [] {
    Story story({kCascade});
    story.world.is_slow = *rc::gen::arbitrary<bool>();
    const int count = *rc::gen::inRange(0, 6);
    std::size_t kept = 0;
    for (int i = 0; i < count; ++i) {
      OwnedObject object = owned("o" + std::to_string(i), *rc::gen::inRange<int>(-2, 3));
      object.is_kept = *rc::gen::arbitrary<bool>();
      kept += std::size_t{object.is_kept};
      story.world.add(object);
    }
    std::int64_t last = 2;
    for (int steps = 0; !story.finalizers.names().empty(); ++steps) {
      RC_ASSERT(steps < 20);
      const auto before = story.world.live;
      for (const std::string& call : story.step()) {
        const std::string name = call.substr(7, call.find(' ', 7) - 7);
        RC_ASSERT(!before.at(name).is_kept);
        RC_ASSERT(before.at(name).wave <= last);
        last = before.at(name).wave;
      }
      std::erase_if(story.world.live,
                    [](const auto& entry) { return entry.second.is_being_deleted; });
    }
    RC_ASSERT(story.world.live.size() == kept);
  });
}

}  // namespace
}  // namespace wavetank::application
