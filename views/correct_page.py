"""The page where a person corrects what the program misread: choose a clause, say what is wrong, look, save, undo."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from ingest.correction_desk import Standing, Trial, save_corrections, standings, try_correction, undo_correction
from ingest.errors import InputError, KnowledgeBaseError, UnknownDocument
from ingest.home import Home
from ingest.records import Clause, ParsedDocument
from ingest.storage import Store
from qa.wording import Wording
from views.correct_form import ask_change
from views.correct_view import change_words, clause_view, head_view, places_of, standing_view, told_view, trial_view
from views.document_page import unknown_document
from views.frame import show, title_tab
from views.links import Place, query_of
from views.loading import Reader
from views.markup import element
from views.outline import outline_label
from views.texts import Texts

WAIT_SECONDS = 3.0  # for another writer, before the person is told who it is
_ASKED, _TOLD, _CLAUSE, _FOLLOWED = "correct_asked", "correct_told", "correct_clause", "correct_followed"


def show_correct_page(reader: Reader, place: Place, texts: Texts) -> None:
    """Draw the page of one document, at the clause of the address."""
    try:
        with Store.open(reader.home) as store, store.snapshot():
            parsed, found = store.parsed(place.doc_id), standings(store, place.doc_id)
    except UnknownDocument:
        show(unknown_document(place, texts))
        return
    title_tab(parsed.document.title, texts)
    show(head_view(parsed.document, place, texts))
    if told := st.session_state.pop(_TOLD, None):
        show(told_view(told[0], texts, refused=told[1]))
    if parsed.source.strip():
        clause = _choose(parsed, place, texts)
        show(clause_view(parsed, clause, texts))
        _correct(reader.home, parsed, clause, place, texts)
    _standings(reader.home, found, place, texts)


def _choose(parsed: ParsedDocument, place: Place, texts: Texts) -> Clause:
    clauses = places_of(parsed, texts)
    address = (place.doc_id, place.clause_id)
    if st.session_state.get(_FOLLOWED) != address or st.session_state.get(_CLAUSE) not in clauses:
        st.session_state[_FOLLOWED] = address
        first = parsed.clauses[0].clause_id if parsed.clauses else next(iter(clauses))
        st.session_state[_CLAUSE] = place.clause_id if place.clause_id in clauses else first
    chosen = st.selectbox(
        texts.say("correct.which"),
        list(clauses),
        key=_CLAUSE,
        format_func=lambda clause_id: _entry(clauses.get(clause_id), clause_id),
        on_change=_go_to_chosen,
        args=(place,),
    )
    return clauses[chosen]


def _entry(clause: Clause | None, clause_id: str) -> str:
    if clause is None:
        return clause_id
    label = outline_label(clause)
    return label if label.startswith(clause.locator) else f"{clause.locator}\u3000{label}"


def _go_to_chosen(place: Place) -> None:
    st.query_params.from_dict(query_of(replace(place, clause_id=st.session_state[_CLAUSE])))


def _correct(home: Home, parsed: ParsedDocument, clause: Clause, place: Place, texts: Texts) -> None:
    """The questions, then the preview of the answers, then the button that saves them."""
    try:
        asked = ask_change(parsed, clause, texts)
    except InputError as error:
        show(told_view(_reason(error, texts), texts, refused=True))
        return
    # No callback: it would get the answers as they were before what the same click sent along with it.
    if st.button(texts.say("correct.preview"), key="correct_preview", type="primary"):
        st.session_state[_ASKED] = (place.doc_id, asked)
        if asked is None:
            show(told_view(texts.say("correct.fill_first"), texts, refused=True))
    if asked is None or st.session_state.get(_ASKED) != (place.doc_id, asked):
        return
    try:
        with Store.open(home) as store:
            trial = try_correction(store, place.doc_id, asked.offset, asked.change)
    except InputError as error:
        show(told_view(_reason(error, texts), texts, refused=True))
        return
    show(trial_view(trial, texts))
    save, cancel, _ = st.columns([1, 1, 4])
    with save:
        label = texts.say("correct.save")
        st.button(label, key="correct_save", type="primary", on_click=_save, args=(home, trial, place, texts))
    with cancel:
        st.button(texts.say("correct.cancel"), key="correct_cancel", on_click=_forget)


def _forget() -> None:
    st.session_state[_ASKED] = None


def _save(home: Home, trial: Trial, place: Place, texts: Texts) -> None:
    """Save what was shown; the page goes on at the clause that the place became."""
    try:
        with Store.open(home, write=True, wait=WAIT_SECONDS) as store:
            save_corrections(store, place.doc_id, [trial.correction])
    except KnowledgeBaseError as error:
        st.session_state[_TOLD] = (_reason(error, texts), True)
        return
    st.session_state[_ASKED] = None
    st.session_state[_TOLD] = (texts.say("correct.saved", words=change_words(trial.correction.change, texts)), False)
    landing = trial.landing
    st.query_params.from_dict(query_of(replace(place, clause_id=landing.clause_id if landing else "")))


def _reason(error: KnowledgeBaseError, texts: Texts) -> str:
    """Why something was refused, in the language of the page."""
    return Wording(texts.language).refusal(str(error))


def _standings(home: Home, found: list[Standing], place: Place, texts: Texts) -> None:
    title = texts.say("correct.standing", count=len(found)) if found else texts.say("correct.standing_none")
    show(element("h2", title, class_="kb-panel-title"))
    for standing in found:
        number = standing.correction.number
        words, button = st.columns([5, 1], vertical_alignment="center")
        with words:
            show(standing_view(standing, texts))
        with button:
            st.button(
                texts.say("correct.undo"),
                key=f"correct_undo_{number}",
                help=texts.say("correct.undo_number", number=number),
                on_click=_undo,
                args=(home, place, number, texts),
            )


def _undo(home: Home, place: Place, number: int, texts: Texts) -> None:
    try:
        with Store.open(home, write=True, wait=WAIT_SECONDS) as store:
            undo_correction(store, place.doc_id, number)
    except KnowledgeBaseError as error:
        st.session_state[_TOLD] = (_reason(error, texts), True)
        return
    st.session_state[_ASKED] = None
    st.session_state[_TOLD] = (texts.say("correct.undone", number=number), False)
