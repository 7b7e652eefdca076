#include "commands/baseline.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "commands/shown_path.h"
#include "lint/catalogue.h"
#include "load/path.h"
#include "report/paint.h"

namespace wavetank::commands {

namespace {

enum class EntryState : std::uint8_t { Found, Stale, Unknown };

// Whether all of the file was understood.
bool is_read(load::FileStatus status) {
  switch (status) {
    case load::FileStatus::Checked:
    case load::FileStatus::Support:
    case load::FileStatus::NoKubernetes:
    case load::FileStatus::Empty: return true;
    case load::FileStatus::Template:
    case load::FileStatus::Unreadable:
    case load::FileStatus::NotText:
    case load::FileStatus::SyntaxError:
    case load::FileStatus::OverLimit:
    case load::FileStatus::Missing: return false;
  }
  return false;
}

// A baseline that was held against what is found.
class Comparison {
 public:
  Comparison(const base::FileSystem& files, const Setup& setup, load::Project& project)
      : files_(files),
        setup_(setup),
        project_(project),
        relative_(files, load::parent_of(setup.baseline)) {}

  // The error is one line.
  std::string read() {
    auto text = files_.read(setup_.baseline);
    if (!text) {
      return fmt::format("wavetank: cannot read the baseline {}: {}\n", setup_.baseline,
                         text.error().reason);
    }
    const source::FileId file = project_.sources.add(setup_.baseline, std::move(*text));
    auto entries = lint::read_baseline(file, project_.sources.text(file));
    if (!entries) {
      return fmt::format("{}:{}: error: {}\n", setup_.baseline, entries.error().line,
                         entries.error().message);
    }
    entries_ = std::move(*entries);
    states_.assign(entries_.size(), EntryState::Unknown);
    return "";
  }

  // Returns the findings that are new, and calls `known` for the others.
  template <class Known>
  std::vector<lint::Finding> compare(std::vector<lint::Finding> findings, const Known& known) {
    std::vector<lint::Finding> rest;
    for (lint::Finding& finding : findings) {
      if (take(entry(finding))) {
        known(finding);
      } else {
        rest.push_back(std::move(finding));
      }
    }
    find_stale();
    return rest;
  }

  [[nodiscard]] lint::BaselineEntry entry(const lint::Finding& finding) const {
    const source::FileId file = finding.diagnostic.primary.span.file;
    return lint::baseline_entry(finding, project_.sources, relative_(project_.sources.name(file)));
  }

  [[nodiscard]] const std::vector<lint::BaselineEntry>& entries() const { return entries_; }
  [[nodiscard]] EntryState state(std::size_t index) const { return states_[index]; }
  [[nodiscard]] std::size_t count(EntryState state) const {
    return static_cast<std::size_t>(std::count(states_.begin(), states_.end(), state));
  }

 private:
  // Two findings need two entries. One of the same file goes first.
  bool take(const lint::BaselineEntry& found) {
    std::size_t best = entries_.size();
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      if (states_[i] == EntryState::Found || !entries_[i].is_same(found)) continue;
      if (best == entries_.size() || entries_[i].file == found.file) best = i;
      if (entries_[i].file == found.file) break;
    }
    if (best == entries_.size()) return false;
    states_[best] = EntryState::Found;
    return true;
  }

  // An entry is stale if its rule looked at its file, or the file is gone.
  void find_stale() {
    std::map<std::string, bool> read;  // is it only a part of what may belong together?
    for (const load::FileReport& file : project_.files) {
      if (is_read(file.status)) read[relative_(file.path)] = file.is_named;
    }
    const std::string directory = load::parent_of(setup_.baseline);
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      if (states_[i] == EntryState::Found) continue;
      const auto file = read.find(entries_[i].file);
      const bool is_gone =
          files_.kind(load::join(directory, entries_[i].file)) == base::FileKind::Missing;
      const bool could_be_found =
          file != read.end() &&
          lint::is_judged(entries_[i].rule, setup_.all_options(),
                          file->second ? lint::View::Part : lint::View::Whole);
      if (is_gone || could_be_found) states_[i] = EntryState::Stale;
    }
  }

  const base::FileSystem& files_;
  const Setup& setup_;
  load::Project& project_;
  RelativeTo relative_;
  std::vector<lint::BaselineEntry> entries_;
  std::vector<EntryState> states_;
};

source::Diagnostic stale_entry(const lint::BaselineEntry& entry, const std::string& path) {
  source::Diagnostic diagnostic{
      .severity = source::Severity::Warning,
      .code = "IN014",
      .slug = "stale-baseline-entry",
      .message = fmt::format("{} of {} is found no more", entry.rule,
                             entry.object.empty() ? "the file" : entry.object),
      .subject = path};
  diagnostic.primary = {.span = entry.span, .text = "nothing matches this entry"};
  diagnostic.help = "run `wavetank baseline prune`";
  return diagnostic;
}

Result write(Ports ports, const Setup& setup, Inspection& inspection) {
  if (ports.files.kind(setup.baseline) != base::FileKind::Missing) {
    return {.errors = fmt::format("wavetank: {} is there already: a baseline only gets shorter, by "
                                  "`wavetank baseline prune`; delete it to begin anew\n",
                                  setup.baseline),
            .exit = ExitCode::Usage};
  }
  const Comparison comparison(ports.files, setup, inspection.project);
  std::vector<lint::BaselineEntry> entries;
  for (const lint::Finding& finding : inspection.findings) {
    entries.push_back(comparison.entry(finding));
  }
  const std::size_t count = entries.size();
  if (const auto written =
          ports.writer.write(setup.baseline, lint::baseline_text(std::move(entries)));
      !written) {
    return {.errors = fmt::format("wavetank: cannot write {}: {}\n", setup.baseline,
                                  written.error().reason),
            .exit = ExitCode::Usage};
  }
  return {.output = fmt::format("{}: {} written\n", setup.baseline,
                                report::counted(count, "entry", "entries"))};
}

Result prune(Ports ports, const Setup& setup, const Comparison& comparison) {
  const std::size_t stale = comparison.count(EntryState::Stale);
  Result result{.output = fmt::format("{}: {} removed, {} left\n", setup.baseline,
                                      report::counted(stale, "entry", "entries"),
                                      comparison.entries().size() - stale)};
  if (stale == 0) return result;
  std::vector<lint::BaselineEntry> rest;
  for (std::size_t i = 0; i < comparison.entries().size(); ++i) {
    if (comparison.state(i) != EntryState::Stale) rest.push_back(comparison.entries()[i]);
  }
  const auto written = ports.writer.write(setup.baseline, lint::baseline_text(std::move(rest)));
  if (written) return result;
  return {.errors = fmt::format("wavetank: cannot write {}: {}\n", setup.baseline,
                                written.error().reason),
          .exit = ExitCode::Usage};
}

std::string_view word(EntryState state) {
  switch (state) {
    case EntryState::Found: return "found";
    case EntryState::Stale: return "stale";
    case EntryState::Unknown: return "unseen";
  }
  return "";
}

Result show(const Setup& setup, const Comparison& comparison) {
  Result result;
  for (std::size_t i = 0; i < comparison.entries().size(); ++i) {
    const lint::BaselineEntry& entry = comparison.entries()[i];
    result.output += fmt::format("{:<6}  {}  {}  {}\n", word(comparison.state(i)), entry.rule,
                                 report::escaped(entry.object), report::escaped(entry.file));
  }
  result.output += fmt::format("{}: {}, {} stale\n", setup.baseline,
                               report::counted(comparison.entries().size(), "entry", "entries"),
                               comparison.count(EntryState::Stale));
  return result;
}

}  // namespace

std::string apply_baseline(const base::FileSystem& files, const Setup& setup,
                           Inspection& inspection) {
  load::Project& project = inspection.project;
  Comparison comparison(files, setup, project);
  if (std::string error = comparison.read(); !error.empty()) return error;
  inspection.findings =
      comparison.compare(std::move(inspection.findings), [&](const lint::Finding& finding) {
        source::Diagnostic note = finding.diagnostic;
        note.message = fmt::format("{} {}: in the baseline", note.code, note.slug);
        note.code = "IN013";
        note.slug = "baselined";
        project.notes.push_back(std::move(note));
      });
  for (std::size_t i = 0; i < comparison.entries().size(); ++i) {
    if (comparison.state(i) != EntryState::Stale) continue;
    project.diagnostics.push_back(stale_entry(comparison.entries()[i], setup.baseline));
  }
  return "";
}

Result run_baseline(Ports ports, const BaselineRequest& request) {
  Setup setup = set_up(ports.files, request.lint);
  if (!setup.errors.empty()) return {.errors = setup.errors, .exit = ExitCode::Usage};
  const std::string path = setup.baseline.empty() ? std::string(kBaselineName) : setup.baseline;
  setup.baseline.clear();  // everything is looked at
  Inspection inspection = inspect(ports.files, setup);
  setup.baseline = path;
  const bool bad_input = std::any_of(
      inspection.project.diagnostics.begin(), inspection.project.diagnostics.end(),
      [](const auto& diagnostic) { return diagnostic.severity == source::Severity::Error; });
  Result result;
  if (request.action == BaselineAction::Write) {
    result = write(ports, setup, inspection);
  } else {
    Comparison comparison(ports.files, setup, inspection.project);
    if (std::string error = comparison.read(); !error.empty()) {
      return {.errors = std::move(error), .exit = ExitCode::Usage};
    }
    comparison.compare(std::move(inspection.findings), [](const lint::Finding&) {});
    result = request.action == BaselineAction::Prune ? prune(ports, setup, comparison)
                                                     : show(setup, comparison);
  }
  if (bad_input) {
    result.errors += "wavetank: not everything could be read; `wavetank lint` says what\n";
    result.exit = gravest({result.exit, ExitCode::Input});
  }
  return result;
}

}  // namespace wavetank::commands
