"""How a case told in English is read: its telling sentences, and the words of ``corpus/tables/cases_en.toml``.

"A hotel turned us away because we are Hui. Is that allowed?" tells one thing and asks another. What is told stays in
English; the matters in it are named in the official Chinese words of ``cases.toml``. Leaves the case to ``cases.py``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from ingest import tables
from ingest.errors import TableError

TABLE = "cases_en.toml"
_SENTENCE = re.compile(r"(?<=[.!?])[\"”)]*\s+(?=[\"“(A-Z0-9])|\n+")
_WORD = re.compile(r"[A-Za-z0-9'’]+")


@dataclass(frozen=True, slots=True)
class EnglishCases:
    """``cases_en.toml``, compiled; ``matters`` are told words with their official ones, ``needs`` met conditions."""

    asking: re.Pattern[str]
    requests: re.Pattern[str]
    shortest: int
    parties: Mapping[str, re.Pattern[str]]
    matters: tuple[tuple[str, str], ...]
    needs: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]


@cache
def english_cases() -> EnglishCases:
    """``cases_en.toml``, read once.

    Raises:
        TableError: a field is missing, or a regular expression is wrong.
    """
    table = tables.read_toml(TABLE)
    try:
        signs = table["signs"]
        return EnglishCases(
            asking=_compiled(signs["asking"]),
            requests=_compiled(signs["requests"]),
            shortest=int(signs["shortest"]),
            parties={key: _compiled(words) for key, words in table["parties"].items()},
            matters=tuple((told, official) for told, official in table["matters"]["rows"]),
            needs=tuple((_compiled(condition), _compiled(words)) for condition, words in table["needs"]["rows"]),
        )
    except (KeyError, ValueError) as error:
        raise TableError(f"词表 {TABLE} 的字段不全或写错了：{error}。") from error


def told_in_english(text: str) -> list[str]:
    """The sentences that tell a case, in order; none where ``text`` is a question.

    A case has two sentences at least, of which one tells.
    """
    known = english_cases()
    sentences = [sentence.strip() for sentence in _SENTENCE.split(text) if _WORD.search(sentence)]
    if len(sentences) < 2 or any(known.requests.search(sentence.lower()) for sentence in sentences):
        return []
    told = [sentence for sentence in sentences if not known.asking.search(sentence.lower())]
    return told if sum(len(_WORD.findall(sentence)) for sentence in told) >= known.shortest else []


def meets_in_english(condition: str, told: str) -> bool:
    """Whether English words of a case meet a condition that a clause names in Chinese."""
    return any(row.search(condition) and words.search(told) for row, words in english_cases().needs)


def _compiled(regex: str) -> re.Pattern[str]:
    return tables.compile_pattern(regex, TABLE)
