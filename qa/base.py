"""What the answering room knows of the collection: a frozen view over store and index, reread when they change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from index.directory import Directory
from ingest import tables
from ingest.home import Home
from ingest.records import Clause, Document, Notice, Requirement
from ingest.requirements import STATING_RANKS, audience_of_path
from ingest.storage import Store
from qa.questions import fold

SAMPLE_SIZE = 1500  # clauses; a share is needed to a few hundredths only


@dataclass(frozen=True, slots=True)
class Gap:
    """A section that a document names and does not have, and the clause that names it."""

    document: Document
    section: str
    named_in: Clause | None


@dataclass(frozen=True, slots=True)
class Base:
    """Documents, clauses and requirements of one store revision."""

    revision: str
    documents: Mapping[str, Document]
    clauses: Mapping[str, Clause]
    requirements: tuple[Requirement, ...]
    requirements_of: Mapping[str, tuple[Requirement, ...]]  # by clause_id
    notices: Mapping[str, tuple[Notice, ...]]  # by doc_id
    gaps: tuple[Gap, ...]
    sample: tuple[str, ...]  # folded texts of clauses with their paths, evenly taken
    directory: Directory
    binding_rows: Mapping[str, tuple[int, ...]]  # rows of ``requirements`` by audience key

    def share_of_clauses(self, forms: Iterable[str]) -> float:
        """The share of clauses, 0..1, that hold any of the folded forms; measured on the sample."""
        wanted = tuple(forms)
        if not self.sample:
            return 0.0
        return sum(any(form in text for form in wanted) for text in self.sample) / len(self.sample)

    def audience_of(self, clause: Clause) -> frozenset[str]:
        """The audiences that a clause binds or, by a heading that is their name, is about."""
        said = {key for requirement in self.requirements_of.get(clause.clause_id, ()) for key in requirement.audience}
        return frozenset(said | set(audience_of_path(clause)))

    def written_for_others(self, asked: Iterable[str], clause: Clause) -> bool:
        """Whether the clause stands among directives for audiences other than those asked about.

        In laws a chapter's title names a subject, not an addressee, so only texts of directives count.
        """
        if self.documents[clause.doc_id].rank in STATING_RANKS:
            return False
        wanted = {tables.audiences()[key].within or key for key in asked}
        bound = {tables.audiences()[key].within or key for key in audience_of_path(clause)}
        return bool(wanted and bound and not wanted & bound)

    def binding(self, keys: Iterable[str], doc_ids: Collection[str] = ()) -> list[Requirement]:
        """The requirements that bind any of the audiences, or an audience within one of them, in order."""
        family = frozenset().union(*(tables.audience_family(key) for key in keys))
        rows = sorted({row for key in family for row in self.binding_rows.get(key, ())})
        found = (self.requirements[row] for row in rows)
        return [requirement for requirement in found if not doc_ids or requirement.doc_id in doc_ids]


def read_base(home: Home) -> Base:
    """The collection as the store holds it now."""
    with Store.open(home) as store, store.snapshot():
        revision = store.revision()
        documents = {document.doc_id: document for document in store.documents()}
        clauses = {clause.clause_id: clause for clause in store.clauses()}
        requirements = tuple(store.requirements())
        notices = {doc_id: tuple(store.notices(doc_id)) for doc_id in documents}
    by_clause: dict[str, list[Requirement]] = defaultdict(list)
    by_audience: dict[str, list[int]] = defaultdict(list)
    for row, requirement in enumerate(requirements):
        by_clause[requirement.clause_id].append(requirement)
        for key in requirement.audience:
            by_audience[key].append(row)
    return Base(
        revision=revision,
        documents=documents,
        clauses=clauses,
        requirements=requirements,
        requirements_of={clause_id: tuple(rows) for clause_id, rows in by_clause.items()},
        notices=notices,
        gaps=tuple(_gaps(documents, clauses, notices)),
        sample=_sample([clause for clause in clauses.values() if clause.kind == "clause"]),
        directory=Directory(documents.values(), clauses.values()),
        binding_rows={key: tuple(rows) for key, rows in by_audience.items()},
    )


def _sample(clauses: Sequence[Clause]) -> tuple[str, ...]:
    stride = max(1, len(clauses) // SAMPLE_SIZE)
    return tuple(fold(" ".join((*clause.breadcrumb, clause.text))) for clause in clauses[::stride])


def _gaps(
    documents: Mapping[str, Document], clauses: Mapping[str, Clause], notices: Mapping[str, Sequence[Notice]]
) -> Iterable[Gap]:
    for doc_id, rows in notices.items():
        for notice in rows:
            if notice.kind == "gap" and notice.subject:
                yield Gap(documents[doc_id], notice.subject, _clause_at(clauses, doc_id, notice.offset))


def _clause_at(clauses: Mapping[str, Clause], doc_id: str, offset: int | None) -> Clause | None:
    if offset is None:
        return None
    return next(
        (c for c in clauses.values() if c.doc_id == doc_id and c.span.start <= offset < c.span.end),
        None,
    )
