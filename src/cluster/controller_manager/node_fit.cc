#include "cluster/controller_manager/node_fit.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "cluster/api/object/json_access.h"

namespace wavetank::cluster {

using api::at;
using api::has;
using api::list;
using api::text;
using nlohmann::json;

namespace {

constexpr const char* kRequiredTerms =
    "/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms";

std::optional<std::int64_t> integer(const std::string& value) {
  std::int64_t result = 0;
  const char* end = value.data() + value.size();
  const auto [stop, error] = std::from_chars(value.data(), end, result);
  if (error != std::errc() || stop != end) return std::nullopt;
  return result;
}

// Null: the node has no such label.
bool requirement_holds(const json& requirement, const json& value) {
  const std::string operation = text(requirement, "/operator");
  const json& values = list(requirement, "/values");
  const bool is_in = std::find(values.begin(), values.end(), value) != values.end();
  if (operation == "In") return !value.is_null() && is_in;
  if (operation == "NotIn") return value.is_null() || !is_in;
  if (operation == "Exists") return !value.is_null();
  if (operation == "DoesNotExist") return value.is_null();
  if (!value.is_string() || values.size() != 1 || !values[0].is_string()) return false;
  const auto left = integer(value.get<std::string>());
  const auto right = integer(values[0].get<std::string>());
  if (!left || !right) return false;
  if (operation == "Gt") return *left > *right;
  return operation == "Lt" && *left < *right;
}

// All requirements of a term hold; a term without any matches nothing.
bool term_matches(const json& term, const json& node) {
  const json& expressions = list(term, "/matchExpressions");
  const json& fields = list(term, "/matchFields");
  if (expressions.empty() && fields.empty()) return false;
  for (const json& each : expressions) {
    const json& value = api::member(node, "/metadata/labels", text(each, "/key"));
    if (!requirement_holds(each, value)) return false;
  }
  return std::all_of(fields.begin(), fields.end(), [&](const json& each) {
    return requirement_holds(each, at(node, "/metadata/name"));
  });
}

}  // namespace

std::string target_node(const json& pod) {
  std::string node = text(pod, "/spec/nodeName");
  if (!node.empty()) return node;
  for (const json& term : list(at(pod, "/spec"), kRequiredTerms)) {
    for (const json& each : list(term, "/matchFields")) {
      const json& values = list(each, "/values");
      if (text(each, "/key") == "metadata.name" && text(each, "/operator") == "In" &&
          values.size() == 1 && values[0].is_string()) {
        return values[0].get<std::string>();
      }
    }
  }
  return "";
}

bool node_matches(const json& pod_spec, const json& node) {
  const json& selector = at(pod_spec, "/nodeSelector");
  if (selector.is_object()) {
    for (const auto& [key, value] : selector.items()) {
      if (api::member(node, "/metadata/labels", key) != value) return false;
    }
  }
  if (!has(pod_spec, kRequiredTerms)) return true;
  const json& terms = list(pod_spec, kRequiredTerms);
  return std::any_of(terms.begin(), terms.end(),
                     [&](const json& term) { return term_matches(term, node); });
}

const json* toleration_of(const json& pod_spec, const json& taint) {
  const json& tolerations = list(pod_spec, "/tolerations");
  const auto found = std::find_if(tolerations.begin(), tolerations.end(), [&](const json& each) {
    const std::string effect = text(each, "/effect");
    if (!effect.empty() && effect != text(taint, "/effect")) return false;
    const std::string key = text(each, "/key");
    if (!key.empty() && key != text(taint, "/key")) return false;
    const std::string operation = text(each, "/operator");
    if (operation == "Exists") return true;
    return !key.empty() && text(each, "/value") == text(taint, "/value");
  });
  return found == tolerations.end() ? nullptr : &*found;
}

bool tolerates(const json& pod_spec, const json& taint) {
  return toleration_of(pod_spec, taint) != nullptr;
}

}  // namespace wavetank::cluster
