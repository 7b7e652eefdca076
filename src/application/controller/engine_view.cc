#include "application/controller/engine_view.h"

#include "application/hook_view.h"

namespace wavetank::application {

EngineView engine_view(const Compare& compared, const SyncOperation& sync, const Project& project,
                       TrackingMethod method) {
  std::vector<Participation> targets(compared.targets.size());
  std::vector<Participation> live(compared.live.size());
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const Comparand& comparand = compared.target_comparands[i];
    targets[i].denied = permission_error(project, comparand.key, comparand.scope);
  }
  for (std::size_t i = 0; i < live.size(); ++i) {
    const Comparand& comparand = compared.live_comparands[i];
    live[i].denied = permission_error(project, comparand.key, comparand.scope);
  }
  for (const ComparisonRow& row : compared.comparison.rows) {
    const bool is_selected =
        takes_part(row, compared.target_comparands, compared.live_comparands, sync, method);
    const auto note = [&](Participation& participation) {
      participation.is_selected = is_selected;
      participation.is_modified = row.is_modified;
    };
    if (row.target) note(targets[*row.target]);
    if (row.live) note(live[*row.live]);
  }
  EngineView view;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const TargetObject* target = compared.targets[i];
    if (!takes_part_in_sync(target->facts.hook)) continue;
    ParticipatingTarget& each = view.targets.emplace_back();
    each.object = target;
    each.participation = std::move(targets[i]);
    each.manifest = compared.respectful[i];
  }
  for (std::size_t i = 0; i < live.size(); ++i) {
    view.live.push_back({.object = compared.live[i], .participation = std::move(live[i])});
  }
  return view;
}

}  // namespace wavetank::application
