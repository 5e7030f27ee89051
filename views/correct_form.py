"""The questions of the correction page: which place, what is wrong with it, what it should be."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import streamlit as st

from ingest import tables
from ingest.corrections import FIELD_NAMES, Change, Ends, Fields, Heading, NotHeading
from ingest.errors import InputError
from ingest.markers import FAMILIES, PARAGRAPH, ROW, TABLE
from ingest.records import Clause, ParsedDocument, Requirement
from views.correct_view import audience_name, family_name, field_name
from views.texts import Texts

_UNMARKED = (PARAGRAPH, TABLE, ROW)
_OTHER = -1  # the place that a person types
_PREVIEW = 28  # characters of a place in the list
_MODALITIES = ("must", "must_not", "should", "may", "encouraged", "goal", "statement")
_FREE = "?"  # let the numbering tell what a heading stands under
_STARTS = re.compile(r"(?:(?<=[。；;！？!?：:])|(?<=\n))[”’）)\s]*(?=\S)")
_TYPED = (
    *("subject", "object", "frequency", "quantity", "deadline", "condition", "exception", "sanction"),
    *("lead_units", "support_units"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A correction as the person has filled it in so far."""

    offset: int
    change: Change


def ask_change(parsed: ParsedDocument, clause: Clause, texts: Texts) -> Asked | None:
    """Draw the questions for one clause; what the answers say, ``None`` while they say nothing.

    Raises:
        InputError: the words typed do not stand in the clause.
    """
    found = [each for each in parsed.requirements if each.clause_id == clause.clause_id]
    unmarked = clause.path[-1].code in _UNMARKED
    kinds = ["inside"] if unmarked else ["not_heading", "ends", "level", "inside"]
    kinds += ["fields"] if found else []
    labels = {kind: texts.say(f"correct.{kind}") for kind in kinds}
    kind = st.radio(texts.say("correct.what"), kinds, format_func=labels.__getitem__, key=f"what:{clause.clause_id}")
    if kind == "not_heading":
        st.caption(texts.say("correct.not_heading_more"))
        return Asked(clause.span.start, NotHeading())
    if kind == "ends":
        return _ask_end(clause, texts)
    if kind == "fields":
        return _ask_fields(clause, found, texts)
    return _ask_heading(parsed, clause, texts, inside=kind == "inside")


def _ask_end(clause: Clause, texts: Texts) -> Asked:
    shown = clause.text[: clause.body_start].strip() or clause.path[-1].label
    key = f"ends:{clause.clause_id}"
    typed = st.text_input(texts.say("correct.ends_label"), value=" ".join(shown.split()), key=key)
    return Asked(clause.span.start, Ends(typed.strip()))


def _ask_heading(parsed: ParsedDocument, clause: Clause, texts: Texts, *, inside: bool) -> Asked | None:
    """The family, the number and the level of a heading, at the clause's start or inside it."""
    at = _ask_start(clause, texts) if inside else 0
    if at is None:
        return None
    step, key = clause.path[-1], f"{'inside' if inside else 'level'}:{clause.clause_id}"
    codes = list(FAMILIES)
    chosen = codes.index(step.code) if step.code in codes else codes.index("n")
    left, right = st.columns(2)
    with left:
        family = st.selectbox(
            texts.say("correct.family"),
            codes,
            index=chosen,
            format_func=lambda code: family_name(code, texts),
            key=f"family:{key}",
        )
    with right:
        shown = "" if inside else step.label
        label = texts.say("correct.number" if inside else "correct.number_now")
        numeral = st.text_input(label, value=shown, key=f"number:{key}")
    under = _ask_under(parsed, clause, texts, inside=inside, key=key)
    return Asked(clause.span.start + at, Heading(family, numeral.strip(), under))


def _ask_under(parsed: ParsedDocument, clause: Clause, texts: Texts, *, inside: bool, key: str) -> str | None:
    """What the heading stands under: one of the headings that are open there."""
    earlier = [each for each in parsed.clauses if each.span.start < clause.span.start or (inside and each == clause)]
    open_at = earlier[-1] if earlier else None
    names = {_FREE: texts.say("correct.under_free"), "": texts.say("correct.under_none")}
    if open_at is not None:
        steps = zip(open_at.path, open_at.breadcrumb, strict=True)
        names |= {step.code: crumb for step, crumb in steps if step.code in FAMILIES}
    options = list(names)
    under = st.selectbox(texts.say("correct.under"), options, format_func=names.__getitem__, key=f"under:{key}")
    return None if under == _FREE else under


def starts_in(clause: Clause) -> list[int]:
    """Where a heading may begin in a clause: its lines and sentences; its own start where no mark made it."""
    unmarked = clause.path[-1].code in _UNMARKED
    found = {match.end() for match in _STARTS.finditer(clause.text) if match.end() > clause.body_start or unmarked}
    first = len(clause.text) - len(clause.text.lstrip()) if unmarked else clause.body_start
    return sorted(at for at in found | {first} if at < len(clause.text))


def _ask_start(clause: Clause, texts: Texts) -> int | None:
    places = starts_in(clause)
    names = {at: _preview(clause.text, at) for at in places} | {_OTHER: texts.say("correct.start_other")}
    key = f"start:{clause.clause_id}"
    at = st.selectbox(texts.say("correct.start"), [*places, _OTHER], format_func=names.__getitem__, key=key)
    if at != _OTHER:
        return int(at)
    words = st.text_input(texts.say("correct.start_words"), key=f"words:{clause.clause_id}").strip()
    return place_in(clause.text, words, texts) if words else None


def place_in(text: str, words: str, texts: Texts) -> int:
    """Where ``words`` begin in ``text``.

    Raises:
        InputError: nowhere, or at several places.
    """
    count = text.count(words)
    if count != 1:
        key = "correct.start_several" if count else "correct.start_lost"
        raise InputError(texts.say(key, count=count, words=words))
    return text.index(words)


def _preview(text: str, at: int) -> str:
    words = " ".join(text[at : at + _PREVIEW + 1].split())
    return words[:_PREVIEW] + "…" if len(text) - at > _PREVIEW else words


def _ask_fields(clause: Clause, found: Sequence[Requirement], texts: Texts) -> Asked | None:
    """The fields of one requirement; only those that the person changed count."""
    by_id = {each.requirement_id: each for each in found}
    names = {key: _preview(each.sentence, 0) for key, each in by_id.items()}
    chosen = st.selectbox(
        texts.say("correct.requirement"),
        list(by_id),
        format_func=names.__getitem__,
        key=f"requirement:{clause.clause_id}",
    )
    requirement = by_id[chosen]
    values = _ask_values(requirement, texts)
    kept = _stated(requirement)
    changed = tuple((name, values[name]) for name in FIELD_NAMES if values[name] != kept[name])
    start = clause.span.start + requirement.span.start
    return Asked(start, Fields(requirement.sentence, changed)) if changed else None


def _ask_values(requirement: Requirement, texts: Texts) -> Mapping[str, str]:
    key, kept = requirement.requirement_id, _stated(requirement)
    left, right = st.columns(2)
    with left:
        modality = st.selectbox(
            texts.say("correct.modality"),
            _MODALITIES,
            index=_MODALITIES.index(requirement.modality),
            format_func=lambda name: texts.say(f"modality.{name}"),
            key=f"modality:{key}",
        )
    with right:
        audience = st.multiselect(
            texts.say("correct.audience"),
            list(tables.audiences()),
            default=list(requirement.audience),
            format_func=lambda name: audience_name(name, texts),
            key=f"audience:{key}",
            placeholder=texts.say("correct.none"),
        )
    values = {"modality": modality, "audience": "、".join(audience)}
    for place, name in enumerate(_TYPED):
        if place % 2 == 0:
            columns = st.columns(2)
        hint = texts.say("correct.several") if name.endswith("_units") else None
        with columns[place % 2]:
            typed = st.text_input(field_name(name, texts), value=kept[name], key=f"{name}:{key}", placeholder=hint)
        values[name] = typed.strip()
    st.caption(texts.say("correct.verbatim"))
    return MappingProxyType(values)


def _stated(requirement: Requirement) -> dict[str, str]:
    """The fields as they are now, lists joined."""
    values = {name: getattr(requirement, name) for name in FIELD_NAMES}
    return {name: "、".join(value) if isinstance(value, tuple) else value or "" for name, value in values.items()}
