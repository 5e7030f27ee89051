"""What follows a breach, where the clause on it names the rule by its number only ("违反本法第五十九条第一款规定的…").

Such a clause says none of the words of the breach. For a question about a penalty it is weighed as if the words of
the rules that it refers to stood in it, and is found wherever one of these rules is found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock

from index.records import Hit
from ingest.records import Clause
from ingest.references import References
from qa.base import Base
from qa.questions import Question, fold, question_tables

RULES = 8  # hits whose penalties are looked for
REMEMBERED = 64  # documents, of the last revision asked


@dataclass(frozen=True, slots=True)
class Penalty:
    """A clause on what follows a breach, and the words of one rule that it refers to."""

    clause: Clause
    rule: str


_known: dict[tuple[str, str], Mapping[str, tuple[Penalty, ...]]] = {}
_lock = Lock()


def says_penalty(clause: Clause) -> bool:
    """Whether a clause, or the lead-in that it inherits, says what follows a breach."""
    return question_tables().breach_said.search(fold(clause.lead_in + clause.text)) is not None


def penalties_for(clause: Clause, base: Base) -> Iterator[Penalty]:
    """The penalties of the clause's own document that refer to it, or to what it is a part of."""
    known = _penalties(base, clause.doc_id)
    parts = clause.clause_id.split(".")
    for size in range(len(parts), 1, -1):
        yield from known.get(".".join(parts[:size]), ())


def with_penalties(question: Question, hits: Sequence[Hit], base: Base) -> tuple[list[Hit], dict[str, str]]:
    """The hits with the penalties for them, and the words of the rules by the penalty's clause_id."""
    if not question.asks_penalty:
        return list(hits), {}
    found: dict[str, Hit] = {hit.clause.clause_id: hit for hit in hits}
    rules: dict[str, list[str]] = defaultdict(list)
    for hit in sorted(hits, key=lambda hit: -hit.parts.fused)[:RULES]:
        for penalty in penalties_for(hit.clause, base):
            key = penalty.clause.clause_id
            rules[key].append(penalty.rule)
            own = found.get(key)
            if own is None or own.parts.fused < hit.parts.fused:
                found[key] = replace(hit, clause=penalty.clause, matched=())
    return list(found.values()), {key: " ".join(dict.fromkeys(words)) for key, words in rules.items()}


def _penalties(base: Base, doc_id: str) -> Mapping[str, tuple[Penalty, ...]]:
    with _lock:
        if (base.revision, doc_id) not in _known:
            if len(_known) >= REMEMBERED or any(revision != base.revision for revision, _ in _known):
                _known.clear()
            _known[base.revision, doc_id] = _read(base, doc_id)
        return _known[base.revision, doc_id]


def _read(base: Base, doc_id: str) -> Mapping[str, tuple[Penalty, ...]]:
    clauses = [clause for clause in base.clauses.values() if clause.doc_id == doc_id]
    penal = [clause for clause in clauses if clause.kind == "clause" and says_penalty(clause)]
    found: dict[str, list[Penalty]] = defaultdict(list)
    if penal:
        references = References(list(base.documents.values()), lambda _: clauses, lambda _: ())
        texts = {clause.clause_id: clause for clause in penal}
        for reference in references.of_document(doc_id):
            for target in reference.targets if reference.clause_id in texts and reference.doc_id == doc_id else ():
                rule = base.clauses.get(target.clause_id)
                if rule is None or target.clause_id == reference.clause_id:
                    continue
                words = rule.text if target.span is None else rule.text[target.span.start : target.span.end]
                found[target.clause_id].append(Penalty(texts[reference.clause_id], words))
    return {clause_id: tuple(rows) for clause_id, rows in found.items()}
