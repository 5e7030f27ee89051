"""The ``references`` command: what a document refers to, and who refers to a clause."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from typing import Any

from ingest import dates
from ingest.bootstrap import ensure_corpus
from ingest.console import DONE, Parser, print_json, print_text
from ingest.home import Home
from ingest.progress import progress_for
from ingest.records import Clause
from ingest.reference_places import Target
from ingest.references import Reference, read_references, referring_to
from ingest.storage import Store
from ingest.validity import check_day, outdated, read_validities

UNRESOLVED = {
    "no_document": "知识库中没有这份文件",
    "no_place": "该文件没有“{place}”",
    "several": "知识库中有几份同名的文件，没有认定是哪一份",
    "unclear": "没有认出指的是哪一份文件",
}
PARAGRAPH_SHOWN = 16  # characters
NEWER = "（所找到的是 {day} 公布的文本，比引用它的条文晚，条号可能已变）"


def add_options(parser: Parser) -> None:
    """The options of the command."""
    one = parser.add_mutually_exclusive_group(required=True)
    one.add_argument("doc_id", metavar="编号", nargs="?", help="list 列出的文件编号")
    one.add_argument("--to", metavar="条款", help="条款编号，例如 qijin-plan-2023.n3：列出引用它的条款")
    parser.add_argument("--as-of", metavar="日期", help="同名文件取这一天有效的，例如 2020-01-01；不写则为今天")


def references(arguments: argparse.Namespace, home: Home) -> int:
    """List the references of a document or those to a clause."""
    today = dates.today()
    day = check_day(arguments.as_of) if arguments.as_of is not None else today
    ensure_corpus(home, progress=progress_for())
    with Store.open(home) as store, store.snapshot():
        known = read_references(store, outdated(read_validities(store, day, today)))
        if arguments.to is None:
            store.document(arguments.doc_id)
            rows = list(known.of_document(arguments.doc_id))
        else:
            clause = store.clause(arguments.to)
            rows = referring_to(clause, known.to_document(clause.doc_id))
        named = {row.doc_id for row in rows if row.doc_id} | {row.clause_id.partition(".")[0] for row in rows}
        titles = {document.doc_id: document.title for document in store.documents()}
        clauses = {each.clause_id: each for doc_id in sorted(named) for each in store.clauses(doc_id)}
    if arguments.json:
        print_json([reference_json(row, clauses) for row in rows])
    else:
        print_text(_text(rows, clauses, titles, to=arguments.to))
    return DONE


def reference_json(reference: Reference, clauses: Mapping[str, Clause]) -> dict[str, Any]:
    """One reference; ``targets`` are the clauses that it means, ``message`` why there are none."""
    return {
        "clause_id": reference.clause_id,
        "locator": clauses[reference.clause_id].locator,
        "words": reference.words,
        "span": [reference.span.start, reference.span.end],
        "title": reference.title or None,
        "state": reference.state,
        "message": unresolved(reference),
        "doc_id": reference.doc_id,
        "newer_text": reference.newer_text,
        "targets": [
            {
                "clause_id": target.clause_id,
                "locator": clauses[target.clause_id].locator,
                "span": [target.span.start, target.span.end] if target.span else None,
            }
            for target in reference.targets
        ],
    }


def unresolved(reference: Reference) -> str | None:
    """Why a reference opens nothing, ``None`` where it does."""
    words = UNRESOLVED.get(reference.state)
    place = reference.words.rpartition("》")[2].rpartition("）")[2] if reference.title else reference.words
    return words.format(place=place or reference.words) if words else None


def _text(
    rows: Iterable[Reference], clauses: Mapping[str, Clause], titles: Mapping[str, str], *, to: str | None
) -> str:
    lines = []
    for row in rows:
        source = clauses[row.clause_id]
        place = f"《{titles[source.doc_id]}》{source.locator}" if to else f"[{source.locator}]"
        words = " ".join(row.words.split())
        lines.append(f"{place} {words}" if to else f"{place} {words} → {_meant(row, clauses, titles)}")
    if not lines:
        return "没有条款引用它。" if to else "这份文件没有引用其他条款或文件。"
    return "\n".join([*lines, f"共 {len(lines)} 处。"])


def _meant(row: Reference, clauses: Mapping[str, Clause], titles: Mapping[str, str]) -> str:
    message = unresolved(row)
    if message or row.doc_id is None:
        return message or ""
    places = [_place(target, clauses[target.clause_id]) for target in row.targets]
    shown = "、".join(places if len(places) < 4 else [places[0], "…", places[-1]])
    title = f"《{titles[row.doc_id]}》" if row.title else ""
    return f"{title}{shown}{NEWER.format(day=row.newer_text) if row.newer_text else ''}"


def _place(target: Target, clause: Clause) -> str:
    """The target's locator, and the first words of its paragraph where it means only that."""
    if target.span is None:
        return clause.locator
    words = " ".join(clause.text[target.span.start : target.span.end].split())
    return f"{clause.locator}“{words[:PARAGRAPH_SHOWN]}……”"
