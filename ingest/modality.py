"""How strongly a sentence binds, and where in it the strength changes.

Takes one sentence, gives its stretches with their modality. "严厉打击…,严禁…,维护…" orders, forbids and orders again;
one label for all three would be untrue. Words come from ``corpus/tables/modality.toml``; what stands in the case at the
head of a sentence or in an exception binds nobody and is not read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest import tables
from ingest.measures import measures_in
from ingest.records import Modality, Span
from ingest.tables import ModalityPattern

# Laws state facts and powers without modal words; plans, notices and opinions give tasks that way.
STATING_RANKS = frozenset({"law", "administrative_regulation", "local_regulation", "rule"})
_PART = re.compile(r"[^，,；;]+[，,；;]*")
_COMMA = re.compile(r"[，,；;：:。]")
_CASE = re.compile(r"的[，,]$")
_MASK = "□"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a sentence that asks one kind of thing, and the word that shows it (``None`` for no such word)."""

    span: Span
    modality: Modality
    word: str | None
    word_at: int = 0  # where the word stands in the stretch


@dataclass(frozen=True, slots=True)
class _Sign:
    """What shows a modality: the word, and where it stands in the sentence."""

    modality: Modality
    word: str | None = None
    at: int = 0

    @classmethod
    def of(cls, row: ModalityPattern, match: re.Match[str], offset: int = 0) -> _Sign:
        if match.groupdict().get("word"):
            return cls(row.modality, match["word"], offset + match.start("word"))
        return cls(row.modality)


def stretches_of(sentence: str, rank: str, unmarked: Modality | None = None) -> list[Stretch]:
    """The stretches of ``sentence``; together they cover it.

    ``unmarked`` is what a sentence without any modal word is: where it is not given, a directive in a text of
    directives and a statement in a law.
    """
    directive = rank not in STATING_RANKS
    masked = _masked(sentence)
    whole = Span(0, len(sentence))
    if early := _shape(masked, early=True, directive=directive):
        return [_stretch(whole, early)]
    groups = _groups(masked, directive)
    if any(own for _, own in groups):
        return [_stretch(span, own or _Sign("must")) for span, own in groups]
    if late := _shape(masked, early=False, directive=directive):
        return [_stretch(whole, late)]
    return [Stretch(whole, unmarked or ("must" if directive else "statement"), None)]


def _stretch(span: Span, sign: _Sign) -> Stretch:
    return Stretch(span, sign.modality, sign.word, max(0, sign.at - span.start) if sign.word else 0)


def modality_of(sentence: str, rank: str) -> tuple[Modality, str | None]:
    """How the first stretch that says so binds, and the word that shows it (``None`` where no word does)."""
    stretches = stretches_of(sentence, rank)
    first = next((stretch for stretch in stretches if stretch.word), stretches[0])
    return first.modality, first.word


def _masked(sentence: str) -> str:
    text = sentence
    for field in ("condition", "exception"):
        for span in measures_in(sentence, field):
            text = text[: span.start] + _MASK * (span.end - span.start) + text[span.end :]
    return text


def _shape(sentence: str, *, early: bool, directive: bool) -> _Sign | None:
    head = len(_COMMA.split(sentence, maxsplit=1)[0])
    for row in tables.modality_patterns():
        if row.part or row.early != early or (row.directive and not directive):
            continue
        match = row.pattern.search(sentence)
        if match and not (row.head and match.start() > head):
            return _Sign.of(row, match)
    return None


def _groups(sentence: str, directive: bool) -> list[tuple[Span, _Sign | None]]:
    """Neighbouring parts of one strength; ``None`` is a directive without a modal word."""
    groups: list[tuple[int, int, _Sign | None]] = []
    waiting: int | None = None  # start of parts that only open the next one
    for part in _PART.finditer(sentence):
        start = part.start() if waiting is None else waiting
        waiting = None
        words = part.group()
        if _CASE.search(words) and groups and part.end() < len(sentence):
            waiting = start  # "不得改变方向，确需改变的，应当…": the case of what follows
            continue
        own = _own(words, part.start())
        last = groups[-1][2] if groups else None
        if own is None and _continues(words, last, directive):
            own = last
        if own is None and part.end() < len(sentence) and _only_opens(words, directive, bool(groups)):
            waiting = start
        elif groups and _kind(last) == _kind(own):
            groups[-1] = (groups[-1][0], part.end(), last if last and last.word else own)
        elif groups and own is None and not directive:
            groups[-1] = (groups[-1][0], part.end(), last)
        else:
            groups.append((start, part.end(), own))
    return [(Span(start, end), own) for start, end, own in groups] or [(Span(0, len(sentence)), None)]


def _kind(own: _Sign | None) -> Modality:
    return own.modality if own else "must"


def _continues(part: str, last: _Sign | None, directive: bool) -> bool:
    """Whether a part without a word of its own goes on with what the part before it says."""
    if last is None:
        return False
    return not directive or last.modality == "must" or not tables.part_restarts().match(part)


def _only_opens(part: str, directive: bool, begun: bool) -> bool:
    """Whether a part only says how, when or in which case the next one is to be done."""
    if part.count(_MASK) * 2 > len(part) or tables.part_openings().match(part):
        return True
    return not directive and not begun


def _own(part: str, offset: int) -> _Sign | None:
    for row in tables.modality_patterns():
        if row.part and (match := row.pattern.search(part)):
            return _Sign.of(row, match, offset)
    return None
