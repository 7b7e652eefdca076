#include "cli/render_tools.h"

#include <fmt/format.h>

#include "cli/process.h"

namespace wavetank::cli {

namespace {

using base::RenderError;

constexpr std::size_t kOutputMax = std::size_t{256} << 20U;
constexpr std::size_t kLinesMax = 3;

std::vector<std::string> first_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty() && lines.size() < kLinesMax) {
    const auto end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.find_first_not_of(" \t") != std::string_view::npos) lines.emplace_back(line);
  }
  return lines;
}

// `name` is what the diagnostic calls the tool.
tl::expected<std::string, RenderError> run_tool(const std::string& name,
                                                std::vector<std::string> arguments,
                                                const ProgramLimits& limits) {
  auto output = run_program(std::move(arguments), limits);
  if (!output) {
    return tl::unexpected(
        RenderError{.reason = fmt::format("`{}` gave nothing: {}", name, output.error())});
  }
  if (output->status == 0) return std::move(output->out);
  return tl::unexpected(RenderError{
      .reason = output->status < 0 ? fmt::format("`{}` was ended by a signal", name)
                                   : fmt::format("`{}` ended with {}", name, output->status),
      .lines = first_lines(output->err)});
}

// A directory whose name begins with a dash would be a flag.
std::string as_operand(std::string_view path) {
  return path.starts_with('-') ? fmt::format("./{}", path) : std::string(path);
}

}  // namespace

tl::expected<std::string, RenderError> RenderTools::kustomization(
    std::string_view directory) const {
  const ProgramLimits limits{.time = time_, .output = kOutputMax};
  if (is_installed("kustomize")) {
    return run_tool("kustomize build", {"kustomize", "build", as_operand(directory)}, limits);
  }
  if (is_installed("kubectl")) {
    return run_tool("kubectl kustomize", {"kubectl", "kustomize", as_operand(directory)}, limits);
  }
  return tl::unexpected(
      RenderError{.reason = "neither `kustomize` nor `kubectl` is installed, and one is needed"});
}

tl::expected<std::string, RenderError> RenderTools::chart(
    std::string_view directory, const base::ChartSettings& settings) const {
  if (!is_installed("helm")) {
    return tl::unexpected(RenderError{.reason = "`helm` is not installed"});
  }
  std::vector<std::string> arguments{"helm", "template", "--name-template=" + settings.release};
  if (!settings.name_space.empty()) arguments.push_back("--namespace=" + settings.name_space);
  if (!settings.skip_crds) arguments.emplace_back("--include-crds");
  for (const std::string& file : settings.value_files) {
    arguments.push_back(
        fmt::format("--values={}", file.starts_with('/') || file.find("://") != std::string::npos
                                       ? file
                                       : fmt::format("{}/{}", directory, file)));
  }
  if (!settings.values.empty()) arguments.emplace_back("--values=-");
  for (const auto& [name, value] : settings.parameters) {
    arguments.push_back(fmt::format("--set={}={}", name, value));
  }
  for (const auto& [name, value] : settings.string_parameters) {
    arguments.push_back(fmt::format("--set-string={}={}", name, value));
  }
  arguments.push_back(as_operand(directory));
  return run_tool("helm template", std::move(arguments),
                  {.input = settings.values, .time = time_, .output = kOutputMax});
}

}  // namespace wavetank::cli
