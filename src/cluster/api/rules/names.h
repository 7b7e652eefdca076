// The forms of names, labels and annotations, and the words for what is wrong with them.
//
// Source: apimachinery, util/validation and api/validation of 1.36.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "cluster/api/error.h"

namespace wavetank::cluster::api {

using Complaints = std::vector<std::string>;

[[nodiscard]] Complaints check_dns_label(std::string_view name);
[[nodiscard]] Complaints check_dns_subdomain(std::string_view name);
[[nodiscard]] Complaints check_dns_1035_label(std::string_view name);
[[nodiscard]] Complaints check_qualified_name(std::string_view name);
[[nodiscard]] Complaints check_label_value(std::string_view value);
[[nodiscard]] Complaints check_config_key(std::string_view key);
[[nodiscard]] Complaints check_path_segment(std::string_view name);
[[nodiscard]] Complaints check_port_name(std::string_view name);
[[nodiscard]] Complaints check_env_name(std::string_view name);
[[nodiscard]] Complaints check_wildcard_subdomain(std::string_view name);

// The rules of metadata that hold for every kind. `name_errors` are those of the kind's own rule.
[[nodiscard]] FieldErrors validate_metadata(const KindInfo& kind, const nlohmann::json& object);
[[nodiscard]] FieldErrors validate_metadata_update(const KindInfo& kind,
                                                   const nlohmann::json& object,
                                                   const nlohmann::json& live);
[[nodiscard]] FieldErrors validate_labels(const nlohmann::json& labels, const std::string& path);
[[nodiscard]] FieldErrors validate_annotations(const nlohmann::json& annotations,
                                               const std::string& path);

}  // namespace wavetank::cluster::api
