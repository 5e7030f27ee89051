"""A comparison as an Excel workbook: overview, obligations, clauses side by side, what was tightened or loosened."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from qa.changes import Change
from qa.comparison.records import Comparison, Obligation, Pair, Shift
from qa.comparison.report import (
    all_shifts,
    kind_words,
    nearest_words,
    overview,
    phrases,
    place_of,
    shift_words,
    side_names,
)
from qa.phrases import Phrases
from qa.wording import Wording

_LONGEST_CELL = 32_000  # characters; Excel holds 32,767 and shows no more
_WIDTHS = {"text": 48, "short": 14}
_REMOVED, _ADDED = "009A1C1C", "001E5637"


def workbook(comparison: Comparison, language: str) -> bytes:
    """The bytes of an XLSX file.

    Raises:
        InputError: an unknown language.
    """
    from openpyxl import Workbook

    words, wording = phrases(language), Wording(language)
    book = Workbook()
    book.remove(book.active)
    _sheet(book, words.say("sheet.overview"), [], [[line] for line in overview(comparison, words)])
    if comparison.mode == "levels":
        met = [each for each in comparison.obligations if each.met]
        _obligations(book, words.say("sheet.unmet"), comparison.unmet, comparison, words, wording)
        _obligations(book, words.say("sheet.obligations"), met, comparison, words, wording)
    _pairs(book, comparison, words)
    _shifts(book, comparison, words)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _obligations(
    book: Any, title: str, found: Sequence[Obligation], comparison: Comparison, words: Phrases, wording: Wording
) -> None:
    upper, lower = side_names(comparison, words)
    head = [
        words.say("column.met"),
        words.say("column.before_place", side=upper),
        words.say("column.sentence"),
        words.say("column.modality"),
        words.say("column.after_place", side=lower),
        words.say("column.counterpart"),
        words.say("column.likeness"),
        words.say("column.remark"),
    ]
    rows = [
        [
            words.say("met.yes" if each.met else "met.no"),
            place_of(each.clause),
            each.requirement.sentence,
            wording.modality(each.requirement.strength),
            place_of(each.counterpart_clause),
            each.counterpart.sentence if each.counterpart else words.say("none_near"),
            round(each.likeness, 2),
            "\n".join(shift_words(shift, words) for shift in each.shifts),
        ]
        for each in found
    ]
    _sheet(book, title, head, rows)


def _pairs(book: Any, comparison: Comparison, words: Phrases) -> None:
    first, second = side_names(comparison, words)
    head = [words.say(f"column.{key}") for key in ("kind", "movement", "confidence", "basis")]
    for side, name in (("before", first), ("after", second)):
        head += [words.say(f"column.{side}_place", side=name), words.say(f"column.{side}_text", side=name)]
    head += [words.say("column.changes"), words.say("column.remark")]
    rows = [
        [
            kind_words(pair, comparison, words),
            words.say(f"movement.{pair.movement}") if pair.movement else "",
            round(pair.confidence, 2) if pair.basis else "",
            words.say(f"basis.{pair.basis}") if pair.basis else "",
            place_of(pair.before),
            pair.before.text if pair.before else "",
            place_of(pair.after),
            pair.after.text if pair.after else "",
            pair.changes,
            _remark(pair, words),
        ]
        for pair in comparison.pairs
    ]
    _sheet(book, words.say("sheet.pairs"), head, rows)


def _remark(pair: Pair, words: Phrases) -> str:
    lines = [words.say("punctuation_only")] if pair.punctuation_only else []
    if not pair.basis:
        lines.append(nearest_words(pair.nearest, words))
    return "\n".join([*lines, *(shift_words(shift, words) for shift in pair.shifts)])


def _shifts(book: Any, comparison: Comparison, words: Phrases) -> None:
    first, second = side_names(comparison, words)
    head = [words.say("column.direction"), words.say("column.field")]
    for side, name in (("before", first), ("after", second)):
        head += [words.say(f"column.{side}_place", side=name), words.say(f"column.{side}_words", side=name)]
        head.append(words.say(f"column.{side}_text", side=name))
    rows = [
        [
            words.say(f"direction.{shift.direction}"),
            words.say(f"field.{shift.field}"),
            place_of(before),
            *_side(shift, "before"),
            place_of(after),
            *_side(shift, "after"),
        ]
        for (before, after), shift in all_shifts(comparison)
    ]
    _sheet(book, words.say("sheet.shifts"), head, rows)


def _side(shift: Shift, side: str) -> tuple[str, str]:
    requirement = shift.before_requirement if side == "before" else shift.after_requirement
    return getattr(shift, side), requirement.sentence if requirement else ""


def _sheet(book: Any, title: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(title)
    for row, values in enumerate([head, *rows] if head else rows, 1):
        for column, value in enumerate(values, 1):
            cell = sheet.cell(row, column)
            _write(cell, value)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if head and row == 1:
                cell.font = Font(bold=True)
    if head:
        sheet.freeze_panes = "A2"
        sheet.auto_filter.ref = sheet.dimensions
    for column in range(1, sheet.max_column + 1):
        longest = max(len(str(sheet.cell(row, column).value or "")) for row in range(1, sheet.max_row + 1))
        width = _WIDTHS["text"] if longest > _WIDTHS["short"] * 2 else _WIDTHS["short"]
        sheet.column_dimensions[get_column_letter(column)].width = width if head else 100


def _write(cell: Any, value: object) -> None:
    """Put a value into a cell; text stays text, also where it begins like a formula."""
    if isinstance(value, tuple):
        cell.value = _rich(value) if value else None
    elif isinstance(value, str):
        cell.value = _plain(value) or None
        if cell.value is not None:
            cell.data_type = "s"
    else:
        cell.value = value


def _plain(text: str) -> str:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return str(ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", text))[:_LONGEST_CELL]


def _rich(changes: Sequence[Change]) -> Any:
    """Changed words in colour, struck out or underlined."""
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont

    fonts = {
        "removed": InlineFont(strike=True, color=_REMOVED),
        "added": InlineFont(u="single", color=_ADDED),
    }
    pieces: list[Any] = []
    left = _LONGEST_CELL
    for change in changes:
        text = _plain(change.words)[:left]
        left -= len(text)
        if text:
            font = fonts.get(change.operation)
            pieces.append(TextBlock(font, text) if font else text)
    return CellRichText(*pieces)
