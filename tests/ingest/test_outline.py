"""Marks in, depths out. A mark is written as code and number ("i3", "a5-1"); "." before it: after a sentence,
"~": glued to a word; "!" after it: words before it may be a heading; ":" after it: a line announces it.
An inferred heading shows as "+", a mark that is left out as "-".
"""

from __future__ import annotations

import re

import pytest

from ingest.markers import Mark
from ingest.outline import read_outline

PLACES = {"": "line", ".": "sentence", "~": "glued"}
DOUBTS = {"": 0.0, ".": 0.1, "~": 0.6}


def marks_of(line: str) -> list[Mark]:
    marks = []
    for place, word in enumerate(line.split()):
        found = re.fullmatch(r"([.~]?)([a-z])(\d+)(?:-(\d+))?([!:]?)", word)
        assert found, word
        where, code, number, suffix, sign = found.groups()
        marks.append(
            Mark(
                start=place * 10 + 5,
                end=place * 10 + 7,
                code=code,
                number=int(number),
                suffix=int(suffix or 0),
                numeral=number,
                place=PLACES[where],  # type: ignore[arg-type]
                doubt=DOUBTS[where],
                orphan=place * 10 + 2 if sign == "!" else -1,
                introduced=sign == ":",
            )
        )
    return marks


def depths_of(marks: list[Mark]) -> str:
    entries = {entry.start: entry for entry in read_outline(marks)}
    shown = []
    for mark in marks:
        if mark.orphan in entries:
            shown.append("+")
        entry = entries.get(mark.start)
        shown.append(str(len(entry.path)) if entry else "-")
    return " ".join(shown)


@pytest.mark.parametrize(
    ("marks", "depths"),
    [
        ("", ""),
        ("n1 n2 n3", "1 1 1"),
        ("n1 i1 i2 n2 i1 i2", "1 2 2 1 2 2"),
        ("n1 i1 i2 n2 i3 i4", "1 2 2 1 2 2"),  # numbered through
        ("n1 i1 r1 r2 i2 r1 n2", "1 2 3 3 2 3 1"),
        ("n1 r1 r2 n2 r1", "1 2 2 1 2"),
        ("n1 r1 q1 q2 r2 o1 o2", "1 2 3 3 2 3 3"),
        ("i1 i2 r1 r2 i3", "1 1 2 2 1"),
        ("c1 a1 a2 c2 a3 a4", "1 2 2 1 2 2"),
        ("b1 c1 s1 a1 a2 s2 a3 b2 c1 a4", "1 2 3 4 4 3 4 1 2 3"),
        ("a1 a2 i1 i2 a3", "1 1 2 2 1"),
        ("a1 i1 i2 i1: i2 a2", "1 2 2 2 2 1"),  # two lists in one article
        ("a290 a291 a291-1 a291-2 a292", "1 1 1 1 1"),
        ("a1 a2 a4 a5", "1 1 1 1"),  # a gap is a gap
        ("a5 a6 a7", "1 1 1"),  # an excerpt
        ("n1 n2 a1 a2 i1 i2 a3", "1 1 1 1 2 2 1"),  # measures after the notice
        ("n1 n2 x1 n1 n2 x2 a1 a2", "1 1 1 2 2 1 2 2"),
        ("x1 a1 a2 x2 a1 a2", "1 2 2 1 2 2"),
        ("d1 n1 n2 d2 n1", "1 2 2 1 2"),
        ("r1 i1 i2 r2 i1", "1 2 2 1 2"),  # nested against custom
        ("e1 f1 f2 g1 g2 e2 f1", "1 2 2 3 3 1 2"),
        ("~n1 .n2 .i1 .i2 .i3 .n3 .i1 .r1 .r2", "1 1 2 2 2 1 2 3 3"),
        # The heading between i1 and i3 lost its number.
        ("n1 .i1 .r1 .r2 .r3 ~r1! .r2 .r3 .i3 .r1", "1 2 3 3 3 + 3 3 3 2 3"),
        # The last heading lost its number.
        ("n1 .i1 .r1 .r2 ~r1! .r2 .r3", "1 2 3 3 + 3 3 3"),
        # Words before a first number are no lost heading where the numbering has its place.
        ("n1 i1 r1! r2 i2 r1! r2", "1 2 3 3 2 3 3"),
        # Numbers in sentences do not fit the sequence.
        ("n1 ~r5 n2 ~n7 n3", "1 - 1 - 1"),
        ("a1 a2 ~a9 a3", "1 1 - 1"),
        ("a1 a2 .a1 a3", "1 1 - 1"),
        ("n1 n2 ~n3 n3 n4", "1 1 - 1 1"),  # a reference to the next section
        ("n1 i1 i2 ~i1 i3", "1 2 2 - 2"),
        ("~r2 n1 n2", "- 1 1"),
        # Ambiguous: a single glued 1 might open a level; alone it does not pay.
        ("n1 n2 ~r1 n3", "1 1 - 1"),
        # Ambiguous: numbers start again without a word; they are kept in order under the same parent.
        ("n1 r1 r2 r1 r2 n2", "1 2 2 2 2 1"),
    ],
)
def test_depths(marks: str, depths: str) -> None:
    assert depths_of(marks_of(marks)) == depths


def test_an_inferred_heading_takes_the_next_number() -> None:
    entries = read_outline(marks_of("n1 n2 n3 .i1 .r1 .r2 ~r1! .r2 .i3"))
    inferred = next(entry for entry in entries if entry.move == "inferred")
    assert (inferred.path[-1].code, inferred.path[-1].number, inferred.path[-1].numeral) == ("i", 2, "二")
    assert inferred.path[-1].inferred
    assert [rung.number for rung in entries[-2].path] == [3, 2, 2]


@pytest.mark.parametrize(
    ("marks", "missing"),
    [
        ("n1 n2 n4", [(3, 3)]),
        ("a1 a2 a7", [(3, 6)]),
        ("a1 i2 i3", [(1, 1)]),
        ("n2 n3", [(1, 1)]),
        ("n1 i1 i2 n2 i3", []),
        ("c1 a1 c2 a2", []),
        ("a291 a291-1 a292", [(1, 290)]),
    ],
)
def test_gaps_say_what_is_missing(marks: str, missing: list[tuple[int, int]]) -> None:
    assert [entry.missing for entry in read_outline(marks_of(marks)) if entry.missing] == missing


def test_overlapping_readings_exclude_each_other() -> None:
    eleven = Mark(4, 7, "n", 11, 0, "十一", "glued", 0.6)
    one = Mark(5, 7, "n", 1, 0, "一", "glued", 0.8)
    two = Mark(20, 22, "n", 2, 0, "二", "sentence", 0.1)
    assert [entry.path[-1].number for entry in read_outline([eleven, one, two])] == [1, 2]
