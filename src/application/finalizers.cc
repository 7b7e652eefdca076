#include "application/finalizers.h"

#include <algorithm>

namespace wavetank::application {

namespace {

constexpr std::string_view kForeground = "resources-finalizer.argocd.argoproj.io";
constexpr std::string_view kForegroundByName = "resources-finalizer.argocd.argoproj.io/foreground";
constexpr std::string_view kBackground = "resources-finalizer.argocd.argoproj.io/background";

std::string_view base_name(DeleteHook type) {
  switch (type) {
    case DeleteHook::PreDelete: return "pre-delete-finalizer.argocd.argoproj.io";
    case DeleteHook::PostDelete: return "post-delete-finalizer.argocd.argoproj.io";
  }
  return "";
}

std::string full_name(DeleteHook type, DeleteStage stage) {
  std::string name(base_name(type));
  if (stage == DeleteStage::Cleanup) name += "/cleanup";
  return name;
}

bool is_cascade(std::string_view name) {
  return name == kForeground || name == kForegroundByName || name == kBackground;
}

}  // namespace

std::string_view name(DeleteHook type) {
  switch (type) {
    case DeleteHook::PreDelete: return "PreDelete";
    case DeleteHook::PostDelete: return "PostDelete";
  }
  return "";
}

bool Finalizers::has(DeleteHook type, DeleteStage stage) const {
  return std::find(names_.begin(), names_.end(), full_name(type, stage)) != names_.end();
}

void Finalizers::add(DeleteHook type, DeleteStage stage) {
  if (!has(type, stage)) names_.push_back(full_name(type, stage));
}

void Finalizers::remove(DeleteHook type, DeleteStage stage) {
  const auto found = std::find(names_.begin(), names_.end(), full_name(type, stage));
  if (found == names_.end()) return;
  *found = names_.back();
  names_.pop_back();
}

// Argo CD walks over the list while it changes: a place that is cut off keeps the name it had, and
// is still visited, so that the name that moved from there is met once more.
template <class Predicate>
void Finalizers::remove_each(Predicate is_one) {
  std::vector<std::string> places = names_;
  std::size_t count = places.size();
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::string name = places[i];
    if (!is_one(name)) continue;
    const auto end = places.begin() + static_cast<std::ptrdiff_t>(count);
    const auto found = std::find(places.begin(), end, name);
    if (found == end) continue;
    *found = places[count - 1];
    --count;
  }
  places.resize(count);
  names_ = std::move(places);
}

void Finalizers::remove_all(DeleteHook type) {
  remove_each([&](const std::string& name) { return name.starts_with(base_name(type)); });
}

std::optional<model::Propagation> Finalizers::cascade() const {
  const auto found = std::find_if(names_.begin(), names_.end(), is_cascade);
  if (found == names_.end()) return std::nullopt;
  return *found == kBackground ? model::Propagation::Background : model::Propagation::Foreground;
}

void Finalizers::remove_cascade() { remove_each(is_cascade); }

}  // namespace wavetank::application
