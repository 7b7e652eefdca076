// The deletion of an application (deletion.h) played on the cluster.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "application/controller/comparer.h"
#include "application/controller/engine_pass.h"
#include "application/deletion.h"

namespace wavetank::application {

struct DeletionPlace {
  const ApplicationSpec* spec = nullptr;
  const Project* project = nullptr;
  const Tracking* tracking = nullptr;
  const std::set<model::ObjectKey>* awaits_confirmation = nullptr;
  cluster::Cluster* cluster = nullptr;
  Comparer* comparer = nullptr;
  base::Interner* interner = nullptr;
};

class ClusterDeletion final : public DeletionWorld {
 public:
  using Source = std::function<tl::expected<const Targets*, std::string>()>;
  ClusterDeletion(DeletionPlace place, Source source) : place_(place), source_(std::move(source)) {}

  std::vector<OwnedObject> objects() override;
  tl::expected<std::vector<DeleteHookManifest>, std::string> manifests() override;
  CreateAnswer create(std::size_t manifest, const model::ObjectKey& key) override;
  DeleteAnswer remove(const model::ObjectKey& key,
                      std::optional<model::Propagation> policy) override;

  // What was done, in order.
  [[nodiscard]] std::vector<Call> take_calls() { return std::move(calls_); }
  // Nothing was done.
  [[nodiscard]] bool is_quiet() const { return is_quiet_; }

 private:
  void record(sync::RequestKind kind, const model::ObjectKey& key, bool is_ok, std::string message);

  DeletionPlace place_;
  Source source_;
  std::vector<const TargetObject*> manifests_;
  std::vector<Call> calls_;
  bool is_quiet_ = true;
};

}  // namespace wavetank::application
