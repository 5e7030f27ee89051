"""A list of requirements as a file to take away: Excel, Word or CSV.

Takes an ``Answer`` from the register, gives bytes. Every sentence is verbatim; characters that these formats cannot
hold (control characters) are left out. In CSV a cell that a spreadsheet would run as a formula gets an apostrophe.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from errno import ENOENT
from itertools import groupby
from pathlib import Path

from ingest.console import CONTROLS
from ingest.errors import InputError
from ingest.records import Requirement
from ingest.system_errors import reason
from qa.records import Answer, Citation
from qa.wording import Wording

FORMATS: Mapping[str, str] = {"xlsx": "Excel 表格", "docx": "Word 文档", "csv": "CSV 表格"}
COLUMNS = (
    "number",
    "document",
    "doc_number",
    "locator",
    "breadcrumb",
    "strength",
    "audience",
    "subject",
    "sentence",
    "object",
    "frequency",
    "quantity",
    "deadline",
    "condition",
    "exception",
    "sanction",
    "lead_units",
    "support_units",
)
_WIDTHS = {
    "number": 6,
    "document": 28,
    "breadcrumb": 36,
    "sentence": 70,
    "object": 28,
    "condition": 28,
    "exception": 28,
    "sanction": 28,
}
_WIDTH = 14
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_FACTS = COLUMNS[COLUMNS.index("frequency") :]


def rows_of(answer: Answer, wording: Wording) -> Iterator[tuple[str, ...]]:
    """One row of ``COLUMNS`` a requirement, in the order of the list."""
    cited = {citation.clause.clause_id: citation for citation in answer.citations}
    for number, requirement in enumerate(answer.requirements, 1):
        yield tuple(map(_clean, _row(number, requirement, cited[requirement.clause_id], wording)))


def _row(number: int, requirement: Requirement, citation: Citation, wording: Wording) -> tuple[str, ...]:
    values = {
        "number": str(number),
        "document": citation.document.title,
        "doc_number": citation.document.doc_number or "",
        "locator": citation.place,
        "breadcrumb": " > ".join(citation.clause.breadcrumb),
        "strength": wording.modality(requirement.strength),
        "audience": wording.audience(requirement.audience),
        "sentence": requirement.sentence.strip(),
        "lead_units": "、".join(requirement.lead_units),
        "support_units": "、".join(requirement.support_units),
    }
    return tuple(values.get(name) or getattr(requirement, name, None) or "" for name in COLUMNS)


def save(answer: Answer, path: Path, name: str, wording: Wording) -> None:
    """Write the list to ``path`` in the format ``name`` (a key of ``FORMATS``).

    Raises:
        InputError: the file cannot be written.
    """
    content = content_of(answer, name, wording)
    try:
        path.write_bytes(content)
    except OSError as error:
        why = "文件夹不存在" if error.errno == ENOENT else reason(error)
        raise InputError(f"写不了文件 {path}：{why}。请换一个位置，或先关闭打开着它的程序。") from error


def content_of(answer: Answer, name: str, wording: Wording) -> bytes:
    """The list as the bytes of a file in the format ``name``."""
    writers: Mapping[str, Callable[[Answer, Wording], bytes]] = {"xlsx": _xlsx, "docx": _docx, "csv": _csv}
    return writers[name](answer, wording)


def _csv(answer: Answer, wording: Wording) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([wording.column(name) for name in COLUMNS])
    for row in rows_of(answer, wording):
        writer.writerow(["'" + cell if cell.startswith(_FORMULA) else cell for cell in row])
    return text.getvalue().encode("utf-8-sig")  # with the mark by which Excel knows UTF-8


def _xlsx(answer: Answer, wording: Wording) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    sheet.title = wording.say("export_title")
    sheet.append([wording.column(name) for name in COLUMNS])
    for row in rows_of(answer, wording):
        sheet.append(row)
    wrap = Alignment(wrap_text=True, vertical="top")
    for line in sheet.iter_rows():
        for cell in line:
            cell.alignment, cell.data_type = wrap, "s"  # text, also where it begins like a formula
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for place, name in enumerate(COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTHS.get(name, _WIDTH)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    note = book.create_sheet(wording.say("export_note"))
    note.append([_clean(answer.summary)])
    note.column_dimensions["A"].width = 100
    note["A1"].alignment, note["A1"].data_type = wrap, "s"
    return _saved(book.save)


def _docx(answer: Answer, wording: Wording) -> bytes:
    from docx import Document

    paper = Document()
    paper.add_heading(wording.say("export_title"), level=0)
    paper.add_paragraph(_clean(answer.summary))
    cited = {citation.clause.clause_id: citation for citation in answer.citations}
    for _, of_document in groupby(answer.requirements, key=lambda row: row.doc_id):
        rows = list(of_document)
        paper.add_heading(_clean(f"《{cited[rows[0].clause_id].document.title}》"), level=1)
        for clause_id, of_clause in groupby(rows, key=lambda row: row.clause_id):
            citation = cited[clause_id]
            paper.add_heading(_clean(citation.place), level=2)
            paper.add_paragraph(_clean(" > ".join(citation.clause.breadcrumb)), style="Caption")
            for row in of_clause:
                words = paper.add_paragraph(style="List Bullet")
                words.add_run(_clean(f"[{wording.modality(row.strength)}] ")).bold = True
                words.add_run(_clean(row.sentence.strip()))
                if facts := _facts(row, citation, wording):
                    words.add_run(_clean(f"（{facts}）"))
    return _saved(paper.save)


def _facts(requirement: Requirement, citation: Citation, wording: Wording) -> str:
    """The fields beside the sentence: "频次：每年至少一次；牵头单位：…"."""
    cells = dict(zip(COLUMNS, _row(0, requirement, citation, wording), strict=True))
    return "；".join(f"{wording.column(name)}：{cells[name]}" for name in _FACTS if cells[name])


def _saved(write: Callable[[io.BytesIO], object]) -> bytes:
    buffer = io.BytesIO()
    write(buffer)
    return buffer.getvalue()


def _clean(text: str) -> str:
    return CONTROLS.sub("", text)
