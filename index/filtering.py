"""Filters as masks over the rows of the index, decided before any ranking."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from index.dense import Mask
from index.records import Filters
from ingest.records import Clause, Requirement


@dataclass(frozen=True, slots=True)
class Facets:
    """What filters ask of each row."""

    doc_ids: tuple[str, ...]
    clause_ids: tuple[str, ...]
    requirements: tuple[tuple[Requirement, ...], ...]

    @classmethod
    def of(cls, rows: Sequence[Clause], requirements: Iterable[Requirement]) -> Facets:
        """The facets of the clauses that are rows of the index."""
        by_clause: dict[str, list[Requirement]] = {}
        for requirement in requirements:
            by_clause.setdefault(requirement.clause_id, []).append(requirement)
        return cls(
            tuple(clause.doc_id for clause in rows),
            tuple(clause.clause_id for clause in rows),
            tuple(tuple(by_clause.get(clause.clause_id, ())) for clause in rows),
        )

    def mask(self, filters: Filters) -> Mask | None:
        """Which rows may be found, shape (n,); ``None`` where all may."""
        if filters.is_empty:
            return None
        mask = np.ones(len(self.doc_ids), dtype=np.bool_)
        if filters.doc_ids:
            mask &= np.fromiter((doc_id in filters.doc_ids for doc_id in self.doc_ids), np.bool_, len(mask))
        if filters.clause_ids:
            mask &= np.fromiter((clause in filters.clause_ids for clause in self.clause_ids), np.bool_, len(mask))
        if filters.audiences or filters.modalities:
            fits = (any(_fits(part, filters) for part in parts) for parts in self.requirements)
            mask &= np.fromiter(fits, np.bool_, len(mask))
        return mask


def _fits(requirement: Requirement, filters: Filters) -> bool:
    """Whether one requirement meets audience and modality at once: "学校必须" is one duty, not two."""
    return (not filters.audiences or bool(filters.audiences.intersection(requirement.audience))) and (
        not filters.modalities or requirement.modality in filters.modalities
    )
