"""Which laws the words of a question belong to, whether they are in the knowledge base or not.

``corpus/tables/law_ties.tsv`` says of words how large a share of the articles that use them, in all the laws in force
that the library of laws holds, stands in one law ("商标": nearly all in 商标法). Made by ``python -m evaluation ties``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cache

from ingest import tables
from ingest.errors import TableError
from qa.terms import Term

TABLE = "law_ties.tsv"


def tied_elsewhere(terms: Sequence[Term], titles: Collection[str]) -> float:
    """How strongly ``terms`` are tied to one law that is not among ``titles`` (short titles), 0..1; 0 without terms."""
    total = sum(term.weight for term in terms)
    found: dict[str, float] = defaultdict(float)
    for term in terms:
        for law, share in law_ties().get(term.word, {}).items():
            found[law] += term.weight * share / total
    return max((tie for law, tie in found.items() if law not in titles), default=0.0)


@cache
def law_ties() -> Mapping[str, Mapping[str, float]]:
    """For each word the laws that it is tied to, by short title, with the share of its articles, 0..1.

    Raises:
        TableError: a line is not word, law, share in hundredths, …
    """
    ties: dict[str, dict[str, float]] = {}
    for number, line in enumerate(tables.text_lines(TABLE), 1):
        word, *rest = line.split("\t")
        try:
            ties[word] = {law: int(share) / 100 for law, share in zip(rest[::2], rest[1::2], strict=True)}
        except ValueError as error:
            raise TableError(
                f"词表 {TABLE} 第 {number} 项“{line}”有误。应为：词、法名、百分数……，用制表符分开。"
                "请重新运行 python -m evaluation ties。"
            ) from error
    return ties
