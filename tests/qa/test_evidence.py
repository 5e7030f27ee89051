"""The features of candidates made by hand, written as arithmetic, and what is quoted."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from index.packed_model import Matrix
from ingest import tables
from ingest.errors import TableError
from ingest.records import Clause, Span
from qa import evidence as room
from qa.evidence import COSINE_LEVEL, FEATURES, LONG_QUESTION, Calibration, Candidates, read_calibration, weigh
from qa.questions import read_question
from qa.terms import Term

from .conftest import BY_COVERAGE

BOOKS, DEPOSIT = Term("书库", 6.0), Term("押金", 2.0)


def clause(text: str, *, tail: str = "n1", lead_in: str = "", breadcrumb: tuple[str, ...] = ("一、开放",)) -> Clause:
    return Clause(f"d.{tail}", "d", 0, "clause", (), breadcrumb, "一", text, lead_in, Span(0, len(text)), 0)


def one_axis(cosines: dict[str, float]) -> Callable[[Sequence[str]], Matrix]:
    """Embeds a sentence so that its cosine with ``[1, 0]`` is the given one, 0.5 where none is given."""

    def embed(texts: Sequence[str]) -> Matrix:
        at = [cosines.get(text, 0.5) for text in texts]
        return np.array([[cosine, math.sqrt(1 - cosine**2)] for cosine in at], dtype=np.float32)

    return embed


def candidates(
    *clauses: Clause,
    cosines: Sequence[float] = (),
    lexical: Sequence[float] = (),
    fused: Sequence[float] = (),
    sentences: dict[str, float] | None = None,
    bound: dict[str, frozenset[str]] | None = None,
) -> Candidates:
    flat = [0.0] * len(clauses)
    return Candidates(
        clauses=clauses,
        cosines=np.array(cosines or flat, dtype=np.float32),
        lexical=np.array(lexical or flat, dtype=np.float32),
        fused=np.array(fused or flat, dtype=np.float32),
        question_vector=np.array([1.0, 0.0], dtype=np.float32),
        embed=one_axis(sentences or {}),
        audience_of=lambda one: (bound or {}).get(one.clause_id, frozenset()),
    )


def features(question: str, terms: Sequence[Term], given: Candidates, *names: str) -> list[tuple[float, ...]]:
    """The named features of each candidate, in the order of the candidates."""
    order = [one.clause_id for one in given.clauses]
    found = sorted(weigh(read_question(question), terms, given), key=lambda one: order.index(one.clause.clause_id))
    return [tuple(dict(zip(FEATURES, one.features, strict=True))[name] for name in names) for one in found]


PAIR = (clause("书库每周开放。不收押金。"), clause("操场周末开放。", tail="n2", breadcrumb=("二、其他",)))


@pytest.mark.parametrize(
    ("name", "first", "second"),
    [
        ("key_term", 1.0 * 2, 0.0 * 2),  # 书库 is the heaviest
        ("missing_weight", 0.0, (6 + 2) / 10),
        ("no_word", 0.0, 1.0),
        ("unknown_word", 0.0, 0.0),
        ("unknown_in_case", 0.0, 0.0),
        ("clause_coverage", (6 + 2) / (6 + 2) * 3, 0.0),
        ("sentence_coverage", 6 / (6 + 2) * 3, 0.0),  # the sentence on books is better than that on deposits
        ("sentence_coverage_gap", 0.0, (0 - 6 / (6 + 2)) * 3),
        ("sentence_cosine", (0.9 - COSINE_LEVEL) * 20, (0.8 - COSINE_LEVEL) * 20),
        ("sentence_cosine_gap", 0.0, (0.8 - 0.9) * 40),
        ("clause_cosine_gap", (0.84 - 0.86) * 40, 0.0),
        ("lexical_gap", 0.0, 1 / 4 - 1),
        ("rank_gap", 0.0, 1.5 - 2.0),
        ("other_matter", 0.0, 0.0),
        ("audience", 0.0, 0.0),
        ("expectation", 2.0, 2.0),  # nothing is expected
        ("english", 0.0, 0.0),
        ("long_question", 0.0, 0.0),
    ],
)
def test_features_of_two_candidates(name: str, first: float, second: float) -> None:
    given = candidates(
        *PAIR,
        cosines=(0.84, 0.86),
        lexical=(4, 1),
        fused=(2.0, 1.5),
        sentences={"书库每周开放。": 0.9, "不收押金。": 0.7, "操场周末开放。": 0.8},
    )
    assert features("书库 押金", (BOOKS, DEPOSIT), given, name) == [
        (pytest.approx(first, abs=1e-5),),
        (pytest.approx(second, abs=1e-5),),
    ]


def test_a_term_that_no_candidate_holds_is_unknown_to_all() -> None:
    rocket = Term("火箭", 9.0)
    assert features("书库 火箭", (BOOKS, rocket), candidates(*PAIR), "unknown_word", "unknown_in_case") == [(1, 0)] * 2
    long = (BOOKS, rocket, *(Term(f"书库{n}", 1.0, ("书库",)) for n in range(4)))
    assert features("书库 火箭", long, candidates(*PAIR), "unknown_word", "unknown_in_case") == [(1, 1)] * 2


def test_every_feature_is_tried_above() -> None:
    (mark,) = test_features_of_two_candidates.pytestmark
    assert {row[0] for row in mark.args[1]} == set(FEATURES)


def test_words_of_the_path_count_for_clause_and_sentence() -> None:
    given = candidates(clause("每周开放。", breadcrumb=("一、书库",)))
    (found,) = features("书库", (BOOKS,), given, "clause_coverage", "sentence_coverage", "no_word")
    assert found == (3.0, 3.0, 0.0)


def test_where_no_candidate_shares_a_word_none_is_below_the_best() -> None:
    given = candidates(*PAIR, lexical=(0, 0))
    assert features("火箭", (), given, "lexical_gap") == [(-1.0,), (-1.0,)]


def test_an_english_question_of_many_terms_says_so() -> None:
    many = tuple(Term(f"word{number}", 1.0) for number in range(LONG_QUESTION))
    given = candidates(PAIR[0])
    assert features("a long english question", many, given, "english", "long_question") == [(1.0, 1.0)]
    assert features("一个问题", many[1:], given, "english", "long_question") == [(0.0, 0.0)]


@pytest.mark.parametrize(
    ("question", "text", "lead_in", "value"),
    [
        ("书库怎么开放", "责令改正，没收违法所得。", "", -1.0),
        ("书库怎么开放", "（一）不开放书库的。", "有下列情形之一的，责令限期改正：", -1.0),
        ("不开放书库怎么处罚", "责令改正，没收违法所得。", "", 0.0),
        ("书库怎么开放", "书库每周开放。", "", 0.0),
    ],
)
def test_a_penalty_is_another_matter_unless_it_is_asked_for(
    question: str, text: str, lead_in: str, value: float
) -> None:
    assert features(question, (), candidates(clause(text, lead_in=lead_in)), "other_matter") == [(value,)]


def test_where_a_penalty_is_asked_for_and_said_the_rule_is_another_matter() -> None:
    rule, penalty = clause("应当开放书库。"), clause("不开放书库的，责令改正。", tail="n2")
    question = "不开放书库怎么处罚"
    assert features(question, (), candidates(rule, penalty), "other_matter") == [(-1.0,), (0.0,)]
    assert features(question, (), candidates(rule), "other_matter") == [(0.0,)]  # nobody says one: the rule may serve


def test_the_lead_in_of_an_item_says_what_is_expected() -> None:
    item = clause("（一）不开放书库的；", lead_in="有下列行为之一的，处五百元罚款：")
    (found,) = weigh(read_question("不开放书库罚款多少"), [Term("书库", 6)], candidates(item))
    assert found.shows_expected


def test_the_words_of_the_rule_count_for_the_penalty_that_names_it() -> None:
    penalty = clause("违反第一条规定的，责令改正。", breadcrumb=())
    given = replace(candidates(penalty), rules={"d.n1": "应当开放书库。"})
    (found,) = weigh(read_question("不开放书库怎么处罚"), [Term("书库", 6)], given)
    assert found.coverage == 1.0
    (alone,) = weigh(read_question("不开放书库怎么处罚"), [Term("书库", 6)], candidates(penalty))
    assert alone.coverage == 0.0


@pytest.mark.parametrize(("question", "quoted"), [("不开放书库怎么处罚", 2), ("不开放书库", 1)])
def test_a_penalty_is_quoted_with_what_goes_on_with_it(question: str, quoted: int) -> None:
    penalty = clause("不开放书库的，责令改正。情节严重的，给予处分。借书另行规定。")
    near = {"不开放书库的，责令改正。": 0.95}
    (found,) = weigh(read_question(question), [Term("书库", 6)], candidates(penalty, sentences=near))
    assert len(found.quotes) == quoted


@pytest.mark.parametrize(
    ("question", "bound", "value"),
    [
        ("学校怎么开放书库", {"school"}, 1.0),
        ("学校怎么开放书库", {"teacher"}, 1.0),  # teachers are within schools
        ("老师怎么开放书库", {"student", "township"}, 1.0),
        ("学校怎么开放书库", {"community"}, -1.0),
        ("学校怎么开放书库", set(), 0.0),
        ("怎么开放书库", {"school"}, 0.0),
    ],
)
def test_the_audience_agrees_disagrees_or_is_not_known(question: str, bound: set[str], value: float) -> None:
    given = candidates(PAIR[0], bound={"d.n1": frozenset(bound)})
    assert features(question, (), given, "audience") == [(value,)]


@pytest.mark.usefixtures("by_coverage")
def test_the_confidence_is_the_logistic_of_the_weighted_features() -> None:
    given = candidates(*PAIR)
    found = weigh(read_question("书库 押金"), (BOOKS, DEPOSIT), given)
    assert [one.clause.clause_id for one in found] == ["d.n1", "d.n2"]
    assert [one.confidence for one in found] == pytest.approx(
        [1 / (1 + math.exp(-(2 * 3 * 1 - 3))), 1 / (1 + math.exp(-(2 * 3 * 0 - 3)))]
    )
    assert [(one.coverage, one.missing) for one in found] == [(1.0, ()), (0.0, ("书库", "押金"))]


def test_an_extreme_sum_stays_between_0_and_1(monkeypatch: pytest.MonkeyPatch) -> None:
    far = replace(BY_COVERAGE, bias=-1e6)
    monkeypatch.setattr(room, "read_calibration", lambda: far)
    (found,) = weigh(read_question("书库"), (BOOKS,), candidates(PAIR[0]))
    assert 0 < found.confidence < 1e-12


def test_no_candidate_no_evidence() -> None:
    assert weigh(read_question("书库"), (BOOKS,), candidates()) == []


def quotes(question: str, terms: Sequence[Term], one: Clause, sentences: dict[str, float]) -> list[str]:
    (found,) = weigh(read_question(question), terms, candidates(one, sentences=sentences))
    return [one.text[span.start : span.end] for span in found.quotes]


@pytest.mark.parametrize(
    ("question", "sentences", "quoted"),
    [
        # strength = coverage + 10 * (cosine - level); quoted from the best one's less 0.12
        ("书库", {"书库每周开放。": 0.87, "书库不少于3间。": 0.87}, ["书库每周开放。", "书库不少于3间。"]),
        ("书库", {"书库每周开放。": 0.87, "书库不少于3间。": 0.859}, ["书库每周开放。", "书库不少于3间。"]),
        ("书库", {"书库每周开放。": 0.87, "书库不少于3间。": 0.857}, ["书库每周开放。"]),
        ("书库有多少间书库", {"书库每周开放。": 0.87, "书库不少于3间。": 0.857}, ["书库每周开放。"]),
        ("书库有多少个", {"书库每周开放。": 0.95, "书库不少于3间。": 0.8}, ["书库不少于3间。"]),
        ("书库多少钱", {"书库每周开放。": 0.87, "书库不少于3间。": 0.8}, ["书库每周开放。"]),
    ],
)
def test_the_strongest_sentences_that_say_what_is_expected_are_quoted(
    question: str, sentences: dict[str, float], quoted: list[str]
) -> None:
    assert quotes(question, (BOOKS,), clause("书库每周开放。请有序。书库不少于3间。"), sentences) == quoted


def test_mark_and_heading_are_not_quoted_unless_they_are_all() -> None:
    text = "1.开放书库。每周开放。"
    assert quotes("书库", (BOOKS,), replace(clause(text), body_start=7), {}) == ["每周开放。"]
    assert quotes("书库", (BOOKS,), replace(clause("1.开放书库。"), body_start=7), {}) == ["1.开放书库。"]


@pytest.mark.parametrize(
    ("text", "shown", "value"),
    [
        ("书库每周开放3次。", True, 2.0),
        ("书库常年开放。操场每周开放3次。", False, 2.0),  # the number is about something else
        ("书库常年开放。", False, 0.0),
        ("操场每周开放3次。", True, 2.0),  # no sentence is on the matter, so none is off it
    ],
)
def test_what_is_expected_must_be_said_on_the_matter(text: str, shown: bool, value: float) -> None:
    given = candidates(clause(text))
    (found,) = weigh(read_question("书库开放几次"), (BOOKS,), given)
    assert found.shows_expected is shown
    assert found.features[FEATURES.index("expectation")] == value


GOOD: dict[str, Any] = {"bias": -1, "threshold": 0.5, "companion": 0.9, "weights": dict.fromkeys(FEATURES, 1)}


def test_the_calibration_is_read_in_the_order_of_the_features(monkeypatch: pytest.MonkeyPatch) -> None:
    turned = {name: number for number, name in reversed(list(enumerate(FEATURES)))}
    monkeypatch.setattr(tables, "read_toml", lambda name: GOOD | {"weights": turned})
    expected = Calibration(tuple(float(number) for number in range(len(FEATURES))), -1.0, 0.5, 0.9)
    assert read_calibration.__wrapped__() == expected


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (GOOD | {"weights": {name: 1 for name in FEATURES[1:]}}, f"{FEATURES[0]}.*evaluation calibrate"),
        (GOOD | {"weights": GOOD["weights"] | {"lucky_number": 7}}, "lucky_number"),
        ({name: value for name, value in GOOD.items() if name != "weights"}, "权重与程序不符"),
        ({name: value for name, value in GOOD.items() if name != "threshold"}, "缺少字段 'threshold'"),
    ],
)
def test_a_calibration_that_does_not_fit_the_program_is_refused(
    monkeypatch: pytest.MonkeyPatch, table: dict[str, Any], message: str
) -> None:
    monkeypatch.setattr(tables, "read_toml", lambda name: table)
    with pytest.raises(TableError, match=message):
        read_calibration.__wrapped__()


def test_the_shipped_calibration_fits_and_its_levels_are_shares() -> None:
    shipped = read_calibration()
    assert len(shipped.weights) == len(FEATURES)
    assert 0 < shipped.threshold < 1
    assert 0 < shipped.companion <= 1
