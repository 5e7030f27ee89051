"""A clause's text cut where quotations and requirements begin and end, so that each stretch can be marked.

The segments put together are the text to the last character.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ingest.records import Requirement, Span


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a clause.

    ``head`` stretches are the clause's mark and heading. ``requirements`` are those that begin here. ``start`` is the
    place in the clause's text.
    """

    text: str
    head: bool
    quoted: bool
    requirements: tuple[Requirement, ...] = ()
    start: int = field(default=0, compare=False)


def cut(
    text: str, body_start: int, quotes: Sequence[Span], requirements: Sequence[Requirement] = ()
) -> tuple[Segment, ...]:
    """Cut ``text`` at its heading's end and at the borders of quotations and requirements.

    Spans that reach beyond the text are cut to it; touching stretches of one quotation stay one segment
    unless a requirement begins between them.
    """
    size = len(text)
    marked = [_within(span, size) for span in (*quotes, *(each.span for each in requirements))]
    starts = {_within(each.span, size).start for each in requirements}
    edges = {0, size, min(max(body_start, 0), size), *(edge for span in marked for edge in (span.start, span.end))}
    borders = sorted(edges)
    pieces = [
        Segment(
            text[start:end],
            end <= body_start,
            any(span.start <= start and end <= span.end for span in marked),
            tuple(each for each in requirements if start in starts and _within(each.span, size).start == start),
            start,
        )
        for start, end in zip(borders, borders[1:], strict=False)
    ]
    return tuple(_merged(pieces))


def trimmed(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """The segments without the line ends around the whole, which would show as empty lines."""
    if not segments:
        return ()
    words = segments[0].text.lstrip("\r\n")
    first = replace(segments[0], text=words, start=segments[0].start + len(segments[0].text) - len(words))
    rest = (first, *segments[1:])
    return (*rest[:-1], replace(rest[-1], text=rest[-1].text.rstrip("\r\n")))


def _within(span: Span, size: int) -> Span:
    start = min(max(span.start, 0), size)
    return Span(start, min(max(span.end, start), size))


def _merged(pieces: Sequence[Segment]) -> list[Segment]:
    merged: list[Segment] = []
    for piece in pieces:
        last = merged[-1] if merged else None
        if last and not piece.requirements and (last.head, last.quoted) == (piece.head, piece.quoted):
            merged[-1] = replace(last, text=last.text + piece.text)
        else:
            merged.append(piece)
    return merged
