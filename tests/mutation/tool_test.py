"""What the tool itself promises, on one small file: every mutant is there, and off unless asked."""

import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True

import instrument  # noqa: E402
import sites  # noqa: E402

SOURCE = """\
#include <algorithm>
#include <cstdio>
#include <vector>
enum class Color { Red, Green };
int biggest(const std::vector<int>& all) {
  int found = 0;
  for (const int each : all) {
    found = std::max(found, each);
  }
  return found;
}
bool both(bool a, bool b) { return a && b; }
Color color(int number) {
  if (number < 3) return Color::Red;
  return Color::Green;
}
int main() {
  std::printf("%d %d%d ", biggest({1, 2}), both(true, true), both(false, true));
  std::printf("%d%d", static_cast<int>(color(2)), static_cast<int>(color(3)));
  return 0;
}
"""


class Tool(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory()
        path = os.path.join(cls.directory.name, "small.cc")
        with open(path, "w", encoding="utf-8") as file:
            file.write(SOURCE)
        cls.text, cls.guards, cls.left_out = sites.find(path, "small.cc", [])
        for number, guard in enumerate(cls.guards, 1):
            guard.site.number = number
        cls.copy, cls.pieces = instrument.render(cls.text, cls.guards)
        cls.program = os.path.join(cls.directory.name, "small")
        subprocess.run(
            ["clang++-14", "-std=c++20", "-w", "-include", os.path.join(HERE, "switch.h"),
             "-x", "c++", "-", "-o", cls.program],
            input=cls.copy, text=True, check=True)

    @classmethod
    def tearDownClass(cls):
        cls.directory.cleanup()

    def output(self, number):
        environment = dict(os.environ, WAVETANK_MUTANT=str(number))
        return subprocess.run([self.program], env=environment, text=True, stdout=subprocess.PIPE,
                              check=False).stdout

    def found(self, operator, before):
        wanted = [g.site for g in self.guards
                  if g.site.operator == operator and before in g.site.before]
        self.assertTrue(wanted, "no %s in %s" % (operator, before))
        return [self.output(site.number) for site in wanted]

    def test_without_a_mutant_nothing_changes(self):
        self.assertEqual(self.output(0), "2 10 01")

    def test_the_two_maxima_are_exchanged_with_minima(self):
        self.assertEqual(self.found("quantifier", "std::max"), ["0 10 01"])

    def test_a_loop_can_end_early_or_be_left_out(self):
        self.assertEqual(self.found("loop", "for"), ["1 10 01"])
        self.assertEqual(self.found("statement", "for"), ["0 10 01"])

    def test_either_side_of_and_is_left_out(self):
        self.assertEqual(self.found("operand", "a && b"), ["2 11 01", "2 10 01"])

    def test_and_becomes_or(self):
        self.assertEqual(self.found("and-or", "a && b"), ["2 11 01"])

    def test_a_condition_is_always_true_or_false(self):
        self.assertEqual(sorted(self.found("true", "if (") + self.found("false", "if (")),
                         ["2 10 00", "2 10 11"])

    def test_a_boundary_moves(self):
        self.assertEqual(self.found("boundary", "number < 3"), ["2 10 00"])

    def test_an_enumerator_becomes_the_next(self):
        self.assertEqual(self.found("enumerator", "Color::Red"), ["2 10 11"])

    def test_lines_stay_lines(self):
        self.assertEqual(self.copy.count("\n"), self.text.count("\n"))

    def test_an_error_of_the_compiler_is_blamed_on_the_innermost_guard(self):
        line = self.copy.split("\n").index(
            next(each for each in self.copy.split("\n") if "std::max" in each or "max({0" in each
                 or "::max(" in each))
        column = self.copy.split("\n")[line].index("::max(")
        guard = instrument.innermost(self.copy, self.pieces, line + 1, column + 1)
        self.assertIn(guard.site.operator, ("quantifier", "one-more"))


if __name__ == "__main__":
    unittest.main()
