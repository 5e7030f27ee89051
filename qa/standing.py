"""How documents stand to each other and to a day, read from the store once for each of its revisions.

Validity is read whole, it is small; references are read document by document as they are asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from threading import RLock

from ingest.home import Home
from ingest.records import Clause
from ingest.references import References
from ingest.storage import Store
from ingest.validity import Validity, outdated, read_validities

REMEMBERED_DAYS = 32


class Standing:
    """Validities and references of one knowledge base; safe to share between threads."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._lock = RLock()
        self._revision = ""
        self._validities: dict[tuple[str, str], Mapping[str, Validity]] = {}
        self._references: dict[str, References] = {}

    def validities(self, revision: str, day: str, today: str) -> Mapping[str, Validity]:
        """The status of every document on ``day``, by doc_id."""
        with self._lock:
            self._keep(revision)
            if (day, today) not in self._validities:
                with Store.open(self._home) as store:
                    self._validities[day, today] = read_validities(store, day, today)
            return self._validities[day, today]

    def references(self, revision: str, day: str) -> References:
        """The references of the collection as of ``day``, which is today."""
        with self._lock:
            self._keep(revision)
            if day not in self._references:
                with Store.open(self._home) as store:
                    documents = store.documents()
                found = outdated(self.validities(revision, day, day))
                self._references[day] = References(documents, self._clauses_of, self._clauses_with, found)
            return self._references[day]

    def _keep(self, revision: str) -> None:
        """Forget what belongs to another revision, and what has been asked of many days."""
        if revision != self._revision or len(self._validities) > REMEMBERED_DAYS:
            self._revision = revision
            self._validities.clear()
            self._references.clear()

    def _clauses_of(self, doc_id: str) -> Sequence[Clause]:
        with Store.open(self._home) as store:
            return store.clauses(doc_id)

    def _clauses_with(self, words: str) -> Sequence[Clause]:
        with Store.open(self._home) as store:
            return store.clauses_with(words)
