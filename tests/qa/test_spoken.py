"""A question in everyday words is widened by the official words for what it tells."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

import pytest

from index.records import Filters, Hit, ScoreParts
from index.searcher import Searcher
from ingest.records import Clause
from qa.base import Base
from qa.questions import read_question
from qa.spoken import MOST_MATTERS, matters_in, search_both, with_official
from qa.terms import Term


@dataclass
class TwoViews:
    """Finds the first clauses for the question, others for anything longer."""

    asked: list[Hit]
    wider: list[Hit]
    queries: list[str] = field(default_factory=list)

    def search(self, query: str, *, top_k: int, filters: Filters) -> list[Hit]:
        self.queries.append(query)
        return (self.asked if len(self.queries) == 1 else self.wider)[:top_k]


def _hit(clause: Clause, lexical: float, dense: float, fused: float) -> Hit:
    return Hit(clause, fused, ScoreParts(lexical, dense, fused), ())


def _both(question: str, views: TwoViews) -> list[Hit]:
    return search_both(read_question(question), cast(Searcher, views), 20, Filters())


def test_a_word_that_tells_of_a_matter_has_the_official_words_as_further_forms() -> None:
    struck, plain = with_official(read_question("老师打学生手心，图书馆管吗"), [Term("手心", 9.0), Term("图书馆", 8.0)])
    assert "体罚" in struck.synonyms
    assert plain == Term("图书馆", 8.0)


@pytest.mark.parametrize("question", ["宣传周是哪一周", "may teachers beat pupils", "赌气算什么"])
def test_a_question_that_tells_nothing_keeps_its_terms(question: str) -> None:
    terms = (Term("宣传周", 9.0),)
    assert with_official(read_question(question), terms) == terms


def test_no_more_matters_than_a_short_question_can_tell() -> None:
    story = "老师打学生手心罚站骂人，没收手机，偷看日记，逼着买校服，补课收费，还赌博吸毒打架偷东西"
    assert len(matters_in(read_question(story))) == MOST_MATTERS


def test_what_only_the_official_words_find_comes_on_the_scale_of_the_question(base: Base) -> None:
    first, second, third = list(base.clauses.values())[:3]
    views = TwoViews(
        asked=[_hit(first, 4.0, 0.9, 2.0), _hit(second, 1.0, 0.8, 1.0)],
        wider=[_hit(first, 10.0, 0.95, 3.0), _hit(third, 5.0, 0.93, 2.5)],
    )
    hits = _both("老师打学生手心", views)
    assert [hit.clause for hit in hits] == [first, second, third]
    assert views.queries[1].startswith("老师打学生手心 ") and "体罚" in views.queries[1]
    # 5 of 10 is half the best, of 4; .02 below the best .9; half a point below the best 2.
    assert hits[2].parts.lexical == pytest.approx(4.0 * 5 / 10)
    assert hits[2].parts.dense == pytest.approx(0.9 - (0.95 - 0.93))
    assert hits[2].parts.fused == pytest.approx(2.0 - (3.0 - 2.5))


def test_one_search_is_enough_where_nothing_is_told_or_nothing_found(base: Base) -> None:
    found = [_hit(next(iter(base.clauses.values())), 1.0, 0.8, 1.0)]
    quiet = TwoViews(asked=found, wider=[])
    assert _both("宣传周是哪一周", quiet) == found and len(quiet.queries) == 1
    empty = TwoViews(asked=[], wider=found)
    assert _both("老师打学生手心", empty) == [] and len(empty.queries) == 1
