"""The same work by what a user would pick instead, each as its own documentation shows it.

Every engine takes the passages and the folder of the same embedding model, and gives for a question the rows of the
best passages. None is imported before it is asked for: ``requirements-bench.txt`` names their packages.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation.beir import Passage
from evaluation.ranking import fill, open_searcher
from ingest.home import Home
from ingest.progress import Silent

Search = Callable[[str, int], list[int]]  # question, how many: rows of passages, best first
OURS = "ours"


@dataclass(frozen=True, slots=True)
class Setting:
    """What an engine may use: the model with its prefixes, the home that holds it, a folder to write in."""

    model: str
    query_prefix: str
    passage_prefix: str
    dimension: int
    model_home: str
    scratch: Path


def text_of(passage: Passage) -> str:
    """Title and text in one, since the others know no titles."""
    return f"{passage.title}\n{passage.text}" if passage.title else passage.text


def _ours(passages: Sequence[Passage], setting: Setting) -> Search:
    from index.encoder import open_encoder

    home = Home(setting.scratch / "kb")
    encoder = open_encoder(Home(Path(setting.model_home)), progress=Silent())
    names = fill(home, passages)
    rows = {passage.passage_id: row for row, passage in enumerate(passages)}
    searcher = open_searcher(home, encoder, Silent())
    return lambda question, top_k: [rows[names[hit.clause.clause_id]] for hit in searcher.search(question, top_k=top_k)]


def _langchain(passages: Sequence[Passage], setting: Setting) -> Search:
    from langchain_community.embeddings import HuggingFaceBgeEmbeddings
    from langchain_community.vectorstores import FAISS

    embeddings = HuggingFaceBgeEmbeddings(
        model_name=setting.model,
        model_kwargs={"device": "cpu"},
        query_instruction=setting.query_prefix,
        embed_instruction=setting.passage_prefix,
        encode_kwargs={"normalize_embeddings": True},
    )
    texts = [text_of(passage) for passage in passages]
    store = FAISS.from_texts(texts, embeddings, metadatas=[{"row": row} for row in range(len(texts))])
    return lambda question, top_k: [found.metadata["row"] for found in store.similarity_search(question, k=top_k)]


def _llamaindex(passages: Sequence[Passage], setting: Setting) -> Search:
    import faiss
    from llama_index.core import StorageContext, VectorStoreIndex
    from llama_index.core.schema import TextNode
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from llama_index.vector_stores.faiss import FaissVectorStore

    model = HuggingFaceEmbedding(
        model_name=setting.model,
        query_instruction=setting.query_prefix,
        text_instruction=setting.passage_prefix,
        device="cpu",
    )
    nodes = [TextNode(text=text_of(passage), id_=str(row)) for row, passage in enumerate(passages)]
    store = FaissVectorStore(faiss_index=faiss.IndexFlatIP(setting.dimension))
    context = StorageContext.from_defaults(vector_store=store)
    index = VectorStoreIndex(nodes, storage_context=context, embed_model=model)

    def search(question: str, top_k: int) -> list[int]:
        return [int(found.node.node_id) for found in index.as_retriever(similarity_top_k=top_k).retrieve(question)]

    return search


def _txtai(passages: Sequence[Passage], setting: Setting, *, hybrid: bool = False) -> Search:
    from txtai import Embeddings

    instructions = {"query": setting.query_prefix, "data": setting.passage_prefix}
    embeddings: Any = Embeddings(path=setting.model, instructions=instructions, hybrid=hybrid, gpu=False)
    embeddings.index((row, text_of(passage), None) for row, passage in enumerate(passages))
    return lambda question, top_k: [int(row) for row, _ in embeddings.search(question, top_k)]


def _txtai_hybrid(passages: Sequence[Passage], setting: Setting) -> Search:
    return _txtai(passages, setting, hybrid=True)


def _bm25s(passages: Sequence[Passage], setting: Setting) -> Search:
    import bm25s
    import jieba

    retriever: Any = bm25s.BM25()
    retriever.index([jieba.lcut(text_of(passage)) for passage in passages], show_progress=False)

    def search(question: str, top_k: int) -> list[int]:
        rows, scores = retriever.retrieve([jieba.lcut(question)], k=top_k, show_progress=False)
        return [int(row) for row, score in zip(rows[0], scores[0], strict=True) if score > 0]

    return search


def _china_law_mcp(passages: Sequence[Passage], setting: Setting) -> Search:
    """Its own retrieval over our passages, entered into a database of its form as articles of laws in force."""
    database = setting.scratch / "laws.db"
    _write_laws(database, passages)
    os.environ["CHINA_LAW_DB"] = str(database)  # read when the package is imported
    os.environ["CHINA_LAW_INDEX"] = str(setting.scratch / "bm25.index")
    from china_law_mcp import retrieval

    retrieval.load()
    return lambda question, top_k: [int(found["id"]) for found in retrieval.search(question, top_k=top_k)]


def _write_laws(path: Path, passages: Sequence[Passage]) -> None:
    connection = sqlite3.connect(path)
    try:
        connection.executescript(
            "CREATE TABLE laws (law_id TEXT PRIMARY KEY, law_name TEXT, doc_type TEXT);"
            "CREATE TABLE articles (id INTEGER PRIMARY KEY, law_id TEXT, law_name TEXT, law_department TEXT,"
            " level TEXT, status TEXT, chapter TEXT, section TEXT, article_no TEXT, article_no_arabic INTEGER,"
            " article_text TEXT, char_count INTEGER);"
        )
        titles = {title: str(at) for at, title in enumerate(dict.fromkeys(passage.title for passage in passages))}
        connection.executemany(
            "INSERT INTO laws VALUES (?, ?, '法律')", [(law_id, title) for title, law_id in titles.items()]
        )
        connection.executemany(
            "INSERT INTO articles VALUES (?, ?, ?, '', '', '现行有效', '', '', '', 0, ?, ?)",
            [
                (row, titles[passage.title], passage.title, passage.text, len(passage.text))
                for row, passage in enumerate(passages)
            ],
        )
        connection.commit()
    finally:
        connection.close()


ENGINES: dict[str, Callable[[Sequence[Passage], Setting], Search]] = {
    OURS: _ours,
    "bm25s + jieba": _bm25s,
    "LangChain + FAISS": _langchain,
    "LlamaIndex + FAISS": _llamaindex,
    "txtai": _txtai,
    "txtai hybrid": _txtai_hybrid,
    "china-law-mcp": _china_law_mcp,
}
