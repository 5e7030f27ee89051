"""Words of texts and questions."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.expansion import SYNONYM_WEIGHT, lexical_query, matched_spans
from index.segmentation import MEDIAN_IDF, Segmenter, _IdfTable, character_pairs, general_idf, normal_form, translated
from ingest.records import Span


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    return Segmenter()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("铸牢中华民族共同体意识", ["铸牢中华民族共同体意识"]),
        ("理论学习中心组每年至少安排一次。", ["理论学习中心组", "每年", "至少", "安排", "一次"]),
        ("ＡＢＣ１２３", ["abc123"]),
        ("，。！？", []),
        ("", []),
    ],
)
def test_tokens(segmenter: Segmenter, text: str, words: list[str]) -> None:
    assert segmenter.tokens(text) == words


def test_jieba_says_nothing(segmenter: Segmenter, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        Segmenter().tokens("学校")
    assert caplog.text == ""


def test_the_fingerprint_follows_the_dictionary(tmp_path: Path, segmenter: Segmenter) -> None:
    own = tmp_path / "own.txt"
    own.write_text("石榴籽工程 500 n\n", encoding="utf-8")
    other = Segmenter(own)
    assert other.fingerprint != segmenter.fingerprint
    assert other.tokens("石榴籽工程") == ["石榴籽工程"]


@given(st.text(max_size=60))
def test_the_normal_form_keeps_places(text: str) -> None:
    assert len(normal_form(text)) == len(text)
    assert normal_form(normal_form(text)) == normal_form(text)


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("进社区3次", ["进社", "社区", "3", "次"]),
        ("不少于2次", ["不少", "少于", "2", "次"]),
        ("“互联网+”行动", ["互联", "联网", "行动"]),
        ("GDP增长5%", ["gdp", "增长", "5"]),
        ("", []),
    ],
)
def test_character_pairs(text: str, pairs: list[str]) -> None:
    assert character_pairs(text) == pairs


def test_content_words_leave_stop_words_out(segmenter: Segmenter) -> None:
    assert [term.word for term in segmenter.content_words("请问学校必须做什么？")] == ["学校"]
    assert segmenter.content_words("是什么") == []


def test_content_words_of_english_are_chinese(segmenter: Segmenter) -> None:
    assert [term.word for term in segmenter.content_words("What must schools do?")] == ["学校"]


def test_unknown_english_words_stay() -> None:
    assert translated("schools and quarks") == "学校 and quarks"
    assert translated("学校必须做什么") == "学校必须做什么"


def test_rare_words_weigh_more() -> None:
    assert general_idf("石榴籽") > general_idf("学校") > general_idf("我们")


def test_the_table_of_frequencies_is_read_as_it_stands() -> None:
    table = _IdfTable("劳动防护 13.9\n学校 4.5\n石榴籽 12.25\n".encode())
    assert [table.value(word) for word in ("劳动防护", "学校", "石榴籽")] == [13.9, 4.5, 12.25]
    assert table.value("石榴") == table.value("") == table.value("\ud800") == MEDIAN_IDF
    assert _IdfTable(b"").value("学校") == MEDIAN_IDF


def test_synonyms_are_given_and_count_less(segmenter: Segmenter) -> None:
    (term,) = segmenter.content_words("宾馆")
    assert "旅馆" in term.synonyms and "宾馆" not in term.synonyms
    query = lexical_query("宾馆", segmenter)
    assert query.words["宾馆"] == 1.0
    assert query.words["旅馆"] == SYNONYM_WEIGHT


def test_phrases_of_the_synonym_table_stay_whole(segmenter: Segmenter) -> None:
    term = next(term for term in segmenter.content_words("宾馆不让住店") if term.word.startswith("不让住"))
    assert "拒住" in term.synonyms


def test_a_question_of_stop_words_still_searches(segmenter: Segmenter) -> None:
    assert lexical_query("有什么规定", segmenter).words


@pytest.mark.parametrize(
    ("text", "words", "spans"),
    [
        ("学校应当，学校可以", ("学校",), (Span(0, 2), Span(5, 7))),
        ("民族团结进步", ("民族团结", "团结进步"), (Span(0, 6),)),
        ("ＡＢ学校", ("ab",), (Span(0, 2),)),
        ("企业", ("学校",), ()),
        ("学校", (), ()),
    ],
)
def test_matched_spans(text: str, words: tuple[str, ...], spans: tuple[Span, ...]) -> None:
    assert matched_spans(text, words) == spans
