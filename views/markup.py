"""Safe HTML: text is escaped unless this module made it.

Everything the page shows as HTML is built with ``element``. Children and attribute values that are plain
strings are escaped, so a document that holds "<script>" shows it as those eight characters.
"""

from __future__ import annotations

import html
import re
from urllib.parse import quote

# Control characters have no look of their own, and NUL would end the text early in some readers.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Markup(str):
    """A string that is already HTML."""

    __slots__ = ()


def escape(text: str) -> Markup:
    """``text`` as HTML that shows exactly ``text``; a ``Markup`` passes unchanged.

    Line ends become references, because the page would strip the white space of a line that holds nothing else.
    """
    if isinstance(text, Markup):
        return text
    shown = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)
    return Markup(html.escape(shown, quote=True).replace("\r", "&#13;").replace("\n", "&#10;"))


def join(*children: str) -> Markup:
    """The children one after another, escaped where they are plain text."""
    return Markup("".join(map(escape, children)))


def element(name: str, *children: str, **attributes: str | bool | None) -> Markup:
    """One HTML element.

    Attribute names lose a trailing "_" and write "-" for "_" (``class_``, ``data_copy``); ``True`` is an
    attribute without a value, ``None`` and ``False`` leave it out.
    """
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    return Markup(f"<{name}{written}>{join(*children)}</{name}>")


def _attribute(key: str, value: str | bool | None) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(value)}"'


def packed(text: str) -> str:
    """``text`` percent-encoded for a data attribute.

    The browser's sanitizer drops attributes whose value looks like the end of a tag; this form never does.
    """
    return quote(text, safe="")


def plain_label(text: str) -> str:
    """``text`` for a widget label, where Streamlit reads Markdown: every special sign is escaped."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|<>~:$&])", r"\\\1", text)
