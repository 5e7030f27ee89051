"""What a file may ask of the machine: sizes, pages, and the safe way to open zips and XML.

Every refusal is an ``UnreadableFile`` that names the file, what was found and what is allowed.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING

from ingest.errors import UnreadableFile

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_FILE = 300 * 1024 * 1024  # bytes
MAX_PAGES = 10_000
MAX_UNPACKED = 200 * 1024 * 1024  # bytes of all members of one zip
MAX_RATIO = 200  # unpacked to packed, of members that are large enough to matter
MAX_MEMBERS = 20_000
MAX_DEPTH = 256  # of XML elements, HTML elements and parts within parts
MAX_TEXT = 3_000_000  # characters of text from one file: five thousand pages, twenty times the longest law
MAX_TEXT_BYTES = 4 * MAX_TEXT  # of a file that is all text: no encoding takes more for a character
MAX_PAGE_BYTES = 64 * 1024 * 1024  # of a web page with its pictures in it
MAX_ELEMENTS = 1_500_000  # of one XML part or web page: 400 MB once it is a tree
_RATIO_FROM = 1024 * 1024  # a short run of one character packs well and harms nobody


def check_size(size: int, name: str) -> None:
    """Refuse a file that is too large to read.

    Raises:
        UnreadableFile: over ``MAX_FILE`` bytes.
    """
    if size > MAX_FILE:
        found, allowed = size // 1024 // 1024, MAX_FILE // 1024 // 1024
        raise UnreadableFile(f"文件“{name}”有 {found} MB，最多可读 {allowed} MB。请拆分或压缩图片后再试。")


def check_pages(count: int, name: str) -> None:
    """Refuse a file of too many pages.

    Raises:
        UnreadableFile: over ``MAX_PAGES`` pages.
    """
    if count > MAX_PAGES:
        raise UnreadableFile(f"文件“{name}”有 {count} 页，最多可读 {MAX_PAGES} 页。请拆分后再试。")


def check_text(content: bytes, name: str) -> None:
    """Refuse what is all text and too long, before it is decoded.

    Raises:
        UnreadableFile: over ``MAX_TEXT_BYTES``.
    """
    if len(content) > MAX_TEXT_BYTES:
        raise UnreadableFile(
            f"文件“{name}”的文字有 {len(content) // 1024 // 1024} MB，最多可读 {MAX_TEXT // 10_000} 万字"
            f"（{MAX_TEXT_BYTES // 1024 // 1024} MB）。请拆分后再试。"
        )


def check_elements(count: int, name: str) -> None:
    """Refuse what has too many elements to be read as a tree.

    Raises:
        UnreadableFile: over ``MAX_ELEMENTS``.
    """
    if count > MAX_ELEMENTS:
        raise UnreadableFile(
            f"文件“{name}”的内部结构有 {count // 10_000} 万个元素，最多 {MAX_ELEMENTS // 10_000} 万个。请拆分后再试。"
        )


def open_zip(content: bytes, name: str) -> zipfile.ZipFile:
    """The zip in ``content``, its directory checked against the limits and for encryption.

    Raises:
        UnreadableFile: damaged, encrypted, or unpacking to too much.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, IndexError, KeyError) as error:
        raise UnreadableFile(f"文件“{name}”的压缩结构损坏或不完整，打不开。请重新下载或另存后再试。") from error
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableFile(f"文件“{name}”有密码保护，读不出内容。请去掉密码后再试。")
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if unpacked > MAX_UNPACKED or len(members) > MAX_MEMBERS:
        raise UnreadableFile(
            f"文件“{name}”解压后有 {unpacked // 1024 // 1024} MB、{len(members)} 个文件，"
            f"最多 {MAX_UNPACKED // 1024 // 1024} MB、{MAX_MEMBERS} 个。请拆分后再试。"
        )
    if unpacked > _RATIO_FROM and unpacked > MAX_RATIO * max(packed, 1):
        raise UnreadableFile(f"文件“{name}”的压缩比异常（超过 {MAX_RATIO} 倍），可能是压缩炸弹，没有打开。")
    return archive


def read_member(archive: zipfile.ZipFile, member: str | zipfile.ZipInfo, name: str) -> bytes:
    """One member's bytes, never more than its directory entry says.

    Raises:
        UnreadableFile: missing, damaged, or larger than it claims.
    """
    try:
        info = archive.getinfo(member) if isinstance(member, str) else member
        with archive.open(info) as stream:
            content = stream.read(info.file_size + 1)
    except KeyError as error:
        raise UnreadableFile(f"文件“{name}”里缺少“{member}”，可能不完整。请重新下载或另存后再试。") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        inner = member if isinstance(member, str) else member.filename
        raise UnreadableFile(f"文件“{name}”里的“{inner}”损坏，读不出来。请重新下载或另存后再试。") from error
    if len(content) > info.file_size:
        raise UnreadableFile(f"文件“{name}”里的“{info.filename}”实际大小超过标注，可能是压缩炸弹，没有打开。")
    return content


def parse_xml(content: bytes, name: str) -> _Element:
    """The root element of ``content``; no document type, no entities, no network, bounded depth.

    Raises:
        UnreadableFile: not well-formed, with a document type, or nested too deep.
    """
    from lxml import etree

    check_elements(content.count(b"<") - content.count(b"</"), name)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFile(
            f"文件“{name}”的内部结构（XML）损坏或不完整，或嵌套过深，读不出来。请重新下载或另存后再试。"
        ) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableFile(f"文件“{name}”的内部结构带有外部引用或实体定义，可能有害，没有打开。")
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise UnreadableFile(f"文件“{name}”的内部结构嵌套超过 {MAX_DEPTH} 层，没有打开。请另存后再试。")
    return root
