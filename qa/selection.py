"""What is chosen from the register of requirements, and in which order it is listed.

Takes the ``Base`` and a ``Selection``, gives every requirement that fits, complete: nothing is ranked or cut off.
A stated limit is compared as a day where the text names one ("2025年6月底前" is 2025-06-30); a period that runs from an
event ("三十日内") has no day. A frequency is compared as occasions a year ("每学期" is two).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ingest import tables
from ingest.doers import audiences_in
from ingest.errors import InputError
from ingest.numerals import parse_numeral
from ingest.records import Modality, Requirement, Span
from qa.base import Base
from qa.questions import question_tables
from qa.records import Citation

LISTED: frozenset[Modality] = frozenset({"must", "must_not", "should", "may", "encouraged"})  # the others ask nothing
ASSIGNED: frozenset[Modality] = LISTED | {"goal", "statement"}  # what a unit can lead: laws state it as a fact
DUE: frozenset[Modality] = frozenset({"must", "must_not", "should", "goal"})  # what can be due by a day
STATED_FIELDS = (
    *("frequency", "quantity", "deadline", "lead_units", "support_units", "condition", "exception"),
    *("object", "sanction"),
)
_ORDER = {
    "must": 0,
    "must_not": 0,
    "directive": 0,
    "should": 1,
    "may": 2,
    "encouraged": 3,
    "goal": 4,
    "penalty": 5,
    "statement": 6,
}
_PERIODS_A_YEAR = {
    "学期": 2.0,
    "半年": 2.0,
    "季度": 4.0,
    "月": 12.0,
    "周": 52.0,
    "星期": 52.0,
    "日": 365.0,
    "天": 365.0,
}
_EVERY = re.compile(
    r"每(?P<number>[一二两三四五六七八九十\d]*)个?(?P<period>会计年度|学年|年度|学期|半年|季度|年|月|周|星期|日|天)"
)
_TIMES = re.compile(r"(?P<times>[一二两三四五六七八九十\d]+)(?:次|场|期|轮|遍|回)")
_NO_OCCASION = re.compile(
    r"(?:小时|分钟|学时|课时|[一二三四五六七八九十\d]时(?!间)|最多|至多|(?:不得|不)(?:超过|多于|高于))"
)
_PERIOD = re.compile(
    r"(?P<number>\d{1,4}|[一二两三四五六七八九十百]+)个?(?P<unit>工作日|日|天|月|小时|周|年)(?:之|以)?内"
)
_DAY = re.compile(
    r"(?P<year>(?:19|20)\d\d)年(?:(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日)?)?(?P<end>年?[底末]|上半年)?"
)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which requirements are wanted; an empty field does not narrow.

    ``units`` are read as parts of the units' names ("教育局" finds 市教育局); ``role`` says which units count.
    ``least_often`` is a number of occasions a year; ``frequency`` are words of the stated frequency.
    ``due_by`` is an ISO day. ``stated`` are fields that must be stated at all. ``sanctions`` adds whatever states a
    sanction, of any modality. ``within`` is a period and its unit: limits of that unit that are not longer. ``unit``
    also finds the other names of the unit in ``questions.toml``.
    """

    audiences: tuple[str, ...] = ()
    modalities: frozenset[Modality] = LISTED
    doc_ids: tuple[str, ...] = ()
    unit: str = ""
    role: str = "any"  # "lead", "support", "any"
    frequency: str = ""
    least_often: float | None = None
    due_by: str | None = None
    stated: tuple[str, ...] = ()
    sanctions: bool = False
    within: tuple[int, str] | None = None  # (15, "工作日")


def select(base: Base, selection: Selection) -> list[Requirement]:
    """Every requirement that fits, in the order of ``in_order``."""
    rows: Iterable[Requirement] = base.requirements
    if selection.audiences and selection.sanctions:
        rows = _threatened(base, selection.audiences)
    elif selection.audiences:
        rows = base.binding(selection.audiences, selection.doc_ids)
    return in_order([row for row in rows if _fits(row, selection)], base)


def _threatened(base: Base, audiences: Iterable[str]) -> list[Requirement]:
    """What binds the audiences or names them: a sanction binds the authority and names whom it is for."""
    family = frozenset().union(*(tables.audience_family(key) for key in audiences))
    return [
        row
        for row in base.requirements
        if family & {*row.audience, *audiences_in(row.sentence), *audiences_in(base.clauses[row.clause_id].lead_in)}
    ]


def in_order(requirements: Sequence[Requirement], base: Base) -> list[Requirement]:
    """By document; in it the clauses that hold something mandatory first; in a clause the mandatory first."""
    documents = {doc_id: place for place, doc_id in enumerate(base.documents)}
    strongest: dict[str, int] = {}
    for row in requirements:
        strongest[row.clause_id] = min(strongest.get(row.clause_id, len(_ORDER)), _ORDER[row.strength])

    def key(row: Requirement) -> tuple[int, int, int, str, int, int]:
        clause = base.clauses[row.clause_id]
        place = (documents[row.doc_id], strongest[row.clause_id], clause.order, row.clause_id)
        return (*place, _ORDER[row.strength], row.span.start)

    return sorted(requirements, key=key)


def cite(requirements: Sequence[Requirement], base: Base) -> tuple[Citation, ...]:
    """One citation a clause, quoting the requirements' sentences in the order of the clause."""
    spans: dict[str, list[Span]] = {}
    for requirement in requirements:
        spans.setdefault(requirement.clause_id, []).append(requirement.span)
    return tuple(
        Citation(
            base.clauses[clause_id],
            base.documents[base.clauses[clause_id].doc_id],
            tuple(sorted(rows, key=lambda span: span.start)),
            1.0,
        )
        for clause_id, rows in spans.items()
    )


def _fits(row: Requirement, wanted: Selection) -> bool:
    return (
        (row.modality in wanted.modalities or (wanted.sanctions and row.sanction is not None))
        and (not wanted.doc_ids or row.doc_id in wanted.doc_ids)
        and all(getattr(row, field) for field in wanted.stated)
        and (not wanted.unit or _names_unit(row, wanted.unit, wanted.role))
        and (not wanted.frequency or wanted.frequency in (row.frequency or ""))
        and (wanted.least_often is None or _as_often(row, wanted.least_often))
        and (wanted.within is None or _within(row.deadline, wanted.within))
        and (wanted.due_by is None or _due_by(row.deadline, wanted.due_by))
    )


def _names_unit(row: Requirement, unit: str, role: str) -> bool:
    names = unit_names(unit)
    units = (*(row.lead_units if role != "support" else ()), *(row.support_units if role != "lead" else ()))
    if role in ("any", "doer") and row.subject and any(name in row.subject for name in names):
        return True
    return role != "doer" and any(name in named for named in units for name in names)


def unit_names(unit: str) -> tuple[str, ...]:
    """The unit's name with the other names for it: 妇联 is also 妇女联合会, 区教育局 also 教育行政部门."""
    found = [unit]
    for row in question_tables().units:
        if any(unit == name or (len(name) > 2 and unit.endswith(name)) for name in row):
            found += [name for name in row if len(name) > 2 or name == unit]
    return tuple(dict.fromkeys(found))


def _as_often(row: Requirement, least: float) -> bool:
    """Whether something is to be done at least so often; a prohibition is no occasion."""
    return row.modality != "must_not" and (often(row.frequency) or 0.0) >= least


def _due_by(words: str | None, day: str) -> bool:
    return any(due <= day for part in (words or "").split("；") if (due := last_day(part)))


def _within(words: str | None, period: tuple[int, str]) -> bool:
    found = [stated for part in (words or "").split("；") if (stated := period_of(part))]
    return any(unit == period[1] and number <= period[0] for number, unit in found)


def period_of(words: str) -> tuple[int, str] | None:
    """The period and its unit of a limit that runs from an event ("自受理之日起三十日内" is 30 日), else ``None``."""
    found = _PERIOD.search(words)
    number = parse_numeral(found["number"]) if found else 0
    return (number, {"天": "日"}.get(found["unit"], found["unit"])) if found and number else None


def often(words: str | None) -> float | None:
    """The least number of occasions a year that a frequency means, ``None`` where it names no period.

    "每年至少安排一次" is 1, "每学期不少于两次" 4, "每两年" 0.5, "定期" ``None``. Of several the most frequent counts.
    Hours and upper bounds ("每日二十二时", "每年不超过两次", "每学年三十学时") are no occasions.
    """
    found = []
    for part in (words or "").split("；"):
        if (every := _EVERY.search(part)) and not _NO_OCCASION.search(part):
            number = parse_numeral(every["number"]) if every["number"] else 1
            times = _TIMES.search(part, every.end())
            count = parse_numeral(times["times"]) if times else 1
            found.append(max(count, 1) * _PERIODS_A_YEAR.get(every["period"], 1.0) / max(number, 1))
    return max(found, default=None)


def last_day(words: str) -> str | None:
    """The last day, ISO, of a limit that names one ("2025年底前", "到2020年", "2019年6月底前"), else ``None``."""
    found = _DAY.search(words)
    if not found:
        return None
    year, half = int(found["year"]), found["end"] == "上半年"
    month = int(found["month"] or (6 if half else 12))
    if not 1 <= month <= 12:
        return None
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(int(found["day"] or last), last)).isoformat()


def audience_keys(names: Iterable[str]) -> tuple[str, ...]:
    """The keys of audiences given as key or as a word for them ("school", "学校").

    Raises:
        InputError: a name that no audience has.
    """
    found = []
    for name in names:
        keys = [key for key, a in tables.audiences().items() if name in (key, a.zh, a.en, *a.words)]
        if not keys:
            known = "、".join(f"{key}（{a.zh}）" for key, a in tables.audiences().items())
            raise InputError(f"没有“{name}”这个对象。可以写：{known}。")
        found.append(keys[0])
    return tuple(dict.fromkeys(found))


def iso_day(words: str) -> str:
    """An ISO day out of "2025-12-31", "2025-12" or "2025"; a month or a year means its last day.

    Raises:
        InputError: it is none of them.
    """
    match = re.fullmatch(r"((?:19|20)\d\d)(?:-(\d{1,2})(?:-(\d{1,2}))?)?", words.strip())
    try:
        if match:
            year, month = int(match[1]), int(match[2] or 12)
            return date(year, month, int(match[3] or calendar.monthrange(year, month)[1])).isoformat()
    except ValueError:
        pass  # no such month or day; said below
    raise InputError(f"日期“{words}”不合要求。请写成 2025-12-31、2025-12 或 2025。")
