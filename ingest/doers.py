"""Who a sentence binds: the doers that its parts name, and the audiences that these names belong to.

Takes sentences and headings, gives stretches and the keys of ``corpus/tables/audiences.toml``. A doer stands before a
modal word ("学校应当…"), before a verb at the head of a part ("各部门单位把…"), or after 由.
"""

from __future__ import annotations

import re
from functools import cache

from ingest import tables
from ingest.records import Clause, Span, Step

LONGEST_DOER = 60  # characters; what is longer before a modal word is a sentence of its own
LONGEST_HEADING = 12  # a longer heading is a sentence that happens to mention somebody
_PART = re.compile(r"[^，,；;。：:]+")
_TRIMMED = " \n\u3000“”"
_ADVERBS = re.compile(r"^(?:都|均|也|还|但是?|并|且|同时|又|不仅|既)+")


def doers_in(sentence: str) -> list[Span]:
    """The stretches of ``sentence`` that name who does something, in order."""
    found: list[Span] = []
    before: Span | None = None
    for part in _PART.finditer(sentence):
        place = Span(part.start(), part.end())
        doer = _doer_of_part(sentence, place, before)
        if doer and doer not in found:
            found.append(doer)
        before = place
    if not found and (agent := tables.subject_patterns()["agents"].search(sentence)):
        found.append(_trimmed(sentence, Span(*agent.span("unit"))))
    return found


def _doer_of_part(sentence: str, part: Span, before: Span | None) -> Span | None:
    text = sentence[part.start : part.end]
    skipped = _ADVERBS.match(text.lstrip(_TRIMMED))
    lead = len(text) - len(text.lstrip(_TRIMMED)) + (skipped.end() if skipped else 0)
    patterns = tables.subject_patterns()
    modal = patterns["modal"].search(text, lead)
    if modal and modal.start() == lead:
        return _whole(sentence, before) if before else None
    if modal:
        head = Span(part.start + lead, part.start + modal.start())
        for cut in (*patterns["inner"].finditer(text, lead + 2, modal.start()), None):
            if doer := _named(sentence, Span(head.start, part.start + cut.start()) if cut else head):
                return doer
        return None
    for end in patterns["ends"].finditer(text, lead + 2):
        if doer := _named(sentence, Span(part.start + lead, part.start + end.start())):
            return doer
    return None


def _whole(sentence: str, part: Span) -> Span | None:
    """A part that is nothing but a doer ("各级人民政府，应当…")."""
    text = sentence[part.start : part.end]
    return None if tables.subject_patterns()["modal"].search(text) else _named(sentence, part)


def _named(sentence: str, place: Span) -> Span | None:
    place = _trimmed(sentence, place)
    name = sentence[place.start : place.end]
    if not 2 <= len(name) <= LONGEST_DOER or tables.subject_patterns()["never"].match(name):
        return None
    return place if _actor_end().search(name) else None


@cache
def _actor_end() -> re.Pattern[str]:
    shapes = tables.subject_patterns()["actors"].pattern
    return re.compile(rf"(?:{shapes})(?:等)?(?:[）)])?$")


def _trimmed(sentence: str, place: Span) -> Span:
    start, end = place.start, place.end
    while start < end and sentence[start] in _TRIMMED:
        start += 1
    while end > start and sentence[end - 1] in _TRIMMED:
        end -= 1
    return Span(start, end)


def audiences_of_doer(name: str) -> tuple[str, ...]:
    """Keys of the audiences that a doer belongs to; in "民办学校的举办者" only the last noun counts."""
    head = name.rpartition("的")[2] or name
    return audiences_in(head, ends=True)


def audiences_in(text: str, *, ends: bool = False) -> tuple[str, ...]:
    """Keys of the audiences that ``text`` names, in the table's order; a longer word hides one inside it.

    With ``ends`` names that only end like one count, too ("司法部", "…的乡").
    """
    left = text
    found = set()
    for word, key in _spellings():
        if word in left:
            found.add(key)
            left = left.replace(word, "□" * len(word))
    if ends:
        for audience in tables.audiences().values():
            if audience.ending and any(audience.ending.search(name) for name in re.split(r"[、和及与]|或者", left)):
                found.add(audience.key)
    return tuple(key for key in tables.audiences() if key in found)


@cache
def _spellings() -> tuple[tuple[str, str], ...]:
    pairs = [(word, a.key) for a in tables.audiences().values() for word in a.words if len(word) > 1]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def addressing_step(clause: Clause) -> Step | None:
    """The innermost heading that addresses somebody ("（五）进学校"), not one that merely mentions him."""
    for step in reversed(clause.path):
        if step.title and len(step.title) <= LONGEST_HEADING and audiences_in(step.title):
            rest = step.title
            for word, _ in _spellings():
                rest = rest.replace(word, "")
            if tables.subject_patterns()["addressing"].match(re.sub(r"[、和及与其他\W]", "", rest)):
                return step
    return None


def audience_of_path(clause: Clause) -> tuple[str, ...]:
    """The audiences that the innermost addressing heading names."""
    step = addressing_step(clause)
    return audiences_in(step.title) if step else ()


def encouraged_in(sentence: str, start: int) -> Span | None:
    """Who is encouraged by the word that ends at ``start``: the nouns up to the verb."""
    end = tables.subject_patterns()["encouraged"].search(sentence, start + 1)
    stop = re.compile(r"[，,。；;：:]").search(sentence, start)
    last = min([found.start() for found in (end, stop) if found] or [len(sentence)])
    place = _trimmed(sentence, Span(start, last))
    return place if place.end > place.start and audiences_of_doer(sentence[place.start : place.end]) else None
