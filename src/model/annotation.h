// The annotation keys that Argo CD and Helm give a meaning to, and how list values are read.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wavetank::model {

inline constexpr std::string_view kHook = "argocd.argoproj.io/hook";
inline constexpr std::string_view kHookDeletePolicy = "argocd.argoproj.io/hook-delete-policy";
inline constexpr std::string_view kSyncWave = "argocd.argoproj.io/sync-wave";
inline constexpr std::string_view kSyncOptions = "argocd.argoproj.io/sync-options";
inline constexpr std::string_view kCompareOptions = "argocd.argoproj.io/compare-options";
inline constexpr std::string_view kTrackingId = "argocd.argoproj.io/tracking-id";
inline constexpr std::string_view kHelmHook = "helm.sh/hook";
inline constexpr std::string_view kHelmHookDeletePolicy = "helm.sh/hook-delete-policy";
inline constexpr std::string_view kHelmHookWeight = "helm.sh/hook-weight";
inline constexpr std::string_view kIgnoreHealthCheck = "argocd.argoproj.io/ignore-healthcheck";
inline constexpr std::string_view kHookFinalizer = "argocd.argoproj.io/hook-finalizer";

// Splits at commas, trims each item of white space, drops empty items and later duplicates.
// Source: gitops-engine/pkg/sync/resource/annotations.go.
[[nodiscard]] std::vector<std::string_view> list_items(std::string_view value);

// The value of an item "key=value" with this key.
[[nodiscard]] std::optional<std::string_view> option_value(std::string_view item,
                                                           std::string_view key);

// `text` without white space at its ends, as Go's strings.TrimSpace.
[[nodiscard]] std::string_view trim(std::string_view text);

// The annotations of an object as Argo CD reads them: one value that is no text makes it see none
// at all, null is the empty text.
using Annotations = std::map<std::string, std::string, std::less<>>;
[[nodiscard]] Annotations annotations_of(const nlohmann::json& object);
[[nodiscard]] std::optional<std::string_view> find(const Annotations& annotations,
                                                   std::string_view key);

}  // namespace wavetank::model
