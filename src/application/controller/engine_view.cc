#include "application/controller/engine_view.h"

#include <map>

namespace wavetank::application {

EngineView engine_view(const Compare& compared, const Targets& targets, const SyncOperation& sync,
                       const Project& project, TrackingMethod method) {
  EngineView view;
  std::map<const TargetObject*, Participation> wanted;
  std::vector<Participation> live(compared.live.size());
  for (std::size_t i = 0; i < compared.targets.size(); ++i) {
    const Comparand& comparand = compared.target_comparands[i];
    if (compared.targets[i] == nullptr) continue;
    wanted[compared.targets[i]].denied = permission_error(project, comparand.key, comparand.scope);
  }
  for (const ComparisonRow& row : compared.comparison.rows) {
    const bool is_selected =
        takes_part(row, compared.target_comparands, compared.live_comparands, sync, method);
    if (row.target && compared.targets[*row.target] != nullptr) {
      Participation& participation = wanted[compared.targets[*row.target]];
      participation.is_selected = is_selected;
      participation.is_modified = row.is_modified;
    }
    if (row.live) {
      live[*row.live].is_selected = is_selected;
      live[*row.live].is_modified = row.is_modified;
    }
  }
  for (const TargetObject& target : targets.objects) view.targets.push_back(wanted[&target]);
  for (std::size_t i = 0; i < live.size(); ++i) {
    live[i].denied = permission_error(project, compared.live_comparands[i].key,
                                      compared.live_comparands[i].scope);
    view.live.push_back({.object = compared.live[i], .participation = live[i]});
  }
  return view;
}

}  // namespace wavetank::application
