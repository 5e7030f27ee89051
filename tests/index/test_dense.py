"""faiss gives what a plain matrix product gives, filtered or not, saved or not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import dense
from index.dense import DenseIndex
from index.packed_model import Matrix


def unit_vectors(count: int, dimension: int, seed: int) -> Matrix:
    vectors = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@settings(max_examples=40, deadline=None)
@given(count=st.integers(1, 60), top_k=st.integers(1, 80), seed=st.integers(0, 999), share=st.floats(0, 1))
def test_search_equals_a_matrix_product(count: int, top_k: int, seed: int, share: float) -> None:
    vectors, query = unit_vectors(count, 8, seed), unit_vectors(1, 8, seed + 1)[0]
    allowed = np.random.default_rng(seed).random(count) < share
    product = vectors @ query
    for mask, possible in ((None, np.arange(count)), (allowed, np.flatnonzero(allowed))):
        rows, scores = DenseIndex.build(vectors).search(query, top_k, mask)
        expected = possible[np.argsort(-product[possible], kind="stable")][:top_k]
        assert len(rows) == min(top_k, len(possible))
        np.testing.assert_allclose(scores, product[expected], atol=1e-6)
        assert set(rows) <= set(possible)


def test_scores_of_chosen_rows_equal_a_matrix_product() -> None:
    vectors, query = unit_vectors(30, 8, 1), unit_vectors(1, 8, 2)[0]
    rows = np.array([3, 17, 4])
    np.testing.assert_allclose(DenseIndex.build(vectors).scores(query, rows), vectors[rows] @ query, atol=1e-6)


def test_saved_equals_loaded(tmp_path: Path) -> None:
    vectors, query = unit_vectors(30, 8, 1), unit_vectors(1, 8, 2)[0]
    index = DenseIndex.build(vectors)
    index.save(tmp_path)
    loaded = DenseIndex.load(tmp_path)
    assert (len(loaded), loaded.dimension) == (30, 8)
    np.testing.assert_array_equal(loaded.search(query, 5)[0], index.search(query, 5)[0])


def test_a_search_takes_one_thread_and_leaves_the_number_of_threads_as_it_was() -> None:
    import faiss

    before = faiss.omp_get_max_threads()
    try:
        faiss.omp_set_num_threads(3)
        with dense._one_thread():
            assert faiss.omp_get_max_threads() == 1
        assert faiss.omp_get_max_threads() == 3
    finally:
        faiss.omp_set_num_threads(before)


def test_an_empty_index_finds_nothing() -> None:
    index = DenseIndex.build(np.empty((0, 8), dtype=np.float32))
    rows, scores = index.search(unit_vectors(1, 8, 1)[0], 5)
    assert len(rows) == len(scores) == 0


@pytest.mark.parametrize("count", [1, 7, 8, 9, 65])
def test_a_mask_of_any_length_allows_its_last_row(count: int) -> None:
    allowed = np.zeros(count, dtype=np.bool_)
    allowed[-1] = True
    vectors = unit_vectors(count, 8, 3)
    rows, _ = DenseIndex.build(vectors).search(vectors[0], 5, allowed)
    assert rows.tolist() == [count - 1]


@pytest.fixture
def in_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists as a large collection has them, so few that a small one fills them."""
    monkeypatch.setattr(dense, "MOST_EXACT", 500)
    monkeypatch.setattr(dense, "LISTS", 16)
    monkeypatch.setattr(dense, "LEARNED_FROM", 640)
    monkeypatch.setattr(dense, "PROBED", 4)


@pytest.mark.usefixtures("in_lists")
def test_a_large_collection_is_searched_in_lists(tmp_path: Path) -> None:
    vectors = unit_vectors(1000, 8, 1)
    DenseIndex.build(vectors).save(tmp_path)
    index = DenseIndex.load(tmp_path)
    found = [set(index.search(query, 10)[0]) & set(np.argsort(-(vectors @ query))[:10]) for query in vectors[:50]]
    assert np.mean([len(same) / 10 for same in found]) > 0.85  # noise has no nearness that lists could follow
    rows = np.array([3, 999, 4])
    np.testing.assert_allclose(index.vectors(rows), vectors[rows], atol=1e-3)
    np.testing.assert_allclose(index.scores(vectors[0], rows), vectors[rows] @ vectors[0], atol=2e-3)


@pytest.mark.usefixtures("in_lists")
@pytest.mark.parametrize("possible", [1, 3, 40, 124, 125, 400, 1000])
def test_a_filter_is_exact_in_count_at_any_selectivity(possible: int) -> None:
    vectors = unit_vectors(1000, 8, 2)
    # The rows that are allowed lie together, away from the question: the nearest lists hold few of them.
    query = vectors[0]
    allowed = np.zeros(1000, dtype=np.bool_)
    allowed[np.argsort(vectors @ query)[:possible]] = True
    rows, scores = DenseIndex.build(vectors).search(query, 30, allowed)
    assert len(rows) == len(set(rows)) == min(30, possible) and allowed[rows].all()
    if possible < 1000 * dense.FEW:
        np.testing.assert_allclose(scores, np.sort((vectors @ query)[allowed])[::-1][:30], atol=2e-3)


@pytest.mark.usefixtures("in_lists")
def test_asking_for_all_gives_all() -> None:
    vectors = unit_vectors(600, 8, 3)
    assert set(DenseIndex.build(vectors).search(vectors[0], 600)[0]) == set(range(600))
