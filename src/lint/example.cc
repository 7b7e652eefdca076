#include "lint/example.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/file_system.h"
#include "lint/lint.h"
#include "load/path.h"
#include "load/project.h"
#include "model/version.h"

namespace wavetank::lint {

namespace {

constexpr std::string_view kMark = "# expect: ";

// The files of an example, and the directories above them.
class ExampleFiles final : public base::FileSystem {
 public:
  explicit ExampleFiles(std::span<const ExampleFile> files) {
    for (const ExampleFile& file : files) files_.emplace(file.path, file.text);
  }

  [[nodiscard]] base::FileKind kind(std::string_view path) const override {
    const std::string name = load::normal(path);
    if (files_.contains(name)) return base::FileKind::File;
    return is_directory(name) ? base::FileKind::Directory : base::FileKind::Missing;
  }
  [[nodiscard]] tl::expected<std::string, base::FileError> read(
      std::string_view path) const override {
    const auto found = files_.find(load::normal(path));
    if (found == files_.end()) return tl::unexpected(base::FileError{.reason = "no such file"});
    return std::string(found->second);
  }
  [[nodiscard]] tl::expected<std::vector<base::DirectoryEntry>, base::FileError> list(
      std::string_view path) const override {
    const std::string directory = load::normal(path);
    std::map<std::string, base::FileKind> entries;
    for (const auto& [name, text] : files_) {
      const std::string_view rest = below(name, directory);
      if (rest.empty()) continue;
      const auto slash = rest.find('/');
      entries.emplace(rest.substr(0, slash), slash == std::string_view::npos
                                                 ? base::FileKind::File
                                                 : base::FileKind::Directory);
    }
    std::vector<base::DirectoryEntry> result;
    result.reserve(entries.size());
    for (const auto& [name, kind] : entries) result.push_back({.name = name, .kind = kind});
    return result;
  }
  [[nodiscard]] tl::expected<std::string, base::FileError> canonical(
      std::string_view path) const override {
    return load::normal(path);
  }

 private:
  // The part of a path below a directory; empty: it is not below.
  static std::string_view below(std::string_view path, std::string_view directory) {
    if (directory == "." || directory.empty()) return path;
    if (!path.starts_with(directory) || path.size() <= directory.size()) return {};
    return path[directory.size()] == '/' ? path.substr(directory.size() + 1) : std::string_view{};
  }
  [[nodiscard]] bool is_directory(std::string_view path) const {
    return std::any_of(files_.begin(), files_.end(),
                       [&](const auto& file) { return !below(file.first, path).empty(); });
  }

  std::map<std::string_view, std::string_view> files_;
};

// A mark is a code, perhaps with a column behind it: "# expect: HK001@17".
void add_mark(std::string_view word, std::string_view place, Marks& marks) {
  const auto end = std::min(word.find_first_of(" \r"), word.size());
  word = word.substr(0, end);
  const auto at = word.find('@');
  if (at == std::string_view::npos) {
    marks.insert(fmt::format("{}: {}", place, word));
  } else {
    marks.insert(fmt::format("{}:{}: {}", place, word.substr(at + 1), word.substr(0, at)));
  }
}

Marks expected_of(std::span<const ExampleFile> files) {
  Marks marks;
  for (const ExampleFile& file : files) {
    std::size_t number = 0;
    for (std::string_view rest = file.text; !rest.empty();) {
      const auto end = std::min(rest.find('\n'), rest.size());
      const std::string_view line = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      ++number;
      for (auto at = line.find(kMark); at != std::string_view::npos;
           at = line.find(kMark, at + 1)) {
        add_mark(line.substr(at + kMark.size()), fmt::format("{}:{}", file.path, number), marks);
      }
    }
  }
  return marks;
}

std::string without_marks(std::string text) {
  const std::string mark = fmt::format("  {}", kMark);
  for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark)) {
    text.erase(at, std::min(text.find_first_of("\r\n", at), text.size()) - at);
  }
  return text;
}

class Player {
 public:
  Player(const Rule& rule, const Example& example, std::span<const Rule> others)
      : rule_(rule), example_(example) {
    options_.own_rules = others;
    const ExampleFiles files(example.before);
    if (!example.before.empty()) {
      before_ = load::load_project(files, {});
      options_.before = &before_;
    }
  }

  ExampleResult play() {
    ExampleResult result;
    if (!read_settings(result)) return result;
    const load::Project project = read(example_.files);
    if (!project.diagnostics.empty()) {
      result.error = fmt::format("{}: {}", project.diagnostics.front().code,
                                 project.diagnostics.front().message);
      return result;
    }
    result.expected = expected_of(example_.files);
    for (const Finding& finding : lint(project, options_)) {
      // What is below warning counts for the rule whose example it is.
      const bool is_own = finding.diagnostic.code == rule_.code;
      if (finding.diagnostic.severity == source::Severity::Info && !is_own) continue;
      add_found(project, finding, result);
    }
    if (example_.fixed.empty()) return result;
    result.fixed = fix(example_.files);
    std::vector<ExampleFile> files;
    for (const auto& [path, text] : result.fixed) files.push_back({.path = path, .text = text});
    result.fixed_twice = fix(files);
    return result;
  }

 private:
  bool read_settings(ExampleResult& result) {
    if (!example_.argocd.empty()) {
      const auto version = model::parse_version(example_.argocd);
      if (!version) result.error = fmt::format("Argo CD {} is not modelled", example_.argocd);
      options_.version = version.value_or(model::kNewestVersion);
    }
    const auto assumptions = parse_assumptions(example_.assume);
    if (!assumptions) result.error = fmt::format("`assume: {}` is unclear", example_.assume);
    if (assumptions) options_.assumptions = *assumptions;
    return result.error.empty();
  }

  static load::Project read(std::span<const ExampleFile> list) {
    const ExampleFiles files(list);
    return load::load_project(files, {});
  }

  static void add_found(const load::Project& project, const Finding& finding,
                        ExampleResult& result) {
    const source::Span span = finding.diagnostic.primary.span;
    const source::Position at = project.sources.begin(span);
    const std::string_view name = project.sources.name(span.file);
    const std::string exact =
        fmt::format("{}:{}:{}: {}", name, at.line, at.column, finding.diagnostic.code);
    // A mark without a column is met anywhere in its line.
    result.found.insert(result.expected.contains(exact)
                            ? exact
                            : fmt::format("{}:{}: {}", name, at.line, finding.diagnostic.code));
  }

  // The files after the fixes of the rule itself.
  std::map<std::string, std::string> fix(std::span<const ExampleFile> files) {
    const load::Project project = read(files);
    std::vector<Finding> findings = lint(project, options_);
    std::erase_if(findings,
                  [&](const Finding& each) { return each.diagnostic.code != rule_.code; });
    auto texts = fixed_texts(findings, project.sources, FixLevel::Unsafe);
    for (const ExampleFile& file : files) {
      texts.try_emplace(std::string(file.path), std::string(file.text));
    }
    for (auto& [path, text] : texts) text = without_marks(std::move(text));
    return texts;
  }

  const Rule& rule_;
  const Example& example_;
  LintOptions options_;
  load::Project before_;
};

std::string listed(const Marks& marks) {
  std::string text;
  for (const std::string& mark : marks) {
    text += fmt::format("{}{}", text.empty() ? "" : ", ", mark);
  }
  return text.empty() ? "nothing" : text;
}

}  // namespace

ExampleResult play_example(const Rule& rule, const Example& example, std::span<const Rule> others) {
  return Player(rule, example, others).play();
}

std::string complaint(const Example& example, const ExampleResult& result) {
  if (!result.error.empty()) return result.error;
  if (result.found != result.expected) {
    return fmt::format("expected {}, found {}", listed(result.expected), listed(result.found));
  }
  for (const ExampleFile& file : example.fixed) {
    const auto found = result.fixed.find(std::string(file.path));
    if (found == result.fixed.end()) return fmt::format("there is no file {} to fix", file.path);
    if (found->second != file.text) {
      return fmt::format("the fix of {} gives\n{}", file.path, found->second);
    }
  }
  if (result.fixed != result.fixed_twice) return "fixing twice changes something again";
  return "";
}

}  // namespace wavetank::lint
