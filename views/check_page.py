"""The page that checks a draft: a file goes up, findings by severity come back, and a Word file with comments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from pathlib import PurePath

import streamlit as st

from ingest.errors import KnowledgeBaseError
from qa.changes import Change
from qa.drafts.records import SEVERITIES, DraftCheck, Finding, Severity
from qa.drafts.report import message, note_words, phrases, remarks, summary
from qa.drafts.word_comments import word_file
from qa.phrases import Phrases
from views.comparison import marked
from views.frame import show, show_refusal, title_tab
from views.links import clause_place, href
from views.loading import Reader
from views.markup import Markup, element, join
from views.texts import Texts
from views.uploads import upload

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_OPEN_FOLDED: tuple[Severity, ...] = ("fine",)  # what is right is there for those who want to see it


def show_check_page(reader: Reader, texts: Texts) -> None:
    """Draw the page; a file that was checked stays checked until another one comes."""
    title_tab(texts.say("check.title"), texts)
    title, lead = element("h1", texts.say("check.title")), element("p", texts.say("check.lead"))
    show(element("div", title, lead, class_="kb-hero"))
    file, day = st.columns([3, 1], gap="medium")
    with file:
        uploaded = upload("draft", texts.say("check.file"), texts)
    as_of = day.date_input(texts.say("check.as_of"), value=date.today(), format="YYYY-MM-DD", key="draft_day")
    if uploaded is None or not isinstance(as_of, date):
        return
    words = phrases(texts.language)
    try:
        check = _checked(reader, uploaded.getvalue(), uploaded.name, as_of.isoformat(), texts)
    except KnowledgeBaseError as error:
        show_refusal(texts.say("check.failed"), str(error))
        return
    show(check_summary(check, words))
    st.download_button(
        texts.say("check.download"),
        lambda: word_file(check, uploaded.getvalue(), words),
        file_name=f"{PurePath(uploaded.name).stem}-{texts.say('check.suffix')}.docx",
        mime=_WORD,
        key="draft_word",
        on_click="ignore",
    )
    show(findings_view(check, words, texts))


def _checked(reader: Reader, content: bytes, name: str, as_of: str, texts: Texts) -> DraftCheck:
    key = (sha256(content).hexdigest(), name, as_of)
    kept = st.session_state.get("draft_check")
    if kept is not None and kept[0] == key:
        check: DraftCheck = kept[1]
        return check
    with st.spinner(texts.say("check.working")):
        check = reader.check_draft(content, name, as_of)
    st.session_state["draft_check"] = (key, check)
    return check


def check_summary(check: DraftCheck, words: Phrases) -> Markup:
    """How many findings of each kind, and what was left aside."""
    notes = [element("li", note) for note in remarks(check, words)]
    listed = element("ul", *notes, class_="kb-notes") if notes else Markup("")
    return element("section", element("p", summary(check, words), role="status"), listed, class_="kb-check-summary")


def findings_view(check: DraftCheck, words: Phrases, texts: Texts) -> Markup:
    """All findings, the most serious first."""
    sections = []
    for severity in SEVERITIES:
        found = [finding for finding in check.findings if finding.severity == severity]
        if found:
            sections.append(_section(severity, found, words, texts))
    return element("div", *sections, class_="kb-findings")


def _section(severity: Severity, found: Sequence[Finding], words: Phrases, texts: Texts) -> Markup:
    title = f"{words.say(f'severity.{severity}')}（{len(found)}）"
    cards = join(*(finding_card(finding, words, texts) for finding in found))
    style = f"kb-severity kb-severity-{severity}"
    if severity in _OPEN_FOLDED:
        return element("details", element("summary", title), cards, class_=style)
    return element("section", element("h2", title), cards, class_=style)


def finding_card(finding: Finding, words: Phrases, texts: Texts) -> Markup:
    """One finding: its place, the draft's words, what became of them, the source's words and a link to the clause."""
    place = words.say("place", paragraph=finding.paragraph, sentence=finding.sentence)
    kind = words.say(f"kind.{finding.kind}")
    head = element("p", element("span", kind, class_="kb-kind"), place, class_="kb-muted")
    quoted = element("p", finding.words, class_="kb-verbatim kb-draft-words")
    said = element("p", message(finding, words), class_="kb-finding-message")
    notes = [element("li", note_words(note, words)) for note in finding.notes]
    listed = element("ul", *notes, class_="kb-notes") if notes else Markup("")
    parts = (head, quoted, said, changes_view(finding.changes, texts), listed, _link(finding, texts))
    return element("article", *parts, class_="kb-card kb-finding")


def changes_view(changes: Sequence[Change], texts: Texts) -> Markup:
    """Words that only the draft has struck out, those that only the source has underlined; empty for none."""
    if not changes:
        return Markup("")
    label = element("span", texts.say("check.changes"), class_="kb-kind")
    return element("p", label, marked(changes), class_="kb-verbatim kb-changes")


def _link(finding: Finding, texts: Texts) -> Markup:
    if finding.clause is None or finding.document is None or not finding.current:
        return Markup("")
    if finding.clause.doc_id != finding.document.doc_id or finding.document.doc_id == "draft":
        return Markup("")
    target = href(clause_place(finding.clause, texts.language))
    link = element("a", texts.say("answer.open"), href=target, class_="kb-button", target="_blank")
    return element("div", link, class_="kb-actions")
