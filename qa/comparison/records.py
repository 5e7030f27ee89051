"""What a comparison gives: pairs of clauses, what is on one side only, and what was tightened or loosened.

"Before" is the older version or the upper document, "after" the newer version or the one that carries it out.
Likeness and confidence are 0..1.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from ingest.records import Clause, Document, Requirement
from qa.changes import Change

Mode = Literal["versions", "levels"]
PairKind = Literal["same", "changed", "added", "removed"]
Movement = Literal["", "renumbered", "moved"]  # another number in the same order; another place in the order
Basis = Literal["", "identical", "text", "meaning"]
Field = Literal["modality", "quantity", "frequency", "deadline", "requirement"]
Direction = Literal["tightened", "loosened", "changed"]
PAIR_KINDS: tuple[PairKind, ...] = ("changed", "added", "removed", "same")


@dataclass(frozen=True, slots=True)
class Text:
    """One side: a document with its clauses and headings in order, and what they ask."""

    name: str  # as it was asked for: "DOC@2", "方案.docx"
    document: Document
    clauses: tuple[Clause, ...]
    requirements: tuple[Requirement, ...]
    in_base: bool  # its clauses can be opened in the knowledge base


@dataclass(frozen=True, slots=True)
class Nearest:
    """The clause of the other side that comes nearest to one without a partner; no partner of it."""

    clause: Clause
    likeness: float


@dataclass(frozen=True, slots=True)
class Shift:
    """One thing that is asked more or less strictly; ``before`` and ``after`` are verbatim words, "" for none.

    A whole requirement that came or went has the field "requirement"; one that went from one clause to another is
    "changed", with its words on both sides.
    """

    field: Field
    direction: Direction
    before: str
    after: str
    before_requirement: Requirement | None
    after_requirement: Requirement | None


@dataclass(frozen=True, slots=True)
class Pair:
    """A clause of each side that belong together, or one that has no partner.

    ``changes`` is empty for equal words. ``basis`` says what the two were paired by, "" for a clause alone.
    """

    kind: PairKind
    before: Clause | None
    after: Clause | None
    confidence: float = 0.0
    basis: Basis = ""
    movement: Movement = ""
    changes: tuple[Change, ...] = ()
    shifts: tuple[Shift, ...] = ()
    nearest: Nearest | None = None
    punctuation_only: bool = False


@dataclass(frozen=True, slots=True)
class Obligation:
    """An obligation of the upper document: its counterpart below, or the nearest clause where it has none."""

    requirement: Requirement
    clause: Clause
    met: bool
    likeness: float
    counterpart: Requirement | None = None
    counterpart_clause: Clause | None = None
    shifts: tuple[Shift, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """The whole comparison: every clause of both sides stands in exactly one pair.

    ``obligations`` is filled for levels only, those without counterpart first; only those that bind ``audience``
    (keys of corpus/tables/audiences.toml) where it names any. ``by_meaning`` says whether the language model was
    there to compare meanings.
    """

    before: Text
    after: Text
    mode: Mode
    pairs: tuple[Pair, ...]
    obligations: tuple[Obligation, ...] = ()
    by_meaning: bool = True
    audience: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[PairKind, int]:
        """How many pairs of each kind."""
        counted = Counter(pair.kind for pair in self.pairs)
        return {kind: counted[kind] for kind in PAIR_KINDS}

    @property
    def unmet(self) -> tuple[Obligation, ...]:
        """The obligations without counterpart."""
        return tuple(each for each in self.obligations if not each.met)
