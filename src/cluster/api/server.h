// The API server: the verbs of Kubernetes over the object store.
//
// Every verb takes its time from `now` and nothing from anywhere else: equal stores and equal
// requests give equal answers. A write runs through the stages of a real one, each in a file of its
// own: authorization (admission/), decoding and pruning (object/), what the strategy of the kind
// prepares (rules/prepare), defaults (rules/defaults), admission, validation (rules/), field owners
// (object/field_owners), the store. The stages are functions of their arguments; only the last one
// changes anything.
//
// Controllers use the same verbs as everybody, as manager `kube-controller-manager`, and read the
// store directly.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "cluster/api/error.h"
#include "cluster/api/schema/kinds.h"
#include "cluster/store.h"
#include "model/key.h"

namespace wavetank::cluster::api {

// Who asks. Without a user it is a cluster administrator, whom nothing is forbidden.
struct Caller {
  std::string user;
  std::string manager;  // of fields; empty: the program's own name
};

struct Reply {
  nlohmann::json object;  // as the server returns it; of deletions what was deleted
  std::optional<ApiError> error;
  std::vector<std::string> warnings;  // Warning headers
  int code = 200;
  bool changed = true;  // false: the write left the object as it was

  [[nodiscard]] bool ok() const { return !error.has_value(); }
};

// What a patch does to the object: the new object, or why it cannot be applied.
struct Patched {
  nlohmann::json object;
  std::optional<ApiError> error;
};
using Patch = std::function<Patched(const nlohmann::json& live)>;

struct Target {
  const KindInfo* kind = nullptr;
  std::string name_space;  // empty for cluster-scoped kinds
  std::string name;        // empty for POST

  [[nodiscard]] model::ObjectKey key() const {
    return {.group = kind->group, .kind = kind->kind, .name_space = name_space, .name = name};
  }
};

enum class DryRun : std::uint8_t { No, Yes };

struct WriteRequest {
  Caller caller;
  DryRun dry_run = DryRun::No;
  std::string subresource;  // "status", of namespaces "finalize", or empty
};

struct ApplyRequest {
  WriteRequest write;
  bool force = false;  // take fields from their owners
};

enum class DeletePolicy : std::uint8_t { Default, Foreground, Background, Orphan };

struct DeleteRequest {
  Caller caller;
  DeletePolicy policy = DeletePolicy::Default;
  std::optional<std::int64_t> grace_seconds;
};

// Kubernetes' alphabet for what it makes up in names: no vowels, no words.
inline constexpr std::string_view kNameLetters = "bcdfghjklmnpqrstvwxz2456789";

class Server {
 public:
  // REQUIRES: `store` outlives the Server.
  explicit Server(Store& store) : store_(store) {}

  base::Instant now;
  // Lets the cluster go on for a while, for clients that wait; of no length: what reacts at once.
  // Without it nothing happens while they wait.
  std::function<void(base::Duration)> wait;
  // A webhook that refuses every write of these objects; by default none.
  std::function<bool(const model::ObjectKey& key)> is_denied;
  // Told of the random end of every generated name, which follows from the namespace, the kind, the
  // rest of the name and how often it was used.
  std::function<void(const std::string& suffix)> on_suffix;

  // The kind behind an apiVersion, if it is served at this moment.
  [[nodiscard]] const KindInfo* find_kind(std::string_view group, std::string_view version,
                                          std::string_view kind);
  // The same for any served version.
  [[nodiscard]] const KindInfo* find_kind(std::string_view group, std::string_view kind);
  [[nodiscard]] bool serves_group_version(std::string_view group, std::string_view version);
  // Serves a kind without a definition; its objects may have any form.
  void assume(KindInfo kind);

  [[nodiscard]] Reply get(const Target& target, const Caller& caller);
  Reply create(const Target& target, nlohmann::json body, const WriteRequest& request);
  // PUT. With a resourceVersion in `body` it must be the live one.
  Reply update(const Target& target, nlohmann::json body, const WriteRequest& request);
  Reply patch(const Target& target, const Patch& patch, const WriteRequest& request);
  Reply apply(const Target& target, const nlohmann::json& body, const ApplyRequest& request);
  Reply remove(const Target& target, const DeleteRequest& request);
  // What a controller of the control plane writes about its own objects. It is known to be well
  // formed, and no admission looks at it; nobody else's fields change hands. `annotations`: null
  // when they stay. REQUIRES: the object exists.
  void write_status(const model::ObjectKey& key, nlohmann::json status,
                    const nlohmann::json* annotations);
  // The same for a scheduler that gives a pod to a node. REQUIRES: the pod exists.
  void bind(const model::ObjectKey& pod, const std::string& node, nlohmann::json status);

  [[nodiscard]] Store& store() { return store_; }
  [[nodiscard]] const Store& store() const { return store_; }

 private:
  friend class Write;

  struct Definition {
    std::uint64_t resource_version = 0;
    Schema schema;
    std::vector<KindInfo> kinds;
  };
  void refresh_definitions();

  Store& store_;
  Definition assumed_;
  std::map<model::ObjectKey, Definition> definitions_;  // of CustomResourceDefinitions
  std::uint64_t definitions_at_ = 0;                    // the store's version they were read at
};

}  // namespace wavetank::cluster::api
