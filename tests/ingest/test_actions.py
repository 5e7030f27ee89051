"""What is to be done and to what, part by part; and what a sentence threatens."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest import tables
from ingest.actions import action_tables, actions_in
from ingest.doers import doers_in
from ingest.records import Clause, Document, Span, Step
from ingest.requirements import extract

LAW = Document("law", "校园法", None, None, None, None, None, "in_force", "law", "a.txt", "0", 1)


def clause(text: str) -> Clause:
    step = Step("a", 1, 0, "第一条", "")
    return Clause("law.a1", "law", 0, "clause", (step,), ("第一条",), "第一条", text, "", Span(0, len(text)), 0)


def read(sentence: str) -> str:
    demanded = [match.end() for match in tables.plain_modal().finditer(sentence)]
    found = actions_in(sentence, demanded, [doer.end for doer in doers_in(sentence)])
    objects = [sentence[a.object.start : a.object.end] if a.object else "" for a in found]
    verbs = [sentence[a.verb.start : a.verb.end] for a in found]
    return "；".join(f"{verb}>{governed}" for verb, governed in zip(verbs, objects, strict=True))


@pytest.mark.parametrize(("sentence", "expected"), action_tables().examples)
def test_the_examples_of_the_table_come_out_as_it_says(sentence: str, expected: str) -> None:
    assert read(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("对成绩突出的教师，由学校给予奖励。", "给予>成绩突出的教师"),  # the object stands in the part before
        ("家长应当在接到通知后嘿嘿。", ""),  # no verb that the tables know: nothing is made up
        ("食堂，操场。", ""),
        ("学校应当制定《校园开放管理办法》并公布。", "制定>《校园开放管理办法》"),
        ("提高教学质量", "提高>教学质量"),
    ],
)
def test_actions_of_other_sentences(sentence: str, expected: str) -> None:
    assert read(sentence) == expected


def test_the_object_is_verbatim_and_has_its_place() -> None:
    text = "学校应当建立健全门卫制度，并对来访人员进行登记。"
    (found,) = extract([clause(text)], LAW)
    assert found.object == "门卫制度；来访人员"
    for reading in found.readings:
        assert text[reading.span.start : reading.span.end] == reading.words


def test_what_stands_in_the_case_is_no_action() -> None:
    (found,) = extract([clause("教师组织活动造成损失的，学校应当补偿学生。")], LAW)
    assert found.object == "学生"


def test_a_statement_asks_nothing_to_be_done() -> None:
    (found,) = extract([clause("本法所称学校，是指开展教学活动的机构。")], LAW)
    assert found.object is None and not any(reading.field == "action" for reading in found.readings)


def test_what_is_only_encouraged_is_the_action() -> None:
    (found,) = extract([clause("提倡文明餐桌。")], LAW)
    assert (found.modality, found.object) == ("encouraged", "文明餐桌")


def test_a_statement_of_a_sanction_is_a_penalty_and_stays_a_statement() -> None:
    (found,) = extract([clause("学校违反规定收费的，由教育行政部门责令退还所收费用；情节严重的，给予处分。")], LAW)
    assert (found.modality, found.strength) == ("statement", "penalty")
    assert found.sanction == "责令退还所收费用；给予处分"


def test_a_prohibition_that_names_a_fine_is_none() -> None:
    (found,) = extract([clause("学校不得以给予罚款等方式管理学生。")], LAW)
    assert (found.strength, found.sanction) == ("must_not", None)


def test_a_duty_with_a_sanction_keeps_its_strength() -> None:
    (found,) = extract([clause("主管部门应当责令其停止侵害。")], replace(LAW, rank="rule"))
    assert found.strength == "must" and found.sanction == "责令其停止侵害"
