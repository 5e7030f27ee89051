"""Requirements: the tables' own examples, inheritance along the path, and the fields' verbatim words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest import tables
from ingest.records import Clause, Document, Span, Step
from ingest.requirements import extract, measure_of, modality_of, subjects_of

DOCUMENT = Document(
    doc_id="d",
    title="某行动方案",
    doc_number=None,
    issuer=None,
    issued_on=None,
    effective_on=None,
    expires_on=None,
    status="unknown",
    rank="plan",
    source_file="d.txt",
    sha256="0",
    version=1,
)


def clause(text: str, *titles: str, body_start: int = 0) -> Clause:
    path = tuple(Step("n", at + 1, 0, str(at + 1), title) for at, title in enumerate(titles))
    return Clause(
        clause_id="d.n1",
        doc_id="d",
        order=0,
        kind="clause",
        path=path,
        breadcrumb=titles,
        locator="1",
        text=text,
        lead_in="",
        span=Span(0, len(text)),
        body_start=body_start,
    )


@pytest.mark.parametrize(
    ("modality", "sentence"),
    [(row.modality, sentence) for row in tables.modality_patterns() for sentence in row.examples],
)
def test_every_example_of_the_modality_table_comes_out_as_its_modality(modality: str, sentence: str) -> None:
    assert modality_of(sentence, "plan")[0] == modality


@pytest.mark.parametrize(
    ("field", "sentence", "words"),
    [(m.field, sentence, words) for m in tables.measures().values() for sentence, words in m.examples],
)
def test_every_example_of_the_measures_table_is_read_verbatim(field: str, sentence: str, words: str) -> None:
    assert measure_of(sentence, field) == words
    assert words in sentence


@pytest.mark.parametrize(
    ("sentence", "rank", "modality", "word"),
    [
        ("国家鼓励社会力量举办学校。", "law", "encouraged", "鼓励"),
        ("设置宣传栏、宣传墙。", "plan", "must", None),
        ("义务教育实行九年制。", "law", "statement", None),
        ("保证各族公民平等享有权利、平等履行义务。", "plan", "must", None),
        ("每学期不得少于两次。", "rule", "must", "不得少于"),
    ],
)
def test_a_sentence_binds_as_its_words_and_its_document_say(
    sentence: str, rank: str, modality: str, word: str | None
) -> None:
    assert modality_of(sentence, rank) == (modality, word)


@pytest.mark.parametrize(
    ("sentence", "subjects"),
    [
        (
            "各级各部门单位要坚持学习,各级党委(党组)理论学习中心组每年至少安排一次学习。",
            ("各级各部门单位", "各级党委(党组)理论学习中心组"),
        ),
        ("在机关开展的各类活动中充分体现精神。", ()),
        ("学校应当建立制度。", ("学校",)),
        ("支持企业开展活动。", ()),
    ],
)
def test_subjects_are_the_units_at_the_head_of_a_part(sentence: str, subjects: tuple[str, ...]) -> None:
    assert subjects_of(sentence) == subjects


@pytest.mark.parametrize(
    "parts",
    [
        [("must", "坚持依法办事,防止归结为民族问题,"), ("must_not", "反对歧视性做法,严禁拒住、拒租等行为。")],
        [("must", "严厉打击非法活动,"), ("must_not", "严禁乱建庙宇、滥塑造像,"), ("must", "维护社会和谐。")],
        [("must", "将内容纳入教师的教育培训,开展课堂教学,"), ("encouraged", "鼓励支持课题研究")],
        [("encouraged", "依托节庆活动,通过举办知识竞赛等形式,鼓励引导职工相互学习,"), ("must", "引导职工争当楷模。")],
        [("must", "在重要纪念日,组织开展文体活动,增强吸引力")],
        [("encouraged", "鼓励社会力量捐资助学,参与办学。")],
    ],
)
def test_a_directive_sentence_is_cut_where_its_strength_changes(parts: list[tuple[str, str]]) -> None:
    sentence = "".join(words for _, words in parts)
    found = extract([clause(sentence, "进社区")], DOCUMENT)
    assert [(r.modality, r.sentence) for r in found] == parts


def test_a_law_keeps_condition_and_permission_together() -> None:
    law = replace(DOCUMENT, rank="law")
    text = "学生有特殊情况的，可以申请缓学，禁止代为申请。"
    assert [r.sentence for r in extract([clause(text, "学生")], law)] == [text]


def test_audience_is_inherited_from_the_nearest_heading_that_names_one() -> None:
    found = extract(
        [clause("1.加大力度。将内容纳入教师的教育培训。", "具体要求", "进学校", "加大力度", body_start=7)], DOCUMENT
    )
    assert [(r.audience, r.modality, r.sentence) for r in found] == [
        (("school",), "must", "将内容纳入教师的教育培训。")
    ]


def test_the_span_is_the_sentence_in_the_clause() -> None:
    text = "1.机制。学校应当成立办公室。每年开会不少于2次。"
    for requirement in extract([clause(text, "进学校", body_start=5)], DOCUMENT):
        assert text[requirement.span.start : requirement.span.end] == requirement.sentence


def test_a_bare_heading_asks_nothing() -> None:
    heading = replace(clause("（一）进学校", "进学校", body_start=6), kind="heading")
    assert extract([heading], DOCUMENT) == ()
