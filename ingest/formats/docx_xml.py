"""Short names for the XML of DOCX: "w:p" in place of a long namespace, the same for both dialects of the standard."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

_OPEN = "http://schemas.openxmlformats.org/"
_STRICT = "http://purl.oclc.org/ooxml/"  # the strict dialect
_NAMESPACES: dict[str, tuple[str, ...]] = {
    "w": (_OPEN + "wordprocessingml/2006/main", _STRICT + "wordprocessingml/main"),
    "w14": ("http://schemas.microsoft.com/office/word/2010/wordml",),
    "m": (_OPEN + "officeDocument/2006/math", _STRICT + "officeDocument/math"),
    "r": (_OPEN + "officeDocument/2006/relationships", _STRICT + "officeDocument/relationships"),
    "mc": (_OPEN + "markup-compatibility/2006",),
    "pic": (_OPEN + "drawingml/2006/picture", _STRICT + "drawingml/picture"),
    "c": (_OPEN + "drawingml/2006/chart", _STRICT + "drawingml/chart"),
    "dgm": (_OPEN + "drawingml/2006/diagram", _STRICT + "drawingml/diagram"),
    "v": ("urn:schemas-microsoft-com:vml",),
    "o": ("urn:schemas-microsoft-com:office:office",),
}
_PREFIXES = {namespace: prefix for prefix, namespaces in _NAMESPACES.items() for namespace in namespaces}


@lru_cache(maxsize=4096)
def _short(tag: str) -> str:
    namespace, _, local = tag[1:].partition("}") if tag.startswith("{") else ("", "", tag)
    return f"{_PREFIXES.get(namespace, '?')}:{local}" if namespace else local


def name_of(element: _Element) -> str:
    """The short name; empty for a comment or a processing instruction."""
    return _short(element.tag) if isinstance(element.tag, str) else ""


def children(element: _Element | None, *names: str) -> Iterator[_Element]:
    """The children of these names, all elements where no name is given."""
    if element is not None:
        yield from (inner for inner in element if (name := name_of(inner)) and (not names or name in names))


def child(element: _Element | None, *path: str) -> _Element | None:
    """The first child along ``path``, one name a step."""
    for name in path:
        element = next(children(element, name), None)
    return element


def attribute(element: _Element | None, name: str) -> str | None:
    """An attribute by its short name, with or without its namespace."""
    if element is None:
        return None
    prefix, _, local = name.rpartition(":")
    keys = [f"{{{namespace}}}{local}" for namespace in _NAMESPACES.get(prefix, ())]
    return next((value for key in (*keys, local) if (value := element.get(key)) is not None), None)


def value(element: _Element | None, *path: str) -> str | None:
    """``w:val`` of the element along ``path``."""
    return attribute(child(element, *path), "w:val")


def number(element: _Element | None, *path: str) -> int | None:
    """``w:val`` of the element along ``path`` as a whole number."""
    return as_number(value(element, *path))


def as_number(written: str | None) -> int | None:
    """A whole number of at most nine digits, ``None`` for anything else."""
    words = (written or "").strip()
    digits = words.removeprefix("-")
    return int(words) if digits.isascii() and digits.isdigit() and len(digits) <= 9 else None


def switch(element: _Element | None, name: str) -> bool | None:
    """An on-off property: ``None`` where it is not set, on where it has no value."""
    found = child(element, name)
    return None if found is None else value(found.getparent(), name) not in ("0", "false", "off", "none")


def inside(element: _Element, *names: str) -> bool:
    """Whether ``element`` stands within one of ``names``."""
    return any(name_of(outer) in names for outer in element.iterancestors())


def choice(alternates: _Element) -> _Element | None:
    """The one branch of ``mc:AlternateContent`` to read: the same content is in all of them."""
    return (
        child(alternates, "mc:Choice")
        if child(alternates, "mc:Choice") is not None
        else child(alternates, "mc:Fallback")
    )
