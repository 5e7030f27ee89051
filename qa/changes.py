"""Two texts word by word: which words were kept, taken out and put in. Both texts come back whole from the changes.

Words are jieba's with the domain dictionary, so that a change of 每学期 to 每学年 is one word and not one character;
punctuation and white space are words of their own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from typing import Literal

from index.segmentation import Segmenter

Operation = Literal["same", "removed", "added"]
# Digits joined by these are one number: without them 3.5% would equal 35%.
_NUMBER_MARKS = ".,:/%‰~-≥≤<>+±×÷="
_NUMERIC = re.compile(r"(?<=\d)[.,:/%‰~\-](?=\d)|(?<=\d)[%‰]|[≥≤<>+±×÷=](?=\d)|(?<![\w%])-(?=\d)")
_LOOSE_MARK = re.compile(f"[{re.escape(_NUMBER_MARKS)}]")
_PRIVATE = 0xE000  # characters of private use stand for the marks of numbers


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of words: in both texts, in the first only ("removed"), in the second only ("added")."""

    operation: Operation
    words: str


@cache
def _segmenter() -> Segmenter:
    return Segmenter()


def word_changes(before: str, after: str) -> tuple[Change, ...]:
    """What turns ``before`` into ``after``, in order; equal texts give one stretch, two empty ones none."""
    old, new = _segmenter().pieces(before), _segmenter().pieces(after)
    changes: list[Change] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            _add(changes, "same", old[i1:i2])
        else:
            _add(changes, "removed", old[i1:i2])
            _add(changes, "added", new[j1:j2])
    return tuple(changes)


def _add(changes: list[Change], operation: Operation, pieces: Sequence[str]) -> None:
    if pieces:
        changes.append(Change(operation, "".join(pieces)))


class _Forms(dict[int, str]):
    """A table for ``str.translate``: half width, lower case, nothing for punctuation and white space."""

    def __missing__(self, code: int) -> str:
        form = unicodedata.normalize("NFKC", chr(code)).lower()
        kept = "".join(char for char in form if char.isalnum() or char in _NUMBER_MARKS)
        self[code] = kept
        return kept


_FORMS = _Forms()


def bare(text: str) -> str:
    """The words and numbers of ``text`` alone: no punctuation, no white space, half width, lower case.

    Two texts that differ in punctuation or white space only have the same bare form. Marks within a number stay,
    as characters of their own that no text has.
    """
    return _LOOSE_MARK.sub("", _marked(text.translate(_FORMS)))


def bare_with_places(text: str) -> tuple[str, list[int]]:
    """``bare(text)`` and, for each of its characters, the offset in ``text`` that it comes from."""
    folded, places = [], []
    for offset, char in enumerate(text):
        form = _FORMS[ord(char)]
        folded.append(form)
        places += [offset] * len(form)
    marked = _marked("".join(folded))
    chosen = [place for place, char in enumerate(marked) if char not in _NUMBER_MARKS]
    return "".join(marked[place] for place in chosen), [places[place] for place in chosen]


def _marked(folded: str) -> str:
    return _NUMERIC.sub(lambda found: chr(_PRIVATE + ord(found.group()) % 0x1000), folded)
