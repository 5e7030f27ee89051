"""An upper document and the one that carries it out: what has no counterpart comes first, what is weaker is said."""

from __future__ import annotations

import pytest

from ingest.errors import InputError
from qa.comparison.comparing import compare_texts
from qa.comparison.records import Comparison, Text
from qa.comparison.report import comparison_json, comparison_text, phrases


@pytest.fixture(scope="module")
def comparison(upper: Text, lower: Text) -> Comparison:
    return compare_texts(upper, lower)


def test_obligations_without_counterpart_come_first(comparison: Comparison) -> None:
    assert [each.requirement.sentence for each in comparison.unmet] == [
        "严禁学校向学生摊派书籍。",
        "社区要建立图书借阅登记制度。",
    ]
    assert [each.met for each in comparison.obligations] == [False, False, True, True, True]


def test_the_nearest_clause_of_an_unmet_one_is_shown(comparison: Comparison) -> None:
    for each in comparison.unmet:
        assert each.likeness < 0.5 and not each.shifts


def test_what_the_lower_document_weakens(comparison: Comparison) -> None:
    found = [(s.field, s.direction, s.before, s.after) for each in comparison.obligations for s in each.shifts]
    assert found == [
        ("frequency", "loosened", "每年至少开展两次", "每年至少开展一次"),
        ("quantity", "tightened", "不少于3名", "不少于5名"),
        ("deadline", "loosened", "2025年底前", "2026年6月前"),
    ]


def test_text_and_json_say_the_same(comparison: Comparison) -> None:
    text, row = comparison_text(comparison, phrases("zh")), comparison_json(comparison)
    assert "上级文件的要求 5 条，其中 2 条在落实文件里没有找到对应的内容" in text
    assert text.index("摊派书籍") < text.index("阅读周活动")
    assert [each["met"] for each in row["obligations"]] == [False, False, True, True, True]
    assert row["mode"] == "levels" and row["by_meaning"] is False and "只按文字对照" in text
    assert "Of 5 obligations above, 2 have no counterpart below" in comparison_text(comparison, phrases("en"))


def test_only_what_binds_one_audience(upper: Text, lower: Text) -> None:
    found = compare_texts(upper, lower, mode="levels", audience=["community"])
    assert [each.requirement.sentence for each in found.unmet] == ["社区要建立图书借阅登记制度。"]
    assert len(found.obligations) == 2 and "只列对社区的" in comparison_text(found, phrases("zh"))
    with pytest.raises(InputError, match="没有“martians”这种对象"):
        compare_texts(upper, lower, audience=["martians"])


def test_a_document_against_itself_meets_everything(upper: Text) -> None:
    found = compare_texts(upper, upper, mode="levels")
    assert not found.unmet and not any(each.shifts for each in found.obligations)
