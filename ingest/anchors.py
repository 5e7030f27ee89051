"""A place in a text that is found again when the text comes back: by its words, not by a count of characters.

White space does not count, so that a place is found again in the same text with other line breaks. A place is found
where its words stand with the words around them; where these changed, as long as enough of them is left to tell the
place from every other. A place that could be two is no place: ``find`` says why.
"""

from __future__ import annotations

from dataclasses import dataclass

WORDS = 12  # characters at the place itself, no further than its line: what follows may be rewritten
CONTEXT = 24  # characters before and after
_TELLING = 8  # characters around a place that changed, or of words that stand nowhere else, that are proof enough
_CLEAR = 6  # characters by which the surroundings of one place must fit better than those of the next
_SOME = 4  # characters around words that stand only once


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place by its words, white space aside; it is the ``occurrence``-th of ``total`` places with these words."""

    words: str
    before: str = ""
    after: str = ""
    occurrence: int = 1
    total: int = 1


@dataclass(frozen=True, slots=True)
class Found:
    """Where an anchor stands, or (``offset`` is ``None``) why it cannot be told."""

    offset: int | None
    fault: str = ""


class Squeezed:
    """A text without its white space, and the way back to its offsets."""

    def __init__(self, source: str) -> None:
        self.offsets = [offset for offset, character in enumerate(source) if not character.isspace()]
        self.text = "".join(source.split())
        self._source = source

    def anchor(self, offset: int) -> Anchor:
        """The anchor of the first words at or after ``offset``; there are some."""
        at = next(place for place, start in enumerate(self.offsets) if start >= offset)
        line_end = self._source.find("\n", self.offsets[at])
        in_line = sum(start < line_end for start in self.offsets[at : at + WORDS]) if line_end >= 0 else WORDS
        words = self.text[at : at + max(in_line, 1)]
        places = self.places(words)
        end = at + len(words)
        around = self.text[max(0, at - CONTEXT) : at], self.text[end : end + CONTEXT]
        return Anchor(words, *around, places.index(at) + 1, len(places))

    def find(self, anchor: Anchor) -> Found:
        """The offset in the source where ``anchor`` stands."""
        places = self.places(anchor.words)
        if not places:
            return Found(None, f"文中找不到“{anchor.words}”")
        whole = [at for at in places if self._around(anchor, at) == (len(anchor.before), len(anchor.after))]
        if len(whole) == 1:
            return Found(self.offsets[whole[0]])
        if len(whole) > 1 and len(places) == anchor.total:
            return Found(self.offsets[places[anchor.occurrence - 1]])
        shared = {at: self._around(anchor, at) for at in places}
        if len(places) == anchor.total == 1:
            if max(shared[places[0]]) >= _SOME or len(anchor.words) >= _TELLING:
                return Found(self.offsets[places[0]])
            return Found(None, f"“{anchor.words}”前后的文字都变了，不能断定是同一处")
        ranked = sorted(places, key=lambda at: -sum(shared[at]))
        best, second = (sum(shared[at]) for at in (*ranked, ranked[0])[:2])
        one_side = any(len(side) >= _SOME and len(side) in shared[ranked[0]] for side in (anchor.before, anchor.after))
        if (len(places) == 1 or best - second >= _CLEAR) and (best >= _TELLING or one_side):
            return Found(self.offsets[ranked[0]])
        return Found(None, f"文中有 {len(places)} 处“{anchor.words}”，前后文字与原来不同，分不清是哪一处")

    def end_of(self, words: str, offset: int) -> int | None:
        """The end of ``words`` in the source, which begin at ``offset``; ``None`` where other words stand there."""
        wanted = "".join(words.split())
        at = next((place for place, start in enumerate(self.offsets) if start >= offset), None)
        if not wanted or at is None or not self.text.startswith(wanted, at):
            return None
        return self.offsets[at + len(wanted) - 1] + 1

    def places(self, words: str) -> list[int]:
        """Where ``words`` stand in the squeezed text, overlapping ones included."""
        found, at = [], self.text.find(words)
        while words and at >= 0:
            found.append(at)
            at = self.text.find(words, at + 1)
        return found

    def _around(self, anchor: Anchor, at: int) -> tuple[int, int]:
        """How many characters before and after the words at ``at`` are those of the anchor."""
        before = self.text[max(0, at - len(anchor.before)) : at]
        end = at + len(anchor.words)
        after = self.text[end : end + len(anchor.after)]
        return _shared(before[::-1], anchor.before[::-1]), _shared(after, anchor.after)


def _shared(one: str, other: str) -> int:
    """How many first characters are the same."""
    pairs = zip(one, other, strict=False)
    return next((count for count, (left, right) in enumerate(pairs) if left != right), min(len(one), len(other)))
