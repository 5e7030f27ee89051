"""What checking a draft gives: findings with their place in the draft. Sentences for people are in ``report.py``.

Offsets count characters of ``Draft.text``, which is the text as ingest reads the file.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from ingest.records import Clause, Document, Span, Status
from qa.changes import Change

Kind = Literal["citation", "number", "quotation"]
Severity = Literal["wrong", "check", "unchecked", "fine"]
Verdict = Literal[
    "exists",  # the document, and the clause where one is named
    "not_in_force",  # repealed, expired or not yet in force on the day
    "replaced",  # an old law that another one has taken the place of
    "other_version",  # the clause, or the quoted words, stand in another version only
    "no_clause",
    "unread",  # a clause number that could not be read
    "incomplete",  # not in the base's text, which breaks off or lacks a section
    "no_source",
    "no_such_year",  # a version that the draft names by its year is not in the base
    "uncertain",  # a short name that may mean several documents, or one that is nearly right
    "unnamed",  # a clause number with no document named before it
    "number_exists",
    "number_differs",
    "number_elsewhere",  # the base has the number for a document of another title
    "number_unknown",
    "number_unstated",  # the document is in the base, its number is not
    "identical",
    "punctuation",
    "differs",
    "elsewhere",
    "nowhere",
    "found",  # a quotation without a source, word for word in a clause
    "resembles",  # a quotation without a source, near to a clause
    "not_found",  # a quotation without a source, in no clause
]
OWN = "draft"  # the id under which a draft's own clauses are looked up; no document of a base has it
SEVERITIES: tuple[Severity, ...] = ("wrong", "check", "unchecked", "fine")
SEVERITY_OF: dict[Verdict, Severity] = {
    "exists": "fine",
    "not_in_force": "check",
    "replaced": "check",
    "other_version": "check",
    "no_clause": "wrong",
    "unread": "unchecked",
    "incomplete": "unchecked",
    "no_source": "unchecked",
    "no_such_year": "unchecked",
    "uncertain": "check",
    "unnamed": "unchecked",
    "number_exists": "fine",
    "number_differs": "wrong",
    "number_elsewhere": "check",
    "number_unknown": "unchecked",
    "number_unstated": "unchecked",
    "identical": "fine",
    "punctuation": "check",
    "differs": "wrong",
    "elsewhere": "wrong",
    "nowhere": "wrong",
    "found": "fine",
    "resembles": "check",
    "not_found": "unchecked",
}


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """One version of one document, with its clauses and headings in order; each is itself, however alike."""

    document: Document
    clauses: tuple[Clause, ...]
    current: bool  # False for a version that the base has since replaced
    incomplete: bool = False  # the base's text breaks off or lacks a section: what is not there may exist
    status: Status = "unknown"  # on the day of the check

    @property
    def key(self) -> str:
        """Names this version among all of a base."""
        return self.document.doc_id if self.current else f"{self.document.doc_id}@{self.document.version}"

    @property
    def day(self) -> str:
        """The ISO day of this text, "" where unknown."""
        return self.document.issued_on or self.document.effective_on or ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it was read: its text, its title, its own clauses."""

    name: str
    text: str
    title: str
    own: Source
    notes: tuple[str, ...] = ()  # what reading the file left out or guessed


@dataclass(frozen=True, slots=True)
class Note:
    """A remark on a finding: the key of its sentence in ``wording.toml`` and what fills it in."""

    key: str
    names: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One citation, document number or quotation of a draft, and what became of it.

    ``paragraph`` and ``sentence`` count from 1, the sentence within its paragraph. ``clause`` is where the words
    stand or should stand; of ``no_clause`` it is the last one that there is. ``source_words`` is verbatim.
    """

    kind: Kind
    verdict: Verdict
    span: Span
    words: str
    paragraph: int
    sentence: int
    names: tuple[tuple[str, str], ...] = ()  # what fills in the sentence of the verdict
    document: Document | None = None
    current: bool = True  # whether ``document`` is the version that the base shows
    clause: Clause | None = None
    source_words: str = ""
    changes: tuple[Change, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def severity(self) -> Severity:
        """How much it matters."""
        return SEVERITY_OF[self.verdict]


@dataclass(frozen=True, slots=True)
class DraftCheck:
    """All findings of one draft in its order, and what was left aside."""

    draft: Draft
    as_of: str
    findings: tuple[Finding, ...]
    short_quotations: int = 0  # too short to be a quotation of a text; taken for terms
    unpaired: tuple[int, ...] = ()  # paragraphs with a quotation mark that has no partner

    @property
    def counts(self) -> dict[Severity, int]:
        """How many findings of each severity."""
        counted = Counter(finding.severity for finding in self.findings)
        return {severity: counted[severity] for severity in SEVERITIES}
