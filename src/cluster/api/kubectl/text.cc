#include "cluster/api/kubectl/text.h"

namespace wavetank::cluster::api {

const char* const kConflictHelp =
    "\nPlease review the fields above--they currently have other managers. Here\n"
    "are the ways you can resolve this warning:\n"
    "* If you intend to manage all of these fields, please re-run the apply\n"
    "  command with the `--force-conflicts` flag.\n"
    "* If you do not intend to manage all of the fields, please edit your\n"
    "  manifest to remove references to the fields that should keep their\n"
    "  current managers.\n"
    "* You may co-own fields by updating your manifest to match the existing\n"
    "  value; in this case, you'll become the manager if the other manager(s)\n"
    "  stop managing the field (remove it from their configuration).\n"
    "See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts";

namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const auto begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

// Everything from the first `map[` of a line to the last `]` of that line, line by line.
std::string without_maps(std::string_view text) {
  std::string result;
  while (true) {
    const auto end = text.find('\n');
    std::string line(text.substr(0, end));
    const auto open = line.find("map[");
    const auto close = line.rfind(']');
    if (open != std::string::npos && close != std::string::npos && close > open) {
      line.erase(open, close - open + 1);
    }
    result += line;
    if (end == std::string_view::npos) return result;
    result += '\n';
    text.remove_prefix(end + 1);
  }
}

}  // namespace

std::string cleaned_error(std::string_view error) {
  std::string_view rest = trimmed(error);
  for (std::string_view prefix : {"error when creating \"", "error validating \""}) {
    if (!rest.starts_with(prefix)) continue;
    const auto end = rest.find("\": ", prefix.size());
    if (end != std::string_view::npos) rest.remove_prefix(end + 3);
    break;
  }
  return without_maps(rest);
}

std::string joined_output(std::string_view out, std::string_view err) {
  std::string result(trimmed(out));
  const std::string_view errors = trimmed(err);
  if (!result.empty() && !errors.empty()) result += ". ";
  return result + std::string(errors);
}

}  // namespace wavetank::cluster::api
