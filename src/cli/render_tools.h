// Renders by running `kustomize build`, or `kubectl kustomize` where there is no kustomize, and
// `helm template`.
#pragma once

#include <chrono>

#include "base/renderer.h"

namespace wavetank::cli {

class RenderTools final : public base::Renderer {
 public:
  // How long one run may take.
  explicit RenderTools(std::chrono::milliseconds time) : time_(time) {}

  [[nodiscard]] tl::expected<std::string, base::RenderError> kustomization(
      std::string_view directory) const override;
  [[nodiscard]] tl::expected<std::string, base::RenderError> chart(
      std::string_view directory, const base::ChartSettings& settings) const override;

 private:
  std::chrono::milliseconds time_;
};

}  // namespace wavetank::cli
