"""What a person corrected, put between the candidate marks and the reading of the outline.

A place that is no heading loses its marks; one that is a heading has one mark, which every reading must accept. The
rest of the sequence is read around these. Afterwards ``outcomes`` tells which corrections show in the clauses; one
that does not is kept, and its ``Notice`` says what was expected and what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.anchors import Squeezed
from ingest.corrections import Change, Correction, Ends, Fields, Heading, NotHeading, described, read_number
from ingest.errors import InputError
from ingest.headings import clean_title
from ingest.markers import ANNEX, PARAGRAPH, ROW, TABLE, UNNUMBERED, Mark, mark_at
from ingest.records import Clause, Notice, NoticeKind, Span

APPLIED: NoticeKind = "corrected"
LAPSED: NoticeKind = "lapsed"
_UNMARKED = (PARAGRAPH, TABLE, ROW)  # pieces that no mark makes
_SHOWN = 16  # characters of a place in a message


@dataclass(frozen=True, slots=True)
class Decision:
    """A correction in this text: its place, for the end of a heading that end, or the reason why it has none."""

    correction: Correction
    offset: int | None
    end: int = 0
    fault: str = ""

    @property
    def change(self) -> Change:
        """What the person said."""
        return self.correction.change


def decisions(source: str, corrections: Sequence[Correction], closed: Sequence[Span]) -> list[Decision]:
    """Where the corrections of the outline stand in ``source``; no heading can stand in the ``closed`` stretches."""
    outline = [correction for correction in corrections if not isinstance(correction.change, Fields)]
    if not outline:
        return []
    squeezed = Squeezed(source)
    found = [_decision(squeezed, correction, closed) for correction in outline]
    last = {(each.offset, isinstance(each.change, Ends)): each.correction.number for each in found if not each.fault}
    return [_overruled(each, last) for each in found]


def opened(outside: Sequence[Span], found: Sequence[Decision]) -> tuple[Span, ...]:
    """What stands around the text, as ``outside``, without what a person's headings begin in it."""
    starts = [each.offset for each in found if isinstance(each.change, Heading) and not each.fault]
    kept = []
    for span in outside:
        end = min((at for at in starts if at is not None and span.start <= at < span.end), default=span.end)
        kept += [Span(span.start, end)] if end > span.start else []
    return tuple(kept)


def _decision(squeezed: Squeezed, correction: Correction, closed: Sequence[Span]) -> Decision:
    found = squeezed.find(correction.anchor)
    offset, change = found.offset, correction.change
    if offset is None:
        return Decision(correction, None, fault=found.fault)
    if isinstance(change, Ends):
        end = squeezed.end_of(change.heading, offset)
        gone = f"这里原来的标题“{change.heading[:_SHOWN]}”已不在原处"
        return Decision(correction, offset, end or 0, "" if end else gone)
    if isinstance(change, Heading) and any(span.start <= offset < span.end for span in closed):
        return Decision(correction, offset, fault="这一处在表格里，不能作条款的标题")
    return Decision(correction, offset)


def _overruled(decision: Decision, last: dict[tuple[int | None, bool], int]) -> Decision:
    number = last.get((decision.offset, isinstance(decision.change, Ends)))
    if decision.fault or number == decision.correction.number:
        return decision
    return replace(decision, fault=f"同一处后来又有更正 {number}，以后来的为准")


def decided(source: str, marks: Sequence[Mark], found: Sequence[Decision]) -> list[Mark]:
    """``marks`` as the person left them, in order of place."""
    kept = list(marks)
    for decision in found:
        at = decision.offset
        if decision.fault or at is None or isinstance(decision.change, Ends):
            continue
        if isinstance(decision.change, Heading):
            fixed = _fixed(source, kept, at, decision.change)
            if fixed is not None:
                kept = [*_freed(kept, at, fixed.end), fixed]
        else:
            ends = [mark.end for mark in kept if mark.start == at]
            kept = _freed(kept, at, max(ends, default=at))
            kept = [replace(mark, orphan=-1) if mark.orphan == at else mark for mark in kept]
    return sorted(kept, key=lambda mark: (mark.start, -mark.end))


def heading_ends_of(found: Sequence[Decision]) -> dict[int, int]:
    """The ends of headings that a person gave, by the start of their pieces."""
    return {each.offset: each.end for each in found if isinstance(each.change, Ends) and each.offset is not None
            and not each.fault}  # fmt: skip


def _freed(marks: Sequence[Mark], start: int, end: int) -> list[Mark]:
    """``marks`` without those at ``start`` or across the stretch, and none that infers a heading around it."""
    free = [
        mark for mark in marks if mark.start != start and not (mark.start < max(end, start + 1) and start < mark.end)
    ]
    return [replace(mark, orphan=-1) if 0 <= mark.orphan < start < mark.start else mark for mark in free]


def _fixed(source: str, marks: Sequence[Mark], at: int, heading: Heading) -> Mark | None:
    """The mark that the person put at ``at``; ``None`` where it has no number and needs one."""
    here = [mark for mark in marks if mark.start == at and mark.numeral]
    written = mark_at(source, at, heading.family) or max(here, key=lambda mark: mark.end, default=None)
    end = written.end if written is not None else at
    if heading.family in UNNUMBERED:
        # beyond the others, so that their ids stay as they are; order is told by place
        number, suffix, numeral = (
            max((mark.number for mark in marks if mark.code == heading.family), default=0) + 1,
            0,
            "",
        )
    elif heading.numeral:
        number, suffix, numeral = read_number(heading.family, heading.numeral)
    elif written is not None:
        number, suffix, numeral = written.number, written.suffix, written.numeral
        if written.code != heading.family:
            try:
                number, suffix, numeral = read_number(heading.family, numeral)
            except InputError:
                return None  # 1 is no number of the family 1.1
    elif heading.family == ANNEX:
        number, suffix, numeral = 1, 0, ""
    else:
        return None
    told = bool(numeral) and (written is None or (written.number, written.suffix) != (number, suffix))
    mark = Mark(at, end, heading.family, number, suffix, numeral, "line", fixed=True, under=heading.under, told=told)
    orphans = [each.orphan for each in here if each.code == heading.family and each.number == number]
    return replace(mark, orphan=max(orphans, default=-1))


@dataclass(frozen=True, slots=True)
class Outcome:
    """A correction, its place, and why it does not show in the clauses ("" where it does)."""

    correction: Correction
    offset: int | None
    fault: str


def outcomes(found: Sequence[Decision], clauses: Sequence[Clause]) -> list[Outcome]:
    """What became of the corrections of the outline."""
    by_start = {clause.span.start: clause for clause in clauses}
    return [
        Outcome(each.correction, each.offset, each.fault or _unmet(each, by_start.get(each.offset or 0), clauses))
        for each in found
    ]


def _unmet(decision: Decision, clause: Clause | None, clauses: Sequence[Clause]) -> str:
    """What the clauses do not show of a correction whose place was found."""
    if isinstance(decision.change, Heading):
        return _heading_fault(decision.change, clause)
    if clause is None or clause.path[-1].code in _UNMARKED:
        return "这里不是标题，没有可改的标题" if isinstance(decision.change, Ends) else ""
    if isinstance(decision.change, NotHeading):
        return f"这里仍然是“{clause.locator}”"
    wanted = "".join(clean_title(decision.change.heading).split()) if isinstance(decision.change, Ends) else ""
    reached = clause.body_start >= decision.end - clause.span.start
    title = "".join(clause.path[-1].title.split())
    return "" if reached and wanted.rstrip("）)】").endswith(title) else "这里的标题在更正的地方之前就已结束"


def _heading_fault(heading: Heading, clause: Clause | None) -> str:
    if clause is None or clause.path[-1].code != heading.family:
        needs = not heading.numeral and heading.family not in UNNUMBERED
        return "原文这里没有写这种序号，请写明序号" if needs else "这一处没有读成标题"
    above = clause.path[-2].code if len(clause.path) > 1 else ""
    if heading.under is not None and above != heading.under:
        return "前面没有可以放在其下的上一级标题"
    return ""


def correction_notices(found: Sequence[Outcome], line_at: Callable[[int], int]) -> Iterator[Notice]:
    """One notice for each correction: that it was made, or that it could not be and what to do."""
    for outcome in found:
        yield notice_of(outcome, line_at)


def notice_of(outcome: Outcome, line_at: Callable[[int], int]) -> Notice:
    """What to tell of one correction; ``subject`` is its number."""
    correction = outcome.correction
    line = line_at(outcome.offset) if outcome.offset is not None else None
    anchor, said = correction.anchor, described(correction.change)
    place = f"第 {line} 行“{anchor.words}”" if line else f"“{anchor.words}”"
    if not outcome.fault:
        when = f"，{correction.made_on}" if correction.made_on else ""
        message, kind = f"人工更正 {correction.number}：{place}，{said}（文字未改{when}）。", APPLIED
    else:
        message = (
            f"人工更正 {correction.number} 没有用上：{outcome.fault}。更正的内容是：{place}（原来接在"
            f"“{anchor.before[-_SHOWN:]}”之后），{said}。更正仍然保留；请对照现在的文本重新更正，或者撤销它。"
        )
        kind = LAPSED
    return Notice(kind, message, outcome.offset, line, anchor.before[-_SHOWN:] + anchor.words, str(correction.number))
