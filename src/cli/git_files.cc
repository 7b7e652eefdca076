#include "cli/git_files.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <filesystem>
#include <memory>
#include <vector>

extern char** environ;

namespace wavetank::cli {

using base::FileError;
using base::FileKind;

namespace {

std::string normal(std::string_view path) {
  std::string result = std::filesystem::path(path).lexically_normal().generic_string();
  while (result.size() > 1 && result.ends_with('/')) result.pop_back();
  return result.empty() ? "." : result;
}

struct Output {
  std::string out;
  std::string err;
  int status = -1;
};

// Takes what comes out of two pipes until both are closed.
void drain(int out, int err, Output& output) {
  std::array<pollfd, 2> ends{pollfd{.fd = out, .events = POLLIN, .revents = 0},
                             pollfd{.fd = err, .events = POLLIN, .revents = 0}};
  std::array<char, 65536> buffer{};
  while (ends[0].fd >= 0 || ends[1].fd >= 0) {
    if (::poll(ends.data(), ends.size(), -1) < 0) break;
    for (std::size_t i = 0; i < ends.size(); ++i) {
      if (ends.at(i).fd < 0 || ends.at(i).revents == 0) continue;
      const ssize_t got = ::read(ends.at(i).fd, buffer.data(), buffer.size());
      if (got > 0) {
        (i == 0 ? output.out : output.err).append(buffer.data(), static_cast<std::size_t>(got));
      } else {
        ends.at(i).fd = -1;
      }
    }
  }
  ::close(out);
  ::close(err);
}

// Runs a program without a shell and takes what it prints.
tl::expected<Output, std::string> run(std::vector<std::string> arguments) {
  std::array<int, 2> out{};
  std::array<int, 2> err{};
  if (::pipe2(out.data(), O_CLOEXEC) != 0 || ::pipe2(err.data(), O_CLOEXEC) != 0) {
    return tl::unexpected(std::string(std::strerror(errno)));
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err[1], STDERR_FILENO);
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  pid_t child = 0;
  const int failed = posix_spawnp(&child, argv.front(), &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(out[1]);
  ::close(err[1]);
  if (failed != 0) {
    ::close(out[0]);
    ::close(err[0]);
    return tl::unexpected(
        fmt::format("cannot run {}: {}", arguments.front(), std::strerror(failed)));
  }
  Output output;
  drain(out[0], err[0], output);
  int status = 0;
  ::waitpid(child, &status, 0);
  output.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return output;
}

struct CloseArchive {
  void operator()(archive* each) const { archive_read_free(each); }
};

}  // namespace

tl::expected<GitFiles, std::string> GitFiles::read_revision(const std::string& revision,
                                                            const std::string& path) {
  // A revision that begins with a dash would be a flag.
  if (revision.empty() || revision.starts_with('-')) {
    return tl::unexpected(fmt::format("`{}` is no revision", revision));
  }
  const std::string wanted = normal(path);
  std::vector<std::string> command{"git", "archive", "--format=tar", revision, "--"};
  if (wanted != ".") command.push_back(wanted);
  auto output = run(command);
  if (!output) return tl::unexpected(output.error());
  if (output->status != 0) {
    std::string message = output->err.substr(0, output->err.find('\n'));
    for (const char* prefix : {"fatal: ", "error: "}) {
      if (message.starts_with(prefix)) message.erase(0, std::strlen(prefix));
    }
    return tl::unexpected(message.empty() ? "git archive failed" : message);
  }
  const std::unique_ptr<archive, CloseArchive> reader(archive_read_new());
  archive_read_support_format_tar(reader.get());
  if (archive_read_open_memory(reader.get(), output->out.data(), output->out.size()) !=
      ARCHIVE_OK) {
    return tl::unexpected(std::string("what git archive printed cannot be read"));
  }
  GitFiles files;
  files.nodes_["."].kind = FileKind::Directory;
  archive_entry* entry = nullptr;
  int answer = ARCHIVE_OK;
  while ((answer = archive_read_next_header(reader.get(), &entry)) != ARCHIVE_EOF) {
    // Long names come as UTF-8, which not every locale has; short ones as they are.
    const char* name = archive_entry_pathname(entry);
    if (name == nullptr) name = archive_entry_pathname_utf8(entry);
    if (answer <= ARCHIVE_FAILED || name == nullptr) {
      return tl::unexpected(std::string("what git archive printed cannot be read"));
    }
    Node& node = files.nodes_[normal(name)];
    const auto type = archive_entry_filetype(entry);
    node.kind = type == AE_IFDIR   ? FileKind::Directory
                : type == AE_IFREG ? FileKind::File
                                   : FileKind::Other;
    if (node.kind != FileKind::File) continue;
    node.content.resize(static_cast<std::size_t>(archive_entry_size(entry)));
    const auto size = archive_read_data(reader.get(), node.content.data(), node.content.size());
    if (size != static_cast<la_ssize_t>(node.content.size())) {
      return tl::unexpected(fmt::format("{} of {} cannot be read", name, revision));
    }
  }
  return files;
}

FileKind GitFiles::kind(std::string_view path) const {
  const auto found = nodes_.find(normal(path));
  return found == nodes_.end() ? FileKind::Missing : found->second.kind;
}

tl::expected<std::string, FileError> GitFiles::read(std::string_view path) const {
  const auto found = nodes_.find(normal(path));
  if (found == nodes_.end()) return tl::unexpected(FileError{"no such file or directory"});
  if (found->second.kind != FileKind::File) return tl::unexpected(FileError{"not a file"});
  return found->second.content;
}

tl::expected<std::vector<base::DirectoryEntry>, FileError> GitFiles::list(
    std::string_view path) const {
  const std::string directory = normal(path);
  if (kind(directory) != FileKind::Directory) {
    return tl::unexpected(FileError{"no such file or directory"});
  }
  const std::string prefix = directory == "." ? "" : directory + "/";
  std::vector<base::DirectoryEntry> entries;
  for (auto each = nodes_.lower_bound(prefix); each != nodes_.end(); ++each) {
    const std::string& name = each->first;
    if (!name.starts_with(prefix)) break;
    const std::string rest = name.substr(prefix.size());
    if (rest.empty() || rest == "." || rest.find('/') != std::string::npos) continue;
    entries.push_back({.name = rest, .kind = each->second.kind});
  }
  return entries;
}

tl::expected<std::string, FileError> GitFiles::canonical(std::string_view path) const {
  if (kind(path) == FileKind::Missing) {
    return tl::unexpected(FileError{"no such file or directory"});
  }
  return "/" + normal(path);
}

}  // namespace wavetank::cli
