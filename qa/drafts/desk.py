"""Checks drafts against one knowledge base and keeps what it read of it until the base changes."""

from __future__ import annotations

from threading import Lock

from ingest.home import Home
from ingest.storage import Store
from qa.drafts.checking import check_draft
from qa.drafts.reading import draft_from_bytes
from qa.drafts.records import DraftCheck
from qa.drafts.sources import Library, read_library


class DraftDesk:
    """One knowledge base's desk for drafts; safe to share between threads."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._lock = Lock()
        self._library: tuple[str, Library] | None = None

    def check(self, content: bytes, name: str, as_of: str) -> DraftCheck:
        """Check the draft in a file's bytes, as of an ISO day.

        Raises:
            UnreadableFile: the file cannot be read.
        """
        draft = draft_from_bytes(content, name)
        return check_draft(draft, self._current(as_of).on(as_of))

    def _current(self, as_of: str) -> Library:
        with self._lock, Store.open(self._home) as store, store.snapshot():
            revision = store.revision()
            if self._library is None or self._library[0] != revision:
                self._library = (revision, read_library(store, as_of))
            return self._library[1]
