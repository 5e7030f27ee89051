"""The case at the head of a sentence, and lists of units cut into their members."""

from __future__ import annotations

import pytest

from ingest.measures import case_of, measures_in

CASES = [
    ("情节严重的，吊销许可证。", "情节严重的"),
    ("冒用身份，取得资格的，有违法所得的，没收违法所得。", "冒用身份，取得资格的，有违法所得的"),
    ("学校应当公开收费，未公开的，责令改正。", None),  # the case of a later part is not that of the sentence
    ("按下列方式选定：三家以上的，采取招标。", "三家以上的"),
    ("除重点地区外，未注明期限的，执行三年。", "未注明期限的"),
    ("学校是培养人的地方。", None),
]


@pytest.mark.parametrize(("sentence", "case"), CASES)
def test_the_case_of_a_sentence(sentence: str, case: str | None) -> None:
    span = case_of(sentence)
    assert (sentence[span.start : span.end] if span else None) == case


@pytest.mark.parametrize(
    ("sentence", "units"),
    [
        (
            "（教育部、文化和旅游部、财政部等和各省级人民政府负责）",
            ["教育部", "文化和旅游部", "财政部", "各省级人民政府"],
        ),
        ("（工业和信息化部、民政部等有关部门和单位按职责分工负责）", ["工业和信息化部", "民政部"]),
        ("由市、县（市、区）人民政府和有关部门负责。", ["市、县（市、区）人民政府", "有关部门"]),
        ("责任单位：市教育局，市民政局", ["市教育局", "市民政局"]),
        ("由专人负责。", []),
    ],
)
def test_a_list_of_units_is_cut_into_its_members(sentence: str, units: list[str]) -> None:
    assert [sentence[span.start : span.end] for span in measures_in(sentence, "lead_units")] == units


def test_overlapping_matches_are_kept_once_and_the_longest() -> None:
    sentence = "处一倍以上五倍以下罚款，处五万元以上十万元以下罚款。"
    assert [sentence[s.start : s.end] for s in measures_in(sentence, "quantity")] == [
        "一倍以上五倍以下",
        "五万元以上十万元以下",
    ]
