"""Questions that ask the register for one field: "所有每年至少一次的要求", "由教育局牵头的任务".

Takes a question and the table ``corpus/tables/questions.toml`` ([[register]]), gives the ``Selection`` that it means
and the words that say so. A question that also speaks of a subject is left to the search.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from ingest import tables
from qa.questions import Question, audiences_named, fold
from qa.register import topic_terms
from qa.register_english import english_asked
from qa.register_rows import RegisterQuestion, read_rows
from qa.selection import ASSIGNED, DUE, LISTED, Selection, last_day, often, period_of
from qa.terms import Term
from qa.wording import Wording

_BY_ROLE = {"lead": "chosen_lead", "support": "chosen_support", "any": "chosen_any", "doer": "chosen_doer"}
_RATES = {1.0: "year", 2.0: "half_year", 4.0: "quarter", 12.0: "month", 52.0: "week", 365.0: "day"}  # occasions a year


@dataclass(frozen=True, slots=True)
class FieldAsked:
    """A field that a question asks for: how it narrows, the words that say so, and the unit, day or frequency."""

    sets: str
    field: str
    words: str
    held: str


@cache
def register_questions() -> tuple[RegisterQuestion, ...]:
    """The ways to ask, in the table's order.

    Raises:
        TableError: a row is malformed.
    """
    return read_rows("register")


def fields_asked(folded: str) -> list[FieldAsked]:
    """The fields that a folded question asks for, one of each kind."""
    found = []
    for row in register_questions():
        for pattern in row.asks:
            if match := pattern.search(folded):
                held = next((words for words in match.groupdict().values() if words), "")
                found.append(FieldAsked(row.sets, row.field, match.group(), held))
                break
    return found


def selection_asked(
    question: Question, terms: Sequence[Term], titles: Sequence[str] = ()
) -> tuple[Selection, list[FieldAsked]] | None:
    """What the question selects from the register, ``None`` where it asks for no field or has a subject beside it."""
    if question.english:
        return _asked_in_english(question)
    asked = fields_asked(question.folded)
    if not asked:
        return None
    said = " ".join(each.words for each in asked)
    rest = question.folded
    for each in asked:
        rest = rest.replace(each.words, " ")
    if any(term.word not in said for term in topic_terms(question, terms, titles)):
        return None
    known = tables.audiences()
    audiences = tuple(
        key
        for key in question.audiences
        if any(
            fold(word) in rest or _is_doer(fold(word), each)
            for word in (*known[key].words, *known[key].people)
            for each in asked
        )
    )
    selection = Selection(audiences=audiences)
    if question.modality:
        selection = replace(selection, modalities=frozenset({question.modality}))
    for each in asked:
        narrowed = _narrowed(selection, each)
        if narrowed is None:
            return None
        selection = narrowed
    return selection, asked


def _asked_in_english(question: Question) -> tuple[Selection, list[FieldAsked]] | None:
    asked = english_asked(question.folded)
    if asked is None:
        return None
    who = audiences_named(asked.who, english=True)
    if asked.who and not _all_named(asked.who, who):
        return None
    selection = Selection(audiences=tuple(who))
    if question.modality:
        selection = replace(selection, modalities=frozenset({question.modality}))
    field = FieldAsked(asked.sets, asked.field, question.folded, asked.held)
    narrowed = _narrowed(selection, field)
    return (narrowed, [field]) if narrowed else None


def _all_named(words: str, named: Mapping[str, Sequence[str]]) -> bool:
    """Whether nothing but audiences is said: "drills in schools" has a subject."""
    rest = words
    for word in sorted((word for found in named.values() for word in found), key=len, reverse=True):
        rest = rest.replace(word, " ")
    return bool(named) and not set(re.findall(r"[a-z]+", rest)) - {"and", "or", "all", "the", "every", "each"}


def _is_doer(word: str, asked: FieldAsked) -> bool:
    """Whether a word within the matched words names who acts, not the unit asked for."""
    return asked.sets in ("often", "due", "words", "within", "sanction") and word in asked.words


def _narrowed(selection: Selection, asked: FieldAsked) -> Selection | None:
    match asked.sets:
        case "often":
            least = often(asked.held)
            return None if least is None else replace(selection, least_often=least)
        case "due":
            wanted = selection.modalities if selection.modalities != LISTED else DUE
            day = last_day(asked.held)
            return None if day is None else replace(selection, due_by=day, modalities=wanted)
        case "within":
            period = period_of(asked.held)
            return None if period is None else replace(selection, within=period, modalities=ASSIGNED)
        case "sanction":
            return replace(selection, modalities=frozenset(), sanctions=True)
        case "lead" | "support":
            wanted = selection.modalities if selection.modalities != LISTED else ASSIGNED
            return replace(selection, unit=asked.held, role=asked.sets, modalities=wanted)
        case "words":
            return replace(selection, frequency=asked.held)
        case _:
            return replace(selection, stated=(*selection.stated, asked.field))


def _period(number: int, unit: str) -> str:
    return f"{number} 个{unit}" if unit in ("工作日", "月", "小时") else f"{number} {unit}"


def described(selection: Selection, wording: Wording) -> str:
    """What a selection asks for, as words before "的要求": "写明每年至少 1 次（含更密的）"."""
    parts = []
    if selection.modalities and selection.modalities not in (LISTED, DUE, ASSIGNED):
        names = [wording.modality(name) for name in tables.MODALITIES if name in selection.modalities]
        parts.append(wording.say("chosen_modality", names=wording.joined(names)))
    if selection.sanctions:
        parts.append(wording.say("chosen_sanctions"))
    if selection.least_often is not None:
        rate = _RATES.get(selection.least_often)
        times = wording.rate(rate) if rate else wording.say("times_a_year", times=f"{selection.least_often:g}")
        parts.append(wording.say("chosen_often", times=times))
    if selection.frequency:
        parts.append(wording.say("chosen_words", words=selection.frequency))
    if selection.due_by:
        parts.append(wording.say("chosen_due", day=selection.due_by))
    if selection.within:
        parts.append(wording.say("chosen_within", period=_period(*selection.within), unit=selection.within[1]))
    if selection.unit:
        parts.append(wording.say(_BY_ROLE[selection.role], unit=selection.unit))
    if selection.stated:
        parts.append(wording.say("chosen_stated", fields=wording.joined(map(wording.field, selection.stated))))
    return wording.say("and").join(parts)
