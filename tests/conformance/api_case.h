// Plays one recorded case of an API server (../shared/conformance/api, README there) against ours.
//
// A case is a sequence of writes by Argo CD and by others; after each one the recording tells the
// answer and facts about the objects. Two levels of agreement: exact, and the same kind of outcome.
// What the recording could not fix is masked on both sides: uids, times, addresses, random names,
// and the server's internal structures behind "Invalid value: ".
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace wavetank::conformance {

struct ApiVerdict {
  bool exact = false;
  bool same_kind = false;
  std::string category;
  // The first step that differs, as readable lines; empty when the case agrees exactly.
  std::vector<std::string> expected;
  std::vector<std::string> actual;
};

// Whether `recorded` has the form of such a case.
[[nodiscard]] bool is_api_case(const nlohmann::json& recorded);
[[nodiscard]] ApiVerdict check_api_case(const nlohmann::json& recorded);

}  // namespace wavetank::conformance
