"""A place is found again by its words, and never guessed where it could be two."""

from __future__ import annotations

import pytest

from ingest.anchors import Squeezed

OLD = "方案\n（一）加强演练\n1.每年演练两次。\n2.及时上报。\n（二）加强检查\n1.每月检查。\n2.及时上报。\n三、要求\n"


@pytest.mark.parametrize(
    ("new", "at"),
    [
        pytest.param(OLD, "2.及时上报。\n三", id="the same text"),
        pytest.param(OLD.replace("\n", "\n\n　　"), "2.及时上报。\n\n　　三", id="other line breaks"),
        pytest.param(OLD.replace("方案\n", "方案\n（2024年修订）\n"), "2.及时上报。\n三", id="words added far before"),
        pytest.param(OLD.replace("三、要求", "四、保障"), "2.及时上报。\n四", id="the words after changed"),
        pytest.param(
            OLD.replace("1.每月检查。", "1.每月逐班级检查。"), "2.及时上报。\n三", id="the words before changed"
        ),
    ],
)
def test_the_second_of_two_equal_lines_is_found_again(new: str, at: str) -> None:
    anchor = Squeezed(OLD).anchor(OLD.rindex("2.及时"))
    assert (anchor.words, anchor.occurrence, anchor.total) == ("2.及时上报。", 2, 2)
    assert Squeezed(new).find(anchor).offset == new.index(at)


@pytest.mark.parametrize(
    ("new", "fault"),
    [
        (
            OLD.replace("（二）加强检查\n1.每月检查。", "（二）加强排查"),
            "文中有 2 处“2.及时上报。”，前后文字与原来不同，分不清是哪一处",
        ),
        ("方案\n三、要求\n", "文中找不到“2.及时上报。”"),
        (
            "另一份\n甲\n2.及时上报。\n乙\n丙\n2.及时上报。\n丁",
            "文中有 2 处“2.及时上报。”，前后文字与原来不同，分不清是哪一处",
        ),
    ],
)
def test_a_place_that_cannot_be_told_is_none(new: str, fault: str) -> None:
    found = Squeezed(new).find(Squeezed(OLD).anchor(OLD.rindex("2.及时")))
    assert (found.offset, found.fault) == (None, fault)


def test_few_words_whose_surroundings_are_gone_prove_nothing() -> None:
    anchor = Squeezed("甲乙丙丁\n三、要求\n戊己庚辛").anchor(5)
    found = Squeezed("别的文字在前面\n三、要求\n别的文字在后面").find(anchor)
    assert found.offset is None
    assert "不能断定是同一处" in found.fault


def test_equal_places_with_equal_surroundings_are_counted() -> None:
    text = "甲\n" + "一二三四五六七八九十" * 9
    for offset in (2, 42, 82):
        assert Squeezed(text).find(Squeezed(text).anchor(offset)).offset == offset


def test_words_end_with_their_line() -> None:
    assert Squeezed("第三章 总则\n第十条 内容").anchor(0).words == "第三章总则"


@pytest.mark.parametrize(("words", "end"), [("总 体要求", 6), ("总体以", None), ("", None)])
def test_the_end_of_words(words: str, end: int | None) -> None:
    assert Squeezed("一、总体要求以").end_of(words, 2) == end
