"""The start page: the question, example questions, and the answer below them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import streamlit as st

from ingest import dates
from ingest.errors import KnowledgeBaseError
from ingest.records import Document
from qa.records import Answer
from qa.summary import is_due, summarised
from qa.wording import Wording
from views.answer import answer_view
from views.frame import show, show_refusal, wait_for
from views.links import FIRST_DAY, LAST_DAY, Place, query_of
from views.loading import Opening, Reader
from views.markup import Markup, element, plain_label
from views.standing import read_standing
from views.texts import GROUPS, Texts, examples_in

LONGEST_ADDRESS = 1_500  # characters; browsers and servers refuse addresses that are much longer
LONG_TEXT = "text:"

Later = Callable[[], None]  # what a page adds when all else of it stands, scripts included


def show_ask_page(opening: Opening, place: Place, texts: Texts) -> Later | None:
    """Draw the page; the knowledge base may still be opening. Gives what is to be added once the page stands."""
    documents = opening.reader().documents() if opening.finished else []
    place, note = _with_long_text(place, texts)
    asked = place.question is not None
    show(_heading(place, texts))
    _question_form(place, documents, texts)
    if not asked:
        _examples(texts, place)
    if not opening.finished:
        wait_for(opening, texts, asked=asked)
    elif asked:
        return _answer(opening.reader(), place, documents, texts, note)
    else:
        show(_holdings(documents, texts))
    return None


def _heading(place: Place, texts: Texts) -> Markup:
    if place.question:  # the search box shows it; this is for readers who listen, and for paper
        return element("div", element("h1", place.question), class_="kb-hero kb-hero-small")
    title, lead = element("h1", texts.say("ask.title")), element("p", texts.say("ask.lead"))
    return element("div", title, lead, class_="kb-hero")


def _question_form(place: Place, documents: Sequence[Document], texts: Texts) -> None:
    known = {document.doc_id: document for document in documents}
    _follow_address(place, known)
    with st.form("ask", border=False):
        question, button = st.columns([6, 1], vertical_alignment="bottom", gap="small")
        question.text_area(
            texts.say("ask.label"),
            key="question",
            height="content",
            placeholder=texts.say("ask.placeholder"),
            label_visibility="collapsed",
        )
        if len(known) > 1:
            _document_choice(known, texts, unfolded=bool(place.within))
        _day_choice(place, texts)
        button.form_submit_button(
            texts.say("ask.submit"), type="primary", width="stretch", on_click=_ask_typed, args=(place,)
        )


def _document_choice(known: dict[str, Document], texts: Texts, *, unfolded: bool) -> None:
    with st.expander(texts.say("ask.within"), expanded=unfolded):
        st.multiselect(
            texts.say("ask.within"),
            list(known),
            key="within",
            format_func=lambda doc_id: known[doc_id].title if doc_id in known else doc_id,
            placeholder=texts.say("ask.within_placeholder"),
            label_visibility="collapsed",
        )


def _day_choice(place: Place, texts: Texts) -> None:
    label = texts.say("ask.as_of_day", day=place.as_of) if place.as_of else texts.say("ask.as_of_today")
    with st.expander(label, expanded=bool(place.as_of)):
        st.date_input(
            texts.say("ask.as_of"),
            key="as_of",
            min_value=date.fromisoformat(FIRST_DAY),
            max_value=date.fromisoformat(LAST_DAY),
            format="YYYY-MM-DD",
            label_visibility="collapsed",
        )
        show(element("p", texts.say("ask.as_of_lead"), class_="kb-muted"))


def _follow_address(place: Place, known: dict[str, Document]) -> None:
    """Put into the widgets what the address says, whenever the address has changed."""
    address = (place.question, place.within, place.as_of, tuple(known))
    if st.session_state.get("followed") != address:
        st.session_state["followed"] = address
        st.session_state["question"] = place.question or ""
        st.session_state["as_of"] = date.fromisoformat(place.as_of or dates.today())
        st.session_state["within"] = [doc_id for doc_id in place.within if doc_id in known]


def _ask_typed(place: Place) -> None:
    within = tuple(st.session_state.get("within", place.within))
    chosen = st.session_state.get("as_of")
    day = chosen.isoformat() if isinstance(chosen, date) else ""
    as_of = "" if day == dates.today() else day
    question = st.session_state["question"].strip()
    address = _address_of(question)
    if address != question:
        st.session_state["long_text"] = (address, question)
    _go(replace(place, question=address, within=within, as_of=as_of))


def _address_of(question: str) -> str:
    """What stands in the address: the question, of a long text only a name that this visit remembers."""
    if len(question) <= LONGEST_ADDRESS:
        return question
    return LONG_TEXT + hashlib.sha256(question.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _with_long_text(place: Place, texts: Texts) -> tuple[Place, str]:
    """The place with the long text that its address names, and a note on it."""
    if not (place.question or "").startswith(LONG_TEXT):
        return place, ""
    address, text = st.session_state.get("long_text", ("", ""))
    if address != place.question:
        show(element("p", texts.say("ask.long_lost"), class_="kb-muted"))
        return replace(place, question=None), ""
    return replace(place, question=text), texts.say("ask.long_note")


def _go(place: Place) -> None:
    st.query_params.from_dict(query_of(place))


def _examples(texts: Texts, place: Place) -> None:
    columns = st.columns(len(GROUPS), gap="medium")
    for group, column in zip(GROUPS, columns, strict=True):
        with column:
            show(element("h2", texts.say(f"examples.{group}"), class_="kb-examples-title"))
            for example in examples_in(texts.language):
                if example.group == group:
                    target = replace(place, question=example.question)
                    st.button(
                        plain_label(example.question),
                        key=example.question,
                        on_click=_go,
                        args=(target,),
                        width="stretch",
                    )


def _holdings(documents: Sequence[Document], texts: Texts) -> Markup:
    if len(documents) == 1:
        words = texts.say("ask.holdings_one", title=documents[0].title)
    else:
        words = texts.say("ask.holdings", count=len(documents))
    return element("p", words, class_="kb-holdings")


def _answer(reader: Reader, place: Place, documents: Sequence[Document], texts: Texts, note: str) -> Later | None:
    """Draw the answer; a language model's summary of it comes later, where there is one to wait for."""
    known = {document.doc_id: document.title for document in documents}
    within = [doc_id for doc_id in place.within if doc_id in known]
    try:
        as_of = place.as_of or None
        answer = reader.ask(place.question or "", doc_ids=within, language=texts.language, as_of=as_of)
        cited = [each.clause.doc_id for each in (*answer.citations, *answer.near_misses)]
        standing = read_standing(reader, cited, as_of=as_of)
    except KnowledgeBaseError as error:
        show_refusal(texts.say("error.ask_title"), str(error))
        return None
    shared = replace(place, question=_address_of(place.question or ""))
    notes = (_within_note(place, known, texts), note)
    words = " ".join(filter(None, notes))
    slot = st.empty()
    with slot:
        show(answer_view(answer, shared, texts, words, standing))

    def summarise() -> None:
        found, told = _summarised(answer, texts)
        if found is not answer or told:
            with slot:
                show(answer_view(found, shared, texts, " ".join(filter(None, (words, told))), standing))

    return summarise


def _summarised(answer: Answer, texts: Texts) -> tuple[Answer, str]:
    """The answer with the language model's summary, and why it has none, "" where there is nothing to say."""
    wording = Wording(texts.language)
    try:
        if not is_due(answer):
            return answer, ""
        with st.spinner(texts.say("ask.summary_waiting")):
            found = summarised(answer, wording)
    except KnowledgeBaseError as error:
        return answer, texts.say("ask.summary_failed", reason=str(error))
    return found.answer, texts.say("ask.summary_failed", reason=found.reason) if found.reason else ""


def _within_note(place: Place, known: dict[str, str], texts: Texts) -> str:
    named = [f"《{known[doc_id]}》" for doc_id in place.within if doc_id in known]
    lost = [doc_id for doc_id in place.within if doc_id not in known]
    notes = [texts.say("ask.within_note", names="、".join(named))] if named else []
    if lost and not named:
        notes.append(texts.say("ask.within_unknown", names="、".join(lost)))
    if place.as_of:
        notes.append(texts.say("ask.as_of_note", day=place.as_of))
    return " ".join(notes)
