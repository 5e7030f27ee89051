"""What a question is about, and how far a text speaks of it; the arithmetic is written out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import english, segmentation
from index.english import EnglishReader, Reading
from ingest import tables
from qa.questions import read_question
from qa.terms import (
    PARTIAL_CREDIT,
    SYNONYM_CREDIT,
    UNKNOWN_ENGLISH_WEIGHT,
    Coverage,
    Term,
    content_terms,
    coverage,
    credit,
)


def split(text: str) -> list[str]:
    """A segmenter that knows blanks only."""
    return text.split()


def by_length(word: str) -> float:
    return float(len(word))


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Puts other synonym groups and glossary entries in place of the shipped ones."""

    def put(
        groups: tuple[tuple[str, ...], ...] = (), glossary: dict[str, tuple[str, ...]] | None = None, stop: str = ""
    ) -> None:
        monkeypatch.setattr(tables, "synonym_groups", lambda: groups)
        monkeypatch.setattr(tables, "glossary", lambda: glossary or {})
        monkeypatch.setattr(tables, "stopwords", lambda: frozenset(stop.split()))
        for name in ("synonym_table", "synonym_phrases"):
            monkeypatch.setattr(segmentation, name, getattr(segmentation, name).__wrapped__)
        monkeypatch.setattr(english, "_stemmed_glossary", english._stemmed_glossary.__wrapped__)

    return put


def by_glossary(question: str) -> tuple[Reading, ...]:
    """A reader over an index without a word, so that the glossary alone counts."""
    return EnglishReader(dict, dict).readings(question)


def words_of(question: str) -> list[str]:
    return [term.word for term in content_terms(read_question(question), split, by_length, by_glossary)]


GROUPS = (("拒租", "不出租", "不租给"), ("不让住", "不让住店", "拒住"))


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("房东 不出租 房屋", ["房东", "不出租", "房屋"]),
        ("房东不出租房屋", ["房东", "不出租", "房屋"]),
        ("宾馆不让住店", ["宾馆", "不让住店"]),  # the longer phrase, not "不让住" and "店"
        ("宾馆不让住", ["宾馆", "不让住"]),
        ("房东拒租", ["房东拒租"]),  # two characters are left to the segmenter
        ("书库 书库 开放", ["书库", "开放"]),
        ("什么 书库 的", ["书库"]),
        ("书库 a 5 ？", ["书库"]),
        ("书库 ab 25", ["书库", "ab", "25"]),
        ("５Ｇ 基站", ["5g", "基站"]),
        ("二 （ 一 ） 9 十二", ["十二"]),  # lone numerals are parts of places
    ],
)
def test_phrases_are_cut_out_before_words(table: Callable[..., None], question: str, words: list[str]) -> None:
    table(GROUPS, stop="什么 的")
    assert words_of(question) == words


def test_a_word_in_two_groups_has_the_synonyms_of_both_and_not_itself(table: Callable[..., None]) -> None:
    table((("甲乙丙", "丁"), ("甲乙丙", "戊", "丁")))
    (term,) = content_terms(read_question("甲乙丙"), split, by_length, by_glossary)
    assert term == Term("甲乙丙", 3.0, ("丁", "戊"))


GLOSSARY = {
    "study": ("学习",),
    "study group": ("中心组", "理论学习中心组"),
    "study group session": ("专题学习",),
    "don't": ("不",),
}


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("study", [Term("study", 2.0, ("学习",))]),
        ("the study group", [Term("study group", 7.0, ("中心组", "理论学习中心组"))]),
        ("Study Group Session!", [Term("study group session", 4.0, ("专题学习",))]),
        ("group study", [Term("group", UNKNOWN_ENGLISH_WEIGHT), Term("study", 2.0, ("学习",))]),
        ("the group's study", [Term("group", UNKNOWN_ENGLISH_WEIGHT), Term("study", 2.0, ("学习",))]),
        ("study study", [Term("study", 2.0, ("学习",))]),
        ("the x the", []),
    ],
)
def test_the_longest_phrase_of_the_glossary_is_one_term(
    table: Callable[..., None], question: str, terms: list[Term]
) -> None:
    table(glossary=GLOSSARY, stop="the")
    assert list(content_terms(read_question(question), split, by_length, by_glossary)) == terms


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        (Term("书库", 9.0), "开放书库", 1.0),
        (Term("书库", 9.0), "开放图书室", 0.0),
        (Term("书库", 9.0, ("图书室",)), "开放图书室", SYNONYM_CREDIT),
        (Term("书库", 9.0, ("图书室",)), "书库和图书室", 1.0),
        (Term("阅读指导", 9.0), "指导学生", PARTIAL_CREDIT * 1 / 3),  # of 阅读, 读指, 指导 one is there
        (Term("阅读指导", 9.0), "阅读与指导", PARTIAL_CREDIT * 2 / 3),
        (Term("小庙", 9.0), "庙宇", 0.0),  # a word of one pair is there or not
        (Term("阅读指导", 4.0), "指导学生", 0.0),  # common words share characters by chance
        (Term("budget", 9.0), "bud", 0.0),
        (Term("馆", 9.0), "图书", 0.0),
    ],
)
def test_credit(term: Term, text: str, expected: float) -> None:
    assert credit(term, text) == pytest.approx(expected)


def test_coverage_is_the_share_of_weight() -> None:
    asked = (Term("书库", 6.0), Term("押金", 3.0, ("保证金",)), Term("火箭", 1.0))
    found = coverage(asked, "书库不收保证金")
    assert found.share == pytest.approx((6 * 1 + 3 * SYNONYM_CREDIT + 1 * 0) / (6 + 3 + 1))
    assert found.missing == ("火箭",)


def test_coverage_is_blind_to_width_and_case() -> None:
    assert coverage([Term("5g", 1.0)], "建设５Ｇ基站") == Coverage(1.0, ())


@pytest.mark.parametrize("text", ["", "书库"])
def test_without_terms_nothing_is_covered(text: str) -> None:
    assert coverage([], text) == Coverage(0.0, ())


TERMS = st.builds(
    Term,
    st.text("书库阅读指导馆", min_size=1, max_size=4),
    st.floats(0.1, 12),
    st.lists(st.text("图室", min_size=1, max_size=2), max_size=2).map(tuple),
)


@given(st.lists(TERMS, max_size=4), st.text("书库阅读指导图室，", max_size=12))
def test_coverage_is_a_share_and_missing_terms_are_those_without_credit(asked: list[Term], text: str) -> None:
    found = coverage(asked, text)
    assert 0 <= found.share <= 1 + 1e-9
    assert found.missing == tuple(term.word for term in asked if credit(term, text) == 0)
    assert (found.share == 0) == (len(found.missing) == len(asked))


@given(st.lists(TERMS, min_size=1, max_size=4), st.text("书库阅读指导图室", max_size=8))
def test_a_text_that_says_more_covers_no_less(asked: list[Term], text: str) -> None:
    assert coverage(asked, text + asked[0].word).share >= coverage(asked, text).share - 1e-9


def test_the_shipped_tables_are_usable() -> None:
    assert words_of("宾馆不让住店")[-1] == "不让住店"
    (term,) = content_terms(read_question("Teachers?"), split, by_length, by_glossary)
    assert term.synonyms == ("教师",)
    assert not tables.stopwords() & {"学校", "社区", "school"}
