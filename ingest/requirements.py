"""From clauses to what they ask: one ``Requirement`` a sentence.

Takes the clauses of a document, gives its requirements. Words and patterns come from
``corpus/tables/{audiences,modality,measures,subjects}.toml``. A plan speaks without modal verbs
("将…纳入教师的教育培训"), so a sentence that no pattern claims is a directive and binds ("must") where the
document is of a kind that gives directives; who it binds is said by its subject, else by the nearest heading
on its path that names an audience.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ingest import tables
from ingest.records import Clause, Document, Modality, Requirement, Span
from ingest.sentences import clause_sentences

MIN_SENTENCE = 4  # shorter pieces ("特此通知" aside) carry no requirement: numbers, stray marks
SUBJECT_REACH = 40  # a subject stands at the head of its sentence; longer heads are adverbials or quotations
_COMMA_PART = re.compile(r"[^，,；;]+[，,；;]*")
_COMMA = re.compile(r"[，,；;：:。]")
# Laws state facts and powers without modal words; plans, notices and opinions give tasks that way.
STATING_RANKS = frozenset({"law", "administrative_regulation", "local_regulation", "rule"})


def extract(clauses: Sequence[Clause], document: Document) -> tuple[Requirement, ...]:
    """The requirements of ``document``, in the order of its clauses."""
    found: list[Requirement] = []
    for clause in clauses:
        if clause.kind == "clause":
            found.extend(_of_clause(clause, document))
    return tuple(found)


def _of_clause(clause: Clause, document: Document) -> Iterable[Requirement]:
    path_audience = audience_of_path(clause)
    number = 0
    for span in _requirement_spans(clause, document.rank):
        sentence = clause.text[span.start : span.end]
        if len(sentence.strip("。；;，, \n\t")) < MIN_SENTENCE:
            continue
        number += 1
        modality, word = modality_of(sentence, document.rank)
        subjects = subjects_of(sentence)
        subject = subjects[0] if subjects else None
        audience = tuple(key for named in subjects for key in audiences_in(named))
        yield Requirement(
            requirement_id=f"{clause.clause_id}.r{number}",
            clause_id=clause.clause_id,
            doc_id=clause.doc_id,
            span=span,
            sentence=sentence,
            subject=subject,
            audience=_joined(audience, path_audience),
            modality=modality,
            action=_action(sentence, subject),
            frequency=measure_of(sentence, "frequency"),
            quantity=measure_of(sentence, "quantity"),
            deadline=measure_of(sentence, "deadline"),
            modal_word=word,
            lead_units=_units(sentence, "lead_units"),
            support_units=_units(sentence, "support_units"),
        )


def _requirement_spans(clause: Clause, rank: str) -> Iterable[Span]:
    """The stretches that ask one kind of thing each: sentences, and in a text of directives their parts."""
    for span in clause_sentences(clause.text, clause.body_start):
        if rank in STATING_RANKS:
            yield span  # "有特殊情况的，可以申请": condition and permission belong together
        else:
            for part in split_by_modality(clause.text[span.start : span.end]):
                yield Span(span.start + part.start, span.start + part.end)


def split_by_modality(sentence: str) -> list[Span]:
    """A directive sentence cut where a prohibition or an encouragement begins and where it ends.

    "严厉打击非法活动,严禁乱建庙宇,维护和谐稳定。" orders, forbids and orders again; one label for all three would be
    untrue. The stretches cover the sentence.
    """
    groups: list[tuple[int, int, Modality | None]] = []
    waiting: int | None = None  # start of parts that only open the next one
    for part in _COMMA_PART.finditer(sentence):
        start = part.start() if waiting is None else waiting
        waiting = None
        own = _own_modality(part.group())
        if own is None and groups and groups[-1][2] and not tables.part_restarts().match(part.group()):
            own = groups[-1][2]
        if own is None and tables.part_openings().match(part.group()) and part.end() < len(sentence):
            waiting = start
        elif groups and groups[-1][2] == own:
            groups[-1] = (groups[-1][0], part.end(), own)
        else:
            groups.append((start, part.end(), own))
    return [Span(start, end) for start, end, _ in groups] or [Span(0, len(sentence))]


def _own_modality(part: str) -> Modality | None:
    for row in tables.modality_patterns():
        if row.modality in ("must_not", "encouraged") and row.pattern.search(part):
            return row.modality
    return None


def modality_of(sentence: str, rank: str) -> tuple[Modality, str | None]:
    """How a sentence binds, and the word that shows it (``None`` for a directive without such a word)."""
    directive = rank not in STATING_RANKS
    head = len(_COMMA.split(sentence, maxsplit=1)[0])
    for row in tables.modality_patterns():
        match = row.pattern.search(sentence)
        if match and not (directive and row.head and match.start() > head):
            return row.modality, match.groupdict().get("word")
    return ("must" if directive else "statement"), None


def subjects_of(sentence: str) -> tuple[str, ...]:
    """The units that the parts of a sentence name as doers at their heads, verbatim and in order."""
    found = []
    for part in _COMMA.split(sentence):
        match = tables.subject_ends().search(part[:SUBJECT_REACH])
        candidate = part[: match.start()].strip("“” \n") if match else ""
        if candidate and not tables.subject_nevers().match(candidate) and audiences_in(candidate, at_end=True):
            found.append(candidate)
    return tuple(dict.fromkeys(found))


def audiences_in(text: str, *, at_end: bool = False) -> tuple[str, ...]:
    """Keys of the audiences that ``text`` names; with ``at_end`` only one that the text ends with."""
    found = []
    for audience in tables.audiences().values():
        words = audience.words
        if (
            any(text.endswith(word) for word in words)
            if at_end
            else any(word in text for word in words if len(word) > 1)
        ):
            found.append(audience.key)
    return tuple(found)


def audience_of_path(clause: Clause) -> tuple[str, ...]:
    """The audiences that the innermost heading naming any is about ("（五）进学校" binds schools)."""
    for step in reversed(clause.path):
        # A heading is about an audience when it is little more than its name; a sentence-like title that
        # happens to mention one ("提升社区服务水平" under 进社区) leaves the word to the wider heading.
        if step.title and len(step.title) <= 12:
            found = audiences_in(step.title)
            if found:
                return found
    return ()


def measure_of(sentence: str, field: str) -> str | None:
    """The first words of ``sentence`` that state ``field``, verbatim."""
    for pattern in tables.measures()[field].patterns:
        match = pattern.search(sentence)
        if match:
            return match.groupdict().get("unit") or match.group()
    return None


def _units(sentence: str, field: str) -> tuple[str, ...]:
    words = measure_of(sentence, field)
    return tuple(part for part in re.split(r"[、，,和]", words) if part) if words else ()


def _joined(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def _action(sentence: str, subject: str | None) -> str:
    text = sentence.strip()
    at = text.find(subject) if subject else -1
    return (text[at + len(subject) :] if subject and at >= 0 else text).strip("。；;，, ")
