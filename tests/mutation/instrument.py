"""Writes a file with its guards: every mutant of it at once, each behind its number."""

import os
from dataclasses import dataclass


@dataclass
class Piece:
    """Where a guard stands in the instrumented text, for errors of the compiler."""

    begin: int
    end: int
    guard: object


def render(text, guards):
    """The instrumented text and its pieces. Lines stay lines: nothing inserted has a newline."""
    events = []  # (offset, order, text, guard, is_opening)
    skipped = {}  # tokens that are replaced: begin -> end
    for i, guard in enumerate(guards):
        number = guard.site.number
        size = guard.end - guard.begin
        opening = guard.opening.format(number)
        closing = guard.closing.format(number)
        # At one offset: first what ends there, inner before outer; then what begins, outer first.
        events.append((guard.begin, (1, -size, i), opening, guard, True))
        if size:
            events.append((guard.end, (0, size, -i), closing, guard, False))
        for begin, end, new in guard.replaced:
            events.append((begin, (2, 0, i), new.format(number), guard, None))
            skipped[begin] = end
    events.sort(key=lambda event: (event[0], event[1]))
    out, pieces, length, at = [], {}, 0, 0
    for offset, _, inserted, guard, is_opening in events:
        if offset > at:
            out.append(text[at:offset])
            length += offset - at
            at = offset
        if is_opening:
            pieces[id(guard)] = Piece(length, length + len(inserted), guard)
        out.append(inserted)
        length += len(inserted)
        if is_opening is False:
            pieces[id(guard)].end = length
        if is_opening is None:
            at = skipped[offset]
    out.append(text[at:])
    return "".join(out), list(pieces.values())


def write(path, text):
    """Writes a file unless it is the same already, so that nothing is built in vain."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if os.path.exists(path):
        with open(path, encoding="latin-1") as file:
            if file.read() == text:
                return
    with open(path, "w", encoding="latin-1") as file:
        file.write(text)


def innermost(text, pieces, line, column):
    """The guard that the compiler complains about: the smallest one around the place."""
    lines = text.split("\n")
    at = sum(len(each) + 1 for each in lines[:line - 1]) + column - 1
    around = [p for p in pieces if p.begin <= at <= p.end]
    return min(around, key=lambda p: p.end - p.begin).guard if around else None
