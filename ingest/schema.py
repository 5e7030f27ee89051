"""The SQLite file: its tables, how it is opened, and how SQLite's own errors become ours.

The file is marked with an application id, and ``user_version`` counts the migrations it has had. WAL lets many
readers go on while one writes. ``synchronous=FULL`` makes a finished transaction survive a power cut.

Old versions are kept whole (facts and their words, source, clauses, requirements, notices), because a citation given
last month must stay checkable. ``documents.version`` names the version in force. ``shipped`` remembers which
delivered files were taken in, so that a document the user removed or replaced does not come back at the next start.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

from ingest.errors import StoreBusy, StoreDamaged, StoreError, StoreMissing

APPLICATION_ID = 0x4B42505A  # "KBPZ"; lets us refuse another program's SQLite file
BUSY_SECONDS = 10.0  # readers meet a lock only while SQLite recovers or resets its log

FIRST = (
    """CREATE TABLE documents (
        position INTEGER PRIMARY KEY AUTOINCREMENT,
        doc_id TEXT NOT NULL UNIQUE,
        version INTEGER NOT NULL
    )""",
    # source stands last: SQLite keeps long texts on overflow pages, and the columns before are read without them
    """CREATE TABLE versions (
        version_id INTEGER PRIMARY KEY,
        position INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
        version INTEGER NOT NULL,
        fingerprint TEXT NOT NULL,
        title TEXT NOT NULL,
        doc_number TEXT,
        issuer TEXT,
        issued_on TEXT,
        effective_on TEXT,
        expires_on TEXT,
        status TEXT NOT NULL,
        rank TEXT NOT NULL,
        source_file TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        notes TEXT NOT NULL,
        leavings TEXT NOT NULL,
        source TEXT NOT NULL,
        UNIQUE (position, version)
    )""",
    "CREATE INDEX versions_by_sha256 ON versions (sha256)",
    "CREATE INDEX versions_by_title ON versions (title)",
    """CREATE TABLE clauses (
        version_id INTEGER NOT NULL REFERENCES versions ON DELETE CASCADE,
        place INTEGER NOT NULL,
        clause_id TEXT NOT NULL,
        ord INTEGER NOT NULL,
        kind TEXT NOT NULL,
        path TEXT NOT NULL,
        breadcrumb TEXT NOT NULL,
        locator TEXT NOT NULL,
        text TEXT NOT NULL,
        lead_in TEXT NOT NULL,
        span_start INTEGER NOT NULL,
        span_end INTEGER NOT NULL,
        body_start INTEGER NOT NULL,
        page INTEGER,
        PRIMARY KEY (version_id, place),
        UNIQUE (version_id, clause_id)
    ) WITHOUT ROWID""",
    "CREATE INDEX clauses_by_id ON clauses (clause_id)",
    """CREATE TABLE requirements (
        version_id INTEGER NOT NULL REFERENCES versions ON DELETE CASCADE,
        place INTEGER NOT NULL,
        requirement_id TEXT NOT NULL,
        clause_id TEXT NOT NULL,
        span_start INTEGER NOT NULL,
        span_end INTEGER NOT NULL,
        sentence TEXT NOT NULL,
        subject TEXT,
        audience TEXT NOT NULL,
        modality TEXT NOT NULL,
        action TEXT NOT NULL,
        frequency TEXT,
        quantity TEXT,
        deadline TEXT,
        modal_word TEXT,
        lead_units TEXT NOT NULL,
        support_units TEXT NOT NULL,
        PRIMARY KEY (version_id, place),
        FOREIGN KEY (version_id, clause_id) REFERENCES clauses (version_id, clause_id) ON DELETE CASCADE
    ) WITHOUT ROWID""",
    # without this index every deletion of a clause would read the whole table
    "CREATE INDEX requirements_by_clause ON requirements (version_id, clause_id)",
    """CREATE TABLE notices (
        version_id INTEGER NOT NULL REFERENCES versions ON DELETE CASCADE,
        place INTEGER NOT NULL,
        kind TEXT NOT NULL,
        message TEXT NOT NULL,
        source_offset INTEGER,
        line INTEGER,
        context TEXT NOT NULL,
        subject TEXT NOT NULL,
        PRIMARY KEY (version_id, place)
    ) WITHOUT ROWID""",
    "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    """CREATE TABLE shipped (
        name TEXT PRIMARY KEY,
        doc_id TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        sha256 TEXT NOT NULL
    )""",
)
FACTS = (
    """CREATE TABLE facts (
        version_id INTEGER NOT NULL REFERENCES versions ON DELETE CASCADE,
        place INTEGER NOT NULL,
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        quote TEXT NOT NULL,
        source_offset INTEGER,
        PRIMARY KEY (version_id, place)
    ) WITHOUT ROWID""",
)
# Corrections hang on the id alone: they outlive a document that is removed and added again.
CORRECTIONS = (
    "CREATE TABLE layouts (version_id INTEGER PRIMARY KEY REFERENCES versions ON DELETE CASCADE, layout TEXT NOT NULL)",
    """CREATE TABLE corrections (
        doc_id TEXT NOT NULL,
        number INTEGER NOT NULL,
        anchor TEXT NOT NULL,
        change TEXT NOT NULL,
        made_on TEXT NOT NULL,
        undone_on TEXT NOT NULL,
        PRIMARY KEY (doc_id, number)
    ) WITHOUT ROWID""",
)
READINGS = (
    "ALTER TABLE requirements ADD COLUMN condition TEXT",
    "ALTER TABLE requirements ADD COLUMN exception TEXT",
    "ALTER TABLE requirements ADD COLUMN readings TEXT NOT NULL DEFAULT '[]'",
)
OBJECTS = (
    "ALTER TABLE requirements ADD COLUMN object TEXT",
    "ALTER TABLE requirements ADD COLUMN sanction TEXT",
)
MIGRATIONS = (FIRST, FACTS, CORRECTIONS, READINGS, OBJECTS)


def connect_reader(path: Path) -> sqlite3.Connection:
    """Open for reading only.

    Raises:
        StoreMissing: there is no such file, its creation was interrupted, or its form is older than ours.
        StoreError: it cannot be opened.
        StoreDamaged: the file is not ours, or was written by a newer program.
    """
    if not path.exists() or path.stat().st_size == 0:
        raise missing(path)
    with translated(path):
        # SQLite serialises calls on one connection, and a page may read from several threads
        connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro",
            uri=True,
            isolation_level=None,
            timeout=BUSY_SECONDS,
            check_same_thread=False,
        )
        with _closed_on_error(connection):
            connection.execute("PRAGMA query_only=ON")
            if _is_blank(connection):
                raise missing(path)
            if _is_outdated(connection):
                raise StoreMissing(f"{path} 是旧格式。运行 python -m ingest list 会先把它升级。")
            check_ours(connection, path)
    return connection


def connect_writer(path: Path) -> sqlite3.Connection:
    """Open for writing, creating the file and its tables where they are missing. The caller holds the lock.

    Raises:
        StoreDamaged: the file is not ours, fails SQLite's check, or was written by a newer program.
    """
    with translated(path):
        connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_SECONDS, check_same_thread=False)
        with _closed_on_error(connection):
            connection.execute("PRAGMA foreign_keys=ON")
            blank = _is_blank(connection)
            if blank:
                connection.execute("PRAGMA journal_mode=WAL")
            if blank or _is_outdated(connection):
                _migrate(connection)
            check_ours(connection, path)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            check_pages(connection, path)
    return connection


def check_ours(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a file that this program did not write.

    Raises:
        StoreDamaged: wrong application id, unknown schema version or other tables than ours.
    """
    if _pragma(connection, "application_id") != APPLICATION_ID:
        raise StoreDamaged(f"{path} 不是本程序的知识库文件（标记不符）。请把它移走，或用 KB_HOME 指定另一个文件夹。")
    version = _pragma(connection, "user_version")
    if version > len(MIGRATIONS):
        raise StoreDamaged(
            f"{path} 由更新的程序写成（格式第 {version} 版，本程序只认识到第 {len(MIGRATIONS)} 版）。"
            "请升级程序，文件不要删除。"
        )
    found, expected = _tables(connection), _expected_tables()
    if differing := {name for name, _ in found ^ expected}:
        raise StoreDamaged(f"{path} 的数据表 {'、'.join(sorted(differing))} 与本程序的格式不符，已损坏。{advice(path)}")


def check_pages(connection: sqlite3.Connection, path: Path, *, thorough: bool = False) -> None:
    """Let SQLite check the structure of the file; ``thorough`` compares the indexes and references as well.

    Raises:
        StoreDamaged: with the first complaint.
    """
    with translated(path):
        pragma = "integrity_check(1)" if thorough else "quick_check(1)"
        complaint = str(connection.execute(f"PRAGMA {pragma}").fetchone()[0])
        if complaint != "ok":
            raise StoreDamaged(f"{path} 已损坏：SQLite 检查结果是“{complaint}”。{advice(path)}")
        if thorough and (orphan := connection.execute("PRAGMA foreign_key_check").fetchone()):
            raise StoreDamaged(f"{path} 已损坏：数据表 {orphan[0]} 有一行找不到所属的文件。{advice(path)}")


def _tables(connection: sqlite3.Connection) -> frozenset[tuple[str, str]]:
    """Names and definitions; what SQLite keeps for itself has no definition."""
    return frozenset(
        connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")
    )


@cache
def _expected_tables() -> frozenset[tuple[str, str]]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        _migrate(connection)
        return _tables(connection)


def advice(path: Path) -> str:
    """What to do with a damaged file."""
    return f"请用备份替换它；没有备份时，把 {path.name} 改名后重新添加原文件，知识库会自动重建。"


def missing(path: Path) -> StoreMissing:
    """The error for a knowledge base that has not been created yet."""
    return StoreMissing(f"还没有建立知识库（没有找到 {path}）。运行 python -m ingest list 会先把自带的文件收进来。")


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours; mistakes in our own SQL pass through unchanged."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        ours = _ours(error, path)
        if ours is None:
            raise
        raise ours from error


def _ours(error: sqlite3.DatabaseError, path: Path) -> StoreError | None:
    code = getattr(error, "sqlite_errorcode", None)
    match None if code is None else code & 0xFF:  # the low byte is the primary code
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreBusy(f"{path} 正被另一个程序占用，等了 {BUSY_SECONDS:.0f} 秒仍未空出。请稍后再试。")
        case sqlite3.SQLITE_NOTADB:
            return StoreDamaged(f"{path} 不是数据库文件，或者文件头已损坏。{advice(path)}")
        case sqlite3.SQLITE_CORRUPT:
            return StoreDamaged(f"{path} 已损坏（{error}）。{advice(path)}")
        case sqlite3.SQLITE_FULL:
            return StoreError(f"磁盘已满，{path} 没有改动。请腾出空间后再试。")
        case sqlite3.SQLITE_READONLY if code == sqlite3.SQLITE_READONLY_ROLLBACK:
            return missing(path)  # only the creation of the file uses a rollback journal, and it was interrupted
        case sqlite3.SQLITE_READONLY:
            return StoreError(f"{path} 是只读的，不能写入。请检查文件夹权限，或用 KB_HOME 指定另一个文件夹。")
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_IOERR | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            return StoreError(f"不能读写 {path}（{error}）。请检查文件夹是否存在、权限是否足够、磁盘是否正常。")
        case _:
            return None


def _migrate(connection: sqlite3.Connection) -> None:
    """Bring the tables up to date in one transaction, so that a killed program leaves the old or the new form."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statements in MIGRATIONS[_pragma(connection, "user_version") :]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version={len(MIGRATIONS)}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


@contextmanager
def _closed_on_error(connection: sqlite3.Connection) -> Iterator[None]:
    try:
        yield
    except BaseException:
        connection.close()
        raise


def _is_blank(connection: sqlite3.Connection) -> bool:
    """Whether the file has no tables yet: new, or its creation was interrupted."""
    return bool(connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,))


def _is_outdated(connection: sqlite3.Connection) -> bool:
    ours = _pragma(connection, "application_id") == APPLICATION_ID
    return ours and _pragma(connection, "user_version") < len(MIGRATIONS)


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
