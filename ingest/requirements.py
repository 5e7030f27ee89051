"""From clauses to what they ask: one ``Requirement`` for each stretch of a sentence that asks one kind of thing.

Takes the clauses of a document, gives its requirements, each field with the place that it was read from. How strongly
a stretch binds is found in ``modality.py``, who is bound in ``doers.py``, what it states beside in ``measures.py``; all
by the tables in ``corpus/tables``. A plan speaks without modal verbs ("将…纳入教师的教育培训"), so a sentence that no
pattern claims is a directive there. What a sentence does not say is inherited: an item takes doer, strength and case
from its lead-in ("学校应当履行下列职责："), a clause its audience from the heading that addresses somebody, a notice
from its addressee.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ingest import tables
from ingest.actions import actions_in
from ingest.doers import addressing_step, audience_of_path, audiences_in, audiences_of_doer, doers_in, encouraged_in
from ingest.measures import LIMITS, MEASURED, SANCTION, UNITS, case_of, measure_of, measures_in
from ingest.modality import STATING_RANKS, Stretch, modality_of, stretches_of
from ingest.records import Clause, Document, Fact, Modality, ReadFrom, Reading, Requirement, Span
from ingest.sentences import clause_sentences, sentence_spans

__all__ = ["STATING_RANKS", "audience_of_path", "audiences_in", "extract", "measure_of", "modality_of"]

MIN_SENTENCE = 4  # shorter pieces ("特此通知" aside) carry no requirement: numbers, stray marks
_TRIM = "。；;，, \n\t"
_INTRODUCES = re.compile(r"[:：]\s*$")

_UNDONE = frozenset({"statement", "goal"})  # kinds that ask nothing to be done


@dataclass(frozen=True, slots=True)
class _Inherited:
    """What stands above a clause: its lead-in's doers, strength and case, and the audience of its heading."""

    readings: tuple[Reading, ...] = ()
    doers: tuple[str, ...] = ()
    unmarked: Modality | None = None
    is_case: bool = False
    audience: tuple[str, ...] = ()
    default: tuple[Reading, ...] = ()  # the addressee, for sentences that name nobody


@dataclass(slots=True)
class _Named:
    """The doers named last, for what follows without naming any."""

    readings: tuple[Reading, ...] = field(default=())


def extract(clauses: Sequence[Clause], document: Document, facts: Sequence[Fact] = ()) -> tuple[Requirement, ...]:
    """The requirements of ``document``, in the order of its clauses; ``facts`` may name its addressee."""
    addressee = next((fact for fact in facts if fact.name == "addressee"), None)
    found: list[Requirement] = []
    for clause in clauses:
        if clause.kind == "clause":
            found.extend(_of_clause(clause, document, _inherited(clause, document, addressee)))
    return tuple(found)


def _of_clause(clause: Clause, document: Document, inherited: _Inherited) -> Iterable[Requirement]:
    found: list[Requirement] = []
    named = _Named()
    untagged = 0  # from here on no units in brackets have followed
    for span in clause_sentences(clause.text, clause.body_start):
        tag = tables.subject_patterns()["tags"].match(clause.text[span.start : span.end])
        units = tag and [r for name in UNITS for r in _readings(tag.group(), span.start, name)]
        if tag and units and found[untagged:]:
            found[untagged:] = [_with(each, units) for each in found[untagged:]]
            untagged = len(found)
            span = Span(span.start + tag.end(), span.end)
        if len(clause.text[span.start : span.end].strip(_TRIM)) >= MIN_SENTENCE:
            found.extend(_of_sentence(clause, span, document, inherited, named))
    return [replace(each, requirement_id=f"{clause.clause_id}.r{at}") for at, each in enumerate(found, 1)]


def _of_sentence(
    clause: Clause, span: Span, document: Document, inherited: _Inherited, named: _Named
) -> Iterator[Requirement]:
    sentence = clause.text[span.start : span.end]
    limits = tuple(r for name in LIMITS for r in _readings(sentence, span.start, name))
    doers = [Reading("subject", sentence[d.start : d.end], "clause", _moved(d, span.start)) for d in doers_in(sentence)]
    if inherited.is_case:
        stretches = [Stretch(Span(0, len(sentence)), "statement", None)]
        limits = limits or (_whole_as_case(sentence, span.start),)
    elif inherited.unmarked == "must_not":  # "不得实施下列行为：（一）放任应当接受教育的……辍学"
        stretches = [Stretch(Span(0, len(sentence)), "must_not", None)]
    else:
        stretches = stretches_of(sentence, document.rank, inherited.unmarked)
    last: tuple[Reading, ...] = _follow(sentence, named, limits)
    for stretch in stretches:
        place = _moved(stretch.span, span.start)
        own = tuple(doer for doer in doers if place.start <= doer.span.start < place.end)
        last = own or last
        measured = (
            *_measured(clause, place, stretch, document.rank),
            *_done(clause, place, stretch, (*doers, *limits)),
        )
        narrowed = _own_case(clause, place, limits) if stretch.span.start else limits
        yield _requirement(clause, place, stretch, (*last, *measured, *narrowed), inherited)
    named.readings = last or named.readings


def _own_case(clause: Clause, place: Span, limits: tuple[Reading, ...]) -> tuple[Reading, ...]:
    """The limits of a later stretch: a case of its own stands in place of the sentence's."""
    case = case_of(clause.text[place.start : place.end])
    if case is None:
        return limits
    at = _moved(case, place.start)
    own = Reading("condition", clause.text[at.start : at.end], "clause", at)
    return (own, *(limit for limit in limits if limit.field != "condition"))


def _follow(sentence: str, named: _Named, limits: Sequence[Reading]) -> tuple[Reading, ...]:
    """The doers of the sentence before, where this one begins with its demand ("不得……")."""
    begins = tables.plain_modal().match(sentence.lstrip("但是，, "))
    if begins or (limits and limits[0].field == "exception" and sentence.startswith("除")):
        return named.readings
    return ()


def _requirement(
    clause: Clause, place: Span, stretch: Stretch, readings: tuple[Reading, ...], inherited: _Inherited
) -> Requirement:
    sentence = clause.text[place.start : place.end]
    subjects = _acting(readings, place, stretch)
    readings = (*subjects, *(r for r in readings if r.field != "subject"))
    bound, audience = _bound(sentence, place, stretch, subjects, inherited)
    if not subjects:
        subjects = tuple(r for r in inherited.readings if r.field == "subject")
        readings = (*subjects, *readings)
    if not any(r.field == "condition" for r in readings):
        readings = (*readings, *(r for r in inherited.readings if r.field == "condition"))
    subject = subjects[0].words if subjects else None
    if stretch.word:
        at = Span(place.start + stretch.word_at, place.start + stretch.word_at + len(stretch.word))
        readings = (*readings, Reading("modality", stretch.word, "clause", at))
    requirement = Requirement(
        requirement_id="",
        clause_id=clause.clause_id,
        doc_id=clause.doc_id,
        span=place,
        sentence=sentence,
        subject=subject,
        audience=audience,
        modality=stretch.modality,
        action=_action(sentence, subject),
        modal_word=stretch.word,
    )
    return _with(requirement, (*readings, *bound))


def _acting(readings: Sequence[Reading], place: Span, stretch: Stretch) -> tuple[Reading, ...]:
    """The doers of a stretch, without those of the case before: "学生受伤的，学校应当救助" binds the school."""
    doers = [r for r in readings if r.field == "subject"]
    word_at = place.start + stretch.word_at if stretch.word else place.start
    before = [at for at, doer in enumerate(doers) if place.start <= doer.span.start and doer.span.end <= word_at]
    return tuple(doers[before[-1] :] if before else doers)


def _bound(
    sentence: str, place: Span, stretch: Stretch, subjects: Sequence[Reading], inherited: _Inherited
) -> tuple[tuple[Reading, ...], tuple[str, ...]]:
    """The audiences with the words that they were read from: encouraged, doer, lead-in, heading, addressee."""
    said = list(subjects)
    for word in tables.subject_patterns()["encouraging"].finditer(sentence) if stretch.modality == "encouraged" else ():
        if encouraged := encouraged_in(sentence, word.end()):
            words = sentence[encouraged.start : encouraged.end]
            said.append(Reading("subject", words, "clause", _moved(encouraged, place.start)))
    said = said or [r for r in inherited.readings if r.field == "subject"]
    keys = [key for r in said for key in audiences_of_doer(r.words)]
    named = tuple(replace(r, field="audience") for r in said if audiences_of_doer(r.words))
    headings = tuple(r for r in inherited.readings if r.field == "audience")
    readings, audience = (*named, *headings), (*keys, *inherited.audience)
    if not audience and not said:
        readings = inherited.default
        audience = tuple(key for r in readings for key in audiences_in(r.words, ends=True))
    return readings, tuple(dict.fromkeys(audience))


def _inherited(clause: Clause, document: Document, addressee: Fact | None) -> _Inherited:
    directive = document.rank not in STATING_RANKS
    readings: list[Reading] = []
    step = addressing_step(clause) if directive else None
    if step:
        readings.append(Reading("audience", step.title, "heading", Span(0, len(step.title))))
    default: tuple[Reading, ...] = ()
    if directive and addressee and addressee.value:
        words = addressee.value
        default = (Reading("audience", words, "addressee", Span(0, len(words))),)
    titles = [step.title for step in clause.path if step.title]
    goal: Modality | None = (
        "goal" if directive and titles and tables.subject_patterns()["aims"].search(titles[-1]) else None
    )
    audience = audiences_in(step.title) if step else ()
    base = _Inherited(tuple(readings), (), goal, False, audience, default)
    return _from_lead_in(base, clause.lead_in, document.rank) if _INTRODUCES.search(clause.lead_in) else base


def _from_lead_in(base: _Inherited, lead_in: str, rank: str) -> _Inherited:
    place = sentence_spans(lead_in)[-1]
    sentence = lead_in[place.start : place.end]
    # "有下列行为之一的，处警告；情节较重的，处拘留：" names the cases before its first semicolon.
    if tables.subject_patterns()["cases"].search(lead_in.rpartition("。")[2].strip()):
        return replace(base, is_case=True)
    doers = [_moved(doer, place.start) for doer in doers_in(sentence)]
    cases = [_moved(case, place.start) for case in measures_in(sentence, "condition")]
    named = [Reading("subject", lead_in[d.start : d.end], "lead_in", d) for d in doers]
    named += [Reading("condition", lead_in[c.start : c.end], "lead_in", c) for c in cases]
    marked = [each for each in stretches_of(sentence, rank) if each.word and each.modality not in ("goal", "statement")]
    unmarked = marked[-1].modality if marked else base.unmarked
    return replace(base, readings=(*named, *base.readings), unmarked=unmarked)


def _measured(clause: Clause, place: Span, stretch: Stretch, rank: str) -> Iterator[Reading]:
    """What a stretch states; the numbers of a narrative are no demand."""
    sentence = clause.text[place.start : place.end]
    narrative = stretch.modality == "statement" and rank not in STATING_RANKS
    for name in (*(() if narrative else MEASURED), *UNITS):
        yield from _readings(sentence, place.start, name)
    if stretch.modality not in ("must_not", "goal"):
        yield from _readings(sentence, place.start, SANCTION)


def _done(clause: Clause, place: Span, stretch: Stretch, said: Sequence[Reading]) -> Iterator[Reading]:
    """What a stretch wants done, and to what; ``said`` are the doers and the limits of its sentence."""
    if stretch.modality in _UNDONE:
        return
    text = clause.text[place.start : place.end]
    demanded, doers = [match.end() for match in tables.plain_modal().finditer(text)], []
    for reading in said:
        start, end = (max(0, min(at - place.start, len(text))) for at in (reading.span.start, reading.span.end))
        if reading.field == "subject":
            doers += [end] if end > start else []
        else:
            text = text[:start] + "□" * (end - start) + text[end:]
    word = Span(stretch.word_at, stretch.word_at + len(stretch.word)) if stretch.word else None
    for action in actions_in(text, [*demanded, *([word.end] if word else [])], doers, word):
        for name, at in (("action", action.verb), ("object", action.object)):
            if at:
                yield Reading(name, text[at.start : at.end], "clause", _moved(at, place.start))


def _readings(sentence: str, offset: int, name: str, where: ReadFrom = "clause") -> list[Reading]:
    places = measures_in(sentence, name)
    return [Reading(name, sentence[p.start : p.end], where, _moved(p, offset)) for p in places]


def _whole_as_case(sentence: str, offset: int) -> Reading:
    words = sentence.rstrip(_TRIM)
    return Reading("condition", words, "clause", Span(offset, offset + len(words)))


def _with(requirement: Requirement, readings: Sequence[Reading]) -> Requirement:
    """``requirement`` with ``readings`` added and its fields filled from all of them."""
    every = tuple(dict.fromkeys((*requirement.readings, *readings)))
    words = {
        name: tuple(r.words for r in every if r.field == name)
        for name in (*MEASURED, *UNITS, *LIMITS, "object", SANCTION)
    }
    return replace(
        requirement,
        readings=every,
        frequency=_joined(words["frequency"]),
        quantity=_joined(words["quantity"]),
        deadline=_joined(words["deadline"]),
        condition=_joined(words["condition"]),
        exception=_joined(words["exception"]),
        object=_joined(words["object"]),
        sanction=_joined(words[SANCTION]),
        lead_units=tuple(dict.fromkeys(words["lead_units"])),
        support_units=tuple(dict.fromkeys(words["support_units"])),
    )


def _joined(words: Sequence[str]) -> str | None:
    return "；".join(dict.fromkeys(words)) or None


def _moved(span: Span, offset: int) -> Span:
    return Span(span.start + offset, span.end + offset)


def _action(sentence: str, subject: str | None) -> str:
    text = sentence.strip()
    at = text.find(subject) if subject else -1
    return (text[at + len(subject) :] if subject and at >= 0 else text).strip("。；;，, ")
