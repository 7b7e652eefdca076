#include "lint/match_syntax.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace wavetank::lint {

namespace {

template <class Value>
struct Named {
  std::string_view name;        // as written in a rule
  std::string_view enumerator;  // as written in C++
  Value value;
};

constexpr std::array<Named<Fact>, 27> kFacts{{
    {"kind", "Kind", Fact::Kind},
    {"group", "Group", Fact::Group},
    {"type", "Type", Fact::Type},
    {"name", "Name", Fact::Name},
    {"generate-name", "GenerateName", Fact::GenerateName},
    {"scope", "Scope", Fact::Scope},
    {"hook", "Hook", Fact::Hook},
    {"hook-words", "HookWords", Fact::HookWords},
    {"helm-hook-words", "HelmHookWords", Fact::HelmHookWords},
    {"phases", "Phases", Fact::Phases},
    {"policies", "Policies", Fact::Policies},
    {"wave", "Wave", Fact::Wave},
    {"sync-options", "SyncOptions", Fact::SyncOptions},
    {"awaited", "Awaited", Fact::Awaited},
    {"health-check", "HealthCheck", Fact::HealthCheck},
    {"completes", "Completes", Fact::Completes},
    {"data-bearing", "DataBearing", Fact::DataBearing},
    {"passive", "Passive", Fact::Passive},
    {"app-declared", "AppDeclared", Fact::AppDeclared},
    {"app-automated", "AppAutomated", Fact::AppAutomated},
    {"app-prune", "AppPrune", Fact::AppPrune},
    {"app-self-heal", "AppSelfHeal", Fact::AppSelfHeal},
    {"app-sync-options", "AppSyncOptions", Fact::AppSyncOptions},
    {"argocd", "Argocd", Fact::Argocd},
    {"annotation", "Annotation", Fact::Annotation},
    {"label", "Label", Fact::Label},
    {"field", "Field", Fact::Field},
}};

constexpr std::array<Named<Test>, 9> kTests{{
    {"any", "Any", Test::Any},
    {"all", "All", Test::All},
    {"none", "None", Test::None},
    {"only", "Only", Test::Only},
    {"like", "Like", Test::Like},
    {"present", "Present", Test::Present},
    {"absent", "Absent", Test::Absent},
    {"at-least", "AtLeast", Test::AtLeast},
    {"at-most", "AtMost", Test::AtMost},
}};

constexpr std::array<Named<Place>, 7> kPlaces{{
    {"name", "Name", Place::Name},
    {"kind", "Kind", Place::Kind},
    {"hook", "Hook", Place::Hook},
    {"policy", "Policy", Place::Policy},
    {"wave", "Wave", Place::Wave},
    {"sync-options", "SyncOptions", Place::SyncOptions},
    {"", "Subject", Place::Subject},
}};

constexpr std::array<Named<FixKind>, 5> kFixes{{
    {"", "None", FixKind::None},
    {"add-word", "AddWord", FixKind::AddWord},
    {"remove-word", "RemoveWord", FixKind::RemoveWord},
    {"remove", "Remove", FixKind::Remove},
    {"set", "Set", FixKind::Set},
}};

template <class Value, std::size_t N>
const Named<Value>* by_name(const std::array<Named<Value>, N>& table, std::string_view name) {
  const auto found = std::find_if(table.begin(), table.end(), [&](const Named<Value>& each) {
    return !each.name.empty() && each.name == name;
  });
  return found == table.end() ? nullptr : &*found;
}

template <class Value, std::size_t N>
std::string_view by_value(const std::array<Named<Value>, N>& table, Value value) {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const Named<Value>& each) { return each.value == value; });
  return found == table.end() ? std::string_view{} : found->enumerator;
}

// "spec.template.metadata.annotations[argocd.argoproj.io/hook]" -> its keys.
std::vector<std::string> keys_of(std::string_view path) {
  std::vector<std::string> keys;
  while (!path.empty()) {
    if (path.front() == '[') {
      const auto close = std::min(path.find(']'), path.size());
      keys.emplace_back(path.substr(1, close - 1));
      path.remove_prefix(std::min(close + 1, path.size()));
    } else {
      const auto end = std::min(path.find_first_of(".["), path.size());
      keys.emplace_back(path.substr(0, end));
      path.remove_prefix(end);
    }
    if (path.starts_with('.')) path.remove_prefix(1);
  }
  return keys;
}

class Reader {
 public:
  explicit Reader(std::vector<MatchError>& errors) : errors_(errors) {}

  WrittenMatcher read(const yaml::Value& rule) {
    WrittenMatcher matcher;
    const yaml::Value& match = *rule.find("match");
    if (match.kind != yaml::Value::Kind::Mapping || match.items.empty()) {
      fail(match, "`match` is a mapping of facts to tests");
    }
    for (const auto& [key, tests] : match.entries()) read_tests(key, tests, matcher);
    if (const yaml::Value* at = rule.find("at")) read_place(*at, matcher);
    if (const yaml::Value* fix = rule.find("fix")) read_fix(*fix, matcher.fix);
    return matcher;
  }

 private:
  void fail(const yaml::Value& value, std::string message) {
    errors_.push_back({.line = value.line, .message = std::move(message)});
  }

  std::optional<WrittenSubject> subject(const yaml::Value& value) {
    const std::string_view text = value.text;
    const auto blank = std::min(text.find(' '), text.size());
    const std::string_view rest = text.substr(std::min(blank + 1, text.size()));
    const auto* fact = by_name(kFacts, text.substr(0, blank));
    if (fact == nullptr) {
      fail(value, fmt::format("there is no fact `{}`", text.substr(0, blank)));
      return std::nullopt;
    }
    WrittenSubject result{.fact = fact->value};
    const bool is_keyed = fact->value == Fact::Annotation || fact->value == Fact::Label;
    const bool is_field = fact->value == Fact::Field;
    if ((is_keyed || is_field) == rest.empty()) {
      fail(value,
           fmt::format("`{}` {}", fact->name, rest.empty() ? "needs a key" : "takes no key"));
      return std::nullopt;
    }
    if (is_keyed) result.path.emplace_back(rest);
    if (is_field) result.path = keys_of(rest);
    return result;
  }

  static std::vector<std::string> words(const yaml::Value& value) {
    if (value.kind == yaml::Value::Kind::Scalar) return {value.text};
    std::vector<std::string> result;
    for (const yaml::Value& item : value.items) result.push_back(item.text);
    return result;
  }

  void read_tests(const yaml::Value& key, const yaml::Value& tests, WrittenMatcher& matcher) {
    const auto about = subject(key);
    if (!about) return;
    const auto add = [&](Test test, std::vector<std::string> values) {
      matcher.conditions.push_back({.subject = *about, .test = test, .values = std::move(values)});
    };
    if (tests.kind == yaml::Value::Kind::Scalar && tests.text == "present") {
      return add(Test::Present, {});
    }
    if (tests.kind == yaml::Value::Kind::Scalar && tests.text == "absent") {
      return add(Test::Absent, {});
    }
    if (tests.kind != yaml::Value::Kind::Mapping) return add(Test::Any, words(tests));
    for (const auto& [name, values] : tests.entries()) {
      const auto* test = by_name(kTests, name.text);
      if (test == nullptr) {
        fail(name, fmt::format("there is no test `{}`", name.text));
        continue;
      }
      add(test->value, words(values));
    }
  }

  void read_place(const yaml::Value& at, WrittenMatcher& matcher) {
    std::string_view text = at.text;
    if (text.starts_with("option ")) {
      matcher.place = Place::SyncOptions;
      matcher.word = text.substr(7);
      return;
    }
    if (const auto* place = by_name(kPlaces, text)) {
      matcher.place = place->value;
      return;
    }
    const auto about = subject(at);
    if (!about) return;
    if (about->fact != Fact::Annotation && about->fact != Fact::Label &&
        about->fact != Fact::Field) {
      return fail(at, fmt::format("`{}` is no place", text));
    }
    matcher.place = Place::Subject;
    matcher.at = *about;
  }

  void read_fix(const yaml::Value& value, WrittenFix& fix) {
    for (const auto& [key, field] : value.entries()) {
      if (key.text == "title") {
        fix.title = field.text;
      } else if (key.text == "safety") {
        if (field.text != "safe" && field.text != "unsafe") {
          fail(field, "`safety` is safe or unsafe");
        }
        fix.is_safe = field.text == "safe";
      } else if (key.text == "annotation") {
        fix.key = field.text;
      } else if (const auto* kind = by_name(kFixes, key.text)) {
        fix.kind = kind->value;
        fix.text = field.text;
      } else {
        fail(key, fmt::format("unknown field `{}` of `fix`", key.text));
      }
    }
    if (fix.kind == FixKind::None || fix.title.empty() || fix.key.empty()) {
      fail(value,
           "`fix` needs a title, an annotation, and one of add-word, remove-word, remove, set");
    }
  }

  std::vector<MatchError>& errors_;
};

}  // namespace

WrittenMatcher read_matcher(const yaml::Value& rule, std::vector<MatchError>& errors) {
  return Reader(errors).read(rule);
}

bool is_rule_field(std::string_view name) {
  constexpr std::array<std::string_view, 22> kFields{
      "code",           "slug",       "summary",  "since",   "status", "severity",
      "confidence",     "scope",      "what",     "why",     "match",  "at",
      "when_to_ignore", "references", "check",    "fix",     "label",  "message",
      "consequence",    "help",       "examples", "scenario"};
  return name == "variants" || std::find(kFields.begin(), kFields.end(), name) != kFields.end();
}

std::string_view enumerator_of(Fact fact) { return by_value(kFacts, fact); }
std::string_view enumerator_of(Test test) { return by_value(kTests, test); }
std::string_view enumerator_of(Place place) { return by_value(kPlaces, place); }
std::string_view enumerator_of(FixKind kind) { return by_value(kFixes, kind); }

}  // namespace wavetank::lint
