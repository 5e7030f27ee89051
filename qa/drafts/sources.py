"""Which document of the base a draft means by a name, and in which version.

Names: the title with or without 中华人民共和国, a short name that the draft defines, a nickname of the table, and for
plans and notices a short form of the title. What may mean several documents, or is only nearly right, is uncertain; a
name that fits none is absent, never wrong.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import SequenceMatcher
from typing import Literal

from index.law_names import Replaced, nicknames, replaced_laws
from index.lookup_reading import short_title
from index.lookup_words import document_endings, exact_endings, place_endings, self_names
from ingest.records import Document
from ingest.storage import Store
from ingest.validity import Repeal, repeals_of, validities
from qa.drafts.records import Note, Source

Outcome = Literal["found", "absent", "uncertain", "replaced", "no_such_year"]
_REMARK = re.compile(r"\([^()]*\)$")
_PLACE = re.compile(rf"^[\u4e00-\u9fff]{{1,7}}?(?:{'|'.join(place_endings())})")
_PREFERENCE = {"in_force": 0, "unknown": 0, "amended": 1, "not_yet": 2, "repealed": 3, "expired": 3}
_TITLE_MARKS = str.maketrans("", "", "《》〈〉<>")  # of a title within a title: 《…实施〈…法〉办法》
_NEARLY = 0.8  # of difflib's 0..1: a character or two of a title are wrong
SHORTEST_STEM = 2


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a name means: the versions of one document, the one to check against first.

    ``candidates`` are the titles that an uncertain name may mean.
    """

    outcome: Outcome
    versions: tuple[Source, ...] = ()
    candidates: tuple[str, ...] = ()
    former: Replaced | None = None
    notes: tuple[Note, ...] = ()
    sure: bool = True  # False for a short form of a title: what does not fit may be another document


@dataclass(frozen=True, slots=True)
class Library:
    """All documents and versions of a base, by folded title without the state's name and without remarks."""

    by_title: Mapping[str, tuple[Source, ...]]
    as_of: str
    repeals: tuple[Repeal, ...] = ()
    defined: Mapping[str, str] = field(default_factory=dict)  # the draft's own short names
    in_full: frozenset[str] = frozenset()  # titles that the draft names in full

    @property
    def sources(self) -> Iterable[Source]:
        """Every version of every document."""
        return (source for versions in self.by_title.values() for source in versions)

    def on(self, day: str, *, today: str | None = None) -> Library:
        """The same library with the status of each version on an ISO day; ``today`` is when it is asked."""
        documents = [replace(source.document, doc_id=source.key) for source in self.sources]
        found = validities(documents, self.repeals, day, today or date.today().isoformat())
        by_title = {
            title: tuple(replace(source, status=found[source.key].status) for source in versions)
            for title, versions in self.by_title.items()
        }
        return replace(self, by_title=by_title, as_of=day)

    def names(self) -> tuple[str, ...]:
        """All names that may stand without 《》: titles, nicknames, former laws, the draft's own short names."""
        return (*self.by_title, *nicknames(), *replaced_laws(), *self.defined)

    def resolve(self, name: str, year: str = "") -> Resolved:
        """What ``name`` means; ``year`` is that of the version that the draft wants, "" for the one in force."""
        title = bare_title(name)
        if title in self.by_title:
            return self._of_year(self.by_title[title], year)
        if title in self.defined and short_title(self.defined[title]) != title:
            return self.resolve(self.defined[title], year)
        if title in nicknames():
            return self._nickname(title, year)
        if title in replaced_laws():
            return Resolved("replaced", former=replaced_laws()[title])
        return self._short_or_near(title, year)

    def _of_year(self, versions: Sequence[Source], year: str, notes: tuple[Note, ...] = ()) -> Resolved:
        ordered = sorted(versions, key=self._order)
        if not year:
            return Resolved("found", tuple(ordered), notes=notes)
        dated = [source for source in ordered if year in (source.day[:4], (source.document.effective_on or "")[:4])]
        if not dated and any(not source.day for source in ordered):
            return Resolved("found", tuple(ordered), notes=(*notes, Note("year_unknown", (("year", year),))))
        rest = [source for source in ordered if source not in dated]
        return Resolved("found" if dated else "no_such_year", (*dated, *rest), notes=notes)

    def _order(self, source: Source) -> tuple[int, bool, bool, int, str]:
        """The version in force on the day first, then the younger; a later one is not yet known on that day."""
        later = bool(source.day) and source.day > self.as_of[: len(source.day)]
        return (_PREFERENCE[source.status], later, not source.current, -_as_number(source.day), source.document.doc_id)

    def _nickname(self, title: str, year: str) -> Resolved:
        meant = nicknames()[title]
        chosen = [full for full in meant if full in self.in_full] if len(meant) > 1 else list(meant)
        if len(chosen) != 1:
            return Resolved("uncertain", candidates=meant)
        note = Note("nickname", (("name", title), ("title", chosen[0])))
        if chosen[0] not in self.by_title:
            return Resolved("absent", candidates=tuple(chosen), notes=(note,))
        return self._of_year(self.by_title[chosen[0]], year, (note,))

    def _short_or_near(self, title: str, year: str) -> Resolved:
        """A plan or notice by a short form of its title; a law or regulation has its own name only."""
        ending = next((ending for ending in document_endings() if title.endswith(ending)), "")
        stem = title.removesuffix(ending)
        if not ending or ending in exact_endings() or len(stem) < SHORTEST_STEM or title in self_names():
            return Resolved("absent")
        same_kind = [full for full in self.by_title if full.endswith(ending)]
        short_for = [full for full in same_kind if stem in full]
        if len(short_for) == 1:
            full = self.by_title[short_for[0]][0].document.title
            found = self._of_year(self.by_title[short_for[0]], year, (Note("short_title", (("title", full),)),))
            return replace(found, sure=False)
        near = [full for full in same_kind if _nearly(title, full)]
        meant = tuple(map(self._title, short_for or near))
        return Resolved("uncertain", candidates=meant) if meant else Resolved("absent")

    def _title(self, name: str) -> str:
        return self.by_title[name][0].document.title


def read_library(store: Store, as_of: str) -> Library:
    """Everything that the store holds, old versions included."""
    found: dict[str, list[Source]] = defaultdict(list)
    with store.snapshot():
        clauses = defaultdict(list)
        for clause in store.clauses():
            clauses[clause.doc_id].append(clause)
        for document in store.documents():
            parts = tuple(clauses[document.doc_id])
            source = Source(document, parts, current=True, incomplete=_is_incomplete(store, document))
            found[bare_title(document.title)].append(source)
            for old in store.versions(document.doc_id)[:-1]:
                parts = tuple(store.clauses(document.doc_id, version=old.version))
                source = Source(old, parts, current=False, incomplete=_is_incomplete(store, old))
                found[bare_title(old.title)].append(source)
        facts = {document.doc_id: store.facts(document.doc_id) for document in store.documents()}
    by_title = {title: tuple(sources) for title, sources in found.items()}
    return Library(by_title, as_of, tuple(repeals_of(facts))).on(as_of)


def _is_incomplete(store: Store, document: Document) -> bool:
    notices = store.notices(document.doc_id, version=document.version)
    return any(notice.kind == "truncated" or (notice.kind == "gap" and notice.subject) for notice in notices)


def bare_title(title: str) -> str:
    """A folded title without the state's name, inner marks, and brackets at its end: (试行), (2018年修正)."""
    return _REMARK.sub("", short_title(title).translate(_TITLE_MARKS))


def _as_number(day: str) -> int:
    return int((day + "00000000").replace("-", "")[:8]) if day else 0


def _nearly(title: str, full: str) -> bool:
    """Whether two titles differ by a slip of the pen; two places are two documents."""
    here, there = _PLACE.match(title), _PLACE.match(full)
    if here and there and here.group() != there.group():
        return False
    return SequenceMatcher(None, title, full, autojunk=False).ratio() >= _NEARLY
