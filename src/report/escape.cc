#include "report/escape.h"

#include <fmt/format.h>

#include "base/utf8.h"
#include "report/paint.h"

namespace wavetank::report {

namespace {

// Calls visit(rune, its bytes) for each character; broken bytes come as U+FFFD.
template <class Visit>
void each_rune(std::string_view text, const Visit& visit) {
  while (!text.empty()) {
    const base::Rune rune = base::first_rune(text);
    visit(rune.value,
          rune.is_invalid() ? std::string_view("\xEF\xBF\xBD") : text.substr(0, rune.width));
    text.remove_prefix(rune.width);
  }
}

// The characters that XML 1.0 has no way to write: section 2.2 of the recommendation.
bool is_xml(char32_t rune) {
  return rune == U'\t' || rune == U'\n' || rune == U'\r' ||
         (rune >= 0x20 && rune != 0xFFFE && rune != 0xFFFF);
}

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

std::string valid_utf8(std::string_view text) {
  std::string out;
  each_rune(text, [&](char32_t, std::string_view bytes) { out += bytes; });
  return out;
}

std::string xml_escaped(std::string_view text) {
  std::string out;
  each_rune(text, [&](char32_t rune, std::string_view bytes) {
    switch (rune) {
      case U'&': out += "&amp;"; return;
      case U'<': out += "&lt;"; return;
      case U'>': out += "&gt;"; return;
      case U'"': out += "&quot;"; return;
      case U'\'': out += "&apos;"; return;
      case U'\t': out += "&#9;"; return;
      case U'\n': out += "&#10;"; return;
      case U'\r': out += "&#13;"; return;
      case 0x7F: out += "\\x7f"; return;
      default: break;
    }
    // C1 controls are legal but drive terminals that show the file.
    if (rune >= 0x80 && rune < 0xA0) {
      out += fmt::format("\\x{:02x}", static_cast<std::uint32_t>(rune));
    } else if (is_xml(rune)) {
      out += bytes;
    } else {
      out += fmt::format("\\x{:02x}", static_cast<std::uint32_t>(rune));
    }
  });
  return out;
}

std::string markdown_escaped(std::string_view text) {
  // References to characters, where a backslash would not keep GitHub or GitLab from making a
  // mention, a reference or a link of it.
  constexpr std::string_view kReferences = "&<>@#~$|";
  constexpr std::string_view kPunctuation = "\\`*_{}[]";
  const std::string plain = escaped(valid_utf8(text));
  std::string out;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    const char c = plain[i];
    const std::string_view rest = std::string_view(plain).substr(i);
    const bool begins_link =
        rest.starts_with("://") || (i >= 3 && plain.compare(i - 3, 4, "www.") == 0);
    if (begins_link || kReferences.find(c) != std::string_view::npos) {
      out += fmt::format("&#{};", static_cast<int>(c));
    } else {
      if (kPunctuation.find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
  }
  return out;
}

std::string workflow_text(std::string_view text) {
  std::string out;
  for (const char c : valid_utf8(text)) {
    if (c == '%') {
      out += "%25";
    } else if (c == '\r') {
      out += "%0D";
    } else if (c == '\n') {
      out += "%0A";
    } else {
      out += c;
    }
  }
  return out;
}

std::string workflow_property(std::string_view text) {
  std::string out;
  for (const char c : workflow_text(escaped(text))) {
    if (c == ':') {
      out += "%3A";
    } else if (c == ',') {
      out += "%2C";
    } else {
      out += c;
    }
  }
  return out;
}

std::string uri_escaped(std::string_view path) {
  constexpr std::string_view kPlain = "-._~/";
  std::string out;
  for (const char c : path) {
    if (is_letter_or_digit(c) || kPlain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
  }
  return out;
}

}  // namespace wavetank::report
