"""What a search takes and gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ingest.records import Clause, Modality, Span

Mode = Literal["lexical", "dense", "hybrid"]
MODES: tuple[Mode, ...] = ("hybrid", "lexical", "dense")


@dataclass(frozen=True, slots=True)
class Spread:
    """How a question lies to the allowed clauses: mean cosine, that of the nearest, and of the tenth nearest.

    Of fewer than ten clauses the last stands for the tenth; without any clause all are 0. ``lexical_place`` is the
    place of the clause that shares the most words with the question among the nearest by vectors, 0 the first, the
    length of that list where it is not in it.
    """

    mean: float
    best: float
    tenth: float
    lexical_place: int


@dataclass(frozen=True, slots=True)
class Filters:
    """Which clauses may be found, decided before ``top_k``; an empty field allows all.

    Within a field any value suffices; the fields together must all hold. ``audiences`` and ``modalities`` are
    those of the clause's requirements.
    """

    doc_ids: frozenset[str] = frozenset()
    audiences: frozenset[str] = frozenset()
    modalities: frozenset[Modality] = frozenset()
    clause_ids: frozenset[str] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Whether every clause is allowed."""
        return not (self.doc_ids or self.audiences or self.modalities or self.clause_ids)


@dataclass(frozen=True, slots=True)
class ScoreParts:
    """Where a score comes from.

    ``lexical`` is BM25 over words and character pairs (0 and up), ``dense`` the cosine of question and passage
    (-1..1); both depend on the clause and the question alone, not on filters or ``top_k``. ``fused`` orders the
    hybrid ranking.
    """

    lexical: float
    dense: float
    fused: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A clause that a search found. ``matched`` are the question's words in ``clause.text``, in order."""

    clause: Clause
    score: float
    parts: ScoreParts
    matched: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a question that says something about its subject.

    ``weight`` is its inverse document frequency in the general language (about 2 for a very common word, 12 for a
    rare one), so that it does not depend on the corpus. ``synonyms`` are the other words for the same thing.
    """

    word: str
    weight: float
    synonyms: tuple[str, ...] = ()
