"""Which sentences of a language model stand: one line a case, with the reason."""

from __future__ import annotations

import pytest

from ingest.parsing import parse_text
from ingest.records import Span
from qa.records import Citation
from qa.summary_check import LONGEST_REPLY, MOST_SENTENCES, checked, numbered, sentences, summary_table

LAW = """星河区书屋条例

第一章 总则
第一条 为了方便居民读书，制定本条例。
第十条 书屋应当在2025年12月31日前开放，每周开放不少于3次。违反《星河区收费办法》收取押金的，处五百元罚款。
"""
PLAN = """星河区图书馆服务行动方案

一、总体目标
方便居民读书。

二、具体要求
（一）进学校
1.开放书库。学校要把阅读指导
纳入教师培训，每年至少安排2次。严禁向读者收取押金。读者不可以带走图书。
"""


def cite(doc_id: str, text: str, words: str) -> Citation:
    document = parse_text(text, source_file=f"{doc_id}.txt", sha256="0" * 64, doc_id=doc_id)
    (clause,) = [each for each in document.clauses if words in each.text]
    return Citation(clause, document.document, (Span(0, 1),), 1.0)


CITED = (cite("law", LAW, "五百元"), cite("plan", PLAN, "押金"))


@pytest.mark.parametrize(
    "sentence",
    [
        "书屋每周开放不少于3次[1]。",
        "书屋每周开放不少于三次。[1]",
        "书屋在2025年12月31日前开放 ［1］。",
        "条例规定“书屋应当在2025年12月31日前开放”[1]。",
        "学校“把阅读指导纳入教师培训”【2】。",  # a line break in the clause, none in the quotation
        "《星河区书屋条例》第十条规定，收取押金的处500元罚款[1]。",
        "方案二（一）1要求学校把阅读指导纳入教师培训[2]。",
        "条例提到《星河区收费办法》[1]。",
        "书屋和学校都涉及收取押金[1][2]。",
        "学校要进一步统一把阅读指导纳入培训[2]。",
        "Schools arrange it at least 2 times [2].",
        "读者不可以带走图书[2]。",
        "Schools arrange it twice [2].",
        "The plan says “严禁向读者收取押金。”[2]",
    ],
)
def test_a_borne_out_sentence_stands(sentence: str) -> None:
    (written,) = checked(sentence, CITED)
    assert "[" not in written.text and written.clause_ids


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("书屋每周开放不少于3次。", "no citation"),
        ("书屋每周开放不少于3次[3]。", "no such clause"),
        ("书屋每周开放不少于3次[1][9]。", "one of two does not exist"),
        ("书屋每周开放不少于3次[0]。", "counted from 1"),
        ("书屋每周开放不少于3次[2]。", "the number stands in another clause"),
        ("书屋每周开放不少于4次[1]。", "another number"),
        ("书屋每周开放不少于四次[1]。", "another number in words"),
        ("书屋每月开放不少于3次[1]。", "another frequency"),
        ("书屋开放3小时[1]。", "another unit"),
        ("书屋在2025年11月前开放[1]。", "another date"),
        ("书屋在2025年3月前开放[1]。", "numbers of two places put together"),
        ("处５０００元罚款[1]。", "another sum in wide digits"),
        ("处五千元罚款[1]。", "another sum"),
        ("第十一条要求书屋开放[1]。", "another article"),
        ("第十条之一要求书屋开放[1]。", "another article, 之一"),
        ("第一条要求书屋开放[1]。", "another clause's place"),
        ("方案二（一）2要求把阅读指导纳入教师培训[2]。", "another place"),
        ("学校安排1次培训[2]。", "1 is only the clause's own number"),
        ("Schools arrange it three times [2].", "another number in English words"),
        ("条例规定“书屋必须开放”[1]。", "not verbatim"),
        ("条例规定“书屋应当在…前开放”[1]。", "left out within a quotation"),
        ('条例规定"书屋随时开放"[1]。', "not verbatim in plain marks"),
        ("条例规定「书屋随时开放」[1]。", "not verbatim in corner marks"),
        ("条例规定‘书屋随时开放’[1]。", "not verbatim in single marks"),
        ("条例规定“书屋应当开放[1]。", "never closed"),
        ("条例规定“”[1]。", "empty"),
        ("条例规定“严禁向读者收取押金”[1]。", "verbatim in another clause"),
        ("《星河区游泳条例》要求书屋开放[1]。", "another document"),
        ("《星河区书屋条例要求书屋开放[1]。", "the title never ends"),
        ("学校应当把阅读指导纳入教师培训[2]。", "stronger than the clause"),
        ("学校可以把阅读指导纳入教师培训[2]。", "weaker than the clause"),
        ("读者可以带走图书[2]。", "不 left out"),
        ("收取押金的，追究刑事责任[1]。", "a penalty of its own"),
        ("[1]", "nothing said"),
        ("学校把阅读指导纳入教师培训\u202e[2]。", "hidden characters"),
        ("学校把阅读指导纳入教师培训\ud800[2]。", "half a character"),
        ("学校" * 200 + "[2]。", "too long"),
        ("书屋开放" + "9" * 5000 + "次[1]。", "a number without end"),
    ],
)
def test_any_other_is_left_out(sentence: str, reason: str) -> None:
    assert checked(sentence, CITED) == (), reason


def test_only_the_sentences_that_stand_are_kept_in_order_and_once() -> None:
    good, better = "学校把阅读指导纳入教师培训[2]。", "书屋每周开放不少于3次。[1]"
    written = checked(f"归纳如下：\n- {better}学校每天开放[2]。\n2. **{good}**\n{good}", CITED)
    assert [each.text for each in written] == ["书屋每周开放不少于3次。", "学校把阅读指导纳入教师培训。"]
    assert [each.clause_ids for each in written] == [("law.c1.a10",), ("plan.n2.i1.r1",)]


def test_a_flood_is_cut_off() -> None:
    many = "".join(f"书屋方便居民{chr(0x4E86 + n)}[1]。" for n in range(50))
    assert len(checked(many, CITED)) == MOST_SENTENCES
    assert checked("书屋方便居民[1]。" * LONGEST_REPLY, CITED) == ()


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("甲[1]。乙[2]！", ["甲[1]。", "乙[2]！"]),
        ("甲。[1][2]乙。 [2]", ["甲。[1][2]", "乙。 [2]"]),
        ("规定“甲。乙。”[1]丙[2]。", ["规定“甲。乙。”[1]", "丙[2]。"]),
        ("规定“甲。”，并且乙[2]。", ["规定“甲。”，并且乙[2]。"]),
        ("At least 3.5 hours [1]. Not more [2].", ["At least 3.5 hours [1].", "Not more [2]."]),
        ("", []),
    ],
)
def test_where_sentences_end(reply: str, expected: list[str]) -> None:
    assert list(sentences(reply)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("第 十 条", "第⟨10⟩条"),
        ("不少于３次", "不少于⟨3⟩次"),
        ("1,000元、3.50%", "⟨1000⟩元、⟨3.50⟩%"),
        ("二〇二五年", "⟨2025⟩年"),
        ("in 2025 3 schools", "in⟨2025⟩⟨3⟩schools"),
        ("一⟨2⟩", "⟨1⟩(⟨2⟩)"),  # marks of our own in a text mean nothing
    ],
)
def test_numbers_are_compared_by_value(text: str, expected: str) -> None:
    assert numbered(text) == expected


def test_the_table_has_both_languages_and_pairs_of_marks() -> None:
    assert set(summary_table()["prompt"]) == {"zh", "en"}
    assert all(len(pair) == 2 for pair in summary_table()["check"]["quotation_marks"])
