// The finalizers by which Argo CD holds an Application that is to be deleted.
//
// Source: pkg/apis/application/v1alpha1/types.go, application_defaults.go.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/propagation.h"

namespace wavetank::application {

// The two kinds of hooks that run when an application is deleted.
enum class DeleteHook : std::uint8_t { PreDelete, PostDelete };
[[nodiscard]] std::string_view name(DeleteHook type);

enum class DeleteStage : std::uint8_t {
  Run,     // the hooks are still to be run
  Cleanup  // the hooks are still to be deleted
};

// As in `metadata.finalizers`, in order. Removing one moves the last one into its place.
class Finalizers {
 public:
  Finalizers() = default;
  explicit Finalizers(std::vector<std::string> names) : names_(std::move(names)) {}

  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  [[nodiscard]] bool has(DeleteHook type, DeleteStage stage) const;
  void add(DeleteHook type, DeleteStage stage);
  void remove(DeleteHook type, DeleteStage stage);
  // Both stages, and whatever else begins with this hook's name.
  void remove_all(DeleteHook type);

  // How the application's objects are deleted with it; nothing: they stay. The first finalizer of
  // this kind decides.
  [[nodiscard]] std::optional<model::Propagation> cascade() const;
  void remove_cascade();

 private:
  template <class Predicate>
  void remove_each(Predicate is_one);

  std::vector<std::string> names_;
};

}  // namespace wavetank::application
