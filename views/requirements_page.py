"""The page of requirements: filters, the complete list by document and clause, and downloads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from ingest import tables
from ingest.errors import InputError
from ingest.records import Document, Modality
from qa.records import Answer
from qa.register_export import content_of
from qa.selection import LISTED, Selection, iso_day
from qa.wording import Wording
from views.answer import counts, strengths, summary_lines
from views.cards import citation_groups, link_button
from views.frame import show
from views.links import Place, query_of
from views.loading import Reader
from views.markup import Markup, element, join
from views.texts import Texts

MOST_SHOWN = 100  # clauses; a browser is slow with thousands of cards, and nobody reads them on a page
_PENALTY = "penalty"  # not a modality: whatever states a sanction
_STRENGTHS = (*tables.MODALITIES, _PENALTY)
_DOWNLOADS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def show_requirements_page(reader: Reader, place: Place, texts: Texts) -> None:
    """Draw filters and list for the address."""
    documents = {document.doc_id: document for document in reader.documents()}
    show(
        element(
            "div",
            element("h1", texts.say("requirements.title")),
            element("p", texts.say("requirements.lead")),
            class_="kb-hero kb-hero-small",
        )
    )
    _filters(place, documents, texts)
    try:
        selection, as_of = selection_of(place, list(documents)), day_of(place)
    except InputError as error:
        show(_panel(texts.say("requirements.wrong"), str(error)))
        return
    answer = reader.listing(selection, language=texts.language, as_of=as_of)
    if not answer.answered:
        show(_panel(texts.say("requirements.none"), answer.summary))
        return
    show(_head(answer, place, texts))
    _downloads(answer, texts)
    show(_list(answer, texts))


def selection_of(place: Place, doc_ids: Sequence[str]) -> Selection:
    """What the address selects; names that nothing has are left out.

    Raises:
        InputError: the day is none.
    """
    modalities = frozenset(name for name in tables.MODALITIES if name in place.filtered("modality"))
    sanctions = _PENALTY in place.filtered("modality")
    day = "".join(place.filtered("before")[-1:])
    wanted: frozenset[Modality] = LISTED | {"goal"} if day else LISTED
    return Selection(
        audiences=tuple(key for key in place.filtered("audience") if key in tables.audiences()),
        modalities=modalities if sanctions else modalities or wanted,
        sanctions=sanctions,
        doc_ids=tuple(doc_id for doc_id in place.within if doc_id in doc_ids),
        unit="".join(place.filtered("unit")[-1:]),
        due_by=iso_day(day) if day else None,
    )


def day_of(place: Place) -> str | None:
    """The day, ISO, as of which the address wants the list; ``None`` for today.

    Raises:
        InputError: it is none.
    """
    day = "".join(place.filtered("asof")[-1:])
    return iso_day(day) if day else None


def _filters(place: Place, documents: dict[str, Document], texts: Texts) -> None:
    names = tables.audiences()
    _follow(place, documents)
    first, second = st.columns([3, 2], gap="small")
    with first:
        _many(
            "audience", list(names), {key: a.zh if texts.language == "zh" else a.en for key, a in names.items()}, texts
        )
    with second:
        _many("modality", list(_STRENGTHS), {m: texts.say(f"modality.{m}") for m in _STRENGTHS}, texts)
    third, fourth, day, fifth = st.columns([2, 2, 2, 3], gap="small")
    with third:
        _typed("unit", texts)
    with fourth:
        _typed("before", texts)
    with day:
        _typed("asof", texts)
    with fifth:
        _many("within", list(documents), {doc_id: document.title for doc_id, document in documents.items()}, texts)


def _many(name: str, options: list[str], labels: dict[str, str], texts: Texts) -> None:
    st.multiselect(
        texts.say(f"requirements.{name}"),
        options,
        key=f"register_{name}",
        format_func=lambda option: labels.get(option, option),
        placeholder=texts.say("requirements.all"),
        on_change=_go,
    )


def _typed(name: str, texts: Texts) -> None:
    st.text_input(
        texts.say(f"requirements.{name}"),
        key=f"register_{name}",
        placeholder=texts.say(f"requirements.{name}_hint"),
        on_change=_go,
    )


def _follow(place: Place, documents: dict[str, Document]) -> None:
    """Put into the widgets what the address says, whenever it has changed."""
    address = (place.filters, place.within, place.language, tuple(documents))
    state = st.session_state
    if state.get("register_followed") != address or "register_unit" not in state:
        state["register_followed"] = address
        state["register_place"] = place
        state["register_audience"] = [key for key in place.filtered("audience") if key in tables.audiences()]
        state["register_modality"] = [name for name in place.filtered("modality") if name in _STRENGTHS]
        state["register_unit"] = "".join(place.filtered("unit")[-1:])
        state["register_before"] = "".join(place.filtered("before")[-1:])
        state["register_asof"] = "".join(place.filtered("asof")[-1:])
        state["register_within"] = [doc_id for doc_id in place.within if doc_id in documents]


def _go() -> None:
    """Put into the address what the widgets say."""
    state = st.session_state
    several = [(name, value) for name in ("audience", "modality") for value in state[f"register_{name}"]]
    single = [(name, state[f"register_{name}"].strip()) for name in ("unit", "before", "asof")]
    filters = tuple((name, value) for name, value in (*several, *single) if value)
    target = replace(state["register_place"], filters=filters, within=tuple(state["register_within"]))
    st.query_params.from_dict(query_of(target))


def _head(answer: Answer, place: Place, texts: Texts) -> Markup:
    tally = element("p", counts(answer, texts), class_="kb-count")
    share = element("div", link_button(texts.say("answer.share"), place, texts), class_="kb-actions")
    weights = element("div", tally, strengths(answer.requirements, texts), class_="kb-tally")
    return element(
        "section",
        element("header", summary_lines(answer.summary), weights, share, class_="kb-summary"),
        class_="kb-answer",
    )


def _downloads(answer: Answer, texts: Texts) -> None:
    columns = st.columns([1, 1, 4], gap="small")
    for (name, kind), column in zip(_DOWNLOADS.items(), columns, strict=False):
        column.download_button(
            texts.say(f"requirements.{name}"),
            data=partial(content_of, answer, name, Wording(texts.language)),  # made at the click
            file_name=f"{texts.say('requirements.file')}.{name}",
            mime=kind,
            width="stretch",
            on_click="ignore",
        )


def _list(answer: Answer, texts: Texts) -> Markup:
    shown = answer.citations[:MOST_SHOWN]
    cited = {citation.clause.clause_id for citation in shown}
    rows = [row for row in answer.requirements if row.clause_id in cited]
    note = Markup("")
    if len(shown) < len(answer.citations):
        words = texts.say("requirements.shortened", shown=len(shown), count=len(answer.citations))
        note = element("p", words, class_="kb-muted")
    return element("section", join(note, citation_groups(shown, rows, texts)), class_="kb-answer")


def _panel(title: str, words: str) -> Markup:
    head = element("h2", title, class_="kb-panel-title")
    return element("div", head, element("p", words), class_="kb-panel kb-refusal")
