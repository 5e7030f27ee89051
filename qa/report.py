"""What ``python -m qa ask`` prints for people. For machines see ``contract.py``."""

from __future__ import annotations

from collections.abc import Iterator

from qa.records import Answer, Citation
from qa.wording import Wording


def answer_text(answer: Answer, language: str) -> str:
    """The answer as plain text: summary, then each clause with its quotation and its requirements."""
    wording = Wording(language)
    lines = [answer.summary, *(("", *written_lines(answer, wording)) if answer.written else ())]
    if answer.facts:
        return "\n".join((*lines, *_case_lines(answer, wording)))
    modalities = {(r.clause_id, r.span): r.strength for r in answer.requirements}
    above = ""  # the lead-in of the clause before: the same again is not repeated
    for number, citation in enumerate(answer.citations, 1):
        lines += [
            "",
            f"{number}. {citation.reference}{_status(citation, wording)}",
            f"   {' > '.join(citation.clause.breadcrumb)}",
        ]
        if citation.clause.lead_in not in ("", above):  # "体罚学生，经教育不改的；" says nothing without it
            lines.append("   " + wording.say("lead_in", words=citation.clause.lead_in.strip()))
        above = citation.clause.lead_in
        for span in citation.quotes:
            modality = modalities.get((citation.clause.clause_id, span))
            mark = f"[{wording.modality(modality)}] " if modality else ""
            lines.append(f"   {mark}“{citation.clause.text[span.start : span.end].strip()}”")
    if answer.near_misses:
        lines += ["", wording.say("near_heading")]
        lines += [_near(citation, wording) for citation in answer.near_misses]
    return "\n".join(lines)


def written_lines(answer: Answer, wording: Wording) -> Iterator[str]:
    """The language model's sentences, each with the clauses it cites, under the words that say whose they are."""
    if not answer.written:
        return
    references = {citation.clause.clause_id: citation.reference for citation in answer.citations}
    yield wording.say("written_label")
    for written in answer.written:
        cited = wording.joined(references[clause_id] for clause_id in written.clause_ids)
        yield f"   {written.text}" + wording.say("written_source", references=cited)


def _case_lines(answer: Answer, wording: Wording) -> Iterator[str]:
    """Each fact, its clauses with their rank and what they do, and what they need besides."""
    for number, fact in enumerate(answer.facts, 1):
        yield from ("", wording.say("case_fact", number=number, fact=fact.text))
        if not fact.clauses:
            yield "   " + wording.say("case_no_clause")
        for applied in fact.clauses:
            citation = applied.citation
            effects = wording.joined(wording.effect(effect) for effect in applied.effects)
            standing = f"[{wording.rank(citation.document.rank)}]{_status(citation, wording)}"
            yield f"   {citation.reference} {standing} {effects}"
            yield f"      “{citation.quote.strip()}”"
            matched, needs = (wording.joined(f"“{word}”" for word in row) for row in (applied.matched, applied.needs))
            if matched:
                yield "      " + wording.say("case_matched", words=matched)
            if needs:
                yield "      " + wording.say("case_needs", needs=needs)


def _near(citation: Citation, wording: Wording) -> str:
    return f"   {citation.reference}{_status(citation, wording)}：{citation.quote.strip()}"


def _status(citation: Citation, wording: Wording) -> str:
    """The document's status on the day, in brackets."""
    return f"〔{wording.status(citation.validity.status)}〕" if citation.validity else ""
