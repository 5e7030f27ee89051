"""The two sides of a comparison: a document of the base, one of its versions (DOC@2), or a file that is not in it."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from ingest.errors import UnreadableFile
from ingest.home import Home
from ingest.intake import read_file
from ingest.records import ParsedDocument
from ingest.storage import Store
from qa.comparison.records import Text

_VERSION = re.compile(r"(?P<doc_id>[a-z0-9-]+)@(?P<version>\d{1,6})")


def read_side(named: str, home: Home) -> Text:
    """The text that a person names: a file that is there, ``DOC@N``, or the id of a document.

    Raises:
        UnreadableFile: the file cannot be read.
        UnknownDocument: neither a file nor a document has this name.
    """
    path = Path(named)
    if path.is_file():
        return _outside(read_file(path), path.name)
    if "/" in named or re.search(r"\.[A-Za-z]{2,5}$", named):
        raise UnreadableFile(f"打不开文件“{named}”。请检查文件名，或写知识库里的文件编号（用 ingest list 查看）。")
    return read_version(named, home)


def read_version(named: str, home: Home) -> Text:
    """A document of the base, ``DOC`` for the version in force or ``DOC@N``.

    Raises:
        UnknownDocument: there is none; the message names the nearest.
    """
    found = _VERSION.fullmatch(named)
    doc_id, version = (found["doc_id"], int(found["version"])) if found else (named, None)
    with Store.open(home) as store:
        parsed = store.parsed(doc_id, version=version)
        current = store.document(doc_id).version
    document = parsed.document
    return Text(named, document, parsed.clauses, parsed.requirements, in_base=document.version == current)


def side_from_bytes(content: bytes, name: str) -> Text:
    """An uploaded file.

    Raises:
        UnreadableFile: it cannot be read.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (Path(name).name or "文件")
        path.write_bytes(content)
        return _outside(read_file(path), name)


def _outside(parsed: ParsedDocument, name: str) -> Text:
    return Text(name, parsed.document, parsed.clauses, parsed.requirements, in_base=False)
