"""What the answering room gives: an ``Answer`` with its citations. The JSON contract is ``qa/contract.py``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ingest.assembly import cited_locator
from ingest.records import Clause, Document, Requirement, Span
from ingest.validity import Validity

Route = Literal["lookup", "register", "search", "case", "section_missing", "refused", "not_in_force"]
Effect = Literal["penalty", "must_not", "must", "directive", "should", "may", "encouraged", "goal", "statement"]


@dataclass(frozen=True, slots=True)
class Citation:
    """A clause that answers: the clause, its document, and the sentences that carry the answer.

    ``quotes`` are spans in ``clause.text``; ``score`` is the calibrated confidence in 0..1; ``validity`` is the status
    of the document on the answer's day.
    """

    clause: Clause
    document: Document
    quotes: tuple[Span, ...]
    score: float
    validity: Validity | None = None

    @property
    def quote(self) -> str:
        """The answering sentences, verbatim; those that do not touch are joined by "……"."""
        text, parts, last = self.clause.text, [], None
        for span in self.quotes:
            if last is not None and text[last : span.start].strip() == "":
                parts[-1] += text[last : span.end]
            else:
                parts.append(text[span.start : span.end])
            last = span.end
        return "……".join(parts)

    @property
    def reference(self) -> str:
        """The citation as staff paste it: 《title》 and the place, an article without its chapter."""
        return f"《{self.document.title}》{self.place}"

    @property
    def place(self) -> str:
        """The clause's place as staff cite it: "三（五）1", "第十条"."""
        return cited_locator(self.clause)


@dataclass(frozen=True, slots=True)
class AppliedClause:
    """A clause that applies to a fact of a case.

    ``effects`` say what it does to the case, the strongest first ("must_not", "penalty"); ``matched`` are its words
    for what the case tells, ``needs`` the conditions in the quoted sentences that the case does not say, both verbatim.
    """

    citation: Citation
    effects: tuple[Effect, ...]
    matched: tuple[str, ...]
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseFact:
    """A fact of a case, as told, and the clauses that apply to it: statutes before plans, then the surest first."""

    text: str
    clauses: tuple[AppliedClause, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence that a language model wrote from the clauses it cites, by their ids (see ``qa/summary_check.py``)."""

    text: str
    clause_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question.

    ``answered`` false means refusal: ``reason`` says why, ``citations`` is empty and ``near_misses`` holds
    the nearest clauses. ``route`` names how the answer was found; "not_in_force" is a refusal because only documents
    that are not in force on the day ``as_of`` (ISO) speak of it: they are the ``near_misses``. ``facts`` group the
    citations of a case. ``written`` is a language model's summary of the citations, empty without one.
    """

    question: str
    answered: bool
    reason: str | None
    summary: str
    route: Route
    citations: tuple[Citation, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    near_misses: tuple[Citation, ...] = ()
    as_of: str = ""
    facts: tuple[CaseFact, ...] = ()  # of a case only
    written: tuple[Written, ...] = ()
