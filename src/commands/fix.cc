#include "commands/fix.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "commands/layered_files.h"
#include "lint/add_ignore.h"
#include "report/paint.h"

namespace wavetank::commands {

namespace {

// Fixes that make room for each other need a round each; more than this go round in circles.
constexpr int kRoundsMax = 20;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

class Fixer {
 public:
  Fixer(const base::FileSystem& files, const Setup& setup, lint::FixLevel level)
      : files_(files), setup_(setup), level_(level), now_(files) {}

  Fixing fix(Inspection first) {
    fixing_.rest = std::move(first);
    for (int round = 0; round < kRoundsMax && apply(fixing_.rest.findings); ++round) {
      fixing_.rest = inspect(now_, setup_);
    }
    return done();
  }

  Fixing suppress(Inspection first, const std::string& reason) {
    using lint::CommentPlace;
    fixing_.rest = std::move(first);
    const std::size_t found = fixing_.rest.findings.size();
    for (const auto place : {CommentPlace::Behind, CommentPlace::Above, CommentPlace::Object}) {
      const bool changed =
          apply(lint::ignore_comments(fixing_.rest.project, fixing_.rest.findings, place, reason));
      if (changed) fixing_.rest = inspect(now_, setup_);
    }
    // A comment takes all that is found in its line.
    fixing_.fixed.clear();
    fixing_.refused.clear();
    fixing_.suppressed = found - std::min(found, fixing_.rest.findings.size());
    return done();
  }

 private:
  Fixing done() {
    for (auto& [name, change] : changes_) {
      if (change.after != change.before) fixing_.changes.push_back(std::move(change));
    }
    return std::move(fixing_);
  }

  // One round of the fixes of some findings. Returns whether anything changed.
  bool apply(std::vector<lint::Finding> findings) {
    const source::SourceMap& sources = fixing_.rest.project.sources;
    for (lint::Finding& finding : findings) {
      std::erase_if(finding.fixes, [&](const lint::Fix& fix) {
        return !std::all_of(fix.edits.begin(), fix.edits.end(), [&](const lint::Edit& edit) {
          return is_open(std::string(sources.name(edit.span.file)), sources.text(edit.span.file));
        });
      });
    }
    const lint::FixRound round = lint::fix_round(findings, sources, level_);
    for (const std::size_t index : round.refused) refuse(findings[index]);
    bool changed = false;
    for (const auto& [file, text] : round.texts) {
      if (text == sources.text(file)) continue;
      changed = true;
      const std::string name(sources.name(file));
      now_.change(name, text);
      FileChange& change = changes_.at(name);
      change.after =
          (change.before.starts_with(kByteOrderMark) ? std::string(kByteOrderMark) : "") + text;
    }
    if (!changed) return false;
    for (const std::size_t index : round.applied) ++fixing_.fixed[findings[index].diagnostic.code];
    return true;
  }

  // Whether a file can be written so that nothing changes outside the edits. `text` is what was
  // read of it when it was looked at.
  bool is_open(const std::string& name, std::string_view text) {
    if (changes_.contains(name)) return true;
    if (closed_.contains(name)) return false;
    auto bytes = files_.read(name);
    if (bytes) {
      std::string_view rest = *bytes;
      if (rest.starts_with(kByteOrderMark)) rest.remove_prefix(kByteOrderMark.size());
      if (rest == text) {
        changes_[name] = {.name = name, .path = name, .before = *bytes, .after = *bytes};
        return true;
      }
    }
    closed_.insert(name);
    fixing_.refused.push_back(
        fmt::format("{} is left as it is: {}", name,
                    bytes ? "it is not UTF-8, or it changed meanwhile" : bytes.error().reason));
    return false;
  }

  void refuse(const lint::Finding& finding) {
    const source::SourceMap& sources = fixing_.rest.project.sources;
    const source::Span span = finding.diagnostic.primary.span;
    std::string line =
        fmt::format("{}:{}: a fix of {} is left out: the file would not be read as before",
                    sources.name(span.file), sources.begin(span).line, finding.diagnostic.code);
    if (std::find(fixing_.refused.begin(), fixing_.refused.end(), line) == fixing_.refused.end()) {
      fixing_.refused.push_back(std::move(line));
    }
  }

  const base::FileSystem& files_;
  const Setup& setup_;
  lint::FixLevel level_;
  ChangedFiles now_;
  Fixing fixing_;
  std::map<std::string, FileChange> changes_;
  std::set<std::string> closed_;
};

}  // namespace

Fixing fix_all(const base::FileSystem& files, const Setup& setup, Inspection first,
               lint::FixLevel level) {
  return Fixer(files, setup, level).fix(std::move(first));
}

Fixing add_ignores(const base::FileSystem& files, const Setup& setup, Inspection first,
                   const std::string& reason) {
  return Fixer(files, setup, lint::FixLevel::Safe).suppress(std::move(first), reason);
}

std::string write_changes(Ports ports, const std::vector<FileChange>& changes) {
  std::string errors;
  for (const FileChange& change : changes) {
    const auto bytes = ports.files.read(change.path);
    if (!bytes || *bytes != change.before) {
      errors += fmt::format("wavetank: {} was not written: it changed meanwhile\n", change.name);
      continue;
    }
    if (const auto written = ports.writer.write(change.path, change.after); !written) {
      errors += fmt::format("wavetank: cannot write {}: {}\n", change.name, written.error().reason);
    }
  }
  return errors;
}

std::string fix_summary(const Fixing& fixing, const LintRequest& request) {
  std::size_t count = 0;
  std::string codes;
  for (const auto& [code, fixed] : fixing.fixed) {
    count += fixed;
    codes += fmt::format("{}{}", codes.empty() ? "" : ", ", code);
    if (fixed > 1) codes += fmt::format(" ({})", fixed);
  }
  const bool is_diff = request.fix == FixMode::Diff;
  std::string text;
  for (const std::string& line : fixing.refused) text += fmt::format("wavetank: {}\n", line);
  if (request.add_ignore) {
    text += fmt::format("{} {} in {}", is_diff ? "would suppress" : "suppressed",
                        report::counted(fixing.suppressed, "finding", "findings"),
                        report::counted(fixing.changes.size(), "file", "files"));
  } else if (count == 0) {
    text += "nothing to fix";
  } else {
    text += fmt::format("{} {} in {}: {}", is_diff ? "would fix" : "fixed",
                        report::counted(count, "finding", "findings"),
                        report::counted(fixing.changes.size(), "file", "files"), codes);
  }
  const auto& rest = fixing.rest.findings;
  const auto unsafe = static_cast<std::size_t>(std::count_if(
      rest.begin(), rest.end(), [](const auto& each) { return !each.fixes.empty(); }));
  text += fmt::format(
      "; {}", rest.empty() ? "nothing remains"
                           : report::counted(rest.size(), "finding remains", "findings remain"));
  if (unsafe > 0 && !request.add_ignore && request.fix_level == lint::FixLevel::Safe) {
    text += fmt::format(", {} of them with a fix to check yourself: --unsafe-fixes", unsafe);
  }
  return text + "\n";
}

}  // namespace wavetank::commands
