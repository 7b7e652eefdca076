#include "support/engine/played.h"

#include <fmt/format.h>

namespace wavetank::support {

using sync::RequestKind;

PlayedPass play_pass(SmallWorld& world, const sync::SyncState& before, int number,
                     base::Interner& interner) {
  PlayedPass pass{.calls = {}, .before = before, .after = {}, .reasons = {}};
  const auto& input = world.look(number);
  Played played = play_engine(input, before, interner, [&](const sync::Request& request) {
    pass.calls.push_back({request, world.answer(request)});
    return pass.calls.back().answer;
  });
  pass.after = std::move(played.state);
  pass.reasons = std::move(played.reasons);
  return pass;
}

std::vector<PlayedSync> play(const Application& application, FactsCache& cache) {
  SmallWorld world(application, cache);
  std::vector<PlayedSync> syncs;
  for (std::size_t number = 0; number < application.syncs.size(); ++number) {
    world.begin_sync(number);
    PlayedSync& sync = syncs.emplace_back();
    const SyncScript& script = application.syncs[number];
    const int last_event =
        std::max(script.terminate_at.value_or(-1), script.confirmed_from.value_or(-1));
    for (int i = 0; i < kPassesMax; ++i) {
      const sync::SyncState before = sync.passes.empty() ? sync::SyncState{} : sync.end();
      sync.passes.push_back(play_pass(world, before, i, cache.interner()));
      const bool stands_still = world.is_idle() && sync.passes.back().calls.empty();
      world.step();
      if (sync.end().completed() || (stands_still && i > last_event)) break;
    }
  }
  return syncs;
}

bool is_write(const sync::Request& request) {
  switch (request.kind) {
    case RequestKind::Apply:
    case RequestKind::Create:
    case RequestKind::Replace:
    case RequestKind::Update: return !request.dry_run;
    case RequestKind::GetNamespace:
    case RequestKind::Get:
    case RequestKind::Prune:
    case RequestKind::Delete:
    case RequestKind::Unfinalize:
    case RequestKind::WaveHook: return false;
  }
  return false;
}

bool changes_something(const sync::Request& request) {
  return is_write(request) || request.kind == RequestKind::Prune ||
         request.kind == RequestKind::Delete || request.kind == RequestKind::Unfinalize;
}

std::string line_of(const sync::Request& request, const base::Interner& interner) {
  sync::Request same = request;
  same.target = {};
  same.live = {};
  if (same.kind == RequestKind::WaveHook) same.is_hook = false;  // it is about a group
  return to_text(same, interner);
}

std::string lines_of(const PlayedPass& pass, const base::Interner& interner) {
  std::string text;
  for (const MadeCall& call : pass.calls) {
    text += fmt::format("  {} -> {}\n", line_of(call.request, interner),
                        to_text(call.answer, interner));
  }
  return text + to_text(pass.after, interner);
}

std::string lines_of(const std::vector<PlayedSync>& syncs, const base::Interner& interner) {
  std::string text;
  for (const PlayedSync& sync : syncs) {
    text += "sync\n";
    for (const PlayedPass& pass : sync.passes) text += lines_of(pass, interner);
  }
  return text;
}

}  // namespace wavetank::support
