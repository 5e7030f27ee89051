"""Correcting a document in the store: try a correction, look at what it changes, save it, undo it.

The command line and the page both work through these. What has no effect on the text at hand is refused when it is
made; a saved correction that stops fitting a later text is kept and told of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ingest.anchors import Squeezed
from ingest.correcting import Difference, changed_requirements, corrected, differences, new_correction
from ingest.corrections import Change, Correction, checked, replaces
from ingest.deciding import LAPSED
from ingest.errors import InputError
from ingest.records import Clause, Notice, ParsedDocument, Requirement
from ingest.storage import Added, Store


@dataclass(frozen=True, slots=True)
class Trial:
    """A correction that is not saved, and what it would do."""

    correction: Correction
    before: ParsedDocument
    after: ParsedDocument
    differences: tuple[Difference, ...]
    requirements: tuple[tuple[Requirement, Requirement], ...]

    @property
    def landing(self) -> Clause | None:
        """The clause that holds the corrected place afterwards."""
        at = Squeezed(self.after.source).find(self.correction.anchor).offset
        inside = [
            clause for clause in self.after.clauses if at is not None and clause.span.start <= at < clause.span.end
        ]
        return inside[-1] if inside else None


@dataclass(frozen=True, slots=True)
class Standing:
    """A correction in force, and the notice that tells how it fares (``None``: not told yet)."""

    correction: Correction
    notice: Notice | None

    @property
    def lapsed(self) -> bool:
        """Whether it does not fit the text at hand."""
        return self.notice is not None and self.notice.kind == LAPSED


def now() -> str:
    """The local time to the minute, as corrections keep it."""
    return datetime.now().strftime("%Y-%m-%d %H:%M")


def try_correction(store: Store, doc_id: str, offset: int, change: Change) -> Trial:
    """What a correction at ``offset`` of the source would do; nothing is saved.

    Raises:
        UnknownDocument: no such document.
        InputError: it could not be carried out, or it would change nothing.
    """
    with store.snapshot():
        before, known = store.parsed(doc_id), store.corrections(doc_id)
    correction = new_correction(before, offset, checked(change), now())
    after = _tried(before, known, correction)
    changes, fields = tuple(differences(before, after)), tuple(changed_requirements(before, after))
    if not changes and not fields and before.clauses == after.clauses:
        raise InputError("照这样更正，条款划分和要求都没有变化，没有保存。请看看是否已经是想要的样子。")
    return Trial(correction, before, after, changes, fields)


def save_corrections(store: Store, doc_id: str, corrections: Sequence[Correction], *, strict: bool = True) -> Added:
    """Save corrections and read the document again with them, all or nothing.

    ``strict`` refuses one that cannot be carried out on the text at hand; else it is kept and told of. One that is
    in force already is not saved twice.

    Raises:
        UnknownDocument: no such document.
        InputError: a correction cannot be carried out.
    """
    with store.transaction():
        parsed = store.parsed(doc_id)
        for correction in corrections:
            known = store.corrections(doc_id)
            if any((each.anchor, each.change) == (correction.anchor, correction.change) for each in known):
                continue
            if strict:
                _tried(parsed, known, correction)
            retired = _replaced(parsed, known, correction)
            store.keep_correction(doc_id, correction, retired=[each.number for each in retired], on=now())
        return store.replace(doc_id, parsed)


def undo_correction(store: Store, doc_id: str, number: int) -> Correction:
    """Take one correction back and read the document again without it; that it was made stays on record.

    Raises:
        UnknownDocument: no such document.
        InputError: no correction in force has this number.
    """
    with store.transaction():
        parsed = store.parsed(doc_id)
        found = next((each for each in store.corrections(doc_id) if each.number == number), None)
        if found is None:
            known = "、".join(str(each.number) for each in store.corrections(doc_id)) or "没有"
            raise InputError(f"没有生效中的更正 {number}（现有：{known}）。用 correct {doc_id} --list 查看。")
        store.retire_corrections(doc_id, [number], on=now())
        store.replace(doc_id, parsed)
    return found


def standings(store: Store, doc_id: str) -> list[Standing]:
    """The corrections in force of a document, each with how it fares.

    Raises:
        UnknownDocument: no such document.
    """
    with store.snapshot():
        told = {notice.subject: notice for notice in store.notices(doc_id) if notice.kind in ("corrected", LAPSED)}
        return [Standing(each, told.get(str(each.number))) for each in store.corrections(doc_id)]


def _tried(parsed: ParsedDocument, known: Sequence[Correction], correction: Correction) -> ParsedDocument:
    """``parsed`` with one correction more; raises where it cannot be carried out."""
    retired = {each.number for each in _replaced(parsed, known, correction)}
    number = max((each.number for each in known), default=0) + 1
    kept = [each for each in known if each.number not in retired]
    after = corrected(parsed, [*kept, replace(correction, number=number)])
    told = [notice for notice in after.notices if notice.kind == LAPSED and notice.subject == str(number)]
    if told:
        reason = told[0].message.partition("没有用上：")[2].partition("。更正的内容是：")[0]
        raise InputError(f"这项更正做不成：{reason}。没有保存，文件没有改动。")
    return after


def _replaced(parsed: ParsedDocument, known: Sequence[Correction], new: Correction) -> list[Correction]:
    """The corrections at the same place that ``new`` makes pointless."""
    squeezed = Squeezed(parsed.source)
    at = squeezed.find(new.anchor).offset
    return [
        each
        for each in known
        if replaces(new.change, each.change) and at == squeezed.find(each.anchor).offset is not None
    ]
