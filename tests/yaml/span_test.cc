// Where keys and values stand.

#include <fmt/format.h>
#include <rapidcheck.h>

#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>

#include "yaml/parser.h"

namespace wavetank::yaml {
namespace {

// "kind[begin,end)=text" of every node, depth first.
std::string spans(const std::string& text) {
  std::string out;
  for (const Document& document : parse_documents(source::FileId{0}, text)) {
    REQUIRE_FALSE(document.error.has_value());
    for (std::size_t i = 0; i < document.tree.size(); ++i) {
      const Node& node = document.tree.node(NodeId::from(i));
      if (node.kind != NodeKind::Scalar) continue;
      if (!out.empty()) out += ' ';
      out += text.substr(node.span.begin, node.span.end - node.span.begin);
    }
    out += ';';
  }
  return out;
}

TEST_CASE("plain and quoted scalars are spanned exactly") {
  CHECK(spans("a: b # c\n") == "a b;");
  CHECK(spans("\"a\" : 'b c'   \n") == "\"a\" 'b c';");
  CHECK(spans("a:\tb\r\nc: d\r\n") == "a b c d;");
}

TEST_CASE("wide characters do not shift spans") {
  CHECK(spans("日本: ü # é\nx: y\n") == "日本 ü x y;");
}

TEST_CASE("anchors and tags do not belong to the value") {
  CHECK(spans("a: &x !!str  v\n") == "a v;");
}

TEST_CASE("a block scalar ends with its last line, not at the comment behind it") {
  CHECK(spans("a: |\n  x\n  y\n# c\nb: 1\n") == "a |\n  x\n  y b 1;");
  CHECK(spans("a: >-\n  x\n\n\nb: 1\n") == "a >-\n  x b 1;");
}

TEST_CASE("an empty value stands behind its colon") {
  const auto documents = parse_documents(source::FileId{0}, "a:\nb: 1\n");
  const Node& value = documents[0].tree.node(NodeId{2});
  CHECK(value.span.begin == 2);
  CHECK(value.span.end == 2);
}

TEST_CASE("a block collection ends with its last child") {
  const std::string text = "a:\n  - x\n  - y # c\n\n# d\nb: 1\n";
  const auto documents = parse_documents(source::FileId{0}, text);
  const NodeId list = documents[0].tree.find(documents[0].tree.root(), "a");
  const source::Span span = documents[0].tree.node(list).span;
  CHECK(text.substr(span.begin, span.end - span.begin) == "- x\n  - y");
}

TEST_CASE("look-ups follow aliases and merges in written order") {
  const std::string text = "base: &b {x: 1, y: 2}\nd: {x: 0, <<: *b, y: 3}\ny: z\n";
  const auto documents = parse_documents(source::FileId{0}, text);
  const Tree& tree = documents[0].tree;
  const NodeId d = tree.find(tree.root(), "d");
  CHECK(tree.integer(tree.find(d, "x")) == 1);
  CHECK(tree.integer(tree.find(d, "true")) == 3);  // the key `y` is a truth value
  CHECK(tree.string(tree.root(), {"true"}) == "z");
  CHECK(tree.entries(d).size() == 2);
}

TEST_CASE("children lie within their parents and do not overlap, whatever the text") {
  rc::prop("spans nest", [] {
    const auto words = *rc::gen::container<std::vector<std::string>>(
        rc::gen::element<std::string>("a: ", "b\n", "- ", "  ", "\n", "{x: 1}", "[1, 'q']", "\"s\"",
                                      "# c\n", "|\n  t\n", "&a ", "*a", "é", "---\n"));
    std::string text;
    for (const auto& word : words) text += word;
    for (const Document& document : parse_documents(source::FileId{0}, text)) {
      if (document.error) continue;
      for (std::size_t i = 0; i < document.tree.size(); ++i) {
        const Node& node = document.tree.node(NodeId::from(i));
        RC_ASSERT(node.span.begin <= node.span.end);
        RC_ASSERT(node.span.end <= text.size());
        // A blank or line break in the value may stand for folded lines of the source.
        if (node.kind == NodeKind::Scalar && node.style == ScalarStyle::Plain &&
            node.text.find_first_of(" \n") == std::string_view::npos) {
          RC_ASSERT(text.substr(node.span.begin, node.text.size()) == node.text);
        }
        if (node.parent.valid()) {
          const Node& parent = document.tree.node(node.parent);
          RC_ASSERT(parent.span.begin <= node.span.begin);
          RC_ASSERT(node.span.end <= parent.span.end);
        }
        if (node.next.valid()) {
          RC_ASSERT(node.span.end <= document.tree.node(node.next).span.begin);
        }
      }
    }
  });
}

}  // namespace
}  // namespace wavetank::yaml
