"""Citations: what is quoted, and how the place is written."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.records import Clause, Document, Span, Step
from qa.records import Citation

PLAN = Document("plan", "阅读方案", None, None, None, None, None, "unknown", "plan", "plan.txt", "0" * 64, 1)


def cite(text: str, *spans: tuple[int, int], path: tuple[Step, ...] = (), locator: str = "一") -> Citation:
    clause = Clause("plan.n1", "plan", 0, "clause", path, (), locator, text, "", Span(0, len(text)), 0)
    return Citation(clause, PLAN, tuple(Span(*span) for span in spans), 1.0)


@pytest.mark.parametrize(
    ("spans", "quote"),
    [
        ([(0, 3)], "甲乙。"),
        ([(0, 3), (3, 6)], "甲乙。丙丁。"),
        ([(3, 6), (7, 10)], "丙丁。\n戊己。"),  # the line feed between them is kept
        ([(0, 3), (7, 10)], "甲乙。……戊己。"),
        ([(0, 3), (3, 6), (7, 10)], "甲乙。丙丁。\n戊己。"),
        ([], ""),
    ],
)
def test_sentences_that_touch_are_quoted_as_they_stand(spans: list[tuple[int, int]], quote: str) -> None:
    assert cite("甲乙。丙丁。\n戊己。", *spans).quote == quote


@given(st.lists(st.integers(0, 30), min_size=2, max_size=8, unique=True).map(sorted))
def test_every_part_of_a_quotation_is_verbatim(ends: list[int]) -> None:
    text = "甲乙丙。 丁戊。\n己庚辛壬。癸子丑寅。 卯辰巳午未申酉"
    spans = [(start, end) for start, end in zip(ends[::2], ends[1::2], strict=False) if end <= len(text)]
    for part in cite(text, *spans).quote.split("……"):
        assert part in text


def test_a_reference_names_document_and_place() -> None:
    assert cite("甲。", locator="三（五）1").reference == "《阅读方案》三（五）1"


def test_an_article_is_cited_without_its_chapter() -> None:
    steps = (Step("c", 2, 0, "第二章", "开放"), Step("a", 10, 0, "第十条", ""))
    citation = cite("甲。", path=steps, locator="第二章第十条")
    assert (citation.place, citation.reference) == ("第十条", "《阅读方案》第十条")
    assert replace(citation, document=replace(PLAN, title="")).reference == "《》第十条"
