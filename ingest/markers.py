"""The numbering families of Chinese documents, and the places in a text that may be their marks.

A family is one way to number (第X条, 一、, （一）, 1.). Its ``code`` is the ASCII letter of clause ids, its ``rank``
the usual order of nesting. ``find_marks`` gives every candidate; which of them number clauses is decided by
``outline.py`` from the whole sequence. What can never be a mark is left out here: cross references
("第三条规定的", "第（一）项"), enumerations ("一、二、三产业"), decimals, numbers of a longer number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Place = Literal["line", "sentence", "glued"]


@dataclass(frozen=True, slots=True)
class Family:
    """One way to number.

    ``label`` and ``heading`` are patterns for ``str.format`` with the numeral as it is written: the label in a
    locator and the label before a title.
    """

    code: str
    rank: int
    label: str
    heading: str
    structural: bool = False  # 编 章 节 附件: nothing but a heading of its own


# 附件 annex, 编 book, 部分 division, 章 chapter, 节 section, 条 article, 款 paragraph, 项 item.
ANNEX, BOOK, DIVISION, CHAPTER, SECTION, ARTICLE = "x", "b", "d", "c", "s", "a"
PARAGRAPH, HEADING = "p", "h"  # an unmarked paragraph (款), an unnumbered heading
NUMERAL, ITEM, ARABIC, ARABIC_ITEM, ARABIC_HALF, CIRCLED = "n", "i", "r", "q", "v", "o"

FAMILIES: dict[str, Family] = {
    family.code: family
    for family in (
        Family(ANNEX, 0, "附件{}", "附件{} ", structural=True),
        Family(BOOK, 1, "第{}编", "第{}编 ", structural=True),
        Family(DIVISION, 1, "第{}部分", "第{}部分 ", structural=True),
        Family(CHAPTER, 2, "第{}章", "第{}章 ", structural=True),
        Family(SECTION, 3, "第{}节", "第{}节 ", structural=True),
        Family(ARTICLE, 4, "第{}条", "第{}条 "),
        Family(NUMERAL, 5, "{}", "{}、"),
        Family(ITEM, 6, "（{}）", "（{}）"),
        Family(ARABIC, 7, "{}", "{}."),
        Family(ARABIC_ITEM, 8, "（{}）", "（{}）"),
        Family(ARABIC_HALF, 8, "{}）", "{}）"),
        Family(CIRCLED, 9, "{}", "{}"),
    )
}
_UNIT_CODES = {"编": BOOK, "部分": DIVISION, "章": CHAPTER, "节": SECTION, "条": ARTICLE}


@dataclass(frozen=True, slots=True)
class Mark:
    """A place that may number a clause.

    ``end`` is the end of the mark itself. ``numeral`` is the number as written, spaces and full width aside.
    ``orphan`` is the start of words before the mark that may be a heading without a number, -1 for none.
    ``introduced`` says that the line before is an unmarked paragraph that announces a list.
    """

    start: int
    end: int
    code: str
    number: int
    suffix: int
    numeral: str
    place: Place
    doubt: float = 0.0  # 0 as written in headings; more where the place speaks against a mark
    orphan: int = -1
    introduced: bool = False


_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_NUMERAL = "[〇零一二三四五六七八九十百千两]"
_ARABIC = "[0-9０-９]"
_REFERENCE_AFTER = re.compile(
    r"(?![ \u3000]*(?:[、，,；;。）)”》]|第|和|与|或|及|至|到|款|项|所|之|的|规定|中|内|以[上下]"
    r"|为准|关于|要求|执行|明确))"
)
_UNIT = re.compile(
    rf"第[ \u3000]?((?:{_NUMERAL}|[ \u3000](?={_NUMERAL}))+|{_ARABIC}{{1,4}})[ \u3000]?(编|章|节|条|部分)"
    rf"(?:之({_NUMERAL}{{1,2}})(?!{_NUMERAL}))?"
)
_FAMILY_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (NUMERAL, re.compile(rf"({_NUMERAL}{{1,3}})[ \u3000]?[、．.](?![、，。；])")),
    (ITEM, re.compile(rf"[（(][ \u3000]?({_NUMERAL}{{1,3}})[ \u3000]?[）)](?![、，和或及至][（(第]|[项款])")),
    (ITEM, re.compile(r"([㈠-㈩])")),
    (ARABIC, re.compile(rf"({_ARABIC}{{1,4}})[ \u3000]?[.．、](?!{_ARABIC}|[、，。；]|[a-zA-Z]{{2,}}[./])")),
    (ARABIC, re.compile("([⒈-⒛])")),
    (ARABIC_ITEM, re.compile(rf"[（(][ \u3000]?({_ARABIC}{{1,2}})[ \u3000]?[）)](?![、，和或及至][（(第]|[项款])")),
    (ARABIC_ITEM, re.compile("([⑴-⒇])")),
    (ARABIC_HALF, re.compile(rf"({_ARABIC}{{1,2}})[）)]")),
    (CIRCLED, re.compile("([①-⑳])")),
)
_ANNEX = re.compile(
    rf"附[ \u3000]?件[ \u3000]?({_ARABIC}{{1,3}}|{_NUMERAL}{{1,3}})?[ \u3000]?[:：]?"
    r"(?=[ \u3000]*(?:\n|$|\S{2,60}(?:\n|$)))"
)
_SENTENCE_ENDS = "。！？!?；;：:…"
_CLOSERS = "”’）)》】"
_OPENERS = "“‘（(《【第"
_BOUNDARY = re.compile(r"[。！？!?；;：:…\n]")
_MAX_ORPHAN = 16  # characters of a heading without its number
_NO_ORPHAN = re.compile(r"[，,、；;：:“”‘’（）()《》]")
_CIRCLED_STARTS = {"①": 9312, "⑴": 9332, "⒈": 9352, "㈠": 12832}


def parse_numeral(text: str) -> int:
    """The value of 第-style numerals: Chinese up to 九千九百九十九, or digits of either width; 0 where none.

    "十" is 10, "二十一" 21, "一百零五" 105, "一千二百六十" 1260, "二〇二三" 2023.
    """
    words = "".join(text.split())
    if not words:
        return 0
    if words.isdigit() and words.isdecimal():
        return int(words)
    if len(words) == 1 and not _DIGITS.get(words) and words not in _UNITS:
        return _circled(words)
    if not any(unit in words for unit in _UNITS):
        digits = [_DIGITS.get(character) for character in words]
        return 0 if None in digits else int("".join(str(digit) for digit in digits))
    total, digit = 0, 0
    for character in words:
        if character in _UNITS:
            total += (digit or 1) * _UNITS[character]
            digit = 0
        else:
            digit = _DIGITS.get(character, 0)
    return total + digit


def to_chinese(number: int) -> str:
    """1 to 99 as written in outlines: "十", "二十一"."""
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{digits[tens]}十") + (digits[ones] if ones else "")


def _circled(character: str) -> int:
    for start in _CIRCLED_STARTS.values():
        if start <= ord(character) < start + 20:
            return ord(character) - start + 1
    return 0


def find_marks(text: str, blocked: tuple[tuple[int, int], ...] = ()) -> list[Mark]:
    """Every candidate mark of ``text`` in order of place; those that start in a ``blocked`` stretch are left out.

    Two readings of one place may both be given ("方案十一、": 十一 or 一); their stretches overlap.
    """
    found = [mark for mark in _candidates(text) if not any(start <= mark.start < end for start, end in blocked)]
    found.sort(key=lambda mark: (mark.start, -mark.end))
    return _with_surroundings(text, found)


def _candidates(text: str) -> Iterator[Mark]:
    for match in _UNIT.finditer(text):
        mark = _unit_mark(text, match)
        if mark is not None:
            yield mark
    for code, pattern in _FAMILY_PATTERNS:
        for match in pattern.finditer(text):
            yield from _list_marks(text, code, match)
    for match in _ANNEX.finditer(text):
        if _place(text, match.start()) == "line":
            numeral = _narrow(match.group(1) or "")
            yield Mark(match.start(), match.end(), ANNEX, parse_numeral(numeral) or 1, 0, numeral, "line")


_REFERENCE_BEFORE = re.compile(
    r"(?:本法|条例|办法|规定|细则|方案|依照|按照|根据|依据|违反|适用|参照|符合|执行|所述|前述|修改|删去|增加|作为"
    r"|[至到和与或及、，,据照》编章节条按以除有在将])[ \u3000]?$"
)


def _unit_mark(text: str, match: re.Match[str]) -> Mark | None:
    """第X条 and its kin, unless it is a cross reference."""
    code, place = _UNIT_CODES[match.group(2)], _place(text, match.start())
    spaced = text[match.end() : match.end() + 1] in (" ", "\u3000", "\t", "\n")
    if not (place == "line" and spaced) and not _REFERENCE_AFTER.match(text, match.end()):
        return None
    if place != "line":
        if text[match.start() - 1] in _OPENERS:
            return None
        if _REFERENCE_BEFORE.search(text[max(0, match.start() - 6) : match.start()]):
            return None
    numeral = _narrow(match.group(1))
    suffix = parse_numeral(match.group(3)) if match.group(3) else 0
    doubt = {"line": 0.0, "sentence": 0.3, "glued": 1.5}[place]
    return Mark(match.start(), match.end(), code, parse_numeral(numeral), suffix, numeral, place, doubt)


def _list_marks(text: str, code: str, match: re.Match[str]) -> Iterator[Mark]:
    """The readings of one list number: the whole numeral, or its end where it is glued to a word."""
    start = match.start()
    before = text[start - 1] if start else "\n"
    if before in _OPENERS or before == "第" or (code == ARABIC_HALF and before.isdigit()):
        return
    place = _place(text, start)
    numeral = _plain(_narrow(match.group(1)), code)
    if place == "glued" and not _may_be_glued(code, before, text[match.end() : match.end() + 2]):
        return
    lengths = range(min(len(numeral), 2), 0, -1) if place == "glued" and code in (NUMERAL, ARABIC) else [len(numeral)]
    for length in lengths:
        part = numeral[-length:]
        number = parse_numeral(part)
        if 0 < number < 200:
            doubt = {"line": 0.0, "sentence": 0.1, "glued": 0.6}[place] + 0.2 * (len(numeral) - length)
            yield Mark(start + max(len(numeral) - length, 0), match.end(), code, number, 0, part, place, doubt)


def _may_be_glued(code: str, before: str, after: str) -> bool:
    """Whether a list number may follow ``before`` without an end of sentence."""
    if before in "、，,.．" or before.isascii() and before.isalnum():
        return False
    if code == NUMERAL:
        return before not in _DIGITS and before not in _UNITS and not re.match(rf"{_NUMERAL}[、，]?", after)
    return not (code == ARABIC_HALF and before in "（(")


def _plain(numeral: str, code: str) -> str:
    """A one-character mark (⑴, ⒈, ㈠) as its family usually writes it; ① stays."""
    if len(numeral) > 1 or code == CIRCLED or not (value := _circled(numeral)):
        return numeral
    return to_chinese(value) if code == ITEM else str(value)


def _place(text: str, start: int) -> Place:
    at = start
    while at and text[at - 1] in " \t\u3000\xa0":
        at -= 1
    if at == 0 or text[at - 1] == "\n":
        return "line"
    if text[at - 1] in _SENTENCE_ENDS:
        return "sentence"
    if text[at - 1] in _CLOSERS and at > 1 and text[at - 2] in _SENTENCE_ENDS:
        return "sentence"
    return "glued"


def _narrow(numeral: str) -> str:
    """The numeral in its plain form: no spaces, half-width digits."""
    words = "".join(numeral.split())
    return "".join(chr(ord(character) - 0xFEE0) if "０" <= character <= "９" else character for character in words)


def _with_surroundings(text: str, marks: list[Mark]) -> list[Mark]:
    """Each first number with what stands before it: a heading without a number, an announcing paragraph."""
    full: list[Mark] = []
    last_end = 0
    for mark in marks:
        if mark.number == 1:
            orphan, introduced = _before(text, mark, last_end)
            mark = Mark(
                mark.start, mark.end, mark.code, mark.number, mark.suffix, mark.numeral, mark.place, mark.doubt,
                orphan, introduced,
            )  # fmt: skip
        full.append(mark)
        last_end = max(last_end, mark.end)
    return full


def _before(text: str, mark: Mark, last_end: int) -> tuple[int, bool]:
    end = len(text[: mark.start].rstrip())
    if mark.place == "line":
        line_start = text.rfind("\n", 0, end) + 1
        words = text[line_start:end].strip()
        introduced = last_end <= line_start and words.endswith(("：", ":"))
    else:
        boundaries = [found.end() for found in _BOUNDARY.finditer(text, max(0, end - 60), end)]
        line_start = boundaries[-1] if boundaries else max(0, end - 60)
        words, introduced = text[line_start:end].strip(), False
    is_heading = 2 <= len(words) <= _MAX_ORPHAN and not _NO_ORPHAN.search(words) and words[-1] not in "。！？；"
    if not is_heading or line_start < last_end:
        return -1, introduced
    return line_start + (len(text[line_start:end]) - len(text[line_start:end].lstrip())), introduced
