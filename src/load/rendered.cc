#include "load/rendered.h"

#include <fmt/format.h>

#include <algorithm>

#include "load/document.h"
#include "load/path.h"

namespace wavetank::load {

namespace {

constexpr std::string_view kRendered = " (rendered)";
constexpr std::string_view kSource = "# Source: ";

// The next line with its line break.
std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  const std::string_view line = text.substr(0, end == std::string_view::npos ? end : end + 1);
  text.remove_prefix(line.size());
  return line;
}

// "# Source: shop/templates/a.yaml" -> "templates/a.yaml"; the first part is the chart's name,
// which need not be that of its directory.
std::string_view template_of(std::string_view line) {
  line.remove_prefix(kSource.size());
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r' || line.back() == ' ')) {
    line.remove_suffix(1);
  }
  const auto slash = line.find('/');
  return slash == std::string_view::npos ? line : line.substr(slash + 1);
}

}  // namespace

std::vector<RenderedPart> rendered_parts(std::string_view directory, std::string_view text) {
  std::vector<RenderedPart> parts;
  const auto append = [&](const std::string& name, std::string_view document) {
    const auto found = std::find_if(parts.begin(), parts.end(),
                                    [&](const RenderedPart& part) { return part.name == name; });
    RenderedPart& part =
        found == parts.end() ? parts.emplace_back(RenderedPart{.name = name}) : *found;
    part.text += document;
  };
  std::string name = fmt::format("{}{}", directory, kRendered);
  const char* begin = text.data();
  bool is_first_line = true;  // of a document, behind its separator
  const auto flush = [&](const char* end) {
    if (end > begin) append(name, {begin, static_cast<std::size_t>(end - begin)});
    begin = end;
  };
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (line.starts_with("---")) {
      flush(line.data());
      is_first_line = true;
      continue;
    }
    if (is_first_line && line.starts_with(kSource)) {
      name = fmt::format("{}{}", join(directory, template_of(line)), kRendered);
    }
    is_first_line = false;
  }
  flush(text.data());
  return parts;
}

std::string_view path_of_rendered(std::string_view name) {
  if (name.ends_with(kRendered)) name.remove_suffix(kRendered.size());
  return name;
}

RenderedObjects read_rendered(const std::vector<RenderedPart>& parts, Project& project) {
  RenderedObjects result;
  for (const RenderedPart& part : parts) {
    ReadFile read = read_text(part.name, part.text, project);
    const FileStatus status = read.report.status;
    if (status == FileStatus::Template) {
      source::Diagnostic diagnostic{.severity = source::Severity::Error,
                                    .code = "IN003",
                                    .slug = "yaml-syntax",
                                    .message = "what was rendered is no YAML",
                                    .subject = part.name};
      project.diagnostics.push_back(std::move(diagnostic));
    }
    result.failed = result.failed || status == FileStatus::Template ||
                    status == FileStatus::NotText || status == FileStatus::SyntaxError ||
                    status == FileStatus::OverLimit;
    project.files.push_back(read.report);
    result.resources.insert(result.resources.end(), std::make_move_iterator(read.resources.begin()),
                            std::make_move_iterator(read.resources.end()));
  }
  if (result.failed) result.resources.clear();
  return result;
}

source::Diagnostic not_renderable(const std::string& directory, const base::RenderError& error,
                                  source::Span place) {
  source::Diagnostic diagnostic{.severity = source::Severity::Error,
                                .code = "IN016",
                                .slug = "not-renderable",
                                .subject = directory};
  diagnostic.message = fmt::format("`{}` cannot be rendered: {}", directory, error.reason);
  for (std::size_t i = 0; i < error.lines.size(); ++i) {
    diagnostic.message += fmt::format("{} {}", i == 0 ? ":" : ";", error.lines[i]);
  }
  diagnostic.primary = {.span = place, .text = place.valid() ? "asked for here" : ""};
  diagnostic.consequence = "nothing of it was checked";
  return diagnostic;
}

}  // namespace wavetank::load
