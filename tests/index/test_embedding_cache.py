"""A text is embedded once for a model."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from index.embedding_cache import EmbeddingCache
from ingest.errors import StoreError

from .conftest import ToyEncoder

TEXTS = ["学校", "企业", "学校", ""]


def test_each_text_is_encoded_once(tmp_path: Path, encoder: ToyEncoder) -> None:
    cache = EmbeddingCache(tmp_path / "e.sqlite")
    first = cache.passages(encoder, TEXTS)
    assert sorted(encoder.encoded) == ["", "企业", "学校"]
    again = EmbeddingCache(tmp_path / "e.sqlite").passages(encoder, TEXTS)
    assert len(encoder.encoded) == 3
    np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(first, encoder.encode_queries(TEXTS))


def test_another_model_is_encoded_anew(tmp_path: Path, encoder: ToyEncoder) -> None:
    cache = EmbeddingCache(tmp_path / "e.sqlite")
    cache.passages(encoder, ["学校"])
    other = ToyEncoder("other")
    cache.passages(other, ["学校"])
    assert other.encoded == ["学校"]


def test_no_texts_give_an_empty_matrix(tmp_path: Path, encoder: ToyEncoder) -> None:
    assert EmbeddingCache(tmp_path / "e.sqlite").passages(encoder, []).shape == (0, encoder.dimension)


def test_words_are_split_once(tmp_path: Path) -> None:
    cache = EmbeddingCache(tmp_path / "e.sqlite")
    asked: list[str] = []

    def split(text: str) -> list[str]:
        asked.append(text)
        return text.split()

    for _ in range(2):
        assert list(cache.words("toy", split, ["甲 乙", ""])) == [["甲", "乙"], []]
    assert asked == ["甲 乙", ""]


def test_more_texts_than_one_statement_may_name(tmp_path: Path, encoder: ToyEncoder) -> None:
    texts = [f"第{number}条" for number in range(1203)]
    cache = EmbeddingCache(tmp_path / "e.sqlite")
    assert cache.passages(encoder, texts).shape == (1203, encoder.dimension)
    cache.passages(encoder, texts)
    assert len(encoder.encoded) == 1203


def test_a_damaged_file_is_replaced(tmp_path: Path, encoder: ToyEncoder) -> None:
    path = tmp_path / "e.sqlite"
    path.write_bytes(b"not a database" * 100)
    assert len(EmbeddingCache(path).passages(encoder, ["学校"])) == 1


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path, encoder: ToyEncoder) -> None:
    path = tmp_path / "e.sqlite"
    cache = EmbeddingCache(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE vectors")
    with pytest.raises(StoreError, match=r"向量缓存 .*e\.sqlite"):
        cache.passages(encoder, ["学校"])


def test_threads_agree(tmp_path: Path) -> None:
    encoder = ToyEncoder()
    cache = EmbeddingCache(tmp_path / "e.sqlite")
    texts = [f"第{number}条" for number in range(80)]
    results: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: results.append(cache.passages(encoder, texts).tobytes())) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 6 and len(set(results)) == 1
