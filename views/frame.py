"""What every page shares: style, scripts, the bar at the top, waiting for the knowledge base."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import streamlit as st

from ingest.errors import KnowledgeBaseError
from views.links import Page, Place, href, in_language
from views.loading import Opening, state_words
from views.markup import Markup, element
from views.texts import Texts

_HERE = Path(__file__).parent
_ICON = _HERE / "icon.svg"
BAR: tuple[Page, ...] = ("requirements", "check", "compare", "documents")
_POLL_SECONDS = 0.4


def show(body: Markup) -> None:
    """Put HTML on the page. Only ``Markup`` comes here, so text is escaped."""
    st.html(body)


def title_tab(subject: str, texts: Texts) -> None:
    """Name the browser's tab after what it shows."""
    name = texts.say("app.name")
    st.set_page_config(page_title=f"{subject} · {name}" if subject else name, page_icon=str(_ICON), layout="wide")


def show_bar(place: Place, texts: Texts) -> None:
    """The bar: the product's name, the ways in, the other language."""
    entries = [("ask", Place(texts.language)), *((page, Place(texts.language, page)) for page in BAR)]
    current = "documents" if place.page in ("document", "correct") else place.page
    links = [
        element("a", texts.say(f"app.{name}"), href=href(target), aria_current="page" if name == current else None)
        for name, target in entries
    ]
    other = in_language(place, "zh" if texts.language == "en" else "en")
    switch = element("a", texts.say("app.other_language"), href=href(other), class_="kb-language", lang=other.language)
    name = element("a", texts.say("app.name"), href=href(Place(texts.language)), class_="kb-name")
    bar = element("nav", name, *links, switch, class_="kb-bar", aria_label=texts.say("app.navigation"))
    show(bar)


def show_style() -> None:
    """The style sheet; first, so that nothing is drawn without it."""
    st.html(_HERE / "style.css")


def run_scripts(place: Place) -> None:
    """Copying, jumping and opening the clause of the address; last, when the page stands.

    The token changes with the address, so the browser runs the script again for another place. The script
    itself is constant: nothing that a person wrote is ever part of it.
    """
    token = sha256(href(place).encode()).hexdigest()[:16]
    marker = element("span", data_token=token, data_language="zh-CN" if place.language == "zh" else "en")
    st.html(Markup(marker + f"<script>{_script()}</script>"), unsafe_allow_javascript=True)


@lru_cache(maxsize=1)
def _script() -> str:
    return (_HERE / "page.js").read_text(encoding="utf-8")


def wait_for(opening: Opening, texts: Texts, *, asked: bool = False) -> None:
    """Show how far the opening is, and draw the page again when it is done."""

    @st.fragment(run_every=_POLL_SECONDS)
    def watch() -> None:
        if opening.finished:
            st.rerun()
        state = opening.state
        words = state_words(state, texts) if state else texts.say("loading.title")
        show(element("p", words, class_="kb-loading", role="status"))
        if state and state.fraction is not None and state.fraction < 1:
            st.progress(state.fraction)
        if state:
            show(element("p", texts.say("loading.asked" if asked else "loading.first"), class_="kb-muted"))

    watch()


def show_refusal(title: str, reason: str) -> None:
    """Say what was not done and why."""
    head = element("h2", title, class_="kb-panel-title")
    show(element("div", head, element("p", reason), class_="kb-panel kb-refusal"))


def show_failure(error: KnowledgeBaseError, texts: Texts) -> bool:
    """Say why the knowledge base did not open; whether the reader wants another try."""
    show_refusal(texts.say("error.title"), str(error))
    return bool(st.button(texts.say("error.retry"), type="primary"))
