#include "load/path.h"

#include <vector>

namespace wavetank::load {

std::string normal(std::string_view path) {
  const bool absolute = path.starts_with('/');
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const auto slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
    if (part.empty() || part == ".") continue;
    if (part == ".." && !parts.empty() && parts.back() != "..") {
      parts.pop_back();
    } else if (part != ".." || !absolute) {
      parts.push_back(part);
    }
  }
  std::string result = absolute ? "/" : "";
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) result += '/';
    result += parts[i];
  }
  return result.empty() ? "." : result;
}

std::string join(std::string_view head, std::string_view tail) {
  if (tail.starts_with('/') || head == ".") return normal(tail);
  return normal(std::string(head) + "/" + std::string(tail));
}

std::string parent_of(std::string_view path) {
  const auto slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return slash == 0 ? "/" : std::string(path.substr(0, slash));
}

std::string_view file_name(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string relative_to(std::string_view from, std::string_view here, std::string_view path) {
  const std::string whole = join(here, path);
  if (whole == from) return ".";
  std::string prefix(from);
  if (!prefix.ends_with('/')) prefix += '/';
  return whole.starts_with(prefix) ? whole.substr(prefix.size()) : whole;
}

std::string way_to(std::string_view from, std::string_view path) {
  const auto next = [](std::string_view& rest) {
    while (rest.starts_with('/')) rest.remove_prefix(1);
    const std::string_view part = rest.substr(0, rest.find('/'));
    rest.remove_prefix(part.size());
    return part;
  };
  const std::string from_text = normal(from);
  const std::string path_text = normal(path);
  std::string_view away = from_text;
  std::string_view to = path_text;
  std::string_view step = next(away);
  std::string_view part = next(to);
  for (; !step.empty() && step == part; step = next(away), part = next(to)) {
  }
  std::string way;
  const auto add = [&](std::string_view each) {
    way += way.empty() ? "" : "/";
    way += each;
  };
  for (; !step.empty(); step = next(away)) add("..");
  for (; !part.empty(); part = next(to)) add(part);
  return way.empty() ? "." : way;
}

}  // namespace wavetank::load
