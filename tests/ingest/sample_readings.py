"""A small reading with one heading, one clause, one requirement and one notice, for tests of the store."""

from __future__ import annotations

from ingest.records import Clause, Document, Notice, ParsedDocument, Requirement, Span, Step


def reading(
    doc_id: str = "plan", *, sha256: str = "a", title: str = "行动方案", words: str = "学校应当组织学习。"
) -> ParsedDocument:
    source = f"{title}\n一、总体要求\n（一）进学校\n{words}"
    heading, clause = clauses_of(doc_id, source)
    requirement = Requirement(
        requirement_id=f"{clause.clause_id}.r1",
        clause_id=clause.clause_id,
        doc_id=doc_id,
        span=Span(7, 7 + len(words)),
        sentence=words,
        subject="学校",
        audience=("school",),
        modality="must",
        action=words,
        modal_word="应当",
    )
    notice = Notice("truncated", "原文到此为止", offset=len(source), line=4, context=words)
    leavings = (Span(0, heading.span.start),)
    facts = facts_of(doc_id, title, sha256)
    return ParsedDocument(facts, source, (heading, clause), (requirement,), (notice,), leavings)


def clauses_of(doc_id: str, source: str) -> tuple[Clause, Clause]:
    start, inner = source.index("一、"), source.index("（一）")
    heading = Clause(
        clause_id=f"{doc_id}.a1",
        doc_id=doc_id,
        order=0,
        kind="heading",
        path=(Step("a", 1, 0, "一", "总体要求"),),
        breadcrumb=("一、总体要求",),
        locator="一",
        text="一、总体要求",
        lead_in="",
        span=Span(start, start + 6),
        body_start=6,
    )
    clause = Clause(
        clause_id=f"{doc_id}.a1.b1",
        doc_id=doc_id,
        order=1,
        kind="clause",
        path=(*heading.path, Step("b", 1, 0, "（一）", "进学校", guessed=True)),
        breadcrumb=("一、总体要求", "（一）进学校"),
        locator="一（一）",
        text=source[inner:],
        lead_in="",
        span=Span(inner, len(source)),
        body_start=7,
        page=3,
    )
    return heading, clause


def facts_of(doc_id: str, title: str, sha256: str) -> Document:
    return Document(
        doc_id=doc_id,
        title=title,
        doc_number=None,
        issuer="某局",
        issued_on="2023-04",
        effective_on=None,
        expires_on=None,
        status="unknown",
        rank="plan",
        source_file=f"{doc_id}.txt",
        sha256=sha256,
        version=1,
        notes=("原文在句中断开",),
    )
