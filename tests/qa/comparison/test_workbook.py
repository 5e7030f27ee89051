"""The Excel workbook: every pair a row, words verbatim, changes marked, nothing taken for a formula."""

from __future__ import annotations

import io
from typing import Any

import openpyxl

from qa.comparison.comparing import compare_texts
from qa.comparison.records import Comparison, Text
from qa.comparison.workbook import workbook
from tests.qa.comparison.conftest import text_of


def opened(comparison: Comparison, language: str = "zh") -> Any:
    return openpyxl.load_workbook(io.BytesIO(workbook(comparison, language)), rich_text=True)


def test_every_pair_is_a_row_with_its_words(old: Text, new: Text) -> None:
    comparison = compare_texts(old, new)
    book = opened(comparison)
    assert book.sheetnames == ["概况", "条款对照", "加严和放宽"]
    sheet = book["条款对照"]
    assert sheet.max_row == len(comparison.pairs) + 1
    row = next(cells for cells in sheet.iter_rows(min_row=2, values_only=True) if cells[4] == "第二条")
    assert row[0] == "改动" and row[3] == "文字相近"
    assert row[5] == "第二条 学校应当每年至少组织一次消防演练。"
    assert [str(piece) for piece in row[8]] == ["学校应当", "每年", "每学期", "至少组织一次消防演练。"]
    assert row[8][1].font.strike and row[8][2].font.u == "single"
    assert "频次 加严" in row[9]


def test_obligations_without_counterpart_have_a_sheet_of_their_own(upper: Text, lower: Text) -> None:
    book = opened(compare_texts(upper, lower))
    assert book.sheetnames[:3] == ["概况", "没有对应的要求", "上级要求落实情况"]
    rows = list(book["没有对应的要求"].iter_rows(min_row=2, values_only=True))
    assert [row[2] for row in rows] == ["严禁学校向学生摊派书籍。", "社区要建立图书借阅登记制度。"]


def test_words_like_a_formula_stay_words(old: Text) -> None:
    other = text_of("x", '某办法\n\n第一条 =HYPERLINK("http://x")\n第二条 甲\x07乙。\n')
    sheet = opened(compare_texts(old, other, mode="levels"), "en")["Clauses"]
    kinds = {cell.data_type for cells in sheet.iter_rows(min_row=2) for cell in cells if cell.value is not None}
    assert "f" not in kinds
