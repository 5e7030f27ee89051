"""Corrections as JSON: in the store, and in the file that carries them to another knowledge base.

A file is checked strictly, so that a mistyped one is refused whole and nothing of it is lost in silence.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ingest.anchors import CONTEXT, WORDS, Anchor
from ingest.corrections import FIELD_NAMES, Change, Correction, Ends, Fields, Heading, NotHeading, checked
from ingest.errors import InputError, UnreadableFile
from ingest.records import Document

FORMAT = "policy-corrections/1"
MOST = 10_000  # corrections in one file
_LONGEST = 20_000  # characters of one text
_KINDS: dict[str, type[Change]] = {
    "not_heading": NotHeading,
    "heading": Heading,
    "ends": Ends,
    "requirement": Fields,
}


def kind_of(change: Change) -> str:
    """The name of a kind of correction: "not_heading", "heading", "ends", "requirement"."""
    return next(name for name, kind in _KINDS.items() if type(change) is kind)


def change_json(change: Change) -> dict[str, Any]:
    """What a correction says."""
    match change:
        case NotHeading():
            values: dict[str, Any] = {}
        case Heading(family, numeral, under):
            values = {"family": family, "numeral": numeral, "under": under}
        case Ends(heading):
            values = {"heading": heading}
        case Fields(sentence, fields):
            values = {"sentence": sentence, "fields": dict(fields)}
    return {"kind": kind_of(change), **values}


def change_from(value: object) -> Change:
    """A correction's words out of JSON.

    Raises:
        InputError: they are none.
    """
    row = _object(value, "change")
    kind = _text(row, "kind")
    wanted = {"not_heading": set(), "heading": {"family", "numeral", "under"}, "ends": {"heading"},
              "requirement": {"sentence", "fields"}}.get(kind)  # fmt: skip
    if wanted is None or row.keys() != wanted | {"kind"}:
        raise InputError(f"kind 是“{kind}”的一项应当有 {sorted(wanted or ())}，实际有 {sorted(row.keys() - {'kind'})}")
    if kind == "heading":
        under = None if row["under"] is None else _text(row, "under")
        return checked(Heading(_text(row, "family"), _text(row, "numeral"), under))
    if kind == "ends":
        return checked(Ends(_text(row, "heading")))
    if kind == "requirement":
        fields = _object(row["fields"], "fields")
        if not fields or not fields.keys() <= FIELD_NAMES.keys():
            raise InputError(f"fields 只能有 {list(FIELD_NAMES)}，实际是 {list(fields)}")
        return Fields(_text(row, "sentence"), tuple((name, _text(fields, name)) for name in fields))
    return NotHeading()


def anchor_json(anchor: Anchor) -> dict[str, Any]:
    """A place by its words."""
    return {
        "words": anchor.words,
        "before": anchor.before,
        "after": anchor.after,
        "occurrence": anchor.occurrence,
        "total": anchor.total,
    }


def anchor_from(value: object) -> Anchor:
    """A place out of JSON.

    Raises:
        InputError: it is none.
    """
    row = _object(value, "anchor")
    words, before, after = ("".join(_text(row, name).split()) for name in ("words", "before", "after"))
    occurrence, total = row.get("occurrence"), row.get("total")
    counted = type(occurrence) is int and type(total) is int and 1 <= occurrence <= total
    if not 0 < len(words) <= WORDS or len(before) > CONTEXT or len(after) > CONTEXT or not counted:
        raise InputError(
            f"anchor 要有 words（1 至 {WORDS} 个字）、before 和 after（至多 {CONTEXT} 个字）、"
            "occurrence 和 total（第几处、共几处）"
        )
    return Anchor(words, before, after, int(str(occurrence)), int(str(total)))


def correction_json(correction: Correction) -> dict[str, Any]:
    """One correction as it is printed and exported."""
    return {
        "number": correction.number,
        "anchor": anchor_json(correction.anchor),
        "change": change_json(correction.change),
        "made_on": correction.made_on,
        "undone_on": correction.undone_on,
    }


def export_text(document: Document, corrections: Sequence[Correction]) -> str:
    """The corrections of a document as a file."""
    content = {
        "format": FORMAT,
        "document": {"doc_id": document.doc_id, "title": document.title},
        "corrections": [correction_json(correction) for correction in corrections],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def read_export(path: Path) -> list[Correction]:
    """The corrections of a file that ``export_text`` wrote; those undone are left out.

    Raises:
        UnreadableFile: not such a file; the message names the first entry that is wrong.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise UnreadableFile(f"更正文件“{path.name}”读不出来：{error}。应当是 --export 写出的 JSON 文件。") from error
    rows = content.get("corrections") if isinstance(content, dict) and content.get("format") == FORMAT else None
    if not isinstance(rows, list) or len(rows) > MOST:
        raise UnreadableFile(f"“{path.name}”不是更正文件（应有 format “{FORMAT}”和至多 {MOST} 项 corrections）。")
    found = []
    for place, row in enumerate(rows, 1):
        try:
            found.append(_correction(row))
        except InputError as error:
            raise UnreadableFile(f"更正文件“{path.name}”第 {place} 项不对：{error}。整个文件没有导入。") from error
    return [correction for correction in found if not correction.undone_on]


def _correction(value: object) -> Correction:
    row = _object(value, "correction")
    made_on, undone_on = (_text(row, name) if name in row else "" for name in ("made_on", "undone_on"))
    change, anchor = change_from(row.get("change")), anchor_from(row.get("anchor"))
    return Correction(anchor, change, made_on=made_on, undone_on=undone_on)


def _object(value: object, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InputError(f"{name} 应当是一组名称和值")
    return value


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise InputError(f"{name} 应当是文字，不超过 {_LONGEST} 个字")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise InputError(f"{name} 里有残缺的字符") from error
    return value
