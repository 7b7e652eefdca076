// Faults of the API: which calls of Argo CD fail, and how.
//
// A fault waits for calls that match it, lets some of them pass, strikes a number of times and is
// spent. Dry runs are not struck: kubectl's client-side dry run hardly asks the server.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/key.h"

namespace wavetank::cluster {

enum class CallVerb : std::uint8_t { Apply, Create, Replace, Update, Delete, RemoveFinalizer };
[[nodiscard]] std::string_view name(CallVerb verb);

// What the caller gets instead of an answer. Timeout: none in time.
enum class CallFailure : std::uint8_t {
  Conflict,
  TooManyRequests,
  InternalError,
  Unavailable,
  Timeout
};
[[nodiscard]] std::string_view name(CallFailure failure);

struct CallFault {
  std::string kind;             // as in manifests, without regard to case; "*": every kind
  std::string name;             // exact, or "*"
  std::vector<CallVerb> verbs;  // empty: all
  CallFailure failure = CallFailure::InternalError;
  bool is_done = false;     // the server does what was asked, only the answer is lost
  std::uint32_t after = 0;  // so many matching calls pass before
  std::uint32_t times = 1;  // it strikes so often; 0: for ever
};

// The text that a client shows for a failed call. Source: apimachinery, api/errors.
[[nodiscard]] std::string failure_message(CallFailure failure, const model::ObjectKey& key);

class CallFaults {
 public:
  void add(CallFault fault) { waiting_.push_back({.fault = std::move(fault)}); }
  // The fault that strikes this call, if any; the first that was added goes first.
  [[nodiscard]] std::optional<CallFault> strike(CallVerb verb, const model::ObjectKey& key);
  [[nodiscard]] bool has_struck() const { return has_struck_; }

 private:
  struct Waiting {
    CallFault fault;
    std::uint32_t seen = 0;  // matching calls that passed
    std::uint32_t struck = 0;
  };
  std::vector<Waiting> waiting_;
  bool has_struck_ = false;
};

}  // namespace wavetank::cluster
