"""Look-up of named clauses: "《民法典》第一千零八十八条" is found by its number, not by likeness.

The result tells apart what was found, a document that is not in the base, and a document that has no such clause.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from index.lookup_reading import Part, Place, Reading, folded, read_reference, short_title
from index.lookup_words import document_endings, exact_endings, place_endings, self_names
from ingest import markers
from ingest.markers import ARABIC, ARTICLE, ITEM, SECTION
from ingest.records import Clause, Document, Span, Step

SHORTEST_HEADING = 3
_ALSO_CALLED = {SECTION: (ITEM,), ARTICLE: (ARABIC, ITEM)}
SHORTEST_STEM = 2
MOST_DOCUMENTS = 5
_REMARK = re.compile(r"\([^()]*\)$")
_LINE = re.compile(r"[^\n]*\S[^\n]*")
_ITEM_LINE = re.compile(r"\s*[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]")


@dataclass(frozen=True, slots=True)
class NamedLookup:
    """What became of a question that names a clause.

    Found: ``clauses`` holds the clause, or all clauses of a named section; ``focus`` is the named paragraph (款)
    in the text of a single clause. Not found, with ``document``: it has no such clause, ``last`` is the last one
    there is. Not found, ``document`` ``None``: the document ``asked`` is not in the base. Where several documents
    have the clause, ``document`` is that of the first.
    """

    asked: str
    document: Document | None
    clauses: tuple[Clause, ...] = ()
    last: Clause | None = None
    focus: Span | None = None


def find_named(query: str, documents: Iterable[Document], clauses: Iterable[Clause]) -> NamedLookup | None:
    """Look up the clause that a question names; ``None`` where it names none or asks about a subject.

    Args:
        query: the question.
        documents: the documents to look in.
        clauses: their clauses and headings, in document order.
    """
    documents, clauses = list(documents), list(clauses)
    headings = sorted(_headings(clauses), key=len, reverse=True)
    titles = [name for document in documents for name in (folded(document.title), short_title(document.title))]
    reading = read_reference(query, titles, headings)
    if reading is None or not reading.talk_only:
        return None
    named = _named_documents(reading, documents)
    if named is None:
        return NamedLookup(reading.document, None)
    if not reading.places:
        return None  # a whole document is not a clause
    owned: dict[str, list[Clause]] = {document.doc_id: [] for document in named}
    for clause in clauses:
        if clause.doc_id in owned:
            owned[clause.doc_id].append(clause)
    groups = [(document, owned[document.doc_id]) for document in named]
    return _joined([_find(place, groups) for place in reading.places])


def _joined(found: list[NamedLookup | None]) -> NamedLookup | None:
    """Several places in one question: their clauses together; what is missing is told where nothing was found."""
    known = [lookup for lookup in found if lookup is not None]
    hits = [lookup for lookup in known if lookup.clauses]
    if len(hits) < 2:
        return next(iter(hits or known), None)
    clauses = tuple(dict.fromkeys(clause for lookup in hits for clause in lookup.clauses))
    return NamedLookup("、".join(lookup.asked for lookup in hits), hits[0].document, clauses)


def _headings(clauses: Iterable[Clause]) -> set[str]:
    titles = {folded(step.title) for clause in clauses for step in clause.path[-1:] if step.title}
    return {title for title in titles if len(title) >= SHORTEST_HEADING}


def _named_documents(reading: Reading, documents: list[Document]) -> list[Document] | None:
    """The documents a question means, all where it names none; ``None`` where the one it names is not there."""
    name = short_title(reading.document)
    if not name or name in self_names():
        return documents
    titled = [(_bare(short_title(document.title)), document) for document in documents]
    same = [document for title, document in titled if title == _bare(name)]
    return same or [document for title, document in titled if _is_short_for(name, title, reading)] or None


def _bare(title: str) -> str:
    """A title without what stands in brackets after it: (试行), (2018年修正)."""
    return _REMARK.sub("", title)


def _is_short_for(name: str, title: str, reading: Reading) -> bool:
    """Whether ``name`` is a short name of ``title``: the same kind of document, the stem in its title.

    七进方案 is one of 全区深化民族团结进步创建七进活动行动方案. A law or regulation has its own name: only the place
    before it may be left out, and not inside 《》.
    """
    ending = next((ending for ending in document_endings() if name.endswith(ending)), "")
    stem = name.removesuffix(ending)
    if not ending or len(stem) < SHORTEST_STEM or not title.endswith(ending):
        return False
    if ending in exact_endings():
        place = title.removesuffix(name)
        return not reading.quoted and place != title and place.endswith(place_endings())
    return stem in title


def _find(place: Place, groups: list[tuple[Document, list[Clause]]]) -> NamedLookup | None:
    found = [(document, owned, _matching(owned, place.parts)) for document, owned in groups]
    hits = [(document, owned, matched) for document, owned, matched in found if matched]
    if len(hits) > (MOST_DOCUMENTS if place.is_numbered else 1):
        return None  # "第十条" of a large collection, or a heading that documents share, names no place
    if not hits and not place.is_numbered:
        return None
    if hits:
        return _found(place, hits)
    having = [(document, owned) for document, owned in groups if _could_have(owned, place.parts[0])]
    if len(groups) == 1:
        having = groups
    if len(having) != 1:
        return None
    document, owned = having[0]
    return NamedLookup(place.asked, document, last=_last_there_is(owned, place.parts))


def _found(place: Place, hits: list[tuple[Document, list[Clause], list[Clause]]]) -> NamedLookup:
    document, owned, matched = hits[0]
    if place.paragraph and len(matched) == 1:
        return _found_paragraph(place, document, owned, matched[0])
    sections = tuple(part for _, owned, heads in hits for head in heads for part in _with_children(owned, head))
    clauses = tuple(dict.fromkeys(sections))
    return NamedLookup(place.asked, document, clauses)


def _found_paragraph(place: Place, document: Document, owned: list[Clause], head: Clause) -> NamedLookup:
    """One paragraph (款): a clause of its own below ``head``, or a place in its text."""
    below = [clause for clause in owned if clause.clause_id.startswith(f"{head.clause_id}.")]
    named = [clause for clause in below if _is_paragraph(clause.path[-1]) and clause.path[-1].number == place.paragraph]
    if named:
        return NamedLookup(place.asked, document, tuple(_with_children(owned, named[0])))
    if any(_is_paragraph(clause.path[-1]) for clause in below):
        last = [clause for clause in below if _is_paragraph(clause.path[-1])][-1]
        return NamedLookup(place.asked, document, last=last)
    focus = _paragraph(head, place.paragraph)
    if focus is None:
        return NamedLookup(place.asked, document, last=head)
    return NamedLookup(place.asked, document, tuple(_with_children(owned, head)), focus=focus)


def _is_paragraph(step: Step) -> bool:
    return step.code == markers.PARAGRAPH and step.number > 0


def _matching(clauses: Sequence[Clause], parts: Sequence[Part]) -> list[Clause]:
    """The clauses and headings that the parts name; the last part is the clause's own step.

    In a text without articles staff call （五） 第五节 and 1. 第一条.
    """
    found = [clause for clause in clauses if _names(clause.path, parts)]
    if found or any(step.code == ARTICLE for clause in clauses for step in clause.path):
        return found
    loose = [
        replace(part, codes=part.codes.union(*(_ALSO_CALLED.get(code, ()) for code in part.codes))) for part in parts
    ]
    return [clause for clause in clauses if _names(clause.path, loose)]


def _names(path: Sequence[Step], parts: Sequence[Part]) -> bool:
    if not path or not parts or not _fits(path[-1], parts[-1]):
        return False
    at = len(path) - 1
    for part, following in zip(reversed(parts[:-1]), reversed(parts[1:]), strict=True):
        at -= 1
        while at >= 0 and not following.direct and not _fits(path[at], part):
            at -= 1
        if at < 0 or not _fits(path[at], part):
            return False
    return True


def _fits(step: Step, part: Part) -> bool:
    if part.title and folded(step.title) != part.title:
        return False
    numbered = step.code in part.codes and step.number == part.number and step.suffix == part.suffix
    return numbered or not part.number


def _with_children(clauses: Sequence[Clause], head: Clause) -> list[Clause]:
    """The clause itself and all below it; headings that say nothing are left out."""
    prefix = f"{head.clause_id}."
    family = [part for part in clauses if part is head or part.clause_id.startswith(prefix)]
    return [part for part in family if part.kind == "clause"]


def _could_have(clauses: Sequence[Clause], part: Part) -> bool:
    """Whether the document numbers that way, or has that heading."""
    steps = [clause.path[-1] for clause in clauses if clause.path]
    return any(_fits(step, part) if part.title else step.code in part.codes for step in steps)


def _last_there_is(clauses: Sequence[Clause], parts: Sequence[Part]) -> Clause | None:
    """The last clause of the kind that was asked for, below as much of the path as there is."""
    for depth in range(len(parts) - 1, -1, -1):
        parents = _matching(clauses, parts[:depth]) if depth else []
        if depth and not parents:
            continue
        prefixes = tuple(f"{parent.clause_id}." for parent in parents)
        below = [part for part in clauses if not depth or part.clause_id.startswith(prefixes)]
        wanted = [part for part in below if part.path and part.path[-1].code in parts[depth].codes]
        if wanted:
            return wanted[-1]
    return clauses[-1] if clauses else None


def _paragraph(clause: Clause, number: int) -> Span | None:
    """The place of paragraph (款) ``number`` in the clause's text; items are parts of their paragraph."""
    paragraphs: list[Span] = []
    for line in _LINE.finditer(clause.text):
        if paragraphs and _ITEM_LINE.match(line.group()):
            paragraphs[-1] = Span(paragraphs[-1].start, line.end())
        else:
            paragraphs.append(Span(line.start(), line.end()))
    return paragraphs[number - 1] if 0 < number <= len(paragraphs) else None
