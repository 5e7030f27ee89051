"""The files inside an OFD: which document, pages, templates, fonts and pictures it names, and where they lie.

OFD (GB/T 33190) is a zip of XML. Writers differ: paths from the root or from the file, capitals or not, elements with
or without the name space; names are compared without these.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.errors import UnreadableFile
from ingest.formats.limits import check_pages, open_zip, parse_xml, read_member

if TYPE_CHECKING:
    from lxml.etree import _Element

Box = tuple[float, float, float, float]  # x, y, width, height in millimetres
A4: Box = (0.0, 0.0, 210.0, 297.0)
_ROOT = "OFD.xml"


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its XML, the XML of the templates below it, its size."""

    content: _Element
    templates: tuple[_Element, ...]
    box: Box


@dataclass(slots=True)
class Resources:
    """What pages refer to by number: pictures (a path in the zip), drawings used again."""

    pictures: dict[str, str] = field(default_factory=dict)
    units: dict[str, _Element] = field(default_factory=dict)


class Package:
    """An OFD file opened for reading."""

    def __init__(self, content: bytes, name: str) -> None:
        """Open ``content``.

        Raises:
            UnreadableFile: damaged, encrypted, or no OFD.
        """
        self.name = name
        self._archive: zipfile.ZipFile = open_zip(content, name)
        self._members = {_plain(member): member for member in self._archive.namelist() if not member.endswith("/")}
        if any(member.endswith("encryptions.xml") for member in self._members):
            raise UnreadableFile(f"OFD 文件“{name}”有加密保护，读不出内容。请解除保护后再试。")
        self.root = self._xml(_ROOT)

    def bytes_of(self, path: str) -> bytes:
        """The member at ``path``.

        Raises:
            UnreadableFile: missing or damaged.
        """
        return read_member(self._archive, self._members.get(_plain(path), path), self.name)

    def title(self) -> str | None:
        """The title that the file states."""
        found = next(elements(self.root, "Title"), None)
        return (found.text or "").strip() or None if found is not None else None

    def documents(self) -> Iterator[tuple[Resources, Iterator[Page]]]:
        """Each document of the file: its resources and its pages.

        Raises:
            UnreadableFile: a part is missing or damaged, or there are too many pages.
        """
        for place in elements(self.root, "DocRoot"):
            path = _resolve("", place.text)
            document = self._xml(path)
            resources = Resources()
            for kind in ("PublicRes", "DocumentRes"):
                for found in elements(document, kind):
                    self._add_resources(_resolve(path, found.text), resources)
            yield resources, self._pages(document, path)

    def _pages(self, document: _Element, path: str) -> Iterator[Page]:
        standard = _box(next(elements(document, "PageArea"), None)) or A4
        templates = {found.get("ID", ""): _resolve(path, found.get("BaseLoc")) for found in _templates(document)}
        pages = [found for found in elements(document, "Page") if found.get("BaseLoc")]
        check_pages(len(pages), self.name)
        read: dict[str, _Element] = {}
        for found in pages:
            content = self._xml(_resolve(path, found.get("BaseLoc")))
            below = []
            for used in elements(content, "Template"):
                number = used.get("TemplateID", "")
                if number in templates and number not in read:
                    read[number] = self._xml(templates[number])
                below += [read[number]] if number in read else []
            yield Page(content, tuple(below), _box(next(elements(content, "Area"), None)) or standard)

    def _add_resources(self, path: str, resources: Resources) -> None:
        if _plain(path) not in self._members:
            return  # a missing font or picture costs no text
        root = self._xml(path)
        base = _resolve(path, root.get("BaseLoc"))
        for medium in elements(root, "MultiMedia"):
            file = next(elements(medium, "MediaFile"), None)
            if file is not None and file.text:
                found = _resolve(posixpath.join(base, "x"), file.text)
                beside = _resolve(path, file.text)
                resources.pictures[medium.get("ID", "")] = found if self._has(found) else beside
        for unit in elements(root, "CompositeGraphicUnit"):
            resources.units[unit.get("ID", "")] = unit

    def _has(self, path: str) -> bool:
        return _plain(path) in self._members

    def _xml(self, path: str) -> _Element:
        return parse_xml(self.bytes_of(path), self.name)


def local(element: _Element) -> str:
    """The element's name without its name space; "" for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def elements(root: _Element, name: str) -> Iterator[_Element]:
    """The elements named ``name`` below ``root``, in order."""
    return (element for element in root.iter() if local(element) == name)


def numbers(text: str | None) -> list[float]:
    """The numbers of an attribute; a repetition "g 3 2.5" is written out, what is no number is left out."""
    found: list[float] = []
    parts = iter((text or "").split())
    for part in parts:
        if part == "g":
            count, value = _number(next(parts, "")), _number(next(parts, ""))
            if count is not None and value is not None:
                found += [value] * min(int(count), 10_000)
        elif (value := _number(part)) is not None:
            found.append(value)
    return found


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < 1e6 else None


def _templates(document: _Element) -> Iterator[_Element]:
    return (found for found in elements(document, "TemplatePage") if found.get("BaseLoc"))


def _box(area: _Element | None) -> Box | None:
    if area is None:
        return None
    for kind in ("PhysicalBox", "ApplicationBox", "ContentBox"):
        found = next(elements(area, kind), None)
        values = numbers(found.text) if found is not None else []
        if len(values) == 4 and values[2] > 0 and values[3] > 0:
            return values[0], values[1], values[2], values[3]
    return None


def _resolve(base: str, path: str | None) -> str:
    """``path`` as named in the file ``base``, from the root of the zip."""
    path = (path or "").strip().replace("\\", "/")
    if path.startswith("/"):
        return posixpath.normpath(path.lstrip("/"))
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), path))


def _plain(path: str) -> str:
    return posixpath.normpath(path.replace("\\", "/").lstrip("/")).casefold()
