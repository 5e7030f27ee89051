"""Pipe tables and numbered lists within numbered lists of Markdown files."""

from __future__ import annotations

import pytest

from ingest.markers import ROW
from ingest.parsing import parse_text
from ingest.records import ParsedDocument

HEAD = "# 星河市社区读书方案\n\n## 一、活动\n\n"
TABLE = (
    "| 项目 | 标准 | 期限 |\n|------|:----:|-----:|\n| 场地 | 每次200元 | 当月 |\n| 图书\\|期刊 | 每次500元 | 当年 |\n"
)


def parsed(text: str, name: str = "file.md") -> ParsedDocument:
    return parse_text(text, source_file=name, sha256="0" * 64)


def locators(found: ParsedDocument) -> list[str]:
    return [clause.locator for clause in found.clauses]


def test_a_pipe_table_is_rows_of_cells() -> None:
    found = parsed(f"{HEAD}按下表执行：\n\n{TABLE}\n## 二、附则\n\n本方案自印发之日起施行。\n")
    table = next(clause for clause in found.clauses if clause.locator.endswith("表1"))
    assert table.text == "项目｜标准｜期限\n场地｜每次200元｜当月\n图书|期刊｜每次500元｜当年"
    assert any("Markdown 表格 1 个" in notice.message and notice.line == 7 for notice in found.notices)


def test_each_row_of_a_long_table_is_a_clause_with_its_head() -> None:
    rows = "".join(f"|事项{number}|{'说明' * 20}|\n" for number in range(1, 9))
    found = parsed(f"{HEAD}按下表执行：\n\n|事项|说明|\n|--|--|\n{rows}")
    of_rows = [clause for clause in found.clauses if clause.path[-1].code == ROW]
    assert len(of_rows) == 8 and all("事项｜说明" in clause.lead_in for clause in of_rows)


@pytest.mark.parametrize(
    "lines",
    [
        "甲|乙\n丙|丁\n",  # no line below the head
        "|甲|乙|\n|---|\n",  # of another width
        "甲\n---\n乙\n",  # a heading in another style
    ],
)
def test_what_is_no_table_stays_as_it_is(lines: str) -> None:
    found = parsed(f"{HEAD}{lines}")
    assert "｜" not in found.source


def test_a_pipe_in_plain_text_is_no_table() -> None:
    assert "|场地 |" in parsed("星河市社区读书方案\n\n|项目|标准|\n|--|--|\n|场地 |200元|\n", "file.txt").source


def test_an_inner_list_is_below_the_item_it_stands_in() -> None:
    body = "1. 各社区报名。\n   1. 报名表于3月1日前交。\n   2. 逾期不候。\n2. 各街道检查。\n   1. 每季度一次。\n"
    found = parsed(f"{HEAD}{body}")
    assert locators(found) == ["一", "一1", "一1（1）", "一1（2）", "一2", "一2（1）"]
    assert "（1）报名表于3月1日前交。" in found.source
    assert not [notice for notice in found.notices if notice.kind == "unplaced"]
    assert not any("页码标记" in note for note in found.document.notes)


def test_a_third_level_has_its_own_mark() -> None:
    body = "1. 报名。\n    1. 交表。\n        1. 写明姓名。\n        2. 写明住址。\n2. 检查。\n"
    assert locators(parsed(f"{HEAD}{body}")) == ["一", "一1", "一1（1）", "一1（1）①", "一1（1）②", "一2"]


def test_an_indented_item_that_goes_on_counting_is_not_inner() -> None:
    body = "1. 各社区报名。\n  2. 各街道检查。\n  3. 各区汇总。\n"
    assert locators(parsed(f"{HEAD}{body}")) == ["一", "一1", "一2", "一3"]


def test_a_paragraph_between_ends_the_lists() -> None:
    body = "1. 各社区报名。\n\n报名之后：\n\n  1. 各街道检查。\n  2. 各区汇总。\n"
    assert "（1）" not in parsed(f"{HEAD}{body}").source
