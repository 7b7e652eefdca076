// What the API server answers when it refuses: an HTTP code, a reason, a text, and the causes.
//
// Texts are Kubernetes' own, because Argo CD shows them to its users word for word. A FieldError is
// one line of a validation (`spec.selector: Invalid value: ...: field is immutable`); an ApiError
// is the whole answer. Source: apimachinery, api/errors and util/validation/field of 1.36.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cluster/api/schema/kinds.h"

namespace wavetank::cluster::api {

enum class FieldErrorType : std::uint8_t {
  Required,
  Invalid,
  NotSupported,
  Duplicate,
  Forbidden,
  TooLong,
  TooMany,
  NotFound,
  TypeInvalid,
};

struct FieldError {
  FieldErrorType type = FieldErrorType::Invalid;
  std::string path;
  std::string value;  // as the server prints it: JSON, for most
  std::string detail;
};
using FieldErrors = std::vector<FieldError>;

[[nodiscard]] FieldError required(std::string path, std::string detail = {});
[[nodiscard]] FieldError forbidden_field(std::string path, std::string detail);
[[nodiscard]] FieldError invalid(std::string path, const nlohmann::json& value, std::string detail);
[[nodiscard]] FieldError duplicate(std::string path, const nlohmann::json& value);
[[nodiscard]] FieldError not_found_value(std::string path, const nlohmann::json& value);
[[nodiscard]] FieldError too_long(std::string path, std::string detail);
// `supported` in the order in which the server lists it.
[[nodiscard]] FieldError not_supported(std::string path, const nlohmann::json& value,
                                       const std::vector<std::string_view>& supported);

[[nodiscard]] std::string to_text(const FieldError& error);
// "FieldValueInvalid", as a Status names its causes.
[[nodiscard]] std::string_view cause_name(FieldErrorType type);

struct Cause {
  std::string field;
  std::string type;
};

struct ApiError {
  int code = 0;
  std::string reason;  // "Invalid", "NotFound", ...
  std::string message;
  std::vector<Cause> causes;
};

[[nodiscard]] ApiError not_found_error(const KindInfo& kind, std::string_view name);
[[nodiscard]] ApiError already_exists_error(const KindInfo& kind, std::string_view name);
[[nodiscard]] ApiError being_deleted_error(const KindInfo& kind, std::string_view name);
[[nodiscard]] ApiError conflict_error(const KindInfo& kind, std::string_view name,
                                      std::string_view why);
[[nodiscard]] ApiError forbidden_error(const KindInfo& kind, std::string_view name,
                                       std::string_view why);
[[nodiscard]] ApiError invalid_error(const KindInfo& kind, std::string_view name,
                                     const FieldErrors& errors);
// A patch that cannot be decoded: `"" is invalid: patch: Invalid value: ...`.
[[nodiscard]] ApiError bad_patch_error(std::string_view value, std::string_view why);
[[nodiscard]] ApiError bad_request_error(std::string message);
[[nodiscard]] ApiError internal_error(std::string message);
// The kind is gone although the client still knows its path.
[[nodiscard]] ApiError no_such_path_error();
[[nodiscard]] ApiError too_large_error(std::string message);

extern const char* const kModifiedText;  // of a conflict between versions

}  // namespace wavetank::cluster::api
