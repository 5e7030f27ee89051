"""How well actions and objects are read: single items against labels, word for word and by their head.

A sentence holds several actions, each with an object or none. An item is right where a label of its sentence has the
same words; it is right by its head where a label has the same last two characters ("安全管理制度" and "安全制度" both
end in 制度): in Chinese the head stands last. Precision, recall and F1 over all items of all judged sentences.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evaluation.register import Comparison, squeezed_as_labelled

ITEMS = ("action", "object")
HEAD = 2  # characters
_ENDING = "”》）)等"


@dataclass(frozen=True, slots=True)
class ItemScore:
    """One field counted by items; ``heads`` are those right by their head."""

    name: str
    sentences: int
    labelled: int
    read: int
    exact: int
    heads: int

    @property
    def exact_f1(self) -> float | None:
        """F1 of items with the same words; ``None`` where there is none."""
        return self._f1(self.exact)

    @property
    def head_f1(self) -> float | None:
        """F1 of items with the same head; ``None`` where there is none."""
        return self._f1(self.heads)

    def _f1(self, right: int) -> float | None:
        return 2 * right / (self.labelled + self.read) if self.labelled + self.read else None


def head_of(words: str) -> str:
    """The last two characters of a noun phrase, without 等 and closing marks."""
    return words.rstrip(_ENDING)[-HEAD:]


def score_items(comparisons: Sequence[Comparison]) -> tuple[ItemScore, ...]:
    """The measures of actions and objects over the sentences that are labelled with them."""
    return tuple(_scored(name, comparisons) for name in ITEMS)


def _scored(name: str, comparisons: Sequence[Comparison]) -> ItemScore:
    judged = [each for each in comparisons if name in each.labelled.fields]
    labelled = read = exact = heads = 0
    for each in judged:
        labels = each.labelled.fields[name]
        label_heads = each.labelled.heads if name == "object" else tuple(map(head_of, labels))
        got = each.fields.get(name, ())
        labelled, read = labelled + len(labels), read + len(got)
        exact += _common(labels, squeezed_as_labelled(got, labels))
        heads += _common(label_heads, map(head_of, got))
    return ItemScore(name, len(judged), labelled, read, exact, heads)


def _common(left: Iterable[str], right: Iterable[str]) -> int:
    return (Counter(left) & Counter(right)).total()
