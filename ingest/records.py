"""The records that pass between rooms: plain frozen data, no behaviour beyond derived properties.

Offsets count Unicode characters (Python string indexes). A span is half-open: ``text[start:end]``.

Terms: 文号 is ``doc_number``, 发文机关 is ``issuer``, 条款 is a clause, the words that introduce a list
("学校应当履行下列职责：") are its ``lead_in``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Status = Literal["in_force", "not_yet", "amended", "repealed", "expired", "unknown"]
DocumentRank = Literal[
    "law",
    "administrative_regulation",
    "local_regulation",
    "rule",
    "normative_document",
    "plan",
    "unknown",
]
Modality = Literal["must", "must_not", "should", "may", "encouraged", "goal", "statement"]
ClauseKind = Literal["heading", "clause"]
ReadFrom = Literal["clause", "lead_in", "heading", "addressee"]
NoticeKind = Literal["healed", "removed", "guess", "gap", "truncated", "unplaced", "corrected", "lapsed"]


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open stretch of characters."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a clause path.

    ``code`` is the ASCII letter of the numbering family (see ``markers.py``), ``number`` its value
    (0 for an unnumbered step), ``suffix`` the 之一 number (0 for none), ``label`` the mark as staff write
    it ("三", "（五）", "1", "第十条"), ``title`` the heading's words ("" where the step has none).
    ``guessed`` says that the source does not carry the number and it was inferred.
    """

    code: str
    number: int
    suffix: int
    label: str
    title: str
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A policy text and its facts; ``None`` or "unknown" is said, never filled in."""

    doc_id: str
    title: str
    doc_number: str | None
    issuer: str | None
    issued_on: str | None  # ISO dates; a year or a month alone is allowed: "2023", "2023-04"
    effective_on: str | None
    expires_on: str | None
    status: Status
    rank: DocumentRank
    source_file: str
    sha256: str  # of the source file's bytes
    version: int  # 1 for the first reading of this doc_id, then counted up
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clause:
    """The smallest numbered piece of a document that stands alone.

    ``text`` is ``source[span.start:span.end]`` to the last character, its own mark and heading included and
    its numbered children excluded. ``body_start`` is where the words after mark and heading begin, relative
    to ``text``. ``kind`` is "heading" where nothing but mark and heading stands there; such a piece is kept
    for the outline and never cited as a requirement.
    """

    clause_id: str
    doc_id: str
    order: int  # position in the document, from 0
    kind: ClauseKind
    path: tuple[Step, ...]
    breadcrumb: tuple[str, ...]  # outermost first: ("三、具体要求", "（五）进学校", "1.加大…力度")
    locator: str  # as staff write it: "三（五）1"
    text: str
    lead_in: str  # the inherited introduction, "" for none
    span: Span
    body_start: int
    page: int | None = None

    @property
    def parent_id(self) -> str | None:
        """The id of the enclosing piece, ``None`` at the top level."""
        head, _, _ = self.clause_id.rpartition(".")
        return head if head and head != self.doc_id else None


@dataclass(frozen=True, slots=True)
class Reading:
    """The words that one field of a requirement was read from, verbatim, and their place.

    ``span`` lies in the text that ``where`` names: the clause's ``text``, its ``lead_in``, the title of the heading
    on its path that names an audience, or the document's addressee.
    """

    field: str  # a field of ``Requirement``: "frequency", "audience", …
    words: str
    where: ReadFrom
    span: Span


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that a clause asks, forbids, permits, encourages or aims at.

    ``span`` is the sentence's place in the clause's ``text``, so the quotation is ``clause.text[start:end]``.
    The measured fields, ``condition``, ``exception``, ``object``, ``sanction`` and ``modal_word`` are verbatim words
    ("每年至少安排一次", "不少于2次"); several of one kind are joined by "；". ``readings`` give the place of each, and
    under "action" that of each verb.
    """

    requirement_id: str
    clause_id: str
    doc_id: str
    span: Span
    sentence: str
    subject: str | None
    audience: tuple[str, ...]  # keys of corpus/tables/audiences.toml: "school", "enterprise", …
    modality: Modality
    action: str
    frequency: str | None = None
    quantity: str | None = None
    deadline: str | None = None
    modal_word: str | None = None  # "必须", "严禁"; None for a directive that uses no such word
    lead_units: tuple[str, ...] = ()
    support_units: tuple[str, ...] = ()
    condition: str | None = None  # the case in which it holds: "情节严重的"
    exception: str | None = None  # what is left out: "法律另有规定的除外"
    object: str | None = None  # what the actions are done to: "安全管理制度"; one an action, joined by "；"
    sanction: str | None = None  # what follows a breach: "处五百元以下罚款"
    readings: tuple[Reading, ...] = ()

    @property
    def strength(self) -> str:
        """The modality as it is shown.

        A directive without a modal word is no 必须 that the text never says, and a statement of what follows a breach
        is a "penalty".
        """
        if self.modality == "statement" and self.sanction:
            return "penalty"
        return "directive" if self.modality == "must" and self.modal_word is None else self.modality


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of a document with the words that it was read from.

    ``name`` is a field of ``Document``, or "addressee" (主送), "signature" (落款), "repeals" (what the document
    repeals; one fact each).
    """

    name: str
    value: str
    quote: str
    offset: int | None = None  # of the quote's place in the normalised source; ``None`` where it stands beside it


@dataclass(frozen=True, slots=True)
class Notice:
    """Something ingest did or could not do, with its place, so that nothing happens in silence."""

    kind: NoticeKind
    message: str  # Chinese: what was found, where, what was expected, what to do
    offset: int | None = None  # in the normalised source
    line: int | None = None  # in the source file, from 1
    context: str = ""
    subject: str = ""  # of a gap: the section that is named and missing ("进连队"); of a correction: its number


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """What one file became. ``source`` is the normalised source that all spans point into."""

    document: Document
    source: str
    clauses: tuple[Clause, ...]  # in document order, headings included
    requirements: tuple[Requirement, ...] = ()
    notices: tuple[Notice, ...] = ()
    leavings: tuple[Span, ...] = field(default=())  # parts of ``source`` in no clause (the title, a signature)
    facts: tuple[Fact, ...] = ()  # each with its words; those of ``document`` that a person states are not here
    layout: str = ""  # what the outline was read from besides ``source`` (see ``layouts.py``), "" where it is not known
