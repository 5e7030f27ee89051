"""Opening the knowledge base beside the page: a thread opens it, the page asks how far it is."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, wait
from threading import Thread
from typing import Protocol

from ingest.errors import KnowledgeBaseError
from ingest.home import Home
from ingest.progress import CallbackProgress, Progress, ProgressState
from ingest.records import Clause, Document, Notice
from ingest.references import Reference
from ingest.validity import Validity
from qa.comparison.records import Comparison, Mode, Text
from qa.drafts.records import DraftCheck
from qa.records import Answer
from qa.selection import Selection
from views.texts import Texts

_log = logging.getLogger(__name__)
_UNEXPECTED = "程序内部出错（{kind}：{words}）。请照说明重新安装后再启动；还不行，把启动窗口里的文字交给管理人员。"
_ENOUGH_SECONDS = 1.5  # an estimate from less is noise


class Reader(Protocol):
    """What the pages ask of the knowledge base; ``qa.engine.Engine`` is one."""

    @property
    def home(self) -> Home:
        """Where it lies; corrections are written there."""

    def ask(
        self, question: str, *, doc_ids: Sequence[str] = (), language: str = "zh", as_of: str | None = None
    ) -> Answer:
        """Answer a question as of a day, today where none is given."""

    def documents(self) -> list[Document]:
        """The documents on hand."""

    def document(self, doc_id: str) -> Document:
        """One document."""

    def outline(self, doc_id: str) -> list[Clause]:
        """A document's clauses in order, headings included."""

    def source(self, doc_id: str) -> str:
        """The text that all spans point into."""

    def notices(self, doc_id: str) -> list[Notice]:
        """What happened when the document was read."""

    def references(self, doc_id: str) -> Sequence[Reference]:
        """The references that a document makes."""

    def referrers(self, doc_id: str) -> Mapping[str, Sequence[Reference]]:
        """The references to each clause of a document, by clause_id."""

    def validities(self, as_of: str | None = None) -> Mapping[str, Validity]:
        """The status of every document on a day, today where none is given."""

    def versions(self) -> list[Document]:
        """Every version of every document, those of one document together, the newest first."""

    def side(self, named: str) -> Text:
        """A document by its id, or one of its versions by DOC@N, to be compared."""

    def compare(self, before: Text, after: Text, mode: Mode | None, audience: Sequence[str]) -> Comparison:
        """Two texts clause by clause; ``mode`` ``None`` finds out how they belong together."""

    def check_draft(self, content: bytes, name: str, as_of: str) -> DraftCheck:
        """A draft's citations and quotations against the documents, as of an ISO day."""

    def listing(self, selection: Selection, *, language: str = "zh", as_of: str | None = None) -> Answer:
        """Every requirement of a selection as of a day (ISO, today where it is not given), as an answer."""


Opener = Callable[[Progress], Reader]


class Opening:
    """An opening under way, done or failed; one for all readers of the page."""

    def __init__(self, opener: Opener) -> None:
        self._future: Future[Reader] = Future()
        self._state: ProgressState | None = None
        # A daemon, so that stopping the server does not wait for a download.
        Thread(target=self._open, args=(opener,), name="open-knowledge-base", daemon=True).start()

    def _open(self, opener: Opener) -> None:
        try:
            self._future.set_result(opener(CallbackProgress(self._note)))
        except KnowledgeBaseError as error:
            self._future.set_exception(error)
        except BaseException as error:  # a thread must hand over whatever ends it, or the page waits for ever
            _log.error("the knowledge base did not open", exc_info=error)
            told = KnowledgeBaseError(_UNEXPECTED.format(kind=type(error).__name__, words=error))
            self._future.set_exception(told)

    def _note(self, state: ProgressState) -> None:
        self._state = state

    @property
    def state(self) -> ProgressState | None:
        """What is being done now, ``None`` before the first long piece of work."""
        return self._state

    @property
    def finished(self) -> bool:
        """Whether it is open or has failed."""
        return self._future.done()

    def wait(self, seconds: float) -> bool:
        """Whether it is finished, after waiting at most ``seconds`` for it."""
        wait([self._future], timeout=seconds)
        return self._future.done()

    def reader(self) -> Reader:
        """The open knowledge base.

        Raises:
            KnowledgeBaseError: it could not be opened.
        """
        return self._future.result()


def state_words(state: ProgressState, texts: Texts) -> str:
    """The work under way in plain words, with the share done and the time left; work that is done is not named."""
    if state.fraction == 1:
        return texts.say("loading.title")
    parts = [texts.entries.get(f"stage.{state.label}") or texts.say("loading.title")]
    if state.total is not None and state.total > 1:
        parts.append(f"{state.fraction:.0%}")
    left = state.seconds_left
    if left and state.done and state.seconds >= _ENOUGH_SECONDS:
        parts.append(_left(left, texts))
    return " · ".join(parts)


def _left(seconds: float, texts: Texts) -> str:
    if seconds < 90:
        return texts.say("loading.left_seconds", seconds=max(5, round(seconds / 5) * 5))
    return texts.say("loading.left_minutes", minutes=round(seconds / 60))
