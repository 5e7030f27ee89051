"""Lists for a part of a wider audience, by a unit's role, for penalties, by length of a limit, as of a day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from ingest.records import Requirement, Span
from qa.engine import Engine
from qa.register_questions import fields_asked
from qa.selection import ASSIGNED, Selection, often, period_of, unit_names
from tests.qa import test_register_command as commands


@pytest.mark.parametrize(
    ("words", "a_year"),
    [
        ("每年至少安排一次", 1.0),
        ("每学期不少于两次", 4.0),
        ("每日二十二时至次日八时", None),  # hours are no occasions
        ("每学年三十学时", None),
        ("每年不超过两次", None),  # an upper bound asks for nothing
        ("每日二十二时；每年一次", 1.0),
    ],
)
def test_only_occasions_are_a_frequency_to_compare(words: str, a_year: float | None) -> None:
    assert often(words) == a_year


@pytest.mark.parametrize(
    ("words", "period"),
    [
        ("自受理之日起三十日内", (30, "日")),
        ("15个工作日内", (15, "工作日")),
        ("十五日以内", (15, "日")),
        ("2025年底前", None),
    ],
)
def test_the_length_of_a_limit(words: str, period: tuple[int, str] | None) -> None:
    assert period_of(words) == period


def test_a_unit_is_found_by_its_other_names() -> None:
    assert "妇女联合会" in unit_names("妇联") and "教育行政部门" in unit_names("区教育局")
    assert unit_names("某某中心") == ("某某中心",)


@pytest.mark.parametrize(
    ("question", "sets"),
    [
        ("由统战部牵头", "lead"),
        ("哪些由公安机关主管", "lead"),
        ("教师会受到什么处罚", "sanction"),
        ("15个工作日内要办的事", "within"),
        ("定期开展的工作", "words"),
    ],
)
def test_what_a_question_asks_the_register(question: str, sets: str) -> None:
    assert [each.sets for each in fields_asked(question)] == [sets]


def test_penalties_are_a_filter_beside_the_modalities() -> None:
    only = commands.selected("--modality", "处罚")
    assert only.sanctions and only.modalities == frozenset()
    both = commands.selected("--modality", "处罚,禁止")
    assert both.sanctions and both.modalities == {"must_not"}
    assert commands.selected("--unit", "教育局", "--role", "lead").modalities == ASSIGNED


def test_strength_names_a_penalty_only_where_nothing_is_demanded() -> None:
    row = Requirement("a.r1", "a", "d", Span(0, 4), "处以罚款", None, (), "statement", "处以罚款", sanction="处以罚款")
    assert row.strength == "penalty"
    assert replace(row, modality="must", modal_word="应当").strength == "must"


PARTS = """星河区操场办法（试行）

一、管理
学校应当每周开放操场。校长应当每学期检查器材。教师要看护学生。
二、分工
体育工作由区教育局负责，区公安局配合。违反本办法的，由区教育局给予警告。
"""


def test_a_part_of_an_audience_gets_its_own_list_and_the_number_of_the_rest(
    engine: Engine, put: Callable[[str, str], None]
) -> None:
    put("parts", PARTS)
    answer = engine.ask("校长要做什么", doc_ids=["parts"])
    assert [row.sentence for row in answer.requirements] == ["校长应当每学期检查器材。"]
    assert "针对学校的要求另有 1 条" in answer.summary


def test_who_leads_and_who_supports_are_two_lists(engine: Engine, put: Callable[[str, str], None]) -> None:
    put("parts", PARTS)
    lead = engine.ask("由教育局负责的工作有哪些", doc_ids=["parts"])
    assert [row.lead_units for row in lead.requirements] == [("区教育局",)]
    support = engine.ask("需要公安局配合的任务", doc_ids=["parts"])
    assert [row.support_units for row in support.requirements] == [("区公安局",)]


def test_a_unit_that_leads_nothing_is_told_so_before_what_it_does(
    engine: Engine, put: Callable[[str, str], None]
) -> None:
    put("parts", PARTS.replace("教师要看护学生", "区妇女联合会应当看护学生"))
    answer = engine.ask("由妇联牵头", doc_ids=["parts"])
    assert answer.summary.startswith("没有写明由“妇联”牵头") and "由“妇联”去做的要求共 1 条" in answer.summary


def test_a_list_as_of_a_day_leaves_out_what_was_not_in_force_and_names_what_is_unknown(
    engine: Engine, put: Callable[[str, str], None]
) -> None:
    put("old", PARTS.replace("二、分工", "二、效力\n本办法自2022年1月1日起施行，有效期至2022年12月31日。\n三、分工"))
    put("parts", PARTS)
    selection = Selection(audiences=("principal",))
    now = engine.listing(selection, as_of="2023-06-01")
    assert now.as_of == "2023-06-01" and {row.doc_id for row in now.requirements} == {"parts"}
    assert "只列 2023-06-01 当天有效的文件" in now.summary and "效力不明" in now.summary
    assert {row.doc_id for row in engine.listing(selection, as_of="2022-06-01").requirements} == {"old", "parts"}


def test_a_sanction_is_listed_with_its_label(engine: Engine, put: Callable[[str, str], None]) -> None:
    put("parts", PARTS)
    answer = engine.listing(Selection(modalities=frozenset(), sanctions=True, doc_ids=("parts",)))
    assert [row.sanction for row in answer.requirements] == ["给予警告"]
