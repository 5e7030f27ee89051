"""Word by word: nothing is lost on either side, and punctuation alone is told from words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.changes import bare, bare_with_places, word_changes

TEXTS = st.text(alphabet="学校应当每学期组织3.5%１０①㈱ＡB，。、\n \u3000“”（）()《》-", max_size=40)


@given(TEXTS, TEXTS)
def test_both_texts_come_back_whole(before: str, after: str) -> None:
    changes = word_changes(before, after)
    assert "".join(change.words for change in changes if change.operation != "added") == before
    assert "".join(change.words for change in changes if change.operation != "removed") == after


@given(TEXTS)
def test_the_bare_form_knows_its_places(text: str) -> None:
    words, places = bare_with_places(text)
    assert words == bare(text) and len(places) == len(words)
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("党委(党组)，每年1次。", "党委（党组）每年１次", True),
        ("保护\n学生", "保护 学生", True),
        ("“七进”活动", "七进活动", True),
        ("不低于3.5%", "不低于35%", False),
        ("不低于35%", "不低于35", False),
        ("2-3次", "23次", False),
        ("1,000元", "1000元", False),
        ("应当", "应该", False),
        ("①登记", "1.登记", True),
    ],
)
def test_what_differs_in_punctuation_alone(one: str, other: str, same: bool) -> None:
    assert (bare(one) == bare(other)) is same


def test_a_changed_word_is_one_change() -> None:
    changes = word_changes("各学校每年至少安排一次培训。", "各学校每年至少安排两次培训。")
    assert [(change.operation, change.words) for change in changes] == [
        ("same", "各学校每年至少安排"),
        ("removed", "一次"),
        ("added", "两次"),
        ("same", "培训。"),
    ]
