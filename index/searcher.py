"""The searcher: a question in, ranked hits out. Opens a knowledge base and keeps its index in memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Self

import numpy as np

from index.building import Generation, ensure_index, identity_of, load_generation
from index.context import Context
from index.dense import Mask, Rows
from index.embedding_cache import EmbeddingCache
from index.encoder import Encoder, open_encoder
from index.english import EnglishReader, Reading, english_forms, is_english, joints, word_by_word
from index.expansion import LexicalQuery, lexical_query, matched_spans
from index.filtering import Facets
from index.fusion import fuse, with_neighbour
from index.generations import current_name
from index.packed_model import Matrix
from index.records import Filters, Hit, Mode, ScoreParts, Spread
from index.segmentation import Segmenter
from ingest.bootstrap import ensure_corpus
from ingest.errors import BadQuery, VectorIndexError
from ingest.home import Home
from ingest.progress import Progress
from ingest.records import Clause, Document
from ingest.storage import Store

TOP_K = 10
# The best of each side that are compared with each other. In a larger pool both scores lie further out of the
# normal, and questions on statutes lose a point.
POOL = 100
# Clauses that the mean cosine is taken over: it is needed to a thousandth, and single cosines vary by a few hundredths.
MEAN_OVER = 2_000
TENTH = 10
REMEMBERED_QUERIES = 256
GROUPED = 64  # scores of which only the best is looked at first
ATTEMPTS = 3
LONGEST_QUERY = 2_000
NO_FILTERS = Filters()
# What the English words themselves weigh beside their Chinese words in the vector of a question: the model brings the
# two languages together only roughly.
OWN_SHARE = 0.35


@dataclass(frozen=True, slots=True)
class _State:
    """One state of the knowledge base with its index; replaced as a whole."""

    revision: str
    documents: Mapping[str, Document]
    clauses: Mapping[str, Clause]
    generation: Generation
    facets: Facets
    reader: EnglishReader
    context: Context


class Searcher:
    """Searches one knowledge base. Safe for several threads; each search sees one state."""

    def __init__(self, home: Home, encoder: Encoder, segmenter: Segmenter) -> None:
        self._home = home
        self._encoder = encoder
        self._cache = EmbeddingCache(home.embeddings)
        self._queries: OrderedDict[str, Matrix] = OrderedDict()
        self._lock = threading.Lock()
        self._opening = threading.Lock()
        self._state: _State | None = None
        self.segmenter = segmenter

    @classmethod
    def open(cls, home: Home, *, encoder: Encoder | None = None, progress: Progress | None = None) -> Self:
        """Open a knowledge base; a fresh one is first filled from ``corpus/``, a stale index is first rebuilt.

        Args:
            home: the knowledge base.
            encoder: gives the vectors; the model that ``KB_MODEL`` names where it is not given.
            progress: told about fetching the model, reading files and computing vectors.

        Raises:
            KnowledgeBaseError: the store, the model or the index refused; the message says what to do.
        """
        ensure_corpus(home, progress=progress)
        searcher = cls(home, encoder or open_encoder(home, progress=progress), Segmenter())
        searcher.refresh(progress=progress)
        return searcher

    def refresh(self, *, progress: Progress | None = None) -> bool:
        """Take over what another program changed; gives whether anything was. Builds a stale index first."""
        with self._opening:
            if self._state is not None and self._is_fresh(self._state):
                return False
            self._state = self._newest(progress)
            return True

    def _newest(self, progress: Progress | None) -> _State:
        for _ in range(ATTEMPTS - 1):
            try:
                return self._load(progress)
            except VectorIndexError:
                continue  # another program changed the store or the generation between two steps
        return self._load(progress)

    def _is_fresh(self, state: _State) -> bool:
        if current_name(self._home) != state.generation.name:
            return False
        with Store.open(self._home) as store:
            return store.revision() == state.revision

    def _load(self, progress: Progress | None) -> _State:
        holdings, _ = ensure_index(self._home, self._encoder, self.segmenter, progress=progress)
        generation = load_generation(self._home, identity_of(holdings.revision, self._encoder, self.segmenter))
        clauses = {clause.clause_id: clause for clause in holdings.clauses}
        rows = [clauses[clause_id] for clause_id in generation.clause_ids]
        lexical = generation.lexical
        documents = {document.doc_id: document for document in holdings.documents}
        return _State(
            holdings.revision,
            MappingProxyType(documents),
            MappingProxyType(clauses),
            generation,
            Facets.of(rows, holdings.requirements),
            EnglishReader(lambda: lexical.word_frequencies, lambda: lexical.pair_frequencies),
            Context.of(rows, documents),
        )

    @property
    def _opened(self) -> _State:
        if self._state is None:
            self.refresh()
        assert self._state is not None
        return self._state

    @property
    def documents(self) -> Mapping[str, Document]:
        """The documents in force, by doc_id."""
        return self._opened.documents

    @property
    def clauses(self) -> Mapping[str, Clause]:
        """All clauses and headings in force, by clause_id, in document order."""
        return self._opened.clauses

    def search(
        self, query: str, *, top_k: int = TOP_K, filters: Filters = NO_FILTERS, mode: Mode = "hybrid"
    ) -> list[Hit]:
        """The best clauses for a question, best first.

        Args:
            query: the question, Chinese or English.
            top_k: how many; fewer come back where fewer clauses are allowed, or (lexical) share a word with it.
            filters: which clauses may be found; applied before ``top_k``.
            mode: words and vectors together, or one of them.

        Raises:
            BadQuery: the question is empty or too long, or ``top_k`` is below 1.
        """
        _check(query, top_k)
        state = self._opened
        allowed = state.facets.mask(filters)
        asked, lexical = self._asked(state, query)
        vector = self.query_vector(query) if mode != "lexical" else None
        rows = self._pool(state, lexical, vector, allowed, max(POOL, top_k), mode)
        dense = state.generation.dense.scores(vector, rows) if vector is not None else np.zeros(len(rows), np.float32)
        fused = _fused(state, rows, lexical, dense, vector)
        parts = (lexical[rows], dense, fused)
        return _hits(state, rows, parts, mode, top_k, asked)

    def spread(self, query: str, *, filters: Filters = NO_FILTERS) -> Spread:
        """How a question lies to the clauses that ``filters`` allow, by their vectors."""
        state, vector = self._opened, self.query_vector(query)
        dense, allowed = state.generation.dense, state.facets.mask(filters)
        rows = np.arange(len(dense)) if allowed is None else np.flatnonzero(allowed)
        if not len(rows):
            return Spread(0.0, 0.0, 0.0, 0)
        nearest, near = dense.search(vector, POOL, allowed)
        sample = rows[:: -(-len(rows) // MEAN_OVER)]
        likest = rows[np.argmax(self._asked(state, query)[1][rows])]
        place = np.flatnonzero(nearest == likest)
        return Spread(
            mean=float(dense.scores(vector, sample).mean()),
            best=float(near[0]),
            tenth=float(near[:TENTH][-1]),
            lexical_place=int(place[0]) if len(place) else len(nearest),
        )

    def _asked(self, state: _State, query: str) -> tuple[LexicalQuery, Matrix]:
        """The words of a question, and the lexical score of every row."""
        if not is_english(query):
            asked = lexical_query(query, self.segmenter)
            return asked, state.generation.lexical.scores(asked.words, asked.pairs)
        readings = state.reader.readings(query)
        scores = state.generation.lexical.scores({}, joints(readings))
        state.generation.lexical.add_best(english_forms(readings, self.segmenter), scores)
        marked = dict.fromkeys(word for reading in readings for word in reading.words if len(word) > 1)
        return LexicalQuery({}, {}, tuple(marked)), scores

    def readings(self, query: str) -> tuple[Reading, ...]:
        """The words and phrases of an English question with the words of the texts that they may mean."""
        return self._opened.reader.readings(query)

    def query_vector(self, query: str) -> Matrix:
        """The unit vector that a question is searched by; of an English one mostly that of its Chinese words."""
        chinese = word_by_word(self.readings(query)) if is_english(query) else ""
        if not chinese:
            alone: Matrix = self.embed_queries([query])[0]
            return alone
        translated, own = self.embed_queries([chinese, query])
        both: Matrix = translated + np.float32(OWN_SHARE) * own
        unit: Matrix = both / np.float32(np.linalg.norm(both))
        return unit

    def _pool(
        self, state: _State, lexical: Matrix, vector: Matrix | None, allowed: Mask | None, size: int, mode: Mode
    ) -> Rows:
        """The rows to rank: the best of each side that the mode asks for."""
        found: list[Rows] = []
        if mode != "dense":
            found.append(_best_rows(lexical, size, allowed))
        if vector is not None:
            found.append(state.generation.dense.search(vector, size, allowed)[0])
        return np.unique(np.concatenate(found))

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors of questions, shape (n, dimension). The last few hundred are remembered, in memory only."""
        with self._lock:
            known = {text: self._queries[text] for text in texts if text in self._queries}
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(missing, self._encoder.encode_queries(missing), strict=True))
        with self._lock:
            for text in missing:
                self._queries[text] = known[text]
            while len(self._queries) > REMEMBERED_QUERIES:
                self._queries.popitem(last=False)
        if not texts:
            return np.empty((0, self._encoder.dimension), dtype=np.float32)
        return np.stack([known[text] for text in texts])

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors of passages or sentences, shape (n, dimension); kept on disk, computed once."""
        return self._cache.passages(self._encoder, texts)


def _check(query: str, top_k: int) -> None:
    if not query.strip():
        raise BadQuery("问题是空的。请输入要查询的内容，例如“学校必须做什么”。")
    if len(query) > LONGEST_QUERY:
        raise BadQuery(f"问题有 {len(query)} 个字，最多 {LONGEST_QUERY} 个字。请缩短后重试。")
    if top_k < 1:
        raise BadQuery(f"要求返回 {top_k} 条，至少为 1 条。")


def _best_rows(scores: Matrix, size: int, allowed: Mask | None) -> Rows:
    """The rows with the best positive scores, at most ``size``, in no order."""
    if allowed is not None:
        scores = np.where(allowed, scores, np.float32(0))
    least = _least(scores, size)
    rows = np.flatnonzero(scores >= least if least > 0 else scores > 0)
    if len(rows) > size:
        rows = rows[np.argpartition(-scores[rows], size - 1)[:size]]
    return rows.astype(np.int64)


def _least(scores: Matrix, size: int) -> float:
    """A score that at least ``size`` rows reach, 0 where there are few: the ``size``-th best of the bests of groups.

    To put all positive scores of a million clauses in order takes as long as the search for them.
    """
    groups = len(scores) // GROUPED
    if groups < size:
        return 0.0
    bests = scores[: groups * GROUPED].reshape(GROUPED, groups).max(axis=0)
    return float(np.partition(bests, groups - size)[groups - size])


def _fused(state: _State, rows: Rows, lexical: Matrix, dense: Matrix, vector: Matrix | None) -> Matrix:
    """Both sides of ``rows``, each with a little of the clauses beside, less what the kind of document costs."""
    beside = state.context.beside[rows]
    words = with_neighbour(lexical[rows], state.context.best_beside(lexical[beside], rows))
    if vector is not None:
        near = state.generation.dense.scores(vector, beside.ravel()).reshape(beside.shape)
        dense = with_neighbour(dense, state.context.best_beside(near, rows))
    return np.asarray(fuse(words, dense) - state.context.deduction[rows], dtype=np.float32)


def _hits(
    state: _State, rows: Rows, parts: tuple[Matrix, Matrix, Matrix], mode: Mode, top_k: int, asked: LexicalQuery
) -> list[Hit]:
    lexical, dense, fused = parts
    scores = {"lexical": lexical, "dense": dense, "hybrid": fused}[mode]
    # Equal scores keep document order, so that the same question always gives the same list.
    order = np.lexsort((rows, -scores))[:top_k]
    hits: list[Hit] = []
    for at in order:
        clause = state.clauses[state.generation.clause_ids[rows[at]]]
        score_parts = ScoreParts(float(lexical[at]), float(dense[at]), float(fused[at]))
        hits.append(Hit(clause, float(scores[at]), score_parts, matched_spans(clause.text, asked.marked)))
    return hits
