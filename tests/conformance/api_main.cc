// `wavetank_api_vectors FILE...`: how far our API server agrees with recorded ones, per category.
//   --show N       print the first N disagreements
//   --only TEXT    only cases whose id contains TEXT
//   --list         ids of all cases that do not agree exactly
#include <fmt/format.h>
#include <zlib.h>

#include <cstdlib>
#include <cstring>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "conformance/api_case.h"

namespace {

using nlohmann::json;

bool read_file(const char* path, std::string& content) {
  gzFile file = gzopen(path, "rb");
  if (file == nullptr) return false;
  std::vector<char> buffer(1U << 16U);
  int count = 0;
  while ((count = gzread(file, buffer.data(), static_cast<unsigned>(buffer.size()))) > 0) {
    content.append(buffer.data(), static_cast<std::size_t>(count));
  }
  gzclose(file);
  return count == 0;
}

struct Figures {
  int total = 0;
  int exact = 0;
  int same_kind = 0;
};

struct Settings {
  std::vector<const char*> files;
  const char* only = "";
  int show = 0;
  bool list = false;
};

void report(const json& recorded, const wavetank::conformance::ApiVerdict& verdict,
            Settings& settings) {
  const std::string id = recorded.value("id", "");
  if (settings.list) fmt::print("{} {}\n", verdict.same_kind ? "~" : "X", id);
  if (settings.show <= 0) return;
  --settings.show;
  fmt::print("== {}{}\n", id, verdict.same_kind ? " (same kind)" : "");
  for (const std::string& line : verdict.expected) fmt::print("  - {}\n", line);
  for (const std::string& line : verdict.actual) fmt::print("  + {}\n", line);
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--show") == 0 && i + 1 < argc) {
      settings.show = std::atoi(argv[++i]);
    } else if (std::strcmp(argv[i], "--only") == 0 && i + 1 < argc) {
      settings.only = argv[++i];
    } else if (std::strcmp(argv[i], "--list") == 0) {
      settings.list = true;
    } else {
      settings.files.push_back(argv[i]);
    }
  }
  std::map<std::string, Figures> figures;
  for (const char* path : settings.files) {
    std::string content;
    if (!read_file(path, content)) {
      fmt::print(stderr, "cannot read {}\n", path);
      return 2;
    }
    for (std::size_t begin = 0; begin < content.size();) {
      const auto end = std::min(content.find('\n', begin), content.size());
      const json recorded =
          json::parse(content.begin() + static_cast<std::ptrdiff_t>(begin),
                      content.begin() + static_cast<std::ptrdiff_t>(end), nullptr, false);
      begin = end + 1;
      if (!wavetank::conformance::is_api_case(recorded)) continue;
      const std::string id = recorded.value("id", "");
      if (id.find(settings.only) == std::string::npos) continue;
      const auto verdict = wavetank::conformance::check_api_case(recorded);
      const std::string family = id.substr(0, id.find('/'));
      for (const std::string& name : {verdict.category, verdict.category + "/" + family}) {
        Figures& each = figures[name];
        ++each.total;
        each.exact += verdict.exact ? 1 : 0;
        each.same_kind += verdict.same_kind ? 1 : 0;
      }
      if (!verdict.exact) report(recorded, verdict, settings);
    }
  }
  for (const auto& [name, each] : figures) {
    fmt::print("{:<32} {:>5} exact {:>5} ({:5.1f} %)  same kind {:>5} ({:5.1f} %)\n", name,
               each.total, each.exact, 100.0 * each.exact / each.total, each.same_kind,
               100.0 * each.same_kind / each.total);
  }
  return 0;
}
