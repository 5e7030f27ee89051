"""The page that compares two documents: of the base, of its older versions, or uploaded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

import streamlit as st

from ingest import tables
from ingest.errors import KnowledgeBaseError
from ingest.records import Document
from qa.comparison.records import Comparison, Mode, Text
from qa.comparison.texts import side_from_bytes
from qa.comparison.workbook import workbook
from views.comparison import comparison_view
from views.frame import show, show_refusal, title_tab
from views.loading import Reader
from views.markup import element
from views.texts import Texts
from views.uploads import upload

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_UPLOAD = "upload"
_MODES = ("auto", "versions", "levels")


def show_compare_page(reader: Reader, texts: Texts) -> None:
    """Draw the page; the last comparison stays until another one is asked for."""
    title_tab(texts.say("compare.title"), texts)
    title, lead = element("h1", texts.say("compare.title")), element("p", texts.say("compare.lead"))
    show(element("div", title, lead, class_="kb-hero"))
    options = _options(reader, texts)
    columns = st.columns(2, gap="medium")
    for column, side in zip(columns, ("before", "after"), strict=True):
        with column:
            _choose(side, options, texts)
    mode, audience = _settings(texts)
    if st.button(texts.say("compare.start"), type="primary", key="compare_start"):
        _compare(reader, mode, audience, texts)
    comparison: Comparison | None = st.session_state.get("comparison")
    if comparison is None:
        return
    st.download_button(
        texts.say("compare.download"),
        lambda: workbook(comparison, texts.language),
        file_name=f"{texts.say('compare.file_name')}.xlsx",
        mime=_EXCEL,
        key="compare_excel",
        on_click="ignore",
    )
    show(comparison_view(comparison, texts))


def _options(reader: Reader, texts: Texts) -> dict[str, str]:
    """What may be chosen: uploading, then every version of every document, by what ``Reader.side`` takes."""
    found = {_UPLOAD: texts.say("compare.upload")}
    for document in reader.versions():
        found[f"{document.doc_id}@{document.version}"] = _label(document, texts)
    return found


def _label(document: Document, texts: Texts) -> str:
    date = f"，{document.issued_on}" if document.issued_on else ""
    return texts.say("compare.option", title=document.title, version=document.version, date=date)


def _choose(side: str, options: Mapping[str, str], texts: Texts) -> None:
    chosen = st.selectbox(
        texts.say(f"compare.{side}"),
        list(options),
        index=None,
        key=f"compare_{side}",
        format_func=lambda key: options.get(key, key),
        placeholder=texts.say("compare.placeholder"),
    )
    if chosen == _UPLOAD:
        upload(f"compare_file_{side}", texts.say("compare.upload"), texts)


def _settings(texts: Texts) -> tuple[Mode | None, tuple[str, ...]]:
    left, right = st.columns(2, gap="medium")
    mode = left.selectbox(
        texts.say("compare.mode"), _MODES, key="compare_mode", format_func=lambda key: texts.say(f"compare.{key}")
    )
    named = tables.audiences()
    audience = right.selectbox(
        texts.say("compare.audience"),
        ["", *named],
        key="compare_audience",
        format_func=lambda key: getattr(named[key], texts.language) if key else texts.say("compare.everybody"),
    )
    return (None if mode == "auto" else cast(Mode, mode)), ((audience,) if audience else ())


def _compare(reader: Reader, mode: Mode | None, audience: tuple[str, ...], texts: Texts) -> None:
    st.session_state.pop("comparison", None)
    sides = [_side(reader, side) for side in ("before", "after")]
    if None in sides:
        show_refusal(texts.say("compare.failed"), texts.say("compare.placeholder"))
        return
    try:
        with st.spinner(texts.say("compare.working")):
            texts_read = [each() for each in sides if each is not None]
            st.session_state["comparison"] = reader.compare(texts_read[0], texts_read[1], mode, audience)
    except KnowledgeBaseError as error:
        show_refusal(texts.say("compare.failed"), str(error))


def _side(reader: Reader, side: str) -> Callable[[], Text] | None:
    """How to read one side, ``None`` where nothing is chosen."""
    chosen = st.session_state.get(f"compare_{side}")
    if chosen == _UPLOAD:
        file = st.session_state.get(f"compare_file_{side}")
        return None if file is None else lambda: side_from_bytes(file.getvalue(), file.name)
    return None if chosen is None else lambda: reader.side(chosen)
