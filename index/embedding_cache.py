"""What was computed once for a text is kept: vectors by model, words by tokenizer, in ``KB_HOME/embeddings.sqlite``.

Everything here is derived and may be deleted; a damaged file is replaced by an empty one.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from index.encoder import Encoder
from index.packed_model import Matrix
from ingest.errors import StoreDamaged, StoreError
from ingest.progress import Progress, Silent

SCHEMA = """
CREATE TABLE IF NOT EXISTS vectors (maker TEXT, text BLOB, value BLOB, PRIMARY KEY (maker, text)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS words (maker TEXT, text BLOB, value BLOB, PRIMARY KEY (maker, text)) WITHOUT ROWID;
"""
BUSY_SECONDS = 30.0
# Enough for every core to have a batch, few enough for the progress bar to move.
ENCODE_AT_ONCE = 256
SPLIT_AT_ONCE = 5_000  # their words are in memory together
ASK_AT_ONCE = 500  # below SQLite's limit of variables in one statement
WORD_MARK = "\t"
KEY_BYTES = 32
# A vector fits into a page of this size, of the usual 4096 bytes it would take a leaf and a page of its own: 5.4 KB.
PAGE_BYTES = 8192


def text_key(text: str) -> bytes:
    """The key of a text: its sha256."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


class EmbeddingCache:
    """Vectors and words by the hash of the text they were made from. Safe for several threads and processes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._prepare()
        except StoreDamaged:
            for suffix in ("", "-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
            self._prepare()

    def _prepare(self) -> None:
        with self._connection() as connection:
            connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")  # of a new file; an old one keeps its own
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(SCHEMA)

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        try:
            connection = sqlite3.connect(self._path, timeout=BUSY_SECONDS)
            try:
                # Everything here can be computed again: losing the last seconds at a power cut is no harm.
                connection.executescript("PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536;")
                with connection:
                    yield connection
            finally:
                connection.close()
        except sqlite3.OperationalError as error:
            raise StoreError(
                f"不能读写向量缓存 {self._path}（{error}）。请检查磁盘空间和文件夹权限，或稍后重试。"
            ) from error
        except sqlite3.DatabaseError as error:
            raise StoreDamaged(
                f"向量缓存 {self._path} 已损坏（{error}）。它可以随时重新计算，请删除这个文件后重试。"
            ) from error

    def passages(self, encoder: Encoder, texts: Sequence[str], *, progress: Progress | None = None) -> Matrix:
        """Vectors of passages, shape (n, dimension): kept ones are read, the others computed once and kept."""
        maker = f"{encoder.fingerprint}/passage"
        keys = [text_key(text) for text in texts]
        places = {key: at for at, key in enumerate(dict.fromkeys(keys))}
        vectors = np.empty((len(places), encoder.dimension), dtype=np.float32)
        is_known = np.zeros(len(places), dtype=np.bool_)
        for key, value in self._read("vectors", maker, list(places)):
            vectors[places[key]] = np.frombuffer(value, dtype="<f4")
            is_known[places[key]] = True
        text_of = dict(zip(keys, texts, strict=True))
        # Texts of one length in a batch: padding is computed like text.
        missing = sorted((key for key, at in places.items() if not is_known[at]), key=lambda key: len(text_of[key]))
        with self._lock, self._connection() as connection:
            for batch in _counted_batches(missing, progress or Silent(), "计算向量"):
                fresh = encoder.encode_passages([text_of[key] for key in batch])
                _write(connection, "vectors", maker, zip(batch, (row.tobytes() for row in fresh), strict=True))
                vectors[[places[key] for key in batch]] = fresh
        return vectors if len(places) == len(keys) else vectors[[places[key] for key in keys]]

    def words(self, maker: str, split: Callable[[str], list[str]], texts: Sequence[str]) -> Iterator[list[str]]:
        """The words of each text in turn, some thousand texts at a time; ``maker`` names the tokenizer of ``split``."""
        for start in range(0, len(texts), SPLIT_AT_ONCE):
            some = texts[start : start + SPLIT_AT_ONCE]
            keys = [text_key(text) for text in some]
            found = dict(self._read("words", maker, keys))
            fresh = {
                key: WORD_MARK.join(split(text)).encode()
                for key, text in zip(keys, some, strict=True)
                if key not in found
            }
            if fresh:
                with self._connection() as connection:
                    _write(connection, "words", maker, fresh.items())
            found.update(fresh)
            yield from (found[key].decode().split(WORD_MARK) if found[key] else [] for key in keys)

    def _read(self, table: str, maker: str, keys: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
        with self._connection() as connection:
            for start in range(0, len(keys), ASK_AT_ONCE):
                asked = keys[start : start + ASK_AT_ONCE]
                marks = ",".join("?" * len(asked))
                query = f"SELECT text, value FROM {table} WHERE maker = ? AND text IN ({marks})"
                yield from connection.execute(query, (maker, *asked))


def _write(connection: sqlite3.Connection, table: str, maker: str, fresh: Iterable[tuple[bytes, bytes]]) -> None:
    connection.executemany(
        f"INSERT OR REPLACE INTO {table} (maker, text, value) VALUES (?, ?, ?)",
        [(maker, key, value) for key, value in fresh],
    )
    connection.commit()


def _counted_batches(keys: list[bytes], progress: Progress, label: str) -> Iterator[list[bytes]]:
    if not keys:
        return
    progress.begin(label, len(keys), "条")
    try:
        for start in range(0, len(keys), ENCODE_AT_ONCE):
            batch = keys[start : start + ENCODE_AT_ONCE]
            yield batch
            progress.advance(len(batch))
    finally:
        progress.end()
