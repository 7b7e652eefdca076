#include "cli/disk.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

namespace wavetank::cli {

namespace fs = std::filesystem;

namespace {

tl::unexpected<base::FileError> failure(int code) {
  std::string reason = std::generic_category().message(code);
  if (!reason.empty() && reason.front() >= 'A' && reason.front() <= 'Z') {
    reason.front() = static_cast<char>(reason.front() + 32);
  }
  return tl::unexpected(base::FileError{.reason = std::move(reason)});
}

base::FileKind kind_of(fs::file_type type) {
  if (type == fs::file_type::not_found) return base::FileKind::Missing;
  if (type == fs::file_type::directory) return base::FileKind::Directory;
  return type == fs::file_type::regular ? base::FileKind::File : base::FileKind::Other;
}

tl::expected<std::string, base::FileError> read_descriptor(int descriptor) {
  std::string text;
  std::array<char, 1U << 16U> buffer{};
  while (true) {
    const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
    if (count == 0) return text;
    if (count < 0) {
      if (errno == EINTR) continue;
      return failure(errno);
    }
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace

base::FileKind Disk::kind(std::string_view path) const {
  std::error_code error;
  const fs::file_status status = fs::status(fs::path(path), error);
  return kind_of(status.type());
}

tl::expected<std::string, base::FileError> Disk::read(std::string_view path) const {
  if (path == "-") return read_descriptor(STDIN_FILENO);
  const int descriptor = ::open(std::string(path).c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return failure(errno);
  auto text = read_descriptor(descriptor);
  ::close(descriptor);
  return text;
}

tl::expected<std::vector<base::DirectoryEntry>, base::FileError> Disk::list(
    std::string_view path) const {
  std::error_code error;
  fs::directory_iterator iterator(fs::path(path), error);
  if (error) return failure(error.value());
  std::vector<base::DirectoryEntry> entries;
  for (; iterator != fs::directory_iterator(); iterator.increment(error)) {
    if (error) return failure(error.value());
    std::error_code ignored;  // a dangling link is of kind Missing
    entries.push_back({.name = iterator->path().filename().string(),
                       .kind = kind_of(iterator->status(ignored).type())});
  }
  std::sort(entries.begin(), entries.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return entries;
}

namespace {

tl::expected<std::string, base::FileError> resolved(const fs::path& path) {
  std::error_code error;
  const fs::path result = fs::canonical(path, error);
  if (error) return failure(error.value());
  return result.string();
}

// Whether the path leads to something that is no symbolic link itself.
bool is_plain(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 && !S_ISLNK(status.st_mode);
}

}  // namespace

tl::expected<std::string, base::FileError> Disk::canonical(std::string_view path) const {
  const auto slash = path.rfind('/');
  const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  if (name.empty() || name == "." || name == ".." || !is_plain(std::string(path))) {
    return resolved(path);
  }
  const std::string_view parent = slash == std::string_view::npos ? "."
                                  : slash == 0                    ? "/"
                                                                  : path.substr(0, slash);
  const std::lock_guard lock(mutex_);
  auto found = directories_.find(parent);
  if (found == directories_.end()) {
    const auto whole = resolved(parent);
    if (!whole) return whole;
    found = directories_.emplace(parent, *whole).first;
  }
  std::string result = found->second;
  if (result.back() != '/') result += '/';
  result += name;
  return result;
}

namespace {

// A new file beside `target` that nobody else has; the descriptor, and its name.
tl::expected<int, base::FileError> create_beside(const fs::path& target, std::string& name) {
  for (int attempt = 0; attempt < 100; ++attempt) {
    name = (target.parent_path() /
            fmt::format(".{}.{}-{}.partial", target.filename().string(), ::getpid(), attempt))
               .string();
    const int descriptor = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor >= 0) return descriptor;
    if (errno != EEXIST) break;
  }
  return failure(errno);
}

// Nothing, or the error number.
int write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(descriptor, text.data(), text.size());
    if (count < 0 && errno != EINTR) return errno;
    if (count > 0) text.remove_prefix(static_cast<std::size_t>(count));
  }
  return ::fsync(descriptor) == 0 || errno == EINVAL ? 0 : errno;
}

// What the new file takes over from the old one. The owner can only be kept by root.
int keep_mode(int descriptor, const struct stat& old) {
  if (::fchown(descriptor, old.st_uid, old.st_gid) != 0 && ::geteuid() == 0) return errno;
  return ::fchmod(descriptor, old.st_mode & 07777U) == 0 ? 0 : errno;
}

}  // namespace

tl::expected<void, base::FileError> DiskWriter::write(std::string_view path,
                                                      std::string_view text) {
  std::error_code error;
  const fs::path target = fs::weakly_canonical(fs::path(path), error);
  if (error) return failure(error.value());
  struct stat old {};
  const bool exists = ::stat(target.c_str(), &old) == 0;
  if (exists && !S_ISREG(old.st_mode)) return tl::unexpected(base::FileError{"not a file"});
  // A rename would not mind that the file itself must not be written.
  if (exists && ::access(target.c_str(), W_OK) != 0) return failure(errno);
  std::string temporary;
  const auto descriptor = create_beside(target, temporary);
  if (!descriptor) return tl::unexpected(descriptor.error());
  int code = write_all(*descriptor, text);
  if (code == 0 && exists) code = keep_mode(*descriptor, old);
  if (::close(*descriptor) != 0 && code == 0) code = errno;
  if (code == 0 && std::rename(temporary.c_str(), target.c_str()) != 0) code = errno;
  if (code == 0) return {};
  ::unlink(temporary.c_str());
  return failure(code);
}

tl::expected<void, base::FileError> make_directory(std::string_view path) {
  std::error_code error;
  fs::create_directories(fs::path(path), error);
  if (error) return failure(error.value());
  return {};
}

}  // namespace wavetank::cli
