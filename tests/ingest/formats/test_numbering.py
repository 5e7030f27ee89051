"""Numbers as written, and counters: lists of one definition go on, restarts and starts are kept."""

from __future__ import annotations

import pytest

from ingest.formats.numbering import Counters, Level, NumberedList
from ingest.formats.numbering_formats import format_number


@pytest.mark.parametrize(
    ("value", "number_format", "expected"),
    [
        (3, "decimal", "3"),
        (3, "decimalZero", "03"),
        (12, "decimalZero", "12"),
        (12, "decimalFullWidth", "１２"),
        (1, "decimalEnclosedCircle", "①"),
        (20, "decimalEnclosedCircle", "⑳"),
        (21, "decimalEnclosedCircle", "㉑"),
        (50, "decimalEnclosedCircleChinese", "㊿"),
        (51, "decimalEnclosedCircle", "51"),
        (2, "decimalEnclosedParen", "⑵"),
        (2, "decimalEnclosedFullstop", "⒉"),
        (1, "chineseCounting", "一"),
        (10, "chineseCounting", "十"),
        (12, "chineseCounting", "十二"),
        (20, "chineseCounting", "二十"),
        (99, "chineseCounting", "九十九"),
        (105, "chineseCounting", "一〇五"),
        (10, "chineseCountingThousand", "十"),
        (21, "chineseCountingThousand", "二十一"),
        (100, "chineseCountingThousand", "一百"),
        (101, "chineseCountingThousand", "一百零一"),
        (110, "chineseCountingThousand", "一百一十"),
        (308, "chineseCountingThousand", "三百零八"),
        (1260, "chineseCountingThousand", "一千二百六十"),
        (1005, "chineseCountingThousand", "一千零五"),
        (12, "ideographDigital", "一二"),
        (10, "ideographDigital", "一〇"),
        (11, "japaneseCounting", "十一"),
        (100, "japaneseCounting", "百"),
        (2105, "japaneseCounting", "二千百五"),
        (10, "chineseLegalSimplified", "壹拾"),
        (4, "ideographTraditional", "丁"),
        (4, "ideographZodiac", "卯"),
        (13, "ideographZodiacTraditional", "丙子"),
        (26, "lowerLetter", "z"),
        (28, "upperLetter", "BB"),
        (4, "lowerRoman", "iv"),
        (49, "upperRoman", "XLIX"),
        (22, "ordinal", "22nd"),
        (12, "ordinal", "12th"),
        (0, "upperRoman", "0"),
        (5, "numberInDash", "- 5 -"),
        (5, "hindiVowels", None),
    ],
)
def test_number_is_written_in_its_format(value: int, number_format: str, expected: str | None) -> None:
    assert format_number(value, number_format) == expected


def marks(lists: dict[str, NumberedList], *steps: tuple[str, int]) -> list[str]:
    counters = Counters(lists)
    found = [counters.next_mark(list_id, depth) for list_id, depth in steps]
    return [mark.text if mark is not None else "-" for mark in found]


OUTLINE = NumberedList(
    "0",
    {
        0: Level("第%1章", "chineseCountingThousand", suffix="space"),
        1: Level("第%2条", "chineseCountingThousand", suffix="space", restart=0),
        2: Level("（%3）", "chineseCounting", suffix="nothing"),
    },
)


def test_articles_run_through_the_chapters_and_items_start_again() -> None:
    steps = [("1", 0), ("1", 1), ("1", 2), ("1", 2), ("1", 1), ("1", 0), ("1", 1), ("1", 2)]
    expected = ["第一章 ", "第一条 ", "（一）", "（二）", "第二条 ", "第二章 ", "第三条 ", "（一）"]
    assert marks({"1": OUTLINE}, *steps) == expected


def test_lists_of_one_definition_go_on_counting() -> None:
    one, other = (NumberedList("0", {0: Level("%1.")}) for _ in range(2))
    assert marks({"1": one, "2": other}, ("1", 0), ("2", 0), ("1", 0)) == ["1. ", "2. ", "3. "]


def test_a_list_with_a_start_of_its_own_starts_once() -> None:
    one, other = NumberedList("0", {0: Level("%1.")}), NumberedList("0", {0: Level("%1.")}, {0: 1})
    steps = [("1", 0), ("1", 0), ("2", 0), ("2", 0)]
    assert marks({"1": one, "2": other}, *steps) == ["1. ", "2. ", "1. ", "2. "]


def test_a_level_restarts_only_after_the_level_it_names() -> None:
    levels = {0: Level("%1"), 1: Level("%2"), 2: Level("%3", restart=1)}
    steps = [("1", 0), ("1", 1), ("1", 2), ("1", 1), ("1", 2), ("1", 0), ("1", 2)]
    assert marks({"1": NumberedList("0", levels)}, *steps) == ["1 ", "1 ", "1 ", "2 ", "2 ", "2 ", "1 "]


def test_a_mark_names_the_levels_above_and_legal_writes_digits() -> None:
    levels = {0: Level("第%1章", "chineseCounting"), 1: Level("%1.%2", legal=True), 2: Level("%1.%2.%3")}
    steps = [("1", 0), ("1", 1), ("1", 1), ("1", 2)]
    assert marks({"1": NumberedList("0", levels)}, *steps) == ["第一章 ", "1.1 ", "1.2 ", "一.2.1 "]


def test_a_level_above_that_never_came_counts_as_its_first() -> None:
    levels = {0: Level("%1."), 1: Level("%1.%2")}
    assert marks({"1": NumberedList("0", levels)}, ("1", 1), ("1", 1), ("1", 0)) == ["1.1 ", "1.2 ", "2. "]


@pytest.mark.parametrize(
    ("text", "suffix", "expected"),
    [
        ("%1、", "tab", "1、"),
        ("（%1）", "space", "（1）"),
        ("%1.", "tab", "1. "),
        ("%1.", "space", "1. "),
        ("%1.", "nothing", "1."),
        ("第%1条", "tab", "第1条 "),
        ("", "tab", ""),
    ],
)
def test_space_after_the_mark(text: str, suffix: str, expected: str) -> None:
    assert marks({"1": NumberedList("0", {0: Level(text, suffix=suffix)})}, ("1", 0)) == [expected]


def test_bullets_hidden_marks_and_what_is_not_there() -> None:
    levels = {0: Level("", "bullet"), 1: Level("%2.", hidden=True), 2: Level("%3", "none"), 3: Level("%4.", width=3)}
    lists = {"1": NumberedList("0", levels)}
    assert marks(lists, ("1", 0), ("1", 1), ("1", 2), ("1", 3)) == ["", "", "", "001. "]
    assert marks(lists, ("7", 0), ("1", 8), ("1", 12)) == ["-", "-", "-"]


def test_an_unknown_format_is_written_in_digits_and_told() -> None:
    mark = Counters({"1": NumberedList("0", {0: Level("%1.", "hindiVowels")})}).next_mark("1", 0)
    assert mark is not None and (mark.text, mark.unknown_format) == ("1. ", "hindiVowels")
