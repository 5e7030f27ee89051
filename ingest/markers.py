"""The numbering families of Chinese documents, and the places in a text that may be their marks.

A family is one way to number (第X条, 一、, （一）, 1.). Its ``code`` is the ASCII letter of clause ids, its ``rank``
the usual order of nesting. ``find_marks`` gives every candidate; which of them number clauses is decided by
``outline.py`` from the whole sequence. What can never be a mark is left out here: cross references
("第三条规定的", "第（一）项"), enumerations ("一、二、三产业"), decimals, numbers of a longer number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ingest.numerals import DIGITS, UNITS, narrow, parse_numeral, single_value, to_chinese, to_roman

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
    structural: bool = False  # 编 分编 章 节 附件: nothing but a heading of its own


# 附件 annex, 编 book, 分编 subbook, 部分 division, 章 chapter, 节 section, 条 article, 款 paragraph, 项 item.
ANNEX, BOOK, SUBBOOK, DIVISION, CHAPTER, SECTION, ARTICLE = "x", "b", "m", "d", "c", "s", "a"
PARAGRAPH = "p"  # an unmarked paragraph (款)
TABLE, ROW = "t", "w"
# Headings without a number: beside chapters, beside 一、, beside （一）, below these.
HEADING, SIDE_NUMERAL, SIDE_ITEM, SUBHEADING = "h", "k", "l", "u"
UNNUMBERED = (HEADING, SIDE_NUMERAL, SIDE_ITEM, SUBHEADING)
ROMAN = "j"  # Ⅰ、 or I.
DECIMALS = ("e", "f", "g")  # 1 / 1.1 / 1.1.1, as emergency plans number
NUMERAL, ITEM, ARABIC, ARABIC_ITEM, ARABIC_HALF, CIRCLED = "n", "i", "r", "q", "v", "o"

FAMILIES: dict[str, Family] = {
    family.code: family
    for family in (
        Family(ANNEX, -1, "附件{}", "附件{} ", structural=True),
        Family(BOOK, 0, "第{}编", "第{}编 ", structural=True),
        Family(SUBBOOK, 1, "第{}分编", "第{}分编 ", structural=True),
        Family(DIVISION, 0, "第{}部分", "第{}部分 ", structural=True),
        Family(HEADING, 2, "", "", structural=True),
        *(Family(code, 2 + depth, "{}", "{} ") for depth, code in enumerate(DECIMALS)),
        Family(CHAPTER, 2, "第{}章", "第{}章 ", structural=True),
        Family(SECTION, 3, "第{}节", "第{}节 ", structural=True),
        Family(ARTICLE, 4, "第{}条", "第{}条"),
        Family(ROMAN, 5, "{}", "{}、"),
        Family(NUMERAL, 5, "{}", "{}、"),
        Family(ITEM, 6, "（{}）", "（{}）"),
        Family(SIDE_NUMERAL, 5, "", "", structural=True),
        Family(SIDE_ITEM, 6, "", "", structural=True),
        Family(SUBHEADING, 7, "", "", structural=True),
        Family(ARABIC, 8, "{}", "{}."),
        Family(ARABIC_ITEM, 9, "（{}）", "（{}）"),
        Family(ARABIC_HALF, 9, "{}）", "{}）"),
        Family(CIRCLED, 10, "{}", "{}"),
    )
}
_UNIT_CODES = {"编": BOOK, "分编": SUBBOOK, "部分": DIVISION, "章": CHAPTER, "节": SECTION, "条": ARTICLE}


@dataclass(frozen=True, slots=True)
class Mark:
    """A place that may number a clause.

    ``end`` is the end of the mark itself. ``numeral`` is the number as written, spaces and full width aside.
    A heading without a number has the empty numeral and counts through the document.
    ``orphan`` is the start of words before the mark that may be a heading without a number, -1 for none.
    ``introduced`` says that the line before is an unmarked paragraph that announces a list.
    ``fixed`` marks are a person's: every reading accepts them, below the family ``under`` ("" outermost, ``None``
    free); ``told`` says that the number is the person's too, and not in the text.
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
    fixed: bool = False
    under: str | None = None
    told: bool = False


_NUMERAL = "[〇零一二三四五六七八九十百千两]"
_ARABIC = "[0-9０-９]"
_REFERENCE_AFTER = re.compile(
    r"(?![ \u3000]*(?:[、，,；;。）)”》]|第|和|与|或|及|至|到|款|项|所|之|的|规定|中|内|以[上下]"
    r"|为准|关于|要求|执行|明确))"
)
_UNIT = re.compile(
    rf"第[ \u3000]?((?:{_NUMERAL}|[ \u3000](?={_NUMERAL}))+|{_ARABIC}{{1,4}})[ \u3000]?(分?编|章|节|条|部分)"
    rf"(?:之({_NUMERAL}{{1,2}})(?!{_NUMERAL}))?"
)
_NO_REFERENCE = "(?![、，和或及至][（(第]|项(?!目)|款(?!项))"  # （二）项目管理 is an item, （二）项 a reference
_FAMILY_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (NUMERAL, re.compile(rf"({_NUMERAL}{{1,3}})[ \u3000]?[、．.](?![、，。；]|{_NUMERAL}{{1,2}}[、，])")),
    (ROMAN, re.compile(r"((?<![A-Za-z0-9])[IVX]{1,6}|[Ⅰ-Ⅻ])[ \u3000]?[、．.](?![A-Za-z0-9、，。；.])")),
    (ITEM, re.compile(rf"[（(][ \u3000]?({_NUMERAL}{{1,3}})[ \u3000]?[）)]{_NO_REFERENCE}")),
    (ITEM, re.compile(r"([㈠-㈩])")),
    (ARABIC, re.compile(rf"({_ARABIC}{{1,4}})[ \u3000]?[.．、](?!{_ARABIC}|[、，。；]|[a-zA-Z]{{2,}}[./])")),
    (ARABIC, re.compile("([⒈-⒛])")),
    (ARABIC_ITEM, re.compile(rf"[（(][ \u3000]?({_ARABIC}{{1,2}})[ \u3000]?[）)]{_NO_REFERENCE}")),
    (ARABIC_ITEM, re.compile("([⑴-⒇])")),
    (ARABIC_HALF, re.compile(rf"({_ARABIC}{{1,2}})[）)]")),
    (CIRCLED, re.compile("([①-⑳])")),
)
_ANNEX = re.compile(
    rf"附[ \u3000]?件(?:[ \u3000]?({_ARABIC}{{1,3}}|{_NUMERAL}{{1,3}})(?![的所中规])[:：.．]?|[:：]|(?=\s|$))"
    r"(?=[ \u3000]*(?:\n|$|\S{2,60}(?:\n|$)))"
)
_DECIMAL = re.compile(
    rf"^[ \t\u3000]*({_ARABIC}{{1,2}}(?:[.．]{_ARABIC}{{1,2}}){{1,2}})(?:[ \u3000.．、]{{0,3}}(?=[\u4e00-\u9fff“《])"
    rf"|[ \u3000]{{1,3}}(?=(?:{_ARABIC}{{1,4}}|[A-Za-z]{{1,12}})[\u4e00-\u9fff]))",  # "2.3 3岁以下儿童"
    re.M,
)
_DECIMAL_TOP = re.compile(rf"^[ \t\u3000]*({_ARABIC}{{1,2}})[ \u3000.．、]{{1,4}}(?=[\u4e00-\u9fff]{{2,20}}$)", re.M)
_DECIMAL_COUNT = 3
_SENTENCE_ENDS = "。！？!?；;：:…"
_CLOSERS = "”’）)》】"
_OPENERS = "“‘（(《【第"
_BOUNDARY = re.compile(r"[。！？!?；;：:…\n]")
_MAX_NUMBER = 1000  # beyond it a number with a dot is a year or a quantity
_MAX_BRACKET = 30  # characters
_MAX_ORPHAN = 16  # characters of a heading without its number
_NO_ORPHAN = re.compile(r"[，,、；;：:“”‘’（）()《》]")


def find_marks(text: str, blocked: Sequence[tuple[int, int]] = (), names: Sequence[str] = ()) -> list[Mark]:
    """Every candidate mark of ``text`` in order of place; those that start in a ``blocked`` stretch are left out.

    ``names`` are words that the document itself lists as its parts: a heading without its number is known by them
    even where it is glued to the sentence before.

    Two readings of one place may both be given ("方案十一、": 十一 or 一); their stretches overlap.
    """
    text = _blanked(text, blocked)
    found = [*_candidates(text), *_decimals(text)]
    found.sort(key=lambda mark: (mark.start, -mark.end))
    return _with_surroundings(text, found, tuple(names))


def mark_at(text: str, start: int, code: str) -> Mark | None:
    """The mark of a family that is written at ``start``, whatever speaks against it; ``None`` where none is."""
    if match := _UNIT.match(text, start):
        if _UNIT_CODES[match.group(2)] != code:
            return None
        numeral = narrow(match.group(1))
        suffix = parse_numeral(match.group(3)) if match.group(3) else 0
        return Mark(start, match.end(), code, parse_numeral(numeral), suffix, numeral, "line")
    for family, pattern in (*_FAMILY_PATTERNS, (ANNEX, _ANNEX)):
        match = pattern.match(text, start) if family == code else None
        if match:
            numeral = _written(match.group(1) or "", code)
            return Mark(start, match.end(), code, parse_numeral(numeral) or 1, 0, numeral, "line")
    return None


def _blanked(text: str, blocked: Sequence[tuple[int, int]]) -> str:
    """``text`` with line feeds in place of the ``blocked`` stretches: they count as the end of a line."""
    parts, at = [], 0
    for start, end in sorted(blocked):
        if end > at:
            start = max(start, at)
            parts += [text[at:start], "\n" * (end - start)]
            at = end
    return "".join([*parts, text[at:]])


def _decimals(text: str) -> list[Mark]:
    """Numbers like 1.1 and 1.1.1 at the start of lines, and then the whole numbers above them.

    A lone decimal at the start of a line is a quantity; numbering has a first one (x.1) and several.
    """
    marks = []
    for match in _DECIMAL.finditer(text):
        parts = [parse_numeral(part) for part in re.split("[.．]", match.group(1))]
        numeral = ".".join(map(str, parts))
        marks.append(Mark(match.start(1), match.end(), DECIMALS[len(parts) - 1], parts[-1], 0, numeral, "line", 0.3))
    if len(marks) < _DECIMAL_COUNT or all(mark.number != 1 for mark in marks):
        return []
    for match in _DECIMAL_TOP.finditer(text):
        numeral = narrow(match.group(1))
        marks.append(Mark(match.start(1), match.end(), DECIMALS[0], int(numeral), 0, numeral, "line", 0.3))
    return marks


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
            numeral = narrow(match.group(1) or "")
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
    numeral = narrow(match.group(1))
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
    if code == ROMAN and place != "line":
        return
    numeral = _written(match.group(1), code)
    if code == ARABIC_HALF and place == "glued" and _in_brackets(text, start):
        return
    if place == "glued" and not _may_be_glued(code, before, text[match.end() : match.end() + 2]):
        return
    lengths = range(min(len(numeral), 2), 0, -1) if place == "glued" and code in (NUMERAL, ARABIC) else [len(numeral)]
    for length in lengths:
        part = numeral[-length:]
        number = parse_numeral(part)
        if 0 < number < _MAX_NUMBER:
            doubt = {"line": 0.0, "sentence": 0.1, "glued": 0.6}[place] + 0.2 * (len(numeral) - length)
            yield Mark(start + max(len(numeral) - length, 0), match.end(), code, number, 0, part, place, doubt)


def _in_brackets(text: str, start: int) -> bool:
    """Whether ``start`` stands inside brackets opened a little before: "（见附件1）"."""
    before = text[max(0, start - _MAX_BRACKET) : start]
    return max(before.rfind("（"), before.rfind("(")) > max(before.rfind("）"), before.rfind(")"))


def _may_be_glued(code: str, before: str, after: str) -> bool:
    """Whether a list number may follow ``before`` without an end of sentence."""
    if before in "、，,.．" or before.isascii() and before.isalnum():
        return False
    if code == NUMERAL:
        return before not in DIGITS and before not in UNITS and not re.match(rf"{_NUMERAL}[、，]?", after)
    return not (code == ARABIC_HALF and before in "（(")


def _written(words: str, code: str) -> str:
    """The numeral as its family usually writes it: ⑴ and ⒈ as digits, ㈠ as 一; ① stays."""
    numeral = narrow(words)
    if code == ROMAN:
        return to_roman(parse_numeral(numeral))
    value = 0 if code == CIRCLED else single_value(numeral)
    if not value:
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


def _with_surroundings(text: str, marks: list[Mark], names: tuple[str, ...]) -> list[Mark]:
    """Each first number with what stands before it: a heading without a number, an announcing paragraph."""
    full: list[Mark] = []
    last_end = 0
    for mark in marks:
        if mark.number == 1:
            orphan, introduced = _before(text, mark, last_end, names)
            mark = Mark(
                mark.start, mark.end, mark.code, mark.number, mark.suffix, mark.numeral, mark.place, mark.doubt,
                orphan, introduced,
            )  # fmt: skip
        full.append(mark)
        last_end = max(last_end, mark.end)
    return full


def _before(text: str, mark: Mark, last_end: int, names: tuple[str, ...]) -> tuple[int, bool]:
    end = mark.start
    while end and text[end - 1].isspace():
        end -= 1
    if mark.place == "line":
        line_start = text.rfind("\n", 0, end) + 1
        words = text[line_start:end].strip()
        introduced = last_end <= line_start and words.endswith(("：", ":"))
    else:
        boundaries = [found.end() for found in _BOUNDARY.finditer(text, max(0, end - 60), end)]
        line_start = boundaries[-1] if boundaries else max(0, end - 60)
        words, introduced = text[line_start:end].strip(), False
    is_heading = 2 <= len(words) <= _MAX_ORPHAN and not _NO_ORPHAN.search(words) and words[-1] not in "。！？；"
    named = next((name for name in names if words.endswith(name)), None)
    if named is not None and end - len(named) >= last_end:
        return end - len(named), introduced
    if not is_heading or line_start < last_end:
        return -1, introduced
    return line_start + (len(text[line_start:end]) - len(text[line_start:end].lstrip())), introduced
