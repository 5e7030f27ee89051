"""The paragraphs (款) of an article (条) that has items (项).

An article without items stays one clause. One whose items stand under its only paragraph keeps them as its
children ("第十条第（三）项"). One with several paragraphs and items is split: the article becomes a heading, each
paragraph a clause, and the items stand under theirs ("第十条第二款第（三）项"). A paragraph after the last item of a
list is a paragraph of the article, not of the item.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.markers import ARTICLE, PARAGRAPH, to_chinese
from ingest.outline import Rung

if TYPE_CHECKING:
    from ingest.assembly import Piece


def split_paragraphs(source: str, pieces: Sequence[Piece]) -> Iterator[Piece]:
    """``pieces`` with the paragraphs of articles that have items made pieces of their own."""
    place = 0
    while place < len(pieces):
        piece = pieces[place]
        after = place + 1
        while after < len(pieces) and len(pieces[after].path) > len(piece.path):
            after += 1
        if piece.path[-1].code == ARTICLE and after > place + 1:
            yield from _split(source, piece, pieces[place + 1 : after])
            place = after
        else:
            yield piece
            place += 1


def _split(source: str, article: Piece, children: Sequence[Piece]) -> Iterator[Piece]:
    own = _lines(source, article.mark_end, article.end)
    tails = [_tail(source, children, place, len(article.path)) for place in range(len(children))]
    if len(own) + sum(len(tail) for tail in tails) < 2:
        yield article
        yield from children
        return
    depth, number = len(article.path), 0
    yield replace(article, end=article.mark_end)
    for start, end in own:
        number += 1
        yield _paragraph(article, start, end, number)
    for child, tail in zip(children, tails, strict=True):
        rungs = (Rung(PARAGRAPH, number, 0, to_chinese(number)),) if number else ()
        end = _end_before(source, child, tail)
        yield replace(child, end=end, path=child.path[:depth] + rungs + child.path[depth:])
        for start, stop in tail:
            number += 1
            yield _paragraph(article, start, stop, number)


def _end_before(source: str, child: Piece, tail: list[tuple[int, int]]) -> int:
    return child.start + len(source[child.start : tail[0][0]].rstrip()) if tail else child.end


def _paragraph(article: Piece, start: int, end: int, number: int) -> Piece:
    path = (*article.path, Rung(PARAGRAPH, number, 0, to_chinese(number)))
    return replace(article, start=start, mark_end=start, end=end, path=path)


def _tail(source: str, children: Sequence[Piece], place: int, depth: int) -> list[tuple[int, int]]:
    """The paragraphs after the last item of a list that belong to the article."""
    if place + 1 < len(children):
        following = children[place + 1].path
        starts_again = len(following) == depth + 1 and following[-1].number == 1
        if not starts_again:
            return []
    child = children[place]
    return _lines(source, child.mark_end, child.end)[1:]


def _lines(source: str, start: int, end: int) -> list[tuple[int, int]]:
    """The stretches of the lines with words in ``source[start:end]``."""
    found, at = [], start
    for text in source[start:end].split("\n"):
        words = text.strip()
        if words:
            lead = at + len(text) - len(text.lstrip())
            found.append((lead, lead + len(words)))
        at += len(text) + 1
    return found
