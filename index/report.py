"""What the index commands print, for machines and for people. The JSON keys are a contract: add, never rename."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from index.building import Holdings
from index.generations import current_folder, names, read_manifest
from index.models import ModelFolder, weights_bytes
from index.records import Hit
from index.searcher import Searcher
from ingest.home import Home
from ingest.records import Document

EXCERPT = 90


def build_json(built: bool, generation: str | None, holdings: Holdings, seconds: float) -> dict[str, Any]:
    """What ``build --json`` prints."""
    clauses = sum(clause.kind == "clause" for clause in holdings.clauses)
    return {
        "built": built,
        "generation": generation,
        "documents": len(holdings.documents),
        "clauses": clauses,
        "seconds": round(seconds, 2),
    }


def build_text(facts: Mapping[str, Any]) -> str:
    """The same for people."""
    done = "已生成检索索引" if facts["built"] else "检索索引已是最新，无需重建"
    return f"{done}：{facts['documents']} 份文件，{facts['clauses']} 条条款，用时 {facts['seconds']} 秒。"


def hits_json(query: str, mode: str, hits: Sequence[Hit], documents: Mapping[str, Document]) -> dict[str, Any]:
    """What ``search --json`` prints."""
    return {"query": query, "mode": mode, "hits": [_hit_json(hit, documents) for hit in hits]}


def _hit_json(hit: Hit, documents: Mapping[str, Document]) -> dict[str, Any]:
    clause, parts = hit.clause, hit.parts
    return {
        "clause_id": clause.clause_id,
        "doc_id": clause.doc_id,
        "document": documents[clause.doc_id].title,
        "locator": clause.locator,
        "breadcrumb": list(clause.breadcrumb),
        "text": clause.text,
        "score": round(hit.score, 4),
        "parts": {
            "lexical": round(parts.lexical, 4),
            "dense": round(parts.dense, 4),
            "fused": round(parts.fused, 4),
        },
        "matched": [[span.start, span.end] for span in hit.matched],
    }


def hits_text(hits: Sequence[Hit], documents: Mapping[str, Document]) -> str:
    """The same for people."""
    if not hits:
        return "没有找到条款。请换一种说法，或放宽 --doc、--audience、--modality 的限制。"
    return "\n\n".join(_hit_text(rank, hit, documents) for rank, hit in enumerate(hits, start=1))


def _hit_text(rank: int, hit: Hit, documents: Mapping[str, Document]) -> str:
    clause, parts = hit.clause, hit.parts
    words = " ".join(clause.text.split())
    excerpt = words[:EXCERPT] + ("……" if len(words) > EXCERPT else "")
    return (
        f"{rank}. 《{documents[clause.doc_id].title}》{clause.locator}\n"
        f"   {' > '.join(clause.breadcrumb)}\n"
        f"   {excerpt}\n"
        f"   得分 {hit.score:.3f}（词语 {parts.lexical:.2f}，向量 {parts.dense:.3f}）  {clause.clause_id}"
    )


def stats_json(home: Home, searcher: Searcher) -> dict[str, Any]:
    """What ``stats --json`` prints."""
    folder = current_folder(home)
    manifest = read_manifest(folder)
    return {
        "home": str(home.root),
        "generation": folder.name,
        "generations": names(home),
        "documents": len(searcher.documents),
        "clauses": manifest.clause_count,
        "model": manifest.identity.model,
        "dimension": manifest.dimension,
        "metric": manifest.identity.metric,
        "tokenizer": manifest.identity.tokenizer,
        "bytes": sum(size for size, _ in manifest.files.values()),
        "embeddings_bytes": home.embeddings.stat().st_size if home.embeddings.is_file() else 0,
    }


def stats_text(facts: Mapping[str, Any]) -> str:
    """The same for people."""
    return "\n".join(
        (
            f"知识库：{facts['home']}",
            f"文件 {facts['documents']} 份，条款 {facts['clauses']} 条",
            f"索引：第 {int(facts['generation'])} 代，{facts['bytes'] / 1e6:.1f} MB，向量 {facts['dimension']} 维",
            f"向量模型：{facts['model']}",
            f"分词：{facts['tokenizer']}",
            f"已存向量：{facts['embeddings_bytes'] / 1e6:.1f} MB",
        )
    )


def verify_text(facts: Mapping[str, Any]) -> str:
    """What ``verify`` prints for people."""
    model = f"{facts['model_files']} 个文件校验无误" if facts["model_files"] else "由 KB_MODEL 指定，没有校验值"
    return (
        f"向量模型：{model}（{facts['model']}）。\n"
        f"检索索引：{facts['index_files']} 个文件校验无误，{facts['clauses']} 条条款，与知识库一致。"
    )


def model_json(model: ModelFolder, dimension: int) -> dict[str, Any]:
    """What ``model --json`` prints."""
    return {
        "name": model.name,
        "folder": str(model.folder),
        "fingerprint": model.fingerprint,
        "dimension": dimension,
        "query_prefix": model.query_prefix,
        "passage_prefix": model.passage_prefix,
        "bytes": weights_bytes(model),
    }


def model_text(facts: Mapping[str, Any]) -> str:
    """The same for people."""
    prefixes = f"“{facts['query_prefix']}”和“{facts['passage_prefix']}”"
    return "\n".join(
        (
            f"向量模型：{facts['name']}（{facts['dimension']} 维，{facts['bytes'] / 1e6:.0f} MB）",
            f"文件夹：{facts['folder']}",
            f"标识：{facts['fingerprint']}",
            f"问题和条款的前缀：{prefixes}",
        )
    )
