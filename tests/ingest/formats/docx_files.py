"""DOCX files made of a few strings, for tests."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT_W = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    ' xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
)
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def docx(
    body: str,
    *,
    styles: str = "",
    numbering: str = "",
    parts: Mapping[str, tuple[str, str | bytes]] | None = None,
    compression: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """A DOCX with this body; ``parts`` maps a path under ``word`` to its relation's kind and its content.

    The relation's id is the path. A part given as text without a root element gets none added.
    """
    every: dict[str, tuple[str, str | bytes]] = dict(parts or {})
    if styles:
        every["styles.xml"] = ("styles", root("w:styles", styles))
    if numbering:
        every["numbering.xml"] = ("numbering", root("w:numbering", numbering))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", compression) as archive:
        archive.writestr("[Content_Types].xml", _content_types({path: kind for path, (kind, _) in every.items()}))
        archive.writestr("_rels/.rels", _relations({"word/document.xml": "officeDocument"}))
        archive.writestr("word/document.xml", root("w:document", f"<w:body>{body}</w:body>"))
        archive.writestr("word/_rels/document.xml.rels", _relations({path: kind for path, (kind, _) in every.items()}))
        for path, (_, content) in every.items():
            archive.writestr(f"word/{path}", content)
    return packed.getvalue()


def root(tag: str, inside: str) -> str:
    """A root element with the namespaces of Word."""
    return f'<?xml version="1.0" encoding="UTF-8"?><{tag} {_NAMESPACES}>{inside}</{tag}>'


def run(text: str, properties: str = "") -> str:
    """A run of characters."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def p(
    text: str = "",
    *,
    style: str = "",
    num: str | None = None,
    level: int | None = None,
    inside: str = "",
    more: str = "",
) -> str:
    """A paragraph: its text as one run, then ``inside``; ``more`` goes into its properties."""
    properties = f"<w:pStyle w:val={quoteattr(style)}/>" if style else ""
    if num is not None:
        depth = "" if level is None else f'<w:ilvl w:val="{level}"/>'
        properties += f'<w:numPr>{depth}<w:numId w:val="{num}"/></w:numPr>'
    return f"<w:p><w:pPr>{properties}{more}</w:pPr>{run(text) if text else ''}{inside}</w:p>"


def style(
    style_id: str, name: str, *, based_on: str = "", paragraph: str = "", characters: str = "", kind: str = "paragraph"
) -> str:
    """A style."""
    base = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    return (
        f'<w:style w:type="{kind}" w:styleId="{style_id}"><w:name w:val="{name}"/>{base}'
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{characters}</w:rPr></w:style>"
    )


def level(depth: int, text: str, number_format: str = "decimal", *, start: int = 1, more: str = "") -> str:
    """A level of a numbering definition."""
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="{start}"/><w:numFmt w:val="{number_format}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def definition(definition_id: str, *levels: str, more: str = "") -> str:
    """A numbering definition."""
    return f'<w:abstractNum w:abstractNumId="{definition_id}">{more}{"".join(levels)}</w:abstractNum>'


def numbered(list_id: str, definition_id: str, changes: str = "") -> str:
    """A list that uses a definition."""
    return f'<w:num w:numId="{list_id}"><w:abstractNumId w:val="{definition_id}"/>{changes}</w:num>'


def table(*rows: str) -> str:
    """A table of rows."""
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def row(*cells: str) -> str:
    """A row: cells as text or as ``cell(…)``."""
    inside = "".join(one if one.startswith("<w:tc>") else cell(one) for one in cells)
    return f"<w:tr>{inside}</w:tr>"


def cell(text: str = "", properties: str = "", inside: str = "") -> str:
    """A table cell."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inside or p(text)}</w:tc>"


def field(instruction: str, result: str | None) -> str:
    """A field of one paragraph: runs to stand within it."""
    shown = "" if result is None else f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run(result)}'
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve">{escape(instruction)}'
        f'</w:instrText></w:r>{shown}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def _content_types(kinds: Mapping[str, str]) -> str:
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    every = {"document.xml": "document.main", **kinds}
    inside = "".join(
        f'<Override PartName="/word/{path}" ContentType="{word}.{kind}+xml"/>' for path, kind in every.items()
    )
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Default Extension="rels" ContentType="{relations}"/>{inside}</Types>'
    )


def _relations(targets: Mapping[str, str]) -> str:
    inside = "".join(
        f'<Relationship Id="{path}" Type="{_RELATION}/{kind}" Target="{path}"/>' for path, kind in targets.items()
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inside}</Relationships>'
    )
