// What Argo CD's sync engine does through the kubectl library: apply, create, replace, update,
// delete, and the changes of finalizers; each a sequence of requests to the API server, with the
// texts that kubectl prints.
//
// A client remembers which kinds it has seen (Discovery), as kubectl does on disk, so that a kind
// whose definition is gone is still asked for. Source: kubectl 0.36, pkg/cmd/{apply,create,replace,
// auth}, and Argo CD's gitops-engine/pkg/utils/kube.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cluster/api/server.h"

namespace wavetank::cluster::api {

enum class DryRunMode : std::uint8_t { None, Client, Server };

struct ApplyOptions {
  DryRunMode dry_run = DryRunMode::None;
  bool force = false;
  bool server_side = false;
  std::string manager = "argocd-controller";
};

struct Printed {
  std::string output;
  std::optional<std::string> error;  // as Argo CD shows it
  // The last answer of the server that was an error, whether or not the operation failed.
  std::optional<ApiError> status;
  std::vector<std::string> warnings;  // headers of the server; only logged
  bool ends_process = false;          // kubectl panics, and with it Argo CD's controller

  [[nodiscard]] bool ok() const { return !error.has_value(); }
};

// Kinds that a client has seen.
struct Discovery {
  std::map<std::string, KindInfo> kinds;  // by "<apiVersion>/<Kind>"
};

// A reference to an object, as a client has it: by version and kind.
struct Ref {
  std::string group;
  std::string version;
  std::string kind;
  std::string name_space;
  std::string name;
};
[[nodiscard]] Ref ref_of(const nlohmann::json& object);

struct FinalizerChange {
  std::vector<std::string> add;
  std::vector<std::string> remove;
  std::string resource_version;  // of the object that was read; empty: the live one
};

class Kubectl {
 public:
  // REQUIRES: both outlive the Kubectl. `user` is empty for a cluster administrator.
  Kubectl(Server& server, Discovery& discovery, std::string user = {})
      : server_(server), discovery_(discovery), user_(std::move(user)) {}

  Printed apply(const nlohmann::json& manifest, const ApplyOptions& options);
  Printed create(const nlohmann::json& manifest, DryRunMode dry_run);
  Printed replace(const nlohmann::json& manifest, DryRunMode dry_run, bool force);
  Printed update(const nlohmann::json& manifest);
  Printed remove(const Ref& ref, DeletePolicy policy);
  Printed change_finalizers(const Ref& ref, const FinalizerChange& change);
  // Argo CD's own migration of fields that an old kubectl applied.
  Printed migrate(const Ref& ref);

 private:
  struct Object;  // one object of a manifest and the kind behind it
  struct Result;

  Printed finish(Printed printed);
  std::optional<std::string> resolve(const nlohmann::json& manifest, Object& object);
  Reply call(Reply reply);
  std::optional<std::string> apply_client_side(const Object& object, const ApplyOptions& options);
  std::optional<std::string> apply_server_side(const Object& object, const ApplyOptions& options);
  std::optional<std::string> patch_live(const Object& object, const nlohmann::json& modified,
                                        const ApplyOptions& options, bool& is_changed,
                                        nlohmann::json& patched);
  std::optional<std::string> replace_by_force(const Object& object, const nlohmann::json& modified,
                                              const nlohmann::json& live,
                                              const ApplyOptions& options);
  std::optional<std::string> replace_forced(const Object& object);
  std::optional<std::string> reconcile(const Object& object, DryRunMode dry_run);
  std::optional<std::string> reconcile_role(const Object& object, DryRunMode dry_run);
  std::optional<std::string> reconcile_binding(const Object& object, DryRunMode dry_run);
  std::optional<std::string> post(const Object& object, nlohmann::json body,
                                  std::string_view manager, DryRun dry_run);
  void print(const Object& object, std::string_view verb, DryRunMode dry_run);
  void warn_if_deleting(const nlohmann::json& object);
  [[nodiscard]] WriteRequest request(std::string_view manager, DryRunMode dry_run) const;

  Server& server_;
  Discovery& discovery_;
  std::string user_;
  // Of the operation under way.
  Printed printed_;
  std::string printed_name_;  // that the server gave, if it did
  std::string out_;
  std::string err_;
};

// What kubectl applied last, from the annotation; null when it did not, or not legibly.
[[nodiscard]] nlohmann::json last_applied_of(const nlohmann::json& live);

// How kubectl finds a kind: by asking the server, and by what it remembers.
[[nodiscard]] const KindInfo* find_mapping(Server& server, Discovery& discovery,
                                           std::string_view api_version, std::string_view kind);

}  // namespace wavetank::cluster::api
