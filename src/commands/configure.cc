#include "commands/configure.h"

#include <fmt/format.h>

#include <algorithm>

#include "load/path.h"

namespace wavetank::commands {

namespace {

std::vector<std::string> texts_of(const std::vector<ConfigWord>* words) {
  std::vector<std::string> texts;
  if (words == nullptr) return texts;
  for (const ConfigWord& word : *words) texts.push_back(word.text);
  return texts;
}

void append(std::vector<std::string>& list, const std::vector<std::string>& more) {
  list.insert(list.end(), more.begin(), more.end());
}

std::vector<lint::Grade> grades_of(const std::vector<GradeWord>& words) {
  std::vector<lint::Grade> grades;
  for (const GradeWord& word : words) {
    grades.push_back({.rule = word.rule.text, .severity = word.severity});
  }
  return grades;
}

std::optional<model::ArgocdVersion> version_of(const Config& config, std::string& errors) {
  const auto* words = config.find("argocd-version");
  if (words == nullptr || words->empty()) return std::nullopt;
  const auto version = model::parse_version(words->front().text);
  if (!version) {
    errors += fmt::format("{}:{}: error: Argo CD `{}` is not modelled; 2.14 and 3.0 to 3.6 are\n",
                          config.path, words->front().line, words->front().text);
  }
  return version;
}

class Merger {
 public:
  Merger(const ConfigChoice& choice, Configured& result)
      : choice_(choice), config_(result.config), request_(result.request), errors_(result.errors) {}

  void merge() {
    const auto* fail_on = open_word("fail-on");
    if (fail_on != nullptr) request_.fail_on = parse_severity(fail_on->text);
    if (const auto* assume = open_word("assume")) request_.assume = assume->text;
    if (const auto* baseline = open_word("baseline")) request_.baseline = baseline->text;
    if (const auto* reasons = open_word("suppression-reasons")) {
      request_.lint.reasons = reasons->text == "required"   ? lint::Reasons::Required
                              : reasons->text == "optional" ? lint::Reasons::Optional
                                                            : lint::Reasons::ForErrors;
    }
    if (!choice_.given.contains("argocd-version")) {
      if (const auto version = version_of(config_, errors_)) request_.lint.version = *version;
    }
    if (!choice_.given.contains("select")) append(request_.lint.select, words("select"));
    if (!choice_.given.contains("ignore")) append(request_.lint.ignore, words("ignore"));
    append(request_.lint.select, request_.extend_select);
    append(request_.lint.ignore, request_.extend_ignore);
    append(request_.load.exclude, words("exclude"));
    std::vector<std::string> rules = words("rules");
    append(rules, request_.rule_paths);
    request_.rule_paths = std::move(rules);
    if (!choice_.given.contains("severity")) {
      request_.lint.grades = grades_of(config_.severity);
    }
    for (const PathConfig& each : config_.per_path) {
      request_.lint.per_path.push_back({.globs = each.paths,
                                        .ignore = texts_of(&each.ignore),
                                        .grades = grades_of(each.severity),
                                        .reason = each.reason});
    }
  }

 private:
  // The one word of a key that no flag decides; null when there is none.
  [[nodiscard]] const ConfigWord* open_word(const std::string& key) const {
    const auto* found = config_.find(key);
    if (choice_.given.contains(key) || found == nullptr || found->empty()) return nullptr;
    return &found->front();
  }
  [[nodiscard]] std::vector<std::string> words(std::string_view key) const {
    return texts_of(config_.find(key));
  }

  const ConfigChoice& choice_;
  const Config& config_;
  LintRequest& request_;
  std::string& errors_;
};

std::string list_text(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string grades_text(const std::vector<lint::Grade>& grades) {
  std::vector<std::string> words;
  for (const lint::Grade& grade : grades) {
    words.push_back(fmt::format("{}={}", grade.rule, severity_name(grade.severity)));
  }
  return list_text(words);
}

std::string reasons_text(lint::Reasons reasons) {
  switch (reasons) {
    case lint::Reasons::Optional: return "optional";
    case lint::Reasons::ForErrors: return "for-errors";
    case lint::Reasons::Required: return "required";
  }
  return "";
}

std::string per_path_text(const std::vector<lint::PathSettings>& settings) {
  std::vector<std::string> words;
  for (const lint::PathSettings& each : settings) {
    words.push_back(fmt::format("{}: ignore {}{}{}", list_text(each.globs),
                                each.ignore.empty() ? "nothing" : list_text(each.ignore),
                                each.grades.empty() ? "" : "; ", grades_text(each.grades)));
  }
  return fmt::format("{}", fmt::join(words, " | "));
}

// What is in force, as it would be written.
std::string value_of(std::string_view key, const LintRequest& request) {
  if (key == "argocd-version") return model::to_string(request.lint.version);
  if (key == "assume") return request.assume.value_or("");
  if (key == "baseline") return request.baseline;
  if (key == "exclude") return list_text(request.load.exclude);
  if (key == "fail-on") {
    return request.fail_on ? std::string(severity_name(*request.fail_on)) : "never";
  }
  if (key == "ignore") return list_text(request.lint.ignore);
  if (key == "per-path") return per_path_text(request.lint.per_path);
  if (key == "rules") return list_text(request.rule_paths);
  if (key == "select") return list_text(request.lint.select);
  if (key == "severity") return grades_text(request.lint.grades);
  return reasons_text(request.lint.reasons);
}

// Lists that grow: a flag adds to what the configuration says.
bool adds_up(std::string_view key) { return key == "exclude" || key == "rules"; }

Result show(const Configured& configured) {
  const LintRequest& request = configured.request;
  const Config& config = configured.config;
  Result result;
  result.output = config.path.empty() ? "no configuration was found\n"
                                      : fmt::format("configuration: {}\n", config.path);
  for (const Setting& setting : settings()) {
    std::string origin;
    const auto given = request.config.given.find(std::string(setting.key));
    const auto line = config.lines.find(setting.key);
    const bool is_given = given != request.config.given.end();
    if (line != config.lines.end() && (!is_given || adds_up(setting.key))) {
      origin = fmt::format("{}:{}", config.path, line->second);
    }
    if (is_given) origin += (origin.empty() ? "" : ", ") + given->second;
    const std::string value = value_of(setting.key, request);
    result.output += fmt::format("{:<20}  {:<24}  {}\n", setting.key, value.empty() ? "-" : value,
                                 origin.empty() ? "default" : origin);
  }
  return result;
}

}  // namespace

Configured configure(const base::FileSystem& files, const LintRequest& request) {
  ReadConfig read = read_config(files, request.config);
  Configured result{
      .request = request, .config = std::move(read.config), .errors = std::move(read.errors)};
  if (!result.errors.empty()) return result;
  Merger(request.config, result).merge();
  result.request.lint.here = files.canonical(".").value_or("/");
  result.request.lint.per_path_base =
      files.canonical(load::parent_of(result.config.path)).value_or(result.request.lint.here);
  return result;
}

Basics configure_basics(const base::FileSystem& files, const ConfigChoice& choice,
                        model::ArgocdVersion version, std::vector<std::string> exclude) {
  Basics basics{.version = version, .exclude = std::move(exclude)};
  const ReadConfig read = read_config(files, choice);
  basics.errors = read.errors;
  append(basics.exclude, texts_of(read.config.find("exclude")));
  if (choice.given.contains("argocd-version")) return basics;
  if (const auto configured = version_of(read.config, basics.errors)) basics.version = *configured;
  return basics;
}

std::string unknown_rules_of(const Config& config, const lint::LintOptions& options) {
  std::vector<ConfigWord> words;
  const auto add = [&](const std::vector<ConfigWord>* more) {
    if (more != nullptr) words.insert(words.end(), more->begin(), more->end());
  };
  const auto add_grades = [&](const std::vector<GradeWord>& grades) {
    for (const GradeWord& grade : grades) words.push_back(grade.rule);
  };
  add(config.find("select"));
  add(config.find("ignore"));
  add_grades(config.severity);
  for (const PathConfig& each : config.per_path) {
    add(&each.ignore);
    add_grades(each.severity);
  }
  std::string errors;
  for (const ConfigWord& word : words) {
    for (const lint::UnknownRule& unknown :
         lint::unknown_rules({.select = {word.text}, .own_rules = options.own_rules})) {
      errors += fmt::format("{}:{}: error: no rule, prefix or family is called `{}`{}\n",
                            config.path, word.line, unknown.text,
                            unknown.suggestion.empty()
                                ? ""
                                : fmt::format("; did you mean `{}`?", unknown.suggestion));
    }
  }
  return errors;
}

Result run_config(Ports ports, const ConfigRequest& request) {
  if (request.action == ConfigAction::Schema) return {.output = config_schema()};
  if (request.action == ConfigAction::Init) {
    const std::string path(kConfigName);
    if (ports.files.kind(path) != base::FileKind::Missing) {
      return {.errors = fmt::format("wavetank: {} is there already\n", path),
              .exit = ExitCode::Usage};
    }
    if (const auto written = ports.writer.write(path, new_config()); !written) {
      return {
          .errors = fmt::format("wavetank: cannot write {}: {}\n", path, written.error().reason),
          .exit = ExitCode::Usage};
    }
    return {.output = fmt::format("{} written\n", path)};
  }
  const Configured configured = configure(ports.files, request.lint);
  if (!configured.errors.empty()) return {.errors = configured.errors, .exit = ExitCode::Usage};
  return show(configured);
}

}  // namespace wavetank::commands
