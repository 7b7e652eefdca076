// What happens to a scenario file before it is understood: its parent is merged in, and its matrix
// makes several of it.
#pragma once

#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "base/file_system.h"
#include "yaml/typed.h"

namespace wavetank::sim {

// A problem at a place of a file.
struct Problem {
  std::string file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string message;

  [[nodiscard]] std::string text() const;
};
template <class T>
using Read = tl::expected<T, Problem>;

// A file, and its parents; `Value::source` counts them.
struct Extended {
  struct Source {
    std::string file;
    std::string text;
  };
  yaml::Value value;
  std::vector<Source> sources;
};

// The file with `extends` resolved: mappings are merged, deeply, and everything else is replaced.
// Paths of the parent are relative to the child, too.
[[nodiscard]] Read<Extended> read_extended(const base::FileSystem& files, const std::string& path);

struct Cell {
  std::vector<std::pair<std::string, std::string>> values;  // by name, in the order of the file
  yaml::Value value;                                        // without `matrix`
};
// The cells of `matrix`, each with `${name}` filled in; one, if there is none.
[[nodiscard]] Read<std::vector<Cell>> expand_matrix(const Extended& scenario);

}  // namespace wavetank::sim
