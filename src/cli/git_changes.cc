#include "cli/git_changes.h"

#include <fmt/format.h>

#include "cli/process.h"

namespace wavetank::cli {

namespace {

using Words = std::vector<std::string>;

tl::expected<std::string, std::string> git(Words arguments) {
  arguments.insert(arguments.begin(), "git");
  auto output = run_program(std::move(arguments));
  if (!output) return tl::unexpected(output.error());
  if (output->status != 0) return tl::unexpected(git_message(*output));
  return std::move(output->out);
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

// Names that end in a zero byte each.
void add_names(const std::string& root, const std::string& text, Words& paths) {
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\0', at), text.size());
    paths.push_back(root + "/" + text.substr(at, end - at));
    at = end + 1;
  }
}

}  // namespace

tl::expected<Words, std::string> changed_files(const std::string& revision) {
  // A revision that begins with a dash would be a flag.
  if (revision.empty() || revision.starts_with('-')) {
    return tl::unexpected(fmt::format("`{}` is no revision", revision));
  }
  const auto top = git({"rev-parse", "--show-toplevel"});
  if (!top) return tl::unexpected(top.error());
  const std::string root = first_line(*top);
  Words paths;
  // Submodules are directories to us, so nothing is lost when git does not look into them.
  const auto fresh =
      git({"-C", root, "ls-files", "-z", "--others", "--exclude-standard", "--full-name"});
  if (!fresh) return tl::unexpected(fresh.error());
  add_names(root, *fresh, paths);
  if (revision == "HEAD" && !git({"rev-parse", "--verify", "--quiet", "HEAD"})) {
    const auto all = git({"-C", root, "ls-files", "-z", "--full-name"});
    if (!all) return tl::unexpected(all.error());
    add_names(root, *all, paths);
    return paths;
  }
  const auto base = git({"merge-base", revision, "HEAD"});
  if (!base) return tl::unexpected(base.error());
  const auto changed = git({"-C", root, "diff", "-z", "--name-only", "--no-renames",
                            "--no-ext-diff", "--ignore-submodules", first_line(*base), "--"});
  if (!changed) return tl::unexpected(changed.error());
  add_names(root, *changed, paths);
  return paths;
}

}  // namespace wavetank::cli
