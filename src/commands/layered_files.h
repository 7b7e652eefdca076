// File systems (and renderers) over another one: some files with other contents, or everything
// below a directory.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "base/file_system.h"
#include "base/renderer.h"

namespace wavetank::commands {

// Another file system in which some files hold something else. Two names of one file change
// together.
class ChangedFiles final : public base::FileSystem {
 public:
  explicit ChangedFiles(const base::FileSystem& files) : files_(files) {}

  void change(std::string_view path, std::string text) { texts_[name_of(path)] = std::move(text); }

  [[nodiscard]] base::FileKind kind(std::string_view path) const override;
  [[nodiscard]] tl::expected<std::string, base::FileError> read(
      std::string_view path) const override;
  [[nodiscard]] tl::expected<std::vector<base::DirectoryEntry>, base::FileError> list(
      std::string_view path) const override;
  [[nodiscard]] tl::expected<std::string, base::FileError> canonical(
      std::string_view path) const override;

 private:
  [[nodiscard]] std::string name_of(std::string_view path) const;

  const base::FileSystem& files_;
  std::map<std::string, std::string> texts_;  // by canonical path
};

// The files of a directory under the paths that they have below it.
class FilesBelow final : public base::FileSystem {
 public:
  FilesBelow(const base::FileSystem& files, std::string directory)
      : files_(files), directory_(std::move(directory)) {}

  [[nodiscard]] base::FileKind kind(std::string_view path) const override;
  [[nodiscard]] tl::expected<std::string, base::FileError> read(
      std::string_view path) const override;
  [[nodiscard]] tl::expected<std::vector<base::DirectoryEntry>, base::FileError> list(
      std::string_view path) const override;
  [[nodiscard]] tl::expected<std::string, base::FileError> canonical(
      std::string_view path) const override;

 private:
  const base::FileSystem& files_;
  std::string directory_;
};

// Renders what such files hold.
class RendererBelow final : public base::Renderer {
 public:
  RendererBelow(std::shared_ptr<const base::Renderer> renderer, std::string directory)
      : renderer_(std::move(renderer)), directory_(std::move(directory)) {}

  [[nodiscard]] tl::expected<std::string, base::RenderError> kustomization(
      std::string_view directory) const override;
  [[nodiscard]] tl::expected<std::string, base::RenderError> chart(
      std::string_view directory, const base::ChartSettings& settings) const override;

 private:
  std::shared_ptr<const base::Renderer> renderer_;
  std::string directory_;
};

}  // namespace wavetank::commands
