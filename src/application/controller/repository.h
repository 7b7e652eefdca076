// The repositories behind applications: what a revision stands for, and what is in it.
#pragma once

#include <string>
#include <tl/expected.hpp>

#include "application/controller/application_spec.h"
#include "model/bundle.h"

namespace wavetank::application {

class Repository {
 public:
  Repository() = default;
  Repository(const Repository&) = delete;
  Repository& operator=(const Repository&) = delete;
  virtual ~Repository() = default;

  // The revision that a name ("HEAD", "main", empty) stands for at this moment, or why none.
  [[nodiscard]] virtual tl::expected<std::string, std::string> resolve(
      const ApplicationSpec& application, const std::string& revision) const = 0;
  // The manifests of the application at a resolved revision, or why they cannot be had. The bundle
  // outlives the repository's users and is the same for the same question.
  [[nodiscard]] virtual tl::expected<const model::Bundle*, std::string> manifests(
      const ApplicationSpec& application, const std::string& revision) const = 0;
};

}  // namespace wavetank::application
