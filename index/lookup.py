"""Look-up of named clauses: "《民法典》第一千零八十八条" is found by its number, not by likeness.

The result tells apart what was found, a document that is not in the base, and a document that has no such clause.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from index.directory import Directory, Holding, fits
from index.english import is_english
from index.english_reference import english_reference, english_told
from index.law_names import nicknames
from index.lookup_reading import Part, Place, Reading, bare_title, read_reference, short_title
from index.lookup_words import document_endings, exact_endings, place_endings, self_names
from ingest import markers
from ingest.markers import ARABIC, ARTICLE, ITEM, SECTION
from ingest.records import Clause, Document, Span, Step

_ALSO_CALLED = {SECTION: (ITEM,), ARTICLE: (ARABIC, ITEM)}
SHORTEST_STEM = 2
MOST_DOCUMENTS = 5
_EDITION = re.compile(r"\([^()]*[年修版][^()]*\)$")
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


def find_named(query: str, directory: Directory, doc_ids: Collection[str] = ()) -> NamedLookup | None:
    """Look up the clause that a question names; ``None`` where it names none or asks about a subject.

    Args:
        query: the question.
        directory: the places of the collection.
        doc_ids: the documents to look in, all where none is named.
    """
    english = english_reference(query) if is_english(query) else None
    if english is None:
        return _find_chinese(query, directory, doc_ids)
    if english.unknown:
        return None if english_told(query) else NamedLookup(english.unknown, None)
    found = [_find_chinese(each, directory, doc_ids) for each in english.queries]
    return next((each for each in found if each and each.clauses), next(filter(None, found), None))


def _find_chinese(query: str, directory: Directory, doc_ids: Collection[str]) -> NamedLookup | None:
    reading = read_reference(query, directory.titles, directory.headings)
    if reading is None or not reading.talk_only:
        return None
    named = _named_documents(reading, directory.holdings(doc_ids))
    if named is None:
        return NamedLookup(reading.document, None)
    if not reading.places:
        return None  # a whole document is not a clause
    return _joined([_find(place, named) for place in reading.places])


def _joined(found: list[NamedLookup | None]) -> NamedLookup | None:
    """Several places in one question: their clauses together; what is missing is told where nothing was found."""
    known = [lookup for lookup in found if lookup is not None]
    hits = [lookup for lookup in known if lookup.clauses]
    if len(hits) < 2:
        return next(iter(hits or known), None)
    clauses = tuple(dict.fromkeys(clause for lookup in hits for clause in lookup.clauses))
    return NamedLookup("、".join(lookup.asked for lookup in hits), hits[0].document, clauses)


def _named_documents(reading: Reading, holdings: list[Holding]) -> list[Holding] | None:
    """The documents a question means, all where it names none; ``None`` where the one it names is not there."""
    name = short_title(reading.document)
    if not name or name in self_names():
        return holdings
    same = [holding for holding in holdings if holding.bare_name == bare_title(name)]
    exact = [holding for holding in same if holding.name == name]
    if exact:  # 解释（二） is another text than 解释; 民法典（2020年公布） is not
        return exact + [other for other in same if other.name != name and _EDITION.search(other.name)]
    called = [holding for holding in holdings if holding.bare_name in nicknames().get(name, ())]
    short = [holding for holding in holdings if _is_short_for(name, holding.bare_name, reading)]
    return same or called or short or None


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


def _find(place: Place, holdings: list[Holding]) -> NamedLookup | None:
    hits = [(holding, matched) for holding in holdings if (matched := _matching(holding, place.parts))]
    if len(hits) > (MOST_DOCUMENTS if place.is_numbered else 1):
        return None  # "第十条" of a large collection, or a heading that documents share, names no place
    if not hits and not place.is_numbered:
        return None
    if hits:
        return _found(place, hits)
    having = [holding for holding in holdings if holding.could_have(place.parts[0])]
    if len(holdings) == 1:
        having = holdings
    if len(having) != 1:
        return None
    return NamedLookup(place.asked, having[0].document, last=_last_there_is(having[0], place.parts))


def _found(place: Place, hits: list[tuple[Holding, list[Clause]]]) -> NamedLookup:
    holding, matched = hits[0]
    if place.paragraph and len(matched) == 1:
        return _found_paragraph(place, holding.document, holding.clauses, matched[0])
    sections = (part for owner, heads in hits for head in heads for part in _with_children(owner.clauses, head))
    return NamedLookup(place.asked, holding.document, tuple(dict.fromkeys(sections)))


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


def _matching(holding: Holding, parts: Sequence[Part]) -> list[Clause]:
    """The clauses and headings that the parts name; the last part is the clause's own step.

    In a text without articles staff call （五） 第五节 and 1. 第一条.
    """
    found = [clause for clause in holding.ending_in(parts[-1]) if _names(clause.path, parts)]
    if found or holding.has_articles:
        # Below a title 第三条 may be any third; where there are articles it is the article.
        return [clause for clause in found if clause.path[-1].code == ARTICLE] or found
    loose = [
        replace(part, codes=part.codes.union(*(_ALSO_CALLED.get(code, ()) for code in part.codes))) for part in parts
    ]
    return [clause for clause in holding.ending_in(loose[-1]) if _names(clause.path, loose)]


def _names(path: Sequence[Step], parts: Sequence[Part]) -> bool:
    if not path or not parts or not fits(path[-1], parts[-1]):
        return False
    at = len(path) - 1
    for part, following in zip(reversed(parts[:-1]), reversed(parts[1:]), strict=True):
        at -= 1
        while at >= 0 and not following.direct and not fits(path[at], part):
            at -= 1
        if at < 0 or not fits(path[at], part):
            return False
    return True


def _with_children(clauses: Sequence[Clause], head: Clause) -> list[Clause]:
    """The clause itself and all below it; headings that say nothing are left out."""
    prefix = f"{head.clause_id}."
    family = [part for part in clauses if part is head or part.clause_id.startswith(prefix)]
    return [part for part in family if part.kind == "clause"]


def _last_there_is(holding: Holding, parts: Sequence[Part]) -> Clause | None:
    """The last clause of the kind that was asked for, below as much of the path as there is."""
    for depth in range(len(parts) - 1, -1, -1):
        parents = _matching(holding, parts[:depth]) if depth else []
        if depth and not parents:
            continue
        prefixes = tuple(f"{parent.clause_id}." for parent in parents)
        below = [part for part in holding.clauses if not depth or part.clause_id.startswith(prefixes)]
        wanted = [part for part in below if part.path and part.path[-1].code in parts[depth].codes]
        if wanted:
            return wanted[-1]
    return holding.clauses[-1] if holding.clauses else None


def _paragraph(clause: Clause, number: int) -> Span | None:
    """The place of paragraph (款) ``number`` in the clause's text; items are parts of their paragraph."""
    paragraphs: list[Span] = []
    for line in _LINE.finditer(clause.text):
        if paragraphs and _ITEM_LINE.match(line.group()):
            paragraphs[-1] = Span(paragraphs[-1].start, line.end())
        else:
            paragraphs.append(Span(line.start(), line.end()))
    return paragraphs[number - 1] if 0 < number <= len(paragraphs) else None
