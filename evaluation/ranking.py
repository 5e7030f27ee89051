"""A BEIR corpus in a knowledge base of its own, and its queries ranked by the product's own searcher.

Passages with one title become one document with a clause for each, so that a passage is indexed exactly as a clause
is. Nothing of ``corpus/`` is put beside them. Measuring is left to ``metrics.py``.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import numpy.typing as npt

from evaluation.beir import Passage
from evaluation.metrics import DEPTH, Run
from index.records import Mode
from ingest.errors import BadQuery, InputError, StoreMissing
from ingest.home import Home
from ingest.progress import Progress, track
from ingest.records import Clause, Document, ParsedDocument, Span, Step
from ingest.storage import Store

if TYPE_CHECKING:
    from index.encoder import Encoder
    from index.searcher import Searcher
    from qa.engine import Engine

# What the searcher knows, and "full": all that the product does before it shows clauses.
RunMode = Literal["hybrid", "lexical", "dense", "full"]
RUN_MODES: tuple[RunMode, ...] = get_args(RunMode)
DOC_PREFIX = "beir"
CORPUS_MARK = "corpus.sha256"  # names the corpus that a kept home holds


class NoEncoder:
    """For the lexical mode: a vector of nothing, so that an hour of embedding is not spent on what is not asked."""

    fingerprint = "none"
    dimension = 1

    def encode_queries(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Zeros, shape (n, 1)."""
        return np.zeros((len(texts), 1), dtype=np.float32)

    encode_passages = encode_queries


@dataclass(frozen=True, slots=True)
class Ranked:
    """One mode's run, with the seconds of each query; a query that the product refuses has no hits."""

    mode: RunMode
    run: Run
    refused: tuple[str, ...]
    seconds: tuple[float, ...]


def fill(home: Home, corpus: Sequence[Passage]) -> dict[str, str]:
    """Put the corpus into ``home`` where it is not there yet; gives ``{clause_id: passage_id}``.

    Raises:
        InputError: ``home`` holds something else.
    """
    documents = list(documents_of(corpus))
    mark, digest = home.root / CORPUS_MARK, _digest(corpus)
    if _holds_nothing(home):
        home.root.mkdir(parents=True, exist_ok=True)
        mark.write_text(digest, encoding="utf-8")  # first: a fill that breaks off leaves an empty store
        with Store.open(home, write=True) as store, store.transaction():
            for parsed, _ in documents:
                store.add(parsed)
    elif not mark.is_file() or mark.read_text(encoding="utf-8") != digest:
        raise InputError(f"{home.root} 里已有别的内容。应为：空文件夹，或上次测同一语料留下的文件夹。请换一个 --home。")
    return {clause_id: passage_id for _, names in documents for clause_id, passage_id in names.items()}


def open_searcher(home: Home, encoder: Encoder, progress: Progress) -> Searcher:
    """The product's searcher over what ``fill`` put there, its index built where it is missing."""
    from index.searcher import Searcher
    from index.segmentation import Segmenter

    searcher = Searcher(home, encoder, Segmenter())
    searcher.refresh(progress=progress)
    return searcher


def rank(
    searcher: Searcher,
    home: Home,
    queries: Mapping[str, str],
    names: Mapping[str, str],
    mode: RunMode,
    progress: Progress,
) -> Ranked:
    """Ask every query for its best ``DEPTH`` passages.

    Args:
        searcher: the product's, over what ``fill`` put into ``home``.
        home: the knowledge base.
        queries: ``{query_id: text}``.
        names: ``{clause_id: passage_id}``.
        mode: the way of searching.
        progress: told about the queries.
    """
    run: Run = {}
    refused: list[str] = []
    seconds: list[float] = []
    best = _best_clauses(searcher, home, mode)
    for query_id, text in track(list(queries.items()), progress, f"检索（{mode}）", "题"):
        started = time.perf_counter()
        try:
            found = best(text)
        except BadQuery:
            refused.append(query_id)
            found = []
        seconds.append(time.perf_counter() - started)
        # Scores by rank: the measures break equal scores by id, the product by document order.
        run[query_id] = {names[clause_id]: float(len(found) - place) for place, clause_id in enumerate(found)}
    return Ranked(mode, run, tuple(refused), tuple(seconds))


def _best_clauses(searcher: Searcher, home: Home, mode: RunMode) -> Callable[[str], list[str]]:
    """A function from a question to clause ids, best first."""
    if mode == "full":
        from qa.engine import Engine

        engine = Engine(home, searcher)
        return lambda text: _shown_first(engine, searcher, text)
    plain: Mode = mode
    return lambda text: [hit.clause.clause_id for hit in searcher.search(text, top_k=DEPTH, mode=plain)]


def _shown_first(engine: Engine, searcher: Searcher, text: str) -> list[str]:
    """The product's own order: named clauses and lists first, else candidates by evidence; then the search's hits."""
    weighed = engine.evidence(text)
    if weighed is None:
        first = [citation.clause.clause_id for citation in engine.ask(text).citations]
    else:
        first = [found.clause.clause_id for found in weighed.evidence]
    rest = [hit.clause.clause_id for hit in searcher.search(text, top_k=DEPTH)]
    return list(dict.fromkeys([*first, *rest]))[:DEPTH]


def _holds_nothing(home: Home) -> bool:
    try:
        with Store.open(home) as store:
            return not store.documents()
    except StoreMissing:
        return True


def documents_of(corpus: Sequence[Passage]) -> Iterator[tuple[ParsedDocument, dict[str, str]]]:
    """Passages of one title as one document each, with ``{clause_id: passage_id}``; in the order of first titles."""
    by_title: dict[str, list[Passage]] = {}
    for passage in corpus:
        by_title.setdefault(passage.title, []).append(passage)
    for number, (title, passages) in enumerate(by_title.items(), start=1):
        yield _document(f"{DOC_PREFIX}-{number}", title, passages)


def one_document(doc_id: str, title: str, passages: Sequence[Passage]) -> ParsedDocument:
    """Passages as the clauses of one document."""
    return _document(doc_id, title, passages)[0]


def _document(doc_id: str, title: str, passages: Sequence[Passage]) -> tuple[ParsedDocument, dict[str, str]]:
    source = "\n".join(passage.text for passage in passages)
    clauses, names, start = [], {}, 0
    for order, passage in enumerate(passages):
        label = str(order + 1)
        span = Span(start, start + len(passage.text))
        start = span.end + 1
        clause = Clause(
            clause_id=f"{doc_id}.p{label}",
            doc_id=doc_id,
            order=order,
            kind="clause",
            path=(Step("p", order + 1, 0, label, ""),),
            breadcrumb=(label,),
            locator=label,
            text=passage.text,
            lead_in="",
            span=span,
            body_start=0,
        )
        clauses.append(clause)
        names[clause.clause_id] = passage.passage_id
    sha256 = hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()
    document = Document(doc_id, title, None, None, None, None, None, "unknown", "unknown", doc_id, sha256, 1)
    return ParsedDocument(document, source, tuple(clauses)), names


def _digest(corpus: Sequence[Passage]) -> str:
    digest = hashlib.sha256()
    for passage in corpus:
        digest.update(json.dumps([passage.passage_id, passage.title, passage.text]).encode())
    return digest.hexdigest()
