// The port through which kustomizations and charts are rendered by the tools that Argo CD uses.
//
// `cli` implements it by running them; tests answer themselves. Nothing here throws. Everything
// that a tool prints was written by others.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace wavetank::base {

// Why there is no rendered text: one clause, and what the tool said first.
struct RenderError {
  std::string reason;              // "`kustomize build` ended with 1"
  std::vector<std::string> lines;  // the first lines of its standard error
};

// What an Application says of a chart.
struct ChartSettings {
  std::string release;
  std::string name_space;
  std::vector<std::string> value_files;  // relative to the chart
  std::string values;                    // a YAML text of its own; empty: none
  std::vector<std::pair<std::string, std::string>> parameters;         // --set
  std::vector<std::pair<std::string, std::string>> string_parameters;  // --set-string
  bool skip_crds = false;
};

class Renderer {
 public:
  virtual ~Renderer() = default;

  // The objects that the kustomization of a directory makes, as YAML documents.
  [[nodiscard]] virtual tl::expected<std::string, RenderError> kustomization(
      std::string_view directory) const = 0;
  // The same of the chart of a directory.
  [[nodiscard]] virtual tl::expected<std::string, RenderError> chart(
      std::string_view directory, const ChartSettings& settings) const = 0;
};

}  // namespace wavetank::base
