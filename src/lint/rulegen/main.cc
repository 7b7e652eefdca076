// rulegen RULES_DIR OUT_DIR: compiles the rule files into checks.h and catalogue_data.cc.
//
// Whatever is wrong with a rule file fails the build at its line: unknown fields, missing texts or
// examples, codes that are used twice or do not fit the file's name.

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "lint/match_syntax.h"
#include "yaml/typed.h"

namespace {

namespace fs = std::filesystem;
using wavetank::yaml::Value;

bool g_failed = false;

void fail(const fs::path& file, std::uint32_t line, const std::string& message) {
  fmt::print(stderr, "{}:{}: error: {}\n", file.string(), line, message);
  g_failed = true;
}

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// A C++ string literal; long texts are cut into pieces, since compilers limit a literal's length.
std::string literal(std::string_view text) {
  std::string out = "\"";
  std::size_t piece = 0;
  for (const char c : text) {
    if (++piece % 2000 == 0) out += "\"\n\"";
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n\"\n    \""; break;
      case '\t': out += "\\t"; break;
      case '\r': out += "\\r"; break;
      case '?': out += "\\?"; break;  // no trigraphs
      default: out += c;
    }
  }
  return out + "\"";
}

struct RuleFile {
  fs::path path;
  Value value;
};

const std::set<std::string, std::less<>> kRequired{
    "code",    "slug",  "summary", "severity", "confidence",     "what",    "why",
    "message", "since", "status",  "scope",    "when_to_ignore", "examples"};

void check_fields(const RuleFile& rule) {
  for (const auto& [key, value] : rule.value.entries()) {
    if (!wavetank::lint::is_rule_field(key.text)) {
      fail(rule.path, key.line, fmt::format("unknown field `{}`", key.text));
    }
  }
  for (const auto& field : kRequired) {
    if (rule.value.find(field) == nullptr) {
      fail(rule.path, 1, fmt::format("the field `{}` is missing", field));
    }
  }
  if ((rule.value.find("check") == nullptr) == (rule.value.find("match") == nullptr)) {
    fail(rule.path, 1, "a rule has either a `check` or a `match`");
  }
  for (const char* field : {"at", "fix"}) {
    if (rule.value.find(field) != nullptr && rule.value.find("match") == nullptr) {
      fail(rule.path, 1, fmt::format("`{}` belongs to `match`", field));
    }
  }
  const std::string name = rule.path.stem().string();
  const std::string expected =
      fmt::format("{}-{}", rule.value.string("code"), rule.value.string("slug"));
  if (name != expected) fail(rule.path, 1, fmt::format("the file should be named {}", expected));
}

void check_examples(const RuleFile& rule) {
  bool has_bad = false;
  bool has_good = false;
  const Value* examples = rule.value.find("examples");
  if (examples == nullptr) return;
  for (const Value& example : examples->items) {
    const bool bad = example.find("bad") != nullptr;
    has_bad = has_bad || bad;
    has_good = has_good || example.find("good") != nullptr;
    const Value* files = example.find("files");
    if (files == nullptr || files->items.empty()) {
      fail(rule.path, example.line, "an example needs files");
    }
    const std::string marker = fmt::format("expect: {}", rule.value.string("code"));
    bool marked = false;
    for (const auto& [path, text] : files == nullptr ? Value{}.entries() : files->entries()) {
      marked = marked || text.text.find(marker) != std::string::npos;
    }
    if (bad && !marked) fail(rule.path, example.line, "a bad example marks no line of its rule");
  }
  if (!has_bad || !has_good) fail(rule.path, 1, "a rule needs a bad and a good example");
}

// "hook.named-hook-never-reruns" -> "HookNamedHookNeverReruns".
std::string enumerator(std::string_view check) {
  std::string result;
  bool upper = true;
  for (const char c : check) {
    if (c == '.' || c == '-' || c == '_') {
      upper = true;
    } else {
      result += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
      upper = false;
    }
  }
  return result;
}

// "hook.named-hook-never-reruns" -> "named_hook_never_reruns", the function behind a rule.
std::string function_of(std::string_view check) {
  std::string name(check.substr(check.find('.') + 1));
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

// A constant array named `name`; an empty one has a type, too.
std::string array_of(const std::vector<std::string>& texts, const std::string& name) {
  std::string items;
  for (const std::string& text : texts) items += literal(text) + ", ";
  return fmt::format("constexpr std::array<std::string_view, {}> {}{{{{{}}}}};\n", texts.size(),
                     name, items);
}

// The constants of a matcher, ending in kMatcher<n>.
std::string matcher_arrays(const RuleFile& rule, std::size_t n) {
  namespace lint = wavetank::lint;
  if (rule.value.find("match") == nullptr) {
    return fmt::format("constexpr Matcher kMatcher{}{{}};\n", n);
  }
  std::vector<lint::MatchError> errors;
  const lint::WrittenMatcher matcher = lint::read_matcher(rule.value, errors);
  for (const lint::MatchError& error : errors) fail(rule.path, error.line, error.message);
  std::string out;
  std::string conditions;
  for (std::size_t i = 0; i < matcher.conditions.size(); ++i) {
    const lint::WrittenCondition& each = matcher.conditions[i];
    const std::string path = fmt::format("kPath{}_{}", n, i);
    const std::string values = fmt::format("kValues{}_{}", n, i);
    out += array_of(each.subject.path, path) + array_of(each.values, values);
    conditions += fmt::format("    {{{{Fact::{}, {}}}, Test::{}, {}}},\n",
                              lint::enumerator_of(each.subject.fact), path,
                              lint::enumerator_of(each.test), values);
  }
  out += fmt::format("constexpr std::array<Condition, {}> kConditions{}{{{{\n{}}}}};\n",
                     matcher.conditions.size(), n, conditions);
  out += array_of(matcher.at.path, fmt::format("kAt{}", n));
  out += fmt::format(
      "constexpr Matcher kMatcher{}{{kConditions{}, Place::{}, {{Fact::{}, kAt{}}}, {}, "
      "{{FixKind::{}, {}, {}, {}, {}}}}};\n",
      n, n, lint::enumerator_of(matcher.place), lint::enumerator_of(matcher.at.fact), n,
      literal(matcher.word), lint::enumerator_of(matcher.fix.kind), matcher.fix.is_safe,
      literal(matcher.fix.key), literal(matcher.fix.text), literal(matcher.fix.title));
  return out;
}

// The files of an example under one of its fields.
std::string files_of(const Value* list, const std::string& name) {
  std::string files;
  const auto entries = list == nullptr ? Value{}.entries() : list->entries();
  for (const auto& [path, text] : entries) {
    files += fmt::format("    {{{}, {}}},\n", literal(path.text), literal(text.text));
  }
  return fmt::format("constexpr std::array<ExampleFile, {}> {}{{{{\n{}}}}};\n", entries.size(),
                     name, files);
}

std::string words_of(const Value& value, std::string_view variant) {
  return fmt::format("    {{{}, {}, {}, {}, {}}},\n", literal(variant),
                     literal(value.string("message")), literal(value.string("label")),
                     literal(value.string("consequence")), literal(value.string("help")));
}

std::string severity_of(const RuleFile& rule) {
  const std::string_view severity = rule.value.string("severity");
  if (severity == "error") return "Error";
  if (severity == "warning") return "Warning";
  if (severity != "info") fail(rule.path, 1, "severity is error, warning or info");
  return "Info";
}

std::string example_arrays(const RuleFile& rule, std::size_t n) {
  std::string out;
  std::string examples;
  std::size_t m = 0;
  for (const Value& example : rule.value.find("examples")->items) {
    out += files_of(example.find("files"), fmt::format("kFiles{}_{}", n, m));
    out += files_of(example.find("before"), fmt::format("kBefore{}_{}", n, m));
    out += files_of(example.find("fixed"), fmt::format("kFixed{}_{}", n, m));
    const bool bad = example.find("bad") != nullptr;
    examples += fmt::format("    {{{}, {}, kFiles{}_{}, kBefore{}_{}, kFixed{}_{}, {}, {}, {}}},\n",
                            literal(example.string(bad ? "bad" : "good")), bad, n, m, n, m, n, m,
                            literal(example.string("argocd")), literal(example.string("assume")),
                            literal(example.string("simulate")));
    ++m;
  }
  return out + fmt::format("constexpr std::array<Example, {}> kExamples{}{{{{\n{}}}}};\n", m, n,
                           examples);
}

std::string rule_arrays(const RuleFile& rule, std::size_t n) {
  std::string words = words_of(rule.value, "");
  std::size_t count = 1;
  if (const Value* variants = rule.value.find("variants")) {
    for (const auto& [name, value] : variants->entries()) {
      words += words_of(value, name.text);
      ++count;
    }
  }
  std::string out =
      fmt::format("constexpr std::array<Words, {}> kWords{}{{{{\n{}}}}};\n", count, n, words);
  std::string references;
  std::size_t reference_count = 0;
  if (const Value* list = rule.value.find("references")) {
    for (const Value& item : list->items) {
      references += literal(item.text) + ", ";
      ++reference_count;
    }
  }
  out += fmt::format("constexpr std::array<std::string_view, {}> kReferences{}{{{{{}}}}};\n",
                     reference_count, n, references);
  return out + matcher_arrays(rule, n) + example_arrays(rule, n);
}

std::string data_arrays(const fs::path& path, const Value& value, std::string& tables) {
  const std::string name = enumerator(path.stem().string());
  std::string out;
  std::string rows;
  std::size_t n = 0;
  for (const auto& [key, fields] : value.entries()) {
    std::string values;
    const std::size_t count = fields.kind == Value::Kind::Sequence ? fields.items.size()
                              : fields.kind == Value::Kind::Scalar ? 1
                                                                   : 0;
    if (fields.kind == Value::Kind::Scalar) values = literal(fields.text);
    for (const Value& item : fields.items) values += literal(item.text) + ", ";
    out += fmt::format("constexpr std::array<std::string_view, {}> k{}{}{{{{{}}}}};\n", count, name,
                       n, values);
    rows += fmt::format("    {{{}, k{}{}}},\n", literal(key.text), name, n);
    ++n;
  }
  out += fmt::format("constexpr std::array<DataRow, {}> k{}{{{{\n{}}}}};\n", n, name, rows);
  tables += fmt::format("  if (table == {}) return k{};\n", literal(path.stem().string()), name);
  return out;
}

void write_if_changed(const fs::path& path, const std::string& text) {
  if (fs::exists(path) && read(path) == text) return;
  std::ofstream(path, std::ios::binary) << text;
}

std::vector<RuleFile> read_rules(const fs::path& root) {
  std::vector<RuleFile> rules;
  std::map<std::string, fs::path> codes;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const fs::path& path = entry.path();
    const fs::path family = fs::relative(path, root).begin()->string();
    if (path.extension() != ".yaml" || family == "data" ||
        path.filename().string().starts_with('_')) {
      continue;
    }
    auto value = wavetank::yaml::read_value(read(path));
    if (!value) {
      fail(path, value.error().line, value.error().message);
      continue;
    }
    RuleFile rule{.path = path, .value = std::move(*value)};
    check_fields(rule);
    check_examples(rule);
    const std::string code(rule.value.string("code"));
    if (const auto [at, is_new] = codes.emplace(code, path); !is_new) {
      fail(path, 1, fmt::format("the code {} is used by {} already", code, at->second.string()));
    }
    rules.push_back(std::move(rule));
  }
  std::sort(rules.begin(), rules.end(), [](const RuleFile& a, const RuleFile& b) {
    return a.value.string("code") < b.value.string("code");
  });
  return rules;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const fs::path root(argv[1]);
  const fs::path out(argv[2]);
  const std::vector<RuleFile> rules = read_rules(root);

  std::string checks =
      "// Written by rulegen from the files under rules/: the functions that their checks name.\n"
      "#pragma once\n\n#include \"lint/report_builder.h\"\n\n"
      "namespace wavetank::lint::checks {\n\n";
  std::string data =
      "// Written by rulegen from the files under rules/.\n#include <array>\n\n"
      "#include \"lint/catalogue.h\"\n#include \"lint/checks.h\"\n\n"
      "namespace wavetank::lint {\n\nnamespace {\n\n";
  std::string rows;
  std::size_t n = 0;
  for (const RuleFile& rule : rules) {
    std::string check = "nullptr";
    if (rule.value.find("check") != nullptr) {
      const std::string function = function_of(rule.value.string("check"));
      checks += fmt::format("void {}(const Context& context, Reporter& reporter);\n", function);
      check = fmt::format("checks::{}", function);
    }
    if (g_failed) continue;
    data += rule_arrays(rule, n);
    rows += fmt::format(
        "    {{{}, {}, {}, {}, source::Severity::{}, {}, {}, {}, {}, {}, kMatcher{}, {}, {}, {}, "
        "{}, kReferences{}, kWords{}, kExamples{}}},\n",
        literal(rule.value.string("code")), literal(rule.value.string("slug")),
        literal(rule.path.parent_path().filename().string()), literal(rule.value.string("summary")),
        severity_of(rule), literal(rule.value.string("confidence")),
        literal(rule.value.string("scope")), literal(rule.value.string("since")),
        literal(rule.value.string("status")), check, n, literal(rule.value.string("what")),
        literal(rule.value.string("why")), literal(rule.value.string("when_to_ignore")),
        literal(rule.value.string("scenario")), n, n, n);
    ++n;
  }
  checks += "\n}  // namespace wavetank::lint::checks\n";

  std::vector<fs::path> tables;
  for (const auto& entry : fs::directory_iterator(root / "data")) {
    // Folders hold the tables of other programs.
    if (entry.is_regular_file()) tables.push_back(entry.path());
  }
  std::sort(tables.begin(), tables.end());
  std::string look_up;
  for (const fs::path& table : tables) {
    auto value = wavetank::yaml::read_value(read(table));
    if (!value) {
      fail(table, value.error().line, value.error().message);
      continue;
    }
    data += data_arrays(table, *value, look_up);
  }
  data += fmt::format("constexpr std::array<Rule, {}> kRules{{{{\n{}}}}};\n\n}}  // namespace\n\n",
                      n, rows);
  data +=
      "std::span<const Rule> catalogue() { return kRules; }\n\n"
      "std::string_view rule_schema() {\n  return " +
      literal(read(root / "rule.schema.json")) +
      ";\n}\n\n"
      "std::span<const DataRow> data_table(std::string_view table) {\n" +
      look_up + "  return {};\n}\n\n}  // namespace wavetank::lint\n";
  if (g_failed) return 1;
  fs::create_directories(out / "lint");
  write_if_changed(out / "lint" / "checks.h", checks);
  write_if_changed(out / "lint" / "catalogue_data.cc", data);
  return 0;
}
