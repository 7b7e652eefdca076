// What a controller is, and what it may do: read the store, write through the API server, ask to
// be woken.
//
// A controller keeps nothing in memory that the store does not hold, so a cluster is its store and
// what is due. It is told of every change (`notice`) and says which of its objects to look at;
// later it takes one look at one object (`sync`) and brings the cluster a step nearer to what that
// object wants. It never calls another controller, and writes only to objects that are its own.
#pragma once

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

// Again: a write was refused; the manager wakes the controller once more, later each time.
enum class SyncResult : std::uint8_t { Done, Again };

struct Controller {
  std::string_view name;  // as Kubernetes spells it: "job-controller"
  void (*notice)(Context& context, const Notice& notice);
  SyncResult (*sync)(Context& context, const model::ObjectKey& key);
};

class Context {
 public:
  // Called by `wake`: the controller that is at work wants to look at `key` at this moment.
  using Wake = std::function<void(const model::ObjectKey& key, base::Instant at)>;

  Context(api::Server& server, Wake wake) : server_(server), wake_(std::move(wake)) {}

  [[nodiscard]] base::Instant now() const { return server_.now; }
  [[nodiscard]] const Store& store() const { return server_.store(); }
  [[nodiscard]] api::Server& server() { return server_; }

  // The controller looks at `key` after this time; of several wishes the earliest counts.
  void wake(const model::ObjectKey& key, base::Duration after = base::Duration::zero()) {
    wake_(key, now() + after);
  }

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
  // The same for the status and, where the API server lets it pass, annotations.
  api::Reply edit_status(const model::ObjectKey& key, const Change& change);
  // The same for the finalizers in the spec of a namespace.
  api::Reply edit_spec_finalizers(const model::ObjectKey& key, const Change& change);
  api::Reply remove(const model::ObjectKey& key,
                    api::DeletePolicy policy = api::DeletePolicy::Background);

  [[nodiscard]] std::string time() const { return timestamp(now()); }

 private:
  api::Reply write(const model::ObjectKey& key, const Change& change, const char* subresource);

  api::Server& server_;
  Wake wake_;
};

}  // namespace wavetank::cluster
