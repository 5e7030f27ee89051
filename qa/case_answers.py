"""The answer to a case: for each fact the clauses that apply, what each does to it, and what it needs besides.

Takes a ``Case`` and the ``Applied`` clauses (``applying.py``); gives an ``Answer`` with ``facts``, or a refusal with
the nearest clauses. Statutes stand before plans, with their rank.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import cast, get_args

from index.searcher import Searcher
from ingest.records import DocumentRank, Requirement, Span
from qa.applying import ONE_MATTER, Applied, apply_clauses, read_case_calibration
from qa.base import Base
from qa.cases import Case, case_tables
from qa.cases_english import meets_in_english
from qa.questions import fold
from qa.records import Answer, AppliedClause, CaseFact, Citation, Effect
from qa.terms import Term
from qa.wording import Wording

NEAR_MISSES = 3
NAMED_WORDS = 3  # words named in a refusal
RANKS: tuple[DocumentRank, ...] = get_args(DocumentRank)  # from laws down
EFFECTS: tuple[Effect, ...] = ("must_not", "penalty", "must", "directive", "should", "may", "encouraged")


def answer_case(
    text: str,
    case: Case,
    terms: Sequence[Term],
    searcher: Searcher,
    base: Base,
    doc_ids: Collection[str],
    wording: Wording,
) -> Answer:
    """The clauses that apply to each fact of ``case``, told in ``text``; a refusal where none surely does."""
    applied = apply_clauses(case, terms, searcher, base, doc_ids)
    groups = _cited(case, applied)
    if not any(groups):
        return _refuse(text, case, applied, base, wording)
    facts = tuple(
        CaseFact(fact.text, tuple(_clause(case, found, base) for found in sorted(group, key=lambda f: _order(f, base))))
        for fact, group in zip(case.facts, _shared(groups), strict=True)
    )
    cited = sorted((found for group in groups for found in group), key=lambda found: _order(found, base))
    citations = tuple(_citation(found, base) for found in cited)
    return Answer(
        question=text,
        answered=True,
        reason=None,
        summary=_summary(case, citations, wording),
        route="case",
        citations=citations,
        requirements=tuple(r for found in cited for r in _quoted_requirements(found, base)),
        facts=facts,
    )


def _cited(case: Case, applied: Sequence[Applied]) -> list[list[Applied]]:
    """The clauses to cite, each with the fact of which it says most."""
    calibration = read_case_calibration()
    one = len(case.facts) <= ONE_MATTER
    groups: list[list[Applied]] = [[] for _ in case.facts]
    for found in applied:  # the surest first
        if found.confidence < calibration.threshold:
            break
        group = groups[max(range(len(case.facts)), key=lambda n: found.strengths[n])]
        rivals = [other for row in groups for other in row] if one else group
        best = rivals[0].confidence if rivals else found.confidence
        most = calibration.most if one else calibration.most_a_fact
        if len(rivals) < most and found.confidence >= calibration.companion * max(best, applied[0].confidence * one):
            group.append(found)
    return groups


def _shared(groups: Sequence[Sequence[Applied]]) -> list[list[Applied]]:
    """The groups, a fact that has no clause of its own with those of other facts that speak of it, too."""
    cited = [found for group in groups for found in group]
    return [list(group) or [found for found in cited if found.speaks[n]] for n, group in enumerate(groups)]


def _order(found: Applied, base: Base) -> tuple[int, float]:
    return RANKS.index(base.documents[found.clause.doc_id].rank), -found.confidence


def _citation(found: Applied, base: Base) -> Citation:
    return Citation(found.clause, base.documents[found.clause.doc_id], found.quotes, found.confidence)


def _clause(case: Case, found: Applied, base: Base) -> AppliedClause:
    return AppliedClause(_citation(found, base), _effects(found, base), found.matched, _needs(case, found))


def _quoted_requirements(found: Applied, base: Base) -> list[Requirement]:
    rows = base.requirements_of.get(found.clause.clause_id, ())
    return [r for r in rows if any(q.start <= r.span.start and r.span.end <= q.end for q in found.quotes)]


def _effects(found: Applied, base: Base) -> tuple[Effect, ...]:
    """What the quoted sentences do, by the modality of their requirements and by the words of a penalty."""
    said: set[str] = {requirement.strength for requirement in _quoted_requirements(found, base)}
    penal = case_tables().penalty
    if any(penal.search(fold(_words(found, quote))) for quote in found.quotes):
        said.add("penalty")
        said -= {"must", "directive", "may"}  # "责令改正", "可以并处": parts of the penalty
    known = tuple(effect for effect in EFFECTS if effect in said)
    return known or (cast(Effect, next(iter(sorted(said)), "statement")),)


def _words(found: Applied, quote: Span) -> str:
    return found.clause.lead_in + found.clause.text[quote.start : quote.end]


def _needs(case: Case, found: Applied) -> tuple[str, ...]:
    """Conditions in the quoted sentences that nothing in the case meets."""
    known = case_tables()
    needs: list[str] = []
    for quote in found.quotes:
        words = _words(found, quote)
        for need in known.needs:
            match = need.condition.search(words)
            if match is None or fold(match.group()) in case.told:
                continue
            if meets_in_english(match.group(), case.told):
                continue
            if need.met_by is None or not need.met_by.search(case.told):
                needs.append(match.group())
    return tuple(dict.fromkeys(needs))[: known.needs_shown]


def _summary(case: Case, citations: Sequence[Citation], wording: Wording) -> str:
    names = {"facts": len(case.facts), "clauses": len(citations), "locators": wording.locators(citations)}
    summary = wording.say("case_answered", **names)
    if not case.left_out:
        return summary
    note = wording.say("case_left_out", facts=len(case.facts), left=case.left_out)
    return ("" if wording.language == "zh" else " ").join((summary, note))


def _refuse(text: str, case: Case, applied: Sequence[Applied], base: Base, wording: Wording) -> Answer:
    near = tuple(_citation(found, base) for found in applied[:NEAR_MISSES])
    unheard = [word for word in case.disputes if not any(word in fold(f.clause.text) for f in applied)]
    if unheard:
        reason = wording.say("refused_dispute", words=wording.joined(f"“{word}”" for word in unheard[:NAMED_WORDS]))
    else:
        reason = wording.say("refused_case")
    if near and any(found.matched for found in applied[:1]):
        joiner = "" if wording.language == "zh" else " "
        reason = joiner.join((reason, wording.say("near", locators=wording.locators(near[:1]))))
    return Answer(text, False, reason, reason, "refused", near_misses=near)
