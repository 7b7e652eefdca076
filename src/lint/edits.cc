#include "lint/edits.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/annotation.h"
#include "yaml/parser.h"

namespace wavetank::lint {

namespace {

// A plain or quoted scalar that stands in the source as it is.
bool is_editable(std::string_view written) {
  return !written.empty() &&
         std::string_view("*&!|>").find(written.front()) == std::string_view::npos &&
         written.find('\n') == std::string_view::npos;
}

std::uint32_t line_begin(std::string_view text, std::uint32_t at) {
  const auto newline = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  return newline == std::string_view::npos ? 0 : static_cast<std::uint32_t>(newline + 1);
}

// The place behind the line break of the line that holds `at`; the end of a text without one.
std::uint32_t line_end(std::string_view text, std::uint32_t at) {
  const auto newline = text.find('\n', at);
  return static_cast<std::uint32_t>(newline == std::string_view::npos ? text.size() : newline + 1);
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(' ') == std::string_view::npos;
}

// New lines behind the line that holds `at`.
Edit insert_line(const source::SourceMap& sources, source::Span at,
                 const std::vector<std::string>& lines) {
  const std::string_view text = sources.text(at.file);
  const std::uint32_t end = line_end(text, at.end);
  const std::string_view line = text.substr(0, end);
  const std::string_view newline = line.ends_with("\r\n") ? "\r\n" : "\n";
  const bool is_open = !line.ends_with('\n');
  std::string inserted;
  for (const std::string& each : lines) {
    inserted += is_open ? fmt::format("{}{}", newline, each) : fmt::format("{}{}", each, newline);
  }
  return {.span = {.file = at.file, .begin = end, .end = end}, .text = std::move(inserted)};
}

// Blanks up to the column of `at`; nothing if something else stands before it.
std::optional<std::string> indentation(const source::SourceMap& sources, source::Span at) {
  const std::string_view text = sources.text(at.file);
  const std::uint32_t begin = line_begin(text, at.begin);
  const std::string_view before = text.substr(begin, at.begin - begin);
  if (!is_blank(before)) return std::nullopt;
  return std::string(before);
}

Edits new_entry(const Annotated& object, std::string_view key, std::string_view value) {
  const yaml::Tree& tree = *object.resource.tree;
  const yaml::NodeId metadata = object.resource.find({"metadata"});
  if (tree.is_json() || !tree.is_mapping(metadata)) return std::nullopt;
  if (const auto annotations = tree.entry(metadata, "annotations")) {
    const yaml::NodeId map = annotations->value;
    const auto entries = tree.written_entries(map);
    if (!tree.is_mapping(map) || entries.empty()) return std::nullopt;
    const yaml::Node& last_value = tree.node(entries.back().value);
    if (tree.node(map).flow) {
      const source::Span end{
          .file = last_value.span.file, .begin = last_value.span.end, .end = last_value.span.end};
      return std::vector<Edit>{{.span = end, .text = fmt::format(", {}: {}", key, value)}};
    }
    const auto indent = indentation(object.sources, tree.node(entries.back().key).span);
    if (!indent || !tree.is_scalar(entries.back().value)) return std::nullopt;
    const source::Span at = last_value.span.begin < last_value.span.end
                                ? last_value.span
                                : tree.node(entries.back().key).span;
    return std::vector<Edit>{
        insert_line(object.sources, at, {fmt::format("{}{}: {}", *indent, key, value)})};
  }
  auto name = tree.entry(metadata, "name");
  if (!name) name = tree.entry(metadata, "generateName");
  if (!name || tree.node(metadata).flow) return std::nullopt;
  const auto indent = indentation(object.sources, tree.node(name->key).span);
  if (!indent) return std::nullopt;
  return std::vector<Edit>{insert_line(
      object.sources, tree.node(name->value).span,
      {fmt::format("{}annotations:", *indent), fmt::format("{}  {}: {}", *indent, key, value)})};
}

}  // namespace

Edits add_words(const Annotated& object, std::string_view key, std::string_view words) {
  const model::MetadataEntry* entry = object.resource.annotation(key);
  if (entry == nullptr) return new_entry(object, key, words);
  const std::string_view written = object.sources.text(entry->value_span);
  if (!is_editable(written)) return std::nullopt;
  const auto items = model::list_items(entry->value);
  std::string added;
  for (const std::string_view word : model::list_items(words)) {
    if (std::find(items.begin(), items.end(), word) != items.end()) continue;
    added += fmt::format("{}{}", items.empty() && added.empty() ? "" : ",", word);
  }
  const bool is_quoted = written.front() == '"' || written.front() == '\'';
  source::Span at = entry->value_span;
  at.begin = at.end - (is_quoted ? 1 : 0);
  at.end = at.begin;
  return std::vector<Edit>{{.span = at, .text = std::move(added)}};
}

Edits remove_words(const Annotated& object, std::string_view key, std::string_view words) {
  const model::MetadataEntry* entry = object.resource.annotation(key);
  if (entry == nullptr) return std::nullopt;
  const auto unwanted = model::list_items(words);
  std::string rest;
  for (const std::string_view item : model::list_items(entry->value)) {
    if (std::find(unwanted.begin(), unwanted.end(), item) != unwanted.end()) continue;
    rest += fmt::format("{}{}", rest.empty() ? "" : ",", item);
  }
  if (rest.empty()) return remove_annotation(object, key);
  const std::string_view written = object.sources.text(entry->value_span);
  if (!is_editable(written)) return std::nullopt;
  const bool is_quoted = written.front() == '"' || written.front() == '\'';
  const std::string quote = is_quoted ? std::string(1, written.front()) : "";
  return std::vector<Edit>{{.span = entry->value_span, .text = quote + rest + quote}};
}

Edits remove_annotation(const Annotated& object, std::string_view key) {
  const yaml::Tree& tree = *object.resource.tree;
  const yaml::NodeId map = object.resource.find({"metadata", "annotations"});
  const auto entry = tree.entry(map, key);
  if (!entry || tree.is_json() || tree.node(map).flow) return std::nullopt;
  const source::Span key_span = tree.node(entry->key).span;
  const source::Span value_span = tree.node(entry->value).span;
  const std::string_view text = object.sources.text(key_span.file);
  if (!tree.is_scalar(entry->value) || !is_editable(object.sources.text(value_span))) {
    return std::nullopt;
  }
  if (!indentation(object.sources, key_span)) return std::nullopt;
  source::Span gone{.file = key_span.file,
                    .begin = line_begin(text, key_span.begin),
                    .end = line_end(text, value_span.end)};
  // The last annotation takes the key of the map with it: a null map is an error in old versions.
  if (tree.written_entries(map).size() == 1) {
    const auto holder = tree.entry(object.resource.find({"metadata"}), "annotations");
    const source::Span holder_span = tree.node(holder->key).span;
    if (!indentation(object.sources, holder_span)) return std::nullopt;
    const std::string_view between =
        text.substr(holder_span.end, gone.begin - std::min(gone.begin, holder_span.end));
    if (between.find_first_not_of(": \r\n") != std::string_view::npos) return std::nullopt;
    gone.begin = line_begin(text, holder_span.begin);
  }
  return std::vector<Edit>{{.span = gone, .text = ""}};
}

Edits set_annotation(const Annotated& object, std::string_view key, std::string_view value) {
  if (object.resource.annotation(key) != nullptr) return std::nullopt;
  return new_entry(object, key, value);
}

namespace {

// Edits that touch could change each other's meaning: one takes the last entry of a mapping away
// with the mapping, the other adds one behind it.
bool touch(const Edit& a, const Edit& b) {
  return a.span.file == b.span.file && a.span.begin <= b.span.end && b.span.begin <= a.span.end;
}

bool touches_any(const Fix& fix, const std::vector<const Fix*>& others) {
  return std::any_of(others.begin(), others.end(), [&](const Fix* other) {
    return std::any_of(fix.edits.begin(), fix.edits.end(), [&](const Edit& edit) {
      return std::any_of(other->edits.begin(), other->edits.end(),
                         [&](const Edit& taken) { return touch(edit, taken); });
    });
  });
}

std::map<source::FileId, std::string> edited(const std::vector<const Fix*>& fixes,
                                             const source::SourceMap& sources) {
  std::map<source::FileId, std::vector<const Edit*>> by_file;
  for (const Fix* fix : fixes) {
    for (const Edit& edit : fix->edits) by_file[edit.span.file].push_back(&edit);
  }
  std::map<source::FileId, std::string> texts;
  for (auto& [file, edits] : by_file) {
    std::stable_sort(edits.begin(), edits.end(),
                     [](const Edit* a, const Edit* b) { return a->span < b->span; });
    const std::string_view text = sources.text(file);
    std::string& result = texts[file];
    std::uint32_t at = 0;
    for (const Edit* edit : edits) {
      result += text.substr(at, edit->span.begin - at);
      result += edit->text;
      at = edit->span.end;
    }
    result += text.substr(at);
  }
  return texts;
}

struct Reading {
  std::size_t documents = 0;
  std::size_t errors = 0;
  friend bool operator==(const Reading&, const Reading&) = default;
};

Reading reading_of(source::FileId file, std::string_view text) {
  Reading reading;
  for (const yaml::Document& document : yaml::parse_documents(file, text)) {
    if (document.error) ++reading.errors;
    if (!document.is_empty()) ++reading.documents;
  }
  return reading;
}

bool are_read_as_before(const std::map<source::FileId, std::string>& texts,
                        const source::SourceMap& sources) {
  return std::all_of(texts.begin(), texts.end(), [&](const auto& entry) {
    const auto& [file, text] = entry;
    return reading_of(file, text) == reading_of(file, sources.text(file));
  });
}

}  // namespace

FixRound fix_round(const std::vector<Finding>& findings, const source::SourceMap& sources,
                   FixLevel level) {
  FixRound round;
  std::vector<const Fix*> taken;
  for (std::size_t i = 0; i < findings.size(); ++i) {
    for (const Fix& fix : findings[i].fixes) {
      const bool is_wanted = fix.safety == FixSafety::Safe || level == FixLevel::Unsafe;
      if (!is_wanted || fix.edits.empty() || touches_any(fix, taken)) continue;
      taken.push_back(&fix);
      round.applied.push_back(i);
    }
  }
  round.texts = edited(taken, sources);
  if (are_read_as_before(round.texts, sources)) return round;
  // Rare: find those to blame by adding one after the other.
  std::vector<const Fix*> good;
  std::vector<std::size_t> applied;
  for (std::size_t i = 0; i < taken.size(); ++i) {
    good.push_back(taken[i]);
    if (are_read_as_before(edited(good, sources), sources)) {
      applied.push_back(round.applied[i]);
    } else {
      good.pop_back();
      round.refused.push_back(round.applied[i]);
    }
  }
  round.applied = std::move(applied);
  round.texts = edited(good, sources);
  return round;
}

std::map<std::string, std::string> fixed_texts(const std::vector<Finding>& findings,
                                               const source::SourceMap& sources, FixLevel level) {
  std::map<std::string, std::string> texts;
  for (auto& [file, text] : fix_round(findings, sources, level).texts) {
    texts[std::string(sources.name(file))] = std::move(text);
  }
  return texts;
}

}  // namespace wavetank::lint
