#include "report/plan/plan_words.h"

#include <fmt/format.h>

#include <vector>

#include "base/check.h"

namespace wavetank::report {

std::string task_name(const PlanView& view, const sync::PlanTask& task) {
  return model::short_name(model::resolve(task.key, *view.interner));
}

std::string task_place(const sync::PlanTask& task) {
  if (task.phase == model::Phase::SyncFail) return "SyncFail";
  const bool tells_hook = task.is_hook && task.phase == model::Phase::Sync;
  return fmt::format("{}, wave {}{}", model::name(task.phase), task.wave,
                     tells_hook ? ", as a hook" : "");
}

std::string gate_words(const PlanView& view, const sync::PlanStep& step) {
  if (step.gates_hooks && step.gates_resources) {
    return "waits until the hooks have completed and the resources are healthy";
  }
  if (step.gates_hooks) return "waits until the hooks have completed";
  if (step.gates_resources) return "waits until the resources are healthy";
  const bool is_last =
      &step == &view.plan.steps.back() || (&step + 1)->phase == model::Phase::SyncFail;
  return is_last ? "the sync ends here, without waiting for health" : "";
}

std::string deletion_words(const model::DeletePolicies& policies) {
  std::vector<std::string_view> words;
  if (policies.before_hook_creation) words.emplace_back("before it is created again");
  if (policies.hook_succeeded) words.emplace_back("when the whole sync has succeeded");
  if (policies.hook_failed) words.emplace_back("when the sync fails");
  return fmt::format("deleted {}{}", fmt::join(words, ", or "),
                     policies.is_default ? " (by default)" : "");
}

namespace {

std::string phase_words(sync::PlaceReason reason, model::Phase phase, const std::string& user) {
  switch (reason) {
    case sync::PlaceReason::HookPhase: return fmt::format("hook annotation: {}", name(phase));
    case sync::PlaceReason::HelmHookPhase:
      return fmt::format("helm.sh/hook, which Argo CD maps to {}", name(phase));
    case sync::PlaceReason::PlainResource: return "no hook: phase Sync";
    case sync::PlaceReason::MovedForUser:
      return fmt::format("moved before its first user {}, whose phase and wave it takes", user);
    case sync::PlaceReason::CreateNamespace: return "made for CreateNamespace=true";
    case sync::PlaceReason::WaveAnnotation:
    case sync::PlaceReason::HelmWeight:
    case sync::PlaceReason::NoWave: break;
  }
  WAVETANK_CHECK(false);
}

std::string wave_words(sync::PlaceReason reason, std::int64_t wave) {
  switch (reason) {
    case sync::PlaceReason::WaveAnnotation: return fmt::format("sync-wave {}", wave);
    case sync::PlaceReason::HelmWeight: return fmt::format("helm.sh/hook-weight {}", wave);
    case sync::PlaceReason::NoWave: return "no sync-wave: 0";
    case sync::PlaceReason::HookPhase:
    case sync::PlaceReason::HelmHookPhase:
    case sync::PlaceReason::PlainResource:
    case sync::PlaceReason::MovedForUser:
    case sync::PlaceReason::CreateNamespace: break;
  }
  return "";
}

}  // namespace

std::string place_words(const PlanView& view, const sync::PlanTask& task) {
  const std::string user =
      task.moved_for == UINT32_MAX ? "" : task_name(view, view.plan.tasks[task.moved_for]);
  std::string words = phase_words(task.phase_reason, task.phase, user);
  if (const std::string wave = wave_words(task.wave_reason, task.wave); !wave.empty()) {
    words += "; " + wave;
  }
  const std::string_view kind = view.interner->text(task.key.kind);
  words += task.kind_rank == 0
               ? fmt::format("; kind {} comes after all known kinds", kind)
               : fmt::format("; kind {} is {} of 35 in a wave", kind, task.kind_rank + 36);
  return words;
}

std::string left_out_words(const model::HookFacts& hook) {
  if (hook.pre_delete || hook.post_delete) {
    return hook.pre_delete ? "runs only before the application is deleted (PreDelete)"
                           : "runs only after the application is deleted (PostDelete)";
  }
  if (hook.is_skip) return "hook Skip: neither applied nor pruned";
  return "no valid hook type: Argo CD never applies it, and says nothing";
}

}  // namespace wavetank::report
