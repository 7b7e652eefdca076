// The declarative part of a rule: conditions on the facts of one object, the place to point at, and
// the fix.
//
// A condition tests one fact. A fact is a list of words (most have one), so that "some word is",
// "all words are" and "no word is" mean the same everywhere. Matchers see one object and its place
// in the plan; what compares objects is a check in lint/checks. rules/README.md lists facts and
// tests.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace wavetank::lint {

enum class Fact : std::uint8_t {
  Kind,            // "Job"
  Group,           // "batch"; empty for the core group
  Type,            // "batch/Job"; "Pod" for the core group
  Name,            // metadata.name
  GenerateName,    // metadata.generateName
  Scope,           // namespaced, cluster or unknown
  Hook,            // yes: Argo CD treats it as a hook, even if it never runs
  HookWords,       // items of argocd.argoproj.io/hook
  HelmHookWords,   // items of helm.sh/hook
  Phases,          // PreSync, Sync, PostSync, SyncFail, PreDelete, PostDelete
  Policies,        // the delete policies that apply; the default one if none is written
  Wave,            // the effective wave
  SyncOptions,     // items of argocd.argoproj.io/sync-options
  Awaited,         // yes: Argo CD waits for its health or completion before it goes on
  HealthCheck,     // yes: Argo CD knows how healthy this kind is
  Completes,       // yes: the kind runs to completion
  DataBearing,     // yes: rules/data/data-bearing-kinds.yaml names the kind
  Passive,         // yes: a custom resource that only configures; passive-custom-kinds.yaml
  AppDeclared,     // yes: an Application of the input deploys it
  AppAutomated,    // yes: that Application syncs by itself
  AppPrune,        // yes: … and prunes by itself
  AppSelfHeal,     // yes: … and heals by itself
  AppSyncOptions,  // spec.syncPolicy.syncOptions of that Application
  Argocd,          // the versions that are modelled, up to the one that is linted for
  Annotation,      // the value of one annotation
  Label,           // the value of one label
  Field,           // the scalar at a path, or the scalars of the list there
};

enum class Test : std::uint8_t {
  Any,      // some word is one of the values
  All,      // every value is among the words
  None,     // no word is one of the values
  Only,     // there are words, and all are among the values
  Like,     // some word fits one of the globs
  Present,  // the fact is there, empty or not
  Absent,   // it is not
  AtLeast,  // some word is an integer that is no smaller
  AtMost,   // some word is an integer that is no larger
};

struct Subject {
  Fact fact = Fact::Kind;
  std::span<const std::string_view> path;  // the key of an annotation or label; keys of a field
};

struct Condition {
  Subject subject;
  Test test = Test::Any;
  std::span<const std::string_view> values;
};

// Where a finding points. Whatever is not there falls back to the name.
enum class Place : std::uint8_t { Name, Kind, Hook, Policy, Wave, SyncOptions, Subject };

enum class FixKind : std::uint8_t {
  None,
  AddWord,     // words to a list annotation, which is made if it is not there
  RemoveWord,  // words from a list annotation, which goes with its last word
  Remove,      // the annotation
  Set,         // an annotation that is not there yet
};

struct MatcherFix {
  FixKind kind = FixKind::None;
  bool is_safe = false;
  std::string_view key;   // of the annotation
  std::string_view text;  // the words, or the value as it is to be written
  std::string_view title;
};

struct Matcher {
  std::span<const Condition> conditions;
  Place place = Place::Name;
  Subject at;             // of Place::Subject
  std::string_view word;  // the item of a list annotation to point at; empty: the whole value
  MatcherFix fix;
};

class Context;
class Reporter;

// Reports every object of the application that meets all conditions.
void match(const Matcher& matcher, const Context& context, Reporter& reporter);

}  // namespace wavetank::lint
