"""Reading the store: records out of SQLite, exactly as they went in.

``Queries`` holds an open connection and only reads; ``storage.Store`` adds opening and writing. Every method that
takes ``version`` reads an old version where one is named, else the one in force.
"""

from __future__ import annotations

import difflib
import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ingest import rows, schema
from ingest.corrections import Correction
from ingest.errors import InputError, StoreDamaged, UnknownDocument
from ingest.home import Home
from ingest.records import Clause, Document, Fact, Notice, ParsedDocument, Requirement, Span

NEAREST = 3  # ids that an UnknownDocument names
CHOSEN = "doc_id = ? AND versions.version = coalesce(?, documents.version)"
IN_FORCE = "versions.version = documents.version"
_FACTS = f"SELECT doc_id, {rows.DOCUMENT_COLUMNS} FROM documents JOIN versions USING (position)"


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a document holds; ``clauses`` leaves the headings out."""

    clauses: int
    headings: int
    requirements: int
    notices: int


@dataclass(frozen=True, slots=True)
class Shipped:
    """What is remembered of a delivered file: the document it became, and what it was then."""

    doc_id: str
    fingerprint: str  # of everything that decides its reading: bytes, facts, its entry in the list
    sha256: str  # of the file alone, equal to ``Document.sha256`` while the user has not replaced it


class Queries:
    """The reading half of a store."""

    def __init__(self, home: Home, connection: sqlite3.Connection) -> None:
        self.home = home
        self._connection = connection

    def documents(self) -> list[Document]:
        """All documents in force, in the order they were first added."""
        found = self._rows(f"{_FACTS} WHERE {IN_FORCE} ORDER BY position")
        return [rows.document_from(doc_id, row) for doc_id, *row in found]

    def document(self, doc_id: str, *, version: int | None = None) -> Document:
        """One document.

        Raises:
            UnknownDocument: no such id or version; the message names the nearest ids.
        """
        return rows.document_from(doc_id, self._chosen(rows.DOCUMENT_COLUMNS, doc_id, version))

    def find(self, doc_id: str) -> Document | None:
        """One document in force, ``None`` where there is none."""
        found = self._rows(f"{_FACTS} WHERE doc_id = ? AND {IN_FORCE}", doc_id)
        return rows.document_from(doc_id, found[0][1:]) if found else None

    def titled(self, title: str) -> list[Document]:
        """The documents in force with exactly this title."""
        found = self._rows(f"{_FACTS} WHERE title = ? AND {IN_FORCE} ORDER BY position", title)
        return [rows.document_from(doc_id, row) for doc_id, *row in found]

    def versions(self, doc_id: str) -> list[Document]:
        """Every version of a document, oldest first.

        Raises:
            UnknownDocument: no such id.
        """
        found = self._rows(f"{_FACTS} WHERE doc_id = ? ORDER BY versions.version", doc_id)
        if not found:
            raise self._unknown(doc_id)
        return [rows.document_from(doc_id, row) for _, *row in found]

    def source(self, doc_id: str, *, version: int | None = None) -> str:
        """The normalised source that the spans of the document's clauses point into.

        Raises:
            UnknownDocument: no such id or version.
        """
        return str(self._chosen("source", doc_id, version)[0])

    def leavings(self, doc_id: str, *, version: int | None = None) -> tuple[Span, ...]:
        """The parts of the source that are in no clause.

        Raises:
            UnknownDocument: no such id or version.
        """
        return rows.leavings_from(self._chosen("leavings", doc_id, version)[0])

    def clauses(self, doc_id: str | None = None, *, version: int | None = None) -> list[Clause]:
        """Clauses and headings in document order, of one document or of all that are in force.

        Raises:
            UnknownDocument: no such id or version.
        """
        found = self._parts("clauses", rows.CLAUSE_COLUMNS, doc_id, version)
        return [rows.clause_from(owner, row) for owner, *row in found]

    def clause(self, clause_id: str) -> Clause:
        """One clause in force.

        Raises:
            InputError: no document in force has it.
        """
        found = self._rows(
            f"SELECT doc_id, {rows.CLAUSE_COLUMNS} FROM clauses JOIN versions USING (version_id) "
            f"JOIN documents USING (position) WHERE clause_id = ? AND {IN_FORCE}",
            clause_id,
        )
        if not found:
            raise InputError(f"知识库里没有编号为“{clause_id}”的条款。文件可能已更新或移除，请重新检索。")
        owner, *row = found[0]
        return rows.clause_from(owner, row)

    def clauses_with(self, words: str) -> list[Clause]:
        """The clauses and headings in force, of all documents, whose text holds ``words``, in document order."""
        found = self._rows(
            f"SELECT doc_id, {rows.CLAUSE_COLUMNS} FROM documents JOIN versions USING (position) "
            f"JOIN clauses USING (version_id) WHERE {IN_FORCE} AND instr(text, ?) ORDER BY position, place",
            words,
        )
        return [rows.clause_from(owner, row) for owner, *row in found]

    def requirements(self, doc_id: str | None = None, *, version: int | None = None) -> list[Requirement]:
        """Requirements in document order, of one document or of all that are in force.

        Raises:
            UnknownDocument: no such id or version.
        """
        found = self._parts("requirements", rows.REQUIREMENT_COLUMNS, doc_id, version)
        return [rows.requirement_from(owner, row) for owner, *row in found]

    def notices(self, doc_id: str, *, version: int | None = None) -> list[Notice]:
        """What ingest did or could not do with a document.

        Raises:
            UnknownDocument: no such id or version.
        """
        found = self._parts("notices", rows.NOTICE_COLUMNS, doc_id, version)
        return [rows.notice_from(row) for _, *row in found]

    def facts(self, doc_id: str, *, version: int | None = None) -> list[Fact]:
        """The facts of a document, each with the words it was read from.

        Raises:
            UnknownDocument: no such id or version.
        """
        found = self._parts("facts", rows.FACT_COLUMNS, doc_id, version)
        return [rows.fact_from(row) for _, *row in found]

    def layout(self, doc_id: str, *, version: int | None = None) -> str:
        """What a document's outline was read from besides its source, "" where an older program read it.

        Raises:
            UnknownDocument: no such id or version.
        """
        found = self._rows(
            "SELECT layout FROM layouts WHERE version_id = ?", *self._chosen("version_id", doc_id, version)
        )
        return str(found[0][0]) if found else ""

    def corrections(self, doc_id: str, *, undone: bool = False) -> list[Correction]:
        """What a person corrected in the document of this id, in force or no longer, oldest first."""
        query = f"SELECT {rows.CORRECTION_COLUMNS} FROM corrections WHERE doc_id = ? ORDER BY number"
        found = [rows.correction_from(row) for row in self._rows(query, doc_id)]
        return [correction for correction in found if undone or not correction.undone_on]

    def parsed(self, doc_id: str, *, version: int | None = None) -> ParsedDocument:
        """Everything known of one document, as one consistent reading.

        Raises:
            UnknownDocument: no such id or version.
        """
        with self.snapshot():
            return ParsedDocument(
                document=self.document(doc_id, version=version),
                source=self.source(doc_id, version=version),
                clauses=tuple(self.clauses(doc_id, version=version)),
                requirements=tuple(self.requirements(doc_id, version=version)),
                notices=tuple(self.notices(doc_id, version=version)),
                leavings=self.leavings(doc_id, version=version),
                facts=tuple(self.facts(doc_id, version=version)),
                layout=self.layout(doc_id, version=version),
            )

    def counts(self) -> dict[str, Counts]:
        """How much each document in force holds, by doc_id."""
        found = self._rows(
            f"""SELECT doc_id,
            (SELECT count(*) FROM clauses WHERE clauses.version_id = versions.version_id AND kind = 'clause'),
            (SELECT count(*) FROM clauses WHERE clauses.version_id = versions.version_id AND kind = 'heading'),
            (SELECT count(*) FROM requirements WHERE requirements.version_id = versions.version_id),
            (SELECT count(*) FROM notices WHERE notices.version_id = versions.version_id)
            FROM documents JOIN versions USING (position) WHERE {IN_FORCE} ORDER BY position"""
        )
        return {doc_id: Counts(*numbers) for doc_id, *numbers in found}

    def revision(self) -> str:
        """A fingerprint of all documents in force; any change of any document changes it. Reads no text."""
        found = self._rows(
            "SELECT doc_id, versions.version, fingerprint FROM documents JOIN versions USING (position) "
            f"WHERE {IN_FORCE} ORDER BY position"
        )
        return hashlib.sha256(repr(found).encode()).hexdigest()

    def find_sha256(self, sha256: str) -> list[Document]:
        """Every version, of any document, that was read from a file with these bytes."""
        found = self._rows(f"{_FACTS} WHERE sha256 = ? ORDER BY version_id", sha256)
        return [rows.document_from(doc_id, row) for doc_id, *row in found]

    def shipped(self) -> dict[str, Shipped]:
        """What is remembered of the delivered files, by their name in the list."""
        found = self._rows("SELECT name, doc_id, fingerprint, sha256 FROM shipped ORDER BY name")
        return {name: Shipped(*rest) for name, *rest in found}

    def setting(self, name: str) -> str | None:
        """A remembered value, ``None`` where there is none."""
        found = self._rows("SELECT value FROM settings WHERE name = ?", name)
        return str(found[0][0]) if found else None

    def verify(self) -> None:
        """Check the whole file: SQLite's structure, references, and each reading against its fingerprint.

        Raises:
            StoreDamaged: with the first thing that does not fit.
        """
        path = self.home.database
        schema.check_pages(self._connection, path, thorough=True)
        with self.snapshot():
            for document in self.documents():
                for old in self.versions(document.doc_id):
                    stored = self._chosen("fingerprint", old.doc_id, old.version)[0]
                    if rows.fingerprint(self.parsed(old.doc_id, version=old.version)) != stored:
                        raise StoreDamaged(
                            f"{path} 里“{old.doc_id}”第 {old.version} 版的内容与收录时不一致，已损坏。"
                            f"{schema.advice(path)}"
                        )

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Within the block all readings see one state, whatever a writer does meanwhile."""
        if self._connection.in_transaction:
            yield
            return
        self._execute("BEGIN")
        try:
            yield
        finally:
            self._execute("COMMIT")

    def _parts(self, table: str, columns: str, doc_id: str | None, version: int | None) -> list[Any]:
        """Rows of a table of parts, the doc_id first, in document order."""
        query = (
            f"SELECT doc_id, {columns} FROM documents JOIN versions USING (position) "
            f"JOIN {table} USING (version_id) WHERE {{}} ORDER BY position, place"
        )
        if doc_id is None:
            return self._rows(query.format(IN_FORCE))
        found = self._rows(query.format(CHOSEN), doc_id, version)
        if not found:
            self.document(doc_id, version=version)  # tells a document without such parts from an unknown one
        return found

    def _chosen(self, columns: str, doc_id: str, version: int | None) -> Any:
        query = f"SELECT {columns} FROM documents JOIN versions USING (position) WHERE {CHOSEN}"
        found = self._rows(query, doc_id, version)
        if not found:
            raise self._unknown(doc_id, version)
        return found[0]

    def _unknown(self, doc_id: str, version: int | None = None) -> UnknownDocument:
        titles = {document.doc_id: document.title for document in self.documents()}
        if doc_id in titles:
            kept = "、".join(str(old.version) for old in self.versions(doc_id))
            return UnknownDocument(f"文件“{doc_id}”没有第 {version} 版，现有：第 {kept} 版。")
        if not titles:
            return UnknownDocument(f"没有编号为“{doc_id}”的文件：知识库还是空的。请先用 add 添加文件。")
        near = difflib.get_close_matches(doc_id, titles, n=NEAREST, cutoff=0.4)
        near += [key for key, title in titles.items() if doc_id.strip("《》 ") in title and key not in near]
        listed = "；".join(f"{key}（《{titles[key]}》）" for key in (near or list(titles))[:NEAREST])
        return UnknownDocument(
            f"没有编号为“{doc_id}”的文件。{'相近的有' if near else '现有文件例如'}：{listed}。用 list 可看到全部编号。"
        )

    def _rows(self, query: str, *values: object) -> list[Any]:
        with schema.translated(self.home.database):
            return self._connection.execute(query, values).fetchall()

    def _execute(self, statement: str, *values: object) -> None:
        with schema.translated(self.home.database):
            self._connection.execute(statement, values)
