"""What stands around a clause: the clauses beside it and the kind of its document."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.context import Context, deduction_of
from ingest import tables
from ingest.errors import TableError

from .conftest import article_law

LAW = article_law("law", "甲法", [(1, 0), (2, 0), (3, 0)])
RULES = article_law("rules", "甲法实施细则（试行）", [(1, 0)])
# As after a replacement: neither document order nor clause order.
ROWS = [LAW.clauses[3], RULES.clauses[1], LAW.clauses[1], LAW.clauses[2]]
CONTEXT = Context.of(ROWS, {"law": LAW.document, "rules": RULES.document})


def test_neighbours_are_those_of_the_document_whatever_the_order_of_rows() -> None:
    assert CONTEXT.beside.tolist() == [[3, 0], [1, 1], [2, 3], [2, 0]]


def test_the_better_neighbour_counts_and_none_is_neutral() -> None:
    scores = np.array([4, 9, 1, 2], dtype=np.float32)
    rows = np.arange(4)
    assert CONTEXT.best_beside(scores[CONTEXT.beside], rows).tolist() == [2, 9, 2, 4]
    some = np.array([3, 1])
    assert CONTEXT.best_beside(scores[CONTEXT.beside[some]], some).tolist() == [4, 9]


def test_texts_below_the_law_pay_for_it() -> None:
    cost = deduction_of("甲条例")
    assert cost > 0
    np.testing.assert_allclose(CONTEXT.deduction, [0, cost, 0, 0])


@pytest.mark.parametrize("title", ["民法典", "教育法", "七进活动行动方案", "关于开展活动的通知", "", "规定动作清单"])
def test_laws_and_policies_pay_nothing(title: str) -> None:
    assert deduction_of(title) == 0


def test_an_empty_index_has_a_context() -> None:
    empty = Context.of([], {})
    assert empty.beside.shape == (0, 2) and empty.deduction.shape == (0,)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[kind]]\nendings = '条例'\ncost = 0.5\n", "endings 应是词的列表"),
        ("[[kind]]\nendings = ['条例']\ncost = 50\n", "cost 是 50"),
    ],
)
def test_a_faulty_table_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, message: str) -> None:
    (tmp_path / "precedence.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(tables, "TABLES_DIR", tmp_path)
    with pytest.raises(TableError, match=message):
        tables.precedence.__wrapped__()
