"""The store: documents, their versions, clauses, requirements and notices in one SQLite file.

It takes a ``ParsedDocument`` and gives records back exactly as they went in, except that it counts ``version``
itself. Reading files, finding requirements and rendering are left to others. One writer (a lock file), many
readers; a reader sees whole transactions only.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Literal, Self

from ingest import rows, schema
from ingest.correcting import corrected
from ingest.corrections import Correction
from ingest.errors import UnreadableFile
from ingest.home import Home
from ingest.locking import WAIT_SECONDS, WriterLock
from ingest.queries import Counts, Queries, Shipped
from ingest.records import Document, ParsedDocument
from ingest.rows import with_doc_id
from ingest.succession import ChangedFact, changed_facts

__all__ = ["Added", "Counts", "Outcome", "Shipped", "Store", "with_doc_id"]

Outcome = Literal["new", "unchanged", "new_version", "reread"]

OUTER = ("BEGIN IMMEDIATE", "COMMIT", ("ROLLBACK",))
INNER = ("SAVEPOINT within", "RELEASE within", ("ROLLBACK TO within", "RELEASE within"))


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a document handed to the store: the outcome, and the document now in force.

    ``held`` is the old version that the same bytes already are, where an older file is "unchanged". ``changed`` are
    the facts of a new version that differ from the version before.
    """

    outcome: Outcome
    document: Document
    held: int | None = None
    changed: tuple[ChangedFact, ...] = ()

    @property
    def doc_id(self) -> str:
        """The id under which the document stands in the store."""
        return self.document.doc_id


class Store(Queries):
    """One open knowledge base. Use as a context manager."""

    def __init__(self, home: Home, connection: sqlite3.Connection, lock: WriterLock | None) -> None:
        super().__init__(home, connection)
        self._lock = lock
        self._depth = 0

    @classmethod
    def open(cls, home: Home, *, write: bool = False, wait: float = WAIT_SECONDS) -> Store:
        """Open the store of ``home``; a writer creates it where it is missing and waits ``wait`` seconds for others.

        Raises:
            StoreMissing: a reader found no store.
            StoreError: the file cannot be opened.
            StoreBusy: another writer kept the lock; the message names it.
            StoreDamaged: the file is not ours or is damaged.
        """
        if not write:
            return cls(home, schema.connect_reader(home.database), None)
        lock = WriterLock.acquire(home, wait=wait)
        try:
            return cls(home, schema.connect_writer(home.database), lock)
        except BaseException:
            lock.release()
            raise

    def close(self) -> None:
        """Close the file and give the lock back; an unfinished transaction is undone."""
        self._connection.close()
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> Self:
        """Enter the ``with`` block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Leave the ``with`` block, closing the store."""
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. A transaction within another is undone alone when it fails."""
        begin, commit, undo = INNER if self._depth else OUTER
        self._execute(begin)
        self._depth += 1
        try:
            yield
            self._execute(commit)
        except BaseException:
            if self._connection.in_transaction:  # SQLite itself may have undone everything (full disk)
                for statement in undo:
                    self._execute(statement)
            raise
        finally:
            self._depth -= 1

    def add(self, parsed: ParsedDocument) -> Added:
        """Take in a document: new, or the next version of the one with its doc_id.

        Bytes that this document already had, in any version, change nothing.

        Raises:
            UnreadableFile: the reading contradicts itself (two clauses with one id, …).
        """
        doc_id, sha256 = parsed.document.doc_id, parsed.document.sha256
        with self.transaction():
            parsed = self._with_corrections(parsed)
            known = self._rows("SELECT position FROM documents WHERE doc_id = ?", doc_id)
            if not known:
                self._execute("INSERT INTO documents (doc_id, version) VALUES (?, 0)", doc_id)
                return Added("new", self._insert(parsed, 1))
            versions = self.versions(doc_id)
            current = self.document(doc_id)
            if held := [old.version for old in versions if old.sha256 == sha256]:
                return Added("unchanged", current, None if current.sha256 == sha256 else held[-1])
            document = self._insert(parsed, versions[-1].version + 1)
            return Added("new_version", document, changed=changed_facts(current, document))

    def replace(self, doc_id: str, parsed: ParsedDocument) -> Added:
        """Put a text in the place of a document, keeping its id and counting its version up.

        The bytes that are in force are not a new version: another reading of them takes the place of the old
        reading ("reread"), an equal one changes nothing. An old version's bytes come back as a new version.

        Raises:
            UnknownDocument: no such id.
            UnreadableFile: the reading contradicts itself.
        """
        with self.transaction():
            parsed = self._with_corrections(with_doc_id(parsed, doc_id))
            current = self.document(doc_id)
            if current.sha256 != parsed.document.sha256:
                document = self._insert(parsed, current.version + 1)
                return Added("new_version", document, changed=changed_facts(current, document))
            version_id, known = self._chosen("version_id, fingerprint", doc_id, None)
            if known == rows.fingerprint(parsed):
                return Added("unchanged", current)
            self._execute("DELETE FROM versions WHERE version_id = ?", version_id)
            return Added("reread", self._insert(parsed, current.version))

    def remove(self, doc_id: str) -> Document:
        """Take a document out with all its versions, and give back the facts it had.

        Raises:
            UnknownDocument: no such id.
        """
        with self.transaction():
            document = self.document(doc_id)
            self._execute("DELETE FROM documents WHERE doc_id = ?", doc_id)
        return document

    def keep_correction(self, doc_id: str, correction: Correction, *, retired: Sequence[int], on: str) -> int:
        """Keep a correction under the next number, which is given back; ``retired`` ones end ``on`` this time.

        It shows in the document once that is read again (``replace``).
        """
        with self.transaction():
            self.retire_corrections(doc_id, retired, on=on)
            number = 1 + max((each.number for each in self.corrections(doc_id, undone=True)), default=0)
            row = rows.correction_row(replace(correction, number=number))
            self._insert_many("corrections", f"doc_id, {rows.CORRECTION_COLUMNS}", [(doc_id, *row)])
        return number

    def retire_corrections(self, doc_id: str, numbers: Sequence[int], *, on: str) -> None:
        """Take corrections out of force; they stay on record."""
        statement = "UPDATE corrections SET undone_on = ? WHERE doc_id = ? AND number = ? AND undone_on = ''"
        with self.transaction():
            for number in numbers:
                self._execute(statement, on, doc_id, number)

    def remember_shipped(self, name: str, shipped: Shipped) -> None:
        """Note what a delivered file became."""
        statement = "INSERT OR REPLACE INTO shipped (name, doc_id, fingerprint, sha256) VALUES (?, ?, ?, ?)"
        with self.transaction():
            self._execute(statement, name, shipped.doc_id, shipped.fingerprint, shipped.sha256)

    def remember(self, name: str, value: str) -> None:
        """Note a value under a name, see ``setting``."""
        with self.transaction():
            self._execute("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)", name, value)

    def _with_corrections(self, parsed: ParsedDocument) -> ParsedDocument:
        """A reading with what a person corrected in the document, checked."""
        _check_consistent(parsed)
        found = corrected(parsed, self.corrections(parsed.document.doc_id))
        if found is not parsed:
            _check_consistent(found)
        return found

    def _insert(self, parsed: ParsedDocument, version: int) -> Document:
        try:
            return self._insert_version(parsed, version)
        except UnicodeEncodeError as error:
            raise _defect(parsed.document.source_file, "文字里有无法保存的残缺字符") from error

    def _insert_version(self, parsed: ParsedDocument, version: int) -> Document:
        """Write a version and make it the one in force. The row of ``documents`` is there."""
        document = replace(parsed.document, version=version)
        position = self._rows("SELECT position FROM documents WHERE doc_id = ?", document.doc_id)[0][0]
        reading = (rows.fingerprint(parsed), rows.leavings_text(parsed.leavings), parsed.source)
        columns = f"version, {rows.DOCUMENT_FACTS}, position, fingerprint, leavings, source"
        self._insert_many("versions", columns, [(*rows.document_row(document), position, *reading)])
        query = "SELECT version_id FROM versions WHERE position = ? AND version = ?"
        version_id = self._rows(query, position, version)[0][0]
        for table, columns, found in (
            ("clauses", rows.CLAUSE_COLUMNS, map(rows.clause_row, parsed.clauses)),
            ("requirements", rows.REQUIREMENT_COLUMNS, map(rows.requirement_row, parsed.requirements)),
            ("notices", rows.NOTICE_COLUMNS, map(rows.notice_row, parsed.notices)),
            ("facts", rows.FACT_COLUMNS, map(rows.fact_row, parsed.facts)),
        ):
            placed = [(version_id, place, *row) for place, row in enumerate(found)]
            self._insert_many(table, f"version_id, place, {columns}", placed)
        if parsed.layout:
            self._insert_many("layouts", "version_id, layout", [(version_id, parsed.layout)])
        self._execute("UPDATE documents SET version = ? WHERE position = ?", version, position)
        return document

    def _insert_many(self, table: str, columns: str, values: list[tuple[object, ...]]) -> None:
        marks = ", ".join("?" * (columns.count(",") + 1))
        with schema.translated(self.home.database):
            self._connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)


def _check_consistent(parsed: ParsedDocument) -> None:
    """Refuse a reading that could not be found again: it would be a fault of this program, not of the user."""
    name, doc_id = parsed.document.source_file, parsed.document.doc_id
    ids = Counter(clause.clause_id for clause in parsed.clauses)
    fault = next((f"有 {times} 条条款的编号都是“{key}”" for key, times in ids.items() if times > 1), None)
    owners = {clause.doc_id for clause in parsed.clauses} | {part.doc_id for part in parsed.requirements}
    if fault is None and not owners <= {doc_id}:
        fault = "有条款或要求属于另一个文件"
    if fault is None and any(requirement.clause_id not in ids for requirement in parsed.requirements):
        fault = "有一条要求找不到所在的条款"
    if fault is not None:
        raise _defect(name, fault)


def _defect(name: str, fault: str) -> UnreadableFile:
    return UnreadableFile(f"{name}：{fault}，没有收录。这是程序的缺陷，请把这个文件和这条提示交给维护人员。")
