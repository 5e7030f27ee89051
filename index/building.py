"""From the store to an index generation, and back into memory.

A build takes over from the generation in use what stands for a passage that is still there, and embeds only texts
that the cache lacks. ``ensure_index`` builds where the current generation does not agree with the store, the model,
the tokenizer or this program's format, and otherwise leaves it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from index.dense import METRIC, DenseIndex, Rows
from index.embedding_cache import KEY_BYTES, EmbeddingCache, text_key
from index.encoder import Encoder
from index.generations import (
    FORMAT,
    Identity,
    Manifest,
    build_lock,
    check_files,
    check_identity,
    current_folder,
    differences,
    read_manifest,
    write_generation,
)
from index.lexical import LexicalIndex
from index.packed_model import Matrix
from index.passages import passages_of, searchable
from index.segmentation import Segmenter, character_pairs
from ingest.errors import IndexMismatch, IndexMissing, VectorIndexError
from ingest.home import Home
from ingest.progress import Progress, Silent
from ingest.records import Clause, Document, Requirement
from ingest.sentences import clause_sentences
from ingest.storage import Store

CLAUSES_FILE = "clauses.json"
KEYS_FILE = "passages.sha256"
# Counted up when words of the same tokenizer are joined or kept in another way.
WORDS_FORMAT = 1
# Sentence vectors are computed ahead for collections up to this size: they cost as much as the index itself.
MOST_SENTENCES = 5_000
SENTENCES_AT_ONCE = 50_000  # their vectors are in memory together


@dataclass(frozen=True, slots=True)
class Holdings:
    """Everything in force in the store, read as one state."""

    revision: str
    documents: tuple[Document, ...]
    clauses: tuple[Clause, ...]
    requirements: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class Generation:
    """A loaded generation.

    Row ``i`` of both indexes is the clause ``clause_ids[i]``, whose passage has the hash ``keys[i]``.
    """

    name: str
    clause_ids: tuple[str, ...]
    keys: tuple[bytes, ...]
    lexical: LexicalIndex
    dense: DenseIndex


def read_holdings(home: Home) -> Holdings:
    """Read the store as one state."""
    with Store.open(home) as store, store.snapshot():
        return Holdings(store.revision(), tuple(store.documents()), tuple(store.clauses()), tuple(store.requirements()))


def identity_of(revision: str, encoder: Encoder, segmenter: Segmenter) -> Identity:
    """What a generation built now would be."""
    return Identity(FORMAT, encoder.fingerprint, METRIC, segmenter.fingerprint, revision)


def is_current(home: Home, identity: Identity) -> bool:
    """Whether the generation in use is whole and agrees with ``identity``."""
    try:
        folder = current_folder(home)
        manifest = read_manifest(folder)
        check_files(folder, manifest, thorough=False)
    except VectorIndexError:
        return False
    return not differences(manifest.identity, identity)


def ensure_index(
    home: Home,
    encoder: Encoder,
    segmenter: Segmenter,
    *,
    progress: Progress | None = None,
    again: bool = False,
) -> tuple[Holdings, bool]:
    """Build a generation where none agrees with the store; gives the store's content and whether one was built.

    Args:
        home: the knowledge base.
        encoder: gives the vectors.
        segmenter: gives the words.
        progress: told about the vectors that are computed.
        again: build even where the current generation agrees.
    """
    holdings = read_holdings(home)
    if not again and is_current(home, identity_of(holdings.revision, encoder, segmenter)):
        return holdings, False
    with build_lock(home):
        holdings = _newer(home, holdings)  # another program may have changed and built while this one waited
        identity = identity_of(holdings.revision, encoder, segmenter)
        if not again and is_current(home, identity):
            return holdings, False
        old = None if again else _reusable(home, identity)
        _build(home, holdings, identity, encoder, segmenter, progress or Silent(), old)
    return holdings, True


def _newer(home: Home, holdings: Holdings) -> Holdings:
    """The store's content as it is now; reading a large one again takes a second, so only where it has changed."""
    with Store.open(home) as store:
        if store.revision() == holdings.revision:
            return holdings
    return read_holdings(home)


def _reusable(home: Home, identity: Identity) -> Generation | None:
    """The generation in use where only the store's content has changed since it was built."""
    try:
        folder = current_folder(home)
        manifest = read_manifest(folder)
        check_identity(replace(manifest.identity, store_revision=identity.store_revision), identity)
        check_files(folder, manifest, thorough=True)  # a flipped byte would live on under a new checksum
        return _loaded(folder, manifest)
    except VectorIndexError:
        return None


def _build(
    home: Home,
    holdings: Holdings,
    identity: Identity,
    encoder: Encoder,
    segmenter: Segmenter,
    progress: Progress,
    old: Generation | None,
) -> None:
    cache = EmbeddingCache(home.embeddings)
    clauses = searchable(holdings.clauses)
    passages = passages_of(clauses, {document.doc_id: document for document in holdings.documents})
    keys = [text_key(passage) for passage in passages]
    kept = _kept_rows(old.keys if old else (), keys)
    fresh = [passage for passage, row in zip(passages, kept, strict=True) if row < 0]
    # Sentences ahead, in the same call: one progress bar, and the first answer need not compute them.
    vectors = cache.passages(encoder, [*fresh, *_sentences(clauses)], progress=progress)[: len(fresh)]
    words = cache.words(f"{segmenter.fingerprint}/{WORDS_FORMAT}", segmenter.tokens, fresh)
    lexical = LexicalIndex.of(words, map(character_pairs, fresh))
    if old is not None:
        lexical = old.lexical.updated(kept, lexical)
        vectors = _updated(old.dense, kept, vectors)
    clause_ids = [clause.clause_id for clause in clauses]
    write = partial(_write, clause_ids=clause_ids, keys=keys, lexical=lexical, vectors=vectors)
    write_generation(home, identity, dimension=encoder.dimension, clause_count=len(clauses), write=write)


def _kept_rows(old: Sequence[bytes], keys: Sequence[bytes]) -> Rows:
    """For each passage the old row of the same passage, each row at most once; -1 where there is none."""
    places: dict[bytes, list[int]] = {}
    for row, key in enumerate(old):
        places.setdefault(key, []).append(row)
    rows = (places[key].pop() if places.get(key) else -1 for key in keys)
    return np.fromiter(rows, np.int64, len(keys))


def _updated(old: DenseIndex, kept: Rows, fresh: Matrix) -> Matrix:
    vectors = np.empty((len(kept), old.dimension), dtype=np.float32)
    vectors[kept >= 0] = old.vectors(kept[kept >= 0])
    vectors[kept < 0] = fresh
    return vectors


def _write(folder: Path, *, clause_ids: list[str], keys: list[bytes], lexical: LexicalIndex, vectors: Matrix) -> None:
    DenseIndex.build(vectors).save(folder)
    lexical.save(folder)
    (folder / CLAUSES_FILE).write_text(json.dumps(clause_ids, ensure_ascii=False), encoding="utf-8")
    (folder / KEYS_FILE).write_bytes(b"".join(keys))


def _sentences(clauses: list[Clause]) -> list[str]:
    """The sentences of a collection small enough to compute their vectors ahead."""
    if len(clauses) > MOST_SENTENCES:
        return []  # splitting them all only to count them would take two seconds in a large collection
    sentences = _sentences_of(clauses)
    return sentences if len(sentences) <= MOST_SENTENCES else []


def _sentences_of(clauses: Sequence[Clause]) -> list[str]:
    return [
        clause.text[span.start : span.end]
        for clause in clauses
        for span in clause_sentences(clause.text, clause.body_start)
    ]


def embed_sentences(home: Home, encoder: Encoder, *, progress: Progress | None = None) -> int:
    """Compute the vectors of every sentence ahead, so that no first answer waits for them; gives how many there are.

    In a large collection it takes as long as the index itself, so nothing calls it unasked.
    """
    cache = EmbeddingCache(home.embeddings)
    with Store.open(home) as store:
        sentences = list(dict.fromkeys(_sentences_of(searchable(tuple(store.clauses())))))
    for start in range(0, len(sentences), SENTENCES_AT_ONCE):
        cache.passages(encoder, sentences[start : start + SENTENCES_AT_ONCE], progress=progress)
    return len(sentences)


def load_generation(home: Home, identity: Identity) -> Generation:
    """Load the generation in use into memory.

    Raises:
        IndexMissing: none was built.
        IndexMismatch: it belongs to another model, tokenizer, format or state of the store, or is damaged.
    """
    folder = current_folder(home)
    manifest = read_manifest(folder)
    check_identity(manifest.identity, identity)
    check_files(folder, manifest, thorough=False)
    return _loaded(folder, manifest)


def verify_index(home: Home, encoder: Encoder, segmenter: Segmenter) -> Manifest:
    """Compare the generation in use with the store and every file with its checksum, and load it.

    Raises:
        IndexMissing: none was built.
        IndexMismatch: something differs.
    """
    folder = current_folder(home)
    manifest = read_manifest(folder)
    with Store.open(home) as store:
        revision = store.revision()
    check_identity(manifest.identity, identity_of(revision, encoder, segmenter))
    check_files(folder, manifest, thorough=True)
    _loaded(folder, manifest)
    return manifest


def _loaded(folder: Path, manifest: Manifest) -> Generation:
    try:
        clause_ids = tuple(json.loads((folder / CLAUSES_FILE).read_text(encoding="utf-8")))
        joined = (folder / KEYS_FILE).read_bytes()
        keys = tuple(joined[start : start + KEY_BYTES] for start in range(0, len(joined), KEY_BYTES))
        generation = Generation(folder.name, clause_ids, keys, LexicalIndex.load(folder), DenseIndex.load(folder))
    except FileNotFoundError as error:
        raise IndexMissing(f"检索索引 {folder} 在读取时被移除，可能刚被新的索引替换。请重试。") from error
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise IndexMismatch(f"检索索引 {folder} 读不出来，已损坏。请执行“python -m index build --again”。") from error
    counts = {len(generation.lexical), len(generation.dense), len(clause_ids), len(keys), manifest.clause_count}
    if len(counts) != 1 or generation.dense.dimension != manifest.dimension:
        raise IndexMismatch(f"检索索引 {folder} 各部分条数不一致，已损坏。请执行“python -m index build --again”。")
    return generation
