#include "cluster/call_faults.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "base/text_distance.h"
#include "cluster/api/wording.h"

namespace wavetank::cluster {

namespace {

bool matches(const CallFault& fault, CallVerb verb, const model::ObjectKey& key) {
  const bool is_verb = fault.verbs.empty() ||
                       std::find(fault.verbs.begin(), fault.verbs.end(), verb) != fault.verbs.end();
  const bool is_kind = fault.kind == "*" || base::same_letters(fault.kind, key.kind);
  return is_verb && is_kind && (fault.name == "*" || fault.name == key.name);
}

}  // namespace

std::string_view name(CallVerb verb) {
  switch (verb) {
    case CallVerb::Apply: return "apply";
    case CallVerb::Create: return "create";
    case CallVerb::Replace: return "replace";
    case CallVerb::Update: return "update";
    case CallVerb::Delete: return "delete";
    case CallVerb::RemoveFinalizer: return "removeFinalizer";
  }
  WAVETANK_CHECK(false);
}

std::string_view name(CallFailure failure) {
  switch (failure) {
    case CallFailure::Conflict: return "conflict";
    case CallFailure::TooManyRequests: return "tooManyRequests";
    case CallFailure::InternalError: return "internalError";
    case CallFailure::Unavailable: return "unavailable";
    case CallFailure::Timeout: return "timeout";
  }
  WAVETANK_CHECK(false);
}

std::string failure_message(CallFailure failure, const model::ObjectKey& key) {
  switch (failure) {
    case CallFailure::Conflict:
      return fmt::format(
          "Operation cannot be fulfilled on {} \"{}\": the object has been modified; please apply "
          "your changes to the latest version and try again",
          api::resource_name(key.group, key.kind), key.name);
    case CallFailure::TooManyRequests:
      return "the server has received too many requests and has asked us to try again later";
    case CallFailure::InternalError:
      return "Internal error occurred: etcdserver: request timed out";
    case CallFailure::Unavailable: return "the server is currently unable to handle the request";
    case CallFailure::Timeout:
      return "the server was unable to return a response in the time allotted, but may still be "
             "processing the request";
  }
  WAVETANK_CHECK(false);
}

std::optional<CallFault> CallFaults::strike(CallVerb verb, const model::ObjectKey& key) {
  const CallFault* strikes = nullptr;
  for (Waiting& each : waiting_) {
    const bool is_spent = each.fault.times != 0 && each.struck == each.fault.times;
    if (is_spent || !matches(each.fault, verb, key)) continue;
    if (each.seen < each.fault.after) {
      ++each.seen;  // a call that another fault strikes was one, too
    } else if (strikes == nullptr) {
      ++each.struck;
      strikes = &each.fault;
    }
  }
  if (strikes == nullptr) return std::nullopt;
  has_struck_ = true;
  return *strikes;
}

}  // namespace wavetank::cluster
