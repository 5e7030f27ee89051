"""References between clauses and documents: 《…》第十条, 本办法第五条, 前款, and what they mean in the collection.

What a text refers to depends on which documents there are and which of them are in force, so targets are worked out
when they are asked for and never stored. A document is meant where its title is the name that is written, or where a
short name says so (以下简称), or where a notice says in its title that it issues the text; an order number, an edition
or a date of issue that is written beside the name must agree. Nothing else is guessed: what is not found is told as
such.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from ingest.assembly import cited_locator
from ingest.dates import DATE, iso_date
from ingest.fact_reading import order_number
from ingest.markers import ARTICLE
from ingest.records import Clause, Document, Span
from ingest.reference_places import Places, Target
from ingest.reference_reading import Mention, Part, pattern, read_aliases, read_mentions, words
from ingest.storage import Store

State = Literal["found", "document", "no_document", "no_place", "several", "unclear"]

VERSIONED_RANKS = frozenset({"law", "administrative_regulation", "local_regulation"})  # of one name, one is in force
_STATE_NAME = "中华人民共和国"
_EDITION = re.compile(r"[（(]\s*((?:19|20)\d{2})(?:年|[-.]\d{1,2}[-.]\d{1,2})?[^（）()〔〕号]{0,12}[）)]")
_EDITION_END = re.compile(r"\((?:19|20)\d{2}[^()]*\)$")
_ISSUES = re.compile(r"关于(?:印发|发布|公布|颁发|颁布|修订印发)(.{4,80}?)的?(?:通知|公告|通告|决定|令)$")
_DATED = re.compile(
    rf"({DATE})[^，。；《》\n]{{0,50}}(?:发布|公布|颁布|颁发|通过|批准|制定|印发)(?:施行|试行|实施|执行)?的?$"
)
_SQUEEZED = re.compile(r"[\s《》〈〉<>“”\"'‘’]+")
_LAST_WORDS = re.compile(r"[^\s，。；：、,;:（）()《》“”\"]{1,40}$")  # what stands unbroken before a number
_NUMBERED = re.compile(r"\([一二三四五六七八九十]+\)$")
_FRAGMENT = re.compile(r"[\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference and what it means.

    ``span`` is the place of ``words`` in the text of the clause that makes it. ``title`` is the name of another
    document as written, "" for the same document. ``doc_id`` is the document that is meant, ``None`` where there is
    none. ``state``: "found" (``targets`` holds the clauses, all of a range), "document" (a document as a whole),
    "no_document" (not in the collection), "no_place" (it has no such clause), "several" (documents of one name, none of
    which is the one in force), "unclear" (the words do not say which document). ``from_place`` and ``to_place`` are
    the places of both as staff cite them, of a range its ends. ``newer_text`` is the day of issue of
    the text that was found where that is later than the text that refers to it: its numbers may be others by now.
    """

    clause_id: str
    span: Span
    words: str
    title: str
    doc_id: str | None
    targets: tuple[Target, ...]
    state: State
    from_place: str = ""
    to_place: str = ""
    newer_text: str | None = None


@lru_cache(maxsize=1 << 14)
def title_key(title: str) -> str:
    """A title without the state's name, brackets around names, blanks and the edition: what two spellings share."""
    bare = _SQUEEZED.sub("", unicodedata.normalize("NFKC", title)).replace(_STATE_NAME, "")
    return _EDITION_END.sub("", bare)


class Titles:
    """The documents by their names. ``outdated`` are those not in force on the day that is asked about."""

    def __init__(self, documents: Iterable[Document], outdated: Collection[str] = ()) -> None:
        self._outdated = frozenset(outdated)
        self._named: dict[str, list[Document]] = defaultdict(list)
        self._issued: dict[str, list[Document]] = defaultdict(list)
        for document in documents:
            self._named[title_key(document.title)].append(document)
            if issued := _ISSUES.search(title_key(document.title)):
                self._issued[issued.group(1)].append(document)

    def meant(
        self, title: str, stated: str = "", before: str = "", written_on: str | None = None
    ) -> tuple[Document, ...]:
        """The documents that a name may mean: one where it is settled, none where it is not in the collection.

        With ``written_on`` a law is meant as it read then, where that text is at hand: its numbers are those written.
        """
        key = title_key(title)
        fitting = self._agreeing(self._named.get(key, ()), stated, before) or self._agreeing(
            self._issued.get(key, ()), stated, before
        )
        if written_on and all(one.rank in VERSIONED_RANKS for one in fitting):
            then = [one for one in fitting if one.issued_on is not None and one.issued_on <= written_on]
            if then:
                return (max(then, key=lambda one: one.issued_on or ""),)
        current = [one for one in fitting if one.doc_id not in self._outdated]
        return tuple(current or fitting)

    def _agreeing(self, documents: Sequence[Document], stated: str, before: str) -> list[Document]:
        """Those whose number, edition and date of issue are what is written beside the name."""
        fitting = list(documents)
        if number := order_number(stated.strip("（）()")) if "号" in stated else None:
            fitting = [one for one in fitting if one.doc_number is not None and order_number(one.doc_number) == number]
        elif edition := _EDITION.search(stated):
            fitting = [one for one in fitting if edition.group(1) in _years(one)]
        if dated := _DATED.search(before):
            day = iso_date(dated.group(1))
            fitting = [one for one in fitting if one.issued_on is not None and one.issued_on == day]
        return fitting

    def holds(self, name: str, aliases: Mapping[str, str]) -> bool:
        """Whether a name without 《》 is a title, or a short name, as a whole."""
        return title_key(name) in self._named or title_key(name) in aliases

    def ending(self, text: str, aliases: Mapping[str, str]) -> str:
        """The name without 《》 that ends ``text`` ("依照刑法"), "" for none or for the end of a longer name."""
        last = _LAST_WORDS.search(text)
        folded = unicodedata.normalize("NFKC", last.group()) if last else ""
        if not folded.endswith((*words("names"), *aliases)):
            return ""
        for start in range(len(folded) - 1):
            name = folded[start:]
            if name in aliases or title_key(name) in self._named:
                return name if not start or folded[:start].endswith(words("borders")) else ""
        return ""


def _years(document: Document) -> set[str]:
    in_title = _EDITION.search(document.title)
    known = (document.issued_on or "")[:4], (document.effective_on or "")[:4], in_title.group(1) if in_title else ""
    return set(filter(None, known))


class References:
    """The references of a collection; what has been worked out is kept.

    Args:
        documents: all documents.
        clauses_of: gives the clauses of a document in order.
        clauses_with: gives the clauses, of any document, whose text holds the words.
        outdated: ids of documents that are not in force on the day that is asked about.
    """

    def __init__(
        self,
        documents: Sequence[Document],
        clauses_of: Callable[[str], Sequence[Clause]],
        clauses_with: Callable[[str], Sequence[Clause]],
        outdated: Collection[str] = (),
    ) -> None:
        self._documents = {document.doc_id: document for document in documents}
        self._clauses_of = clauses_of
        self._clauses_with = clauses_with
        self._titles = Titles(documents, outdated)
        self._places: dict[str, Places] = {}
        self._made: dict[str, tuple[Reference, ...]] = {}
        self._received: dict[str, dict[str, tuple[Reference, ...]]] = {}

    def of_document(self, doc_id: str) -> tuple[Reference, ...]:
        """The references that a document makes, in order."""
        if doc_id not in self._made:
            clauses = self._clauses_of(doc_id)
            self._made[doc_id] = tuple(self._read(clauses, _aliases(clauses)))
        return self._made[doc_id]

    def to_document(self, doc_id: str) -> dict[str, tuple[Reference, ...]]:
        """By clause of a document: the references to it from other clauses, its own document's first."""
        if doc_id not in self._received:
            found: dict[str, list[Reference]] = defaultdict(list)
            for reference in (*self.of_document(doc_id), *self._from_others(doc_id)):
                for target in reference.targets if reference.doc_id == doc_id else ():
                    if target.clause_id != reference.clause_id:
                        found[target.clause_id].append(reference)
            self._received[doc_id] = {clause_id: tuple(rows) for clause_id, rows in found.items()}
        return self._received[doc_id]

    def _from_others(self, doc_id: str) -> Iterator[Reference]:
        """The references of other documents that name this one; only clauses that hold its name are read."""
        title = self._documents[doc_id].title
        naming: dict[str, list[Clause]] = defaultdict(list)
        for clause in self._clauses_with(fragment_of(title)):
            if clause.doc_id != doc_id:
                naming[clause.doc_id].append(clause)
        for source, clauses in naming.items():
            aliases = _aliases(clauses)
            if any(doc_id in self._ids(full) for full in aliases.values()):
                clauses = list(self._clauses_of(source))
            yield from self._read(clauses, aliases, named_only=True)

    def _ids(self, title: str) -> list[str]:
        return [document.doc_id for document in self._titles.meant(title)]

    def _read(
        self, clauses: Sequence[Clause], aliases: Mapping[str, str], *, named_only: bool = False
    ) -> Iterator[Reference]:
        for clause in clauses:
            for mention in read_mentions(clause):
                if named_only and mention.anchor not in ("title", "name", "bare", "annex"):
                    continue
                found = self._resolved(clause, mention, aliases)
                if found is not None:
                    yield found

    def _resolved(self, clause: Clause, mention: Mention, aliases: Mapping[str, str]) -> Reference | None:
        title = mention.title
        if mention.anchor == "name" and not self._titles.holds(title, aliases):
            return None  # part of a longer name, or a law that is not on hand: nothing is certain
        if mention.anchor in ("bare", "annex") and not title:
            title = self._titles.ending(mention.before, aliases)
        if title:
            return self._in_another(clause, mention, aliases.get(title_key(title), title))
        own_title = title_key(self._documents[clause.doc_id].title)
        unnamed = mention.anchor == "other" or (mention.anchor == "bare" and _follows_a_name(mention.before))
        if unnamed or changes_another(own_title) or _is_quoted(clause.text, mention.span):
            return _told(clause, mention, "", "unclear")
        places, elsewhere = self._places_of(clause.doc_id), not own_title.endswith(mention.own or own_title)
        found = [_own(places, mention, place, clause, elsewhere=elsewhere) for place in mention.places or ((),)]
        targets = _targets(places, found, mention)
        state: State = "found" if targets else "no_place"
        return _told(clause, mention, "", state, clause.doc_id, targets, places.words_for(targets))

    def _in_another(self, clause: Clause, mention: Mention, title: str) -> Reference | None:
        written_on = self._documents[clause.doc_id].issued_on
        documents = self._titles.meant(title, mention.stated, mention.before, written_on if mention.places else None)
        if len(documents) != 1:
            return _told(clause, mention, title, "several" if documents else "no_document")
        doc_id = documents[0].doc_id
        if not mention.places:
            return None if doc_id == clause.doc_id else _told(clause, mention, title, "document", doc_id)
        places = self._places_of(doc_id)
        targets = _targets(places, [places.named(place) for place in mention.places], mention)
        state: State = "found" if targets else "no_place"
        found = _told(clause, mention, title, state, doc_id, targets, places.words_for(targets))
        issued_on = documents[0].issued_on
        newer = written_on is not None and issued_on is not None and issued_on > written_on
        return replace(found, newer_text=issued_on) if newer else found

    def _places_of(self, doc_id: str) -> Places:
        if doc_id not in self._places:
            self._places[doc_id] = Places(self._clauses_of(doc_id))
        return self._places[doc_id]


def _aliases(clauses: Iterable[Clause]) -> dict[str, str]:
    return {title_key(short): full for short, full in read_aliases(clause.text for clause in clauses).items()}


def changes_another(title: str) -> bool:
    """Whether a text of this title changes another one, so that bare numbers and 本法 in it are that one's."""
    return pattern("amending").search(_NUMBERED.sub("", title_key(title))) is not None


def _own(
    places: Places, mention: Mention, place: tuple[Part, ...], clause: Clause, *, elsewhere: bool
) -> tuple[Target, ...]:
    """What one place of a mention means within its own document."""
    absolute = bool(place) and place[0].unit in ("附件", "编", "部分", "章", "节", "条")
    if mention.anchor == "before" and not absolute:
        return places.before(mention, clause, place)
    if mention.anchor == "same" and not absolute:
        return places.within(mention.own, place, clause, mention.span.start)
    if mention.anchor in ("own", "annex") or absolute:
        return places.own(place, clause, elsewhere=elsewhere)
    return places.relative(place, clause)


def _targets(places: Places, found: list[tuple[Target, ...]], mention: Mention) -> tuple[Target, ...]:
    """All targets of a mention; none where one of its places is not there."""
    if not all(found):
        return ()
    if mention.through:
        return places.between(found[0][0], found[1][-1])
    return tuple(dict.fromkeys(target for targets in found for target in targets))


def _told(
    clause: Clause,
    mention: Mention,
    title: str,
    state: State,
    doc_id: str | None = None,
    targets: tuple[Target, ...] = (),
    to_place: str = "",
) -> Reference:
    place = cited_locator(clause)
    return Reference(clause.clause_id, mention.span, mention.words, title, doc_id, targets, state, place, to_place)


def _follows_a_name(before: str) -> bool:
    """Whether the end of a document's name stands right before a number: which document is not known here."""
    folded = before.rstrip().removesuffix("的")
    return folded.endswith((*words("names"), "》")) and not folded.endswith(("本法", "等规定"))


def _is_quoted(text: str, span: Span) -> bool:
    """Whether the words stand within a quotation: new wording for another text, or another text's own."""
    before = text[: span.start]
    return before.count("“") > before.count("”") or before.count('"') % 2 == 1


def fragment_of(title: str) -> str:
    """The longest run of characters of a title, which every spelling of a reference to it holds."""
    key = title_key(title)
    issued = _ISSUES.search(key)
    runs = _FRAGMENT.findall(issued.group(1) if issued else key)
    return max(runs, key=len, default=key)


def referring_to(clause: Clause, received: Mapping[str, Sequence[Reference]]) -> list[Reference]:
    """The references to a clause and to the article that it is part of, of those to its document."""
    top = next((depth for depth, step in enumerate(clause.path, 1) if step.code == ARTICLE), len(clause.path))
    steps = clause.clause_id.split(".")
    ids = [".".join(steps[: depth + 1]) for depth in range(len(clause.path), top - 1, -1)]
    return [row for clause_id in ids for row in received.get(clause_id, ()) if row.clause_id != clause.clause_id]


def read_references(store: Store, outdated: Collection[str] = ()) -> References:
    """The references of a store, read from it as they are asked for; the store stays open meanwhile."""
    return References(store.documents(), store.clauses, store.clauses_with, outdated)
