"""What is chosen from the register, and in which order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from ingest.errors import InputError
from ingest.home import Home
from qa.base import Base, read_base
from qa.selection import Selection, audience_keys, cite, in_order, iso_day, last_day, often, select

TASKS = """星河区书香行动通知

一、学习
鼓励读者自学。学校每年至少开展一次读书会。教师可以每学期组织两次分享。
二、建设
2025年6月底前，各社区要建成书屋。（市文化局牵头，市教育局配合）企业要在2026年底前设置书架。
三、目标
到2027年，覆盖率达到80%。
四、管理
鼓励企业捐书。
五、检查
各学校应当自收到通知之日起三十日内报告。严禁乱收费。
"""


@pytest.fixture
def tasks(home: Home, put: Callable[[str, str], None]) -> Base:
    put("tasks", TASKS)
    return read_base(home)


@pytest.mark.parametrize(
    ("selection", "sentences"),
    [
        (Selection(least_often=1), ["学校每年至少开展一次读书会。", "教师可以每学期组织两次分享。"]),
        (Selection(least_often=2), ["教师可以每学期组织两次分享。"]),
        (Selection(due_by="2025-06-30"), ["2025年6月底前，各社区要建成书屋。"]),
        (Selection(due_by="2025-06-29"), []),
        (Selection(due_by="2026-12-31"), ["2025年6月底前，各社区要建成书屋。", "企业要在2026年底前设置书架。"]),
        (
            Selection(due_by="2030-12-31", modalities=frozenset({"goal"})),
            ["到2027年，覆盖率达到80%。"],
        ),
        (Selection(unit="文化局", role="lead"), ["2025年6月底前，各社区要建成书屋。"]),
        (Selection(unit="教育局", role="lead"), []),
        (Selection(unit="教育局", role="support"), ["2025年6月底前，各社区要建成书屋。"]),
        (Selection(unit="教育局"), ["2025年6月底前，各社区要建成书屋。"]),
        (Selection(unit="社区"), ["2025年6月底前，各社区要建成书屋。"]),
        (Selection(stated=("lead_units",)), ["2025年6月底前，各社区要建成书屋。"]),
        (Selection(audiences=("enterprise",)), ["企业要在2026年底前设置书架。", "鼓励企业捐书。"]),
        (Selection(audiences=("enterprise",), modalities=frozenset({"must"})), ["企业要在2026年底前设置书架。"]),
        (Selection(frequency="每学期"), ["教师可以每学期组织两次分享。"]),
    ],
)
def test_every_requirement_that_fits_is_chosen(tasks: Base, selection: Selection, sentences: list[str]) -> None:
    found = select(tasks, replace(selection, doc_ids=("tasks",)))
    assert [row.sentence for row in found] == sentences


def test_the_mandatory_come_first_by_clause_and_in_each_clause(tasks: Base) -> None:
    found = select(tasks, Selection(doc_ids=("tasks",)))
    clauses = list(dict.fromkeys(tasks.clauses[row.clause_id].locator for row in found))
    assert clauses == ["一", "二", "五", "四"]  # 四 only encourages
    assert [row.sentence for row in found if row.clause_id == found[0].clause_id] == [
        "学校每年至少开展一次读书会。",
        "教师可以每学期组织两次分享。",
        "鼓励读者自学。",
    ]
    (first, *_) = cite(found, tasks)
    assert first.quote.startswith("鼓励读者自学。学校")  # the quotation keeps the order of the text


def test_documents_keep_their_order(tasks: Base) -> None:
    rows = in_order(list(reversed(tasks.requirements)), tasks)
    assert list(dict.fromkeys(row.doc_id for row in rows)) == list(tasks.documents)


@pytest.mark.parametrize(
    ("words", "times"),
    [
        ("每年至少安排一次", 1),
        ("每年", 1),
        ("每学期不少于两次", 4),
        ("每两年", 0.5),
        ("每季度", 4),
        ("每半年召开一次", 2),
        ("定期", None),
        ("每年；每月", 12),
        (None, None),
    ],
)
def test_how_often_a_year(words: str | None, times: float | None) -> None:
    assert often(words) == times


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2025年底前", "2025-12-31"),
        ("到2020年", "2020-12-31"),
        ("2024年2月底前", "2024-02-29"),
        ("2025年3月5日前", "2025-03-05"),
        ("2025年上半年前", "2025-06-30"),
        ("2025年13月前", None),
        ("三十日内", None),
        ("每年3月底前", None),
    ],
)
def test_the_last_day_of_a_limit(words: str, day: str | None) -> None:
    assert last_day(words) == day


def test_audiences_by_key_or_word() -> None:
    assert audience_keys(["school", "企业", "学校"]) == ("school", "enterprise")
    with pytest.raises(InputError, match="没有“外星人”这个对象"):
        audience_keys(["外星人"])


@pytest.mark.parametrize(
    ("words", "day"), [("2025", "2025-12-31"), ("2025-02", "2025-02-28"), ("2025-03-01", "2025-03-01")]
)
def test_a_day_of_the_command_line(words: str, day: str) -> None:
    assert iso_day(words) == day


@pytest.mark.parametrize("words", ["明年", "2025-02-30", "2025-13", "25-1-1", ""])
def test_a_day_that_is_none_is_refused(words: str) -> None:
    with pytest.raises(InputError, match="不合要求"):
        iso_day(words)
