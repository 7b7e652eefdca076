#include "cli/revision_files.h"

#include "load/path.h"

namespace wavetank::cli {

using base::FileError;

namespace {

bool is_below(std::string_view path, std::string_view directory) {
  return directory == "." || path == directory ||
         (path.starts_with(directory) && path.substr(directory.size()).starts_with('/'));
}

}  // namespace

RevisionFiles::Place RevisionFiles::place_of(std::string_view path) const {
  constexpr std::string_view kPrefix = "git:";
  const auto colon = path.find(':', kPrefix.size());
  if (!path.starts_with(kPrefix) || colon == std::string_view::npos) {
    return {.files = &disk_, .path = std::string(path)};
  }
  const std::string name(path.substr(kPrefix.size(), colon - kPrefix.size()));
  std::string inside = load::normal(path.substr(colon + 1));
  const std::lock_guard lock(mutex_);
  auto found = revisions_.lower_bound({name, ""});
  while (found != revisions_.end() && found->first.first == name &&
         !is_below(inside, found->first.second)) {
    ++found;
  }
  if (found == revisions_.end() || found->first.first != name) {
    found =
        revisions_.emplace(std::pair(name, inside), GitFiles::read_revision(name, inside)).first;
  }
  if (!found->second) return {.error = found->second.error()};
  return {.files = &*found->second, .path = std::move(inside)};
}

base::FileKind RevisionFiles::kind(std::string_view path) const {
  const Place place = place_of(path);
  return place.files == nullptr ? base::FileKind::Missing : place.files->kind(place.path);
}

tl::expected<std::string, FileError> RevisionFiles::read(std::string_view path) const {
  const Place place = place_of(path);
  if (place.files == nullptr) return tl::unexpected(FileError{.reason = place.error});
  return place.files->read(place.path);
}

tl::expected<std::vector<base::DirectoryEntry>, FileError> RevisionFiles::list(
    std::string_view path) const {
  const Place place = place_of(path);
  if (place.files == nullptr) return tl::unexpected(FileError{.reason = place.error});
  return place.files->list(place.path);
}

// Paths in a revision stay as they are written: its files are told from those on the disk.
tl::expected<std::string, FileError> RevisionFiles::canonical(std::string_view path) const {
  const Place place = place_of(path);
  if (place.files == &disk_) return disk_.canonical(path);
  if (place.files == nullptr) return tl::unexpected(FileError{.reason = place.error});
  const auto colon = path.find(':', path.find(':') + 1);
  return std::string(path.substr(0, colon + 1)) + place.path;
}

}  // namespace wavetank::cli
