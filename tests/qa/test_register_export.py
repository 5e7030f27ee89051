"""A list of requirements as a file to take away."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.errors import InputError
from ingest.home import Home
from qa.base import read_base
from qa.records import Answer
from qa.register import answer_selection
from qa.register_export import COLUMNS, FORMATS, content_of, rows_of, save
from qa.selection import Selection
from qa.wording import Wording

TASKS = """星河区书香行动通知

一、学习
学校应当每年至少开展一次读书会，法律另有规定的除外。（市文化局牵头）鼓励企业捐书。
二、其他
=1+1应当由企业自查。
"""


@pytest.fixture
def answer(home: Home, put: Callable[[str, str], None]) -> Answer:
    put("tasks", TASKS)
    return answer_selection("", Selection(doc_ids=("tasks",)), "", read_base(home), Wording("zh"))


def test_a_row_holds_every_field(answer: Answer) -> None:
    first = dict(zip(COLUMNS, next(rows_of(answer, Wording("zh"))), strict=True))
    assert {name: first[name] for name in ("number", "locator", "strength", "audience", "subject")} == {
        "number": "1",
        "locator": "一",
        "strength": "必须",
        "audience": "学校",
        "subject": "学校",
    }
    assert (first["frequency"], first["quantity"], first["lead_units"]) == (
        "每年至少开展一次",
        "至少开展一次",
        "市文化局",
    )
    assert first["exception"] == "法律另有规定的除外"


def test_csv_is_read_back_and_no_cell_is_a_formula(answer: Answer) -> None:
    content = content_of(answer, "csv", Wording("zh"))
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert len(rows) == len(answer.requirements) + 1
    sentences = [row[COLUMNS.index("sentence")] for row in rows[1:]]
    assert "'=1+1应当由企业自查。" in sentences and "鼓励企业捐书。" in sentences


def test_excel_is_read_back_as_text(answer: Answer) -> None:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content_of(answer, "xlsx", Wording("zh"))))
    sheet = book["要求清单"]
    values = [[cell.value or "" for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert values == [list(row) for row in rows_of(answer, Wording("zh"))]
    assert all(cell.data_type in ("s", "n") for row in sheet.iter_rows() for cell in row if cell.value)
    assert book["说明"]["A1"].value == answer.summary


def test_word_holds_every_sentence_under_its_clause(answer: Answer) -> None:
    from docx import Document

    paper = Document(io.BytesIO(content_of(answer, "docx", Wording("zh"))))
    lines = [(part.style.name, part.text) for part in paper.paragraphs]
    assert ("Heading 1", "《星河区书香行动通知》") in lines
    assert [text for style, text in lines if style == "Heading 2"] == ["一", "二"]
    bullets = [text for style, text in lines if style == "List Bullet"]
    assert len(bullets) == len(answer.requirements)
    assert bullets[0].startswith(
        "[必须] 学校应当每年至少开展一次读书会，法律另有规定的除外。（频次：每年至少开展一次；"
    )


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_written_and_a_bad_place_is_told(answer: Answer, tmp_path: Path, name: str) -> None:
    path = tmp_path / f"清单.{name}"
    save(answer, path, name, Wording("en"))
    assert path.stat().st_size > 100
    with pytest.raises(InputError, match="写不了文件.*：文件夹不存在。"):
        save(answer, tmp_path / "没有" / f"清单.{name}", name, Wording("zh"))
