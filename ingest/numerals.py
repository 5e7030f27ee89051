"""Numbers as outlines write them: Chinese numerals, digits of either width, circled and bracketed ones."""

from __future__ import annotations

import unicodedata

DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
UNITS = {"十": 10, "百": 100, "千": 1000}
_ROMAN = {"I": 1, "V": 5, "X": 10}
_SINGLE_STARTS = tuple(map(ord, "①⑴⒈㈠"))  # blocks of twenty one-character numbers


def parse_numeral(text: str) -> int:
    """The value of 第-style numerals: Chinese up to 九千九百九十九, digits of either width, Roman; 0 where none.

    "十" is 10, "二十一" 21, "一百零五" 105, "一千二百六十" 1260, "二〇二三" 2023.
    """
    words = "".join(text.split())
    if not words:
        return 0
    if words.isdigit() and words.isdecimal():
        return int(words)
    if roman := roman_value(words):
        return roman
    if len(words) == 1 and not DIGITS.get(words) and words not in UNITS:
        return single_value(words)
    if not any(unit in words for unit in UNITS):
        digits = [DIGITS.get(character) for character in words]
        return 0 if None in digits else int("".join(str(digit) for digit in digits))
    total, digit = 0, 0
    for character in words:
        if character in UNITS:
            total += (digit or 1) * UNITS[character]
            digit = 0
        else:
            digit = DIGITS.get(character, 0)
    return total + digit


def to_chinese(number: int) -> str:
    """1 to 9999 as written in outlines: "十", "二十一", "一百零五"; what is larger in digits, 0 as ""."""
    if not 0 < number < 10_000:
        return str(number) if number else ""
    words = ""
    for unit, value in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit, number = divmod(number, value)
        if digit:
            words += ("零一二三四五六七八九"[digit] if digit > 1 or unit != "十" or words else "") + unit
        elif words and number and not words.endswith("零"):
            words += "零"
    return words


def roman_value(text: str) -> int:
    """The value of a Roman numeral up to 39 ("Ⅳ", "IV", "XII"), 0 for anything else.

    Rule: a smaller sign before a larger one is taken away from it.
    """
    signs = unicodedata.normalize("NFKC", text)
    if not signs or any(sign not in _ROMAN for sign in signs):
        return 0
    values = [_ROMAN[sign] for sign in signs]
    total = sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))
    return total if _roman_letters(total) == signs else 0


def to_roman(number: int) -> str:
    """1 to 39 as written in outlines: "Ⅳ", "Ⅻ", beyond twelve in letters."""
    return chr(ord("Ⅰ") + number - 1) if 0 < number <= 12 else _roman_letters(number)


def _roman_letters(number: int) -> str:
    words = ""
    for sign, value in (("X", 10), ("IX", 9), ("V", 5), ("IV", 4), ("I", 1)):
        times, number = divmod(number, value)
        words += sign * times
    return words


def single_value(character: str) -> int:
    """The value of a one-character number (③, ⑶, ⒊, ㈢), 0 for anything else."""
    if len(character) != 1:
        return 0
    for start in _SINGLE_STARTS:
        if start <= ord(character) < start + 20:
            return ord(character) - start + 1
    return 0


def narrow(numeral: str) -> str:
    """The numeral in its plain form: no spaces, half-width digits."""
    words = "".join(numeral.split())
    return "".join(chr(ord(character) - 0xFEE0) if "０" <= character <= "９" else character for character in words)
