"""Numbers as word processors write them in automatic numbering: 三, 第十二, ③, iv, 甲.

The keys are the names of ``ST_NumberFormat`` (ECMA-376, part 1, 17.18.59).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

_DIGITS = "〇一二三四五六七八九"
_UNITS = ("", "十", "百", "千")
_ROMAN = {1000: "m", 900: "cm", 500: "d", 400: "cd", 100: "c", 90: "xc", 50: "l", 40: "xl", 10: "x", 9: "ix"}
_ROMAN |= {5: "v", 4: "iv", 1: "i"}
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_CIRCLED = "".join(
    [*map(chr, range(0x2460, 0x2474)), *map(chr, range(0x3251, 0x3260)), *map(chr, range(0x32B1, 0x32C0))]
)


def format_number(value: int, number_format: str) -> str | None:
    """``value`` in ``number_format``; ``None`` for a format that is not known.

    A value that the format has no sign for (㉖ and beyond of a short block, 0 in Roman) is written in plain digits.
    """
    write = _FORMATS.get(number_format)
    return None if write is None else (write(value) or str(value))


def circled(value: int) -> str:
    """① to ㊿, plain digits beyond."""
    return _CIRCLED[value - 1] if 1 <= value <= len(_CIRCLED) else str(value)


def chinese(
    value: int, digits: str = "零一二三四五六七八九", units: tuple[str, ...] = _UNITS, *, bare_ten: bool = True
) -> str:
    """1 to 9999 with units: "十二", "一百零五", "一千零二十"; empty outside.

    ``bare_ten`` writes 10 to 19 without the leading one.
    """
    if not 1 <= value <= 9999:
        return ""
    written, gap = "", False
    for place in (3, 2, 1, 0):
        digit = value // 10**place % 10
        if digit:
            written += (digits[0] if gap else "") + digits[digit] + units[place]
        gap = digit == 0 and bool(written)
    return written[1:] if bare_ten and 10 <= value <= 19 else written


def _positional(value: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(value)) if value >= 0 else ""


def _chinese_counting(value: int) -> str:
    """Word writes this format with units up to 99 and digit by digit from 100: 一〇五."""
    return chinese(value) if value < 100 else _positional(value)


def _japanese_counting(value: int) -> str:
    if not 1 <= value <= 9999:
        return ""
    places = [(value // 10**place % 10, place) for place in (3, 2, 1, 0)]
    return "".join(("" if digit == 1 and place else _DIGITS[digit]) + _UNITS[place] for digit, place in places if digit)


def _roman(value: int) -> str:
    written = ""
    for amount, letters in _ROMAN.items():
        while 0 < amount <= value <= 4999:
            written, value = written + letters, value - amount
    return written


def _letters(value: int) -> str:
    """From a to z, then aa, bb, …: Word repeats the letter."""
    return chr(97 + (value - 1) % 26) * ((value - 1) // 26 + 1) if 1 <= value <= 780 else ""


def _block(first: str, count: int) -> Callable[[int], str]:
    return lambda value: chr(ord(first) + value - 1) if 1 <= value <= count else ""


def _sexagenary(value: int) -> str:
    return _STEMS[(value - 1) % 10] + _BRANCHES[(value - 1) % 12] if value >= 1 else ""


def _full_width(value: int) -> str:
    return "".join(chr(ord(digit) + 0xFEE0) for digit in str(value)) if value >= 0 else ""


def _ordinal(value: int) -> str:
    ending = "th" if value % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{ending}"


def _member(of: str) -> Callable[[int], str]:
    return lambda value: of[value - 1] if 1 <= value <= len(of) else ""


_FORMATS: Mapping[str, Callable[[int], str]] = {
    "none": lambda value: " ",
    "decimal": str,
    "decimalHalfWidth": str,
    "decimalZero": lambda value: f"{value:02d}",
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "decimalEnclosedCircle": circled,
    "decimalEnclosedCircleChinese": circled,
    "decimalEnclosedFullstop": _block("⒈", 20),
    "decimalEnclosedParen": _block("⑴", 20),
    "ideographEnclosedCircle": _block("㊀", 10),
    "chineseCounting": _chinese_counting,
    "chineseCountingThousand": chinese,
    "taiwaneseCounting": _chinese_counting,
    "taiwaneseCountingThousand": chinese,
    "ideographDigital": _positional,
    "taiwaneseDigital": _positional,
    "japaneseDigitalTenThousand": _positional,
    "japaneseCounting": _japanese_counting,
    "chineseLegalSimplified": lambda value: chinese(
        value, "零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟"), bare_ten=False
    ),
    "ideographLegalTraditional": lambda value: chinese(
        value, "零壹貳參肆伍陸柒捌玖", ("", "拾", "佰", "仟"), bare_ten=False
    ),
    "ideographTraditional": _member(_STEMS),
    "ideographZodiac": _member(_BRANCHES),
    "ideographZodiacTraditional": _sexagenary,
    "lowerLetter": _letters,
    "upperLetter": lambda value: _letters(value).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda value: _roman(value).upper(),
    "ordinal": _ordinal,
    "numberInDash": lambda value: f"- {value} -",
}
