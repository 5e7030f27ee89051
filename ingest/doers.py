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
LONGEST_LEAD = 120  # characters of a part in which a doer is sought
LONGEST_HEADING = 12  # a longer heading is a sentence that happens to mention somebody
_PART = re.compile(r"[^，,；;。：:]+")
_STOP = re.compile(r"[，,。；;：:]")
_TRIMMED = " \n\u3000“”"
_ADVERBS = re.compile(
    r"^(?:都|均|也|还|但是?|并|且|同时|又|不仅|既|请|(?:19|20)\d\d年(?:年?[底末]|\d{1,2}月[底末]?)?(?:前|起))+"
)
_GOES_ON = "的、和及或与（(等以之所内外中里上下间级各其系教"  # after these a name is not over yet


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
    if not found:
        found += _at_head(sentence) or _agent(sentence)
    return found


def _doer_of_part(sentence: str, part: Span, before: Span | None) -> Span | None:
    text = sentence[part.start : part.end]
    lead = _lead(text)
    patterns = tables.subject_patterns()
    modal = patterns["modal"].search(text, lead)
    if modal and modal.start() == lead:
        return _unmodal(sentence, before) if before else None
    if modal:
        return _before(sentence, Span(part.start + lead, part.start + modal.start()))
    for end in patterns["ends"].finditer(text, lead + 2, lead + LONGEST_LEAD):
        doer = _named(sentence, Span(part.start + lead, part.start + end.start()))
        if doer and (before is None or _begins_a_name(sentence[doer.start : doer.end])):
            return doer
    return None


def _lead(text: str) -> int:
    """Where the words of a part begin, after blanks and adverbs."""
    stripped = text.lstrip(_TRIMMED)
    skipped = _ADVERBS.match(stripped)
    return len(text) - len(stripped) + (skipped.end() if skipped else 0)


def _before(sentence: str, head: Span) -> Span | None:
    """The doer in what stands before a modal word, without what is said between ("学校在假期|应当")."""
    last = min(head.end, head.start + LONGEST_LEAD)
    for cut in tables.subject_patterns()["inner"].finditer(sentence, head.start + 2, last):
        if doer := _named(sentence, Span(head.start, cut.start())):
            return doer
    return _named(sentence, head)


def _unmodal(sentence: str, part: Span) -> Span | None:
    """The doer of the part before a demand ("各级人民政府对…，应当…"), where it holds no demand itself."""
    text = sentence[part.start : part.end]
    if tables.subject_patterns()["modal"].search(text):
        return None
    return _before(sentence, Span(part.start + _lead(text), part.end))


def _begins_a_name(name: str) -> bool:
    return bool(tables.subject_patterns()["heads"].match(name)) or any(name.startswith(w) for w, _ in _spellings())


def _at_head(sentence: str) -> list[Span]:
    """The doer at the very head, where a later part demands something ("教师享有权利，…，应当…")."""
    first = _PART.search(sentence)
    modal = tables.subject_patterns()["modal"].search(sentence)
    if not first or not modal or modal.start() < first.end():
        return []
    start = first.start() + _lead(first.group())
    for end in _actor().finditer(sentence, start, min(first.end(), start + LONGEST_LEAD)):
        if sentence[end.end() : end.end() + 1] not in _GOES_ON:
            doer = _named(sentence, Span(start, end.end()))
            return [doer] if doer else []
    return []


def _agent(sentence: str) -> list[Span]:
    agent = tables.subject_patterns()["agents"].search(sentence)
    return [_trimmed(sentence, Span(*agent.span("unit")))] if agent else []


def _named(sentence: str, place: Span) -> Span | None:
    place = _trimmed(sentence, Span(_after_agent(sentence, place), place.end))
    name = sentence[place.start : place.end]
    if not 2 <= len(name) <= LONGEST_DOER or tables.subject_patterns()["never"].match(name):
        return None
    return place if _actor_end().search(name) else None


def _after_agent(sentence: str, place: Span) -> int:
    """Behind the last 由 of a stretch ("标准由财政部门|"), not behind 自由, 缘由 and 由于; else its start."""
    at = sentence.rfind("由", max(place.start, place.end - LONGEST_LEAD), place.end)
    if at < 0 or sentence[max(0, at - 1) : at] in ("自", "缘") or sentence[at + 1 : at + 2] == "于":
        return place.start
    return at + 1


@cache
def _actor() -> re.Pattern[str]:
    return re.compile(tables.subject_patterns()["actors"].pattern)


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
    """Keys of the audiences that a doer belongs to: of its last noun, else of all ("民办学校的董事会")."""
    head = name.rpartition("的")[2] or name
    return audiences_in(head, ends=True) or audiences_in(name, ends=True)


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
    """Who is encouraged by the word that ends at ``start``: the nouns up to the verb, ``None`` where a verb follows."""
    end = tables.subject_patterns()["encouraged"].search(sentence, start)
    stop = _STOP.search(sentence, start)
    last = min([found.start() for found in (end, stop) if found] or [len(sentence)])
    place = _trimmed(sentence, Span(start, last))
    return place if place.end > place.start and audiences_of_doer(sentence[place.start : place.end]) else None
