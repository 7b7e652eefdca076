#include "cli/disk.h"

#include <fcntl.h>
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

tl::expected<std::string, base::FileError> Disk::canonical(std::string_view path) const {
  std::error_code error;
  const fs::path result = fs::canonical(fs::path(path), error);
  if (error) return failure(error.value());
  return result.string();
}

tl::expected<void, base::FileError> write_file(const std::string& path, std::string_view text) {
  const std::string temporary = path + ".partial";
  std::FILE* file = std::fopen(temporary.c_str(), "wb");
  if (file == nullptr) return failure(errno);
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  const int write_error = errno;
  const bool closed = std::fclose(file) == 0;
  if (!written || !closed) {
    const int code = written ? errno : write_error;
    std::remove(temporary.c_str());
    return failure(code);
  }
  if (std::rename(temporary.c_str(), path.c_str()) != 0) {
    const int code = errno;
    std::remove(temporary.c_str());
    return failure(code);
  }
  return {};
}

}  // namespace wavetank::cli
