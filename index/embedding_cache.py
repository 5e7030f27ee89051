"""What was computed once for a text is kept: vectors by model, words by tokenizer, in ``KB_HOME/embeddings.sqlite``.

Everything here is derived and may be deleted; a damaged file is replaced by an empty one.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
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
ASK_AT_ONCE = 500  # below SQLite's limit of variables in one statement
WORD_MARK = "\t"
KEY_BYTES = 32


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
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(SCHEMA)

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        try:
            connection = sqlite3.connect(self._path, timeout=BUSY_SECONDS)
            try:
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
        found = self._read("vectors", maker, keys)
        missing = list({key: text for key, text in zip(keys, texts, strict=True) if key not in found}.items())
        # Texts of one length in a batch: padding is computed like text.
        missing.sort(key=lambda entry: len(entry[1]))
        with self._lock:
            for batch in _counted_batches(missing, progress or Silent(), "计算向量"):
                vectors = encoder.encode_passages([text for _, text in batch])
                fresh = {key: vector.tobytes() for (key, _), vector in zip(batch, vectors, strict=True)}
                self._write("vectors", maker, fresh)
                found.update(fresh)
        if not keys:
            return np.empty((0, encoder.dimension), dtype=np.float32)
        return np.frombuffer(b"".join(found[key] for key in keys), dtype="<f4").reshape(len(keys), -1)

    def words(self, maker: str, split: Callable[[str], list[str]], texts: Sequence[str]) -> list[list[str]]:
        """The words of each text; ``maker`` names the tokenizer whose ``split`` it is."""
        keys = [text_key(text) for text in texts]
        found = self._read("words", maker, keys)
        fresh = {
            key: WORD_MARK.join(split(text)).encode() for key, text in zip(keys, texts, strict=True) if key not in found
        }
        self._write("words", maker, fresh)
        found.update(fresh)
        return [found[key].decode().split(WORD_MARK) if found[key] else [] for key in keys]

    def _read(self, table: str, maker: str, keys: list[bytes]) -> dict[bytes, bytes]:
        found: dict[bytes, bytes] = {}
        with self._connection() as connection:
            for start in range(0, len(keys), ASK_AT_ONCE):
                asked = keys[start : start + ASK_AT_ONCE]
                marks = ",".join("?" * len(asked))
                query = f"SELECT text, value FROM {table} WHERE maker = ? AND text IN ({marks})"
                found.update(connection.execute(query, (maker, *asked)))
        return found

    def _write(self, table: str, maker: str, fresh: dict[bytes, bytes]) -> None:
        with self._connection() as connection:
            connection.executemany(
                f"INSERT OR REPLACE INTO {table} (maker, text, value) VALUES (?, ?, ?)",
                [(maker, key, value) for key, value in fresh.items()],
            )


def _counted_batches(
    entries: list[tuple[bytes, str]], progress: Progress, label: str
) -> Iterator[list[tuple[bytes, str]]]:
    if not entries:
        return
    progress.begin(label, len(entries), "条")
    try:
        for start in range(0, len(entries), ENCODE_AT_ONCE):
            batch = entries[start : start + ENCODE_AT_ONCE]
            yield batch
            progress.advance(len(batch))
    finally:
        progress.end()
