"""Who a sentence names as its doer, and which audiences a name belongs to."""

from __future__ import annotations

import time

import pytest

from ingest import tables
from ingest.doers import audience_of_path, audiences_in, audiences_of_doer, doers_in, encouraged_in
from ingest.measures import measures_in
from ingest.modality import stretches_of
from ingest.records import Clause, Span, Step

DOERS = [
    ("学校应当建立制度。", ["学校"]),
    (
        "各级各部门单位要坚持学习,各级党委(党组)理论学习中心组每年至少安排一次学习。",
        ["各级各部门单位", "各级党委(党组)理论学习中心组"],
    ),
    ("在机关开展的各类活动中充分体现精神。", []),
    ("支持企业开展活动。", []),
    ("各部门单位把工作纳入培训，督促幼儿园加强检查。", ["各部门单位"]),
    ("使用校车的学校、幼儿园应当配备安全员。", ["使用校车的学校、幼儿园"]),
    ("各级人民政府对边远地区的教师，应当给予照顾。", ["各级人民政府"]),
    ("教师享有权利，履行义务，应当为人师表。", ["教师"]),
    ("一切国家机关和社会组织，都应当参加。", ["一切国家机关和社会组织"]),
    ("申请材料齐全的，由区民政部门予以登记。", []),
    ("补贴标准由区财政部门确定。", ["区财政部门"]),
    ("任何单位和个人如发现险情，都要报告，不得隐瞒。", ["任何单位和个人"]),
    ("学校招生不得考试。", ["学校"]),
    ("侵害学生权益的，应当赔偿。", []),
    ("国家鼓励社会组织和个人开展活动。", []),
    ("检查结果应当公开。", []),
    ("请市教育局按照要求抓好落实。", ["市教育局"]),
    ("2020年底前国有企业可申请补助。", ["国有企业"]),
]


@pytest.mark.parametrize(("sentence", "names"), DOERS)
def test_doers(sentence: str, names: list[str]) -> None:
    assert [sentence[span.start : span.end] for span in doers_in(sentence)] == names


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("学校、幼儿园", ("school", "kindergarten")),
        ("普通高等学校", ("university",)),
        ("中小学校", ("primary_secondary",)),
        ("农业农村部", ("government",)),  # a ministry, not a village
        ("居民委员会、村民委员会或者民政部门", ("government", "community", "township")),
        ("民办学校的董事会", ("school",)),
        ("未成年人的父母", ("parent",)),
        ("企业干部", ("enterprise",)),
        ("少数民族占三成以上的乡", ("township",)),
        ("俱乐部", ()),
    ],
)
def test_audiences_of_a_doer(name: str, keys: tuple[str, ...]) -> None:
    assert audiences_of_doer(name) == keys


def test_a_word_inside_a_longer_one_names_nobody() -> None:
    assert audiences_in("人民银行") == ("government",)
    assert audiences_in("银行") == ("enterprise",)


@pytest.mark.parametrize(
    ("titles", "keys"),
    [
        (["具体要求", "进学校", "加大力度"], ("school",)),
        (["进社区", "提升社区服务水平"], ("community",)),
        (["支持企业稳定发展"], ()),  # speaks of them, to others
        (["企业和学校的职责"], ("enterprise", "school")),
        (["总则"], ()),
    ],
)
def test_only_a_heading_that_addresses_somebody_gives_the_audience(titles: list[str], keys: tuple[str, ...]) -> None:
    path = tuple(Step("n", at, 0, str(at), title) for at, title in enumerate(titles, 1))
    assert audience_of_path(Clause("d.n1", "d", 0, "clause", path, (), "1", "", "", Span(0, 0), 0)) == keys


def test_who_is_encouraged_ends_before_the_verb() -> None:
    sentence = "鼓励金融机构开展创新"
    span = encouraged_in(sentence, 2)
    assert span and sentence[span.start : span.end] == "金融机构"
    assert encouraged_in("鼓励开展研究", 2) is None


@pytest.mark.parametrize("words", ["自", "由", "每年", "一", "9", "区、", "学校", "建立制度的，"])
def test_a_sentence_without_end_is_read_in_a_moment(words: str) -> None:
    sentence = words * (4000 // len(words))
    started = time.perf_counter()
    doers_in(sentence)
    stretches_of(sentence, "plan")
    for field in tables.measures():
        measures_in(sentence, field)
    assert time.perf_counter() - started < 20  # it was minutes where a pattern ran back and forth
