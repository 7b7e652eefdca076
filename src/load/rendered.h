// From what `kustomize build` or `helm template` printed to the objects of an application.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/renderer.h"
#include "load/project.h"
#include "model/resource.h"

namespace wavetank::load {

// A part of a rendered text under the name that diagnostics give it.
struct RenderedPart {
  std::string name;
  std::string text;
};

// A chart's text by the templates that it comes from, as Helm's `# Source: chart/templates/x.yaml`
// tells: "<directory>/templates/x.yaml (rendered)". What has no such line stays under
// "<directory> (rendered)". Nothing is lost, and every part begins at its own line 1.
[[nodiscard]] std::vector<RenderedPart> rendered_parts(std::string_view directory,
                                                       std::string_view text);

// The path that a name such as "<path> (rendered)" stands for; any other name unchanged.
[[nodiscard]] std::string_view path_of_rendered(std::string_view name);

struct RenderedObjects {
  std::vector<model::Resource> resources;
  bool failed = false;  // the diagnostics of the project say why
};

// Adds texts, trees and diagnostics to the project, and an account of each part to its files. When
// any part cannot be read there are no objects at all.
[[nodiscard]] RenderedObjects read_rendered(const std::vector<RenderedPart>& parts,
                                            Project& project);

// IN016: there is nothing of `directory`. `place` is what asked for it.
[[nodiscard]] source::Diagnostic not_renderable(const std::string& directory,
                                                const base::RenderError& error, source::Span place);

}  // namespace wavetank::load
