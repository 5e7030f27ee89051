"""A file to its ``Reading``: the bytes are read once, hashed, and given to the reader of their type."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from ingest import formats
from ingest.errors import UnreadableFile
from ingest.formats.limits import check_size
from ingest.formats.reading import Reading
from ingest.system_errors import reason


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """A file as its format's reader gives it."""

    name: str
    sha256: str  # of the file's bytes
    reading: Reading


def load(path: Path) -> LoadedFile:
    """Read ``path``.

    Raises:
        UnreadableFile: the file is missing, too large, empty, damaged, or of a type that cannot be read.
    """
    if path.exists() and not path.is_file():  # a pipe might never end
        raise UnreadableFile(f"“{path.name}”不是普通文件，不能读取。请指定文件。")
    try:
        check_size(path.stat().st_size, path.name)
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"打不开文件“{path.name}”：{reason(error)}。请检查文件名和读取权限。") from error
    return load_bytes(content, path.name)


def load_bytes(content: bytes, name: str) -> LoadedFile:
    """Read the bytes of a file that is called ``name``; see ``load``."""
    return LoadedFile(name, hashlib.sha256(content).hexdigest(), formats.read(content, name))
