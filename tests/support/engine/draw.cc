#include "support/engine/draw.h"

namespace wavetank::support {

namespace {

using rc::gen::element;
using rc::gen::set;

// The plainest value, most of the time.
template <class T>
rc::Gen<T> mostly(int weight, const T& usual, rc::Gen<T> other) {
  return rc::gen::weightedOneOf<T>(
      {{static_cast<std::size_t>(weight), rc::gen::just(usual)}, {1, std::move(other)}});
}

template <class T>
rc::Gen<std::optional<T>> seldom(int weight, rc::Gen<T> some) {
  return mostly<std::optional<T>>(weight, std::nullopt, rc::gen::map(std::move(some), [](T value) {
                                    return std::optional<T>(std::move(value));
                                  }));
}

rc::Gen<bool> rarely(int weight) { return mostly(weight, false, rc::gen::just(true)); }
rc::Gen<bool> usually(int weight) { return mostly(weight, true, rc::gen::just(false)); }

rc::Gen<std::string> waves(Wildness wildness) {
  const auto usual = element<std::string>("", "", "1", "-1", "2", "0");
  if (wildness == Wildness::Tame) return usual;
  return rc::gen::weightedOneOf<std::string>(
      {{24, usual}, {1, element<std::string>("9223372036854775807", "-9223372036854775808")}});
}

rc::Gen<std::string> options(Wildness wildness) {
  if (wildness == Wildness::Tame) return rc::gen::just(std::string());
  return mostly<std::string>(
      3, "",
      element<std::string>("PruneLast=true", "Prune=false", "Prune=confirm", "Prune=true",
                           "Replace=true", "Force=true", "Force=true,Replace=true",
                           "Validate=false", "ServerSideApply=true", "ServerSideApply=false",
                           "SkipDryRunOnMissingResource=true", "Prune=confirm,PruneLast=true"));
}

rc::Gen<Annotations> annotations(Wildness wildness) {
  const auto usual = element<std::string>("", "", "", "PreSync", "Sync", "PostSync", "SyncFail",
                                          "PreSync,PostSync", "Sync,SyncFail");
  const auto odd = element<std::string>("Skip", "Skip,PreSync", "Garbage");
  return rc::gen::build<Annotations>(
      set(&Annotations::hook, wildness == Wildness::Tame
                                  ? usual
                                  : rc::gen::weightedOneOf<std::string>({{15, usual}, {1, odd}})),
      set(&Annotations::policy,
          element<std::string>("", "", "HookSucceeded", "HookFailed",
                               "BeforeHookCreation,HookSucceeded", "HookSucceeded,HookFailed")),
      set(&Annotations::wave, waves(wildness)), set(&Annotations::options, options(wildness)));
}

rc::Gen<End> ends(Wildness wildness) {
  if (wildness == Wildness::Tame) {
    return element(End::Healthy, End::Healthy, End::Healthy, End::Degraded, End::Progressing);
  }
  return element(End::Healthy, End::Healthy, End::Healthy, End::Degraded, End::Degraded,
                 End::Progressing, End::Suspended, End::Unknown, End::Missing, End::NoHealth,
                 End::CheckFails);
}

rc::Gen<Fate> fates(Wildness wildness) {
  const auto write = mostly(
      9, Write::Accepted,
      element(Write::Refused, Write::RefusedInFirstSync, Write::Refused, Write::RefusedInDryRun));
  if (wildness == Wildness::Tame) {
    return rc::gen::build<Fate>(set(&Fate::end, ends(wildness)), set(&Fate::write, write),
                                set(&Fate::takes, element(1, 1, 0, 2)));
  }
  return rc::gen::build<Fate>(
      set(&Fate::end, ends(wildness)), set(&Fate::write, write),
      set(&Fate::takes, element(1, 1, 0, 2, 3)),
      set(&Fate::seen_after, mostly(9, 0, element(1, 2))),
      set(&Fate::vanishes_after, mostly(19, 0, element(1, 2, 3))),
      set(&Fate::deletion, mostly(4, Deletion::AtOnce,
                                  element(Deletion::Slow, Deletion::Slow, Deletion::Refused,
                                          Deletion::FindsNothing, Deletion::KindIsGone))),
      set(&Fate::put, mostly(7, Put::Accepted,
                             element(Put::OneConflict, Put::OnlyConflicts, Put::Refused,
                                     Put::FindsNothing, Put::KindIsGone))),
      set(&Fate::reading, mostly(7, Reading::Works, element(Reading::Fails, Reading::KindIsGone))),
      set(&Fate::kind, mostly(39, KindIs::Served,
                              element(KindIs::NotFound, KindIs::DiscoveryFails, KindIs::Denied))));
}

rc::Gen<Before> befores(Wildness wildness) {
  return rc::gen::build<Before>(
      set(&Before::annotations, annotations(wildness)),
      set(&Before::has_finalizer, element(false, true)), set(&Before::deleting, rarely(7)),
      set(&Before::foreign, rarely(7)),
      set(&Before::shares_uid, rarely(wildness == Wildness::Tame ? 1000000 : 9)));
}

rc::Gen<Item> items(Wildness wildness) {
  const auto kinds =
      wildness == Wildness::Tame
          ? element<std::string>("ConfigMap", "Job", "Deployment", "Service", "Job")
          : element<std::string>("ConfigMap", "Job", "Deployment", "Job", "Deployment", "Service",
                                 "Namespace", "ClusterRole", "CustomResourceDefinition", "Widget",
                                 "other Job", "other Namespace");
  const auto names = wildness == Wildness::Tame
                         ? element<std::string>("a", "b", "c", "d", "e", "f")
                         : element<std::string>("a", "b", "c", "d", "e", "f", "a-", "shop");
  return rc::gen::build<Item>(
      set(&Item::kind, kinds), set(&Item::name, names),
      set(&Item::name_space, mostly<std::string>(9, "", element<std::string>("other", "a"))),
      set(&Item::annotations, annotations(wildness)),
      set(&Item::in_git,
          mostly(4, InGit::Always,
                 element(InGit::OnlyFirstSync, InGit::OnlyLaterSyncs, InGit::Never, InGit::Never))),
      set(&Item::before, seldom(3, befores(wildness))),
      set(&Item::selected, usually(wildness == Wildness::Tame ? 1000000 : 29)),
      set(&Item::modified, usually(3)), set(&Item::fate, fates(wildness)));
}

rc::Gen<sync::Settings> settings(Wildness wildness) {
  using sync::Settings;
  if (wildness == Wildness::Tame) {
    return rc::gen::build<Settings>(set(&Settings::prune, element(false, true)),
                                    set(&Settings::prune_last, rarely(3)));
  }
  return rc::gen::build<Settings>(
      set(&Settings::dry_run, rarely(19)), set(&Settings::prune, element(false, true)),
      set(&Settings::prune_last, rarely(9)),
      set(&Settings::default_prune,
          mostly(9, model::PruneOption::Unset,
                 element(model::PruneOption::False, model::PruneOption::Confirm,
                         model::PruneOption::Other))),
      set(&Settings::propagation,
          mostly(9, model::Propagation::Foreground,
                 element(model::Propagation::Background, model::Propagation::Orphan))),
      set(&Settings::force, rarely(19)), set(&Settings::replace, rarely(19)),
      set(&Settings::server_side_apply, rarely(19)), set(&Settings::no_validate, rarely(19)),
      set(&Settings::skip_hooks, rarely(19)),
      set(&Settings::skip_dry_run_on_missing_resource, rarely(19)),
      set(&Settings::apply_out_of_sync_only, rarely(9)),
      set(&Settings::create_namespace, rarely(4)),
      set(&Settings::has_managed_namespace_metadata, rarely(4)),
      set(&Settings::managed_namespace_wave, element<std::int64_t>(0, 0, 1, -1)));
}

rc::Gen<SyncScript> syncs(Wildness wildness) {
  if (wildness == Wildness::Tame) {
    return rc::gen::build<SyncScript>(set(&SyncScript::settings, settings(wildness)));
  }
  return rc::gen::build<SyncScript>(
      set(&SyncScript::settings, settings(wildness)),
      set(&SyncScript::revision, element<std::string>("3F2a1bc9d", "abcdefg", "abcdefgh", "")),
      set(&SyncScript::terminate_at, seldom(9, element(0, 1, 2, 3))),
      set(&SyncScript::confirmed_from, seldom(2, element(0, 1, 2))),
      set(&SyncScript::wave_hook_fails_after, seldom(19, element<std::int64_t>(0, 1, -1))),
      set(&SyncScript::namespace_lookup_fails, rarely(19)),
      set(&SyncScript::namespace_denied, rarely(19)));
}

template <class T>
rc::Gen<std::vector<T>> up_to(int count, const rc::Gen<T>& gen) {
  return rc::gen::mapcat(rc::gen::inRange(0, count + 1), [gen](int size) {
    return rc::gen::container<std::vector<T>>(static_cast<std::size_t>(size), gen);
  });
}

rc::Gen<Application> any_application(Wildness wildness, DrawLimits limits) {
  const auto first_and_rest =
      rc::gen::pair(syncs(wildness), up_to(limits.syncs_max - 1, syncs(wildness)));
  return rc::gen::build<Application>(
      set(&Application::items, up_to(limits.items_max, items(wildness))),
      set(&Application::syncs, rc::gen::map(first_and_rest,
                                            [](std::pair<SyncScript, std::vector<SyncScript>> all) {
                                              auto& [first, rest] = all;
                                              rest.insert(rest.begin(), std::move(first));
                                              return std::move(rest);
                                            })),
      set(&Application::destination_exists,
          wildness == Wildness::Tame ? rc::gen::just(true) : usually(4)));
}

// Everything that is a little simpler than an application: one thing less, or one thing usual.
class Simpler {
 public:
  explicit Simpler(const Application& application) : whole_(application) {
    for (std::size_t i = 0; i < whole_.items.size(); ++i) drop(&Application::items, i);
    for (std::size_t i = 0; whole_.syncs.size() > 1 && i < whole_.syncs.size(); ++i) {
      drop(&Application::syncs, i);
    }
    for (std::size_t i = 0; i < whole_.items.size(); ++i) simplify_item(i);
    for (std::size_t i = 0; i < whole_.syncs.size(); ++i) simplify_sync(i);
    reset([](Application& all) -> Application& { return all; }, &Application::destination_exists);
  }

  [[nodiscard]] std::vector<Application> take() { return std::move(found_); }

 private:
  template <class T>
  void drop(std::vector<T> Application::*list, std::size_t index) {
    Application less = whole_;
    (less.*list).erase((less.*list).begin() + static_cast<std::ptrdiff_t>(index));
    found_.push_back(std::move(less));
  }

  // One candidate per member that differs from its default.
  template <class Where, class... Members>
  void reset(Where where, Members... members) {
    (reset_one(where, members), ...);
  }
  template <class Where, class T, class Member>
  void reset_one(Where where, Member T::*member) {
    static const T kUsual{};
    if (where(whole_).*member == kUsual.*member) return;
    Application plainer = whole_;
    where(plainer).*member = kUsual.*member;
    found_.push_back(std::move(plainer));
  }

  void simplify_item(std::size_t i) {
    const auto item = [i](Application& all) -> Item& { return all.items[i]; };
    reset(item, &Item::fate, &Item::annotations, &Item::before, &Item::in_git, &Item::name_space,
          &Item::kind, &Item::selected, &Item::modified);
    reset([i](Application& all) -> Annotations& { return all.items[i].annotations; },
          &Annotations::hook, &Annotations::policy, &Annotations::wave, &Annotations::options);
    reset([i](Application& all) -> Fate& { return all.items[i].fate; }, &Fate::end, &Fate::takes,
          &Fate::seen_after, &Fate::vanishes_after, &Fate::write, &Fate::deletion, &Fate::put,
          &Fate::reading, &Fate::kind);
    if (!whole_.items[i].before) return;
    reset([i](Application& all) -> Before& { return *all.items[i].before; }, &Before::annotations,
          &Before::has_finalizer, &Before::deleting, &Before::foreign, &Before::shares_uid);
    reset([i](Application& all) -> Annotations& { return all.items[i].before->annotations; },
          &Annotations::hook, &Annotations::policy, &Annotations::wave, &Annotations::options);
  }

  void simplify_sync(std::size_t i) {
    using sync::Settings;
    reset([i](Application& all) -> SyncScript& { return all.syncs[i]; }, &SyncScript::revision,
          &SyncScript::terminate_at, &SyncScript::confirmed_from,
          &SyncScript::wave_hook_fails_after, &SyncScript::namespace_lookup_fails,
          &SyncScript::namespace_denied);
    reset([i](Application& all) -> Settings& { return all.syncs[i].settings; }, &Settings::dry_run,
          &Settings::prune, &Settings::prune_last, &Settings::default_prune, &Settings::propagation,
          &Settings::force, &Settings::replace, &Settings::server_side_apply,
          &Settings::no_validate, &Settings::skip_hooks,
          &Settings::skip_dry_run_on_missing_resource, &Settings::apply_out_of_sync_only,
          &Settings::create_namespace, &Settings::has_managed_namespace_metadata,
          &Settings::managed_namespace_wave);
  }

  Application whole_;
  std::vector<Application> found_;
};

}  // namespace

rc::Gen<Application> applications(Wildness wildness, DrawLimits limits) {
  return rc::gen::shrink(rc::gen::noShrink(any_application(wildness, limits)),
                         [](const Application& application) {
                           return rc::seq::fromContainer(Simpler(application).take());
                         });
}

}  // namespace wavetank::support
