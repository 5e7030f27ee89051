"""English questions that ask the register for one field: "Which tasks does the education bureau lead?".

Takes the folded question and the table ``corpus/tables/questions.toml`` ([[register_en]], [english]), gives what it
asks for in the Chinese words that ``register_questions.py`` reads, so that both languages give one list. The whole
question must be of the form; one that speaks of a subject, too, is left to the search.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from index.english import glossary_words
from ingest import tables
from ingest.errors import TableError
from qa.register_rows import TABLE, RegisterQuestion, read_rows

_REGULAR = "定期"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TIMES = {"once": "一", "one": "一", "twice": "两", "two": "两"}


@dataclass(frozen=True, slots=True)
class EnglishAsked:
    """What is asked for, in Chinese words, and the English words of the audience, "" for everybody."""

    sets: str
    field: str
    held: str
    who: str


@cache
def english_askings() -> tuple[RegisterQuestion, ...]:
    """The ways to ask, in the table's order; the examples stand with the Chinese question of the same list.

    Raises:
        TableError: a row is malformed, or [english] is missing.
    """
    parts = tables.read_toml(TABLE).get("english", {})
    if not parts:
        raise TableError(f"词表 {TABLE} 缺少 [english]。")

    def filled(regex: str) -> str:
        for name, part in parts.items():
            if isinstance(part, str):
                regex = regex.replace(f"{{{name}}}", part)
        return regex

    return read_rows("register_en", filled)


def english_asked(folded: str) -> EnglishAsked | None:
    """The field that a folded English question asks for, ``None`` where it is of no such form."""
    text = folded.replace("’", "'").rstrip(" ?.!")
    for row in english_askings():
        for pattern in row.asks:
            match = pattern.fullmatch(text)
            if match is None:
                continue
            words = match.groupdict()
            held = _in_chinese(words)
            if held is not None:
                return EnglishAsked(row.sets, row.field, held, words.get("who") or "")
    return None


def _in_chinese(words: dict[str, str | None]) -> str | None:
    """The unit, day or frequency of a question in Chinese; "" for a question of no such thing, ``None`` unread."""
    if unit := words.get("unit"):
        names = glossary_words(unit.replace("'s", "").split())
        return names[0] if names else None
    if day := words.get("day"):
        return _day(day)
    if rate := words.get("often"):
        return _rate(rate)
    return _REGULAR if words.get("words") else ""


def _day(text: str) -> str | None:
    """Read "the end of June 2026" as 2026年6月底, "30 June 2026" as 2026年6月30日."""
    *before, year = re.findall(r"[a-z]+|\d+", text)
    names = [word for word in before if word[:3] in _MONTHS]
    days = [word for word in before if word.isdigit()]
    month = f"{_MONTHS.index(names[0][:3]) + 1}月" if names else ""
    if len(set(before) - {"the", "end", "of", "st", "nd", "rd", "th", *names, *days}) or (days and not month):
        return None
    return f"{year}年{month}" + (f"{days[0]}日" if days else "底" if "end" in before else "")


def _rate(text: str) -> str | None:
    """Read "at least twice a year" as 每年至少两次, "every semester" as 每学期."""
    periods: dict[str, str] = tables.read_toml(TABLE)["english"]["periods"]
    plain = text.replace("-", " ").replace("semi annually", "semiannually")
    period = next((chinese for english, chinese in periods.items() if re.search(rf"\b{english}$", plain)), None)
    counted = re.search(r"\b(once|twice|one|two|\d+)\b", plain)
    if period is None:
        return None
    return f"每{period}" + (f"至少{_TIMES.get(counted.group(), counted.group())}次" if counted else "")
