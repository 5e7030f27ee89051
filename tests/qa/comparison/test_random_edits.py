"""Random edits of a made-up text: the comparison reports them, all of them and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.numerals import to_chinese
from ingest.parsing import parse_text
from qa.comparison.comparing import compare_texts
from qa.comparison.records import Comparison, Text

_SIZE = 30
_FIRST, _EACH = 0x5F20, 22  # characters that no other article has
_FAR = 4  # places: a shorter move is as well one of its neighbours


def article(number: int) -> str:
    """A sentence that shares nothing but 应当 and a quantity with any other."""
    own = "".join(chr(_FIRST + number * _EACH + place) for place in range(_EACH))
    return f"{own[:6]}应当{own[6:14]}，{own[14:]}不少于{number + 2}次。"


def changed(words: str) -> str:
    """The same article with another quantity."""
    return words.replace("不少于", "不少于1")


@dataclass(frozen=True)
class Edits:
    deleted: frozenset[int]
    altered: frozenset[int]
    inserted: tuple[int, ...]  # places
    move: tuple[int, int] | None


@st.composite
def edits(draw: st.DrawFn) -> Edits:
    touched = draw(st.lists(st.integers(0, _SIZE - 1), unique=True, max_size=8))
    cut = draw(st.integers(0, len(touched)))
    move = draw(st.none() | st.tuples(st.integers(0, _SIZE - 1), st.integers(0, _SIZE - 1)))
    if move and (move[0] in touched or abs(move[0] - move[1]) < _FAR + len(touched)):
        move = None
    inserted = draw(st.lists(st.integers(0, _SIZE), max_size=5))
    return Edits(frozenset(touched[:cut]), frozenset(touched[cut:]), tuple(sorted(inserted)), move)


def edited(made: Edits) -> list[str]:
    """The articles after the edits."""
    rows = [(place, changed(article(place)) if place in made.altered else article(place)) for place in range(_SIZE)]
    if made.move:
        row = rows.pop(made.move[0])
        rows.insert(made.move[1], row)
    kept = [words for place, words in rows if place not in made.deleted]
    for order, place in enumerate(made.inserted):
        kept.insert(min(place + order, len(kept)), article(_SIZE + order))
    return kept


def written(articles: list[str]) -> str:
    body = "\n".join(f"第{to_chinese(number)}条　{words}" for number, words in enumerate(articles, 1))
    return f"星河市示例办法\n{body}\n"


def text_of(words: str) -> Text:
    parsed = parse_text(words, source_file="rule.txt", sha256="0" * 64, doc_id="rule")
    return Text("rule", parsed.document, parsed.clauses, (), in_base=True)


def own_words(text: str) -> str:
    return text.split("条　", 1)[1]


def sides(found: Comparison, kind: str) -> set[tuple[str, str]]:
    return {
        (own_words(pair.before.text) if pair.before else "", own_words(pair.after.text) if pair.after else "")
        for pair in found.pairs
        if pair.kind == kind
    }


@settings(max_examples=40, deadline=None)
@given(edits())
def test_every_edit_is_reported_and_nothing_else(made: Edits) -> None:
    before = text_of(written([article(place) for place in range(_SIZE)]))
    found = compare_texts(before, text_of(written(edited(made))), mode="versions")
    assert sides(found, "removed") == {(article(place), "") for place in made.deleted}
    assert sides(found, "added") == {("", article(_SIZE + order)) for order in range(len(made.inserted))}
    assert sides(found, "changed") == {(article(place), changed(article(place))) for place in made.altered}
    moved = {own_words(pair.before.text) for pair in found.pairs if pair.before and pair.movement == "moved"}
    assert moved == ({article(made.move[0])} if made.move else set())
    assert len(found.pairs) == _SIZE + len(made.inserted)
