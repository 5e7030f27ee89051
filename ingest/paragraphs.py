"""Pieces of a document, and the unmarked paragraphs among numbered ones.

An article (条) without items (项) stays one clause, its paragraphs (款) within. One whose items stand under its only
paragraph keeps them as its children ("第十条第（三）项"). One with several paragraphs and items is split: the article
becomes a heading, each paragraph a clause, and the items stand under theirs ("第十条第二款第（三）项"). A paragraph
after the last item of a list belongs to the article, not to the item.

Elsewhere a list that starts again from 1 after an unmarked line ("需提供下列材料：") has that line as its
introduction: the line becomes a piece of its own ("第2段") and the list stands under it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.markers import ARTICLE, PARAGRAPH
from ingest.numerals import to_chinese
from ingest.outline import Rung
from ingest.records import Span

_Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the source with its path, before it has words.

    ``mark_end`` is the end of its mark, ``inherited`` what it is introduced by besides the words of its parent.
    """

    start: int
    mark_end: int
    end: int
    path: tuple[Rung, ...]
    inherited: str = ""


def split_paragraphs(source: str, pieces: Sequence[Piece], tables: Sequence[Span] = ()) -> Iterator[Piece]:
    """``pieces`` with the paragraphs of articles, and those that announce lists, made pieces of their own.

    The rows of ``tables`` are no paragraphs; they stay with the paragraph before.
    """
    whole = list(_announced_lists(source, pieces))
    place = 0
    while place < len(whole):
        piece = whole[place]
        after = place + 1
        while after < len(whole) and len(whole[after].path) > len(piece.path):
            after += 1
        if piece.path[-1].code == ARTICLE and after > place + 1:
            yield from _split_article(source, piece, whole[place + 1 : after], tables)
            place = after
        else:
            yield piece
            place += 1


def _announced_lists(source: str, pieces: Sequence[Piece]) -> Iterator[Piece]:
    announced = _announcements(source, pieces)
    inserted: dict[int, Rung] = {}  # by depth: the paragraph that the list at hand stands under
    for place, piece in enumerate(pieces):
        depth = len(piece.path) - 1
        inserted = {level: rung for level, rung in inserted.items() if level <= depth}
        if place in announced:
            number = inserted[depth].number + 1 if depth in inserted else 2
            inserted[depth] = Rung(PARAGRAPH, number, 0, str(number))
            start, end = announced[place]
            yield Piece(start, start, end, (*_with(piece.path[:depth], inserted), inserted[depth]))
        end = len(source[: announced[place + 1][0]].rstrip()) if place + 1 in announced else piece.end
        yield replace(piece, end=end, path=_with(piece.path, inserted))


def _with(path: tuple[Rung, ...], inserted: dict[int, Rung]) -> tuple[Rung, ...]:
    """``path`` with the inserted paragraphs before the rungs of their depths."""
    rungs: list[Rung] = []
    for level, rung in enumerate(path):
        rungs += [inserted[level]] if level in inserted else []
        rungs.append(rung)
    return tuple(rungs)


def _announcements(source: str, pieces: Sequence[Piece]) -> dict[int, _Stretch]:
    """The announcing line before each piece that starts a list again, by the piece's place."""
    started: list[set[str]] = []  # by depth: the families that have begun under the parent at hand
    found: dict[int, _Stretch] = {}
    for place, piece in enumerate(pieces):
        depth, rung = len(piece.path) - 1, piece.path[-1]
        del started[depth + 1 :]
        started += [set() for _ in range(depth + 1 - len(started))]
        again = rung.number == 1 and rung.code in started[depth]
        started[depth].add(rung.code)
        if again and not any(step.code == ARTICLE for step in piece.path):
            lines = _lines(source, pieces[place - 1].mark_end, pieces[place - 1].end)
            if len(lines) > 1 and source[lines[-1][1] - 1] in "：:":
                found[place] = lines[-1]
    return found


def _split_article(source: str, article: Piece, children: Sequence[Piece], tables: Sequence[Span]) -> Iterator[Piece]:
    own = _merged(_lines(source, article.mark_end, article.end), tables)
    tails = [_merged(_tail(source, children, place, len(article.path)), tables) for place in range(len(children))]
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
        end = len(source[: tail[0][0]].rstrip()) if tail else child.end
        yield replace(child, end=end, path=child.path[:depth] + rungs + child.path[depth:])
        for start, stop in tail:
            number += 1
            yield _paragraph(article, start, stop, number)


def _merged(lines: list[_Stretch], tables: Sequence[Span]) -> list[_Stretch]:
    """``lines`` with the rows of tables added to the line before them."""
    merged: list[_Stretch] = []
    for start, end in lines:
        if merged and any(table.start <= start < table.end for table in tables):
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def _paragraph(article: Piece, start: int, end: int, number: int) -> Piece:
    return Piece(start, start, end, (*article.path, Rung(PARAGRAPH, number, 0, to_chinese(number))))


def _tail(source: str, children: Sequence[Piece], place: int, depth: int) -> list[_Stretch]:
    """The paragraphs after the last item of a list that belong to the article."""
    if place + 1 < len(children):
        following = children[place + 1].path
        starts_again = len(following) == depth + 1 and following[-1].number == 1
        if not starts_again:
            return []
    child = children[place]
    return _lines(source, child.mark_end, child.end)[1:]


def _lines(source: str, start: int, end: int) -> list[_Stretch]:
    """The stretches of the lines with words in ``source[start:end]``."""
    found, at = [], start
    for text in source[start:end].split("\n"):
        words = text.strip()
        if words:
            lead = at + len(text) - len(text.lstrip())
            found.append((lead, lead + len(words)))
        at += len(text) + 1
    return found
