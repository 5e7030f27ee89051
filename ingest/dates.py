"""Dates as documents write them, to ISO and on."""

from __future__ import annotations

import re
from datetime import date, timedelta

from ingest.numerals import narrow, parse_numeral

_NUMERAL = "[〇○Ｏ零一二三四五六七八九十]"
_DIGIT = "[0-9０-９]"
DATE = (
    rf"(?:{_DIGIT}{{4}}|{_NUMERAL}{{4}})\s*年\s*(?:{_DIGIT}{{1,2}}|{_NUMERAL}{{1,2}})\s*月"
    rf"\s*(?:{_DIGIT}{{1,2}}|{_NUMERAL}{{1,3}})\s*日"
)
_PARTS = re.compile(DATE.replace("(?:", "("))  # year, month and day as groups
_NUMERIC = re.compile(r"(?<!\d)((?:19|20)\d{2})[-./](\d{1,2})[-./](\d{1,2})(?!\d)")


def today() -> str:
    """The day of the computer's clock, ISO; read here only, so that tests can set it."""
    return date.today().isoformat()


def iso_date(words: str) -> str | None:
    """The first date of ``words`` as ISO ("2019年1月24日", "二〇一九年…", "2019-1-24"), ``None`` for none."""
    found = _PARTS.search(words)
    if found:
        year, month, day = (parse_numeral(narrow(re.sub("[○Ｏ]", "〇", part))) for part in found.group(1, 2, 3))
    elif numeric := _NUMERIC.search(words):
        year, month, day = (int(part) for part in numeric.groups())
    else:
        return None
    try:
        return date(year, month, day).isoformat() if 1900 <= year <= 2200 else None
    except ValueError:
        return None


def years_later(day: str, years: int) -> str | None:
    """The last day of a term of ``years`` that begins on ``day``; ``None`` where ``day`` is not a whole date."""
    try:
        first = date.fromisoformat(day)
    except ValueError:
        return None
    month, month_day = (3, 1) if (first.month, first.day) == (2, 29) else (first.month, first.day)
    return (date(first.year + years, month, month_day) - timedelta(days=1)).isoformat()
