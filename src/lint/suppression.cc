#include "lint/suppression.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/check.h"
#include "base/text_distance.h"
#include "lint/catalogue.h"
#include "lint/edits.h"
#include "lint/report_builder.h"
#include "model/annotation.h"

namespace wavetank::lint {

namespace {

using model::Resource;
using source::Span;

constexpr std::string_view kMark = "wavetank:";
constexpr std::array<std::string_view, 2> kWords{"ignore", "ignore-file"};
constexpr std::string_view kBlanks = " \t";

std::uint32_t offset(std::size_t value) { return static_cast<std::uint32_t>(value); }

std::size_t line_begin(std::string_view text, std::size_t at) {
  const auto newline = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  return newline == std::string_view::npos ? 0 : newline + 1;
}

// The end of the line that holds `at`, without its line break.
std::size_t line_end(std::string_view text, std::size_t at) {
  const std::size_t end = std::min(text.find('\n', at), text.size());
  return end > at && text[end - 1] == '\r' ? end - 1 : end;
}

std::string_view without_blanks(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  return first == std::string_view::npos ? std::string_view{} : text.substr(first);
}

// What stands in one file.
struct FileContent {
  std::vector<const yaml::Tree*> trees;
  std::vector<const Resource*> resources;
};

std::map<source::FileId, FileContent> contents_of(const load::Project& project) {
  std::map<source::FileId, FileContent> contents;
  for (const yaml::Tree& tree : project.trees) contents[tree.file()].trees.push_back(&tree);
  std::set<Span> seen;  // a file may belong to several applications
  for (const model::Bundle& bundle : project.bundles) {
    for (const Resource& resource : bundle.resources) {
      if (seen.insert(resource.span).second) {
        contents[resource.span.file].resources.push_back(&resource);
      }
    }
  }
  return contents;
}

// Reads the comments of one file.
class CommentReader {
 public:
  CommentReader(source::FileId file, std::string_view text, const FileContent& content)
      : file_(file), text_(text), content_(content) {}

  void read(std::vector<Suppression>& found) const {
    for (auto at = text_.find(kMark); at != std::string_view::npos;
         at = text_.find(kMark, at + 1)) {
      const auto hash = text_.find_last_not_of(kBlanks, at == 0 ? 0 : at - 1);
      if (at == 0 || hash == std::string_view::npos || text_[hash] != '#') continue;
      const bool is_apart = hash == 0 || text_[hash - 1] == '\n' ||
                            kBlanks.find(text_[hash - 1]) != std::string_view::npos;
      if (!is_apart || is_inside_scalar(hash)) continue;
      read_comment(hash, at + kMark.size(), found);
    }
  }

 private:
  [[nodiscard]] Span span(std::size_t begin, std::size_t end) const {
    return {.file = file_, .begin = offset(begin), .end = offset(end)};
  }

  [[nodiscard]] bool is_inside_scalar(std::size_t at) const {
    return std::any_of(content_.trees.begin(), content_.trees.end(), [&](const yaml::Tree* tree) {
      for (std::size_t i = 0; i < tree->size(); ++i) {
        const yaml::Node& node = tree->node(yaml::NodeId::from(offset(i)));
        const bool is_inside = node.span.begin <= at && at < node.span.end;
        if (node.kind == yaml::NodeKind::Scalar && is_inside) return true;
      }
      return false;
    });
  }

  // `at` is behind the mark.
  void read_comment(std::size_t hash, std::size_t at, std::vector<Suppression>& found) const {
    std::size_t end = line_end(text_, at);
    // Another comment behind it is not ours.
    for (const std::string_view next : {" #", "\t#"}) {
      end = std::min(end, text_.substr(0, end).find(next, at));
    }
    while (end > at && kBlanks.find(text_[end - 1]) != std::string_view::npos) --end;
    Suppression suppression{.span = span(hash, end)};
    at = std::min(text_.find_first_not_of(kBlanks, at), end);
    const auto word_end = std::min(text_.find_first_of(" \t[:", at), end);
    const std::string_view word = text_.substr(at, word_end - at);
    if (std::find(kWords.begin(), kWords.end(), word) == kWords.end()) {
      if (base::nearest(word, kWords).empty()) return;  // somebody speaks of us
      suppression.unknown = word;
    }
    const bool is_file = word == "ignore-file";
    suppression.by = is_file ? SuppressedBy::FileComment : SuppressedBy::Comment;
    suppression.covers = is_file ? span(0, text_.size()) : covered(hash);
    at = word_end;
    if (at < end && text_[at] == '[') {
      const auto close = std::min(text_.find(']', at), end);
      read_words(at + 1, close, suppression);
      at = std::min(close + 1, end);
    }
    at = std::min(text_.find_first_not_of(" \t:", at), end);
    suppression.reason = text_.substr(at, end - at);
    found.push_back(std::move(suppression));
  }

  void read_words(std::size_t at, std::size_t end, Suppression& suppression) const {
    while (at < end) {
      const auto comma = std::min(text_.find(',', at), end);
      const auto first = std::min(text_.find_first_not_of(kBlanks, at), comma);
      std::size_t last = comma;
      while (last > first && kBlanks.find(text_[last - 1]) != std::string_view::npos) --last;
      if (last > first) {
        suppression.words.push_back(
            {.text = std::string(text_.substr(first, last - first)), .span = span(first, last)});
      }
      at = comma + 1;
    }
  }

  [[nodiscard]] Span covered(std::size_t hash) const {
    const std::size_t begin = line_begin(text_, hash);
    const std::size_t end = line_end(text_, hash);
    const bool is_alone = without_blanks(text_.substr(begin, end - begin)).starts_with('#');
    return is_alone ? covered_below(hash) : span(begin, end);
  }

  // The next line with content, or the whole object if that is its first line; nothing at the end
  // of a document.
  [[nodiscard]] Span covered_below(std::size_t hash) const {
    for (std::size_t at = text_.find('\n', hash); at != std::string_view::npos;
         at = text_.find('\n', at)) {
      const std::size_t begin = ++at;
      const std::size_t end = line_end(text_, begin);
      const std::string_view line = text_.substr(begin, end - begin);
      const std::string_view written = without_blanks(line);
      if (written.empty() || written.front() == '#') continue;
      if (line.starts_with("---") || line.starts_with("...")) {
        if (is_behind_content(hash)) return {};
        continue;
      }
      if (line.starts_with('%')) continue;
      return object_at(begin, end);
    }
    return {};
  }

  // Whether something of the same document stands before `at`.
  [[nodiscard]] bool is_behind_content(std::size_t at) const {
    const auto separator = text_.substr(0, at).rfind("\n---");
    const std::size_t begin = separator == std::string_view::npos ? 0 : separator + 1;
    return std::any_of(content_.trees.begin(), content_.trees.end(), [&](const yaml::Tree* tree) {
      const Span root = tree->node(tree->root()).span;
      return begin <= root.begin && root.begin < at;
    });
  }

  [[nodiscard]] Span object_at(std::size_t begin, std::size_t end) const {
    const auto begins_here = [&](Span each) { return begin <= each.begin && each.begin <= end; };
    for (const yaml::Tree* tree : content_.trees) {
      if (begins_here(tree->node(tree->root()).span)) return tree->node(tree->root()).span;
    }
    for (const Resource* resource : content_.resources) {
      if (begins_here(resource->span)) return resource->span;
    }
    return span(begin, end);
  }

  source::FileId file_;
  std::string_view text_;
  const FileContent& content_;
};

// "HK001: reason; AN004, hook: reason", one suppression for each part.
void read_annotation(const Resource& resource, const source::SourceMap& sources,
                     std::vector<Suppression>& found) {
  const model::MetadataEntry* entry = resource.annotation(kIgnoreAnnotation);
  if (entry == nullptr) return;
  const std::string_view written = sources.text(entry->value_span);
  std::size_t from = 0;  // words stand in the source in the same order, if they do as they are
  const auto place = [&](std::string_view word) {
    Span span = entry->value_span;
    if (const auto at = written.find(word, from); at != std::string_view::npos) {
      from = at + word.size();
      span.begin += offset(at);
      span.end = span.begin + offset(word.size());
    }
    return span;
  };
  std::string_view rest = entry->value;
  while (!rest.empty()) {
    const auto end = std::min(rest.find_first_of(";\n"), rest.size());
    const std::string_view part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const auto colon = std::min(part.find(':'), part.size());
    if (model::trim(part).empty()) continue;
    Suppression suppression{
        .by = SuppressedBy::Annotation,
        .span = entry->value_span,
        .covers = resource.span,
        .reason = std::string(model::trim(part.substr(std::min(colon + 1, part.size()))))};
    for (const std::string_view word : model::list_items(part.substr(0, colon))) {
      suppression.words.push_back({.text = std::string(word), .span = place(word)});
    }
    found.push_back(std::move(suppression));
  }
}

class Judge {
 public:
  Judge(const load::Project& project, const LintOptions& options)
      : project_(project),
        options_(options),
        contents_(contents_of(project)),
        suppressions_(suppressions_of(project)) {
    for (const load::FileReport& file : project.files) {
      if (file.is_named && file.file.valid()) named_.insert(file.file);
    }
    for (const Suppression& each : suppressions_) used_.emplace_back(each.words.size(), false);
    hides_error_.resize(suppressions_.size());
  }

  Outcome judge(std::vector<Finding> findings) {
    Outcome outcome;
    if (suppressions_.empty()) return {.findings = std::move(findings)};
    for (Finding& finding : findings) {
      if (const Suppression* by = suppression_of(finding)) {
        outcome.suppressed.push_back(
            {.finding = std::move(finding), .by = by->by, .reason = by->reason});
      } else {
        outcome.findings.push_back(std::move(finding));
      }
    }
    for (std::size_t i = 0; i < suppressions_.size(); ++i) say_of(i, outcome.findings);
    sort_findings(project_, outcome.findings);
    return outcome;
  }

 private:
  // Marks every word that applies; the first suppression counts.
  const Suppression* suppression_of(const Finding& finding) {
    const Span at = finding.diagnostic.primary.span;
    const Rule* rule = rule_of(finding.diagnostic.code, options_.own_rules);
    WAVETANK_CHECK(rule != nullptr);
    const Suppression* first = nullptr;
    for (std::size_t i = 0; i < suppressions_.size(); ++i) {
      const Suppression& each = suppressions_[i];
      const bool is_covered = each.covers.valid() && each.covers.file == at.file &&
                              each.covers.begin <= at.begin && at.begin <= each.covers.end;
      if (!is_covered || !each.unknown.empty()) continue;
      for (std::size_t k = 0; k < each.words.size(); ++k) {
        if (!names_rule(each.words[k].text, *rule)) continue;
        used_[i][k] = true;
        if (finding.diagnostic.severity == source::Severity::Error) hides_error_[i] = true;
        if (first == nullptr) first = &each;
      }
    }
    return first;
  }

  void say_of(std::size_t index, std::vector<Finding>& findings) {
    const Suppression& each = suppressions_[index];
    if (!each.unknown.empty()) {
      const std::string_view near = base::nearest(each.unknown, kWords);
      return add("SU002", "unknown-word", each, each.span,
                 {{"word", each.unknown}, {"hint", fmt::format("did you mean `{}`?", near)}}, {},
                 findings);
    }
    if (each.words.empty()) return add("SU002", "no-list", each, each.span, {}, {}, findings);
    const View view = named_.contains(each.span.file) ? View::Part : View::Whole;
    std::vector<std::size_t> unused;
    for (std::size_t k = 0; k < each.words.size(); ++k) {
      const SuppressionWord& word = each.words[k];
      if (!names_any(word.text)) {
        add("SU002", "", each, word.span, {{"word", word.text}, {"hint", hint_for(word.text)}}, {},
            findings);
      } else if (!used_[index][k] && is_judged(word.text, options_, view)) {
        unused.push_back(k);
      }
    }
    for (const std::size_t k : unused) {
      const bool is_all = unused.size() == each.words.size();
      add("SU001", "", each, each.words[k].span,
          {{"word", each.words[k].text}, {"code", each.words[k].text}},
          is_all ? removal(each) : word_removal(each, k), findings);
    }
    const bool needs_reason = options_.reasons == Reasons::Required ||
                              (options_.reasons == Reasons::ForErrors && hides_error_[index]);
    if (each.reason.empty() && needs_reason && unused.size() < each.words.size()) {
      add("SU003", "", each, each.words.front().span, {{"word", each.words.front().text}}, {},
          findings);
    }
  }

  template <class Test>
  [[nodiscard]] bool any_rule(const Test& test) const {
    const auto own = options_.own_rules;
    return std::any_of(catalogue().begin(), catalogue().end(), test) ||
           std::any_of(own.begin(), own.end(), test);
  }

  [[nodiscard]] bool names_any(std::string_view word) const {
    return any_rule([&](const Rule& rule) { return names_rule(word, rule); });
  }

  [[nodiscard]] std::string hint_for(std::string_view word) const {
    std::vector<std::string_view> known;
    for (const auto rules : {catalogue(), options_.own_rules}) {
      for (const Rule& rule : rules) {
        known.insert(known.end(), {rule.code, rule.slug, rule.family});
      }
    }
    const std::string_view near = base::nearest(word, known);
    return near.empty() ? "`wavetank rules list` names them all"
                        : fmt::format("did you mean `{}`?", near);
  }

  std::vector<Fix> removal(const Suppression& each) const {
    if (each.by == SuppressedBy::Annotation) return annotation_removal(each);
    const std::string_view text = project_.sources.text(each.span.file);
    Span gone = each.span;
    while (gone.begin > 0 && kBlanks.find(text[gone.begin - 1]) != std::string_view::npos) {
      --gone.begin;
    }
    const bool is_line = gone.begin == line_begin(text, gone.begin);
    if (is_line && gone.end == line_end(text, gone.end)) {
      gone.end = offset(std::min(text.find('\n', gone.end), text.size() - 1) + 1);
    } else if (is_line) {
      // Another comment follows and keeps the indentation.
      gone = each.span;
      gone.end = offset(std::min(text.find('#', gone.end), text.size()));
    }
    return {{.safety = FixSafety::Safe,
             .title = "remove the comment",
             .edits = {{.span = gone, .text = ""}}}};
  }

  // The whole annotation, when this is its only part.
  std::vector<Fix> annotation_removal(const Suppression& each) const {
    const auto parts =
        std::count_if(suppressions_.begin(), suppressions_.end(),
                      [&](const Suppression& other) { return other.span == each.span; });
    const Resource* resource = resource_at(each.covers);
    if (parts != 1 || resource == nullptr) return {};
    auto edits = remove_annotation({*resource, project_.sources}, kIgnoreAnnotation);
    if (!edits) return {};
    return {
        {.safety = FixSafety::Safe, .title = "remove the annotation", .edits = std::move(*edits)}};
  }

  static std::vector<Fix> word_removal(const Suppression& each, std::size_t k) {
    if (each.by == SuppressedBy::Annotation) return {};
    Span gone = each.words[k].span;
    if (k == 0) {
      gone.end = each.words[1].span.begin;
    } else {
      gone.begin = each.words[k - 1].span.end;
    }
    return {{.safety = FixSafety::Safe,
             .title = fmt::format("remove {}", each.words[k].text),
             .edits = {{.span = gone, .text = ""}}}};
  }

  [[nodiscard]] const Resource* resource_at(Span covered) const {
    const auto content = contents_.find(covered.file);
    if (content == contents_.end()) return nullptr;
    const auto& resources = content->second.resources;
    const auto found = std::find_if(resources.begin(), resources.end(), [&](const Resource* each) {
      return each->span.begin <= covered.begin && covered.begin <= each->span.end;
    });
    return found == resources.end() ? nullptr : *found;
  }

  void add(std::string_view code, std::string_view variant, const Suppression& suppression, Span at,
           const std::map<std::string, std::string>& values, std::vector<Fix> fixes,
           std::vector<Finding>& findings) const {
    const Rule* rule = rule_of(code, {});
    WAVETANK_CHECK(rule != nullptr);
    if (!is_selected(*rule, options_)) return;
    const auto words = std::find_if(rule->words.begin(), rule->words.end(),
                                    [&](const Words& each) { return each.variant == variant; });
    WAVETANK_CHECK(words != rule->words.end());
    const auto text = [&](std::string_view own, std::string_view usual) {
      return filled(own.empty() ? usual : own, values);
    };
    const Words& usual = rule->words.front();
    Finding finding;
    finding.diagnostic = {.severity = rule->severity,
                          .code = std::string(rule->code),
                          .slug = std::string(rule->slug),
                          .message = text(words->message, usual.message),
                          .subject = std::string(project_.sources.name(at.file)),
                          .primary = {.span = at, .text = text(words->label, usual.label)},
                          .consequence = text(words->consequence, usual.consequence),
                          .help = text(words->help, usual.help)};
    const bool is_file = suppression.by == SuppressedBy::FileComment;
    if (const Resource* resource = is_file ? nullptr : resource_at(suppression.covers)) {
      finding.object = resource->key;
    }
    finding.fixes = std::move(fixes);
    findings.push_back(std::move(finding));
  }

  const load::Project& project_;
  const LintOptions& options_;
  std::map<source::FileId, FileContent> contents_;
  std::vector<Suppression> suppressions_;
  std::vector<std::vector<bool>> used_;  // by suppression and word
  std::vector<bool> hides_error_;        // by suppression
  std::set<source::FileId> named_;       // files that are perhaps only a part of an application
};

// Most projects have no suppressions; this is cheap to see.
bool is_mentioned(const source::SourceMap& sources) {
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const auto file = source::FileId::from(offset(i));
    if (sources.text(file).find("wavetank") != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

std::vector<Suppression> suppressions_of(const load::Project& project) {
  std::vector<Suppression> found;
  for (const auto& [file, content] : contents_of(project)) {
    const std::string_view text = project.sources.text(file);
    if (text.find("wavetank") == std::string_view::npos) continue;
    CommentReader(file, text, content).read(found);
    for (const Resource* resource : content.resources) {
      read_annotation(*resource, project.sources, found);
    }
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Suppression& a, const Suppression& b) { return a.span < b.span; });
  return found;
}

Outcome apply_suppressions(const load::Project& project, std::vector<Finding> findings,
                           const LintOptions& options) {
  if (!is_mentioned(project.sources)) return {.findings = std::move(findings)};
  return Judge(project, options).judge(std::move(findings));
}

}  // namespace wavetank::lint
