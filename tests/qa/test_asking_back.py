"""What is asked back, by the examples of the table and around them."""

from __future__ import annotations

import pytest

from ingest import tables
from ingest.records import Document
from qa.asking_back import TABLE, ask_back, ask_matter, asking_back
from qa.questions import read_question
from qa.terms import Term
from qa.wording import Wording

WORDING = Wording("zh")


def _document(title: str) -> Document:
    return Document(
        doc_id="d",
        title=title,
        doc_number=None,
        issuer=None,
        issued_on=None,
        effective_on=None,
        expires_on=None,
        status="unknown",
        rank="law",
        source_file="d.txt",
        sha256="0",
        version=1,
        notes=(),
    )


TWO = [_document("中华人民共和国教育法"), _document("中华人民共和国教师法")]
EXAMPLES = [(row["key"], text) for row in tables.read_toml(TABLE)["kind"] for text in row["examples"]]


@pytest.mark.parametrize(("key", "text"), EXAMPLES)
def test_every_example_is_asked_back_with_its_sentence(key: str, text: str) -> None:
    answer = ask_back(read_question(text), TWO, WORDING)
    assert answer is not None and not answer.answered and not answer.near_misses
    assert answer.reason == WORDING.say(key, words=text.rstrip("?"))


@pytest.mark.parametrize(
    "text",
    [
        "学校必须做什么",
        "还有哪些单位要开展宣传",
        "教师节是哪天呢",
        "那些被拘留的人可以请假吗，要什么手续",
        "上一级公安机关多久批准延长",
        "残疾儿童和普通儿童一起上课吗",
        "教育法第三条",
        "宣传周是哪一周",
        "What about school bullying?",
        "Can schools refuse disabled children?",
        "What is the fine for selling cigarettes to minors?",
        "Article 3 of the Education Law",
    ],
)
def test_a_question_that_stands_alone_is_not(text: str) -> None:
    assert ask_back(read_question(text), TWO, WORDING) is None


def test_a_bare_number_is_asked_back_only_among_several_documents() -> None:
    question = read_question("第三条是什么？")
    several = ask_back(question, TWO, WORDING)
    assert several is not None and several.reason == WORDING.say(
        "back_place", words="第三条是什么", document="中华人民共和国教育法"
    )
    assert ask_back(question, TWO[:1], WORDING) is None
    english = ask_back(read_question("What does Article 3 say?"), TWO, Wording("en"))
    assert english is not None and "several documents" in english.summary


@pytest.mark.parametrize("text", ["教育法", "《教育法》", "中华人民共和国教育法", "教育法一共多少条"])
def test_the_name_of_a_document_alone_is_no_question(text: str) -> None:
    answer = ask_back(read_question(text), TWO, WORDING)
    assert answer is not None and answer.reason is not None and "《中华人民共和国教育法》第三条" in answer.reason


def test_two_names_are_both_named() -> None:
    answer = ask_back(read_question("教师法和教育法"), TWO, WORDING)
    assert answer is not None and "《中华人民共和国教师法》、《中华人民共和国教育法》" in answer.summary


@pytest.mark.parametrize("text", tables.read_toml(TABLE)["bare"]["examples"])
def test_words_that_name_no_matter_are_asked_back(text: str) -> None:
    question = read_question(text)
    words = [word for word in ("拒绝", "不做", "罚款", "处罚", "如果", "学校") if word in text]
    answer = ask_matter(question, [Term(word, 5.0) for word in words], WORDING)
    assert answer is not None and not answer.answered and text in answer.summary


def test_one_word_that_names_the_matter_is_enough() -> None:
    question = read_question("卖烟罚款多少")
    assert ask_matter(question, [Term("卖烟", 8.0), Term("罚款", 6.0)], WORDING) is None


def test_every_kind_has_its_sentence_in_both_languages() -> None:
    for language in ("zh", "en"):
        for key, _ in asking_back().kinds:
            assert Wording(language).say(key, words="…")
