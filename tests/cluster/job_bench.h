// A small cluster for tests of the controllers of Jobs: its pods end as the test says.
#pragma once

#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <vector>

#include "cluster/api/object/json_access.h"
#include "cluster/api/object/merge.h"
#include "cluster/api/server.h"
#include "cluster/controller_manager/manager.h"
#include "yaml/json.h"
#include "yaml/parser.h"

namespace wavetank::cluster {

class JobBench {
 public:
  using json = nlohmann::json;
  using ObjectKey = model::ObjectKey;

  JobBench() { make("{apiVersion: v1, kind: Namespace, metadata: {name: demo}}"); }

  base::Interner interner;
  Store store{interner};
  api::Server server{store};
  Manager manager{server, built_in_controllers()};

  static json from_yaml(const std::string& text) {
    const auto documents = yaml::parse_documents(source::FileId{0}, text);
    REQUIRE(documents.size() == 1);
    REQUIRE_FALSE(documents[0].error.has_value());
    return yaml::to_json(documents[0].tree, documents[0].tree.root());
  }

  void make(const std::string& yaml) {
    const json object = from_yaml(yaml);
    const api::Target target{
        .kind = server.find_kind(model::group_of(api::text(object, "/apiVersion")),
                                 api::text(object, "/kind")),
        .name_space = api::text(object, "/metadata/namespace"),
        .name = api::text(object, "/metadata/name")};
    const api::Reply reply = server.create(target, object, {});
    INFO((reply.error ? reply.error->message : ""));
    REQUIRE(reply.ok());
    pass(0);
  }
  // The Job `task`; `spec` is what the spec has beside the template.
  void make_job(const std::string& spec = "", const std::string& pod_spec = "") {
    make("{apiVersion: batch/v1, kind: Job, metadata: {name: task, namespace: demo}, spec: {" +
         spec + (spec.empty() ? "" : ", ") + "template: {spec: {" + pod_spec +
         (pod_spec.empty() ? "" : ", ") +
         (pod_spec.find("restartPolicy") == std::string::npos ? "restartPolicy: Never, " : "") +
         "containers: [{name: main, image: busybox}]}}}}");
  }

  static ObjectKey key(const std::string& group, const std::string& kind, const std::string& name) {
    return {.group = group, .kind = kind, .name_space = "demo", .name = name};
  }
  static ObjectKey task() { return key("batch", "Job", "task"); }
  static ObjectKey pod(const std::string& name) { return key("", "Pod", name); }

  [[nodiscard]] json find(const ObjectKey& object) const {
    const Entry* entry = store.find(object);
    return entry == nullptr ? json() : entry->object.content;
  }
  [[nodiscard]] json status() const { return api::at(find(task()), "/status"); }
  [[nodiscard]] std::int64_t count(const char* name) const {
    return api::number(status(), std::string("/") + name);
  }
  // The types of the conditions that are true, in order, with the reason of the last.
  [[nodiscard]] std::string conditions() const {
    std::string told;
    std::string reason;
    const json now = status();
    for (const json& each : api::list(now, "/conditions")) {
      if (api::text(each, "/status") != "True") continue;
      told += (told.empty() ? "" : " ") + api::text(each, "/type");
      reason = ": " + api::text(each, "/reason");
    }
    return told + reason;
  }

  // Pods that have not ended and are not being deleted, in order of index, then of name.
  [[nodiscard]] std::vector<ObjectKey> running() const {
    return pods_where([](const json& pod) {
      const std::string phase = api::text(pod, "/status/phase");
      return phase != "Succeeded" && phase != "Failed" &&
             !api::has(pod, "/metadata/deletionTimestamp");
    });
  }
  [[nodiscard]] std::vector<ObjectKey> all_pods() const {
    return pods_where([](const json&) { return true; });
  }
  static bool is_tracked(const json& pod) {
    const json& finalizers = api::list(pod, "/metadata/finalizers");
    return std::find(finalizers.begin(), finalizers.end(), "batch.kubernetes.io/job-tracking") !=
           finalizers.end();
  }

  // Merges `patch` into the object, or into its status.
  bool edit(const ObjectKey& object, const json& patch, const char* subresource = "") {
    const api::Target target{.kind = server.find_kind(object.group, object.kind),
                             .name_space = object.name_space,
                             .name = object.name};
    const json whole = *subresource == '\0' ? patch : json{{"status", patch}};
    const api::Reply reply = server.patch(
        target,
        [&](const json& before) { return api::Patched{.object = api::merge_patch(before, whole)}; },
        {.caller = {.user = "", .manager = "editor"}, .subresource = subresource});
    return reply.ok();
  }
  void change_job(const std::string& spec) {
    REQUIRE(edit(task(), {{"spec", from_yaml(spec)}}));
    pass(0);
  }
  void end(const ObjectKey& pod_key, int exit_code) {
    const json ended = {{"exitCode", exit_code}, {"finishedAt", timestamp(server.now)}};
    const json container = {
        {"name", "main"}, {"image", "x"}, {"imageID", "x"}, {"state", {{"terminated", ended}}}};
    REQUIRE(edit(pod_key,
                 {{"phase", exit_code == 0 ? "Succeeded" : "Failed"},
                  {"containerStatuses", json::array({container})}},
                 "status"));
  }
  void fail(const ObjectKey& pod_key) { end(pod_key, 1); }
  void succeed(const ObjectKey& pod_key) { end(pod_key, 0); }
  void start(const ObjectKey& pod_key) {
    const json ready = {
        {"type", "Ready"}, {"status", "True"}, {"lastTransitionTime", timestamp(server.now)}};
    REQUIRE(edit(pod_key, {{"phase", "Running"}, {"conditions", json::array({ready})}}, "status"));
  }
  void remove(const ObjectKey& object, api::DeletePolicy policy = api::DeletePolicy::Background,
              std::optional<std::int64_t> grace = std::nullopt) {
    const api::Target target{.kind = server.find_kind(object.group, object.kind),
                             .name_space = object.name_space,
                             .name = object.name};
    REQUIRE(server.remove(target, {.policy = policy, .grace_seconds = grace}).ok());
  }

  void pass(double seconds) {
    const base::Instant until =
        server.now + std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
    manager.run(until);
    server.now = std::max(server.now, until);
  }

 private:
  template <class Wanted>
  [[nodiscard]] std::vector<ObjectKey> pods_where(const Wanted& wanted) const {
    std::vector<ObjectKey> found;
    for (const auto& [each, entry] : store.entries()) {
      if (each.kind == "Pod" && wanted(entry.object.content)) found.push_back(each);
    }
    return found;
  }
};

}  // namespace wavetank::cluster
