// A small application and the script of what becomes of it: the input of all tests that compare
// whole operations of the engine.
//
// An Application is plain text and numbers, so that RapidCheck can draw it, shrink it, and print it
// as what somebody would write: manifests, and beside each its fate. What is not printed has its
// default, which is always "nothing unusual".
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "model/hook.h"
#include "sync/operation.h"

namespace wavetank::support {

inline constexpr const char* kDestination = "shop";  // the application's namespace

struct Annotations {
  std::string hook;
  std::string policy;
  std::string wave;
  std::string options;
  friend bool operator==(const Annotations&, const Annotations&) = default;
};

enum class End : std::uint8_t {
  Healthy,
  Degraded,
  Progressing,  // hangs for ever
  Suspended,
  Unknown,
  Missing,
  NoHealth,
  CheckFails,
};
enum class Write : std::uint8_t { Accepted, Refused, RefusedInFirstSync, RefusedInDryRun };
enum class Deletion : std::uint8_t { AtOnce, Slow, Refused, FindsNothing, KindIsGone };
enum class Put : std::uint8_t {
  Accepted,
  OneConflict,
  OnlyConflicts,
  Refused,
  FindsNothing,
  KindIsGone
};
enum class Reading : std::uint8_t { Works, Fails, KindIsGone };
enum class KindIs : std::uint8_t { Served, NotFound, DiscoveryFails, Denied };

// What becomes of an object, and of the calls about it.
struct Fate {
  End end = End::Healthy;
  int takes = 1;           // passes from creation to that end; Progressing until then
  int seen_after = 0;      // passes until the engine's cache shows a new object
  int vanishes_after = 0;  // passes from creation until somebody removes it; 0: never
  Write write = Write::Accepted;
  Deletion deletion = Deletion::AtOnce;
  Put put = Put::Accepted;
  Reading reading = Reading::Works;
  KindIs kind = KindIs::Served;
  friend bool operator==(const Fate&, const Fate&) = default;
};

enum class InGit : std::uint8_t { Always, OnlyFirstSync, OnlyLaterSyncs, Never };

// What is there before the first sync.
struct Before {
  Annotations annotations;
  bool has_finalizer = false;
  bool deleting = false;
  bool foreign = false;     // not managed by the application
  bool shares_uid = false;  // with all others of which this is said: one object, served twice
  friend bool operator==(const Before&, const Before&) = default;
};

struct Item {
  std::string kind = "ConfigMap";  // one of kind_names()
  std::string name = "a";          // "a-": generateName
  std::string name_space;          // empty: the destination
  Annotations annotations;
  InGit in_git = InGit::Always;
  std::optional<Before> before;
  bool selected = true;
  bool modified = true;
  Fate fate;
};

struct SyncScript {
  sync::Settings settings;
  std::string revision = "3f2a1bc9d";
  std::int64_t started_at = 1700000000;
  std::optional<int> terminate_at;                    // the pass that is a termination
  std::optional<int> confirmed_from;                  // the pass from which on prunes are confirmed
  std::optional<std::int64_t> wave_hook_fails_after;  // of any phase with this wave
  bool namespace_lookup_fails = false;
  bool namespace_denied = false;  // by the project's permissions
};

struct Application {
  std::vector<Item> items;
  std::vector<SyncScript> syncs{SyncScript{}};
  bool destination_exists = true;
};

// What the tests know of a kind.
struct KindRow {
  std::string kind;  // as an Item names it
  std::string group;
  std::string version;
  std::string kubernetes_kind;
  bool is_cluster_scoped = false;
  bool has_health = false;
};
[[nodiscard]] const std::vector<KindRow>& kind_rows();
[[nodiscard]] const KindRow& kind_row(const std::string& kind);

// Manifest and fate, YAML-like.
[[nodiscard]] std::string to_text(const Application& application);
void showValue(const Application& application, std::ostream& out);  // NOLINT: RapidCheck's name

}  // namespace wavetank::support
