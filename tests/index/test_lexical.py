"""BM25 as its formula says, against a second implementation, and saved as loaded."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import postings
from index.lexical import K1, WORD_WEIGHT, B, LexicalIndex
from index.postings import build_postings, update_postings

PASSAGES = [["学校", "课堂", "学校"], ["社区", "课堂"], ["企业"]]


def index_of(words: list[list[str]], pairs: list[list[str]] | None = None) -> LexicalIndex:
    return LexicalIndex(build_postings(words), build_postings(pairs or [[] for _ in words]))


def test_a_score_is_the_formula() -> None:
    scores = index_of(PASSAGES).scores({"学校": 1.0}, {})
    idf = math.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    norm = K1 * (1 - B + B * 3 / ((3 + 2 + 1) / 3))
    assert scores.tolist() == pytest.approx([WORD_WEIGHT * idf * 2 * (K1 + 1) / (2 + norm), 0, 0], rel=1e-5)


def test_a_lighter_term_counts_for_less() -> None:
    index = index_of(PASSAGES)
    full, half = index.scores({"课堂": 1.0}, {}), index.scores({"课堂": 0.5}, {})
    np.testing.assert_allclose(half, full / 2, rtol=1e-5)


def test_words_and_pairs_add_up() -> None:
    index = index_of([["学校"], ["社区"]], [["学校"], ["社区"]])
    both = index.scores({"学校": 1.0}, {"学校": 1.0})
    np.testing.assert_allclose(both, index.scores({"学校": 1.0}, {}) + index.scores({}, {"学校": 1.0}), rtol=1e-5)


def test_unknown_terms_and_an_empty_query_score_nothing() -> None:
    assert index_of(PASSAGES).scores({"税": 1.0}, {}).tolist() == [0, 0, 0]
    assert index_of(PASSAGES).scores({}, {}).tolist() == [0, 0, 0]


def test_an_empty_collection_has_no_scores(tmp_path: Path) -> None:
    index = index_of([])
    index.save(tmp_path)
    assert len(LexicalIndex.load(tmp_path)) == len(index) == 0
    assert LexicalIndex.load(tmp_path).scores({"学校": 1.0}, {}).tolist() == []


WORDS = st.lists(st.lists(st.sampled_from("甲乙丙丁戊己庚辛"), max_size=12), min_size=1, max_size=12)


@settings(max_examples=40, deadline=None)
@given(passages=WORDS, query=st.lists(st.sampled_from("甲乙丙丁戊"), unique=True))
def test_bm25_equals_a_second_implementation(passages: list[list[str]], query: list[str]) -> None:
    mean = max(sum(map(len, passages)) / len(passages), 1.0)
    expected = []
    for passage in passages:
        score = 0.0
        for term in query:
            held = sum(term in other for other in passages)
            count = passage.count(term)
            idf = math.log(1 + (len(passages) - held + 0.5) / (held + 0.5))
            score += idf * count * (K1 + 1) / (count + K1 * (1 - B + B * len(passage) / mean)) if count else 0.0
        expected.append(WORD_WEIGHT * score)
    found = index_of(passages).scores(dict.fromkeys(query, 1.0), {})
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)


@settings(max_examples=30, deadline=None)
@given(passages=WORDS)
def test_saved_equals_loaded(tmp_path_factory: pytest.TempPathFactory, passages: list[list[str]]) -> None:
    folder = tmp_path_factory.mktemp("lexical")
    index = index_of(passages, passages)
    index.save(folder)
    query = dict.fromkeys("甲乙丙", 1.0)
    np.testing.assert_array_equal(LexicalIndex.load(folder).scores(query, query), index.scores(query, query))


@settings(max_examples=60, deadline=None)
@given(old=WORDS, fresh=WORDS, seed=st.integers(0, 999))
def test_an_updated_index_scores_as_one_built_from_nothing(
    old: list[list[str]], fresh: list[list[str]], seed: int
) -> None:
    random = np.random.default_rng(seed)
    stays = [int(row) for row in random.permutation(len(old))[: random.integers(len(old) + 1)]]
    kept = random.permutation(np.array([*stays, *[-1] * len(fresh)], dtype=np.int64))
    left = iter(fresh)
    now = [old[row] if row >= 0 else next(left) for row in kept]
    updated = LexicalIndex.of(old, old).updated(kept, LexicalIndex.of(fresh, fresh))
    query = {term: 1.0 for term in "甲乙丙丁戊己庚辛"}
    np.testing.assert_allclose(updated.scores(query, query), LexicalIndex.of(now, now).scores(query, query), rtol=1e-5)


@settings(max_examples=40, deadline=None)
@given(passages=WORDS, part=st.integers(1, 4), entries=st.integers(1, 5), seed=st.integers(0, 99))
def test_parts_give_what_one_piece_gives(passages: list[list[str]], part: int, entries: int, seed: int) -> None:
    whole, kept = index_of(passages, passages), np.random.default_rng(seed).permutation(len(passages))[::2]
    query = dict.fromkeys("甲乙丙丁戊", 1.0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(postings, "PART_PASSAGES", part)
        patch.setattr(postings, "PART_ENTRIES", entries)
        parted = LexicalIndex.of(iter(passages), iter(passages))
        np.testing.assert_array_equal(parted.scores(query, query), whole.scores(query, query))
        left = parted.updated(kept, index_of([], []))
    np.testing.assert_array_equal(left.scores(query, query), whole.updated(kept, index_of([], [])).scores(query, query))


def test_counts_take_as_little_room_as_they_need() -> None:
    few, many = build_postings([["甲"] * 200]), build_postings([["甲"] * 300, ["甲", "乙"]])
    assert (few.counts.dtype, many.counts.dtype) == (np.uint8, np.uint16)
    assert few.counts.tolist() == [200] and many.counts.tolist() == [300, 1, 1]
    joined = update_postings(few, np.array([0, -1, -1]), many)
    assert joined.counts.tolist() == [200, 300, 1, 1] and joined.rows.tolist() == [0, 1, 2, 2]
