// kubectl's texts, as Argo CD cleans and joins them.
#pragma once

#include <string>
#include <string_view>

namespace wavetank::cluster::api {

// The name of the file that Argo CD hands to kubectl: /dev/shm/<digits> in life.
inline constexpr std::string_view kFile = "<file>";

// What kubectl adds to a conflict of server-side apply.
extern const char* const kConflictHelp;

// Source: gitops-engine/pkg/utils/kube/kube.go, cleanKubectlOutput.
[[nodiscard]] std::string cleaned_error(std::string_view error);
// Standard output, then what went to the error stream. Source: resource_ops.go, handleLogOutput.
[[nodiscard]] std::string joined_output(std::string_view out, std::string_view err);

}  // namespace wavetank::cluster::api
