// What the examples of rules say of syncs is what the simulation does.

#include <catch2/catch.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "lint/catalogue.h"
#include "support/memory_files.h"

namespace wavetank {
namespace {

// Runs `wavetank simulate <arguments>` over the files of an example.
commands::Result simulate(const lint::Example& example) {
  support::MemoryFiles files;
  for (const lint::ExampleFile& file : example.files) {
    files.add(std::string(file.path), std::string(file.text));
  }
  std::vector<std::string> arguments{"simulate"};
  std::istringstream words{std::string(example.simulate)};
  for (std::string word; words >> word;) arguments.push_back(word);
  const cli::Invocation invocation = cli::parse(arguments, {});
  const auto* request = std::get_if<cli::Simulate>(&invocation);
  REQUIRE(request != nullptr);
  return commands::run_simulate(files, request->request).result;
}

TEST_CASE("examples that name a simulation end as they say") {
  std::size_t played = 0;
  for (const lint::Rule& rule : lint::catalogue()) {
    for (const lint::Example& example : rule.examples) {
      if (example.simulate.empty()) continue;
      const commands::Result result = simulate(example);
      CAPTURE(rule.code, example.title, example.simulate, result.output, result.errors);
      CHECK(result.exit == commands::ExitCode::Ok);
      ++played;
    }
  }
  CHECK(played > 40);
}

}  // namespace
}  // namespace wavetank
