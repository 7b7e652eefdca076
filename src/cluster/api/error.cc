#include "cluster/api/error.h"

#include <fmt/format.h>

#include <algorithm>

namespace wavetank::cluster::api {

using nlohmann::json;

const char* const kModifiedText =
    "the object has been modified; please apply your changes to the latest version and try again";

namespace {

std::string_view type_text(FieldErrorType type) {
  switch (type) {
    case FieldErrorType::Required: return "Required value";
    case FieldErrorType::Invalid: return "Invalid value";
    case FieldErrorType::NotSupported: return "Unsupported value";
    case FieldErrorType::Duplicate: return "Duplicate value";
    case FieldErrorType::Forbidden: return "Forbidden";
    case FieldErrorType::TooLong: return "Too long";
    case FieldErrorType::TooMany: return "Too many";
    case FieldErrorType::NotFound: return "Not found";
    case FieldErrorType::TypeInvalid: return "Invalid value";
  }
  return "";
}

bool prints_value(FieldErrorType type) {
  return type != FieldErrorType::Required && type != FieldErrorType::Forbidden &&
         type != FieldErrorType::TooLong;
}

FieldError make(FieldErrorType type, std::string path, const json& value, std::string detail) {
  return {
      .type = type, .path = std::move(path), .value = value.dump(), .detail = std::move(detail)};
}

std::string quoted_name(const KindInfo& kind, std::string_view name) {
  return fmt::format("{} \"{}\"", resource_name(kind), name);
}

}  // namespace

FieldError required(std::string path, std::string detail) {
  return make(FieldErrorType::Required, std::move(path), "", std::move(detail));
}
FieldError forbidden_field(std::string path, std::string detail) {
  return make(FieldErrorType::Forbidden, std::move(path), "", std::move(detail));
}
FieldError invalid(std::string path, const json& value, std::string detail) {
  return make(FieldErrorType::Invalid, std::move(path), value, std::move(detail));
}
FieldError duplicate(std::string path, const json& value) {
  return make(FieldErrorType::Duplicate, std::move(path), value, "");
}
FieldError not_found_value(std::string path, const json& value) {
  return make(FieldErrorType::NotFound, std::move(path), value, "");
}
FieldError too_long(std::string path, std::string detail) {
  return make(FieldErrorType::TooLong, std::move(path), "", std::move(detail));
}
FieldError not_supported(std::string path, const json& value,
                         const std::vector<std::string_view>& supported) {
  std::string detail;
  for (std::string_view each : supported) {
    detail += fmt::format("{}\"{}\"", detail.empty() ? "supported values: " : ", ", each);
  }
  return make(FieldErrorType::NotSupported, std::move(path), value, std::move(detail));
}

std::string to_text(const FieldError& error) {
  std::string text = fmt::format("{}: {}", error.path, type_text(error.type));
  if (prints_value(error.type)) text += ": " + error.value;
  if (!error.detail.empty()) text += ": " + error.detail;
  return text;
}

std::string_view cause_name(FieldErrorType type) {
  switch (type) {
    case FieldErrorType::Required: return "FieldValueRequired";
    case FieldErrorType::Invalid: return "FieldValueInvalid";
    case FieldErrorType::NotSupported: return "FieldValueNotSupported";
    case FieldErrorType::Duplicate: return "FieldValueDuplicate";
    case FieldErrorType::Forbidden: return "FieldValueForbidden";
    case FieldErrorType::TooLong: return "FieldValueTooLong";
    case FieldErrorType::TooMany: return "FieldValueTooMany";
    case FieldErrorType::NotFound: return "FieldValueNotFound";
    case FieldErrorType::TypeInvalid: return "FieldValueTypeInvalid";
  }
  return "";
}

ApiError not_found_error(const KindInfo& kind, std::string_view name) {
  return {.code = 404, .reason = "NotFound", .message = quoted_name(kind, name) + " not found"};
}

ApiError already_exists_error(const KindInfo& kind, std::string_view name) {
  return {.code = 409,
          .reason = "AlreadyExists",
          .message = quoted_name(kind, name) + " already exists"};
}

ApiError being_deleted_error(const KindInfo& kind, std::string_view name) {
  ApiError error = already_exists_error(kind, name);
  error.message = "object is being deleted: " + error.message;
  return error;
}

ApiError conflict_error(const KindInfo& kind, std::string_view name, std::string_view why) {
  return {.code = 409,
          .reason = "Conflict",
          .message =
              fmt::format("Operation cannot be fulfilled on {}: {}", quoted_name(kind, name), why)};
}

ApiError forbidden_error(const KindInfo& kind, std::string_view name, std::string_view why) {
  const std::string what = name.empty() ? resource_name(kind) : quoted_name(kind, name);
  return {
      .code = 403, .reason = "Forbidden", .message = fmt::format("{} is forbidden: {}", what, why)};
}

ApiError invalid_error(const KindInfo& kind, std::string_view name, const FieldErrors& errors) {
  ApiError result{.code = 422, .reason = "Invalid"};
  std::vector<std::string> texts;
  for (const FieldError& error : errors) {
    std::string text = to_text(error);
    // Equal lines are told once; so says util/errors.Aggregate.
    if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(text);
    result.causes.push_back({error.path, std::string(cause_name(error.type))});
  }
  const std::string joined =
      texts.size() == 1 ? texts.front() : fmt::format("[{}]", fmt::join(texts, ", "));
  result.message = fmt::format("{} \"{}\" is invalid: {}", kind_name(kind), name, joined);
  return result;
}

ApiError bad_patch_error(std::string_view value, std::string_view why) {
  return {.code = 422,
          .reason = "Invalid",
          .message = fmt::format(" \"\" is invalid: patch: Invalid value: {}: {}",
                                 json(value).dump(), why),
          .causes = {{"patch", "FieldValueInvalid"}}};
}

ApiError bad_request_error(std::string message) {
  return {.code = 400, .reason = "BadRequest", .message = std::move(message)};
}

ApiError internal_error(std::string message) {
  return {.code = 500, .reason = "InternalError", .message = std::move(message)};
}

ApiError no_such_path_error() {
  return {.code = 404,
          .reason = "NotFound",
          .message = "the server could not find the requested resource"};
}

ApiError too_large_error(std::string message) {
  return {.code = 413, .reason = "RequestEntityTooLarge", .message = std::move(message)};
}

}  // namespace wavetank::cluster::api
