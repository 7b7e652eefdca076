// What a controller is, and what it may do: read the store, write through the API server, ask to
// be woken.
//
// A controller keeps nothing in memory that the store does not hold, so a cluster is its store and
// what is due. It is told of every change (`notice`) and says which of its objects to look at;
// later it takes one look at one object (`sync`) and brings the cluster a step nearer to what that
// object wants. It never calls another controller, and writes only to objects that are its own.
#pragma once

#include <chrono>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "cluster/api/server.h"
#include "cluster/store.h"
#include "model/key.h"

namespace wavetank::cluster {

class Context;
class Surroundings;

// Again: a write was refused; the manager wakes the controller once more, later each time.
enum class SyncResult : std::uint8_t { Done, Again };

struct Controller {
  std::string_view name;  // as Kubernetes spells it: "job-controller"
  void (*notice)(Context& context, const Notice& notice);
  SyncResult (*sync)(Context& context, const model::ObjectKey& key);
  // How long the manager waits after Again: at first, doubled each time, and at most. Source of the
  // values: client-go, DefaultTypedControllerRateLimiter.
  base::Duration first_retry = std::chrono::milliseconds(5);
  base::Duration longest_retry = std::chrono::seconds(1000);
  // So fast that even a client that looks at once sees what it did.
  bool is_immediate = false;
};

// Whether something may come of a look. What is only idle waits for nothing: a schedule, one more
// restart of what always fails. A cluster in which all looks are idle is at rest.
enum class Prospect : std::uint8_t { Open, Idle };

class Context {
 public:
  // What the controller that is at work asks of the queue: a look at `key` at a moment, or none of
  // those that were asked for in advance.
  struct Queue {
    std::function<void(const model::ObjectKey& key, base::Instant at, Prospect)> wake;
    std::function<void(const model::ObjectKey& key)> sleep;
  };

  Context(api::Server& server, Queue queue, Surroundings* surroundings = nullptr)
      : server_(server), queue_(std::move(queue)), surroundings_(surroundings) {}

  [[nodiscard]] base::Instant now() const { return server_.now; }
  [[nodiscard]] const Store& store() const { return server_.store(); }
  [[nodiscard]] api::Server& server() { return server_; }

  // The controller looks at `key` after this time; of several wishes the earliest counts.
  void wake(const model::ObjectKey& key, base::Duration after = base::Duration::zero(),
            Prospect prospect = Prospect::Open) {
    queue_.wake(key, now() + after, prospect);
  }

  // Drops what was asked for in advance: nothing would come of it any more.
  void sleep(const model::ObjectKey& key) { queue_.sleep(key); }

  // Null for a bare control plane, without nodes, clouds and operators.
  [[nodiscard]] Surroundings* surroundings() { return surroundings_; }
  // What is to be done next with an object, which the store remembers. Nothing: it is left alone.
  [[nodiscard]] std::optional<NextStep> next_step_of(const model::ObjectKey& key) const;
  // Sets the next step and wakes the controller for it.
  void schedule(const model::ObjectKey& key, std::uint8_t step, base::Duration after,
                Prospect prospect = Prospect::Open);
  // Sets a step for when somebody else wakes the controller.
  void hold(const model::ObjectKey& key, std::uint8_t step);
  void drop_next_step(const model::ObjectKey& key);

  // The content of an object; null when there is none. Valid until the next write.
  [[nodiscard]] const nlohmann::json* find(const model::ObjectKey& key) const;
  [[nodiscard]] std::vector<model::ObjectKey> all_of(std::string_view group, std::string_view kind,
                                                     std::string_view name_space) const;

  // Writes as kube-controller-manager. `object` needs apiVersion, kind, namespace, name or
  // generateName.
  api::Reply create(const nlohmann::json& object);
  // Changes a copy of the live object and writes it when it differs.
  using Change = std::function<void(nlohmann::json& object)>;
  api::Reply edit(const model::ObjectKey& key, const Change& change);
  // Changes a copy of the live object's metadata and status, and writes the status when it differs,
  // and the annotations that a controller keeps beside it.
  api::Reply edit_status(const model::ObjectKey& key, const Change& change);
  // The same for the finalizers in the spec of a namespace.
  api::Reply edit_spec_finalizers(const model::ObjectKey& key, const Change& change);
  api::Reply remove(const model::ObjectKey& key,
                    api::DeletePolicy policy = api::DeletePolicy::Background);
  // Gives a pod to a node. REQUIRES: the pod exists.
  void bind(const model::ObjectKey& pod, const std::string& node);
  // A deletion without grace: what a kubelet does when a pod has stopped.
  api::Reply remove_now(const model::ObjectKey& key);

  // What the controller noted about the object, as real ones do in their memory: no part of it, and
  // no change that anybody is told of. Null when there is nothing; gone with the object.
  [[nodiscard]] nlohmann::json recall(const model::ObjectKey& key) const;
  void remember(const model::ObjectKey& key, nlohmann::json what);

  [[nodiscard]] std::string time() const { return timestamp(now()); }

 private:
  [[nodiscard]] api::Target target_of(const model::ObjectKey& key);
  api::Reply write(const model::ObjectKey& key, const Change& change, const char* subresource);
  api::Reply remove(const model::ObjectKey& key, const api::DeleteRequest& request);

  api::Server& server_;
  Queue queue_;
  Surroundings* surroundings_;
};

}  // namespace wavetank::cluster
