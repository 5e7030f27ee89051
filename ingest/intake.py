"""Files into the store: reading with requirements, the choice of a doc_id, and many files at once.

A bad file among many is reported and the rest goes on; a single file raises.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path

from ingest.errors import InputError, UnreadableFile
from ingest.parsing import parse_file
from ingest.progress import Progress, Silent, track
from ingest.records import Document, ParsedDocument
from ingest.requirements import extract
from ingest.storage import Added, Store, with_doc_id

Read = Callable[[Path], ParsedDocument]

SHARED_LINES = 0.2  # of the shorter text; a revised law keeps far more, unrelated notices share a greeting
FACTS_ENDING = ".facts.json"  # beside a text: facts that a person states

# Left behind by systems and office programs; nobody means them when adding a folder.
LITTER = ("~$", ".~")
LITTER_NAMES = frozenset({"thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class Intake:
    """What became of one file: taken in (``added``), or refused and why."""

    path: Path
    added: Added | None
    refused: str | None = None


def read_file(path: Path) -> ParsedDocument:
    """Parse a file and find its requirements.

    Raises:
        UnreadableFile: it cannot be read as a policy text.
    """
    parsed = parse_file(path)
    document = replace(parsed.document, source_file=printable_name(parsed.document.source_file))
    return replace(parsed, document=document, requirements=extract(parsed.clauses, document))


def ingest_file(store: Store, path: Path, *, doc_id: str | None = None, read: Read = read_file) -> Added:
    """Take one file into the store.

    Bytes that the store already has are read again only where facts stated beside the file may have changed. Where
    ``doc_id`` is given, the file becomes that document or its next version. Otherwise it is the next version of the
    document that has its title, does not have another number, and shares lines with it; and where the id that the
    file suggests is taken, it gets a free one (``notice-2``).

    Raises:
        UnreadableFile: the file cannot be read as a policy text.
    """
    if known := _known(store, path, doc_id):
        facts = path.with_name(path.stem + FACTS_ENDING)
        stated = facts.is_file() and known.sha256 == sha256_of(path)
        return store.replace(known.doc_id, read(path)) if stated else Added("unchanged", known)
    parsed = read(path)
    return store.add(with_doc_id(parsed, doc_id or _home_of(store, parsed)))


def ingest_files(
    store: Store, paths: Iterable[Path], *, progress: Progress | None = None, read: Read = read_file
) -> Iterator[Intake]:
    """Take many files in, one result each; a file that is refused leaves no trace in the store."""
    for path in track(list(paths), progress or Silent(), "收录文件", "份"):
        try:
            with store.transaction():
                intake = Intake(path, ingest_file(store, path, read=read))
        except InputError as error:
            intake = Intake(path, None, str(error))
        yield intake


def files_under(paths: Iterable[Path]) -> list[Path]:
    """The files named, and those in the folders named, each once, folders in alphabetical order.

    Raises:
        UnreadableFile: a folder cannot be listed or holds no file.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        for file in _files_in(path) if path.is_dir() else [path]:
            found.setdefault(file.resolve(), file)
    return list(found.values())


def printable_name(name: str) -> str:
    """A file name as text; names that are not UTF-8 (unpacked on another system) are read as GB18030."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name).decode("gb18030", errors="replace")
    return name


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes.

    Raises:
        UnreadableFile: it cannot be opened.
    """
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise UnreadableFile(
            f"打不开文件“{printable_name(path.name)}”：{error.strerror or error}。请检查文件名和读取权限。"
        ) from error


def _known(store: Store, path: Path, doc_id: str | None) -> Document | None:
    """The document in force that already has these bytes, in any of its versions."""
    for old in store.find_sha256(sha256_of(path)):
        if doc_id in (None, old.doc_id):
            return store.document(old.doc_id)
    return None


def _home_of(store: Store, parsed: ParsedDocument) -> str:
    """The id of the document that this is a version of, else a free one."""
    known = store.documents()
    for document in known:
        if _same_name(document, parsed.document) and _shares_lines(store.source(document.doc_id), parsed.source):
            return document.doc_id
    taken, wanted = {document.doc_id for document in known}, parsed.document.doc_id
    return next(key for key in chain([wanted], (f"{wanted}-{number}" for number in count(2))) if key not in taken)


def _same_name(one: Document, other: Document) -> bool:
    """Whether titles agree and numbers do not contradict: the notices of two years may share a title only."""
    return one.title == other.title and len({one.doc_number, other.doc_number} - {None}) < 2


def _shares_lines(one: str, other: str) -> bool:
    """Whether two texts are versions of one; two that are both called 通知 have hardly a line in common."""
    lines, others = ({line.strip() for line in text.splitlines() if line.strip()} for text in (one, other))
    return len(lines & others) >= SHARED_LINES * min(len(lines), len(others))


def _files_in(folder: Path) -> list[Path]:
    def fail(error: OSError) -> None:
        raise UnreadableFile(f"打不开文件夹“{error.filename}”：{error.strerror}。请检查读取权限。") from error

    found = [
        Path(root, name)
        for root, folders, names in os.walk(folder, onerror=fail)
        if not _in_hidden(Path(root), folder)
        for name in names
        if not _is_litter(name)
    ]
    if not found:
        raise UnreadableFile(f"文件夹“{folder}”里没有可以收录的文件。请检查路径。")
    return sorted(found)


def _in_hidden(root: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in root.relative_to(folder).parts)


def _is_litter(name: str) -> bool:
    return name.startswith((".", *LITTER)) or name.endswith(FACTS_ENDING) or name.lower() in LITTER_NAMES
