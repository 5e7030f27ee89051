"""Questions that ask the register for one field."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from qa.engine import Engine
from qa.questions import fold, read_question
from qa.register_questions import fields_asked, register_questions, selection_asked
from qa.terms import Term

EXAMPLES = [(row, question, held) for row in register_questions() for question, held in row.examples]


@pytest.mark.parametrize(("row", "question", "held"), EXAMPLES)
def test_every_example_of_the_table_asks_for_its_field(row: object, question: str, held: str) -> None:
    asked = fields_asked(fold(question))
    assert [(each.sets, each.field, each.held) for each in asked] == [(row.sets, row.field, held)]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "question",
    [
        "书库每周开放几次",
        "牵头单位是哪个",
        "谁牵头",
        "学校必须做什么",
        "2025年有什么活动",
        "每年几月升旗",
        "每年要学几次",
    ],
)
def test_a_question_about_one_thing_asks_for_no_field(question: str) -> None:
    assert fields_asked(fold(question)) == []


def test_a_subject_beside_the_field_is_searched() -> None:
    books = Term("书库", 9.0, share=0.01)
    assert selection_asked(read_question("书库所有每年至少一次的要求"), [books]) is None
    assert selection_asked(read_question("所有每年至少一次的要求"), []) is not None


def test_the_audience_is_taken_from_beside_the_unit() -> None:
    selected = selection_asked(read_question("由学校牵头的任务"), [])
    assert selected and selected[0].audiences == () and selected[0].unit == "学校"
    selected = selection_asked(read_question("学校每学期要做什么"), [])
    assert selected and selected[0].audiences == ("school",) and selected[0].least_often == 2


TASKS = """星河区书香行动通知

一、学习
学校每年至少开展一次读书会。
二、建设
2025年6月底前，各社区要建成书屋。（市文化局牵头）
三、管理
严禁企业乱收费。企业不得出租书屋。
"""


@pytest.mark.parametrize(
    ("question", "sentences", "said"),
    [
        (
            "所有每年至少一次的要求",
            ["学校应当每周开放书库不少于3次。", "学校每年至少开展一次读书会。"],
            "写明至少每年一次",
        ),
        ("由文化局牵头的任务", ["2025年6月底前，各社区要建成书屋。"], "写明由“文化局”牵头或负责"),
        ("2025年底前要完成什么", ["2025年6月底前，各社区要建成书屋。"], "写明在 2025-12-31 或之前完成"),
        ("牵头单位有哪些任务", ["2025年6月底前，各社区要建成书屋。"], "写明牵头或责任单位"),
        ("企业有哪些禁止性规定", ["企业不得出租书屋。"], "对企业的“禁止”类要求共 1 条"),
        ("社区2025年底前要完成什么", ["2025年6月底前，各社区要建成书屋。"], "对社区"),
    ],
)
def test_a_list_is_complete_and_says_how_it_was_made(
    engine: Engine, put: Callable[[str, str], None], question: str, sentences: list[str], said: str
) -> None:
    put("tasks", TASKS)
    answer = engine.ask(question)
    assert answer.answered and answer.route == "register"
    assert [row.sentence for row in answer.requirements] == sentences
    assert said in answer.summary and "逐句登记" in answer.summary


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("由公安局牵头的任务", "知识库中没有写明由“公安局”牵头或负责的要求"),
        ("2021年底前要完成什么", "知识库中没有写明在 2021-12-31 或之前完成的要求"),
        ("学校每天要做什么", "知识库中没有对学校写明至少每天一次"),
    ],
)
def test_what_the_register_does_not_have_is_refused(engine: Engine, question: str, reason: str) -> None:
    answer = engine.ask(question)
    assert not answer.answered and answer.reason and answer.reason.startswith(reason)
