#include "lint/matcher.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <deque>

#include "base/glob.h"
#include "lint/checks/facts.h"
#include "lint/edits.h"
#include "lint/report_builder.h"
#include "model/annotation.h"
#include "model/kinds.h"

namespace wavetank::lint {

namespace {

// The words of one fact of one object; whether it is there at all.
class Words {
 public:
  explicit Words(bool is_present) : is_present_(is_present) {}

  void add(std::string_view word) { words_.push_back(word); }
  void keep(std::string word) { words_.push_back(kept_.emplace_back(std::move(word))); }
  [[nodiscard]] bool is_present() const { return is_present_; }
  [[nodiscard]] const std::vector<std::string_view>& all() const { return words_; }
  [[nodiscard]] bool has(std::string_view word) const {
    return std::find(words_.begin(), words_.end(), word) != words_.end();
  }

 private:
  bool is_present_ = true;
  std::vector<std::string_view> words_;
  std::deque<std::string> kept_;
};

Words one(std::string_view word) {
  Words words(!word.empty());
  words.add(word);
  return words;
}

Words yes_or_no(bool holds) { return one(holds ? "yes" : "no"); }

Words list_of(const model::Resource& object, std::string_view key) {
  const model::MetadataEntry* entry = object.annotation(key);
  Words words(entry != nullptr);
  if (entry == nullptr || !entry->is_string) return words;
  for (const std::string_view item : model::list_items(entry->value)) words.add(item);
  return words;
}

Words phases_of(const model::Resource& object) {
  Words words(true);
  const model::PhaseSet phases = model::phases_of(object.hook);
  for (const model::Phase phase : model::kPhases) {
    if (phases.has(phase)) words.add(model::name(phase));
  }
  if (object.hook.pre_delete) words.add("PreDelete");
  if (object.hook.post_delete) words.add("PostDelete");
  return words;
}

Words policies_of(const model::Resource& object) {
  Words words(!object.policies.is_default);
  if (object.policies.before_hook_creation) words.add("BeforeHookCreation");
  if (object.policies.hook_succeeded) words.add("HookSucceeded");
  if (object.policies.hook_failed) words.add("HookFailed");
  return words;
}

yaml::NodeId node_at(const model::Resource& object, std::span<const std::string_view> path) {
  yaml::NodeId node = object.root;
  for (const std::string_view key : path) node = object.tree->find(node, key);
  return node;
}

Words field_of(const model::Resource& object, std::span<const std::string_view> path) {
  const yaml::NodeId node = node_at(object, path);
  const yaml::Tree& tree = *object.tree;
  Words words(node.valid() && !tree.has_type(node, yaml::ScalarType::Null));
  if (tree.is_scalar(node)) words.add(tree.node(node).text);
  for (const yaml::NodeId item : tree.items(node)) {
    if (tree.is_scalar(item)) words.add(tree.node(item).text);
  }
  return words;
}

bool is_data_bearing(const model::ObjectKey& key) {
  const auto rows = data_table("data-bearing-kinds");
  const std::string full = fmt::format("{}/{}", key.group, key.kind);
  return std::any_of(rows.begin(), rows.end(), [&](const DataRow& row) { return row.key == full; });
}

std::string_view scope_word(const model::Resource& object) {
  switch (model::scope_of(object.key.group, object.key.kind)) {
    case model::Scope::Namespaced: return "namespaced";
    case model::Scope::Cluster: return "cluster";
    case model::Scope::Unknown: return "unknown";
  }
  return "unknown";
}

Words versions_up_to(model::ArgocdVersion version) {
  Words words(true);
  words.keep(model::to_string(model::kOldestVersion));
  for (int minor = 0; minor <= model::kNewestVersion.minor; ++minor) {
    const model::ArgocdVersion each{model::kNewestVersion.major, minor};
    if (each <= version) words.keep(model::to_string(each));
  }
  return words;
}

Words entry_of(const model::MetadataEntry* entry) {
  Words words(entry != nullptr);
  if (entry != nullptr) words.add(entry->value);
  return words;
}

Words words_of(const Subject& subject, const Context& context, const model::Resource& object) {
  const model::ObjectKey& key = object.key;
  const model::ApplicationSettings& app = context.bundle.settings;
  switch (subject.fact) {
    case Fact::Kind: return one(key.kind);
    case Fact::Group: return one(key.group);
    case Fact::Type: {
      Words words(true);
      words.keep(key.group.empty() ? key.kind : fmt::format("{}/{}", key.group, key.kind));
      return words;
    }
    case Fact::Name: return one(key.name);
    case Fact::GenerateName: return one(object.generate_name);
    case Fact::Scope: return one(scope_word(object));
    case Fact::Hook: return yes_or_no(object.hook.is_hook);
    case Fact::HookWords: return list_of(object, model::kHook);
    case Fact::HelmHookWords: return list_of(object, model::kHelmHook);
    case Fact::Phases: return phases_of(object);
    case Fact::Policies: return policies_of(object);
    case Fact::Wave: {
      Words words(object.wave != 0);
      words.keep(std::to_string(object.wave));
      return words;
    }
    case Fact::SyncOptions: return list_of(object, model::kSyncOptions);
    case Fact::Awaited: return yes_or_no(context.is_gate(object));
    case Fact::HealthCheck: return yes_or_no(context.has_health(object));
    case Fact::Completes: return yes_or_no(model::runs_to_completion(key.group, key.kind));
    case Fact::DataBearing: return yes_or_no(is_data_bearing(key));
    case Fact::Passive: return yes_or_no(checks::is_passive_custom(object));
    case Fact::AppDeclared: return yes_or_no(app.span.valid());
    case Fact::AppAutomated: return yes_or_no(app.automated);
    case Fact::AppPrune: return yes_or_no(app.automated && app.prune);
    case Fact::AppSelfHeal: return yes_or_no(app.automated && app.self_heal);
    case Fact::AppSyncOptions: {
      Words words(!app.sync_options.empty());
      for (const model::SpannedText& option : app.sync_options) words.add(option.text);
      return words;
    }
    case Fact::Argocd: return versions_up_to(context.version);
    case Fact::Annotation: return entry_of(object.annotation(subject.path.front()));
    case Fact::Label: return entry_of(object.label(subject.path.front()));
    case Fact::Field: return field_of(object, subject.path);
  }
  return Words(false);
}

std::optional<std::int64_t> integer(std::string_view text) {
  std::int64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  if (result.ec != std::errc{} || result.ptr != end) return std::nullopt;
  return value;
}

template <class Compare>
bool any_number(const Words& words, const Condition& condition, Compare compare) {
  if (condition.values.empty()) return false;
  const auto limit = integer(condition.values.front());
  return std::any_of(words.all().begin(), words.all().end(), [&](std::string_view word) {
    const auto value = integer(word);
    return value && limit && compare(*value, *limit);
  });
}

bool holds(const Condition& condition, const Words& words) {
  const auto values = condition.values;
  const auto is_word = [&](std::string_view value) { return words.has(value); };
  const auto is_value = [&](std::string_view word) {
    return std::find(values.begin(), values.end(), word) != values.end();
  };
  const auto& all = words.all();
  switch (condition.test) {
    case Test::Any: return std::any_of(values.begin(), values.end(), is_word);
    case Test::All: return std::all_of(values.begin(), values.end(), is_word);
    case Test::None: return std::none_of(values.begin(), values.end(), is_word);
    case Test::Only: return !all.empty() && std::all_of(all.begin(), all.end(), is_value);
    case Test::Like:
      return std::any_of(all.begin(), all.end(), [&](std::string_view word) {
        return std::any_of(values.begin(), values.end(),
                           [&](std::string_view glob) { return base::glob_matches(glob, word); });
      });
    case Test::Present: return words.is_present();
    case Test::Absent: return !words.is_present();
    case Test::AtLeast: return any_number(words, condition, std::greater_equal<>());
    case Test::AtMost: return any_number(words, condition, std::less_equal<>());
  }
  return false;
}

source::Span entry_span(const model::Resource& object, const model::MetadataEntry* entry) {
  if (entry == nullptr) return object.name_span;
  return entry->value_span.begin < entry->value_span.end ? entry->value_span : entry->key_span;
}

// The entry of `argo`, or that of `helm` if there is none.
const model::MetadataEntry* either(const model::Resource& object, std::string_view argo,
                                   std::string_view helm) {
  const model::MetadataEntry* entry = object.annotation(argo);
  return entry != nullptr ? entry : object.annotation(helm);
}

source::Span narrowed(source::Span span, std::string_view word, const source::SourceMap& sources) {
  if (word.empty()) return span;
  const auto at = sources.text(span).find(word);
  if (at == std::string_view::npos) return span;
  span.begin += static_cast<std::uint32_t>(at);
  span.end = span.begin + static_cast<std::uint32_t>(word.size());
  return span;
}

// The reader of matchers lets only annotations, labels and fields through.
source::Span subject_span(const Subject& subject, const model::Resource& object) {
  if (subject.fact == Fact::Annotation) {
    return entry_span(object, object.annotation(subject.path.front()));
  }
  if (subject.fact == Fact::Label) return entry_span(object, object.label(subject.path.front()));
  const yaml::NodeId node = node_at(object, subject.path);
  return node.valid() ? object.tree->node(node).span : object.name_span;
}

source::Span span_of(const Matcher& matcher, const Context& context,
                     const model::Resource& object) {
  const auto& sources = context.project.sources;
  switch (matcher.place) {
    case Place::Name: return object.name_span;
    case Place::Kind: return object.kind_span;
    case Place::Hook: {
      const bool is_helm = object.hook.from_helm || object.annotation(model::kHook) == nullptr;
      return entry_span(object, object.annotation(is_helm ? model::kHelmHook : model::kHook));
    }
    case Place::Policy: {
      const auto* policy = either(object, model::kHookDeletePolicy, model::kHelmHookDeletePolicy);
      if (policy == nullptr) policy = either(object, model::kHook, model::kHelmHook);
      return entry_span(object, policy);
    }
    case Place::Wave:
      return entry_span(object, either(object, model::kSyncWave, model::kHelmHookWeight));
    case Place::SyncOptions:
      return narrowed(entry_span(object, object.annotation(model::kSyncOptions)), matcher.word,
                      sources);
    case Place::Subject: return subject_span(matcher.at, object);
  }
  return object.name_span;
}

std::string joined(const Words& words) {
  std::string text;
  for (const std::string_view word : words.all()) {
    text += fmt::format("{}{}", text.empty() ? "" : ", ", word);
  }
  return text;
}

Edits edits_of(const MatcherFix& fix, const Annotated& object) {
  switch (fix.kind) {
    case FixKind::None: return std::nullopt;
    case FixKind::AddWord: return add_words(object, fix.key, fix.text);
    case FixKind::RemoveWord: return remove_words(object, fix.key, fix.text);
    case FixKind::Remove: return remove_annotation(object, fix.key);
    case FixKind::Set: return set_annotation(object, fix.key, fix.text);
  }
  return std::nullopt;
}

// A patch leaves things out, so nothing follows from what it does not say.
bool argues_from_silence(const Matcher& matcher) {
  return std::any_of(matcher.conditions.begin(), matcher.conditions.end(),
                     [](const Condition& condition) {
                       return condition.test == Test::Absent || condition.test == Test::None;
                     });
}

}  // namespace

void match(const Matcher& matcher, const Context& context, Reporter& reporter) {
  if (!context.bundle.is_application && argues_from_silence(matcher)) return;
  for (const model::Resource& object : context.bundle.resources) {
    const bool fits = std::all_of(
        matcher.conditions.begin(), matcher.conditions.end(), [&](const Condition& condition) {
          return holds(condition, words_of(condition.subject, context, object));
        });
    if (!fits) continue;
    Report report{.resource = &object,
                  .span = span_of(matcher, context, object),
                  .values = {{"phases", joined(phases_of(object))},
                             {"policies", joined(policies_of(object))},
                             {"wave", std::to_string(object.wave)}}};
    report.values["value"] = std::string(context.project.sources.text(report.span));
    if (auto edits = edits_of(matcher.fix, {object, context.project.sources})) {
      report.fixes.push_back({.safety = matcher.fix.is_safe ? FixSafety::Safe : FixSafety::Unsafe,
                              .title = std::string(matcher.fix.title),
                              .edits = std::move(*edits)});
    }
    reporter.add(std::move(report));
  }
}

}  // namespace wavetank::lint
