"""A ZIP of documents: each member becomes a file of its own in a temporary folder, within limits.

Zips inside a zip are opened one level deep. A member whose path leads out of the zip, a link, or one with a
password is refused alone; a zip that unpacks to too much is refused as a whole.
"""

from __future__ import annotations

import contextlib
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ingest.errors import UnreadableFile
from ingest.formats.detect import detect
from ingest.formats.limits import MAX_UNPACKED, check_size, open_zip, read_member
from ingest.system_errors import reason

_UTF8_NAME = 0x800  # flag: the name is in UTF-8; without it Chinese systems write GB18030
_LINK = 0o120000
_FILE_TYPE = 0o170000
_UNSAFE = re.compile(r'[<>:"|?*\x00-\x1f]')
_LITTER = re.compile(r"(^|/)(__MACOSX/|\.(?!\.?/)|~\$|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
_MAX_NAME = 120  # characters of a file's name
_START = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a zip: its path inside, and where it lies unpacked or why it was refused."""

    inside: str
    unpacked: Path | None
    refused: str = ""


def is_archive(path: Path) -> bool:
    """Whether ``path`` is a zip of files, told from the zips that DOCX and OFD are."""
    if not path.is_file():  # a pipe might never end
        return False
    try:
        with path.open("rb") as stream:
            if stream.read(4) != _START:
                return False
        check_size(path.stat().st_size, path.name)
        return detect(path.read_bytes(), path.name) == "zip"
    except (OSError, UnreadableFile):
        return False  # reading it as a file tells the reason


def unpack(path: Path, folder: Path) -> Iterator[Member]:
    """Write the members of the zip at ``path`` under ``folder``, one after another.

    Raises:
        UnreadableFile: damaged, with a password, empty, or unpacking to too much.
    """
    members = list(_Unpacking(folder).members(path.read_bytes(), path.name, "", nested=False))
    if not members:
        raise UnreadableFile(f"压缩包“{path.name}”里没有文件。请检查是否选对了压缩包。")
    yield from members


class _Unpacking:
    """One zip with the zips in it: what is still allowed, and the folders used."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._left = MAX_UNPACKED
        self._folders: dict[str, Path] = {}

    def members(self, content: bytes, name: str, prefix: str, *, nested: bool) -> Iterator[Member]:
        with open_zip(content, name) as archive:
            for info in archive.infolist():
                inside = _name_of(info)
                if info.is_dir() or _LITTER.search(inside):
                    continue
                self._left -= info.file_size
                if self._left < 0:
                    raise UnreadableFile(
                        f"压缩包“{name}”连同里面的压缩包解压后超过 {MAX_UNPACKED // 1024 // 1024} MB。请拆分后再试。"
                    )
                yield from self._member(archive, info, name, prefix + inside, nested=nested)

    def _member(
        self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, inside: str, *, nested: bool
    ) -> Iterator[Member]:
        if fault := _fault(info, inside):
            yield Member(inside, None, f"压缩包“{name}”里的“{inside}”{fault}，没有解压。")
            return
        try:
            content = read_member(archive, info, name)
            if content.startswith(_START) and detect(content, inside) == "zip":
                if nested:
                    raise UnreadableFile(f"“{inside}”是压缩包里的压缩包里的压缩包，没有打开。请先解压后再试。")
                yield from self.members(content, inside, f"{inside}/", nested=True)
                return
            yield Member(inside, self._write(inside, content))
        except UnreadableFile as error:
            yield Member(inside, None, str(error))

    def _write(self, inside: str, content: bytes) -> Path:
        """A file under a folder of ours: paths of the zip are never used as paths."""
        above, _, last = inside.rpartition("/")
        folder = self._folders.setdefault(above, self._folder / f"{len(self._folders):05d}")
        stem, dot, ending = _UNSAFE.sub("_", last).rpartition(".")
        target = folder / f"{stem[:_MAX_NAME]}{dot}{ending[:_MAX_NAME]}"
        if target.exists():
            raise UnreadableFile(f"压缩包里有两个“{inside}”，第二个没有解压。")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        except OSError as error:
            raise UnreadableFile(f"“{inside}”解压不出来：{reason(error)}。请检查磁盘空间。") from error
        return target


def _name_of(info: zipfile.ZipInfo) -> str:
    name = info.filename
    if not info.flag_bits & _UTF8_NAME:
        with contextlib.suppress(UnicodeError):  # what neither encoding explains stays as it is
            name = name.encode("cp437").decode("gb18030")
    return name.replace("\\", "/")


def _fault(info: zipfile.ZipInfo, inside: str) -> str:
    """Why a member is not unpacked; "" for no reason."""
    parts = PurePosixPath(inside).parts
    if ".." in parts or inside.startswith("/") or re.match(r"[A-Za-z]:", inside):
        return "的路径越出压缩包"
    if info.external_attr >> 16 & _FILE_TYPE == _LINK:
        return "是链接，不是文件"
    return ""
