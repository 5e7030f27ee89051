"""From the store to an index generation, and back into memory.

A build embeds only texts that the cache lacks. ``ensure_index`` builds where the current generation does not agree
with the store, the model, the tokenizer or this program's format, and otherwise leaves it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from index.dense import METRIC, DenseIndex
from index.embedding_cache import EmbeddingCache
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
from index.lexical import LexicalIndex, build_postings
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
# Sentence vectors are computed ahead for collections up to this size: they cost as much as the index itself.
MOST_SENTENCES = 5_000


@dataclass(frozen=True, slots=True)
class Holdings:
    """Everything in force in the store, read as one state."""

    revision: str
    documents: tuple[Document, ...]
    clauses: tuple[Clause, ...]
    requirements: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class Generation:
    """A loaded generation. Row ``i`` of both indexes is the clause ``clause_ids[i]``."""

    name: str
    clause_ids: tuple[str, ...]
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
        holdings = read_holdings(home)  # another program may have changed and built while this one waited
        identity = identity_of(holdings.revision, encoder, segmenter)
        if not again and is_current(home, identity):
            return holdings, False
        _build(home, holdings, identity, encoder, segmenter, progress or Silent())
    return holdings, True


def _build(
    home: Home,
    holdings: Holdings,
    identity: Identity,
    encoder: Encoder,
    segmenter: Segmenter,
    progress: Progress,
) -> None:
    cache = EmbeddingCache(home.embeddings)
    clauses = searchable(holdings.clauses)
    passages = passages_of(clauses, {document.doc_id: document for document in holdings.documents})
    # Sentences ahead, in the same call: one progress bar, and the first answer need not compute them.
    vectors = cache.passages(encoder, [*passages, *_sentences(clauses)], progress=progress)[: len(passages)]
    words = build_postings(cache.words(f"{segmenter.fingerprint}/{FORMAT}", segmenter.tokens, passages))
    lexical = LexicalIndex(words, build_postings([character_pairs(passage) for passage in passages]))
    write = partial(_write, clause_ids=[clause.clause_id for clause in clauses], lexical=lexical, vectors=vectors)
    write_generation(home, identity, dimension=encoder.dimension, clause_count=len(clauses), write=write)


def _write(folder: Path, *, clause_ids: list[str], lexical: LexicalIndex, vectors: Matrix) -> None:
    DenseIndex.build(vectors).save(folder)
    lexical.save(folder)
    (folder / CLAUSES_FILE).write_text(json.dumps(clause_ids, ensure_ascii=False), encoding="utf-8")


def _sentences(clauses: list[Clause]) -> list[str]:
    """The sentences of a collection small enough to compute their vectors ahead."""
    sentences = [
        clause.text[span.start : span.end]
        for clause in clauses
        for span in clause_sentences(clause.text, clause.body_start)
    ]
    return sentences if len(sentences) <= MOST_SENTENCES else []


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
        generation = Generation(folder.name, clause_ids, LexicalIndex.load(folder), DenseIndex.load(folder))
    except FileNotFoundError as error:
        raise IndexMissing(f"检索索引 {folder} 在读取时被移除，可能刚被新的索引替换。请重试。") from error
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise IndexMismatch(f"检索索引 {folder} 读不出来，已损坏。请执行“python -m index build --again”。") from error
    counts = {len(generation.lexical), len(generation.dense), len(clause_ids), manifest.clause_count}
    if len(counts) != 1 or generation.dense.dimension != manifest.dimension:
        raise IndexMismatch(f"检索索引 {folder} 各部分条数不一致，已损坏。请执行“python -m index build --again”。")
    return generation
