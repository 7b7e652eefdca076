#include "support/engine/application.h"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "base/check.h"

namespace wavetank::support {

const std::vector<KindRow>& kind_rows() {
  static const std::vector<KindRow> kRows{
      {"ConfigMap", "", "v1", "ConfigMap", false, false},
      {"Job", "batch", "v1", "Job", false, true},
      {"Deployment", "apps", "v1", "Deployment", false, true},
      {"Service", "", "v1", "Service", false, true},
      {"Namespace", "", "v1", "Namespace", true, false},
      {"ClusterRole", "rbac.authorization.k8s.io", "v1", "ClusterRole", true, false},
      // Defines Widget, which is unknown until it is in the cluster.
      {"CustomResourceDefinition", "apiextensions.k8s.io", "v1", "CustomResourceDefinition", true,
       false},
      {"Widget", "example.com", "v1", "Widget", false, true},
      // Kinds of other groups that share a name with a built-in one.
      {"other Job", "example.com", "v1", "Job", false, true},
      {"other Namespace", "example.com", "v1", "Namespace", false, false},
  };
  return kRows;
}

const KindRow& kind_row(const std::string& kind) {
  const auto& rows = kind_rows();
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const KindRow& row) { return row.kind == kind; });
  WAVETANK_CHECK(found != rows.end());
  return *found;
}

namespace {

const char* word(End end) {
  switch (end) {
    case End::Healthy: return "healthy";
    case End::Degraded: return "degraded";
    case End::Progressing: return "hangs";
    case End::Suspended: return "suspended";
    case End::Unknown: return "unknown";
    case End::Missing: return "missing";
    case End::NoHealth: return "no health";
    case End::CheckFails: return "the check fails";
  }
  return "";
}

const char* word(Write write) {
  switch (write) {
    case Write::Accepted: return "";
    case Write::Refused: return "refused";
    case Write::RefusedInFirstSync: return "refused in the first sync";
    case Write::RefusedInDryRun: return "refused in dry runs";
  }
  return "";
}

const char* word(Deletion deletion) {
  switch (deletion) {
    case Deletion::AtOnce: return "";
    case Deletion::Slow: return "takes two passes";
    case Deletion::Refused: return "refused";
    case Deletion::FindsNothing: return "finds nothing";
    case Deletion::KindIsGone: return "discovery fails";
  }
  return "";
}

const char* word(Put put) {
  switch (put) {
    case Put::Accepted: return "";
    case Put::OneConflict: return "one conflict";
    case Put::OnlyConflicts: return "only conflicts";
    case Put::Refused: return "refused";
    case Put::FindsNothing: return "finds nothing";
    case Put::KindIsGone: return "discovery fails";
  }
  return "";
}

const char* word(Reading reading) {
  switch (reading) {
    case Reading::Works: return "";
    case Reading::Fails: return "fails";
    case Reading::KindIsGone: return "discovery fails";
  }
  return "";
}

const char* word(KindIs kind) {
  switch (kind) {
    case KindIs::Served: return "";
    case KindIs::NotFound: return "not found";
    case KindIs::DiscoveryFails: return "discovery fails";
    case KindIs::Denied: return "denied";
  }
  return "";
}

const char* word(InGit in_git) {
  switch (in_git) {
    case InGit::Always: return "";
    case InGit::OnlyFirstSync: return "only in the first sync";
    case InGit::OnlyLaterSyncs: return "from the second sync on";
    case InGit::Never: return "never";
  }
  return "";
}

// `    key: value` lines; nothing for an empty value.
class Lines {
 public:
  explicit Lines(std::string indent) : indent_(std::move(indent)) {}
  void add(const char* key, const std::string& value) {
    if (!value.empty()) text_ += fmt::format("{}{}: {}\n", indent_, key, value);
  }
  void flag(const char* key, bool value) {
    if (value) add(key, "true");
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string indent_;
  std::string text_;
};

std::string number_unless(int value, int usual) {
  return value == usual ? "" : std::to_string(value);
}

std::string in_line(const Annotations& annotations) {
  std::vector<std::string> parts;
  const auto add = [&](const char* key, const std::string& value) {
    if (!value.empty()) parts.push_back(fmt::format("{}: \"{}\"", key, value));
  };
  add("hook", annotations.hook);
  add("hook-delete-policy", annotations.policy);
  add("sync-wave", annotations.wave);
  add("sync-options", annotations.options);
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string text_of(const Item& item) {
  const KindRow& row = kind_row(item.kind);
  std::string text = fmt::format("- kind: {}", row.kubernetes_kind);
  if (row.kind != row.kubernetes_kind) text += fmt::format("  # of {}", row.group);
  text += "\n";
  Lines lines("  ");
  lines.add(item.name.ends_with("-") ? "generateName" : "name", item.name);
  lines.add("namespace", item.name_space);
  const std::string annotations = in_line(item.annotations);
  if (!annotations.empty()) lines.add("annotations", fmt::format("{{{}}}", annotations));
  lines.add("in git", word(item.in_git));
  if (item.before) {
    std::string before = in_line(item.before->annotations);
    const auto add = [&](const char* what, bool value) {
      if (value) before += fmt::format("{}{}: true", before.empty() ? "" : ", ", what);
    };
    add("finalizer", item.before->has_finalizer);
    add("deleting", item.before->deleting);
    add("foreign", item.before->foreign);
    add("shared uid", item.before->shares_uid);
    lines.add("live before", fmt::format("{{{}}}", before));
  }
  if (!item.selected) lines.add("selected", "false");
  if (!item.modified) lines.add("modified", "false");
  const Fate& fate = item.fate;
  if (row.has_health) lines.add("ends", word(fate.end));
  lines.add("after passes", number_unless(fate.takes, 1));
  lines.add("seen after passes", number_unless(fate.seen_after, 0));
  lines.add("vanishes after passes", number_unless(fate.vanishes_after, 0));
  lines.add("write", word(fate.write));
  lines.add("deletion", word(fate.deletion));
  lines.add("finalizer removal", word(fate.put));
  lines.add("reading", word(fate.reading));
  lines.add("kind is", word(fate.kind));
  return text + lines.text();
}

std::string text_of(const sync::Settings& settings) {
  Lines lines("  ");
  lines.flag("dry run", settings.dry_run);
  lines.flag("prune", settings.prune);
  lines.flag("PruneLast", settings.prune_last);
  switch (settings.default_prune) {
    case model::PruneOption::Unset: break;
    case model::PruneOption::False: lines.add("Prune", "false"); break;
    case model::PruneOption::Confirm: lines.add("Prune", "confirm"); break;
    case model::PruneOption::Other: lines.add("Prune", "another word"); break;
  }
  if (settings.propagation != model::Propagation::Foreground) {
    lines.add("PrunePropagationPolicy", std::string(model::name(settings.propagation)));
  }
  lines.flag("force", settings.force);
  lines.flag("Replace", settings.replace);
  lines.flag("ServerSideApply", settings.server_side_apply);
  if (settings.no_validate) lines.add("Validate", "false");
  lines.flag("skip hooks", settings.skip_hooks);
  lines.flag("SkipDryRunOnMissingResource", settings.skip_dry_run_on_missing_resource);
  lines.flag("ApplyOutOfSyncOnly", settings.apply_out_of_sync_only);
  lines.flag("CreateNamespace", settings.create_namespace);
  if (settings.has_managed_namespace_metadata) {
    lines.add("managedNamespaceMetadata",
              fmt::format("{{sync-wave: \"{}\"}}", settings.managed_namespace_wave));
  }
  return lines.text();
}

std::string text_of(const SyncScript& script) {
  Lines lines("  ");
  if (script.revision != SyncScript{}.revision) {
    lines.add("revision", fmt::format("\"{}\"", script.revision));
  }
  if (script.terminate_at) lines.add("terminate at pass", std::to_string(*script.terminate_at));
  if (script.confirmed_from) {
    lines.add("prune confirmed from pass", std::to_string(*script.confirmed_from));
  }
  if (script.wave_hook_fails_after) {
    lines.add("wave hook fails after wave", std::to_string(*script.wave_hook_fails_after));
  }
  lines.flag("look-up of the namespace fails", script.namespace_lookup_fails);
  lines.flag("namespace is denied", script.namespace_denied);
  return fmt::format("- sync:\n{}{}", text_of(script.settings), lines.text());
}

}  // namespace

std::string to_text(const Application& application) {
  std::string text =
      fmt::format("namespace: {}{}\n", kDestination,
                  application.destination_exists ? "" : "  # does not exist before the first sync");
  text += "manifests:\n";
  for (const Item& item : application.items) text += text_of(item);
  text += "syncs:\n";
  for (const SyncScript& script : application.syncs) text += text_of(script);
  return text;
}

void showValue(const Application& application, std::ostream& out) {
  out << "\n" << to_text(application);
}

}  // namespace wavetank::support
