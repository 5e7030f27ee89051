"""How long work reports on itself: label, done, total, rate and the time left.

Code that works takes a ``Progress`` and tells it three things: begin, advance, end. On a terminal that becomes a
line on standard error, for a page a callback, otherwise nothing.
"""

from __future__ import annotations

import sys
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Protocol, TextIO, TypeVar

REFRESH_SECONDS = 0.1  # a line redrawn more often costs more than it tells
BAR_CELLS = 20

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ProgressState:
    """Where a piece of long work stands."""

    label: str
    unit: str  # what is counted, as Chinese writes it after a number: "份", "条", "MB"
    done: int
    total: int | None  # None where it is not known beforehand
    seconds: float  # since the work began

    @property
    def fraction(self) -> float | None:
        """The share done in 0..1, ``None`` without a total."""
        if self.total is None:
            return None
        return min(self.done / self.total, 1.0) if self.total else 1.0

    @property
    def rate(self) -> float:
        """Units a second, 0 before anything is done."""
        return self.done / self.seconds if self.seconds > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """The time left at this rate, ``None`` where it cannot be told."""
        if self.total is None or not self.rate:
            return None
        return max(self.total - self.done, 0) / self.rate


class Progress(Protocol):
    """What long work talks to."""

    def begin(self, label: str, total: int | None, unit: str) -> None:
        """A piece of work begins; the one before, if any, is over."""

    def advance(self, count: int = 1) -> None:
        """``count`` more units are done."""

    def end(self) -> None:
        """The piece of work is over, finished or not."""


class Silent:
    """Says nothing."""

    def begin(self, label: str, total: int | None, unit: str) -> None:
        """Say nothing."""

    def advance(self, count: int = 1) -> None:
        """Say nothing."""

    def end(self) -> None:
        """Say nothing."""


class CallbackProgress:
    """Hands each state to a function, at most every ``REFRESH_SECONDS``; the first and the last always."""

    def __init__(self, show: Callable[[ProgressState], None], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._show = show
        self._clock = clock
        self._began = self._shown = 0.0
        self._state: ProgressState | None = None

    def begin(self, label: str, total: int | None, unit: str) -> None:
        """Show the empty state."""
        self.end()
        self._began = self._shown = self._clock()
        self._state = ProgressState(label, unit, 0, total, 0.0)
        self._show(self._state)

    def advance(self, count: int = 1) -> None:
        """Count, and show the state if the last showing is long enough ago."""
        if self._state is None:
            return
        now = self._clock()
        before = self._state
        self._state = ProgressState(
            before.label, before.unit, before.done + count, before.total, max(now - self._began, 0.0)
        )
        if now - self._shown >= REFRESH_SECONDS:
            self._shown = now
            self._show(self._state)

    def nested(self) -> CallbackProgress:
        """One for a part of the piece of work at hand: it shows itself in the same place for as long as it lasts."""
        return CallbackProgress(self._show, clock=self._clock)

    def end(self) -> None:
        """Show the last state."""
        if self._state is not None:
            state, self._state = self._state, None
            self._show(state)


class ConsoleProgress(CallbackProgress):
    """One line on a terminal, redrawn in place and wiped at the end."""

    def __init__(self, stream: TextIO, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(self._draw, clock=clock)
        self._stream = stream
        self._width = 0

    def nested(self) -> CallbackProgress:
        """One more line on the same terminal."""
        return ConsoleProgress(self._stream, clock=self._clock)

    def end(self) -> None:
        """Wipe the line, so that what is printed next begins clean."""
        super().end()
        if self._width:
            self._stream.write("\r" + " " * self._width + "\r")
            self._stream.flush()
            self._width = 0

    def _draw(self, state: ProgressState) -> None:
        line = line_of(state)
        width = cells(line)
        self._stream.write("\r" + line + " " * max(self._width - width, 0))
        self._stream.flush()
        self._width = max(self._width, width)


def progress_for(stream: TextIO | None = None) -> Progress:
    """A line on ``stream`` (standard error where none is given) if that is a terminal, otherwise silence."""
    stream = sys.stderr if stream is None else stream
    return ConsoleProgress(stream) if stream.isatty() else Silent()


_WATCHED: ContextVar[Progress | None] = ContextVar("watched", default=None)


@contextmanager
def watching(progress: Progress) -> Iterator[None]:
    """What is done within tells its parts to ``progress``: see ``part_progress``."""
    before = _WATCHED.get()
    _WATCHED.set(progress)
    try:
        yield
    finally:
        _WATCHED.set(before)


def part_progress() -> Progress:
    """Where a part of the work at hand (the pages of one file) tells how far it is; silent if nobody watches."""
    watched = _WATCHED.get()
    return watched.nested() if isinstance(watched, CallbackProgress) else Silent()


def track(items: Sequence[T] | Iterable[T], progress: Progress, label: str, unit: str) -> Iterator[T]:
    """The items, counted as the consumer takes the next one; the line ends even if the consumer fails."""
    progress.begin(label, len(items) if isinstance(items, Sequence) else None, unit)
    try:
        for item in items:
            yield item
            progress.advance()
    finally:
        progress.end()


def line_of(state: ProgressState) -> str:
    """``读取文件 [#####…] 12/80 份 · 3.1 份/秒 · 还需 22 秒``, without what is not known."""
    counted = f"{state.done}/{state.total} {state.unit}" if state.total is not None else f"{state.done} {state.unit}"
    bar = ""
    if state.fraction is not None:
        full = round(state.fraction * BAR_CELLS)
        bar = f"[{'#' * full}{'-' * (BAR_CELLS - full)}] "
    parts = [f"{state.label} {bar}{counted}"]
    if state.rate:
        parts.append(f"{state.rate:.1f} {state.unit}/秒")
    if state.seconds_left is not None:
        parts.append(f"还需 {duration(state.seconds_left)}")
    return " · ".join(parts)


def duration(seconds: float) -> str:
    """``22 秒``, ``3 分 05 秒``, ``2 小时 10 分``."""
    whole = max(round(seconds), 0)
    if whole < 60:
        return f"{whole} 秒"
    if whole < 3600:
        return f"{whole // 60} 分 {whole % 60:02d} 秒"
    return f"{whole // 3600} 小时 {whole % 3600 // 60:02d} 分"


def cells(text: str) -> int:
    """How many terminal cells a text takes; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
