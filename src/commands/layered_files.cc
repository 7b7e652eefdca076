#include "commands/layered_files.h"

#include "load/path.h"

namespace wavetank::commands {

using base::FileError;
using base::FileKind;

std::string ChangedFiles::name_of(std::string_view path) const {
  if (path == "-") return "-";
  return files_.canonical(path).value_or(load::normal(path));
}

FileKind ChangedFiles::kind(std::string_view path) const { return files_.kind(path); }

tl::expected<std::string, FileError> ChangedFiles::read(std::string_view path) const {
  if (texts_.empty()) return files_.read(path);
  const auto found = texts_.find(name_of(path));
  if (found == texts_.end()) return files_.read(path);
  return found->second;
}

tl::expected<std::vector<base::DirectoryEntry>, FileError> ChangedFiles::list(
    std::string_view path) const {
  return files_.list(path);
}

tl::expected<std::string, FileError> ChangedFiles::canonical(std::string_view path) const {
  return files_.canonical(path);
}

FileKind FilesBelow::kind(std::string_view path) const {
  return files_.kind(load::join(directory_, path));
}

tl::expected<std::string, FileError> FilesBelow::read(std::string_view path) const {
  return files_.read(load::join(directory_, path));
}

tl::expected<std::vector<base::DirectoryEntry>, FileError> FilesBelow::list(
    std::string_view path) const {
  return files_.list(load::join(directory_, path));
}

tl::expected<std::string, FileError> FilesBelow::canonical(std::string_view path) const {
  return files_.canonical(load::join(directory_, path));
}

tl::expected<std::string, base::RenderError> RendererBelow::kustomization(
    std::string_view directory) const {
  return renderer_->kustomization(load::join(directory_, directory));
}

tl::expected<std::string, base::RenderError> RendererBelow::chart(
    std::string_view directory, const base::ChartSettings& settings) const {
  return renderer_->chart(load::join(directory_, directory), settings);
}

}  // namespace wavetank::commands
