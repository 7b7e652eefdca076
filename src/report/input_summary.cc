#include "report/input_summary.h"

#include <fmt/format.h>

#include <array>
#include <map>

#include "report/paint.h"

namespace wavetank::report {

namespace {

using load::FileStatus;

struct Row {
  FileStatus status;
  std::string_view id;        // in JSON
  std::string_view singular;  // "1 template"
  std::string_view plural;
};

constexpr std::array kRows{
    Row{FileStatus::Checked, "checked", "", ""},
    Row{FileStatus::Support, "support", "chart, values or kustomization file",
        "chart, values or kustomization files"},
    Row{FileStatus::NoKubernetes, "no-kubernetes", "without a Kubernetes object",
        "without a Kubernetes object"},
    Row{FileStatus::Empty, "empty", "empty", "empty"},
    Row{FileStatus::Template, "template", "template", "templates"},
    Row{FileStatus::Unreadable, "unreadable", "unreadable", "unreadable"},
    Row{FileStatus::NotText, "not-text", "that is no text", "that are no text"},
    Row{FileStatus::SyntaxError, "syntax-error", "with broken YAML", "with broken YAML"},
    Row{FileStatus::OverLimit, "over-limit", "over a limit", "over a limit"},
    Row{FileStatus::Missing, "missing", "missing", "missing"},
};

}  // namespace

std::string input_summary(const load::Project& project) {
  std::map<FileStatus, std::size_t> counts;
  std::size_t objects = 0;
  for (const load::FileReport& file : project.files) {
    ++counts[file.status];
    objects += file.objects;
  }
  std::string text =
      fmt::format("{} checked ({})", counted(counts[FileStatus::Checked], "file", "files"),
                  counted(objects, "object", "objects"));
  std::string reasons;
  std::size_t skipped = 0;
  for (const Row& row : kRows) {
    const std::size_t count = counts[row.status];
    if (row.status == FileStatus::Checked || count == 0) continue;
    skipped += count;
    if (!reasons.empty()) reasons += ", ";
    reasons += counted(count, row.singular, row.plural);
  }
  if (skipped > 0) text += fmt::format(", {} not checked: {}", skipped, reasons);
  std::map<std::string, std::size_t> notes;
  for (const auto& note : project.notes) ++notes[note.code];
  if (notes["IN010"] > 0) {
    text += fmt::format("; {} from another repository",
                        counted(notes["IN010"], "application", "applications"));
  }
  if (notes["IN011"] > 0) {
    text += fmt::format("; {} not rendered", counted(notes["IN011"], "source", "sources"));
  }
  if (notes["IN012"] > 0) {
    text += fmt::format("; {} suppressed", counted(notes["IN012"], "finding", "findings"));
  }
  if (notes["IN015"] > 0) {
    text += fmt::format("; {} in other files", counted(notes["IN015"], "finding", "findings"));
  }
  if (notes["IN013"] > 0) text += fmt::format("; {} in the baseline", notes["IN013"]);
  return text;
}

nlohmann::ordered_json input_json(const load::Project& project) {
  nlohmann::ordered_json files = nlohmann::ordered_json::array();
  for (const load::FileReport& file : project.files) {
    files.push_back({{"path", file.path},
                     {"status", kRows.at(static_cast<std::size_t>(file.status)).id},
                     {"documents", file.documents},
                     {"objects", file.objects}});
  }
  nlohmann::ordered_json notes = nlohmann::ordered_json::array();
  for (const auto& note : project.notes) {
    notes.push_back({{"code", note.code}, {"path", note.subject}, {"message", note.message}});
  }
  return {{"files", std::move(files)}, {"notes", std::move(notes)}};
}

}  // namespace wavetank::report
