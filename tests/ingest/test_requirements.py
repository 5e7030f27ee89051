"""Requirements: the tables' own examples, inheritance along the path, and the fields' verbatim words."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from ingest import tables
from ingest.correcting import with_fields
from ingest.records import Clause, Document, Fact, Span, Step
from ingest.requirements import extract, measure_of, modality_of

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

LAW = replace(DOCUMENT, rank="law")


def clause(text: str, *titles: str, body_start: int = 0, lead_in: str = "") -> Clause:
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
        lead_in=lead_in,
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
    assert (measure_of(sentence, field) or "") == words
    assert all(part in sentence for part in words.split("；"))


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
    text = "学生有特殊情况的，经学校同意，可以申请缓学。"
    (found,) = extract([clause(text, "学生")], LAW)
    assert (found.sentence, found.modality, found.condition) == (text, "may", "学生有特殊情况的")


def test_a_permission_and_a_prohibition_of_one_sentence_are_two_with_one_case() -> None:
    text = "学生有特殊情况的，可以申请缓学，但不得由他人代为申请，法律另有规定的除外。"
    found = extract([clause(text)], LAW)
    assert [(r.modality, r.condition, r.exception) for r in found] == [
        ("may", "学生有特殊情况的", "法律另有规定的除外"),
        ("must_not", "学生有特殊情况的", "法律另有规定的除外"),
    ]
    assert "".join(r.sentence for r in found) == text


def test_a_case_in_mid_sentence_belongs_to_what_follows() -> None:
    text = "企业不得改变服务方向，确需改变的，应当征得同意。"
    found = extract([clause(text)], LAW)
    assert [(r.sentence, r.modality, r.condition) for r in found] == [
        ("企业不得改变服务方向，", "must_not", None),
        ("确需改变的，应当征得同意。", "must", "确需改变的"),
    ]


def test_a_word_in_the_case_binds_nobody() -> None:
    (found,) = extract([clause("依法应当登记而未登记的，由民政部门责令改正。")], LAW)
    assert (found.modality, found.condition) == ("statement", "依法应当登记而未登记的")


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


LEAD_INS = [
    # lead-in, item, subject, modality, condition
    ("学校应当履行下列职责：", "建立档案；", "学校", "must", None),
    ("教师享有下列权利：", "参加进修；", "教师", "may", None),
    ("任何单位不得有下列行为：", "侵占校舍；", "任何单位", "must_not", None),
    (
        "有下列情形之一的，由教育部门责令改正：",
        "学校应当报告而未报告的；",
        "学校",
        "statement",
        "学校应当报告而未报告的",
    ),
    ("父母外出的，应当履行下列义务：", "每月联系一次；", None, "must", "父母外出的"),
]


@pytest.mark.parametrize(("lead_in", "item", "subject", "modality", "condition"), LEAD_INS)
def test_an_item_inherits_from_its_lead_in(
    lead_in: str, item: str, subject: str | None, modality: str, condition: str | None
) -> None:
    (found,) = extract([clause(item, lead_in=lead_in)], LAW)
    assert (found.modality, found.condition) == (modality, condition)
    if subject:
        assert found.subject == subject
    for reading in found.readings:
        text = {"lead_in": lead_in, "clause": item}[reading.where]
        assert text[reading.span.start : reading.span.end] == reading.words


def test_the_doer_of_the_sentence_before_goes_on_where_a_demand_begins() -> None:
    found = extract([clause("学校应当公开收费标准。不得收取押金。情节严重的，不得招生。")], LAW)
    assert [(r.subject, r.audience) for r in found] == [("学校", ("school",)), ("学校", ("school",)), (None, ())]


def test_the_units_in_brackets_belong_to_the_sentences_before_them() -> None:
    text = "开展培训。建设基地。（教育局牵头，文化和旅游局等参与）健全制度。（公安局负责）"
    found = extract([clause(text)], DOCUMENT)
    assert [(r.sentence, r.lead_units, r.support_units) for r in found] == [
        ("开展培训。", ("教育局",), ("文化和旅游局",)),
        ("建设基地。", ("教育局",), ("文化和旅游局",)),
        ("健全制度。", ("公安局",), ()),
    ]


def test_a_notice_binds_its_addressee_where_nobody_is_named() -> None:
    addressee = Fact("addressee", "各区人民政府，市各有关部门", "各区人民政府，市各有关部门：", 0)
    found = extract([clause("加强检查。学校要公开收费。")], replace(DOCUMENT, rank="normative_document"), [addressee])
    assert [r.audience for r in found] == [("government",), ("school",)]
    assert [r.where for r in found[0].readings if r.field == "audience"] == ["addressee"]


def test_every_field_carries_the_place_that_it_was_read_from() -> None:
    text = "1.自查。遇有险情的，学校应当自发现之日起3日内报告，每年至少检查两次，法律另有规定的除外。"
    found = extract([clause(text, "进学校", body_start=5)], DOCUMENT)
    words = {r.field: text[r.span.start : r.span.end] for one in found for r in one.readings if r.where == "clause"}
    assert words == {
        "subject": "学校",
        "audience": "学校",
        "modality": "应当",
        "condition": "遇有险情的",
        "exception": "法律另有规定的除外",
        "deadline": "自发现之日起3日内",
        "frequency": "每年至少检查两次",
        "quantity": "至少检查两次",
        "action": "检查",  # of the last action; each has a reading
    }
    actions = [r.words for one in found for r in one.readings if r.field == "action"]
    assert actions == ["报告", "检查"]
    headings = [r for one in found for r in one.readings if r.where == "heading"]
    assert headings and all(r.words == "进学校" for r in headings)


def test_the_numbers_of_a_narrative_are_no_demand() -> None:
    (found,) = extract([clause("近年来，全区每年开展活动，建成基地50个。")], DOCUMENT)
    assert (found.modality, found.frequency, found.quantity) == ("statement", None, None)


def test_a_heading_of_aims_makes_unmarked_sentences_aims() -> None:
    (found,) = extract([clause("全区覆盖率达到80%。", "总体要求", "工作目标")], DOCUMENT)
    assert (found.modality, found.quantity) == ("goal", "达到80%")


def test_the_encouraged_are_bound_by_an_encouragement() -> None:
    found = extract([clause("国家鼓励金融机构开展创新，鼓励运用信贷手段，支持高等学校开设课程。")], LAW)
    assert [(r.modality, r.audience) for r in found] == [("encouraged", ("enterprise", "university"))]


def test_a_corrected_field_keeps_no_place_of_the_words_it_replaced() -> None:
    text = "学校每年至少检查两次，发现隐患的，三日内报告。"
    (found, *_) = extract([clause(text)], DOCUMENT)
    assert found.frequency == "每年至少检查两次"
    changed = with_fields(found, [("frequency", "每年")], text, 0)
    assert changed.frequency == "每年"
    assert "frequency" in {r.field for r in found.readings} - {r.field for r in changed.readings}


def test_a_sentence_without_end_takes_no_time() -> None:
    endless = "各单位应当报告。" + "1." * 50_000
    began = time.monotonic()
    found = extract([clause(endless)], DOCUMENT)
    assert time.monotonic() - began < 5
    assert [one.modality for one in found][:1] == ["must"]
    assert "".join(one.sentence for one in found) == endless
