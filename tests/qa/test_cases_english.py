"""Cases told in English: what tells and what asks, and the official words for what happens."""

from __future__ import annotations

import pytest

from qa.cases import case_tables, longest_allowed, read_case
from qa.cases_english import english_cases, meets_in_english, told_in_english

DOG = "My neighbour never keeps his dog on a lead. Yesterday it bit my mother in the leg. What is the penalty?"


def test_what_asks_is_no_fact() -> None:
    assert told_in_english(DOG) == [
        "My neighbour never keeps his dog on a lead.",
        "Yesterday it bit my mother in the leg.",
    ]


@pytest.mark.parametrize(
    "question",
    [
        "What must schools do?",
        "A hotel refused to let a guest stay",
        "How often must schools hold drills? And who checks?",
        "We are a school. List all requirements for schools that have a deadline.",
        "Hello. Who pays?",
    ],
)
def test_a_question_tells_no_case(question: str) -> None:
    assert read_case(question) is None


@pytest.mark.parametrize(
    ("told", "official"),
    [
        (DOG, "致使动物伤害他人"),
        ("A hotel turned a Tibetan guest away because of his ethnic group. Is this allowed?", "以民族身份为由"),
        ("A teacher slapped my son in front of the class. Which rule is broken?", "体罚、变相体罚"),
        ("The township took the education money. It built an office building with it.", "挪用"),
        ("Our teachers have not been paid for four months. What can they rely on?", "拖欠教师工资"),
    ],
)
def test_the_official_words_are_chinese(told: str, official: str) -> None:
    case = read_case(told)
    assert case is not None
    assert official in [word for matter in case.matters for word in matter.words]


def test_parties_are_those_of_the_chinese_table() -> None:
    assert set(english_cases().parties) == {party.key for party in case_tables().parties}
    case = read_case(DOG)
    assert case is not None and {party.key for party in case.parties} == {"animal", "parent"}


def test_a_long_english_case_is_read() -> None:
    text = "The dog bit my son again on the way to school. " * 200
    assert longest_allowed(text) > len(text)
    case = read_case(text)
    assert case is not None and len(case.facts) == case_tables().most_facts and case.left_out == 188


def test_english_words_meet_a_condition() -> None:
    assert meets_in_english("未满十六周岁", "he is fifteen")
    assert not meets_in_english("未满十六周岁", "he is forty")
