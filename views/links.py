"""Where the reader is, and the shareable address of it, by its query parameters.

Pages::

    ?q=QUESTION&in=DOC_ID         the answer to a question, optionally within documents
    asof=2020-01-01               with it: as of a day that is not today
    ?doc=DOC_ID&clause=CLAUSE_ID  a document opened at a clause; marks=12-40,55-80 are quoted spans
    ?doc=DOC_ID&page=correct      where the document's outline is corrected, at ``clause`` where one is named
    ?page=documents               the documents on hand
    ?page=check                   a draft is checked
    ?page=compare                 two documents are compared
    ?page=requirements            the register; audience=, modality=, unit=, before=, asof=, in= narrow it
    lang=en                       with any of them: the page in English
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlencode

from ingest.errors import InputError
from ingest.records import Clause, Span
from ingest.validity import check_day
from views.texts import Language

FIRST_DAY, LAST_DAY = "1949-10-01", "2099-12-31"  # of the calendar on the page
Page = Literal["ask", "document", "documents", "check", "compare", "correct", "requirements"]
PAGES: tuple[Page, ...] = ("documents", "check", "compare", "requirements")  # those that ?page= names
FILTERS = ("audience", "modality", "unit", "before", "asof")  # of the page of requirements
_MARK = re.compile(r"(\d{1,7})-(\d{1,7})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """One page of the interface, as its address says."""

    language: Language = "zh"
    page: Page = "ask"
    question: str | None = None
    within: tuple[str, ...] = ()
    as_of: str = ""  # ISO, "" for today
    doc_id: str = ""
    clause_id: str = ""
    marks: tuple[Span, ...] = ()
    filters: tuple[tuple[str, str], ...] = ()  # (name in FILTERS, value), several of one name allowed

    def filtered(self, name: str) -> tuple[str, ...]:
        """The values of one filter."""
        return tuple(value for key, value in self.filters if key == name)


def read_place(params: Mapping[str, Sequence[str]]) -> Place:
    """The place that query parameters name; what makes no sense is left out."""
    language: Language = "en" if _last(params, "lang") == "en" else "zh"
    if doc_id := _last(params, "doc"):
        if _last(params, "page") == "correct":
            return Place(language, "correct", doc_id=doc_id, clause_id=_last(params, "clause"))
        marks = tuple(_marks(_last(params, "marks")))
        return Place(language, "document", doc_id=doc_id, clause_id=_last(params, "clause"), marks=marks)
    named = _last(params, "page")
    if named == "requirements":
        filters = tuple((name, value) for name in FILTERS for value in dict.fromkeys(params.get(name, ())) if value)
        within = tuple(dict.fromkeys(params.get("in", ())))
        return Place(language, "requirements", within=within, filters=filters)
    for page in PAGES:
        if named == page:
            return Place(language, page)
    question = _last(params, "q") if "q" in params else None
    within = tuple(dict.fromkeys(params.get("in", ())))
    return Place(language, "ask", question=question, within=within, as_of=_day(_last(params, "asof")))


def query_of(place: Place) -> dict[str, list[str]]:
    """The query parameters of a place: the inverse of ``read_place``."""
    query: dict[str, list[str]] = {}
    if place.page in ("document", "correct"):
        query["doc"] = [place.doc_id]
        if place.clause_id:
            query["clause"] = [place.clause_id]
        if place.marks:
            query["marks"] = [",".join(f"{span.start}-{span.end}" for span in place.marks)]
        if place.page == "correct":
            query["page"] = ["correct"]
    elif place.page in PAGES:
        query["page"] = [place.page]
        if place.within:
            query["in"] = list(place.within)
        for name, value in place.filters:
            query.setdefault(name, []).append(value)
    elif place.question is not None:
        query["q"] = [place.question]
        if place.within:
            query["in"] = list(place.within)
    if place.page == "ask" and place.as_of:
        query["asof"] = [place.as_of]
    if place.language != "zh":
        query["lang"] = [place.language]
    return query


def href(place: Place) -> str:
    """The address of a place, relative to the page: "?q=..."."""
    return "?" + urlencode(query_of(place), doseq=True)


def in_language(place: Place, language: Language) -> Place:
    """The same place in another language."""
    return replace(place, language=language)


def clause_place(clause: Clause, language: Language, marks: Sequence[Span] = ()) -> Place:
    """The document view opened at ``clause``."""
    return Place(language, "document", doc_id=clause.doc_id, clause_id=clause.clause_id, marks=tuple(marks))


def _last(params: Mapping[str, Sequence[str]], name: str) -> str:
    values = params.get(name, ())
    return values[-1] if values else ""


def _day(text: str) -> str:
    try:
        day = check_day(text)
    except InputError:
        return ""
    return day if FIRST_DAY <= day <= LAST_DAY else ""


def _marks(text: str) -> list[Span]:
    spans = [Span(int(start), int(end)) for start, end in _MARK.findall(text)]
    return [span for span in spans if span.start < span.end]
