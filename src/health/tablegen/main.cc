// tablegen TABLE_DIR OUT_DIR: compiles rules/data/health/*.yaml into health/table_data.cc.
//
// Whatever is wrong with a table fails the build at its line: unknown fields, a parameter that a
// family wants and a row lacks, mistakes in a rule, a kind that appears twice.

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "health/tablegen/compiler.h"
#include "yaml/typed.h"

namespace {

namespace fs = std::filesystem;
using wavetank::health::table::Block;
using wavetank::health::table::Expression;
using wavetank::health::table::Step;
using wavetank::health::tablegen::Compiler;
using wavetank::health::tablegen::Output;
using wavetank::model::ArgocdVersion;
using wavetank::yaml::Value;

bool g_failed = false;

void fail(const fs::path& file, std::size_t line, const std::string& message) {
  fmt::print(stderr, "{}:{}: error: {}\n", file.string(), line, message);
  g_failed = true;
}

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string literal(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '?': out += "\\?"; break;  // no trigraphs
      default: out += c;
    }
  }
  return out + "\"";
}

struct Row {
  std::string group;
  std::string kind;
  std::string since;
  std::string before;
  Block rules;
  std::string healthy;
};

using Parameters = std::map<std::string, std::string, std::less<>>;

// The lines of a parameter, each indented like the line that they stand for.
std::string indented(std::string_view value, std::size_t indent) {
  std::string result;
  for (const char c : value.substr(0, value.find_last_not_of('\n') + 1)) {
    result += c;
    if (c == '\n') result.append(indent, ' ');
  }
  return result;
}

// Puts the parameters of a row into the text of its family: `<name>` stands for one.
std::string filled_in(std::string text, const Parameters& parameters) {
  // Twice: a parameter may itself use another.
  for (int pass = 0; pass < 2; ++pass) {
    for (const auto& [name, value] : parameters) {
      const std::string mark = "<" + name + ">";
      for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at)) {
        const auto line = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;
        const std::string lines = indented(value, at - line);
        text.replace(at, mark.size(), lines);
        at += lines.size();
      }
    }
  }
  return text;
}

// A condition list, "[Ready=True] [Synced=True]", as JSON; anything else stays as it is.
std::string example_of(const std::string& text) {
  if (!text.starts_with('[')) return text;
  nlohmann::json conditions = nlohmann::json::array();
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const auto sign = word.find('=');
    conditions.push_back({{"type", word.substr(1, sign - 1)},
                          {"status", word.substr(sign + 1, word.size() - sign - 2)}});
  }
  return nlohmann::json{{"conditions", conditions}}.dump();
}

std::string version_of(const std::string& text, const std::string& otherwise) {
  if (text.empty()) return otherwise;
  const auto dot = text.find('.');
  return fmt::format("{{{}, {}}}", text.substr(0, dot), text.substr(dot + 1));
}

class Table {
 public:
  void read_file(const fs::path& path);
  [[nodiscard]] std::string source() const;

 private:
  // From `since` up to and without `before`; empty where there is no limit.
  struct Range {
    std::string since;
    std::string before;
  };
  struct Name {
    std::string kind;
    Range range;
  };

  void read_kind(const std::string& kinds, const Value& fields);
  void read_variant(const std::string& kinds, const std::vector<const Value*>& levels,
                    const Range& range);
  void compile(const Name& name, const Value& text, const Parameters& parameters,
               const std::string& healthy);
  std::optional<std::string> example(const Value& at, const std::string& text);
  [[nodiscard]] std::string rows(bool wildcards) const;

  fs::path path_;
  std::map<std::string, Value, std::less<>> families_;
  Value snippets_;
  Output output_;
  std::vector<Row> rows_;
};

void Table::read_file(const fs::path& path) {
  path_ = path;
  families_.clear();
  const auto value = wavetank::yaml::read_value(read(path));
  if (!value) {
    fail(path, value.error().line, value.error().message);
    return;
  }
  for (const auto& [key, fields] : value->entries()) {
    if (key.text != "families" && key.text != "kinds" && key.text != "snippets") {
      fail(path, key.line, fmt::format("unknown field `{}`", key.text));
    }
  }
  if (const Value* families = value->find("families")) {
    for (const auto& [name, fields] : families->entries()) families_.emplace(name.text, fields);
  }
  snippets_ = value->find("snippets") == nullptr ? Value() : *value->find("snippets");
  if (const Value* kinds = value->find("kinds")) {
    for (const auto& [name, fields] : kinds->entries()) read_kind(name.text, fields);
  }
}

// A row is rules of its own, or a family with its parameters.
void Table::read_kind(const std::string& kinds, const Value& fields) {
  const Value* source = &fields;
  if (const std::string family(fields.string("family")); !family.empty()) {
    const auto found = families_.find(family);
    if (found == families_.end()) {
      fail(path_, fields.line, fmt::format("there is no family `{}`", family));
      return;
    }
    source = &found->second;
  }
  // Differences of older versions, the oldest first; each reaches up to its `before`.
  std::string since(fields.string("since"));
  if (const Value* older = fields.find("older")) {
    for (const Value& change : older->items) {
      const std::string before(change.string("before"));
      read_variant(kinds, {&snippets_, source, &fields, &change}, {since, before});
      since = before;
    }
  }
  read_variant(kinds, {&snippets_, source, &fields}, {since, std::string(fields.string("before"))});
}

// The levels from the most general to the most special: what a later one says counts.
void Table::read_variant(const std::string& kinds, const std::vector<const Value*>& levels,
                         const Range& range) {
  const std::set<std::string, std::less<>> known{"family", "rules",  "healthy",
                                                 "since",  "before", "older"};
  Parameters parameters;
  const Value* text = nullptr;
  std::string healthy;
  for (const Value* level : levels) {
    for (const auto& [key, value] : level->entries()) {
      if (!known.contains(key.text)) parameters[key.text] = value.text;
    }
    if (const Value* rules = level->find("rules")) text = rules;
    if (level->find("healthy") != nullptr) healthy = level->string("healthy");
  }
  if (text == nullptr) {
    fail(path_, levels.back()->line, fmt::format("`{}` has no rules", kinds));
    return;
  }
  std::istringstream names(kinds);
  for (std::string name; names >> name;) {
    Parameters own = parameters;
    own.emplace("kind", name.substr(name.rfind('/') + 1));
    compile({name, range}, *text, own, healthy);
  }
}

void Table::compile(const Name& name, const Value& text, const Parameters& parameters,
                    const std::string& healthy) {
  Compiler compiler(output_);
  const auto slash = name.kind.rfind('/');
  Row row{.group = slash == std::string::npos ? "" : name.kind.substr(0, slash),
          .kind = name.kind.substr(slash + 1),
          .since = name.range.since,
          .before = name.range.before};
  const std::string rules = filled_in(text.text, parameters);
  row.rules = compiler.rules(rules);
  for (const auto& mistake : compiler.mistakes()) {
    // The text of a block begins in the line below its indicator.
    fail(path_, text.line + mistake.line + 1, fmt::format("{}: {}", name.kind, mistake.message));
  }
  row.healthy = example(text, filled_in(healthy, parameters)).value_or("");
  rows_.push_back(std::move(row));
}

// The example of a healthy status as JSON, with its expressions compiled.
std::optional<std::string> Table::example(const Value& at, const std::string& text) {
  if (text.empty()) return std::nullopt;
  const auto json = nlohmann::json::parse(example_of(text), nullptr, false);
  if (json.is_discarded()) {
    fail(path_, at.line, fmt::format("this example is no JSON: {}", text));
    return std::nullopt;
  }
  Compiler compiler(output_);
  const auto flat = json.flatten();
  nlohmann::json result = json;
  for (const auto& [pointer, value] : flat.items()) {
    if (!value.is_string() || !value.get_ref<const std::string&>().starts_with('=')) continue;
    const std::string expression = value.get<std::string>().substr(1);
    result[nlohmann::json::json_pointer(pointer)] =
        fmt::format("={}", compiler.expression(expression));
  }
  for (const auto& mistake : compiler.mistakes()) fail(path_, at.line, mistake.message);
  return result.dump();
}

std::string Table::rows(bool wildcards) const {
  std::vector<Row> chosen;
  for (const Row& row : rows_) {
    const bool is_wildcard = (row.group + row.kind).find('*') != std::string::npos;
    if (is_wildcard == wildcards) chosen.push_back(row);
  }
  const auto key = [](const Row& row) {
    return std::tuple(row.group, row.kind, version_of(row.since, "{0, 0}"));
  };
  std::sort(chosen.begin(), chosen.end(),
            [&](const Row& a, const Row& b) { return key(a) < key(b); });
  const auto twice = std::adjacent_find(chosen.begin(), chosen.end(),
                                        [&](auto& a, auto& b) { return key(a) == key(b); });
  if (twice != chosen.end()) {
    fail("rules/data/health", 1, fmt::format("{}/{} is there twice", twice->group, twice->kind));
  }
  std::string out = fmt::format("constexpr std::array<Row, {}> k{}{{{{\n", chosen.size(),
                                wildcards ? "Wildcards" : "Exact");
  for (const Row& row : chosen) {
    out += fmt::format("    {{{}, {}, {}, {}, {{{}, {}}}, {}}},\n", literal(row.group),
                       literal(row.kind), version_of(row.since, "{0, 0}"),
                       version_of(row.before, "{999, 0}"), row.rules.begin, row.rules.end,
                       literal(row.healthy));
  }
  return out + "}};\n";
}

std::string Table::source() const {
  std::string out =
      "// Written by tablegen from rules/data/health/.\n#include \"health/table/program.h\"\n\n"
      "#include <array>\n\nnamespace wavetank::health::table {\n\nnamespace {\n\n";
  out += fmt::format("constexpr std::array<Expression, {}> kExpressions{{{{\n",
                     output_.expressions.size());
  for (const Expression& e : output_.expressions) {
    out += fmt::format("    {{static_cast<Op>({}), {}, {}, {}}},\n", static_cast<int>(e.op), e.a,
                       e.b, e.c);
  }
  out += fmt::format("}}}};\nconstexpr std::array<std::string_view, {}> kTexts{{{{\n",
                     output_.texts.size());
  for (const auto& text : output_.texts) out += fmt::format("    {},\n", literal(text));
  out +=
      fmt::format("}}}};\nconstexpr std::array<double, {}> kNumbers{{{{", output_.numbers.size());
  for (const double number : output_.numbers) out += fmt::format("{}, ", number);
  out += fmt::format("}}}};\nconstexpr std::array<Step, {}> kSteps{{{{\n", output_.steps.size());
  for (const Step& s : output_.steps) {
    out += fmt::format(
        "    {{static_cast<StepKind>({}), {}, {}, {}, {}, {}, {{{}, {}}}, {{{}, {}}}}},\n",
        static_cast<int>(s.kind), s.value, s.status, s.message, s.variable, s.is_strict,
        s.body.begin, s.body.end, s.otherwise.begin, s.otherwise.end);
  }
  out += "}};\n" + rows(false) + rows(true);
  out += fmt::format(
      "constexpr Program kProgram{{kExpressions, kTexts, kNumbers, kSteps, kExact, kWildcards, "
      "{}}};"
      "\n\n}}  // namespace\n\nconst Program& program() {{ return kProgram; }}\n\n"
      "}}  // namespace wavetank::health::table\n",
      output_.variables);
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(argv[1])) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  Table table;
  for (const fs::path& file : files) table.read_file(file);
  const std::string source = table.source();
  if (g_failed) return 1;
  const fs::path out = fs::path(argv[2]) / "health" / "table_data.cc";
  fs::create_directories(out.parent_path());
  if (!fs::exists(out) || read(out) != source) std::ofstream(out, std::ios::binary) << source;
  return 0;
}
