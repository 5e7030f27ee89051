"""What ``corpus/`` ships is complete, listed and described."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.bootstrap import ensure_corpus, read_sources
from ingest.home import CORPUS_DIR, Home
from ingest.intake import FACTS_ENDING
from ingest.storage import Store

README = (CORPUS_DIR / "README.md").read_text(encoding="utf-8")


def files_in(folder: str) -> list[Path]:
    return sorted(path for path in (CORPUS_DIR / folder).iterdir() if path.is_file() and path.name[0] != ".")


@pytest.mark.parametrize("table", files_in("tables"), ids=lambda path: path.name)
def test_every_table_is_described(table: Path) -> None:
    assert f"`{table.name}`" in README


@pytest.mark.parametrize("document", files_in("documents"), ids=lambda path: path.name)
def test_every_document_is_listed_and_described(document: Path) -> None:
    if document.name.endswith(FACTS_ENDING):
        assert list(document.parent.glob(document.name.removesuffix(FACTS_ENDING) + ".[!f]*"))
    else:
        assert document in [source.path for source in read_sources()]
        assert f"`{document.name}`" in README


def test_every_listed_file_becomes_a_document_with_clauses(tmp_path: Path) -> None:
    report = ensure_corpus(Home(tmp_path))
    assert {added.outcome for added in report.added} == {"new"}
    with Store.open(Home(tmp_path)) as store:
        store.verify()
        for source in read_sources():
            text, clauses = store.source(source.doc_id), store.clauses(source.doc_id)
            assert any(clause.kind == "clause" for clause in clauses)
            assert all(text[clause.span.start : clause.span.end] == clause.text for clause in clauses)
            assert store.requirements(source.doc_id)
