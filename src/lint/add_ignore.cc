#include "lint/add_ignore.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "lint/suppression.h"

namespace wavetank::lint {

namespace {

using source::Span;

struct Line {
  source::FileId file;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;  // without the line break
  friend auto operator<=>(const Line&, const Line&) = default;
};

class Commenter {
 public:
  Commenter(const load::Project& project, CommentPlace place, std::string_view reason)
      : project_(project), place_(place), reason_(reason), known_(suppressions_of(project)) {}

  std::vector<Finding> comments(const std::vector<Finding>& findings) {
    std::map<Line, std::set<std::string>> codes;
    std::map<Line, const Finding*> first;
    for (const Finding& finding : findings) {
      const Span at = finding.diagnostic.primary.span;
      if (finding.diagnostic.code.starts_with("SU") || !at.valid()) continue;
      const auto line = line_of(at);
      if (!line) continue;
      codes[*line].insert(finding.diagnostic.code);
      first.try_emplace(*line, &finding);
    }
    std::vector<Finding> result;
    for (const auto& [line, words] : codes) {
      Finding finding = *first.at(line);
      finding.fixes = {{.safety = FixSafety::Safe,
                        .title = "suppress it",
                        .edits = {comment(line, fmt::format("{}", fmt::join(words, ", ")))}}};
      result.push_back(std::move(finding));
    }
    return result;
  }

 private:
  [[nodiscard]] Line line_at(source::FileId file, std::uint32_t at) const {
    const std::string_view text = project_.sources.text(file);
    const auto newline = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
    const std::size_t begin = newline == std::string_view::npos ? 0 : newline + 1;
    std::size_t end = std::min(text.find('\n', begin), text.size());
    if (end > begin && text[end - 1] == '\r') --end;
    return {.file = file,
            .begin = static_cast<std::uint32_t>(begin),
            .end = static_cast<std::uint32_t>(end)};
  }

  // The line to write the comment at; nothing if none can be there.
  [[nodiscard]] std::optional<Line> line_of(Span at) const {
    Line line = line_at(at.file, at.begin);
    if (place_ == CommentPlace::Object) {
      const auto begin = object_begin(at);
      if (!begin) return std::nullopt;
      line = line_at(at.file, *begin);
    }
    const std::uint32_t comment = place_ == CommentPlace::Behind ? line.end : line.begin;
    if (is_json(at.file) || is_inside_scalar(at.file, comment)) return std::nullopt;
    return line;
  }

  [[nodiscard]] std::optional<std::uint32_t> object_begin(Span at) const {
    for (const model::Bundle& bundle : project_.bundles) {
      for (const model::Resource& resource : bundle.resources) {
        const Span span = resource.span;
        if (span.file == at.file && span.begin <= at.begin && at.begin <= span.end) {
          return span.begin;
        }
      }
    }
    return std::nullopt;
  }

  [[nodiscard]] bool is_json(source::FileId file) const {
    return std::any_of(project_.trees.begin(), project_.trees.end(), [&](const yaml::Tree& tree) {
      return tree.file() == file && tree.is_json();
    });
  }

  [[nodiscard]] bool is_inside_scalar(source::FileId file, std::uint32_t at) const {
    for (const yaml::Tree& tree : project_.trees) {
      if (tree.file() != file) continue;
      for (std::uint32_t i = 0; i < tree.size(); ++i) {
        const yaml::Node& node = tree.node(yaml::NodeId::from(i));
        if (node.kind == yaml::NodeKind::Scalar && node.span.begin < at && at < node.span.end) {
          return true;
        }
      }
    }
    return false;
  }

  // A comment of ours that is there already takes the words in.
  [[nodiscard]] Edit comment(const Line& line, const std::string& words) const {
    const auto known = std::find_if(known_.begin(), known_.end(), [&](const Suppression& each) {
      return place_ == CommentPlace::Behind && each.by == SuppressedBy::Comment &&
             each.span.file == line.file && line.begin <= each.span.begin &&
             each.span.end <= line.end && !each.words.empty();
    });
    if (known != known_.end()) {
      const std::uint32_t end = known->words.back().span.end;
      return {.span = {.file = line.file, .begin = end, .end = end}, .text = ", " + words};
    }
    const std::string text = fmt::format("# wavetank: ignore[{}] {}", words, reason_);
    if (place_ == CommentPlace::Behind) {
      return {.span = {.file = line.file, .begin = line.end, .end = line.end}, .text = "  " + text};
    }
    const std::string_view all = project_.sources.text(line.file);
    const std::string_view written = all.substr(line.begin, line.end - line.begin);
    const std::string_view indent =
        written.substr(0, std::min(written.find_first_not_of(' '), written.size()));
    const bool is_windows = line.end < all.size() && all[line.end] == '\r';
    return {.span = {.file = line.file, .begin = line.begin, .end = line.begin},
            .text = fmt::format("{}{}{}", indent, text, is_windows ? "\r\n" : "\n")};
  }

  const load::Project& project_;
  CommentPlace place_;
  std::string_view reason_;
  std::vector<Suppression> known_;
};

}  // namespace

std::vector<Finding> ignore_comments(const load::Project& project,
                                     const std::vector<Finding>& findings, CommentPlace place,
                                     std::string_view reason) {
  return Commenter(project, place, reason).comments(findings);
}

}  // namespace wavetank::lint
