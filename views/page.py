"""The page: reads the address, opens the knowledge base beside it, draws what the address names."""

from __future__ import annotations

import streamlit as st

from ingest.errors import KnowledgeBaseError
from views.ask_page import Later, show_ask_page
from views.check_page import show_check_page
from views.compare_page import show_compare_page
from views.correct_page import show_correct_page
from views.document_page import show_document_page, show_documents_page
from views.frame import run_scripts, show_bar, show_failure, show_style, title_tab, wait_for
from views.links import Place, read_place
from views.loading import Opener, Opening
from views.requirements_page import show_requirements_page
from views.texts import Texts, texts_in

_HEAD_START = 0.2  # an opening that takes no longer than this shows no waiting line


def show_page(opener: Opener) -> None:
    """Draw the page for one reader; ``opener`` opens the knowledge base once for all of them."""
    place = read_place({name: st.query_params.get_all(name) for name in st.query_params})
    texts = texts_in(place.language)
    title_tab(place.question or "", texts)
    show_style()
    show_bar(place, texts)
    opening = _opening(opener)
    opening.wait(_HEAD_START)
    later = None
    try:
        later = _show_place(opening, place, texts)
    except KnowledgeBaseError as error:
        if show_failure(error, texts):
            _opening.clear()
            st.rerun()
    run_scripts(place)
    if later is not None:
        later()


@st.cache_resource(show_spinner=False)
def _opening(_opener: Opener) -> Opening:
    return Opening(_opener)


def _show_place(opening: Opening, place: Place, texts: Texts) -> Later | None:
    if place.page == "ask":
        return show_ask_page(opening, place, texts)
    if not opening.finished:
        wait_for(opening, texts)
    elif place.page == "check":
        show_check_page(opening.reader(), texts)
    elif place.page == "compare":
        show_compare_page(opening.reader(), texts)
    elif place.page == "requirements":
        show_requirements_page(opening.reader(), place, texts)
    elif place.page == "document":
        show_document_page(opening.reader(), place, texts)
    elif place.page == "correct":
        show_correct_page(opening.reader(), place, texts)
    else:
        show_documents_page(opening.reader(), texts)
    return None
