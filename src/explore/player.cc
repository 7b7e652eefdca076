#include "explore/player.h"

#include "base/check.h"

namespace wavetank::explore {

Player::Player(Model& model)
    : model_(model),
      pass_(model.interner),
      failure_(model.interner.intern("the server is currently unable to handle the request")) {}

sync::KindCheck Player::check(const World& world, SlotId id) const {
  const Slot& slot = model_.slot(id);
  if (!slot.definition.valid() || world.is_present(slot.definition)) return {};
  return {.discovery = sync::Discovery::NotFound, .message = slot.unknown_kind};
}

sync::LiveObject Player::live_object(const World& world, SlotId id) const {
  const Slot& slot = model_.slot(id);
  const Object object = world.object(id);
  const Look seen = look(model_, world, id);
  return {.facts = object.old ? slot.old_facts : slot.facts,
          .check = check(world, id),
          .modified = object.old,
          .deleting = seen.deleting,
          .has_hook_finalizer = object.hook_finalizer,
          .uid = slot.uid,
          .health = seen.health,
          .health_failed = seen.health_failed,
          .health_message = seen.message};
}

void Player::gather(const World& world) {
  live_.clear();
  live_slots_.clear();
  for (std::size_t i = 0; i < model_.slots.size(); ++i) {
    const auto id = SlotId::from(i);
    if (!world.is_present(id) || id == model_.generated_namespace) continue;
    live_.push_back(live_object(world, id));
    live_slots_.push_back(id);
  }
  for (std::size_t i = 0; i < model_.targets.size(); ++i) {
    const SlotId slot = model_.target_slot[model::kPhases.size() * i + 1];
    if (!slot.valid()) continue;
    sync::Target& target = model_.targets[i];
    if (const SlotId definition = model_.slot(slot).definition; definition.valid()) {
      target.check = check(world, slot);
      target.scope = world.is_present(definition) ? model_.slot(slot).scope : model::Scope::Unknown;
    }
    target.modified = !world.is_present(slot) || world.object(slot).old;
  }
  before_.phase = sync::OperationPhase::Running;
  before_.results.clear();
  known_.clear();
  for (std::size_t i = 0; i < model_.tasks.size(); ++i) {
    const auto id = TaskId::from(i);
    const TaskMemory memory = world.memory(id);
    if (!memory.known) continue;
    const TaskFacts& task = model_.tasks[i];
    before_.results.push_back({.key = task.key,
                               .phase = task.phase,
                               .is_hook = model_.slot(task.slot).is_hook,
                               .status = memory.status,
                               .state = memory.state});
    known_.push_back(id);
  }
}

bool Player::pass(World& world, Weather& weather, Mode mode) {
  ++passes_;
  gather(world);
  const sync::PassInput input{.operation = &model_.operation,
                              .targets = model_.targets,
                              .live = live_,
                              .terminate = mode == Mode::Terminate};
  pass_.start(input, before_);
  for (auto requests = pass_.resume({}); !requests.empty(); requests = pass_.resume(answers_)) {
    answers_.clear();
    for (const sync::Request& request : requests) {
      answers_.push_back(answer(request, world, weather));
    }
  }
  return keep(world);
}

// Puts what the engine remembers into the world.
bool Player::keep(World& world) {
  const sync::SyncState& state = pass_.state();
  bool is_new = world.phase() != state.phase;
  world.set_phase(state.phase);
  for (std::size_t i = 0; i < state.results.size(); ++i) {
    const sync::Result& result = state.results[i];
    if (i < known_.size()) {
      const sync::Result& old = before_.results[i];
      if (old.status == result.status && old.state == result.state) continue;
      world.remember(known_[i], result.status, result.state);
    } else {
      world.remember(model_.task_of(result.key, result.phase), result.status, result.state);
    }
    is_new = true;
  }
  return is_new;
}

SlotId Player::slot_of(const sync::Request& request) const {
  if (request.target.valid()) return model_.slot_of(request.target, request.phase);
  if (request.live.valid()) return live_slots_[request.live.index()];
  WAVETANK_CHECK(model_.generated_namespace.has_value());
  return *model_.generated_namespace;
}

sync::Answer Player::write(const sync::Request& request, SlotId id, World& world,
                           Weather& weather) {
  const Slot& slot = model_.slot(id);
  Object object = world.object(id);
  const bool makes = !object.present();
  const bool upgrades = object.present() && object.old && slot.upgrade.has_value();
  const Course& course = upgrades ? *slot.upgrade : slot.fresh;
  if (request.dry_run) {
    if (course.answer.dry_run_refused) {
      return {.status = sync::AnswerStatus::Error, .message = course.answer.message};
    }
    return {};
  }
  const WriteAnswer& usual = makes || upgrades ? course.answer : slot.again;
  if (usual.is_refused || (makes && !has_needs(model_, world, id, Need::Of::Write))) {
    return {.status = sync::AnswerStatus::Error, .message = usual.message};
  }
  if (weather.fails(Weather::Call::Write, id)) {
    return {.status = sync::AnswerStatus::Error, .message = failure_};
  }
  if (makes || upgrades || usual.restarts) {
    object = {.stage = 1, .upgraded = upgrades};
    object.fate = weather.fate(id);
    // It looks for what it needs only when it starts.
    object.blocked = course.blocked.valid();
  }
  object.hook_finalizer = object.hook_finalizer || request.add_hook_finalizer;
  world.set(id, object);
  weather.changed(world, id);
  return {.message = usual.message};
}

sync::Answer Player::remove(SlotId id, World& world, Weather& weather) {
  Object object = world.object(id);
  if (!object.present()) return {.status = sync::AnswerStatus::NotFound};
  if (weather.fails(Weather::Call::Remove, id)) {
    return {.status = sync::AnswerStatus::Error, .message = failure_};
  }
  if (object.deleting) return {};
  object.deleting = true;
  object.held = object.held || weather.holds(id);
  world.set(id, object);
  const bool is_quick = life_of(model_, object, id).removal == base::Duration::zero();
  if (is_quick && may_go(model_, world, id)) world.set(id, {});
  weather.changed(world, id);
  return {};
}

sync::Answer Player::answer(const sync::Request& request, World& world, Weather& weather) {
  if (request.kind == sync::RequestKind::WaveHook) {
    if (!request.final) weather.sleep(world);
    return {};
  }
  const SlotId id = slot_of(request);
  switch (request.kind) {
    case sync::RequestKind::GetNamespace:
    case sync::RequestKind::Get:
      if (!world.is_present(id)) return {.status = sync::AnswerStatus::NotFound};
      return {.live = live_object(world, id)};
    case sync::RequestKind::Apply:
    case sync::RequestKind::Create:
    case sync::RequestKind::Replace:
    case sync::RequestKind::Update: return write(request, id, world, weather);
    case sync::RequestKind::Prune:
    case sync::RequestKind::Delete: return remove(id, world, weather);
    case sync::RequestKind::Unfinalize: {
      Object object = world.object(id);
      if (!object.present()) return {.status = sync::AnswerStatus::NotFound};
      object.hook_finalizer = false;
      world.set(id, object);
      const Life& life = life_of(model_, object, id);
      const bool has_ended = !life.stages[object.stage - 1U].look.present;
      const bool is_going = object.deleting && life.removal == base::Duration::zero();
      if ((has_ended && !object.held) || (is_going && may_go(model_, world, id))) {
        world.set(id, {});
      }
      weather.changed(world, id);
      return {};
    }
    case sync::RequestKind::WaveHook: break;
  }
  WAVETANK_CHECK(false);
}

}  // namespace wavetank::explore
