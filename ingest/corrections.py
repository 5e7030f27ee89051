"""What a person says of a document's structure where the program read it wrongly, as data that outlives the reading.

Four kinds: a place is no heading; a place is one, of this family, number and level; a heading ends here; a field of a
requirement is this. None changes the text. A place is kept as an ``Anchor``, so that it is found again in the same
file, in a later version and by a later program. ``deciding.py`` and ``correcting.py`` put them to use.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from ingest.anchors import Anchor
from ingest.errors import InputError
from ingest.markers import (
    ARABIC,
    ARABIC_HALF,
    ARABIC_ITEM,
    CIRCLED,
    DECIMALS,
    FAMILIES,
    HEADING,
    ROMAN,
    SIDE_ITEM,
    SIDE_NUMERAL,
    SUBHEADING,
    UNNUMBERED,
)
from ingest.numerals import narrow, parse_numeral, to_chinese, to_roman

MAX_NUMBER = 9999
MAX_HEADING = 200  # characters
_DIGITS = frozenset({ARABIC, ARABIC_HALF, ARABIC_ITEM, CIRCLED, *DECIMALS, "x"})
_PLAIN = {HEADING: "无序号标题（与章同级）", SIDE_NUMERAL: "无序号标题（与“一、”同级）",
          SIDE_ITEM: "无序号标题（与“（一）”同级）", SUBHEADING: "小标题（无序号）"}  # fmt: skip
_AROUND = re.compile("第|附件|分?编|部分|[章节条（）()、]|[.．]$")  # what stands around a number
_DECIMAL_NAMES = dict(zip(DECIMALS, ("1", "1.1", "1.1.1"), strict=True))


@dataclass(frozen=True, slots=True)
class NotHeading:
    """No heading and no number stands here."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading or number stands here.

    ``numeral`` is the number as a person writes it, "" where the text has it (or the family has none).
    ``under`` is the family of the heading that it stands under, "" for none, ``None`` where the numbering shall tell.
    """

    family: str
    numeral: str = ""
    under: str | None = None


@dataclass(frozen=True, slots=True)
class Ends:
    """The heading that begins here is ``heading``, its number included, and no more."""

    heading: str


@dataclass(frozen=True, slots=True)
class Fields:
    """These fields of the requirement whose ``sentence`` begins here have these values; "" for none."""

    sentence: str
    values: tuple[tuple[str, str], ...]  # lists joined by "、"


Change = NotHeading | Heading | Ends | Fields


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction. ``number`` counts through the document's corrections, 0 for one that is not saved."""

    anchor: Anchor
    change: Change
    number: int = 0
    made_on: str = ""  # local time, "2024-05-06 10:20"
    undone_on: str = ""  # "" while it is in force


def family_names() -> Mapping[str, str]:
    """The families by code, as staff write their first number: "第一章", "一、", "（一）"."""
    names = {}
    for code, family in FAMILIES.items():
        first = {CIRCLED: "①", ROMAN: "Ⅰ"}.get(code, "1" if code in _DIGITS else "一")
        names[code] = _PLAIN.get(code) or _DECIMAL_NAMES.get(code) or family.heading.format(first).strip()
    return MappingProxyType(names)


def family_code(name: str) -> str:
    """The code of a family by its name (see ``family_names``) or code.

    Raises:
        InputError: no such family.
    """
    wanted = name.strip().replace("(", "（").replace(")", "）")
    for code, shown in family_names().items():
        if wanted in (code, shown, shown.rstrip("、.")):
            return code
    raise InputError(f"没有“{name}”这种序号。可用的有：{'；'.join(family_names().values())}。")


def read_number(family: str, numeral: str) -> tuple[int, int, str]:
    """Number, 之一 number and numeral in the family's own writing of what a person typed ("5", "第五条之一", "（五）").

    Raises:
        InputError: it is no number.
    """
    words = _AROUND.sub("", narrow(numeral))
    main, _, part = words.partition("之")
    if family in DECIMALS:
        numbers = [parse_numeral(step) if step.isdecimal() else 0 for step in main.replace("．", ".").split(".")]
        number = numbers[-1] if all(numbers) and len(numbers) == DECIMALS.index(family) + 1 else 0
        written = ".".join(map(str, numbers))
    else:
        number = parse_numeral(main.upper())
        written = _written(family, number, main)
    suffix = parse_numeral(part) if part else 0
    if not 0 < number <= MAX_NUMBER or (part and not 0 < suffix < 100):
        raise InputError(f"“{numeral}”不是“{family_names()[family]}”这种序号能用的数。请只写数，如 5、五、二十一。")
    return number, suffix, written


def _written(family: str, number: int, words: str) -> str:
    if family == CIRCLED and 0 < number <= 20:
        return chr(ord("①") + number - 1)
    if family == ROMAN and 0 < number < 40:
        return to_roman(number)
    if family in _DIGITS:
        return str(number)
    return to_chinese(number) if 0 < number < 100 else words


def checked(change: Change) -> Change:
    """``change`` with its values in their usual form.

    Raises:
        InputError: a value that can never be right.
    """
    if isinstance(change, Ends) and not 0 < len(change.heading.strip()) <= MAX_HEADING:
        raise InputError(f"标题应当有 1 到 {MAX_HEADING} 个字，这里有 {len(change.heading.strip())} 个字。")
    if isinstance(change, Fields):
        unknown = [name for name, _ in change.values if name not in FIELD_NAMES]
        if unknown or not change.values:
            raise InputError(f"要求没有“{'、'.join(unknown)}”这一项。可改的有：{'、'.join(FIELD_NAMES)}。")
    if not isinstance(change, Heading):
        return change
    if change.family not in FAMILIES or (change.under and change.under not in FAMILIES):
        raise InputError(f"没有“{change.family}”或“{change.under}”这种序号。")
    if change.under == change.family:
        raise InputError("上一级的序号与自己的序号相同。请改选上一级。")
    if change.family in UNNUMBERED:
        return replace(change, numeral="")
    if change.numeral.strip():
        read_number(change.family, change.numeral)
    return replace(change, numeral=change.numeral.strip())


def described(change: Change) -> str:
    """What a correction says, in plain words."""
    match change:
        case NotHeading():
            return "这里不是标题或序号"
        case Heading(family, numeral, under):
            if numeral:
                words = FAMILIES[family].heading.format(read_number(family, numeral)[2]).strip()
            else:
                words = family_names()[family]
            below = "" if under is None else "，放在最外一级" if not under else f"，放在“{family_names()[under]}”下面"
            kind = "序号是" if numeral else "属于" if family in UNNUMBERED else "按原文的数，属于"
            return f"这里是标题，{kind}“{words}”{below}"
        case Ends(heading):
            return f"标题到“{heading[-16:]}”为止"
        case Fields(_, values):
            return "要求的" + "、".join(f"{FIELD_NAMES[name]}改为“{value or '无'}”" for name, value in values)


def replaces(new: Change, old: Change) -> bool:
    """Whether a correction makes an earlier one at the same place pointless."""
    marks = (NotHeading, Heading)
    if isinstance(new, Fields) and isinstance(old, Fields):
        return new.sentence == old.sentence and {name for name, _ in old.values} <= {name for name, _ in new.values}
    return (isinstance(new, marks) and isinstance(old, marks)) or (isinstance(new, Ends) and isinstance(old, Ends))


FIELD_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "modality": "约束程度",
        "audience": "对象",
        "subject": "主体",
        "frequency": "频次",
        "quantity": "数量",
        "deadline": "期限",
        "lead_units": "牵头单位",
        "support_units": "配合单位",
        "condition": "适用情形",
        "exception": "除外情形",
        "object": "行为对象",
        "sanction": "处罚或责任",
    }
)
