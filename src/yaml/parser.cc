#include "yaml/parser.h"

#include <fmt/format.h>
#include <yaml.h>

#include <algorithm>
#include <cstring>
#include <unordered_map>

#include "yaml/acceptance.h"
#include "yaml/builder.h"
#include "yaml/json_reader.h"
#include "yaml/scalar.h"
#include "yaml/split.h"

namespace wavetank::yaml {

namespace {

// libyaml counts characters; spans count bytes. Marks come nearly in order, so a cursor suffices.
class ByteOffsets {
 public:
  explicit ByteOffsets(std::string_view text) : text_(text) {
    is_ascii_ = std::all_of(text.begin(), text.end(),
                            [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  }

  std::size_t at(std::size_t character) {
    if (is_ascii_) return std::min(character, text_.size());
    while (character_ < character && byte_ < text_.size()) {
      ++character_;
      do ++byte_;
      while (byte_ < text_.size() && is_continuation(text_[byte_]));
    }
    while (character_ > character && byte_ > 0) {
      --character_;
      do --byte_;
      while (byte_ > 0 && is_continuation(text_[byte_]));
    }
    return byte_;
  }

 private:
  static bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

  std::string_view text_;
  bool is_ascii_ = false;
  std::size_t character_ = 0;
  std::size_t byte_ = 0;
};

std::string_view view(const yaml_char_t* text) {
  return text == nullptr ? std::string_view{}
                         : std::string_view(reinterpret_cast<const char*>(text));
}

class Parser {
 public:
  Parser(source::FileId file, std::string_view text, Chunk chunk)
      : file_(file),
        text_(text),
        base_(chunk.begin),
        chunk_(text.substr(chunk.begin, chunk.end - chunk.begin)),
        offsets_(chunk_),
        builder_(file, false) {
    WAVETANK_CHECK(yaml_parser_initialize(&parser_) == 1);
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    // Argo CD reads line by line and ends every line with a line break, the last one too.
    std::string_view input = chunk_;
    if (!chunk_.ends_with('\n')) input = ended_chunk_ = std::string(chunk_) + '\n';
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(input.data()),
                                 input.size());
  }
  ~Parser() { yaml_parser_delete(&parser_); }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  Document parse() {
    while (!is_done_ && !error_) next_event();
    Document document;
    document.tree = builder_.take();
    document.error = std::move(error_);
    return document;
  }

 private:
  void next_event() {
    yaml_event_t event;
    if (yaml_parser_parse(&parser_, &event) == 0) {
      error_ = parser_error();
      return;
    }
    take(event);
    yaml_event_delete(&event);
  }

  void take(const yaml_event_t& event) {
    switch (event.type) {
      case YAML_SCALAR_EVENT: scalar(event); break;
      case YAML_ALIAS_EVENT: alias(event); break;
      case YAML_SEQUENCE_START_EVENT:
        open(event, NodeKind::Sequence, view(event.data.sequence_start.anchor),
             view(event.data.sequence_start.tag),
             event.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE);
        break;
      case YAML_MAPPING_START_EVENT:
        open(event, NodeKind::Mapping, view(event.data.mapping_start.anchor),
             view(event.data.mapping_start.tag),
             event.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE);
        break;
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT: close(event); break;
      // What stands behind the end of the first document is never looked at.
      case YAML_DOCUMENT_END_EVENT:
      case YAML_STREAM_END_EVENT: is_done_ = true; break;
      case YAML_NO_EVENT:
      case YAML_STREAM_START_EVENT:
      case YAML_DOCUMENT_START_EVENT: break;
    }
  }

  [[nodiscard]] std::uint32_t offset(const yaml_mark_t& mark) {
    return static_cast<std::uint32_t>(base_ + offsets_.at(mark.index));
  }

  // Behind anchors and tags, which belong to the event but not to the value.
  [[nodiscard]] std::uint32_t behind_properties(std::uint32_t begin, std::uint32_t end) const {
    std::uint32_t at = begin;
    while (at < end && (text_[at] == '&' || text_[at] == '!')) {
      while (at < end && !is_blank(text_[at])) ++at;
      while (at < end && (is_blank(text_[at]) || text_[at] == '#')) {
        if (text_[at] == '#') {
          while (at < end && text_[at] != '\n') ++at;
        } else {
          ++at;
        }
      }
    }
    return at;
  }

  static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

  void remember(std::string_view anchor, NodeId id) {
    if (!anchor.empty()) anchors_[std::string(anchor)] = id;
  }

  void scalar(const yaml_event_t& event) {
    const auto& data = event.data.scalar;
    const std::string_view value(reinterpret_cast<const char*>(data.value), data.length);
    Node node;
    node.span.end = offset(event.end_mark);
    node.span.begin = behind_properties(offset(event.start_mark), node.span.end);
    switch (data.style) {
      case YAML_SINGLE_QUOTED_SCALAR_STYLE: node.style = ScalarStyle::SingleQuoted; break;
      case YAML_DOUBLE_QUOTED_SCALAR_STYLE: node.style = ScalarStyle::DoubleQuoted; break;
      case YAML_LITERAL_SCALAR_STYLE: node.style = ScalarStyle::Literal; break;
      case YAML_FOLDED_SCALAR_STYLE: node.style = ScalarStyle::Folded; break;
      case YAML_ANY_SCALAR_STYLE:
      case YAML_PLAIN_SCALAR_STYLE: break;
    }
    if (node.style == ScalarStyle::Literal || node.style == ScalarStyle::Folded) {
      node.span.end = block_scalar_end(node.span.begin, node.span.end);
    }
    if (const auto tag = view(data.tag); !tag.empty()) node.tag = builder_.keep(std::string(tag));
    if (node.style == ScalarStyle::DoubleQuoted && has_escaped_slash(node.span)) {
      fail(ErrorKind::Syntax, "found unknown escape character", node.span);
    }
    node.text = stored(value, node);
    last_end_ = node.span.end;
    const auto type = scalar_type(node.text, node.tag, node.style);
    node.type = type.value_or(ScalarType::String);
    remember(view(data.anchor), builder_.add(node));
    if (!type) {
      fail(ErrorKind::Syntax, fmt::format("cannot read `{}` as {}", node.text, node.tag),
           node.span);
    }
  }

  // YAML 1.2 allows `\/`, and so does libyaml; Argo CD's reader does not.
  [[nodiscard]] bool has_escaped_slash(const source::Span& span) const {
    for (std::uint32_t i = span.begin; i + 1 < span.end; ++i) {
      if (text_[i] != '\\') continue;
      if (text_[++i] == '/') return true;
    }
    return false;
  }

  // Points into the source where the value stands there as it is.
  [[nodiscard]] std::string_view stored(std::string_view value, const Node& node) {
    std::size_t begin = node.span.begin;
    if (node.style == ScalarStyle::SingleQuoted || node.style == ScalarStyle::DoubleQuoted) ++begin;
    const std::string_view written = text_.substr(begin, value.size());
    return written == value ? written : builder_.keep(std::string(value));
  }

  // libyaml ends a block scalar at the next token; we want the last line of its content.
  [[nodiscard]] std::uint32_t block_scalar_end(std::uint32_t begin, std::uint32_t end) const {
    const std::string_view all = text_.substr(0, end);
    std::size_t line = all.find('\n', begin);
    std::uint32_t last = static_cast<std::uint32_t>(std::min(line, all.size()));
    if (line == std::string_view::npos) return last;
    std::size_t content_indent = std::string_view::npos;
    while (line < all.size()) {
      const std::size_t start = line + 1;
      const std::size_t stop = std::min(all.find('\n', start), all.size());
      const std::size_t text = all.find_first_not_of(' ', start);
      line = stop;
      if (text == std::string_view::npos || text >= stop || all[text] == '\r') continue;
      if (content_indent == std::string_view::npos) content_indent = text - start;
      if (text - start < content_indent && all[text] == '#') break;
      last = static_cast<std::uint32_t>(stop);
    }
    while (last > begin && is_blank(all[last - 1])) --last;
    return last;
  }

  void alias(const yaml_event_t& event) {
    Node node{.kind = NodeKind::Alias};
    node.span = {.begin = offset(event.start_mark), .end = offset(event.end_mark)};
    const std::string name(view(event.data.alias.anchor));
    const auto found = anchors_.find(name);
    if (found == anchors_.end()) {
      fail(ErrorKind::Syntax, fmt::format("unknown anchor `{}` referenced", name), node.span);
      return;
    }
    node.target = found->second;
    last_end_ = node.span.end;
    const NodeId id = builder_.add(node);
    for (NodeId parent = builder_.node(id).parent; parent.valid();
         parent = builder_.node(parent).parent) {
      if (parent == node.target) {
        fail(ErrorKind::Syntax, fmt::format("the value of anchor `{}` contains itself", name),
             node.span);
        return;
      }
    }
  }

  void open(const yaml_event_t& event, NodeKind kind, std::string_view anchor, std::string_view tag,
            bool flow) {
    Node node{.kind = kind, .flow = flow};
    node.span.begin = offset(event.start_mark);
    if (!anchor.empty() || !tag.empty()) {
      node.span.begin =
          behind_properties(node.span.begin, static_cast<std::uint32_t>(text_.size()));
    }
    node.span.end = offset(event.end_mark);
    if (!tag.empty()) node.tag = builder_.keep(std::string(tag));
    remember(anchor, builder_.open(node));
    if (builder_.depth() > kDepthMax) {
      fail(ErrorKind::OverLimit, fmt::format("nesting is deeper than {} levels", kDepthMax),
           node.span);
    }
  }

  void close(const yaml_event_t& event) {
    // A flow collection ends with its bracket, a block collection with its last child.
    const Node& node = builder_.node(builder_.innermost());
    const bool flow = node.flow;
    last_end_ = flow ? offset(event.end_mark) : std::max(node.span.begin, last_end_);
    builder_.close(last_end_);
  }

  void fail(ErrorKind kind, std::string message, source::Span span) {
    span.file = file_;
    if (!error_) error_ = ParseError{.kind = kind, .message = std::move(message), .span = span};
  }

  // The line is computed as Argo CD's reader does, which forgets the first line and counts scanner
  // errors differently.
  [[nodiscard]] ParseError parser_error() {
    ParseError error{.message = parser_.problem == nullptr ? "unknown problem" : parser_.problem};
    if (parser_.error == YAML_READER_ERROR) {
      const auto at = static_cast<std::uint32_t>(
          base_ + std::min<std::size_t>(parser_.problem_offset, chunk_.size()));
      error.span = {.file = file_, .begin = at, .end = at};
      return error;
    }
    if (parser_.problem_mark.line != 0) {
      error.line_in_argocd = static_cast<std::uint32_t>(parser_.problem_mark.line) +
                             (parser_.error == YAML_SCANNER_ERROR ? 1U : 0U);
    } else {
      error.line_in_argocd = static_cast<std::uint32_t>(parser_.context_mark.line);
    }
    const std::uint32_t at = offset(parser_.problem_mark);
    error.span = {.file = file_, .begin = at, .end = at};
    return error;
  }

  source::FileId file_;
  std::string_view text_;
  std::size_t base_;
  std::string_view chunk_;
  std::string ended_chunk_;
  ByteOffsets offsets_;
  TreeBuilder builder_;
  yaml_parser_t parser_{};
  std::unordered_map<std::string, NodeId> anchors_;  // looked up, never iterated
  std::uint32_t last_end_ = 0;                       // of the node read last
  std::optional<ParseError> error_;
  bool is_done_ = false;
};

}  // namespace

bool Document::is_empty() const {
  if (error) return false;
  const NodeId root = tree.root();
  return !root.valid() || tree.has_type(root, ScalarType::Null);
}

std::vector<Document> parse_documents(source::FileId file, std::string_view text) {
  std::vector<Document> documents;
  for (const Chunk& chunk : split_documents(text)) {
    const source::Span span{.file = file,
                            .begin = static_cast<std::uint32_t>(chunk.begin),
                            .end = static_cast<std::uint32_t>(chunk.end)};
    Document document;
    switch (chunk.syntax) {
      case Syntax::Yaml: document = Parser(file, text, chunk).parse(); break;
      case Syntax::Json: {
        TreeBuilder builder(file, true);
        read_json(text, chunk.begin, builder);
        document.tree = builder.take();
        break;
      }
      case Syntax::BadSeparator:
        document.error =
            ParseError{.message = "only a comment may follow `---` on its line", .span = span};
        break;
    }
    document.span = span;
    if (!document.error) document.error = check_acceptance(document.tree);
    documents.push_back(std::move(document));
  }
  return documents;
}

}  // namespace wavetank::yaml
