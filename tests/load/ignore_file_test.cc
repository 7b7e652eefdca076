#include "load/ignore_file.h"

#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace wavetank::load {
namespace {

bool ignored(std::string_view patterns, std::string_view path, EntryKind kind = EntryKind::File) {
  return is_ignored({IgnoreFile("", patterns)}, path, kind);
}

TEST_CASE("a pattern without a slash matches at any depth") {
  CHECK(ignored("*.tmp\n", "a/b/x.tmp"));
  CHECK_FALSE(ignored("*.tmp\n", "x.tmpl"));
}

TEST_CASE("a slash anchors a pattern to the directory of its file") {
  CHECK(ignored("/out\n", "out"));
  CHECK_FALSE(ignored("/out\n", "a/out"));
  CHECK(ignored("a/out\n", "a/out"));
  CHECK_FALSE(ignored("a/out\n", "b/a/out"));
}

TEST_CASE("a trailing slash matches directories only") {
  CHECK(ignored("build/\n", "build", EntryKind::Directory));
  CHECK_FALSE(ignored("build/\n", "build", EntryKind::File));
}

TEST_CASE("the last matching pattern decides, an exclamation mark takes back") {
  CHECK_FALSE(ignored("*.yaml\n!keep.yaml\n", "keep.yaml"));
  CHECK(ignored("!keep.yaml\n*.yaml\n", "keep.yaml"));
}

TEST_CASE("an inner file has the last word") {
  const std::vector<IgnoreFile> files{IgnoreFile("", "*.yaml\n"), IgnoreFile("a", "!x.yaml\n")};
  CHECK_FALSE(is_ignored(files, "a/x.yaml", EntryKind::File));
  CHECK(is_ignored(files, "b/x.yaml", EntryKind::File));
}

TEST_CASE("comments, blank lines and trailing blanks mean nothing") {
  CHECK_FALSE(ignored("# x\n\n", "# x"));
  CHECK(ignored("x  \n", "x"));
}

TEST_CASE("our verdicts are git's") {
  namespace fs = std::filesystem;
  if (std::system("git --version > /dev/null 2>&1") != 0) {
    WARN("skipped: git is not here");
    return;
  }
  const fs::path root = fs::temp_directory_path() / "wavetank-ignore-test";
  fs::remove_all(root);
  fs::create_directories(root);
  const std::string quiet = " > /dev/null 2>&1";
  REQUIRE(std::system(("git init -q " + root.string() + quiet).c_str()) == 0);
  const std::string patterns[] = {"*.yaml",  "/a",    "a/*.yaml", "**/b",   "a/**", "b/",
                                  "!c.yaml", "[ab]*", "a?b",      "a/**/c", "\\!x", "{a,b}"};
  const std::string paths[] = {"a",     "b",       "c.yaml", "a/c.yaml", "a/b",   "a/b/c",
                               "a/x/c", "b/a",     "axb",    "!x",       "{a,b}", "x/a/c.yaml",
                               "x/b",   "a/b/c/d", "x.yaml", "ab",       "a/c"};
  for (const std::string& first : patterns) {
    for (const std::string& second : patterns) {
      const std::string text = first + "\n" + second + "\n";
      std::ofstream(root / ".gitignore") << text;
      std::string command = "cd " + root.string() + " && git check-ignore --no-index --";
      for (const std::string& path : paths) command += " '" + path + "'";
      std::FILE* pipe = popen((command + " 2> /dev/null").c_str(), "r");
      REQUIRE(pipe != nullptr);
      std::string answer = "\n";
      for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) {
        answer += static_cast<char>(c);
      }
      pclose(pipe);
      const IgnoreFile file("", text);
      for (const std::string& path : paths) {
        // Git judges the directories above a path first, as the walk does.
        bool ours = false;
        for (std::size_t at = path.find('/'); !ours && at != std::string::npos;
             at = path.find('/', at + 1)) {
          ours = is_ignored({file}, path.substr(0, at), EntryKind::Directory);
        }
        ours = ours || is_ignored({file}, path, EntryKind::File);
        const bool gits = answer.find("\n" + path + "\n") != std::string::npos;
        CAPTURE(text, path);
        CHECK(ours == gits);
      }
    }
  }
  fs::remove_all(root);
}

}  // namespace
}  // namespace wavetank::load
