// Text from manifests for media that give some characters a meaning: XML, Markdown, the workflow
// commands of GitHub. Whatever a manifest says, it stays text there.
//
// `escaped` of paint.h does the same for terminals.
#pragma once

#include <string>
#include <string_view>

namespace wavetank::report {

// Valid UTF-8: bytes that are none become U+FFFD.
[[nodiscard]] std::string valid_utf8(std::string_view text);

// For text and quoted attributes of XML 1.0. Line breaks and tabs survive as references; characters
// that XML cannot hold are shown, as "\x1b".
[[nodiscard]] std::string xml_escaped(std::string_view text);

// One line of Markdown, also within a table: no formatting, HTML, link, mention or reference to an
// issue comes out of it.
[[nodiscard]] std::string markdown_escaped(std::string_view text);

// The text and a property of a workflow command ("::error file=PROPERTY::TEXT"): no line break is
// left, so that nothing begins a second command.
[[nodiscard]] std::string workflow_text(std::string_view text);
[[nodiscard]] std::string workflow_property(std::string_view text);

// A path as a relative reference of RFC 3986, slashes kept.
[[nodiscard]] std::string uri_escaped(std::string_view path);

}  // namespace wavetank::report
