#include "cli/completions.h"

#include <fmt/format.h>

namespace wavetank::cli {

namespace {

std::string joined(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, " "));
}

// Every one of `special` gets a backslash.
std::string escaped(std::string_view text, std::string_view special) {
  std::string result;
  for (const char c : text) {
    if (special.find(c) != std::string_view::npos) result += '\\';
    result += c;
  }
  return result;
}

// Inside single quotes of a POSIX shell.
std::string single_quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

std::vector<std::string> names_of(const std::vector<CommandShape>& commands) {
  std::vector<std::string> names;
  for (const CommandShape& command : commands) names.push_back(command.name);
  return names;
}

std::string bash_pattern(const CommandShape& command, const FlagShape& flag) {
  std::string pattern = fmt::format("'{} --{}'", command.name, flag.name);
  if (!flag.letter.empty()) pattern += fmt::format(" | '{} -{}'", command.name, flag.letter);
  return pattern;
}

// Where nothing is offered, the shell completes the names of files (`-o default`).
std::string bash(const std::vector<CommandShape>& commands) {
  std::string values;
  std::string words;
  for (const CommandShape& command : commands) {
    std::string flags;
    for (const FlagShape& flag : command.flags) {
      flags += fmt::format("{}--{}", flags.empty() ? "" : " ", flag.name);
      if (flag.argument == Argument::Files) {
        values += fmt::format("    {}) return ;;\n", bash_pattern(command, flag));
      } else if (flag.argument == Argument::Words) {
        values +=
            fmt::format("    {}) words='{}' ;;\n", bash_pattern(command, flag), joined(flag.words));
      }
    }
    words += fmt::format("      '{} -'*) words='{}' ;;\n", command.name, flags);
    if (command.argument == Argument::Words) {
      words += fmt::format("      '{} '*) words='{}' ;;\n", command.name, joined(command.words));
    }
  }
  return fmt::format(
      R"--(# Completions of bash for wavetank: eval "$(wavetank completions bash)"
_wavetank() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}} words=
  COMPREPLY=()
  # The shell takes --flag=value for three words.
  if [ "$current" = '=' ]; then
    current=
  elif [ "$previous" = '=' ]; then
    previous=${{COMP_WORDS[COMP_CWORD-2]}}
  fi
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '{}' -- "$current"))
    return
  fi
  case "${{COMP_WORDS[1]}} $previous" in
{}  esac
  if [ -z "$words" ]; then
    case "${{COMP_WORDS[1]}} $current" in
{}    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}}
complete -o default -F _wavetank wavetank
)--",
      joined(names_of(commands)), values, words);
}

std::string zsh_action(Argument argument, const std::vector<std::string>& words) {
  switch (argument) {
    case Argument::None: return "";
    case Argument::Words: return fmt::format(":value:({})", joined(words));
    case Argument::Files: return ":file:_files";
  }
  return "";
}

std::string zsh(const std::vector<CommandShape>& commands) {
  std::string names;
  std::string cases;
  for (const CommandShape& command : commands) {
    names += fmt::format("    {}\n", single_quoted(fmt::format("{}:{}", command.name,
                                                               escaped(command.meaning, ":"))));
    cases += fmt::format("    {})\n      _arguments \\\n", command.name);
    for (const FlagShape& flag : command.flags) {
      const std::string meaning = escaped(flag.meaning, "[]:\\");
      const std::string action = zsh_action(flag.argument, flag.words);
      cases += fmt::format("        {} \\\n",
                           single_quoted(fmt::format("*--{}[{}]{}", flag.name, meaning, action)));
      if (flag.letter.empty()) continue;
      cases += fmt::format("        {} \\\n",
                           single_quoted(fmt::format("*-{}[{}]{}", flag.letter, meaning, action)));
    }
    cases += fmt::format(
        "        {}\n      ;;\n",
        single_quoted(fmt::format("*{}", command.argument == Argument::None
                                             ? ":nothing:"
                                             : zsh_action(command.argument, command.words))));
  }
  return fmt::format(
      R"--(#compdef wavetank
# Completions of zsh for wavetank: source <(wavetank completions zsh)
_wavetank() {{
  local -a commands
  commands=(
{}  )
  if (( CURRENT == 2 )); then
    _describe command commands
    _files
    return
  fi
  (( CURRENT-- ))
  shift words
  case $words[1] in
{}  esac
}}
if [ "$funcstack[1]" = _wavetank ]; then
  _wavetank "$@"
else
  compdef _wavetank wavetank
fi
)--",
      names, cases);
}

// Inside single quotes of fish.
std::string fish_quoted(std::string_view text) { return fmt::format("'{}'", escaped(text, "\\'")); }

std::string fish(const std::vector<CommandShape>& commands) {
  std::string out = "# Completions of fish for wavetank: wavetank completions fish | source\n";
  for (const CommandShape& command : commands) {
    out += fmt::format("complete -c wavetank -n __fish_use_subcommand -a {} -d {}\n", command.name,
                       fish_quoted(command.meaning));
  }
  for (const CommandShape& command : commands) {
    const std::string when =
        fmt::format("complete -c wavetank -n '__fish_seen_subcommand_from {}'", command.name);
    if (command.argument == Argument::Words) {
      out += fmt::format("{} -f -a {}\n", when, fish_quoted(joined(command.words)));
    }
    for (const FlagShape& flag : command.flags) {
      out += fmt::format("{} -l {}", when, flag.name);
      if (!flag.letter.empty()) out += fmt::format(" -s {}", flag.letter);
      out += fmt::format(" -d {}", fish_quoted(flag.meaning));
      if (flag.argument == Argument::Files) out += " -r -F";
      if (flag.argument == Argument::Words) out += " -x -a " + fish_quoted(joined(flag.words));
      out += "\n";
    }
  }
  return out;
}

}  // namespace

std::string completion_script(Shell shell, const std::vector<CommandShape>& commands) {
  switch (shell) {
    case Shell::Bash: return bash(commands);
    case Shell::Zsh: return zsh(commands);
    case Shell::Fish: return fish(commands);
  }
  return "";
}

}  // namespace wavetank::cli
