"""A reading with its corrections: the outline read again around them, then the fields of requirements set.

Pure: a ``ParsedDocument`` and its corrections in, a ``ParsedDocument`` out, the same however often it is done. The
store calls it for every reading that it takes in, so that no way into the store can lose a correction.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, cast, get_args

from ingest import tables
from ingest.anchors import Squeezed
from ingest.corrections import FIELD_NAMES, Change, Correction, Fields
from ingest.deciding import APPLIED, LAPSED, Outcome, notice_of
from ingest.errors import InputError
from ingest.layouts import layout_of
from ingest.parsing import parse_layout
from ingest.records import Clause, Modality, Notice, ParsedDocument, Requirement
from ingest.requirements import extract

Effect = Literal["added", "removed", "moved", "titled"]
_LISTS = ("audience", "lead_units", "support_units")
_MEASURED = ("frequency", "quantity", "deadline", "object", "sanction")  # stand in the words of the requirement
_LIMITS = ("condition", "exception")  # stand in its whole sentence: "情节严重的，应当…，不得…" limits both halves
_SENTENCE_END = re.compile(r"[。！？!?\n]")
_SEPARATOR = "、"
_ALSO = "；"  # between two measures of one kind, "每年至少一次；每学期"


def corrected(parsed: ParsedDocument, corrections: Sequence[Correction]) -> ParsedDocument:
    """``parsed`` read again with the corrections in force, each told of by a notice; without any, as it is."""
    in_force = [correction for correction in corrections if not correction.undone_on]
    if not in_force and not any(notice.kind in (APPLIED, LAPSED) for notice in parsed.notices):
        return parsed
    parsed = _with_outline(parsed, in_force)
    return _with_fields(parsed, [each for each in in_force if isinstance(each.change, Fields)])


def _with_outline(parsed: ParsedDocument, corrections: Sequence[Correction]) -> ParsedDocument:
    """The outline read again; the facts stay, whatever set them."""
    layout = layout_of(parsed)
    document = parsed.document
    if layout is None:
        lost = [Outcome(each, None, "这份文件由旧版程序收录，缺少重新划分所需的数据。请重新添加原文件")
                for each in corrections]  # fmt: skip
        return replace(parsed, notices=(*_others(parsed), *(notice_of(each, lambda _: 0) for each in lost)))
    again = parse_layout(
        layout,
        source_file=document.source_file,
        sha256=document.sha256,
        doc_id=document.doc_id,
        corrections=corrections,
    )
    document = replace(document, notes=again.document.notes)
    found = extract(again.clauses, document, parsed.facts)
    return replace(
        parsed,
        document=document,
        clauses=again.clauses,
        requirements=found,
        notices=again.notices,
        leavings=again.leavings,
    )


def _others(parsed: ParsedDocument) -> list[Notice]:
    return [notice for notice in parsed.notices if notice.kind not in (APPLIED, LAPSED)]


def _with_fields(parsed: ParsedDocument, corrections: Sequence[Correction]) -> ParsedDocument:
    """The corrected fields of requirements set."""
    if not corrections or not parsed.layout:
        return parsed
    squeezed = Squeezed(parsed.source)
    requirements = list(parsed.requirements)
    starts = _starts(parsed)
    layout = layout_of(parsed)
    notices: list[Notice] = []
    for correction in corrections:
        outcome, place = _requirement_at(squeezed, correction, requirements, starts)
        if place is not None and isinstance(correction.change, Fields):
            try:
                requirements[place] = with_fields(
                    requirements[place], correction.change.values, parsed.source, starts[place]
                )
            except InputError as error:
                outcome = replace(outcome, fault=str(error).rstrip("。"))
        notices.append(notice_of(outcome, layout.healed.line_at if layout else lambda _: 0))
    return replace(parsed, requirements=tuple(requirements), notices=(*parsed.notices, *notices))


def _starts(parsed: ParsedDocument) -> list[int]:
    """Where the sentence of each requirement begins in the source."""
    clauses = {clause.clause_id: clause.span.start for clause in parsed.clauses}
    return [clauses[each.clause_id] + each.span.start for each in parsed.requirements]


def requirement_place(parsed: ParsedDocument, requirement_id: str) -> tuple[Requirement, int]:
    """A requirement and the offset of its sentence in the source.

    Raises:
        InputError: the document has none with this id.
    """
    for requirement, start in zip(parsed.requirements, _starts(parsed), strict=True):
        if requirement.requirement_id == requirement_id:
            return requirement, start
    raise InputError(f"这份文件里没有编号为“{requirement_id}”的要求。用 show --json 可看到全部编号。")


def _requirement_at(
    squeezed: Squeezed, correction: Correction, requirements: Sequence[Requirement], starts: Sequence[int]
) -> tuple[Outcome, int | None]:
    found = squeezed.find(correction.anchor)
    if found.offset is None or not isinstance(correction.change, Fields):
        return Outcome(correction, found.offset, found.fault), None
    wanted = "".join(correction.change.sentence.split())
    for place, (start, requirement) in enumerate(zip(starts, requirements, strict=True)):
        if start == found.offset and "".join(requirement.sentence.split()) == wanted:
            return Outcome(correction, found.offset, ""), place
    return Outcome(correction, found.offset, "这个句子的文字已变，或不再单独成句"), None


def with_fields(requirement: Requirement, values: Sequence[tuple[str, str]], source: str, start: int) -> Requirement:
    """``requirement``, which begins at ``start`` of ``source``, with fields of ``FIELD_NAMES`` that a person gave.

    "" empties one.

    Raises:
        InputError: an unknown value, or words that do not stand in the sentence (units: in the document).
    """
    changed: dict[str, Any] = {}
    for name, value in values:
        words = [part.strip() for part in value.split(_SEPARATOR) if part.strip()]
        if name == "modality":
            changed |= _modality(requirement.sentence, value)
        elif name == "audience":
            changed[name] = _audiences(words)
        else:
            where = _where(name, requirement, source, start)
            parts = words if name in _LISTS else [part.strip() for part in value.split(_ALSO)]
            _check_verbatim(name, parts, where)
            changed[name] = tuple(words) if name in _LISTS else value.strip() or None
    # A corrected field was not read from the words that the program had read.
    kept = tuple(reading for reading in requirement.readings if reading.field not in changed)
    return replace(requirement, **changed, readings=kept)


def _where(name: str, requirement: Requirement, source: str, start: int) -> str:
    """The text in which the words of a field must stand."""
    if name in _MEASURED:
        return requirement.sentence
    if name not in _LIMITS:
        return source
    last = [match.end() for match in _SENTENCE_END.finditer(source, 0, start)]
    after = _SENTENCE_END.search(source, start + len(requirement.sentence.rstrip("。！？!? \n")))
    return source[last[-1] if last else 0 : after.end() if after else len(source)]


def _modality(sentence: str, value: str) -> dict[str, Any]:
    """The modality, and the word of the sentence that shows it where it has one."""
    if value not in get_args(Modality):
        raise InputError(f"没有“{value}”这种约束程度。可用的有：{'、'.join(get_args(Modality))}。")
    matches = (row.pattern.search(sentence) for row in tables.modality_patterns() if row.modality == value)
    word = next((match.groupdict().get("word") for match in matches if match), None)
    return {"modality": cast(Modality, value), "modal_word": word}


def _audiences(keys: Sequence[str]) -> tuple[str, ...]:
    known = tables.audiences()
    if unknown := [key for key in keys if key not in known]:
        raise InputError(f"没有“{'、'.join(unknown)}”这种对象。可用的有：{'、'.join(known)}。")
    return tuple(dict.fromkeys(keys))


def _check_verbatim(name: str, words: Sequence[str], where: str) -> None:
    """Nobody may give a requirement words that the text does not say."""
    for part in words:
        if part not in where:
            place = "这个句子" if name in (*_MEASURED, *_LIMITS) else "这份文件"
            raise InputError(f"{FIELD_NAMES[name]}“{part}”不是{place}里的原话。请照原文填写，或留空。")


@dataclass(frozen=True, slots=True)
class Difference:
    """What a correction changes at one place of the outline: the clause before, the clause after."""

    effect: Effect
    before: Clause | None
    after: Clause | None


def differences(before: ParsedDocument, after: ParsedDocument) -> list[Difference]:
    """What differs between two readings of one text, in order of place: clauses come, go, move or change heading."""
    old = {(clause.span.start, clause.path[-1].code == "p"): clause for clause in before.clauses}
    new = {(clause.span.start, clause.path[-1].code == "p"): clause for clause in after.clauses}
    return list(_differences(old, new))


def _differences(old: dict[tuple[int, bool], Clause], new: dict[tuple[int, bool], Clause]) -> Iterator[Difference]:
    for place in sorted(old.keys() | new.keys()):
        was, now = old.get(place), new.get(place)
        if was is None or now is None:
            yield Difference("removed" if now is None else "added", was, now)
        elif was.locator != now.locator:
            yield Difference("moved", was, now)
        elif was.path[-1].title != now.path[-1].title:
            yield Difference("titled", was, now)


def changed_requirements(before: ParsedDocument, after: ParsedDocument) -> list[tuple[Requirement, Requirement]]:
    """Requirements of one sentence whose fields differ."""
    old = {(each.clause_id, each.sentence): each for each in before.requirements}
    pairs = [(old.get((each.clause_id, each.sentence)), each) for each in after.requirements]
    return [(was, now) for was, now in pairs if was is not None and was != now and was.sentence == now.sentence]


def new_correction(parsed: ParsedDocument, offset: int, change: Change, made_on: str) -> Correction:
    """A correction at a place of ``parsed``.

    Raises:
        InputError: there are no words at the place.
    """
    if not parsed.source[max(offset, 0) :].strip():
        raise InputError("这一处后面没有文字，不能更正。")
    return Correction(Squeezed(parsed.source).anchor(max(offset, 0)), change, made_on=made_on)
