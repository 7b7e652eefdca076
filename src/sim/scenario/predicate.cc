#include "sim/scenario/predicate.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/check.h"
#include "base/text_distance.h"
#include "health/object_view.h"
#include "sim/world.h"

namespace wavetank::sim {

using nlohmann::json;

namespace {

enum class Subject : std::uint8_t {
  None,
  Object,
  Application,
  ObjectOrApplication,
  Selection,
  Path
};

// What can be asked, and about what.
struct Function {
  std::string_view name;
  Subject subject = Subject::None;
  bool is_number = false;
  bool is_statement = false;  // stands for itself, without a comparison
};
constexpr std::array kFunctions{
    Function{"health", Subject::ObjectOrApplication},
    Function{"sync", Subject::Application},
    Function{"op", Subject::Application},
    Function{"phase", Subject::Application},
    Function{"revision", Subject::Application},
    Function{"message", Subject::Application},
    Function{"hook", Subject::Object},
    Function{"live", Subject::Path},
    Function{"retries", Subject::Application, true},
    Function{"syncs", Subject::Application, true},
    Function{"ready", Subject::Object, true},
    Function{"count", Subject::Selection, true},
    Function{"writes", Subject::Object, true},
    Function{"exists", Subject::Object, false, true},
    Function{"deleting", Subject::Object, false, true},
    Function{"faulted", Subject::None, false, true},
    Function{"quiescent", Subject::None, false, true},
};

constexpr std::array<std::string_view, 7> kComparisons{"==", "!=", ">=", "<=", ">", "<", "in"};

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n'; }

// Every object that a reference names.
std::vector<const cluster::StoredObject*> objects_of(World& world, const ObjectRef& ref) {
  std::vector<const cluster::StoredObject*> found;
  for (const cluster::StoredObject* object : world.cluster().objects()) {
    if (ref.matches(model::resolve(object->key, world.interner()))) found.push_back(object);
  }
  return found;
}

std::string word_of(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.is_null() ? "absent" : value.dump();
}

}  // namespace

bool ObjectRef::matches(const model::ObjectKey& key) const {
  if (!base::same_letters(kind, key.kind)) return false;
  if (!name_space.empty() && name_space != key.name_space) return false;
  if (!name.ends_with('*')) return name == key.name;
  return key.name.starts_with(std::string_view(name).substr(0, name.size() - 1));
}

std::string ObjectRef::text() const {
  return name_space.empty() ? kind + "/" + name : kind + "/" + name_space + "/" + name;
}

std::optional<ObjectRef> parse_object_ref(std::string_view text) {
  const auto first = text.find('/');
  const auto last = text.rfind('/');
  if (first == std::string_view::npos || first == 0 || last + 1 == text.size()) {
    return std::nullopt;
  }
  if (std::any_of(text.begin(), text.end(), is_blank)) return std::nullopt;
  ObjectRef ref{.kind = std::string(text.substr(0, first)),
                .name = std::string(text.substr(last + 1))};
  if (last > first) ref.name_space = text.substr(first + 1, last - first - 1);
  if (ref.name_space.find('/') != std::string::npos) return std::nullopt;
  return ref;
}

struct Predicate::Node {
  enum class Kind : std::uint8_t { And, Or, Not, Atom } kind = Kind::Atom;
  std::vector<std::shared_ptr<const Node>> children;
  // Of an atom.
  const Function* function = nullptr;
  ObjectRef object;
  std::string application;
  std::string path;                                            // of live()
  std::vector<std::pair<std::string, std::string>> selection;  // of count()
  base::Duration window{};                                     // of writes(); zero: ever
  std::string comparison;
  std::vector<std::string> values;
  std::string text;

  [[nodiscard]] std::string value(const Outlook& outlook) const;
  [[nodiscard]] bool holds(const Outlook& outlook) const;
};

namespace {

using Node = Predicate::Node;

std::string phase_word(const Outlook& outlook, const std::string& application) {
  for (auto event = outlook.world.recorder().trace().rbegin();
       event != outlook.world.recorder().trace().rend(); ++event) {
    if (event->application != application) continue;
    if (event->kind == EventKind::SyncEnded) return "none";
    if (event->kind == EventKind::PhaseStarted) return std::string(model::name(event->phase));
  }
  return "none";
}

std::size_t sync_count(const Outlook& outlook, const std::string& application) {
  const Trace& trace = outlook.world.recorder().trace();
  return static_cast<std::size_t>(
      std::count_if(trace.begin(), trace.end(), [&](const Event& event) {
        return event.kind == EventKind::SyncStarted && event.application == application;
      }));
}

std::string application_value(const Node& node, const Outlook& outlook) {
  const application::ApplicationState* state = outlook.world.controller().find(node.application);
  if (state == nullptr) return "absent";
  const std::string_view name = node.function->name;
  if (name == "health") return state->status.health.empty() ? "Unknown" : state->status.health;
  if (name == "sync") {
    const auto word = application::name(state->status.sync);
    return word.empty() ? "Unknown" : std::string(word);
  }
  if (name == "revision") return state->revision;
  if (name == "phase") return phase_word(outlook, node.application);
  if (name == "syncs") return std::to_string(sync_count(outlook, node.application));
  if (!state->operation_state) {
    if (name == "retries") return "0";
    return state->operation && name == "op" ? "Running" : "none";
  }
  if (name == "op") return std::string(application::name(state->operation_state->phase));
  if (name == "message") return state->operation_state->message;
  return std::to_string(state->operation_state->retry_count);
}

// The result of a hook in the last operation of the application that has it.
std::string hook_value(const Node& node, const Outlook& outlook) {
  for (const application::ApplicationState* state : outlook.world.controller().applications()) {
    for (const sync::Result& result : state->engine.results) {
      if (!node.object.matches(model::resolve(result.key, outlook.world.interner()))) continue;
      return std::string(sync::name(result.state));
    }
  }
  return "absent";
}

std::int64_t ready_replicas(const json& object) {
  if (health::text(object, "/kind") == "Pod") {
    const json& conditions = health::list(object, "/status/conditions");
    return std::count_if(conditions.begin(), conditions.end(), [](const json& condition) {
      return health::text(condition, "/type") == "Ready" &&
             health::text(condition, "/status") == "True";
    });
  }
  const char* field = health::text(object, "/kind") == "DaemonSet" ? "/status/numberReady"
                                                                   : "/status/readyReplicas";
  return health::number(object, field);
}

std::int64_t count_value(const Node& node, const Outlook& outlook) {
  std::int64_t count = 0;
  for (const cluster::StoredObject* object : outlook.world.cluster().objects()) {
    const auto fits = [&](const std::pair<std::string, std::string>& wanted) {
      const auto& [key, value] = wanted;
      if (key == "kind") return base::same_letters(health::text(object->content, "/kind"), value);
      if (key == "namespace") return health::text(object->content, "/metadata/namespace") == value;
      if (key == "name") {
        return ObjectRef{.kind = health::text(object->content, "/kind"), .name = value}.matches(
            model::resolve(object->key, outlook.world.interner()));
      }
      if (key == "phase") return health::text(object->content, "/status/phase") == value;
      return health::at(object->content, "/metadata/labels").value(key, "") == value;
    };
    if (std::all_of(node.selection.begin(), node.selection.end(), fits)) ++count;
  }
  return count;
}

std::int64_t write_count(const Node& node, const Outlook& outlook) {
  const base::Instant since = node.window == base::Duration::zero()
                                  ? base::Instant::min()
                                  : outlook.world.now() - node.window;
  const Trace& trace = outlook.world.recorder().trace();
  return std::count_if(trace.begin(), trace.end(), [&](const Event& event) {
    return event.kind == EventKind::Applied && event.at >= since &&
           node.object.matches(event.object);
  });
}

// What stands at a path such as ".spec.replicas"; an item of a list goes by its number, from 0.
const json& value_at(const json& object, std::string_view path) {
  static const json kAbsent;
  const json* value = &object;
  while (path.starts_with('.')) {
    path.remove_prefix(1);
    const std::string step(path.substr(0, path.find('.')));
    path.remove_prefix(step.size());
    if (value->is_object() && value->contains(step)) {
      value = &value->at(step);
      continue;
    }
    const bool is_number = !step.empty() && step.size() < 6 &&
                           step.find_first_not_of("0123456789") == std::string::npos;
    if (!value->is_array() || !is_number || std::stoul(step) >= value->size()) return kAbsent;
    value = &value->at(std::stoul(step));
  }
  return *value;
}

}  // namespace

std::string Predicate::Node::value(const Outlook& outlook) const {
  if (!application.empty()) return application_value(*this, outlook);
  const std::string_view name = function->name;
  if (name == "count") return std::to_string(count_value(*this, outlook));
  if (name == "writes") return std::to_string(write_count(*this, outlook));
  if (name == "hook") return hook_value(*this, outlook);
  const auto found = objects_of(outlook.world, object);
  if (found.empty()) return function->is_number ? "0" : "absent";
  if (name == "ready") {
    std::int64_t sum = 0;
    for (const cluster::StoredObject* each : found) sum += ready_replicas(each->content);
    return std::to_string(sum);
  }
  if (name == "live") return word_of(value_at(found.front()->content, path));
  const auto health = health::assess(found.front()->content);
  return health ? std::string(health::name(health->status)) : "none";
}

bool Predicate::Node::holds(const Outlook& outlook) const {
  switch (kind) {
    case Kind::And:
      return std::all_of(children.begin(), children.end(),
                         [&](const auto& child) { return child->holds(outlook); });
    case Kind::Or:
      return std::any_of(children.begin(), children.end(),
                         [&](const auto& child) { return child->holds(outlook); });
    case Kind::Not: return !children.front()->holds(outlook);
    case Kind::Atom: break;
  }
  const std::string_view name = function->name;
  if (name == "faulted") return outlook.has_struck;
  if (name == "quiescent") return outlook.is_at_rest;
  if (name == "exists") return !objects_of(outlook.world, object).empty();
  if (name == "deleting") {
    const auto found = objects_of(outlook.world, object);
    return std::any_of(found.begin(), found.end(), [](const auto* each) { return each->deleting; });
  }
  const std::string is = value(outlook);
  if (comparison == "in") return std::find(values.begin(), values.end(), is) != values.end();
  if (comparison == "==") return is == values.front();
  if (comparison == "!=") return is != values.front();
  const auto number = [](const std::string& word) {
    return std::strtoll(word.c_str(), nullptr, 10);
  };
  const std::int64_t left = number(is);
  const std::int64_t right = number(values.front());
  if (comparison == ">=") return left >= right;
  if (comparison == "<=") return left <= right;
  if (comparison == ">") return left > right;
  return left < right;
}

Predicate::Predicate(std::shared_ptr<const Node> root, std::string text)
    : root_(std::move(root)), text_(std::move(text)) {}

bool Predicate::holds(const Outlook& outlook) const { return root_->holds(outlook); }

namespace {

template <class Visit>
void visit_atoms(const Node& node, const Visit& visit) {
  if (node.kind == Node::Kind::Atom) visit(node);
  for (const auto& child : node.children) visit_atoms(*child, visit);
}

}  // namespace

std::string Predicate::findings(const Outlook& outlook) const {
  std::vector<std::string> all;
  visit_atoms(*root_, [&](const Node& node) {
    if (node.function->is_statement) {
      all.push_back(fmt::format("{} is {}", node.text, node.holds(outlook) ? "true" : "false"));
    } else {
      all.push_back(fmt::format("{} is {}", node.text, node.value(outlook)));
    }
  });
  return fmt::format("{}", fmt::join(all, ", "));
}

std::vector<ObjectRef> Predicate::objects() const {
  std::vector<ObjectRef> all;
  visit_atoms(*root_, [&](const Node& node) {
    if (!node.object.kind.empty()) all.push_back(node.object);
  });
  return all;
}

std::vector<std::string> Predicate::applications() const {
  std::vector<std::string> all;
  visit_atoms(*root_, [&](const Node& node) {
    if (!node.application.empty()) all.push_back(node.application);
  });
  return all;
}

namespace {

// Recursive descent: or, and, not, atom.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  tl::expected<Predicate, SyntaxError> parse() {
    auto root = parse_or(0);
    if (root && !at_end()) root = fail("`and`, `or` or the end is expected here");
    if (!root) return tl::unexpected(*error_);
    return Predicate(root, std::string(text_));
  }

 private:
  using Tree = std::shared_ptr<const Node>;
  static constexpr int kDeepest = 32;

  Tree fail(std::string message) {
    if (!error_) error_ = SyntaxError{.message = std::move(message), .offset = position_};
    return nullptr;
  }
  void skip_blanks() {
    while (position_ < text_.size() && is_blank(text_[position_])) ++position_;
  }
  bool at_end() {
    skip_blanks();
    return position_ == text_.size();
  }
  // A run of characters that are no blanks, parentheses or `|`.
  std::string_view word() {
    skip_blanks();
    std::size_t end = position_;
    while (end < text_.size() && !is_blank(text_[end]) && text_[end] != '(' && text_[end] != ')' &&
           text_[end] != '|') {
      ++end;
    }
    return text_.substr(position_, end - position_);
  }
  bool take(std::string_view token) {
    skip_blanks();
    const bool is_there = token == "(" || token == ")" || token == "|"
                              ? text_.substr(position_).starts_with(token)
                              : word() == token;
    if (is_there) position_ += token.size();
    return is_there;
  }

  Tree parse_joined(int depth, std::string_view joint, Node::Kind kind) {
    const auto next = [&] { return kind == Node::Kind::Or ? parse_and(depth) : parse_not(depth); };
    Tree first = next();
    if (first == nullptr) return first;
    Node node{.kind = kind, .children = {first}};
    while (take(joint)) {
      Tree other = next();
      if (other == nullptr) return other;
      node.children.push_back(std::move(other));
    }
    if (node.children.size() == 1) return first;
    return std::make_shared<const Node>(std::move(node));
  }
  Tree parse_or(int depth) { return parse_joined(depth, "or", Node::Kind::Or); }
  Tree parse_and(int depth) { return parse_joined(depth, "and", Node::Kind::And); }
  Tree parse_not(int depth) {
    if (depth > kDeepest) return fail("nested too deeply");
    if (take("not")) {
      Tree child = parse_not(depth + 1);
      if (child == nullptr) return child;
      return std::make_shared<const Node>(Node{.kind = Node::Kind::Not, .children = {child}});
    }
    if (take("(")) {
      Tree inner = parse_or(depth + 1);
      if (inner != nullptr && !take(")")) return fail("`)` is missing");
      return inner;
    }
    return parse_atom();
  }

  Tree parse_atom() {
    skip_blanks();
    const std::size_t begin = position_;
    const std::string_view name = word();
    const auto* const function =
        std::find_if(kFunctions.begin(), kFunctions.end(),
                     [&](const Function& each) { return each.name == name; });
    if (function == kFunctions.end()) {
      std::vector<std::string_view> names;
      for (const Function& each : kFunctions) names.push_back(each.name);
      if (name.empty()) return fail("a condition is expected here");
      const std::string_view near = base::nearest(name, names);
      return fail(fmt::format("`{}` is no condition{}", name,
                              near.empty() ? "" : fmt::format("; did you mean `{}`?", near)));
    }
    position_ += name.size();
    Node node{.function = function};
    if (function->subject != Subject::None && !parse_argument(node)) return nullptr;
    node.text = text_.substr(begin, position_ - begin);
    if (!function->is_statement && !parse_comparison(node)) return nullptr;
    return std::make_shared<const Node>(std::move(node));
  }

  bool parse_argument(Node& node) {
    if (!take("("))
      return fail(fmt::format("`(` is expected after `{}`", node.function->name)) != nullptr;
    skip_blanks();
    const std::size_t begin = position_;
    const auto close = text_.find(')', position_);
    if (close == std::string_view::npos) return fail("`)` is missing") != nullptr;
    std::vector<std::string> words;
    while (position_ < close) {
      const std::string_view next = word();
      if (next.empty()) break;
      words.emplace_back(next);
      position_ += next.size();
      skip_blanks();
    }
    const auto refuse = [&](std::string message) {
      position_ = begin;
      return fail(std::move(message)) != nullptr;
    };
    if (words.empty()) return refuse(fmt::format("`{}` of what?", node.function->name));
    if (!take(")")) return fail("`)` is missing") != nullptr;
    return understand(node, words, refuse);
  }

  template <class Refuse>
  bool understand(Node& node, const std::vector<std::string>& words, const Refuse& refuse) {
    if (node.function->subject == Subject::Selection) {
      for (const std::string& word : words) {
        const auto equals = word.find('=');
        if (equals == std::string::npos) {
          return refuse(fmt::format("`{}` is not of the form kind=Pod", word));
        }
        node.selection.emplace_back(word.substr(0, equals), word.substr(equals + 1));
      }
      return true;
    }
    const auto object = parse_object_ref(words.front());
    const bool may_be_application = node.function->subject == Subject::Application ||
                                    node.function->subject == Subject::ObjectOrApplication;
    if (object && node.function->subject != Subject::Application) {
      node.object = *object;
    } else if (may_be_application && words.front().find('/') == std::string::npos) {
      node.application = words.front();
    } else {
      return refuse(fmt::format("`{}` is no {}", words.front(),
                                may_be_application ? "application" : "object such as Job/migrate"));
    }
    if (node.function->subject == Subject::Path) {
      if (words.size() != 2 || !words[1].starts_with('.')) {
        return refuse("a path such as .spec.replicas is expected after the object");
      }
      node.path = words[1];
      return true;
    }
    if (words.size() == 1) return true;
    const bool is_window = node.function->name == "writes" && words[1].starts_with("last=");
    const auto window =
        is_window ? base::parse_duration(std::string_view(words[1]).substr(5)) : std::nullopt;
    if (!window) return refuse(fmt::format("`{}` is not understood", words[1]));
    node.window = *window;
    return true;
  }

  bool parse_comparison(Node& node) {
    const std::string_view symbol = word();
    if (std::find(kComparisons.begin(), kComparisons.end(), symbol) == kComparisons.end()) {
      return fail(fmt::format("a comparison such as `==` is expected after `{}`", node.text)) !=
             nullptr;
    }
    position_ += symbol.size();
    node.comparison = symbol;
    const bool orders = symbol != "==" && symbol != "!=" && symbol != "in";
    if (orders && !node.function->is_number) {
      return fail(fmt::format("`{}` is no number", node.text)) != nullptr;
    }
    const bool is_list = symbol == "in";
    if (is_list && !take("(")) return fail("`(A | B)` is expected after `in`") != nullptr;
    do {
      const std::string_view value = word();
      if (value.empty()) return fail("a value is expected here") != nullptr;
      const bool is_number = value.find_first_not_of("0123456789") == std::string_view::npos;
      if (node.function->is_number && !is_number) {
        return fail(fmt::format("`{}` is no number", value)) != nullptr;
      }
      position_ += value.size();
      node.values.emplace_back(value);
    } while (is_list && take("|"));
    if (is_list && !take(")")) return fail("`)` is missing") != nullptr;
    return true;
  }

  std::string_view text_;
  std::size_t position_ = 0;
  std::optional<SyntaxError> error_;
};

}  // namespace

tl::expected<Predicate, SyntaxError> parse_predicate(std::string_view text) {
  return Parser(text).parse();
}

namespace {

struct EventName {
  std::string_view name;
  EventPattern::Kind kind = EventPattern::Kind::Applied;
  bool is_about_application = false;
};
constexpr std::array kEventNames{
    EventName{"applied", EventPattern::Kind::Applied},
    EventName{"healthy", EventPattern::Kind::Healthy},
    EventName{"failed", EventPattern::Kind::Failed},
    EventName{"deleted", EventPattern::Kind::Deleted},
    EventName{"pruned", EventPattern::Kind::Pruned},
    EventName{"hookCompleted", EventPattern::Kind::HookCompleted},
    EventName{"waveStarted", EventPattern::Kind::WaveStarted, true},
    EventName{"phaseStarted", EventPattern::Kind::PhaseStarted, true},
    EventName{"opStarted", EventPattern::Kind::OpStarted, true},
    EventName{"opEnded", EventPattern::Kind::OpEnded, true},
};

}  // namespace

tl::expected<EventPattern, SyntaxError> parse_event(std::string_view text) {
  const auto open = text.find('(');
  const std::string_view name = text.substr(0, open);
  const auto* const found = std::find_if(kEventNames.begin(), kEventNames.end(),
                                         [&](const EventName& each) { return each.name == name; });
  if (found == kEventNames.end()) {
    std::vector<std::string_view> names;
    for (const EventName& each : kEventNames) names.push_back(each.name);
    const std::string_view near = base::nearest(name, names);
    return tl::unexpected(SyntaxError{
        .message = fmt::format("`{}` is no event{}", name,
                               near.empty() ? fmt::format(", such as {}", fmt::join(names, ", "))
                                            : fmt::format("; did you mean `{}`?", near))});
  }
  if (open == std::string_view::npos || !text.ends_with(')')) {
    return tl::unexpected(
        SyntaxError{.message = fmt::format("`{}` of what?", name), .offset = name.size()});
  }
  EventPattern pattern{.kind = found->kind, .text = std::string(text)};
  const std::string_view inside = text.substr(open + 1, text.size() - open - 2);
  const auto space = std::min(inside.find(' '), inside.size());
  const std::string_view subject = inside.substr(0, space);
  pattern.detail = inside.substr(std::min(space + 1, inside.size()));
  if (found->is_about_application) {
    pattern.application = subject;
    const bool needs_detail = found->kind == EventPattern::Kind::WaveStarted ||
                              found->kind == EventPattern::Kind::PhaseStarted;
    if (needs_detail == pattern.detail.empty()) {
      return tl::unexpected(SyntaxError{
          .message = needs_detail ? fmt::format("`{}` needs an application and which", name)
                                  : fmt::format("`{}` takes an application only", name),
          .offset = open + 1});
    }
    return pattern;
  }
  const auto object = parse_object_ref(subject);
  if (!object || !pattern.detail.empty()) {
    return tl::unexpected(
        SyntaxError{.message = fmt::format("`{}` is no object such as Job/migrate", inside),
                    .offset = open + 1});
  }
  pattern.object = *object;
  return pattern;
}

bool EventPattern::matches(const Event& event) const {
  const auto is_about = [&](EventKind wanted) {
    return event.kind == wanted && object.matches(event.object);
  };
  const bool is_ours = event.application == application;
  switch (kind) {
    case Kind::Applied: return is_about(EventKind::Applied);
    case Kind::Healthy:
      return is_about(EventKind::ResourceHealthy) || is_about(EventKind::HookSucceeded);
    case Kind::Failed:
      return is_about(EventKind::ResourceDegraded) || is_about(EventKind::HookFailed) ||
             is_about(EventKind::WriteFailed) || is_about(EventKind::DryRunFailed);
    case Kind::Deleted: return is_about(EventKind::Removed);
    case Kind::Pruned: return is_about(EventKind::Pruned);
    case Kind::HookCompleted:
      return is_about(EventKind::HookSucceeded) || is_about(EventKind::HookFailed);
    case Kind::WaveStarted:
      return event.kind == EventKind::PhaseStarted && is_ours &&
             std::to_string(event.wave) == detail;
    case Kind::PhaseStarted:
      return event.kind == EventKind::PhaseStarted && is_ours && model::name(event.phase) == detail;
    case Kind::OpStarted: return event.kind == EventKind::SyncStarted && is_ours;
    case Kind::OpEnded: return event.kind == EventKind::SyncEnded && is_ours;
  }
  WAVETANK_CHECK(false);
}

}  // namespace wavetank::sim
