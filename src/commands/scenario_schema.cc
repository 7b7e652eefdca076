// The JSON Schema of scenario files, for editors. The reader (sim/scenario/) is the last word: the
// schema knows no names, conditions or distributions.
#include <nlohmann/json.hpp>

#include "commands/scenario_tools.h"
#include "report/diagnostic_json.h"

namespace wavetank::commands {

namespace {

using nlohmann::ordered_json;

ordered_json text(const char* description) {
  return {{"type", "string"}, {"description", description}};
}
ordered_json flag(const char* description) {
  return {{"type", "boolean"}, {"description", description}};
}
ordered_json list(ordered_json items) { return {{"type", "array"}, {"items", std::move(items)}}; }
ordered_json words(std::initializer_list<const char*> all) {
  ordered_json result = {{"enum", ordered_json::array()}};
  for (const char* word : all) result["enum"].push_back(word);
  return result;
}
ordered_json object(ordered_json properties, std::initializer_list<const char*> required = {}) {
  ordered_json result = {
      {"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
  for (const char* name : required) result["required"].push_back(name);
  return result;
}
ordered_json map_of(ordered_json values) {
  return {{"type", "object"}, {"additionalProperties", std::move(values)}};
}
ordered_json reference(const char* name) { return {{"$ref", std::string("#/$defs/") + name}}; }
// Values that may be written as text or as number, such as 30s and 30.
ordered_json duration(const char* description) {
  return {{"type", {"string", "integer"}}, {"description", description}};
}

ordered_json application() {
  return object(
      {{"path", text("the folder of its manifests, relative to this file")},
       {"revisions", map_of(text("a folder; the first revision is there at the beginning"))},
       {"namespace", text("of the destination")},
       {"syncPolicy", {{"type", "object"}, {"description", "as in an Application"}}},
       {"project", text("one of `projects`")},
       {"create", flag("false: something else makes the Application")}});
}

ordered_json behaviour() {
  const ordered_json fates = words({"Succeed", "Fail", "Hang", "CrashLoop", "OutOfMemory",
                                    "ImagePull", "NeverReady", "Unschedulable"});
  return object({{"match", object({{"kind", text("as in manifests")},
                                   {"name", text("exact; absent: every name")}},
                                  {"kind"})},
                 {"outcome", {{"anyOf", {fates, map_of(text("its odds: 97%"))}}}},
                 {"after", duration("a time, or a distribution such as uniform(1s 3s)")},
                 {"denied", flag("an admission webhook refuses every write")},
                 {"held", flag("once deleted, a finalizer of somebody else's keeps it")}},
                {"match"});
}

ordered_json fault() {
  return object(
      {{"fault", words({"conflict", "tooManyRequests", "internalError", "unavailable", "timeout"})},
       {"match",
        object({{"kind", text("absent: every kind")}, {"name", text("absent: every name")}})},
       {"verbs",
        list(words({"apply", "create", "replace", "update", "delete", "removeFinalizer"}))},
       {"after", {{"type", "integer"}, {"description", "so many calls pass before"}}},
       {"times", {{"type", {"integer", "string"}}, {"description", "how often, or always"}}},
       {"applied", flag("a timeout whose deed was done")}},
      {"fault"});
}

ordered_json named(const char* what, ordered_json more = ordered_json::object()) {
  ordered_json properties = {{"app", text("one of `apps`")}};
  properties.update(more);
  return {{"description", what},
          {"anyOf", {ordered_json{{"type", "string"}}, object(std::move(properties), {"app"})}}};
}

ordered_json timeline_item() {
  return object(
      {{"at", duration("a time from the beginning, or quiescent")},
       {"when", text("a condition that becomes true")},
       {"occurrence", {{"type", "integer"}, {"minimum", 1}}},
       {"after", duration("so long after `when`")},
       {"sync", named("somebody syncs", {{"revision", text("absent: what is newest")},
                                         {"prune", flag("")},
                                         {"force", flag("")},
                                         {"dryRun", flag("")},
                                         {"options", list(text("a sync option"))},
                                         {"resources", list(text("Kind/name"))}})},
       {"push", object({{"app", text("")}, {"revision", text("")}}, {"app", "revision"})},
       {"refresh", named("somebody refreshes")},
       {"terminate", named("somebody terminates the sync")},
       {"deleteApp", named("somebody deletes the application", {{"cascade", flag("")}})},
       {"createApp", named("somebody creates the application")},
       {"syncPolicy",
        object({{"app", text("")}, {"policy", {{"type", {"object", "null"}}}}}, {"app", "policy"})},
       {"create", {{"type", "object"}, {"description", "an object"}}},
       {"edit", object({{"ref", text("Kind/name")},
                        {"set", {{"type", "object"}, {"description", ".path: value"}}},
                        {"merge", {{"type", "object"}, {"description", "a JSON merge patch"}}}},
                       {"ref"})},
       {"delete", {{"anyOf", {text("Kind/name"), object({{"ref", text("Kind/name")}}, {"ref"})}}}},
       {"behave", list(reference("behaviour"))},
       {"fault", reference("fault")},
       {"drain", text("a node")},
       {"uncordon", text("a node")},
       {"loseNode", text("a node that nobody hears of from then on")},
       {"restoreNode", text("a lost node that is back")},
       {"restartController", {{"const", true}}},
       {"loseSource", named("its branch or folder is gone")},
       {"every", duration("with `at` and `times`: again and again, so long between")},
       {"times", {{"type", "integer"}, {"minimum", 1}}}});
}

ordered_json expectation() {
  return object({{"name", text("")},
                 {"severity", words({"error", "warning"})},
                 {"outcome", words({"Succeeded", "Failed", "Error", "Stuck", "Inconclusive"})},
                 {"always", text("a condition")},
                 {"never", text("a condition")},
                 {"eventually", text("a condition")},
                 {"sometimes", text("a condition")},
                 {"while", text("a condition: `always` and `never` count only then")},
                 {"within", duration("of `eventually`, from the beginning")},
                 {"thenStays", flag("of `eventually`: until the end")},
                 {"before", object({{"first", text("an event")},
                                    {"then", text("an event")},
                                    {"strict", flag("both happen")}},
                                   {"first", "then"})},
                 {"leadsTo", object({{"from", text("a condition")},
                                     {"to", text("a condition")},
                                     {"within", duration("")}},
                                    {"from", "to"})},
                 {"probability", object({{"of", text("the name of another expectation")},
                                         {"atLeast", text("98.5%")},
                                         {"atMost", text("1.5%")},
                                         {"confidence", text("of the interval: 95%")}},
                                        {"of"})},
                 {"quantile", object({{"of", text("duration(sync APPLICATION)")},
                                      {"p", {{"type", {"number", "string"}}}},
                                      {"atLeast", duration("")},
                                      {"atMost", duration("")},
                                      {"confidence", text("of the interval: 95%")}},
                                     {"of", "p"})}});
}

ordered_json engine() {
  return object({{"version", {{"type", {"string", "number"}}, {"description", "of Argo CD"}}},
                 {"syncTimeout", duration("0s: none")},
                 {"resync", duration("how soon a push is noticed")},
                 {"selfHeal", object({{"initial", duration("")},
                                      {"factor", {{"type", "integer"}}},
                                      {"cap", duration("")}})},
                 {"applicationHealth", flag("argocd-cm has the health check for Applications")}});
}

}  // namespace

Result scenario_schema() {
  const ordered_json node = object({{"name", text("")},
                                    {"pods", {{"type", "integer"}, {"minimum", 0}}},
                                    {"labels", map_of(text(""))}},
                                   {"name"});
  ordered_json schema = object(
      {{"apiVersion", {{"const", "wavetank.dev/v1alpha1"}}},
       {"kind", {{"const", "Scenario"}}},
       {"metadata", object({{"name", text("")},
                            {"description", text("")},
                            {"covers", list(text("a rule, a pitfall, an issue"))}})},
       {"extends", text("a parent file")},
       {"matrix", map_of({{"type", "array"}, {"minItems", 1}})},
       {"seed", {{"type", {"integer", "string", "null"}}}},
       {"maxSteps", {{"type", "integer"}, {"minimum", 1}}},
       {"sample",
        object({{"runs", {{"type", "integer"}, {"minimum", 1}, {"maximum", 1'000'000}}}})},
       {"horizon", duration("how long is looked at")},
       {"engine", engine()},
       {"projects", map_of({{"type", "object"}, {"description", "spec of an AppProject"}})},
       {"apps", map_of(application())},
       {"cluster",
        object({{"namespaces", list(text(""))},
                {"absent", list(text("Namespace/NAME, Service/NAMESPACE/NAME, or Kind.group"))},
                {"objects", list(text("a file of live objects"))},
                {"nodes", list(node)}})},
       {"behaviours", list(reference("behaviour"))},
       {"faults",
        {{"anyOf",
          {list(reference("fault")), object({{"budget", {{"type", "integer"}}},
                                             {"allow", list(text(""))},
                                             {"script", list(reference("fault"))}})}}}},
       {"timeline", list(timeline_item())},
       {"expect", {{"anyOf", {list(reference("expectation")), reference("expectation")}}}}},
      {"apiVersion", "kind"});
  schema["$defs"] = {
      {"behaviour", behaviour()}, {"fault", fault()}, {"expectation", expectation()}};
  ordered_json whole = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                        {"title", "wavetank scenario"}};
  whole.update(schema);
  return {.output = report::json_text(whole)};
}

}  // namespace wavetank::commands
