#include "cli/git_files.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

#include "cli/process.h"

namespace wavetank::cli {

using base::FileError;
using base::FileKind;

namespace {

std::string normal(std::string_view path) {
  std::string result = std::filesystem::path(path).lexically_normal().generic_string();
  while (result.size() > 1 && result.ends_with('/')) result.pop_back();
  return result.empty() ? "." : result;
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
  auto output = run_program(std::move(command));
  if (!output) return tl::unexpected(output.error());
  if (output->status != 0) {
    return tl::unexpected(git_message(*output));
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
