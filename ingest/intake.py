"""Files into the store: reading with requirements, the choice of a doc_id, and many files at once.

A bad file among many is reported and the rest goes on; a single file raises.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path

from ingest.errors import InputError, UnreadableFile
from ingest.formats.zipped import is_archive, unpack
from ingest.parsing import parse_file
from ingest.progress import Progress, Silent, track, watching
from ingest.records import Document, ParsedDocument
from ingest.requirements import extract
from ingest.storage import Added, Store, with_doc_id
from ingest.succession import with_known_facts
from ingest.system_errors import reason

Read = Callable[[Path], ParsedDocument]

STRETCH = 8  # characters that unrelated texts seldom share, and that survive other line ends and punctuation
SHARED_STRETCHES = 0.2  # of the shorter text's; a revised law keeps far more, unrelated notices a set phrase or two
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
    return replace(parsed, document=document, requirements=extract(parsed.clauses, document, parsed.facts))


def ingest_file(store: Store, path: Path, *, doc_id: str | None = None, read: Read = read_file) -> Added:
    """Take one file into the store.

    Bytes that the store already has are read again only where facts stated beside the file may have changed. Where
    ``doc_id`` is given, the file becomes that document or its next version. Otherwise it is the next version of the
    document that has its title, does not have another number, and shares words with it; and where the id that the
    file suggests is taken, it gets a free one (``notice-2``).

    Raises:
        UnreadableFile: the file cannot be read as a policy text.
        InputError: the store has a later text of this document; only a person can want the older one back.
    """
    if held := _known(store, path, doc_id):
        known = store.document(held.doc_id)
        if known.sha256 != held.sha256:
            return Added("unchanged", known, held.version)
        again = _states_facts(path) or not store.layout(known.doc_id)  # an older program kept no layout
        return store.replace(known.doc_id, read(path)) if again else Added("unchanged", known)
    parsed = read(path)
    target = doc_id or _home_of(store, parsed)
    current = store.find(target)
    if current is not None:
        if store.source(target) == parsed.source:
            return Added("unchanged", current)  # the same text out of another kind of file
        if doc_id is None:
            _refuse_older(current, parsed.document)
        if not _states_facts(path):
            parsed = with_known_facts(parsed, current)
    return store.add(with_doc_id(parsed, target))


def update_file(store: Store, doc_id: str, path: Path, *, read: Read = read_file) -> Added:
    """Put one file in the place of a document, an old version's bytes too; see ``Store.replace``.

    Raises:
        UnknownDocument: no such id; told before the file is read.
        UnreadableFile: the file cannot be read as a policy text.
    """
    current = store.document(doc_id)
    parsed = read(path)
    return store.replace(doc_id, parsed if _states_facts(path) else with_known_facts(parsed, current))


def _states_facts(path: Path) -> bool:
    """Whether a person states facts beside the file: what is not among them is meant to be unknown."""
    return path.with_name(path.stem + FACTS_ENDING).is_file()


def ingest_files(
    store: Store, paths: Iterable[Path], *, progress: Progress | None = None, read: Read = read_file
) -> Iterator[Intake]:
    """Take many files in, one result each, of a zip one for each file in it.

    A file that is refused leaves no trace in the store.
    """
    progress = progress or Silent()
    for path in track(list(paths), progress, "收录文件", "份"):
        with watching(progress):
            intakes = (
                list(_ingest_archive(store, path, read)) if is_archive(path) else [_ingest_one(store, path, path, read)]
            )
        yield from intakes


def _ingest_archive(store: Store, path: Path, read: Read) -> Iterator[Intake]:
    with tempfile.TemporaryDirectory(prefix="policy-clauses-") as folder:
        try:
            for member in unpack(path, Path(folder)):
                shown = path / member.inside
                if member.unpacked is None:
                    yield Intake(shown, None, member.refused)
                elif not _is_litter(member.unpacked.name):
                    yield _ingest_one(store, member.unpacked, shown, read)
        except UnreadableFile as error:
            yield Intake(path, None, str(error))


def _ingest_one(store: Store, path: Path, shown: Path, read: Read) -> Intake:
    if path.is_symlink() and not path.resolve().is_relative_to(path.parent.resolve()):
        name = printable_name(path.name)
        return Intake(
            shown,
            None,
            f"“{name}”是一个链接，指向它所在文件夹之外的“{path.resolve()}”，没有收录。请把文件本身复制进来，或直接写它的路径。",
        )
    try:
        with store.transaction():
            return Intake(shown, ingest_file(store, path, read=read))
    except InputError as error:
        return Intake(shown, None, str(error))


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
    name = printable_name(path.name)
    if path.exists() and not path.is_file():  # reading a device or a pipe might never end
        raise UnreadableFile(f"“{name}”不是普通文件，不能收录。请指定文件或文件夹。")
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise UnreadableFile(f"打不开文件“{name}”：{reason(error)}。请检查文件名和读取权限。") from error


def _known(store: Store, path: Path, doc_id: str | None) -> Document | None:
    """The version that already has these bytes: the one in force if it has them, else the latest of a document."""
    held = [old for old in store.find_sha256(sha256_of(path)) if doc_id in (None, old.doc_id)]
    in_force = (old for old in held if store.document(old.doc_id).version == old.version)
    return next(in_force, held[-1] if held else None)


def _home_of(store: Store, parsed: ParsedDocument) -> str:
    """The id of the document that this is a version of, else a free one."""
    for document in store.titled(parsed.document.title):
        if _same_number(document, parsed.document) and _same_text(store, document, parsed.source):
            return document.doc_id
    wanted = parsed.document.doc_id
    candidates = chain([wanted], (f"{wanted}-{number}" for number in count(2)))
    return next(doc_id for doc_id in candidates if store.find(doc_id) is None)


def _same_number(one: Document, other: Document) -> bool:
    """Whether the numbers do not contradict: the notices of two years may share a title, never a number."""
    return len({one.doc_number, other.doc_number} - {None}) < 2


def _refuse_older(current: Document, document: Document) -> None:
    """Keep the text in force from being replaced by an earlier one, or by one that may be earlier."""
    if current.issued_on is None:
        return
    day = document.issued_on
    if day is not None and day >= current.issued_on[: len(day)]:  # "2024" alone may be later than "2024-05"
        return
    found = "没有写明发布日期，不能判断新旧" if day is None else f"发布于 {day}，是更早的文本"
    raise InputError(
        f"《{document.title}》在知识库里的现行文本发布于 {current.issued_on}（编号 {current.doc_id}），这份{found}，"
        f"没有收录。要改用这份，请用 update {current.doc_id} 文件；要另存一份，请用 add --id 给它另一个编号。"
    )


def _same_text(store: Store, document: Document, source: str) -> bool:
    """Whether two texts are versions of one; two that are both called 通知 have hardly a sentence in common."""
    title = _stretches(document.title)
    known, other = _stretches(store.source(document.doc_id)) - title, _stretches(source) - title
    return len(known & other) >= SHARED_STRETCHES * min(len(known), len(other))


def _stretches(text: str) -> set[str]:
    words = re.sub(r"\W", "", text)
    return {words[start : start + STRETCH] for start in range(max(len(words) - STRETCH + 1, 1))}


def _files_in(folder: Path) -> list[Path]:
    def fail(error: OSError) -> None:
        name = printable_name(str(error.filename))
        raise UnreadableFile(f"打不开文件夹“{name}”：{reason(error)}。请检查读取权限。") from error

    found = [
        Path(root, name)
        for root, folders, names in os.walk(folder, onerror=fail)
        if not _in_hidden(Path(root), folder)
        for name in (*names, *(folder for folder in folders if Path(root, folder).is_symlink()))
        if not _is_litter(name)
    ]
    if not found:
        raise UnreadableFile(f"文件夹“{folder}”里没有可以收录的文件。请检查路径。")
    return sorted(found)


def _in_hidden(root: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in root.relative_to(folder).parts)


def _is_litter(name: str) -> bool:
    return name.startswith((".", *LITTER)) or name.endswith(FACTS_ENDING) or name.lower() in LITTER_NAMES
