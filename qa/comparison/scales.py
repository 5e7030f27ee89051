"""Which of two measures is stricter: numbers, frequencies, deadlines, binding strength. Words: ``scales.toml``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from ingest import tables
from ingest.errors import TableError
from ingest.numerals import parse_numeral
from ingest.records import Requirement
from qa.comparison.records import Direction

TABLE = "scales.toml"
_NUMBER = re.compile(r"\d+(?:\.\d+)?|[〇零一二三四五六七八九十百千两]+")
_DATE = re.compile(r"((?:19|20)\d{2})年(?:(\d{1,2})月(?:(\d{1,2})日)?)?(底|末|初)?")


@dataclass(frozen=True, slots=True)
class _Scales:
    least: tuple[str, ...]
    most: tuple[str, ...]
    per_year: tuple[tuple[str, float], ...]  # longest first
    days: tuple[tuple[str, float], ...]
    strength: dict[str, float]


@cache
def _scales() -> _Scales:
    table = tables.read_toml(TABLE)
    try:
        return _Scales(
            least=tuple(table["least"].split()),
            most=tuple(table["most"].split()),
            per_year=_longest_first(table["per_year"]),
            days=_longest_first(table["days"]),
            strength={str(key): float(value) for key, value in table["strength"].items()},
        )
    except (KeyError, AttributeError, TypeError, ValueError) as error:
        raise TableError(f"词表 {TABLE} 缺一项或写错了：{error}。请恢复 corpus/tables 里的原文件。") from error


def _longest_first(rows: dict[str, Any]) -> tuple[tuple[str, float], ...]:
    return tuple((word, float(value)) for word, value in sorted(rows.items(), key=lambda row: -len(row[0])))


def strength_shift(before: Requirement, after: Requirement) -> Direction | None:
    """Whether ``after`` binds more or less than ``before``; ``None`` where the same or not comparable."""
    order = _scales().strength
    if before.modality == after.modality or before.strength not in order or after.strength not in order:
        return None
    if "must_not" in (before.modality, after.modality):
        weaker = {"may", "encouraged"}
        if before.modality == "must_not" and after.modality in weaker:
            return "loosened"
        return "tightened" if before.modality in weaker else "changed"
    return _direction(order[after.strength] - order[before.strength])


def quantity_shift(before: str, after: str) -> Direction:
    """Two quantities that are written differently: 不少于2次, 不低于3次."""
    old, new = _numbers(before), _numbers(after)
    if len(old) != 1 or len(new) != 1:
        return "changed"
    bounds = {_bound(before), _bound(after)}
    units = {_unit(before), _unit(after)}
    if len(bounds) > 1 or len(units) > 1 or bounds == {""}:
        return "changed"
    more = new[0] - old[0]
    return _direction(more if bounds == {"least"} else -more) or "changed"


def frequency_shift(before: str, after: str) -> Direction:
    """Two frequencies that are written differently: 每年至少一次, 每学期至少一次."""
    old, new = _rate(before), _rate(after)
    return "changed" if old is None or new is None else _direction(new - old) or "changed"


def deadline_shift(before: str, after: str) -> Direction:
    """Two deadlines that are written differently: 2025年底前, 2024年6月前; 15个工作日内, 10个工作日内."""
    for measure in (_day, _duration):
        old, new = measure(before), measure(after)
        if old is not None and new is not None:
            return _direction(old - new) or "changed"
    return "changed"


def _direction(more: float) -> Direction | None:
    return None if abs(more) < 1e-6 else "tightened" if more > 0 else "loosened"


def _value(text: str) -> float:
    return float(text) if text[0].isdigit() else float(parse_numeral(text))


def _numbers(text: str) -> list[float]:
    return [_value(found) for found in _NUMBER.findall(text)]


def _bound(text: str) -> str:
    if any(word in text for word in _scales().most):
        return "most"
    return "least" if any(word in text for word in _scales().least) else ""


def _unit(text: str) -> str:
    """What is counted: the words without number and bound."""
    for word in (*_scales().least, *_scales().most):
        text = text.replace(word, "")
    return _NUMBER.sub("", text).strip()


def _rate(text: str) -> float | None:
    """Times a year."""
    found = next(((word, times) for word, times in _scales().per_year if word in text), None)
    if found is None:
        return None
    counted = _numbers(text.replace(found[0], "", 1))
    return found[1] * (counted[0] if counted else 1.0)


def _day(text: str) -> float | None:
    """A date as a number that grows with time; a year or month alone ends with its last day."""
    found = _DATE.search(text)
    if found is None:
        return None
    year, month, day = int(found[1]), int(found[2] or 0), int(found[3] or 0)
    early = found[4] == "初"
    return year * 372.0 + (month or (1 if early else 12)) * 31 + (day or (1 if early else 31))


def _duration(text: str) -> float | None:
    """A stretch of time in days; a date is none."""
    if _DATE.search(text):
        return None
    for word, days in _scales().days:
        found = re.search(rf"({_NUMBER.pattern})\s*{re.escape(word)}", text)
        if found is not None:
            return days * _value(found.group(1))
    return None
