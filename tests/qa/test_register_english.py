"""English questions to the register give the lists of the Chinese ones."""

from __future__ import annotations

import pytest

from qa.questions import read_question
from qa.register_english import english_askings
from qa.register_questions import selection_asked

PAIRS = [pair for row in english_askings() for pair in row.examples]
FURTHER = [
    ("Show me all the duties that must be done once a month", "所有每月至少一次的要求"),
    ("what must enterprises do by 30 June 2026", "企业2026年6月30日前要完成什么"),
    ("Which tasks does the health commission lead?", "由卫生健康委牵头的任务"),
]


@pytest.mark.parametrize(("english", "chinese"), [*PAIRS, *FURTHER])
def test_both_languages_select_the_same(english: str, chinese: str) -> None:
    asked, original = selection_asked(read_question(english), []), selection_asked(read_question(chinese), [])
    assert asked is not None and original is not None
    assert asked[0] == original[0]


@pytest.mark.parametrize(
    "question",
    [
        "What is the deadline for tax returns?",
        "How often must schools hold drills?",
        "What must schools do about bullying every semester?",
        "Which tasks does the flumdiddle office lead?",
        "What must be completed by the end of autumn 2025?",
        "list all deadlines for drills in schools",
        "Which department leads?",
    ],
)
def test_a_question_about_a_subject_is_searched(question: str) -> None:
    assert selection_asked(read_question(question), []) is None
