"""Whether a document is in force on a day: its own dates, what other documents repeal, newer texts of the same name.

Takes the documents and the sentences that repeal others (facts "repeals"); gives for each document its status on the
day with the evidence. Nothing is inferred beyond the facts: a document of which none says that it is in force is
"unknown", and what ended on a day that no fact names is told as ended from today on and as unknown before.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ingest.dates import DATE, iso_date
from ingest.errors import InputError
from ingest.fact_reading import order_number
from ingest.records import Document, Fact, Status
from ingest.reference_reading import pattern
from ingest.references import VERSIONED_RANKS, changes_another, title_key
from ingest.storage import Store

OUTDATED: frozenset[Status] = frozenset({"amended", "repealed", "expired", "not_yet"})  # not to be applied on the day
_FROM = re.compile(rf"自\s*({DATE})\s*起")
_NAME = re.compile(r"《(?P<title>.+)》(?:\s*[（(](?P<stated>[^（）()]{2,40})[）)])?")
_VERB = re.compile(r"(?:同时|即行|自行|相应|即)?(?:予以)?(?:废止|停止执行|失效|不再执行)")
_DAY = re.compile(r"\d{4}(?:-|年|/|\.)\d{1,2}(?:-|月|/|\.)\d{1,2}日?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Repeal:
    """A document that says of another that it is repealed, in the words of ``quote``."""

    doc_id: str  # of the document that says so
    name: str  # 《title》 and what stands in brackets behind it
    quote: str


@dataclass(frozen=True, slots=True)
class Validity:
    """The status of a document on a day.

    ``since`` is the first day of that status, ``until`` the first day after it, where facts name them. ``replaced_by``
    is the id of the document that took its place or repealed it, ``quote`` the sentence that says so. ``earlier_text``
    says that the document was in force on the day in an earlier text, not in this one.
    """

    status: Status
    since: str | None = None
    until: str | None = None
    replaced_by: str | None = None
    quote: str | None = None
    earlier_text: bool = False

    @property
    def is_outdated(self) -> bool:
        """Whether it is known not to be in force on the day."""
        return self.status in OUTDATED


@dataclass(frozen=True, slots=True)
class _End:
    """That a document ended: on ``day``, ``None`` where no fact names it."""

    status: Status
    day: str | None
    by: str | None = None
    quote: str | None = None


def check_day(text: str) -> str:
    """A day as given by a person, as ISO.

    Raises:
        InputError: it is not a whole date of the calendar.
    """
    words = text.strip()
    day = iso_date(words) if _DAY.fullmatch(words) else None
    if day is None:
        raise InputError(f"日期“{text[:30]}”不合要求，或者日历上没有这一天。请写成年-月-日，例如 2020-01-01。")
    return day


def repeals_of(facts: Mapping[str, Iterable[Fact]]) -> list[Repeal]:
    """The repeals among the facts of documents, by doc_id; those of a part of a document are left out."""
    found = [
        Repeal(doc_id, fact.value, fact.quote)
        for doc_id, rows in facts.items()
        for fact in rows
        if fact.name == "repeals"
    ]
    return [repeal for repeal in found if not _is_partial(repeal)]


def read_validities(store: Store, day: str, today: str) -> dict[str, Validity]:
    """The validity of every document of a store on ``day``, by doc_id."""
    with store.snapshot():
        documents = store.documents()
        facts = {document.doc_id: store.facts(document.doc_id) for document in documents}
    return validities(documents, repeals_of(facts), day, today)


def outdated(found: Mapping[str, Validity]) -> frozenset[str]:
    """The ids of the documents that are known not to be in force."""
    return frozenset(doc_id for doc_id, validity in found.items() if validity.is_outdated)


def validities(documents: Sequence[Document], repeals: Iterable[Repeal], day: str, today: str) -> dict[str, Validity]:
    """The validity of each document on ``day``, by doc_id; ``today`` is the day on which the question is asked."""
    ends: dict[str, list[_End]] = defaultdict(list)
    by_title: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        by_title[title_key(document.title)].append(document)
    known = {document.doc_id: document for document in documents}
    for repeal in repeals:
        for doc_id in _repealed(repeal, known[repeal.doc_id], by_title):
            ends[doc_id].append(
                _End("repealed", _repeal_day(repeal, known[repeal.doc_id]), repeal.doc_id, repeal.quote)
            )
    for rows in by_title.values():
        for older, newer in _successions(rows):
            ends[older.doc_id].append(_End("amended", starts_on(newer), newer.doc_id))
    return {document.doc_id: _validity(document, ends[document.doc_id], day, today) for document in documents}


def starts_on(document: Document) -> str | None:
    """The first day of this text: its day of effect, or of issue where an amended law keeps its first day of effect."""
    days = [day for day in (document.effective_on, document.issued_on) if day]
    return max(days, default=None)


def _validity(document: Document, ends: Sequence[_End], day: str, today: str) -> Validity:
    start = starts_on(document)
    if start is not None and _is_before(day, start):
        earlier = document.effective_on is not None and not _is_before(day, document.effective_on)
        return Validity("not_yet", until=start, earlier_text=earlier)
    every = [*ends, *_own_ends(document, ends)]
    dated = [end for end in every if end.day is not None and not _is_before(day, end.day)]
    if dated:
        first = min(dated, key=lambda end: end.day or "")
        return Validity(first.status, first.day, None, first.by, first.quote)
    undated = [end for end in every if end.day is None]
    if undated and day >= today:
        return Validity(undated[0].status, None, None, undated[0].by, undated[0].quote)
    if undated:
        return Validity("unknown", start, None, undated[0].by, undated[0].quote)
    coming = min((end.day for end in every if end.day is not None), default=None)
    within_term = start is not None and coming is not None
    stated = document.status == "in_force" and (start is not None or day >= today)
    return Validity("in_force" if within_term or stated else "unknown", start, coming)


def _own_ends(document: Document, ends: Sequence[_End]) -> Iterable[_End]:
    """The ends that the document's own facts state."""
    if document.expires_on:
        yield _End("expired", _next_day(document.expires_on))
    if document.status in ("repealed", "expired", "amended") and not any(end.day for end in ends):
        yield _End(document.status, None)


def _next_day(last: str) -> str:
    """The first day after a last day, month or year."""
    numbers = [int(part) for part in last.split("-")]
    if len(numbers) == 3:
        return (date(*numbers) + timedelta(days=1)).isoformat()
    year, month = numbers[0], numbers[1] if len(numbers) == 2 else 12
    return date(year + month // 12, month % 12 + 1, 1).isoformat()


def _is_before(day: str, start: str) -> bool:
    """Whether ``day`` lies before ``start``, which may be a month or a year."""
    return day[: len(start)] < start


def _repealed(repeal: Repeal, by: Document, by_title: Mapping[str, Sequence[Document]]) -> Iterable[str]:
    """The documents that a sentence repeals: its title, its number where one is written, and older than the repeal."""
    name = _NAME.search(repeal.name)
    if name is None:
        return
    stated = order_number(name["stated"]) if name["stated"] and "号" in name["stated"] else None
    for document in by_title.get(title_key(name["title"]), ()):
        same_name = title_key(document.title) == title_key(by.title)
        older = _is_older(document, _repeal_day(repeal, by))
        if document.doc_id == by.doc_id or not older or (same_name and document.issued_on is None):
            continue
        if stated and (document.doc_number is None or order_number(document.doc_number) != stated):
            continue
        if same_name and not stated and document.issued_on not in _days_before(repeal):
            continue  # "1950年6月29日颁布的《工会法》同时废止" is not about the later texts of that name
        yield document.doc_id


def _days_before(repeal: Repeal) -> set[str | None]:
    at = repeal.quote.find(repeal.name)
    return {iso_date(found) for found in re.findall(DATE, repeal.quote[: max(at, 0)])}


def _repeal_day(repeal: Repeal, by: Document) -> str | None:
    """The day named in the sentence, else the day on which the repealing document took effect."""
    named = _FROM.search(repeal.quote)
    return (iso_date(named.group(1)) if named else None) or by.effective_on or by.issued_on


def _is_older(document: Document, day: str | None) -> bool:
    return day is None or document.issued_on is None or document.issued_on < day


def _successions(documents: Sequence[Document]) -> Iterable[tuple[Document, Document]]:
    """Each text of a law and the next one of the same name.

    Notices and plans of one name may be two documents, and so are texts whose first day is not known.
    """
    rows = [
        one
        for one in documents
        if one.rank in VERSIONED_RANKS and starts_on(one) is not None and not changes_another(one.title)
    ]
    rows.sort(key=lambda one: (starts_on(one) or "", one.issued_on or ""))
    for older, newer in zip(rows, rows[1:], strict=False):
        if starts_on(older) != starts_on(newer):
            yield older, newer


def _is_partial(repeal: Repeal) -> bool:
    at = repeal.quote.find(repeal.name)
    after = repeal.quote[at + len(repeal.name) :] if at >= 0 else ""
    verb = _VERB.search(after)
    between = re.sub(r"《[^《》]*》", "", after[: verb.start()]) if verb else ""
    return pattern("partial").match(between.strip()) is not None
