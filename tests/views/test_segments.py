import pytest
from demo import SCHOOL_1, plan, requirement
from hypothesis import given
from hypothesis import strategies as st

from ingest.records import Span
from views.segments import cut, trimmed

SPANS = st.lists(st.tuples(st.integers(-5, 40), st.integers(-5, 40)).map(lambda pair: Span(min(pair), max(pair))))


@given(st.text(max_size=30), st.integers(-3, 35), SPANS)
def test_segments_are_the_text(text: str, body_start: int, quotes: list[Span]) -> None:
    segments = cut(text, body_start, quotes)
    assert "".join(segment.text for segment in segments) == text
    assert all(segment.text for segment in segments)


@pytest.mark.parametrize(
    ("quotes", "expected"),
    [
        ([], [("1.题。", True, False), ("甲。乙。", False, False)]),
        ([Span(4, 6)], [("1.题。", True, False), ("甲。", False, True), ("乙。", False, False)]),
        ([Span(4, 6), Span(6, 8)], [("1.题。", True, False), ("甲。乙。", False, True)]),
        ([Span(0, 6)], [("1.题。", True, True), ("甲。", False, True), ("乙。", False, False)]),
        ([Span(6, 99)], [("1.题。", True, False), ("甲。", False, False), ("乙。", False, True)]),
        ([Span(5, 5)], [("1.题。", True, False), ("甲。乙。", False, False)]),
    ],
)
def test_cut(quotes: list[Span], expected: list[tuple[str, bool, bool]]) -> None:
    segments = cut("1.题。甲。乙。", 4, quotes)
    assert [(each.text, each.head, each.quoted) for each in segments] == expected


def test_requirements_start_segments_and_are_marked_without_a_quotation() -> None:
    clause = plan().clauses[4]
    assert clause.text == SCHOOL_1
    second = requirement(clause, "每学期至少组织一次主题班会。", "must")
    third = requirement(clause, "鼓励支持教研活动和课题研究。", "encouraged")
    segments = cut(clause.text, clause.body_start, [], [third, second])
    assert [(each.text[:3], each.quoted, each.requirements) for each in segments] == [
        ("1.加", False, ()),
        ("把民族", False, ()),
        ("每学期", True, (second,)),
        ("鼓励支", True, (third,)),
    ]


def test_two_requirements_of_one_sentence_share_a_segment() -> None:
    clause = plan().clauses[4]
    one = requirement(clause, "每学期至少组织一次主题班会。", "must")
    other = requirement(clause, "每学期至少组织一次主题班会。", "goal")
    assert [each.requirements for each in cut(clause.text, clause.body_start, [], [one, other]) if each.quoted] == [
        (one, other)
    ]


def test_trimmed_drops_only_line_ends_around() -> None:
    assert [each.text for each in trimmed(cut("\n\n甲\n乙\n", 3, []))] == ["甲", "\n乙"]
    assert trimmed(()) == ()
