"""The directory of numbered places: which clauses end in a number or carry a heading, found without walking them all.

Built once for a state of the collection; a question that names a place then looks at the clauses of that number only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from index.law_names import nicknames
from index.lookup_reading import Headings, Part, bare_title, folded, short_title
from ingest.markers import ARTICLE
from ingest.records import Clause, Document, Step

SHORTEST_HEADING = 3

StepKey = tuple[str, int, int]  # code, number, suffix


def fits(step: Step, part: Part) -> bool:
    """Whether a step of a path is the one that ``part`` names."""
    if part.title and folded(step.title) != part.title:
        return False
    numbered = step.code in part.codes and step.number == part.number and step.suffix == part.suffix
    return numbered or not part.number


@dataclass(slots=True)
class Holding:
    """One document's clauses and headings in order, findable by their own step."""

    document: Document
    name: str = ""  # its title without the state's name
    bare_name: str = ""  # and without a remark in brackets
    clauses: list[Clause] = field(default_factory=list)
    by_step: dict[StepKey, list[Clause]] = field(default_factory=lambda: defaultdict(list))
    by_title: dict[str, list[Clause]] = field(default_factory=lambda: defaultdict(list))
    codes: set[str] = field(default_factory=set)
    has_articles: bool = False

    def put(self, clause: Clause) -> None:
        """Take in the next clause."""
        self.clauses.append(clause)
        if not clause.path:
            return
        step = clause.path[-1]
        self.by_step[step.code, step.number, step.suffix].append(clause)
        self.codes.add(step.code)
        self.has_articles = self.has_articles or any(above.code == ARTICLE for above in clause.path)
        if step.title:
            self.by_title[folded(step.title)].append(clause)

    def ending_in(self, part: Part) -> Iterator[Clause]:
        """The clauses whose own step is the one that ``part`` names, in document order."""
        if not part.number:
            yield from self.by_title.get(part.title, ()) if part.title else self.clauses
            return
        found = [clause for code in part.codes for clause in self.by_step.get((code, part.number, part.suffix), ())]
        yield from sorted(found, key=lambda clause: clause.order)

    def could_have(self, part: Part) -> bool:
        """Whether the document numbers that way, or has that heading."""
        if part.title:
            return any(fits(clause.path[-1], part) for clause in self.by_title.get(part.title, ()))
        return bool(self.codes & part.codes)


class Directory:
    """Every document's places.

    Args:
        documents: the documents of the collection.
        clauses: their clauses and headings, in document order.
    """

    def __init__(self, documents: Iterable[Document], clauses: Iterable[Clause]) -> None:
        self._holdings = {
            document.doc_id: Holding(document, short_title(document.title), bare_title(document.title))
            for document in documents
        }
        for clause in clauses:
            if clause.doc_id in self._holdings:
                self._holdings[clause.doc_id].put(clause)
        titles = {title for holding in self._holdings.values() for title in holding.by_title}
        self.headings = Headings(title for title in titles if len(title) >= SHORTEST_HEADING)
        named = [holding.document.title for holding in self._holdings.values()]
        self.titles = Headings(
            [
                *(spelled for title in named for spelled in (folded(title), short_title(title)) if spelled.strip()),
                *self._nicknames(),
            ]
        )

    def _nicknames(self) -> Iterator[str]:
        """Other names of the documents at hand."""
        held = {holding.bare_name for holding in self._holdings.values()}
        return (name for name, means in nicknames().items() if not held.isdisjoint(means))

    def holdings(self, doc_ids: Collection[str] = ()) -> list[Holding]:
        """The places of the documents named, of all where none is."""
        return [h for doc_id, h in self._holdings.items() if not doc_ids or doc_id in doc_ids]
