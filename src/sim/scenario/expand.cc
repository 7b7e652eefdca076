#include "sim/scenario/expand.h"

#include <fmt/format.h>

#include <algorithm>

namespace wavetank::sim {

using yaml::Value;

namespace {

constexpr std::size_t kMostCells = 10'000;
constexpr std::size_t kDeepest = 8;

using Sources = std::vector<Extended::Source>;

Problem problem_at(const Sources& sources, const Value& where, std::string message) {
  return {.file = sources[where.source].file,
          .line = where.line,
          .column = where.column,
          .message = std::move(message)};
}

void tag(Value& value, std::uint32_t source) {
  value.source = source;
  for (Value& key : value.keys) key.source = source;
  for (Value& item : value.items) tag(item, source);
}

std::string directory_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash);
}

void put(Value& map, const Value& key, Value value) {
  for (std::size_t i = 0; i < map.keys.size(); ++i) {
    if (map.keys[i].text != key.text) continue;
    map.items[i] = std::move(value);
    return;
  }
  map.keys.push_back(key);
  map.items.push_back(std::move(value));
}

Value merged(const Value& parent, const Value& child) {
  if (parent.kind != Value::Kind::Mapping || child.kind != Value::Kind::Mapping) return child;
  Value result = parent;
  for (const auto& [key, value] : child.entries()) {
    const Value* inherited = parent.find(key.text);
    put(result, key, inherited == nullptr ? value : merged(*inherited, value));
  }
  result.line = child.line;
  result.column = child.column;
  result.source = child.source;
  return result;
}

void erase(Value& map, std::string_view key) {
  for (std::size_t i = 0; i < map.keys.size(); ++i) {
    if (map.keys[i].text != key) continue;
    map.keys.erase(map.keys.begin() + static_cast<std::ptrdiff_t>(i));
    map.items.erase(map.items.begin() + static_cast<std::ptrdiff_t>(i));
    return;
  }
}

Read<Value> read(const base::FileSystem& files, const std::string& path, Sources& sources) {
  auto text = files.read(path);
  if (!text) {
    return tl::unexpected(Problem{
        .file = path, .line = 1, .column = 1, .message = "cannot read it: " + text.error().reason});
  }
  auto value = yaml::read_value(*text);
  if (!value) {
    return tl::unexpected(Problem{.file = path,
                                  .line = value.error().line,
                                  .column = value.error().column,
                                  .message = value.error().message});
  }
  tag(*value, static_cast<std::uint32_t>(sources.size()));
  sources.push_back({.file = path, .text = *std::move(text)});
  const Value* parent = value->find("extends");
  if (parent == nullptr) return *std::move(value);
  if (parent->kind != Value::Kind::Scalar || parent->text.empty()) {
    return tl::unexpected(problem_at(sources, *parent, "extends names one file"));
  }
  if (sources.size() > kDeepest) {
    return tl::unexpected(problem_at(sources, *parent, "too many scenarios extend each other"));
  }
  auto base = read(files, directory_of(path) + "/" + parent->text, sources);
  if (!base) return base;
  erase(*value, "extends");
  return merged(*base, *value);
}

// Fills in `${name}`; reports what no matrix names.
class Filling {
 public:
  Filling(const std::vector<std::pair<std::string, std::string>>& values, const Sources& sources)
      : values_(values), sources_(sources) {}

  std::optional<Problem> fill(Value& value) {
    if (value.kind == Value::Kind::Scalar) return fill_scalar(value);
    for (Value& item : value.items) {
      if (auto problem = fill(item)) return problem;
    }
    return std::nullopt;
  }

 private:
  std::optional<Problem> fill_scalar(Value& value) {
    std::size_t from = 0;
    bool is_whole = false;
    while ((from = value.text.find("${", from)) != std::string::npos) {
      const auto end = value.text.find('}', from);
      if (end == std::string::npos) return problem_at(sources_, value, "`}` is missing after `${`");
      const std::string name = value.text.substr(from + 2, end - from - 2);
      const auto found = std::find_if(values_.begin(), values_.end(),
                                      [&](const auto& each) { return each.first == name; });
      if (found == values_.end()) {
        return problem_at(sources_, value, fmt::format("the matrix has no `{}`", name));
      }
      is_whole = from == 0 && end + 1 == value.text.size();
      value.text.replace(from, end + 1 - from, found->second);
      from += found->second.size();
    }
    // "${n}" has to be quoted in flow context; the number in its place is none the less one.
    if (is_whole) value.is_quoted = false;
    return std::nullopt;
  }

  const std::vector<std::pair<std::string, std::string>>& values_;
  const Sources& sources_;
};

}  // namespace

std::string Problem::text() const {
  return fmt::format("{}:{}:{}: {}", file, line, column, message);
}

Read<Extended> read_extended(const base::FileSystem& files, const std::string& path) {
  Extended extended;
  auto value = read(files, path, extended.sources);
  if (!value) return tl::unexpected(value.error());
  extended.value = *std::move(value);
  return extended;
}

Read<std::vector<Cell>> expand_matrix(const Extended& extended) {
  const Value& scenario = extended.value;
  const Sources& sources = extended.sources;
  std::vector<Cell> cells(1);
  Value rest = scenario;
  const Value* matrix = scenario.find("matrix");
  erase(rest, "matrix");
  if (matrix != nullptr && matrix->kind != Value::Kind::Mapping) {
    return tl::unexpected(problem_at(sources, *matrix, "a matrix is a mapping of names to lists"));
  }
  std::size_t count = 1;
  for (const auto& [name, values] :
       matrix == nullptr ? std::vector<yaml::ValueEntry>{} : matrix->entries()) {
    if (values.kind != Value::Kind::Sequence || values.items.empty()) {
      return tl::unexpected(
          problem_at(sources, values, fmt::format("`{}` needs a list of values", name.text)));
    }
    count *= std::min(values.items.size(), kMostCells + 1);
    if (count > kMostCells) {
      return tl::unexpected(problem_at(
          sources, *matrix, fmt::format("the matrix has more than {} cells", kMostCells)));
    }
  }
  if (matrix != nullptr) {
    for (const auto& [name, values] : matrix->entries()) {
      std::vector<Cell> more;
      for (const Cell& cell : cells) {
        for (const Value& value : values.items) {
          more.push_back(cell);
          more.back().values.emplace_back(name.text, value.text);
        }
      }
      cells = std::move(more);
    }
  }
  for (Cell& cell : cells) {
    cell.value = rest;
    if (auto problem = Filling(cell.values, sources).fill(cell.value)) {
      return tl::unexpected(*problem);
    }
  }
  return cells;
}

}  // namespace wavetank::sim
