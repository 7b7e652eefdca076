#!/usr/bin/env python3
"""Mutation testing of src/sync: ./dev mutate [--file order.cc] [--mutant N] [--list] [--jobs N].

Builds one instrumented copy of the engine with all mutants in it (build/mutate/mutants), runs the
tests once for each, and reports those that no test notices. See README.md beside this file.
"""

import argparse
import collections
import concurrent.futures
import glob
import multiprocessing
import os
import re
import resource
import shutil
import subprocess
import sys
import time

sys.dont_write_bytecode = True

import instrument  # noqa: E402
import sites  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(ROOT, "build", "mutate")
COPY = os.path.join(BUILD, "mutants")
HERE = os.path.join(ROOT, "tests", "mutation")
GOAL = 0.95

Suite = collections.namedtuple("Suite", "name target command")


def suites():
    """What must notice a mutant, the fastest first; those whose sources are not there are left out.
    All but the conformance runner end at the first failure."""
    found = []
    for layer, options in (("sync", ["--abort"]), ("reference", ["--abort"])):
        if os.path.isdir(os.path.join(ROOT, "tests", layer)):
            found.append(Suite("test_" + layer, "test_" + layer,
                               ["tests/test_" + layer, *options]))
    samples = sorted(glob.glob(os.path.join(ROOT, "tests", "data", "engine", "*.jsonl.gz")),
                     key=os.path.getsize)
    found.append(Suite("conformance", "wavetank_conformance",
                       ["tests/conformance/wavetank_conformance", "--stop-at-first", *samples]))
    return found


def parse_one(path):
    name = os.path.relpath(path, ROOT)
    return (name, *sites.find(path, name, ["-I" + os.path.join(ROOT, "src")]))


def parse(jobs):
    """All files of the engine: name -> (text, guards); and what was left out."""
    paths = sorted(glob.glob(os.path.join(ROOT, "src", "sync", "*.h")) +
                   glob.glob(os.path.join(ROOT, "src", "sync", "*.cc")))
    files, left_out = {}, []
    with multiprocessing.Pool(jobs) as pool:
        for name, text, guards, out in pool.imap(parse_one, paths):
            files[name] = (text, guards)
            left_out += out
    number = 0
    for name in sorted(files):
        guards = files[name][1]
        for site in sorted((g.site for g in guards),
                           key=lambda s: (s.begin, s.operator, s.end, s.new)):
            number += 1
            site.number = number
    return files, left_out


class Equivalent:
    """tests/mutation/equivalent.txt: mutants that change nothing, each with the reason."""

    def __init__(self, path):
        self.entries = {}  # (file, operator and function, before, after) -> reason
        self.used = set()
        for block in re.split(r"\n\s*\n", open(path, encoding="utf-8").read()):
            lines = [line for line in block.splitlines() if line and not line.startswith("#")]
            if not lines:
                continue
            file, what = lines[0].split(": ")
            before = next(line[2:] for line in lines[1:] if line.startswith("- "))
            after = next((line[2:] for line in lines[1:] if line.startswith("+ ")), "")
            reason = " ".join(line.strip() for line in lines[1:] if line.startswith("  "))
            if not reason:
                raise SystemExit("%s: an entry without a reason: %s" % (path, lines[0]))
            self.entries[(file, what, before, after)] = reason

    def key(self, site):
        return site.file, described(site), site.before, site.after

    def covers(self, site):
        if self.key(site) not in self.entries:
            return False
        self.used.add(self.key(site))
        return True

    def stale(self, names):
        return [key for key in self.entries if key not in self.used and key[0] in names]


def described(site):
    return "%s in %s" % (site.operator, site.function)


def show(site):
    lines = ["%s:%d #%d %s" % (site.file, site.line, site.number, described(site)),
             "- " + site.before]
    if site.after:
        lines.append("+ " + site.after)
    return "\n".join(lines)


# The instrumented copy.


def write_copy(files, broken):
    """Writes the copy; returns name -> (text, pieces) of each file."""
    rendered = {}
    for name, (text, guards) in files.items():
        rendered[name] = instrument.render(text, [g for g in guards if g.site.number not in broken])
        instrument.write(os.path.join(COPY, os.path.relpath(name, "src")), rendered[name][0])
    shutil.copyfile(os.path.join(HERE, "switch.h"), os.path.join(COPY, "switch.h"))
    return rendered


def run_quietly(command):
    return subprocess.run(command, cwd=ROOT, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)


def configure():
    launcher = []
    if shutil.which("ccache"):
        launcher = ["-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"]
    done = run_quietly(["cmake", "--preset", "mutate", *launcher])
    if done.returncode != 0:
        raise SystemExit(done.stdout)


def build(targets, jobs, keep_going):
    command = ["cmake", "--build", "--preset", "mutate", "-j", str(jobs), "--target", *targets]
    return run_quietly(command + (["--", "-k", "0"] if keep_going else []))


def blamed(output, rendered):
    """The guards that errors of the compiler point at."""
    found = set()
    place = re.compile(r"mutants/(sync/[\w.]+):(\d+):(\d+):")
    for block in re.split(r"\n(?=\S+: (?:fatal )?error:)", output):
        if "error:" not in block:
            continue
        for match in place.finditer(block):
            text, pieces = rendered["src/" + match.group(1)]
            guard = instrument.innermost(text, pieces, int(match.group(2)), int(match.group(3)))
            if guard is not None:
                found.add(guard.site.number)
                break
    return found


def build_copy(files, targets, jobs):
    """Builds the copy, without the mutants that do not compile; returns their numbers."""
    broken = set()
    os.makedirs(COPY, exist_ok=True)
    for round_number in range(40):
        rendered = write_copy(files, broken)
        if round_number == 0:
            configure()
        done = build(["wavetank_sync"], jobs, keep_going=True)
        if done.returncode == 0:
            break
        bad = blamed(done.stdout, rendered) - broken
        if not bad:
            raise SystemExit(done.stdout[-6000:] + "\nthe copy does not build")
        broken |= bad
    else:
        raise SystemExit("the copy does not build")
    done = build(targets, jobs, keep_going=False)
    if done.returncode != 0:
        raise SystemExit(done.stdout[-6000:])
    return broken


# Running.


def limits(seconds):
    def set_limits():
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return set_limits


def run_suite(suite, number, seconds):
    """How a suite ends: passed, failed, crashed, or timed out."""
    command = [os.path.join(BUILD, suite.command[0]), *suite.command[1:]]
    # The same draws for every mutant, few enough for two thousand of them.
    environment = dict(os.environ, WAVETANK_MUTANT=str(number),
                       RC_PARAMS="seed=1 max_success=50")
    try:
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, preexec_fn=limits(seconds),
                              timeout=60 + 10 * seconds, check=False)
    except subprocess.TimeoutExpired:
        return "timed out"
    if done.returncode == 0:
        return "passed"
    if done.returncode in (-24, -9):  # SIGXCPU, SIGKILL: out of time
        return "timed out"
    return "crashed" if done.returncode < 0 else "failed"


def baseline(chosen):
    """Every suite must pass without a mutant; says how many seconds each gets."""
    seconds = {}
    for suite in chosen:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        if run_suite(suite, 0, 600) != "passed":
            raise SystemExit("%s fails without any mutant" % suite.name)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        seconds[suite.name] = max(3, int(10 * used))
        print("%s takes %.1f s" % (suite.name, used), flush=True)
    return seconds


def judge(site, chosen, seconds, is_equivalent):
    # Equivalent mutants would run everything to the end; the first tests show that they are known.
    for suite in chosen[:1] if is_equivalent else chosen:
        end = run_suite(suite, site.number, seconds[suite.name])
        if end != "passed":
            return suite.name, end
    return None, "survived"


def show_progress(done, total):
    if sys.stderr.isatty():
        end = "\n" if done == total else ""
        print("\r%d/%d" % (done, total), end=end, file=sys.stderr, flush=True)
    elif done % 200 == 0:
        print("%d/%d" % (done, total), file=sys.stderr, flush=True)


def run_all(wanted, chosen, jobs, equivalent):
    seconds = baseline(chosen)
    verdicts = {}
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        running = {pool.submit(judge, site, chosen, seconds, equivalent.covers(site)): site
                   for site in wanted}
        for i, done in enumerate(concurrent.futures.as_completed(running)):
            verdicts[running[done].number] = done.result()
            show_progress(i + 1, len(wanted))
    return verdicts


# The report.


def table(wanted, verdicts, chosen):
    rows = collections.OrderedDict()
    for site in wanted:
        row = rows.setdefault(site.file, collections.Counter())
        killer, _ = verdicts[site.number]
        row["total"] += 1
        row["killed"] += killer is not None
        row[killer] += 1
    print("%-26s %6s %6s   %s" % ("file", "killed", "total", "  ".join(s.name for s in chosen)))
    for name, row in rows.items():
        by = "  ".join("%*d" % (len(s.name), row[s.name]) for s in chosen)
        print("%-26s %6d %6d   %s" % (name, row["killed"], row["total"], by))


def report(wanted, verdicts, chosen, equivalent, started):
    survivors = [s for s in wanted if verdicts[s.number][0] is None]
    real = [s for s in survivors if not equivalent.covers(s)]
    wrong = [s for s in wanted if verdicts[s.number][0] is not None and equivalent.covers(s)]
    table(wanted, verdicts, chosen)
    ends = collections.Counter(end for _, end in verdicts.values())
    if real:
        print("\nsurvivors")
        for site in real:
            print(show(site))
    for site in wrong:
        print("\nequivalent.txt names a mutant that is killed:\n" + show(site))
    total = len(wanted) - (len(survivors) - len(real))
    killed = len(wanted) - len(survivors)
    share = killed / total if total else 1.0
    print("\n%d mutants: %d failed, %d crashed, %d timed out, %d equivalent, %d survived" % (
        len(wanted), ends["failed"], ends["crashed"], ends["timed out"],
        len(survivors) - len(real), len(real)))
    print("%.1f s" % (time.monotonic() - started))
    print("killed %d/%d (%.1f %%)" % (killed, total, 100 * share))
    return share >= GOAL


def arguments():
    parser = argparse.ArgumentParser(prog="./dev mutate", description=__doc__.split("\n")[0])
    parser.add_argument("--file", action="append", help="only this file of src/sync")
    parser.add_argument("--operator", action="append", help="only mutants of this operator")
    parser.add_argument("--mutant", type=int, action="append", help="only this number")
    parser.add_argument("--suite", action="append", help="only these tests")
    parser.add_argument("--list", action="store_true", help="list the mutants, build nothing")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="mutants at a time")
    return parser.parse_args()


def main():
    options = arguments()
    started = time.monotonic()
    files, left_out = parse(options.jobs)
    everything = [g.site for name in sorted(files) for g in files[name][1]]
    everything.sort(key=lambda site: site.number)
    wanted = [s for s in everything
              if (not options.file or os.path.basename(s.file) in options.file)
              and (not options.operator or s.operator in options.operator)
              and (not options.mutant or s.number in options.mutant)]
    if options.list:
        for site in wanted:
            print(show(site))
        print("%d mutants" % len(wanted))
        return 0
    chosen = [s for s in suites() if not options.suite or s.name in options.suite]
    broken = build_copy(files, [s.target for s in chosen], options.jobs)
    print("built in %.1f s" % (time.monotonic() - started))
    for site in everything:
        if site.number in broken:
            print("not built: " + show(site))
    wanted = [s for s in wanted if s.number not in broken]
    reasons = collections.Counter(why for _, _, why in left_out)
    print("left out: " + ", ".join("%d x %s" % (n, why) for why, n in sorted(reasons.items())))
    equivalent = Equivalent(os.path.join(HERE, "equivalent.txt"))
    verdicts = run_all(wanted, chosen, options.jobs, equivalent)
    if options.mutant:
        for site in wanted:
            print(show(site) + "\n%s %s" % (verdicts[site.number][1], verdicts[site.number][0]))
        return 0
    enough = report(wanted, verdicts, chosen, equivalent, started)
    if not (options.operator or options.suite):
        for key in equivalent.stale({s.file for s in wanted}):
            print("stale in equivalent.txt: %s: %s\n- %s\n+ %s" % key)
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main())
