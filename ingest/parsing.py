"""The way from a file's bytes to a ``ParsedDocument``, and back to the files that ``corpus/`` ships.

loading → healing → frame → marks → outline → clauses → what is missing. Requirements are left empty; they are read
from the clauses by ``requirements.py``.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from ingest.assembly import build_clauses, leavings
from ingest.completeness import missing_sections, truncation_notice
from ingest.corrections import Correction
from ingest.deciding import correction_notices, decided, decisions, heading_ends_of, opened, outcomes
from ingest.errors import InputError, UnreadableFile
from ingest.facts import Facts, FactsOverride, contradiction, gather_facts, read_facts_file
from ingest.formats.reading import Reading
from ingest.formats.text import file_type_of
from ingest.frame import Frame, read_frame
from ingest.headings import find_enumerations, unnumbered_headings
from ingest.healing import Healed, heal_reading
from ingest.layouts import Layout, layout_text
from ingest.loading import load
from ingest.markers import ANNEX, ROW, TABLE, Mark, find_marks
from ingest.naming import is_doc_id, make_doc_id
from ingest.outline import Entry, read_outline
from ingest.records import Clause, Document, Notice, ParsedDocument

DATES = "dates"  # the subject of the notice that two dates contradict each other
_FACTS_ENDING = ".facts.json"
_UNSURE = 3.0  # doubt about a line that only reads like the title of an attached text
_STYLE = 3  # numbers of one family at the start of lines: the document's habit
_MOST_MARKS = 50_000  # numbers in one document; the longest law has two thousand, the outline takes 1 ms for each
_SHAPELESS = 5000  # characters of one clause: the longest of a real document has a third of it
_NOTED = ("gap", "truncated")  # notices that belong to the document for good


def parse_file(path: Path, *, facts: FactsOverride | None = None, doc_id: str | None = None) -> ParsedDocument:
    """Parse the file at ``path``; a ``<name>.facts.json`` beside it is read unless ``facts`` is given.

    Raises:
        UnreadableFile: the file or its facts file cannot be read.
        InputError: ``doc_id`` is not an id.
    """
    loaded = load(path)
    beside = path.with_name(path.stem + _FACTS_ENDING)
    if facts is None and beside.is_file():
        facts = read_facts_file(beside)
    return parse_reading(loaded.reading, source_file=loaded.name, sha256=loaded.sha256, facts=facts, doc_id=doc_id)


def parse_text(
    text: str, *, source_file: str, sha256: str, facts: FactsOverride | None = None, doc_id: str | None = None
) -> ParsedDocument:
    """Parse ``text``, the content of ``source_file`` (whose ending tells Markdown from plain text).

    Raises:
        UnreadableFile: nothing but furniture or white space is in the text.
        InputError: ``doc_id`` is not an id.
    """
    reading = Reading(text, file_type_of(source_file))
    return parse_reading(reading, source_file=source_file, sha256=sha256, facts=facts, doc_id=doc_id)


def parse_reading(
    reading: Reading, *, source_file: str, sha256: str, facts: FactsOverride | None = None, doc_id: str | None = None
) -> ParsedDocument:
    """Parse what a format reader made of ``source_file``.

    ``doc_id`` names the document; without it the facts' id is taken, else one is made of number, title and year.

    Raises:
        UnreadableFile: nothing but furniture or white space is in the text, or too many numbers.
        InputError: ``doc_id`` is not an id.
    """
    override = facts or FactsOverride()
    healed = heal_reading(reading)
    if not healed.text.strip():
        raise UnreadableFile(f"文件“{source_file}”去掉网站附加内容后没有正文。请换一个有正文的文件。")
    return parse_layout(Layout(healed, override), source_file=source_file, sha256=sha256, doc_id=doc_id)


def parse_layout(
    layout: Layout, *, source_file: str, sha256: str, doc_id: str | None = None, corrections: Sequence[Correction] = ()
) -> ParsedDocument:
    """Parse a healed text, reading its outline around what a person corrected.

    Raises:
        UnreadableFile: too many numbers.
        InputError: ``doc_id`` is not an id.
    """
    healed, override = layout.healed, layout.override
    frame = read_frame(healed.text, override.title or _known_title(healed), healed.title)
    known, facts_read = gather_facts(healed.text, frame, Path(source_file).stem, override, healed.told)
    name = doc_id or override.doc_id or make_doc_id(known.title, known.doc_number, _year(known, healed))
    if not is_doc_id(name):
        raise InputError(f"文档编号“{name}”不合要求：只用小写字母、数字和“-”，如 guofa-2019-4。")
    enumerations = find_enumerations(healed.text)
    said = decisions(healed.text, corrections, healed.tables)
    frame = replace(frame, outside=opened(frame.outside, said))
    blocked = tuple((span.start, span.end) for span in (*frame.outside, *healed.tables))
    marks = decided(healed.text, _marks(healed, frame, enumerations, blocked), said)
    _check_count(marks, source_file)
    entries = read_outline(marks)
    clauses = build_clauses(healed.text, name, frame, entries, enumerations, healed.tables, heading_ends_of(said))
    clauses = tuple(replace(clause, page=healed.page_at(clause.span.start)) for clause in clauses)
    lacking = _lacking(layout, clauses, enumerations)
    notices = (
        *healed.notices,
        *_frame_notices(healed, frame),
        *([Notice("guess", told, subject=DATES)] if (told := contradiction(known)) else ()),
        *_outline_notices(healed, entries, clauses),
        *_glued(healed, marks, clauses),
        *_shapeless(healed, clauses),
        *_unplaced(healed, marks, entries),
        *lacking,
        *correction_notices(outcomes(said, clauses), healed.line_at),
    )
    document = _document(known, name, source_file, sha256, _notes(override, healed, lacking))
    left = leavings(healed.text, clauses)
    return ParsedDocument(document, healed.text, clauses, (), notices, left, facts_read, layout_text(layout))


def export(parsed: ParsedDocument, folder: Path) -> tuple[Path, Path]:
    """Write ``<doc_id>.txt`` and ``<doc_id>.facts.json`` into ``folder``; parsing them gives the same clauses.

    The text is the normalised source, the facts file says what is known, what is not, and what was healed.
    """
    document = parsed.document
    folder.mkdir(parents=True, exist_ok=True)
    text_path = folder / f"{document.doc_id}.txt"
    facts_path = folder / f"{document.doc_id}{_FACTS_ENDING}"
    names = ("title", "doc_id", "doc_number", "issuer", "issued_on", "effective_on", "expires_on", "status", "rank")
    values = {name: getattr(document, name) for name in names}
    stated = {name: value for name, value in values.items() if value not in (None, "unknown")}
    healed = [
        {"kind": notice.kind, "line": notice.line, "message": notice.message, "context": notice.context}
        for notice in parsed.notices
        if notice.kind in ("removed", "healed", "guess")
    ]
    content = {
        **stated,
        "unknown": [name for name in names if name not in stated],
        "notes": list(document.notes),
        "origin": {"source_file": document.source_file, "sha256": document.sha256},
        "healed": healed,
    }
    text_path.write_text(parsed.source + "\n", encoding="utf-8")
    facts_path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return text_path, facts_path


def _known_title(healed: Healed) -> str | None:
    """What the site's own lines call the document, else the first heading of the first depth."""
    if title := healed.told.get("title"):
        return title
    if healed.title:
        return None
    for offset, depth in healed.headings:
        if depth == 1:
            return healed.text[offset:].split("\n", 1)[0].strip() or None
    return None


def _marks(
    healed: Healed, frame: Frame, enumerations: Sequence[tuple[str, ...]], blocked: Sequence[tuple[int, int]]
) -> list[Mark]:
    source = healed.text
    names = sorted({name for members in enumerations for name in members}, key=len, reverse=True)
    marks = find_marks(source, blocked, names)
    numbered = {mark.start: mark.code for mark in marks}
    unnumbered = [
        Mark(start, start, ANNEX, place, 0, "", "line", 0.0 if sure else _UNSURE)
        for place, (start, sure) in enumerate(frame.annex_starts, 1)
    ]
    unnumbered += unnumbered_headings(healed, numbered)
    free = [mark for mark in unnumbered if mark.start not in numbered and not _blocked(mark, blocked)]
    return sorted([*marks, *free], key=lambda mark: (mark.start, -mark.end))


def _check_count(marks: Sequence[Mark], source_file: str) -> None:
    if len(marks) > _MOST_MARKS:
        raise UnreadableFile(
            f"文件“{source_file}”里像编号的有 {len(marks)} 处，最多 {_MOST_MARKS} 处，可能不是政策文件。请拆分后再试。"
        )


def _blocked(mark: Mark, blocked: Sequence[tuple[int, int]]) -> bool:
    return any(start <= mark.start < end for start, end in blocked)


def _year(known: Facts, healed: Healed) -> str | None:
    date = known.issued_on or known.effective_on or healed.told.get("uploaded") or healed.told.get("published_on")
    return date[:4] if date and re.match(r"(?:19|20)\d\d", date, re.ASCII) else None


def _document(known: Facts, doc_id: str, source_file: str, sha256: str, notes: tuple[str, ...]) -> Document:
    return Document(doc_id=doc_id, source_file=source_file, sha256=sha256, version=1, notes=notes, **asdict(known))


def _notes(override: FactsOverride, healed: Healed, lacking: list[Notice]) -> tuple[str, ...]:
    notes = list(override.notes)
    removed = sum(notice.kind == "removed" for notice in healed.notices if notice.context)
    joined = sum(notice.kind == "healed" for notice in healed.notices if notice.context)
    if removed or joined:
        notes.append(f"原文件的网站附加内容 {removed} 行、页码标记 {joined} 处已去掉，断句已接上，正文文字未改。")
    if uploaded := healed.told.get("uploaded"):
        notes.append(f"成文日期不详；来源网站标注的上传时间是 {uploaded}。")
    notes += [notice.message for notice in lacking if notice.kind in _NOTED]
    return tuple(dict.fromkeys(notes))


def _lacking(layout: Layout, clauses: tuple[Clause, ...], enumerations: list[tuple[str, ...]]) -> list[Notice]:
    healed = layout.healed
    line = healed.line_at(clauses[-1].span.end) if clauses else 1
    cut = truncation_notice(healed.text, clauses, announced=healed.announced_cut, line_number=line)
    absent = missing_sections(clauses, enumerations, healed.text, healed.line_at)
    return ([cut] if cut and not layout.unbroken else []) + absent


def _frame_notices(healed: Healed, frame: Frame) -> list[Notice]:
    if not frame.title_guessed:
        return []
    message = f"标题与正文连在一起，按常用文种推断标题是“{frame.title}”。如不对，请在说明文件里写明 title。"
    return [Notice("guess", message, offset=0, line=healed.line_at(0), context=healed.text[:60])]


def _unplaced(healed: Healed, marks: Sequence[Mark], entries: Sequence[Entry]) -> list[Notice]:
    """Numbers at the start of lines that fit nowhere in the outline; their text stays with the clause before."""
    taken = {place for entry in entries for place in range(entry.start, entry.end)}
    notices = []
    for mark in marks:
        if not mark.numeral or mark.place != "line" or mark.doubt >= 1.0:
            continue
        if any(place in taken for place in range(mark.start, mark.end)):
            continue
        line, words = healed.line_at(mark.start), healed.text[mark.start : mark.end].strip()
        message = f"第 {line} 行开头的“{words}”与前后编号接不上，未作为条款编号，文字归入上一条款。请核对原件。"
        notices.append(Notice("unplaced", message, mark.start, line, healed.text[mark.start : mark.start + 30]))
    return notices


def _glued(healed: Healed, marks: Sequence[Mark], clauses: tuple[Clause, ...]) -> list[Notice]:
    """Numbers in mid-line that became clauses, where the document else puts them at the start of lines."""
    in_lines = Counter(mark.code for mark in marks if mark.place == "line")
    found = {mark.start: mark for mark in marks if mark.place != "line" and in_lines[mark.code] >= _STYLE}
    notices = []
    for clause in clauses:
        mark = found.get(clause.span.start)
        if mark is None or mark.code != clause.path[-1].code:
            continue
        line = healed.line_at(mark.start)
        message = (
            f"第 {line} 行中间的“{clause.path[-1].label}”没有另起一行，按前后编号推断为“{clause.locator}”。请核对原件。"
        )
        context = healed.text[max(0, mark.start - 12) : mark.start + 20]
        notices.append(Notice("guess", message, mark.start, line, context))
    return notices


def _shapeless(healed: Healed, clauses: tuple[Clause, ...]) -> list[Notice]:
    """Clauses so long that a number or the line breaks must have been lost in them."""
    notices = []
    for clause in clauses:
        if len(clause.text) <= _SHAPELESS or clause.path[-1].code in (TABLE, ROW):
            continue
        line = healed.line_at(clause.span.start)
        message = (
            f"“{clause.locator}”有 {len(clause.text)} 字，其中没有找到编号，整段作为一个条款。"
            "可能丢失了换行或编号，引用时难以指明位置。请核对原件，或分段后再收录。"
        )
        notices.append(Notice("guess", message, clause.span.start, line, clause.text[:30]))
    return notices


def _outline_notices(healed: Healed, entries: list[Entry], clauses: tuple[Clause, ...]) -> list[Notice]:
    by_start = {clause.span.start: clause for clause in clauses}
    notices = []
    for entry in entries:
        clause = by_start.get(entry.start)
        if clause is None:
            continue
        line, context = healed.line_at(entry.start), healed.text[max(0, entry.start - 12) : entry.start + 20]
        if entry.move == "inferred":
            step = clause.path[-1]
            message = f"“{step.title}”前没有编号，按前后编号推断为“{step.label}”（{clause.locator}）。请核对原件。"
            notices.append(Notice("guess", message, entry.start, line, context))
        elif entry.missing is not None:
            first, last = entry.missing
            which = f"{first}" if first == last else f"{first} 至 {last}"
            message = f"“{clause.locator}”之前缺编号 {which}。可能原文漏编、未识别或内容缺失，请核对原件。"
            notices.append(Notice("gap", message, entry.start, line, context))
        elif entry.move == "restart" and "_" in clause.clause_id:
            message = f"“{clause.locator}”的编号与前面重复，按原文顺序保留。请核对原件。"
            notices.append(Notice("unplaced", message, entry.start, line, context))
    return notices
