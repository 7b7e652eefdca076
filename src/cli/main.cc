// The program: reads arguments, runs one command, prints, exits.

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <variant>
#include <vector>

#include "cli/arguments.h"
#include "cli/disk.h"
#include "cli/git_changes.h"
#include "cli/git_files.h"
#include "cli/real_watch.h"
#include "cli/revision_files.h"
#include "commands/rules.h"
#include "commands/scenario_tools.h"
#include "load/path.h"

namespace {

using wavetank::commands::ExitCode;
using wavetank::commands::Result;

// A revision that was named on the command line, and the file system that holds it.
struct Checkout {
  const wavetank::base::FileSystem* files = nullptr;
  std::string path;
  std::optional<wavetank::cli::GitFiles> git;
};

// `path` is what the revision is to be read of. The error says why it cannot be read.
std::string check_out(const std::string& revision, const std::string& path,
                      const wavetank::cli::Disk& disk, Checkout& checkout) {
  std::string name = revision;
  checkout.path = path;
  const bool is_git = revision.starts_with("git:");
  if (is_git) {
    name = revision.substr(4);
    const auto colon = name.rfind(':');
    if (colon == std::string::npos) return fmt::format("`{}` is not git:REV:PATH", revision);
    checkout.path = name.substr(colon + 1);
    name.erase(colon);
  } else if (disk.kind(revision) == wavetank::base::FileKind::Directory) {
    checkout.files = &disk;
    checkout.path = path == "." ? revision : revision + "/" + path;
    return "";
  }
  auto files = wavetank::cli::GitFiles::read_revision(name, checkout.path);
  if (!files) return fmt::format("the revision `{}` cannot be read: {}", revision, files.error());
  checkout.git = std::move(*files);
  checkout.files = &*checkout.git;
  return "";
}

Result misused(const std::string& message) {
  return {.errors = fmt::format("wavetank: {}\n", message), .exit = ExitCode::Usage};
}

// Tools read the disk.
constexpr const char* kNoDisk =
    "--render takes directories; a revision of git can be made one by `git worktree add`";

// What the configuration decides where no flag did. The error text is empty when all is well; the
// version and the patterns are only set then.
std::string configure(const wavetank::cli::Disk& disk,
                      const wavetank::commands::ConfigChoice& choice,
                      wavetank::model::ArgocdVersion& version, std::vector<std::string>& exclude) {
  auto basics = wavetank::commands::configure_basics(disk, choice, version, exclude);
  if (!basics.errors.empty()) return basics.errors;
  version = basics.version;
  exclude = std::move(basics.exclude);
  return "";
}

Result run(const wavetank::commands::LintRequest& asked, const wavetank::cli::Disk& disk) {
  wavetank::commands::LintRequest request = asked;
  if (request.changed_since) {
    auto changed = wavetank::cli::changed_files(*request.changed_since);
    if (!changed) {
      return misused(fmt::format("what changed since `{}` cannot be told: {}",
                                 *request.changed_since, changed.error()));
    }
    if (!request.touching) request.touching.emplace();
    request.touching->insert(request.touching->end(), changed->begin(), changed->end());
  }
  wavetank::cli::DiskWriter writer;
  return wavetank::commands::run_lint({disk, writer}, request);
}

Result run(const wavetank::commands::PlanRequest& asked, const wavetank::cli::Disk& disk) {
  wavetank::commands::PlanRequest request = asked;
  const auto errors = configure(disk, request.config, request.version, request.load.exclude);
  if (!errors.empty()) return {.errors = errors, .exit = ExitCode::Usage};
  return wavetank::commands::run_plan(disk, request);
}

Result run(const wavetank::commands::WhyRequest& asked, const wavetank::cli::Disk& disk) {
  wavetank::commands::WhyRequest request = asked;
  const auto errors = configure(disk, request.config, request.version, request.load.exclude);
  if (!errors.empty()) return {.errors = errors, .exit = ExitCode::Usage};
  return wavetank::commands::run_why(disk, request);
}

// An upgrade's revisions, both for one PATH.
struct Revisions {
  Checkout from;
  Checkout to;
  std::string error;
};

// They point into `revisions`, which has to stay where it is.
void check_out(const std::string& from, const std::string& to, const std::string& path,
               const wavetank::cli::Disk& disk, Revisions& revisions) {
  revisions.to = {.files = &disk, .path = path};
  if (from.empty()) return;
  revisions.error = check_out(from, path, disk, revisions.from);
  if (revisions.error.empty() && !to.empty()) {
    revisions.error = check_out(to, path, disk, revisions.to);
  }
}

// The same result, when there are directories for its files.
Result in_directories(Result result) {
  for (const wavetank::commands::OutputFile& file : result.files) {
    const std::string directory = wavetank::load::parent_of(file.path);
    const auto made = wavetank::cli::make_directory(directory);
    if (!made) {
      return misused(
          fmt::format("cannot make the directory {}: {}", directory, made.error().reason));
    }
  }
  return result;
}

Result run(const wavetank::cli::Explore& explore, const wavetank::cli::Disk& disk) {
  wavetank::commands::ExploreRequest request = explore.request;
  const auto errors =
      configure(disk, explore.config, request.study.usual.argocd.version, request.load.exclude);
  if (!errors.empty()) return {.errors = errors, .exit = ExitCode::Usage};
  if (!explore.replay.empty()) {
    wavetank::commands::SimulateRequest replay{
        .load = {.paths = {explore.replay}}, .format = request.format, .colour = request.colour};
    return wavetank::commands::run_simulate(wavetank::cli::RevisionFiles(disk), replay).result;
  }
  const std::string path = request.load.paths.empty() ? "." : request.load.paths.front();
  Revisions revisions;
  check_out(explore.from, explore.to, path, disk, revisions);
  if (!revisions.error.empty()) return misused(revisions.error);
  if (request.load.renderer && (revisions.from.git || revisions.to.git)) return misused(kNoDisk);
  if (!explore.from.empty()) {
    request.from = {.files = revisions.from.files, .path = revisions.from.path};
    request.load.paths = {revisions.to.path};
    const auto spelt = [&](const std::string& revision, const Checkout& checkout) {
      return checkout.files == &disk ? checkout.path : fmt::format("git:{}:{}", revision, path);
    };
    request.spelt_from = spelt(explore.from, revisions.from);
    if (!explore.to.empty()) request.spelt_to = spelt(explore.to, revisions.to);
  }
  if (request.sample && request.sample->threads == 0) {
    request.sample->threads = std::max(1U, std::thread::hardware_concurrency());
  }
  const wavetank::cli::RevisionFiles files(*revisions.to.files);
  if (!request.sample || request.run) {
    wavetank::explore::Watch nobody;
    return in_directories(wavetank::commands::run_explore(files, request, nobody));
  }
  wavetank::cli::RealWatch watch(explore.time_limit);
  return wavetank::commands::run_explore(files, request, watch);
}

Result run(const wavetank::cli::Diff& diff, const wavetank::cli::Disk& disk) {
  wavetank::commands::DiffRequest request = diff.request;
  const auto errors = configure(disk, request.config, request.version, request.exclude);
  if (!errors.empty()) return {.errors = errors, .exit = ExitCode::Usage};
  Revisions revisions;
  check_out(diff.from, diff.to, diff.path, disk, revisions);
  if (!revisions.error.empty()) return misused(revisions.error);
  if (request.renderer && (revisions.from.git || revisions.to.git)) return misused(kNoDisk);
  request.before = {.files = revisions.from.files, .path = revisions.from.path};
  request.after = {.files = revisions.to.files, .path = revisions.to.path};
  return wavetank::commands::run_diff(request);
}

Result run(const wavetank::cli::Simulate& simulate, const wavetank::cli::Disk& disk) {
  wavetank::commands::SimulateRequest request = simulate.request;
  const auto errors =
      configure(disk, simulate.config, request.simulation.argocd.version, request.load.exclude);
  if (!errors.empty()) return {.errors = errors, .exit = ExitCode::Usage};
  const std::string path = request.load.paths.empty() ? "." : request.load.paths.front();
  Revisions revisions;
  check_out(simulate.from, simulate.to, path, disk, revisions);
  if (!revisions.error.empty()) return misused(revisions.error);
  if (request.load.renderer && (revisions.from.git || revisions.to.git)) return misused(kNoDisk);
  if (!simulate.from.empty()) {
    request.from = {.files = revisions.from.files, .path = revisions.from.path};
    request.load.paths = {revisions.to.path};
  }
  const wavetank::cli::RevisionFiles files(*revisions.to.files);
  auto whole = wavetank::commands::run_simulate(files, request);
  if (simulate.final_state_file.empty() || whole.result.exit == ExitCode::Usage) {
    return std::move(whole.result);
  }
  wavetank::cli::DiskWriter writer;
  const auto written = writer.write(simulate.final_state_file, whole.final_state);
  if (!written) {
    whole.result.errors += fmt::format("wavetank: cannot write {}: {}\n", simulate.final_state_file,
                                       written.error().reason);
    whole.result.exit = ExitCode::Usage;
  }
  return std::move(whole.result);
}

Result run(wavetank::commands::TestRequest request, const wavetank::cli::Disk& disk) {
  if (request.jobs == 0) request.jobs = std::max(1U, std::thread::hardware_concurrency());
  const bool is_watched = isatty(STDERR_FILENO) == 1 && !request.only_lists;
  std::mutex mutex;
  if (is_watched) {
    request.progress = [&mutex](std::size_t done, std::size_t total) {
      const std::lock_guard lock(mutex);
      fmt::print(stderr, "\r\x1b[K{} of {} scenarios", done, total);
    };
  }
  Result result = wavetank::commands::run_test(wavetank::cli::RevisionFiles(disk), request);
  if (is_watched) fmt::print(stderr, "\r\x1b[K");
  return result;
}

Result run(const wavetank::cli::ScenarioTool& tool, const wavetank::cli::Disk& disk) {
  switch (tool.action) {
    case wavetank::cli::ScenarioAction::Init:
      return wavetank::commands::init_scenario(disk, tool.path);
    case wavetank::cli::ScenarioAction::Show:
      return wavetank::commands::show_scenario(wavetank::cli::RevisionFiles(disk), tool.path);
    case wavetank::cli::ScenarioAction::Schema: return wavetank::commands::scenario_schema();
  }
  return {.exit = ExitCode::Internal};
}

Result run(const wavetank::cli::Rules& rules, const wavetank::cli::Disk& disk) {
  switch (rules.action) {
    case wavetank::cli::RulesAction::List: return wavetank::commands::list_rules();
    case wavetank::cli::RulesAction::Test:
      return wavetank::commands::test_rules(disk, rules.arguments);
    case wavetank::cli::RulesAction::New:
      return wavetank::commands::new_rule(rules.arguments.front());
    case wavetank::cli::RulesAction::Schema: return wavetank::commands::rule_schema();
  }
  return {.exit = ExitCode::Internal};
}

Result run(const wavetank::cli::Invocation& invocation, const wavetank::cli::Disk& disk) {
  return std::visit(
      [&](const auto& request) -> Result {
        using Request = std::decay_t<decltype(request)>;
        if constexpr (std::is_same_v<Request, wavetank::commands::LintRequest>) {
          return run(request, disk);
        } else if constexpr (std::is_same_v<Request, wavetank::commands::BaselineRequest>) {
          wavetank::cli::DiskWriter writer;
          return wavetank::commands::run_baseline({disk, writer}, request);
        } else if constexpr (std::is_same_v<Request, wavetank::commands::ConfigRequest>) {
          wavetank::cli::DiskWriter writer;
          return wavetank::commands::run_config({disk, writer}, request);
        } else if constexpr (std::is_same_v<Request, wavetank::commands::PlanRequest>) {
          return run(request, disk);
        } else if constexpr (std::is_same_v<Request, wavetank::cli::Simulate> ||
                             std::is_same_v<Request, wavetank::cli::Diff> ||
                             std::is_same_v<Request, wavetank::commands::WhyRequest> ||
                             std::is_same_v<Request, wavetank::cli::Explore>) {
          return run(request, disk);
        } else if constexpr (std::is_same_v<Request, wavetank::commands::MergeRequest>) {
          return wavetank::commands::run_merge(disk, request);
        } else if constexpr (std::is_same_v<Request, wavetank::commands::TestRequest>) {
          return run(request, disk);
        } else if constexpr (std::is_same_v<Request, wavetank::cli::ScenarioTool>) {
          return run(request, disk);
        } else if constexpr (std::is_same_v<Request, wavetank::cli::Rules>) {
          return run(request, disk);
        } else if constexpr (std::is_same_v<Request, wavetank::cli::Explain>) {
          return wavetank::commands::explain_rule(request.code);
        } else if constexpr (std::is_same_v<Request, wavetank::cli::Print>) {
          return {.output = request.text};
        } else {
          return {.errors = fmt::format("wavetank: {}\nTry `wavetank --help`.\n", request.message),
                  .exit = ExitCode::Usage};
        }
      },
      invocation);
}

// The value of a variable; empty when it is not set.
std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// The documented precedence of CMake: NO_COLOR, then what forces colours, then the terminal.
wavetank::cli::Surroundings surroundings() {
  using wavetank::cli::CiServer;
  const auto is_on = [](const std::string& value) { return !value.empty() && value != "0"; };
  return {.is_terminal = isatty(STDOUT_FILENO) == 1 && variable("TERM") != "dumb",
          .no_color = !variable("NO_COLOR").empty(),
          .force_color = is_on(variable("CLICOLOR_FORCE")) || is_on(variable("FORCE_COLOR")),
          .server = variable("GITHUB_ACTIONS") == "true" ? CiServer::Github
                    : variable("GITLAB_CI") == "true"    ? CiServer::Gitlab
                                                         : CiServer::None,
          .step_summary = variable("GITHUB_STEP_SUMMARY")};
}

// Each file whole, or not at all.
void write_files(const wavetank::cli::Disk& disk, Result& result) {
  using wavetank::commands::OutputFile;
  wavetank::cli::DiskWriter writer;
  for (const OutputFile& file : result.files) {
    std::string text = file.text;
    if (file.mode == OutputFile::Mode::Append) {
      if (auto before = disk.read(file.path)) text.insert(0, *before);
    }
    const auto written = writer.write(file.path, text);
    if (written) continue;
    result.errors +=
        fmt::format("wavetank: cannot write {}: {}\n", file.path, written.error().reason);
    result.exit = ExitCode::Usage;
  }
}

// Output that did not arrive must not look like success; a reader that went away is no error.
bool print(std::FILE* stream, const std::string& text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stream) == text.size();
  return std::fflush(stream) == 0 && written;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const wavetank::cli::Disk disk;
  Result result = run(wavetank::cli::parse(arguments, surroundings()), disk);
  write_files(disk, result);
  print(stderr, result.errors);
  if (!print(stdout, result.output)) {
    std::fputs("wavetank: the output could not be written\n", stderr);
    return static_cast<int>(ExitCode::Internal);
  }
  return static_cast<int>(result.exit);
}
