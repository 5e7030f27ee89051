"""Opening the knowledge base beside the page: a thread opens it, the page asks how far it is."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Thread
from typing import Protocol

from ingest.records import Clause, Document, Notice
from qa.records import Answer
from views.texts import Texts

Progress = Callable[[str, int, int], None]
_STAGES = ("model", "corpus", "embed")
_ENOUGH_SECONDS = 1.5  # an estimate from less is noise


class Reader(Protocol):
    """What the pages ask of the knowledge base; ``qa.engine.Engine`` is one."""

    def ask(self, question: str, *, doc_ids: Sequence[str] = (), language: str = "zh") -> Answer:
        """Answer a question."""

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


Opener = Callable[[Progress], Reader]


@dataclass(frozen=True, slots=True)
class Stage:
    """How far the opening is: ``done`` of ``total`` in the stage ``name``, ``seconds`` after it began."""

    name: str
    done: int
    total: int
    seconds: float

    @property
    def share(self) -> float:
        """The part that is done, 0..1; 0 where the total is unknown."""
        return min(self.done / self.total, 1.0) if self.total > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """The time left at the rate so far, ``None`` while there is too little to tell."""
        if self.seconds < _ENOUGH_SECONDS or not 0 < self.done < self.total:
            return None
        return self.seconds / self.done * (self.total - self.done)


class Opening:
    """An opening under way, done or failed; one for all readers of the page."""

    def __init__(self, opener: Opener) -> None:
        self._future: Future[Reader] = Future()
        self._stage = Stage("", 0, 0, 0.0)
        self._began = time.monotonic()
        # A daemon, so that stopping the server does not wait for a download.
        Thread(target=self._open, args=(opener,), name="open-knowledge-base", daemon=True).start()

    def _open(self, opener: Opener) -> None:
        try:
            self._future.set_result(opener(self._note))
        except BaseException as error:  # handed to whoever asks for the result, as Future does it
            self._future.set_exception(error)

    def _note(self, name: str, done: int, total: int) -> None:
        if name != self._stage.name:
            self._began = time.monotonic()
        self._stage = Stage(name, done, total, time.monotonic() - self._began)

    @property
    def stage(self) -> Stage:
        """How far it is."""
        return self._stage

    @property
    def finished(self) -> bool:
        """Whether it is open or has failed."""
        return self._future.done()

    def wait(self, seconds: float) -> bool:
        """Whether it is finished, after waiting at most ``seconds`` for it."""
        deadline = time.monotonic() + seconds
        while not self._future.done() and time.monotonic() < deadline:
            time.sleep(0.01)
        return self._future.done()

    def reader(self) -> Reader:
        """The open knowledge base.

        Raises:
            KnowledgeBaseError: it could not be opened.
        """
        return self._future.result()


def stage_words(stage: Stage, texts: Texts) -> str:
    """The stage in plain words with the share done and the time left."""
    name = texts.say(f"loading.{stage.name if stage.name in _STAGES else 'other'}")
    parts = [name]
    if stage.total > 0:
        parts.append(f"{stage.share:.0%}")
    if (left := stage.seconds_left) is not None:
        parts.append(_left(left, texts))
    return " · ".join(parts)


def _left(seconds: float, texts: Texts) -> str:
    if seconds < 90:
        return texts.say("loading.left_seconds", seconds=max(5, round(seconds / 5) * 5))
    return texts.say("loading.left_minutes", minutes=round(seconds / 60))
