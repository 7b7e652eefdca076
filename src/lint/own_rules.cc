#include "lint/own_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "lint/match_syntax.h"

namespace wavetank::lint {

namespace {

// The holes that a matcher fills in; see match().
constexpr std::array<std::string_view, 7> kHoles{"object",   "kind", "name", "phases",
                                                 "policies", "wave", "value"};

// The first hole of a text that nothing fills in; empty when all are known.
std::string_view unknown_hole(std::string_view text) {
  while (true) {
    const auto open = text.find('{');
    if (open == std::string_view::npos) return {};
    const auto close = text.find('}', open);
    if (close == std::string_view::npos) return text.substr(open);
    const std::string_view hole = text.substr(open + 1, close - open - 1);
    if (std::find(kHoles.begin(), kHoles.end(), hole) == kHoles.end()) {
      return text.substr(open, close - open + 1);
    }
    text.remove_prefix(close + 1);
  }
}

bool is_own_code(std::string_view code) {
  return code.size() == 4 && code.front() == 'X' &&
         std::all_of(code.begin() + 1, code.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_slug(std::string_view slug) {
  return !slug.empty() && std::all_of(slug.begin(), slug.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

}  // namespace

class OwnRules::Reader {
 public:
  Reader(OwnRules& rules, std::string_view path, std::vector<OwnRuleError>& errors)
      : rules_(rules), path_(path), errors_(errors) {}

  void read(std::string_view text) {
    const auto value = yaml::read_value(text);
    if (!value) return fail(value.error().line, value.error().message);
    const std::size_t before = errors_.size();
    check_fields(*value);
    Rule rule{.code = kept(value->string("code")),
              .slug = kept(value->string("slug")),
              .family = "own",
              .summary = kept(value->string("summary")),
              .severity = severity_of(*value),
              .confidence = kept_or(*value, "confidence", "high"),
              .scope = kept_or(*value, "scope", "document"),
              .since = kept(value->string("since")),
              .status = kept_or(*value, "status", "stable"),
              .what = kept(value->string("what")),
              .why = kept(value->string("why")),
              .when_to_ignore = kept(value->string("when_to_ignore")),
              .scenario = kept(value->string("scenario"))};
    rule.references = list_of(value->find("references"));
    rule.words = words_of(*value);
    rule.examples = examples_of(*value);
    if (value->find("match") != nullptr) rule.matcher = matcher_of(*value);
    if (errors_.size() == before) rules_.rules_.push_back(rule);
  }

 private:
  void fail(std::uint32_t line, std::string message) {
    errors_.push_back({.path = std::string(path_),
                       .line = std::max<std::uint32_t>(line, 1),
                       .message = std::move(message)});
  }

  void check_fields(const yaml::Value& value) {
    for (const auto& [key, field] : value.entries()) {
      if (key.text == "check") {
        fail(key.line, "only a `match` is possible here, not a `check`");
      } else if (!is_rule_field(key.text)) {
        fail(key.line, fmt::format("unknown field `{}`", key.text));
      }
    }
    for (const char* field : {"code", "slug", "summary", "severity", "match", "message"}) {
      if (value.find(field) == nullptr) fail(1, fmt::format("the field `{}` is missing", field));
    }
    const std::string_view code = value.string("code");
    if (!is_own_code(code)) {
      fail(1, fmt::format("the code `{}` is not X and three digits, such as X001", code));
    }
    if (!is_slug(value.string("slug"))) fail(1, "the slug is made of a-z, 0-9 and hyphens");
    const auto& known = rules_.rules_;
    if (std::any_of(known.begin(), known.end(),
                    [&](const Rule& rule) { return rule.code == code; })) {
      fail(1, fmt::format("the code {} is used twice", code));
    }
    for (const char* field : {"message", "label", "consequence", "help"}) {
      const std::string_view hole = unknown_hole(value.string(field));
      if (!hole.empty()) fail(value.find(field)->line, fmt::format("nothing fills in `{}`", hole));
    }
  }

  source::Severity severity_of(const yaml::Value& value) {
    const std::string_view severity = value.string("severity");
    if (severity == "error") return source::Severity::Error;
    if (severity == "warning") return source::Severity::Warning;
    if (severity != "info") fail(1, "severity is error, warning or info");
    return source::Severity::Info;
  }

  std::string_view kept(std::string_view text) { return rules_.texts_.emplace_back(text); }

  std::string_view kept_or(const yaml::Value& value, std::string_view field,
                           std::string_view otherwise) {
    return value.find(field) == nullptr ? otherwise : kept(value.string(field));
  }

  std::span<const std::string_view> list_of(const std::vector<std::string>& texts) {
    auto& list = rules_.lists_.emplace_back();
    for (const std::string& text : texts) list.push_back(kept(text));
    return list;
  }

  std::span<const std::string_view> list_of(const yaml::Value* value) {
    std::vector<std::string> texts;
    if (value != nullptr) {
      for (const yaml::Value& item : value->items) texts.push_back(item.text);
    }
    return list_of(texts);
  }

  std::span<const Words> words_of(const yaml::Value& value) {
    auto& words = rules_.words_.emplace_back();
    words.push_back({.variant = "",
                     .message = kept(value.string("message")),
                     .label = kept(value.string("label")),
                     .consequence = kept(value.string("consequence")),
                     .help = kept(value.string("help"))});
    return words;
  }

  std::span<const ExampleFile> files_of(const yaml::Value* value) {
    auto& files = rules_.files_.emplace_back();
    if (value == nullptr) return files;
    for (const auto& [path, text] : value->entries()) {
      files.push_back({.path = kept(path.text), .text = kept(text.text)});
    }
    return files;
  }

  std::span<const Example> examples_of(const yaml::Value& value) {
    auto& examples = rules_.examples_.emplace_back();
    const yaml::Value* list = value.find("examples");
    if (list == nullptr) return examples;
    for (const yaml::Value& item : list->items) {
      const bool is_bad = item.find("bad") != nullptr;
      if (!is_bad && item.find("good") == nullptr) fail(item.line, "an example is bad or good");
      if (item.find("files") == nullptr) fail(item.line, "an example needs files");
      examples.push_back({.title = kept(item.string(is_bad ? "bad" : "good")),
                          .is_bad = is_bad,
                          .files = files_of(item.find("files")),
                          .before = files_of(item.find("before")),
                          .fixed = files_of(item.find("fixed")),
                          .argocd = kept(item.string("argocd")),
                          .assume = kept(item.string("assume")),
                          .simulate = kept(item.string("simulate"))});
    }
    return examples;
  }

  Matcher matcher_of(const yaml::Value& value) {
    std::vector<MatchError> problems;
    const WrittenMatcher written = read_matcher(value, problems);
    for (MatchError& problem : problems) fail(problem.line, std::move(problem.message));
    auto& conditions = rules_.conditions_.emplace_back();
    for (const WrittenCondition& each : written.conditions) {
      conditions.push_back(
          {.subject = {.fact = each.subject.fact, .path = list_of(each.subject.path)},
           .test = each.test,
           .values = list_of(each.values)});
    }
    return {.conditions = conditions,
            .place = written.place,
            .at = {.fact = written.at.fact, .path = list_of(written.at.path)},
            .word = kept(written.word),
            .fix = {.kind = written.fix.kind,
                    .is_safe = written.fix.is_safe,
                    .key = kept(written.fix.key),
                    .text = kept(written.fix.text),
                    .title = kept(written.fix.title)}};
  }

  OwnRules& rules_;
  std::string_view path_;
  std::vector<OwnRuleError>& errors_;
};

void OwnRules::add(std::string_view path, std::string_view text,
                   std::vector<OwnRuleError>& errors) {
  Reader(*this, path, errors).read(text);
}

std::string new_rule_text(std::string_view code, std::string_view slug) {
  return fmt::format(
      R"(code: {}
slug: {}
summary: hook Job without an owner
severity: warning
what: >-
  A Job that is a hook has no label team.
why: >-
  When it fails nobody knows whom to ask.
when_to_ignore: >-
  Never.
match:
  type: batch/Job
  hook: yes
  label team: absent
message: "{{object}} has no owner"
label: "no label team"
help: "add the label team"
examples:
  - bad: nobody owns it
    files:
      job.yaml: |
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: migrate  # expect: {}
          annotations:
            argocd.argoproj.io/hook: PreSync
            argocd.argoproj.io/hook-delete-policy: BeforeHookCreation
        spec:
          activeDeadlineSeconds: 600
          template:
            spec:
              restartPolicy: Never
              containers:
                - name: main
                  image: example.com/main:1.0
  - good: it has an owner
    files:
      job.yaml: |
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: migrate
          labels:
            team: shop
          annotations:
            argocd.argoproj.io/hook: PreSync
            argocd.argoproj.io/hook-delete-policy: BeforeHookCreation
        spec:
          activeDeadlineSeconds: 600
          template:
            spec:
              restartPolicy: Never
              containers:
                - name: main
                  image: example.com/main:1.0
)",
      code, slug, code);
}

}  // namespace wavetank::lint
