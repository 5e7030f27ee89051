"""From candidate marks to the outline: which marks number clauses, and what each one stands under.

A mark alone proves little ("姻缘1.搭建" numbers a clause, "达到1.5" does not). The whole sequence decides: readings
are scored mark by mark, and the best reading of the document wins. A reading may leave a mark out, continue a
level (一, 二, 三), open a level below or above, start a level again, or infer a heading that lost its number: where
numbers start again after words that may be a heading, and the level above then has a gap.

Takes marks in order of place, gives ``Entry`` records in the same order. Headings and text are left to others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ingest.markers import ANNEX, ARTICLE, DECIMALS, FAMILIES, ITEM, NUMERAL, Mark
from ingest.numerals import to_chinese

Move = Literal["first", "next", "gap", "restart", "inferred"]


@dataclass(frozen=True, slots=True)
class Rung:
    """One level of an entry's path."""

    code: str
    number: int
    suffix: int
    numeral: str
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """An accepted mark with its path, outermost first; an inferred heading has an empty mark (start == end)."""

    start: int
    end: int
    path: tuple[Rung, ...]
    move: Move
    missing: tuple[int, int] | None = None  # for a gap: the first and the last number that are not there


# The weights of a reading. Only their order of size matters: a number that follows the one before outweighs any
# doubt about its place, a break of the sequence needs the marks after it to make up for it.
_AT_PLACE = {"line": 1.5, "sentence": 0.3, "glued": -0.3}
_LEFT_OUT = {"line": -1.2, "sentence": -0.2, "glued": 0.0}
_UNIT_LEFT_OUT = -2.5  # 第三条 at the start of a line is hardly ever anything else
_NEXT = 3.0
_FIRST = 1.0
_RUNS_ON = 1.5  # （五） under 二 after （四） under 一: some texts number through; articles always do
_GAP, _GAP_EACH = {"line": -1.5, "sentence": -3.0, "glued": -4.0}, -0.4
_RESTART, _ANNOUNCED_RESTART = -4.0, -0.3
_SAME_AGAIN, _BACKWARDS = -2.0, -6.0  # 二 after 二 is a slip of the writer
_WRONG_START = -3.0
_UNUSUAL_NESTING = -2.0
_CLOSES_ALL = -2.5  # another family takes over the top level
_INFERRED, _INFERRED_OPENING = -0.5, -1.5
_SINGLE = -0.7  # a level of one member
_OUT_OF_STYLE = -1.5  # in mid-line, where the document puts this family at the start of lines
_STYLE_COUNT = 3
_BEAM, _MARGIN = 24, 9.0

_CODES = sorted(FAMILIES, key=lambda code: (FAMILIES[code].rank, code))
_SLOT = {code: place for place, code in enumerate(_CODES)}
_RANK = {code: family.rank for code, family in FAMILIES.items()}
_Number = tuple[int, int]  # number and 之一 number
_Memory = tuple[_Number, ...]  # the last number of each family, by slot
_NOTHING: _Memory = ((0, 0),) * len(_CODES)


@dataclass(frozen=True, slots=True)
class _Link:
    """One accepted mark of a reading, and the reading before it."""

    before: _Link | None
    mark: Mark
    levels: tuple[str, ...]
    move: Move
    number_before: int


_State = tuple[tuple[str, ...], _Memory]
_Reading = tuple[float, _Link | None]


def read_outline(marks: Sequence[Mark]) -> list[Entry]:
    """The best reading of ``marks``; no marks give no entries."""
    in_lines = Counter(mark.code for mark in marks if mark.place == "line")
    beam: dict[_State, _Reading] = {((), _NOTHING): (0.0, None)}
    for group in _overlapping(marks):
        fixed = [mark for mark in group if mark.fixed]
        grown = _grown(beam, fixed or group, in_lines)
        if not grown:  # nothing of the family that a person named is open here; ``deciding`` tells that
            grown = _grown(beam, [replace(mark, under=None) for mark in fixed], in_lines)
        beam = _pruned(grown)
    ends = [(score + _singles(state[0], state[1]), link) for state, (score, link) in beam.items()]
    return _entries(max(ends, key=lambda end: end[0])[1])


def _grown(beam: dict[_State, _Reading], group: Sequence[Mark], in_lines: Mapping[str, int]) -> dict[_State, _Reading]:
    """Every reading of ``beam`` with one of ``group`` accepted, or none where no person fixed any."""
    grown: dict[_State, _Reading] = {}
    left_out = min(_left_out(mark) for mark in group)
    for state, (score, link) in beam.items():
        if not any(mark.fixed for mark in group):
            _keep(grown, state, (score + left_out, link))
        for mark in group:
            at_place = _AT_PLACE[mark.place] - mark.doubt
            if mark.place != "line" and in_lines[mark.code] >= _STYLE_COUNT:
                at_place += _OUT_OF_STYLE
            moves = _moves(state, mark) if mark.under is None else _placed(state, mark, mark.under)
            for new_state, gain, move, before in moves:
                _keep(grown, new_state, (score + gain + at_place, _Link(link, mark, new_state[0], move, before)))
    return grown


def _left_out(mark: Mark) -> float:
    """What it costs to leave ``mark`` out, the less the more it is doubted."""
    unit = mark.place == "line" and _RANK[mark.code] < _RANK[NUMERAL] and mark.code not in DECIMALS
    return min(0.0, (_UNIT_LEFT_OUT if unit else _LEFT_OUT[mark.place]) + mark.doubt)


def _overlapping(marks: Sequence[Mark]) -> Iterator[list[Mark]]:
    """Marks in groups that exclude one another."""
    group: list[Mark] = []
    end = -1
    for mark in marks:
        if group and mark.start >= end:
            yield group
            group = []
        group.append(mark)
        end = max(end, mark.end)
    if group:
        yield group


def _keep(states: dict[_State, _Reading], state: _State, reading: _Reading) -> None:
    known = states.get(state)
    if known is None or reading[0] > known[0]:
        states[state] = reading


def _pruned(states: dict[_State, _Reading]) -> dict[_State, _Reading]:
    best = max(reading[0] for reading in states.values())
    kept = [entry for entry in states.items() if entry[1][0] >= best - _MARGIN]
    kept.sort(key=lambda entry: -entry[1][0])
    return dict(kept[:_BEAM])


def _moves(state: _State, mark: Mark) -> Iterator[tuple[_State, float, Move, int]]:
    """Every way to accept ``mark``: the new state, its gain, the kind of move, the number before."""
    levels, memory = state
    slot = _SLOT[mark.code]
    before = memory[slot]
    if mark.code in levels:
        kept = levels[: levels.index(mark.code) + 1]
        gain, move = _continued(before, mark)
        yield (kept, _remember(memory, slot, mark)), gain + _singles(levels[len(kept) :], memory), move, before[0]
    else:
        yield from _openings(levels, memory, mark)
    if mark.orphan >= 0 and mark.number == 1:
        yield from _inferred(levels, memory, mark)


def _placed(state: _State, mark: Mark, under: str) -> Iterator[tuple[_State, float, Move, int]]:
    """Accept ``mark`` where a person put it: below the open heading of the family ``under``, "" for outermost."""
    levels, memory = state
    if under and under not in levels:
        return
    outer = levels[: levels.index(under) + 1] if under else ()
    if mark.code in outer:
        return
    slot = _SLOT[mark.code]
    yield (outer + (mark.code,), _remember(memory, slot, mark)), _FIRST, "first", memory[slot][0]


def _continued(before: _Number, mark: Mark) -> tuple[float, Move]:
    if not mark.numeral:
        return _FIRST, "next"
    number = (mark.number, mark.suffix)
    if number == (before[0] + 1, 0) or (number[0] == before[0] and number[1] == before[1] + 1):
        return _NEXT, "next"
    if number > before:
        missing = max(1, min(number[0] - before[0] - 1, 8))
        return _NEXT + _GAP[mark.place] + _GAP_EACH * missing, "gap"
    if number == (1, 0):
        return (_ANNOUNCED_RESTART if mark.introduced else _RESTART), "restart"
    return (_SAME_AGAIN if number == before else _BACKWARDS), "restart"


def _openings(levels: tuple[str, ...], memory: _Memory, mark: Mark) -> Iterator[tuple[_State, float, Move, int]]:
    """Open a level for a family that is not open: where it usually nests, or below what is open."""
    slot, rank = _SLOT[mark.code], _RANK[mark.code]
    outer = _outer(levels, memory, mark)
    known = memory[slot]
    gain = _opened(known, mark)
    closes_all = bool(levels) and not outer and rank > _RANK[ARTICLE]
    after = _remember(memory, slot, mark)
    follows = known[0] and (mark.number, mark.suffix) in ((known[0] + 1, 0), (known[0], known[1] + 1))
    move: Move = "first" if mark.number == 1 or follows or not mark.numeral else "gap"
    before = known[0] if mark.code == ARTICLE and known[0] < mark.number else 0
    closing = _singles(levels[len(outer) :], memory) + (_CLOSES_ALL if closes_all else 0.0)
    yield (outer + (mark.code,), after), gain + closing, move, before
    if len(outer) < len(levels) and rank > _RANK[ARTICLE]:
        yield (levels + (mark.code,), after), gain + _UNUSUAL_NESTING, move, 0


def _outer(levels: tuple[str, ...], memory: _Memory, mark: Mark) -> tuple[str, ...]:
    """What a level that opens with ``mark`` stands under.

    A decimal says it: 2.1 is below an open 二、 as it is below an open 2, and 2.1.1 below 2.1, wherever that stands.
    """
    if mark.code == DECIMALS[2] and DECIMALS[1] in levels:
        return levels[: levels.index(DECIMALS[1]) + 1]
    if mark.code == DECIMALS[1] and NUMERAL in levels and mark.numeral.split(".")[0] == str(memory[_SLOT[NUMERAL]][0]):
        return levels[: levels.index(NUMERAL) + 1]
    return tuple(code for code in levels if _RANK[code] < _RANK[mark.code])


def _opened(known: _Number, mark: Mark) -> float:
    if not mark.numeral:
        return _FIRST
    if known[0] and (mark.number, mark.suffix) == (known[0] + 1, 0):
        return _NEXT if mark.code == ARTICLE else _RUNS_ON
    if known[0] and mark.number == known[0] and mark.suffix == known[1] + 1:
        return _NEXT
    if mark.number == 1:
        return _RESTART if known[0] and mark.code == ARTICLE else _FIRST
    if mark.code == ARTICLE and mark.number > known[0]:
        return _NEXT + _GAP[mark.place] + _GAP_EACH * min(mark.number - known[0] - 1, 8)
    return _WRONG_START


def _inferred(levels: tuple[str, ...], memory: _Memory, mark: Mark) -> Iterator[tuple[_State, float, Move, int]]:
    """Take the words before a first number for the next heading of the level above, its number lost."""
    outer = tuple(code for code in levels if _RANK[code] < _RANK[mark.code])
    if not outer or outer[-1] not in (NUMERAL, ITEM):
        return
    parent = _SLOT[outer[-1]]
    raised = memory[:parent] + ((memory[parent][0] + 1, 0),) + memory[parent + 1 :]
    gain = _INFERRED if mark.code in levels else _INFERRED_OPENING
    yield (outer + (mark.code,), _remember(raised, _SLOT[mark.code], mark)), gain, "inferred", memory[parent][0]


def _remember(memory: _Memory, slot: int, mark: Mark) -> _Memory:
    if mark.code == ANNEX:
        memory = _NOTHING  # an attached text numbers anew
    return memory[:slot] + ((mark.number, mark.suffix),) + memory[slot + 1 :]


def _singles(levels: tuple[str, ...], memory: _Memory) -> float:
    return sum(_SINGLE for code in levels if _RANK[code] > _RANK[ARTICLE] and memory[_SLOT[code]][0] == 1)


def _entries(link: _Link | None) -> list[Entry]:
    """The reading that ends in ``link``, first entry first."""
    links: list[_Link] = []
    while link is not None:
        links.append(link)
        link = link.before
    entries: list[Entry] = []
    path: dict[str, Rung] = {}
    for step in reversed(links):
        mark = step.mark
        if step.move == "inferred":
            code, number = step.levels[-2], step.number_before + 1
            path[code] = Rung(code, number, 0, to_chinese(number), inferred=True)
            outer = tuple(path[level] for level in step.levels[:-1])
            entries.append(Entry(mark.orphan, mark.orphan, outer, "inferred"))
        path[mark.code] = Rung(mark.code, mark.number, mark.suffix, mark.numeral, inferred=mark.told)
        missing = (step.number_before + 1, mark.number - 1) if step.move == "gap" else None
        if missing is not None and missing[1] < missing[0]:
            missing = None
        move: Move = "first" if step.move == "inferred" else step.move
        entries.append(Entry(mark.start, mark.end, tuple(path[level] for level in step.levels), move, missing))
    return entries
